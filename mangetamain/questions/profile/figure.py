"""How a profile is drawn: a row a measure, in multiples of the smallest effect that matters."""

from __future__ import annotations

from typing import Any, assert_never

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.answers.headings import group_name
from mangetamain.calendars import CALENDARS
from mangetamain.finding import Verdict
from mangetamain.language import N_, Inside, Message, say
from mangetamain.questions.profile.sentences import (
    Changed,
    Differing,
    MeasureEffect,
    NotJudged,
    say_amount,
    say_paced,
)
from mangetamain.warehouse import Columns

ROW_PIXELS = 38
# Above the rows, so many of them are left for the name of the band.
NAME_ROWS = 0.8
# What is measured beyond doubt has the colour of what is measured; whether it is large enough, the band shows.
MARKS: tuple[tuple[str, charts.Role, tuple[Verdict, ...]], ...] = (
    (N_("Clear"), "centre", ("clear",)),
    (N_("Real, perhaps too little to matter"), "centre", ("real",)),
    (N_("Negligible or undecided"), "mute", ("negligible", "undecided")),
)
# Groups whose names would be too long for a phone, where an effect stands beside its measure.
# Translators: the days from Monday to Friday, and the other two
SHORT = {"weekdays": N_("weekdays"), "weekend": N_("weekend")}
# By whether all changes are told per decade; where they differ, or are none, by neither.
AXES: dict[bool | None, str] = {
    True: N_("Per decade, in multiples of the smallest change that matters"),
    False: N_("In all, in multiples of the smallest change that matters"),
    None: N_("In multiples of the smallest effect that matters"),
}


def draw_effects(table: Columns, measures: tuple[MeasureEffect, ...], by: str) -> charts.Figure:
    """Draw the band of what would not matter, each effect with its interval, its measure's name, and its amount."""
    decades = {one.decade for one in measures if isinstance(one, Changed)}
    axis = say(AXES[next(iter(decades)) if len(decades) == 1 else None])
    figure = charts.canvas(axis, height=110 + ROW_PIXELS * (len(measures) + 1))
    place, edges = np.arange(len(measures)), np.array([-0.5, len(measures) - 0.5])
    area: dict[str, Any] = {"base": -1, "width": len(measures), "opacity": 0.2, "hoverinfo": "skip"}
    charts.bars(figure, [2], [edges.mean()], say("Too little to matter"), "mute", flat=True, **area)
    unnamed: dict[str, Any] = {"hoverinfo": "skip", "named": False}
    charts.line(figure, [0, 0], edges, "", "mute", line={"dash": "dot", "width": 1}, **unnamed)
    charts.write(figure, [0], [edges[0] - NAME_ROWS / 2], [say("Too little to matter")], "middle center", "mute")
    for name, role, verdicts in MARKS:
        part = np.isin(table["verdict"].astype(str), verdicts)
        if part.any():
            x, low, high = (table[name][part] for name in ("multiple", "multiple_low", "multiple_high"))
            error = {"type": "data", "symmetric": False, "array": high - x, "arrayminus": x - low}
            ends = np.stack([low, high], axis=1)
            charts.dots(figure, x, place[part], say(name), role, error_x=error, customdata=ends)
    tooltips.tell(figure, 2, Inside(say("Times the smallest effect that matters")), axis="x", signed=True)
    ends = np.array([-1.0, 1.0, *table["multiple_low"], *table["multiple_high"]])
    low, high = np.nanmin(ends), np.nanmax(ends)
    margin = 0.04 * (high - low)
    rows = {
        "tickmode": "array",
        "tickvals": place.tolist(),
        "autorange": False,
        "range": [edges[1], edges[0] - NAME_ROWS],
        "showgrid": False,
    }
    names = [charts.words(group_name(one.measure)) for one in measures]
    amounts = [charts.words(_amount(one, by, paced=len(decades) > 1)) for one in measures]
    # An axis at the right needs a trace of its own.
    charts.dots(figure, [0], [edges[0] - 2], "", "mute", yaxis="y2", **unnamed)
    right = {"overlaying": "y", "side": "right", "ticktext": amounts}
    axes = {"yaxis": {**rows, "ticktext": names}, "yaxis2": {**rows, **right}}
    return figure.update_layout(xaxis={"range": [low - margin, high + margin]}, **axes, hovermode="closest")


def _amount(one: MeasureEffect, by: str, *, paced: bool) -> Message:
    """Write a change, with its pace where the axis cannot say it, a gap with its upper end, or why there is none."""
    match one:
        case NotJudged(why=why):
            return group_name(why)
        case Differing(highest=highest):
            group = say(SHORT[str(highest)]) if highest in SHORT else CALENDARS[by].said(highest)
            return Message("{gap} ↑ {group}", {"gap": say_amount(one), "group": group})
        case Changed():
            return say_paced(one) if paced else say_amount(one)
        case _:
            assert_never(one)
