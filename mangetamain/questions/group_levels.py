"""Levels of the groups of a calendar and the gaps between them: what comparisons of measures and of volumes share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mangetamain import charts, stats
from mangetamain.calendars import PERIODS, Calendar
from mangetamain.finding import Estimate
from mangetamain.language import say
from mangetamain.warehouse import Columns

# The name, colour and rows of one of two sides.
Drawn = tuple[charts.Text, charts.Role, np.ndarray]
# How far the levels of two sides stand beside their group's place, of which there is one a unit.
BESIDE = 0.12
SEASONS: tuple[charts.Role, ...] = ("winter", "spring", "summer", "autumn")
# Two years of months: with fewer, a season has come once, and could be anything.
FEWEST = PERIODS["month"].fewest
COLUMNS = ("level", "low", "high", "gap", "gap_low", "gap_high", "p")


def group_levels(
    month: np.ndarray,
    place: np.ndarray,
    middle: np.ndarray,
    error: np.ndarray,
    groups: int,
    ends: tuple[float, float] = (-np.inf, np.inf),
) -> Columns:
    """Fit each group's level among the months of history, and compare the groups.

    Parameters
    ----------
    month, place
        The number of each cell's month, and its group, 0 to `groups` - 1; a cell is a group in a month.
    middle, error
        The cell's level and its sampling error.
    groups
        Number of groups.
    ends
        The least and the greatest value that there are, between which levels lie: beside a line that rises, the lowest
        season of a rare thing could fall below nothing.

    Returns
    -------
    Columns
        One row a group: level, low, high, gap, gap_low, gap_high (float, what the group is above the lowest, with an
        interval that holds for all pairs of groups), p (float, of the clearest difference, in each row); all NaN where
        the months are under 24 or a group is alone, level and gap NaN for a group without cells.
    """
    found = {name: np.full(groups, np.nan) for name in COLUMNS}
    used = np.unique(place)
    if len(np.unique(month)) < FEWEST or len(used) < 2:
        return found
    means = _series(month, np.searchsorted(used, place), middle, error, len(used))
    if means is None:
        return found
    own, pairs = means.estimates(), stats.pairwise(means)
    # The lower of the pair that is widest apart: days within months have differences from series of their own, which
    # may turn the order of their levels round.
    lowest = pairs[0].b
    above = {pair.a: pair.difference for pair in pairs if pair.b == lowest}
    above |= {pair.b: pair.difference.times(-1) for pair in pairs if pair.a == lowest}
    bottom = float(np.clip(means.mean[lowest], *ends))
    found["p"][:] = means.p
    for i, group in enumerate(used):
        gap = above.get(i, Estimate(0.0, 0.0, 0.0))
        level = bottom + gap.value  # what is shown agrees with the gap
        off = level - float(means.mean[i])
        interval = np.clip([level, own[i].low + off, own[i].high + off], *ends)
        numbers = (*interval, gap.value, gap.low, gap.high)
        for name, number in zip(COLUMNS, numbers, strict=False):
            found[name][group] = number
    return found


def _series(
    month: np.ndarray, code: np.ndarray, middle: np.ndarray, error: np.ndarray, groups: int
) -> stats.SeriesMeans | None:
    """Compare the groups: within months where each month holds several, else among months."""
    months = np.unique(month)
    if len(months) == len(month):
        return stats.calendar_means(month, code, middle, error, groups=groups)
    grid = np.full((2, groups, len(months)), np.nan)
    at = code, np.searchsorted(months, month)
    grid[0][at], grid[1][at] = middle, error
    whole = np.isfinite(grid).all(axis=(0, 1))
    return stats.paired_means(months[whole], *grid[:, :, whole]) if whole.sum() >= FEWEST else None


def draw_groups(
    figure: charts.Figure, calendar: Calendar, groups: np.ndarray, table: Columns, sides: Sequence[Drawn] = ()
) -> None:
    """Draw the level of each group, named, with its interval; seasons have their own colours, and so have two sides."""
    charts.ticks(figure, range(len(calendar.values)), map(say, calendar.names))
    place = np.array([calendar.values.index(value) for value in groups.tolist()], dtype=int)
    marks: list[Drawn] = [(say("Level"), "centre", place >= 0)]
    if sides:
        marks = list(sides)
        place = place + np.where(sides[0][2], -BESIDE, BESIDE)
    elif calendar.sql == "season":
        seasons = enumerate(zip(calendar.names, SEASONS, strict=True))
        marks = [(say(name), role, place == i) for i, (name, role) in seasons]
    for name, role, rows in marks:
        if rows.any():
            level, low, high = (table[column][rows] for column in ("level", "low", "high"))
            charts.dots(figure, place[rows], level, name, role, low=low, high=high)
