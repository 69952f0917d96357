"""How the shares of terms in the groups of a calendar are drawn: a strip of bars a term, or a row of shaded fields."""

from __future__ import annotations

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.calendars import Calendar
from mangetamain.language import N_, say
from mangetamain.questions.shares import name_bars, wrapped
from mangetamain.warehouse import Columns

# Of a strip's height, what its longest bar takes; the rest parts it from the next.
BAR = 0.8
STRIP_PIXELS, FIELD_PIXELS = 56, 30
# Beside the last group, for the usual share to be written.
ROOM = 0.22
# A field is the darker the further it is from the usual share, the furthest of the figure most of all; where all are
# near it they stay pale. Under more than this a number could not be read.
READABLE, PALE, LEAST_TIMES = 0.45, 1.25, 0.1
# Numbers of more groups than a week has days would not fit on a phone.
WRITTEN = 7
# What marks are called, their role, and the rows that have them.
Marked = tuple[str, charts.Role, np.ndarray]
# Translators: a share, and how many times the usual one it is: "2.31% (1.20 times the usual share)"
TIMES = N_("{share} ({n} times the usual share)")
# Decimals of a share.
DIGITS = 2


def strips(rows: Columns, calendar: Calendar, by: str) -> charts.Figure:
    """Draw a small bar chart a term, in the rows' order, each to its own scale; groups it belongs to stand out."""
    terms, strip, place = _places(rows, calendar, by)
    groups, real = len(calendar.values), rows["real"]
    figure = charts.canvas(height=90 + STRIP_PIXELS * len(terms))
    figure.layout.showlegend = True  # what a bar's colour says has no place beside it
    top = np.maximum.reduceat(np.fmax(rows["share"], rows.get("high", rows["share"])), np.arange(0, len(strip), groups))
    scale, base = (BAR / top)[strip], -(strip + 1.0)
    marked: tuple[Marked, ...] = (
        (N_("More frequent than usual"), "rise", real),
        (N_("No more than usual"), "mute", ~real),
    )
    for name, role, part in marked:
        if part.any():
            look: charts.Spec = {"base": base[part], **_hovering(rows, part)}
            charts.bars(figure, place[part], (rows["share"] * scale)[part], say(name), role, **look)
    if "low" in rows:
        low, middle, high = (base + rows[name] * scale for name in ("low", "share", "high"))
        look = {"marker": {"size": 1}, "hoverinfo": "skip", "showlegend": False}
        charts.dots(figure, place, middle, say("Interval"), "trend", low=low, high=high, **look)
    usual = rows["usual"][::groups]
    x, y = np.tile([-0.5, groups - 0.5, np.nan], len(terms)), (base + rows["usual"] * scale)[::groups]
    usually: charts.Spec = {"line": {"dash": "dot", "width": 1.5}, "hoverinfo": "skip", "named": False}
    charts.line(figure, x, np.repeat(y, 3), say("Usual share"), "trend", **usually)
    charts.write(figure, np.full(len(terms), groups - 0.45), y, charts.percents(usual, DIGITS), "middle right")
    charts.ticks(figure, range(groups), map(say, calendar.names), above=True)
    along = {"range": [-0.5, groups * (1 + ROOM) - 0.5], "showgrid": False}
    names = {"tickmode": "array", "tickvals": -np.arange(len(terms)) - 1 + BAR / 2, "ticktext": wrapped(terms)}
    across = {"range": [-len(terms), 0], "showgrid": False, "tickangle": 0, **names}
    return figure.update_layout(hovermode="closest", xaxis=along, yaxis=across)


def heatmap(rows: Columns, calendar: Calendar, by: str) -> charts.Figure:
    """Draw a row of fields a term, those of the first group on top; the darker, the further from the usual share."""
    terms, strip, place = _places(rows, calendar, by)
    figure = charts.canvas()
    figure.layout.showlegend = True
    written = len(calendar.values) <= WRITTEN
    apart = np.abs(np.log(np.maximum(rows["times"], LEAST_TIMES)))
    shade = (READABLE if written else 1.0) * apart / max(float(apart.max()), np.log(PALE))
    marked: tuple[Marked, ...] = (
        (N_("More frequent than usual"), "rise", rows["times"] > 1),
        (N_("Less frequent than usual"), "fall", rows["times"] <= 1),
    )
    for name, role, part in marked:
        if part.any():
            look: charts.Spec = {"width": 0.94, "marker": {"opacity": shade[part].round(3)}, **_hovering(rows, part)}
            fields = np.ones(part.sum()), rows["term"][part]
            charts.bars(figure, *fields, say(name), role, flat=True, base=place[part] - 0.5, **look)
    if written:
        charts.write(figure, place, rows["term"], charts.percents(rows["share"], DIGITS), "middle center")
    charts.ticks(figure, range(len(calendar.values)), map(say, calendar.names), above=True)
    peaks = [place[strip == i][rows["times"][strip == i].argmax()] for i in range(len(terms))]
    name_bars(figure, terms[np.argsort(peaks, kind="stable")])
    along = {"range": [-0.5, len(calendar.values) - 0.5], "showgrid": False}
    return figure.update_layout(hovermode="closest", height=90 + FIELD_PIXELS * len(terms), xaxis=along)


def _places(rows: Columns, calendar: Calendar, by: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the terms in the order of the rows, and each row's term and group by number."""
    terms = list(dict.fromkeys(rows["term"].tolist()))
    strip = np.array([terms.index(term) for term in rows["term"].tolist()])
    place = np.array([calendar.values.index(value) for value in rows[by].tolist()])
    return np.array(terms, dtype=object), strip, place


def _hovering(rows: Columns, part: np.ndarray) -> dict[str, object]:
    shown = rows["term"][part], charts.percents(rows["share"][part], DIGITS), rows["times"][part].round(2).tolist()
    value = say(TIMES, share="%{customdata[1]}", n="%{customdata[2]:,.2f}")
    hover = charts.words(tooltips.of_point("%{customdata[0]}", value))
    return {"customdata": list(zip(*shown, strict=True)), "hovertemplate": hover}
