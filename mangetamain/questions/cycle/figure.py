"""A year drawn as a curve, or around the face of a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from mangetamain import charts
from mangetamain.calendars import CALENDARS
from mangetamain.holidays import HOLIDAYS
from mangetamain.language import Message, say
from mangetamain.measures import Measure
from mangetamain.questions.comparison import Drawn
from mangetamain.questions.cycle.weeks import DAYS, WEEKS
from mangetamain.questions.drifts import FALSE_DISCOVERY_RATE
from mangetamain.questions.group_levels import SEASONS

MONTHS = CALENDARS["month_of_year"]
SEASON_NAMES = CALENDARS["season"].names
# The middle of each month, in a leap year.
MIDDLES = [date(2000, month, 15).timetuple().tm_yday for month in MONTHS.values if isinstance(month, int)]
CLOCK_PIXELS = 560
RINGS = 4  # at most, at round levels: more could not be told apart on a phone
# The first of June: between the names of two months, and far from any holiday.
SCALE_DAY = 153
LATE_DAY = 300
# Where a point of a day and a level is drawn.
Spot = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def season_of(day: np.ndarray) -> np.ndarray:
    """Give the season of days of the year, 0 for winter, which begins with December."""
    month = (np.datetime64("2000-01-01") + (day - 1)).astype("datetime64[M]").astype(int) % 12
    return np.asarray((month + 1) % 12 // 3)


def draw_year(measure: Measure, sides: list[Drawn], *, alone: bool) -> charts.Figure:
    """Draw the year from left to right."""
    figure = charts.canvas("", measure.axis)
    charts.ticks(figure, MIDDLES, map(say, MONTHS.names))
    figure.update_xaxes(range=[0, DAYS + 1])
    for side in sides:
        _draw(figure, side, lambda day, level: (day, level), np.arange(WEEKS), alone=alone)
    return figure


def draw_clock(measure: Measure, sides: list[Drawn], *, alone: bool) -> charts.Figure:
    """Draw the year clockwise from the top; the further out, the higher."""
    figure = charts.canvas(measure.axis, height=CLOCK_PIXELS)
    bare = {"showgrid": False, "showline": False, "showticklabels": False, "ticks": ""}
    # Names of months stand to the left and right of the clock, not above it.
    across, along = {"range": [-2.3, 2.3]}, {"range": [-1.85, 1.85], "scaleanchor": "x"}
    figure.update_layout(hovermode="closest", xaxis=bare | across, yaxis=bare | along)
    if not sides:
        return figure
    values = np.concatenate([rows[name] for rows, _, _ in sides for name in ("level", "low", "high")])
    least, most = float(np.nanmin(values)), float(np.nanmax(values))

    def spot(day: np.ndarray, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # The lowest has a circle, too: at the middle, no day is told from another.
        radius = 0.5 + (level - least) / (most - least or 1.0)
        angle = 2 * np.pi * (np.asarray(day) - 0.5) / DAYS
        return radius * np.sin(angle), radius * np.cos(angle)

    around = np.arange(1, DAYS + 2, 6.1)
    levels = charts.steps(least, most, RINGS)
    for level in levels:
        charts.line(figure, *spot(around, np.full(len(around), level)), say("Ring"), "mute", dash="dot")
        figure.data[-1].update(line_width=1, hoverinfo="skip", showlegend=False)
    x, y = spot(np.array(MIDDLES), np.full(12, most + 0.1 * (most - least)))
    _write(figure, x, y, map(say, MONTHS.names), ["middle right" if each > 0 else "middle left" for each in x])
    inside, value = 0.2 * (most - least), f"%{{customdata[1]:,.{measure.digits}f}}<extra></extra>"
    for side in sides:
        _draw(figure, side, spot, np.append(np.arange(WEEKS), 0), alone=alone, inside=inside, value=value)
    # The scale goes over what is drawn, with no more decimals than tell its levels apart.
    numbers = [replace(measure.level(level), digits=charts.decimals(levels)) for level in levels]
    scale = [Message("{level}", {"level": number}) for number in numbers]
    _write(figure, *spot(np.full(len(levels), SCALE_DAY), np.array(levels)), scale, "middle center")
    return figure


def _draw(
    figure: charts.Figure, side: Drawn, spot: Spot, way: np.ndarray, *, alone: bool,
    inside: float = 0.0, value: str = "",
) -> None:  # fmt: skip
    """Draw a selection: weeks as points, the curve along a way of weeks with its band, and holidays by their names.

    The names stand above the holidays' intervals. On a clock, whose places are no values to be shown, a `value` is
    written otherwise; its middle has no room but for the holidays that stand out, so far `inside` of their intervals.
    """
    rows, name, role = side
    day, level, weeks = rows["day"], rows["level"], np.arange(WEEKS)
    known = bool(np.isfinite(rows["curve"]).any())
    if known:
        edges = [spot(day[way], rows[end][way]) for end in ("low", "high")]
        x, y = (np.concatenate([low, high[::-1]]) for low, high in zip(*edges, strict=True))
        charts.line(figure, x, y, say("Interval"), "band" if alone else role)
        figure.data[-1].update(fill="toself", line_width=0, hoverinfo="skip", showlegend=False)
        charts.line(figure, *spot(day[way], rows["curve"][way]), say("Curve") if alone else name, role)
        figure.data[-1].hoverinfo = "skip" if inside else None
    marks = [(name, role, weeks)]
    if alone:
        seasons = enumerate(zip(map(say, SEASON_NAMES), SEASONS, strict=True))
        marks = [(label, colour, weeks[season_of(day[weeks]) == i]) for i, (label, colour) in seasons]
    for label, colour, at in marks:
        charts.dots(figure, *spot(day[at], level[at]), label, colour)
        figure.data[-1].showlegend = alone or not known
        if inside:
            shown = {"customdata": list(zip(_dates(day[at]), level[at].tolist(), strict=True))}
            figure.data[-1].update(**shown, hovertemplate=f"%{{customdata[0]|%-d %b}}: {value}")
    held = np.flatnonzero(np.isfinite(rows["q"]))
    if len(held):
        gap = np.full(len(held), np.nan)
        ends = [np.stack([rows["low"][held], rows["high"][held], gap], axis=1).ravel(), level[held]]
        (line_x, line_y), (x, y) = spot(np.repeat(day[held], 3), ends[0]), spot(day[held], ends[1])
        charts.line(figure, line_x, line_y, say("Interval"), "trend" if alone else role)
        figure.data[-1].update(hoverinfo="skip", showlegend=False)
        charts.dots(figure, x, y, say("Holiday"), "trend" if alone else role)
        figure.data[-1].update(marker={"symbol": "diamond", "size": 9}, showlegend=alone and bool(inside))
        names = [say(HOLIDAYS[rows["holiday"][i]].label) for i in held]
        if inside:
            shown = {"customdata": list(zip(map(charts.Words, names), level[held].tolist(), strict=True))}
            figure.data[-1].update(**shown, hovertemplate=f"%{{customdata[0]}}: {value}")
        out = [i for i in range(len(held)) if not inside or rows["q"][held[i]] < FALSE_DISCOVERY_RATE]
        named = spot(day[held][out], (rows["low"] - inside if inside else rows["high"])[held][out])
        written = [names[i] for i in out] if role == "centre" else []
        # Late in the year a name stands before its day: there is an edge, or another holiday, behind it.
        beside = ["top left" if each > LATE_DAY else "top center" for each in day[held][out]]
        _write(figure, *named, written, "middle center" if inside else beside)


def _dates(day: np.ndarray) -> list[str]:
    """Give days of a leap year as dates, which plotly writes in the language of the page."""
    return list(map(str, np.datetime64("2000-01-01") + (day - 1).astype(int)))


def _write(
    figure: charts.Figure, x: np.ndarray, y: np.ndarray, texts: Iterable[Message], where: str | list[str]
) -> None:
    """Write texts at their places, or above them."""
    figure.add_scatter(
        x=x, y=y, text=list(map(charts.Words, texts)), mode="text", textposition=where, cliponaxis=False,
        hoverinfo="skip", showlegend=False, meta={"role": "trend"},
    )  # fmt: skip
