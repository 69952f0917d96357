"""A year drawn as a curve, or around the face of a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import numpy as np

from mangetamain import charts
from mangetamain.calendars import CALENDARS
from mangetamain.holidays import HOLIDAYS
from mangetamain.language import Message, say
from mangetamain.measures import Measure
from mangetamain.questions.comparison import Drawn
from mangetamain.questions.cycle.weeks import DAYS, WEEKS
from mangetamain.questions.group_levels import SEASONS

MONTHS = CALENDARS["month_of_year"]
SEASON_NAMES = CALENDARS["season"].names
# The middle of each month, in a leap year.
MIDDLES = [date(2000, month, 15).timetuple().tm_yday for month in MONTHS.values if isinstance(month, int)]
CLOCK_PIXELS = 560
RINGS = 4
# Where a point of a day and a level is drawn.
Spot = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def season_of(day: np.ndarray) -> np.ndarray:
    """Give the season of days of the year, 0 for winter, which begins with December."""
    month = (np.datetime64("2000-01-01") + (day - 1)).astype("datetime64[M]").astype(int) % 12
    return np.asarray((month + 1) % 12 // 3)


def draw_year(measure: Measure, sides: list[Drawn]) -> charts.Figure:
    """Draw the year from left to right."""
    figure = charts.canvas("", measure.axis)
    charts.ticks(figure, MIDDLES, map(say, MONTHS.names))
    figure.update_xaxes(range=[0, DAYS + 1])
    for side in sides:
        _draw(figure, side, lambda day, level: (day, level), np.arange(WEEKS), alone=not sides[1:])
    return figure


def draw_clock(measure: Measure, sides: list[Drawn]) -> charts.Figure:
    """Draw the year clockwise from the top; the further out, the higher."""
    figure = charts.canvas("", measure.axis, height=CLOCK_PIXELS)
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(range=[-2.5, 2.5], showgrid=False, showticklabels=False)
    figure.update_yaxes(range=[-2.5, 2.5], showgrid=False, showticklabels=False, scaleanchor="x")
    values = np.concatenate([rows[name] for rows, _, _ in sides for name in ("level", "low", "high")])
    if not np.isfinite(values).any():
        return figure
    least, most = float(np.nanmin(values)), float(np.nanmax(values))

    def spot(day: np.ndarray, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # Between the circles of radius one and two.
        radius = 1 + (level - least) / (most - least or 1.0)
        angle = 2 * np.pi * (np.asarray(day) - 0.5) / DAYS
        return radius * np.sin(angle), radius * np.cos(angle)

    around = np.arange(1, DAYS + 2, 6.1)
    for level in np.linspace(least, most, RINGS):
        charts.line(figure, *spot(around, np.full(len(around), level)), say("Ring"), "mute", dash="dot")
        figure.data[-1].update(line_width=1, hoverinfo="skip", showlegend=False)
        _write(figure, *spot(np.array([1.0]), np.array([level])), [Message("{level}", {"level": measure.level(level)})])
    _write(figure, *spot(np.array(MIDDLES), np.full(12, most + 0.22 * (most - least))), map(say, MONTHS.names))
    for side in sides:
        _draw(figure, side, spot, np.append(np.arange(WEEKS), 0), alone=not sides[1:])
    return figure


def _draw(figure: charts.Figure, side: Drawn, spot: Spot, way: np.ndarray, *, alone: bool) -> None:
    """Draw a selection: weeks as points, the curve along a way of weeks with its band, and holidays by their names."""
    rows, name, role = side
    day, level, weeks = rows["day"], rows["level"], np.arange(WEEKS)
    if np.isfinite(rows["curve"]).any():
        edges = [spot(day[way], rows[end][way]) for end in ("low", "high")]
        x, y = (np.concatenate([low, high[::-1]]) for low, high in zip(*edges, strict=True))
        charts.line(figure, x, y, say("Interval"), "band" if alone else role)
        figure.data[-1].update(fill="toself", line_width=0, hoverinfo="skip", showlegend=alone)
        charts.line(figure, *spot(day[way], rows["curve"][way]), say("Curve") if alone else name, role)
    marks = [(name, role, weeks)]
    if alone:
        seasons = enumerate(zip(map(say, SEASON_NAMES), SEASONS, strict=True))
        marks = [(label, colour, weeks[season_of(day[weeks]) == i]) for i, (label, colour) in seasons]
    for label, colour, at in marks:
        charts.dots(figure, *spot(day[at], level[at]), label, colour)
        figure.data[-1].update(marker_size=5, showlegend=alone)
    held = np.flatnonzero(np.isfinite(rows["q"]))
    for i in held:
        ends = [level[i], rows["low"][i], rows["high"][i]]
        x, y = spot(np.repeat(day[i], 3), np.array(ends))
        charts.line(figure, x[1:], y[1:], say("Interval"), role)
        figure.data[-1].update(hoverinfo="skip", showlegend=False)
        charts.dots(figure, x[:1], y[:1], say(HOLIDAYS[rows["holiday"][i]].label), role)
        figure.data[-1].update(marker_symbol="diamond", marker_size=9, showlegend=False)
        if alone:
            _write(figure, x[:1], y[:1], [say(HOLIDAYS[rows["holiday"][i]].label)], "top center")


def _write(figure: charts.Figure, x: np.ndarray, y: np.ndarray, texts: Iterable[Message], where: str = "") -> None:
    """Write texts at their places."""
    words = [charts.Words(text) for text in texts]
    figure.add_scatter(
        x=x, y=y, text=words, mode="text", textposition=where or "middle center", hoverinfo="skip", showlegend=False,
        meta={"role": "trend"},
    )  # fmt: skip
