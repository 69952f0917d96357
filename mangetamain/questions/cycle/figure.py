"""A year drawn as a curve, or around the face of a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.calendars import CALENDARS
from mangetamain.finding import Estimate
from mangetamain.holidays import HOLIDAYS
from mangetamain.language import Message, amount, say
from mangetamain.measures import Measure
from mangetamain.questions.comparison import Drawn
from mangetamain.questions.cycle.days import DAYS, SEASON_DAYS, WEEKS
from mangetamain.questions.drifts import FALSE_DISCOVERY_RATE
from mangetamain.questions.group_levels import SEASONS
from mangetamain.questions.plain_words import day_of_year

MONTHS = CALENDARS["month_of_year"]
SEASON_NAMES = CALENDARS["season"].names
# The middle of each month, in a leap year.
MIDDLES = [date(2000, month, 15).timetuple().tm_yday for month in MONTHS.values if isinstance(month, int)]
CLOCK_PIXELS = 560
RINGS = 4  # at most, at round levels: more could not be told apart on a phone
# The first of June: between the names of two months, and far from any holiday.
SCALE_DAY = 153
LATE_DAY = 300
PEAK, TROUGH = say("Peak"), say("Trough")
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
    figure.update_layout(hovermode="closest", xaxis={"range": [0, DAYS + 1]})
    for side in sides:
        _draw(figure, side, lambda day, level: (day, level), np.arange(WEEKS), measure, alone=alone)
    if alone and sides:
        least, most = _ends(sides)
        low = np.full(4, least - 0.07 * (most - least))
        for name, season, x, y in zip(map(say, SEASON_NAMES), SEASONS, MIDDLES[::3], low, strict=True):
            charts.write(figure, [x], [y], [name], "middle right" if x < DAYS / 12 else "middle center", season)
    return figure


def draw_ends(figure: charts.Figure, peak: Estimate | None, trough: Estimate | None) -> None:
    """Say when the curve is highest and lowest, where that is known well enough; the sentence has each interval."""
    for end, text in ((peak, PEAK), (trough, TROUGH)):
        if end is not None and end.high - end.low < SEASON_DAYS:
            day = (end.value - 1) % DAYS + 1
            dated = Message("{end}, {day}", {"end": text, "day": day_of_year(int(day))})
            charts.dated(figure, [day], [dated], "trend")


def draw_clock(measure: Measure, sides: list[Drawn], *, alone: bool) -> charts.Figure:
    """Draw the year clockwise from the top; the further out, the higher."""
    figure = charts.canvas(measure.axis, height=CLOCK_PIXELS)
    bare = {"showgrid": False, "showline": False, "showticklabels": False, "ticks": ""}
    # Names of months stand to the left and right of the clock, not above it.
    across, along = {"range": [-2.3, 2.3]}, {"range": [-1.85, 1.85], "scaleanchor": "x"}
    figure.update_layout(hovermode="closest", xaxis=bare | across, yaxis=bare | along)
    if not sides:
        return figure
    least, most = _ends(sides)

    def spot(day: np.ndarray, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # The lowest has a circle, too: at the middle, no day is told from another.
        radius = 0.5 + (level - least) / (most - least or 1.0)
        angle = 2 * np.pi * (np.asarray(day) - 0.5) / DAYS
        return radius * np.sin(angle), radius * np.cos(angle)

    around = np.arange(1, DAYS + 2, 6.1)
    levels = charts.steps(least, most, RINGS)
    for level in levels:
        ring: charts.Spec = {"line": {"dash": "dot", "width": 1}, "named": False, "hoverinfo": "skip"}
        charts.line(figure, *spot(around, np.full(len(around), level)), say("Ring"), "mute", **ring)
    outer = most + 0.1 * (most - least)
    days, names = np.array(MIDDLES), np.array(list(map(say, MONTHS.names)), dtype=object)
    x, y = spot(days, np.full(12, outer))
    beside = np.where(x > 0, "middle right", "middle left")
    for i, season in enumerate(SEASONS):
        at = season_of(days) == i
        charts.write(figure, x[at], y[at], names[at], beside[at].tolist(), season if alone else "trend")
    inside, way = 0.2 * (most - least), np.append(np.arange(WEEKS), 0)
    for side in sides:
        _draw(figure, side, spot, way, measure, alone=alone, inside=inside)
    # The scale goes over what is drawn, with no more decimals than tell its levels apart.
    numbers = [replace(measure.level(level), digits=charts.decimals(levels)) for level in levels]
    scale = [Message("{level}", {"level": number}) for number in numbers]
    charts.write(figure, *spot(np.full(len(levels), SCALE_DAY), np.array(levels)), scale, "middle center")
    return figure


def _ends(sides: list[Drawn]) -> tuple[float, float]:
    """Give the lowest and the highest value that is drawn."""
    values = np.concatenate([rows[name] for rows, _, _ in sides for name in ("level", "low", "high")])
    return float(np.nanmin(values)), float(np.nanmax(values))


def _draw(
    figure: charts.Figure, side: Drawn, spot: Spot, way: np.ndarray, measure: Measure,
    *, alone: bool, inside: float = 0.0,
) -> None:  # fmt: skip
    """Draw a selection: weeks as points, the curve along a way of weeks with its band, and holidays by their names.

    The names stand above the holidays' intervals. The middle of a clock has no room but for the holidays that stand
    out, so far `inside` of their intervals.
    """
    rows, name, role = side
    day, level, weeks = rows["day"], rows["level"], np.arange(WEEKS)
    known = bool(np.isfinite(rows["curve"]).any())
    value = amount(f"%{{customdata[1]:,.{measure.digits}f}}", tooltips.behind(measure.unit))
    told = tooltips.of_point("%{customdata[0]}", value)

    def shown(names: Iterable[Message], levels: np.ndarray) -> charts.Spec:
        points = list(zip(map(charts.words, names), levels.tolist(), strict=True))
        return {"customdata": points, "hovertemplate": charts.words(told)}

    if known:
        edges = [spot(day[way], rows[end][way]) for end in ("low", "high")]
        x, y = (np.concatenate([low, high[::-1]]) for low, high in zip(*edges, strict=True))
        bare: charts.Spec = {"fill": "toself", "line": {"width": 0}, "hoverinfo": "skip"}
        charts.line(figure, x, y, say("Interval"), role, named=False, **bare)
        x, y = spot(day[way], rows["curve"][way])
        named = not (alone or inside)
        charts.line(figure, x, y, say("Curve") if alone else name, role, named=named, hoverinfo="skip")
    marks = [(name, role, weeks)]
    if alone:
        seasons = enumerate(zip(map(say, SEASON_NAMES), SEASONS, strict=True))
        marks = [(label, colour, weeks[season_of(day[weeks]) == i]) for i, (label, colour) in seasons]
    for label, colour, at in marks:
        look = shown((Message("{day}", {"day": day_of_year(int(each))}) for each in day[at]), level[at])
        charts.dots(figure, *spot(day[at], level[at]), label, colour, named=not (alone or known or inside), **look)
    held = np.flatnonzero(np.isfinite(rows["q"]))
    if len(held):
        gap, own = np.full(len(held), np.nan), "trend" if alone else role
        ends = [np.stack([rows["low"][held], rows["high"][held], gap], axis=1).ravel(), level[held]]
        (line_x, line_y), (x, y) = spot(np.repeat(day[held], 3), ends[0]), spot(day[held], ends[1])
        charts.line(figure, line_x, line_y, say("Interval"), own, named=False, hoverinfo="skip")
        names = [say(HOLIDAYS[rows["holiday"][i]].label) for i in held]
        look = {"marker": {"symbol": "diamond", "size": 9}, **shown(names, level[held])}
        charts.dots(figure, x, y, say("Holiday"), own, **look)
        if role != "centre":
            return
        out = [i for i in range(len(held)) if not inside or rows["q"][held[i]] < FALSE_DISCOVERY_RATE]
        x, y = spot(day[held][out], (rows["low"] - inside if inside else rows["high"])[held][out])
        # Late in the year a name stands before its day: there is an edge, or another holiday, behind it.
        beside = ["top left" if each > LATE_DAY else "top center" for each in day[held][out]]
        charts.write(figure, x, y, [names[i] for i in out], "middle center" if inside else beside)
