"""Levels of the groups of a calendar from months of history: of one selection, or of what one is above another."""

from __future__ import annotations

import numpy as np

from mangetamain import stats
from mangetamain.calendars import PERIODS
from mangetamain.finding import Estimate
from mangetamain.measures import THIN
from mangetamain.questions.comparison import Counted, correlations
from mangetamain.stats.counts import CUT, Counts
from mangetamain.warehouse import Columns

# Months by groups of a calendar are numbered apart: no calendar has as many groups.
ROOM = 16
# Two years of months: with fewer, a season has come once, and could be anything.
FEWEST = PERIODS["month"].fewest
# A month has a deviation of its own from two values on.
LONE = 2
LEVELS = ("level", "low", "high", "gap", "gap_low", "gap_high", "p")
# What stands before these names for what one selection is above another.
APART = "apart"


def measured(counted: Counted, centre: str) -> tuple[np.ndarray, np.ndarray]:
    """Give the centre of each cell, a group in a month, and its error by the deviation that all cells share.

    Cells of too few values have no centre. Of fewer than ten none is trimmed: the mean of a small selection would hold
    the entries that the mean of a large one leaves out.
    """
    counts = counted[1]
    middle, transform = counts.centre(centre)
    enough = counts.size >= (1 / CUT if centre == "trimmed" else LONE)
    return np.where(enough, middle, np.nan), counts.error(centre, counts.pooled(transform))


def groups_of(found: Counted, groups: int) -> Counts:
    """Add up the months of each group; cells are numbered as in `levels`."""
    cells, counts = found
    place = cells.astype(int) % ROOM
    rows = np.stack([place[counts.group].astype(float), counts.value])
    held, at = np.unique(rows, axis=1, return_inverse=True)
    n = np.bincount(at.ravel(), weights=counts.n, minlength=held.shape[1]).astype(int)
    return Counts(held[0].astype(int), held[1], n, groups)


def levels(cells: np.ndarray, middle: np.ndarray, error: np.ndarray, size: np.ndarray) -> Columns:
    """Fit each group's level among the months, and compare the groups.

    Parameters
    ----------
    cells
        Months by groups, numbered as `month * ROOM + group`.
    middle, error
        What is compared, and its error, in each cell; unknown ones are left out.
    size
        Values in all of each group; a thin one is left out.

    Returns
    -------
    Columns
        One entry a group: level, low, high, gap, gap_low, gap_high, p; all unknown with too few months.
    """
    month, place = np.divmod(cells.astype(int), ROOM)
    unknown = {name: np.full(len(size), np.nan) for name in LEVELS}
    kept = np.isfinite(middle) & (size[place] >= THIN)
    months = np.unique(month[kept])
    used = np.flatnonzero(np.bincount(place[kept], minlength=len(size)))
    if len(months) < FEWEST or len(used) < LONE:
        return unknown
    means = _series(month, place, middle, error, kept, used)
    if means is None:
        return unknown
    own, pairs = means.estimates(), stats.pairwise(means)
    # The lower one of the widest pair: by their own levels, days that nearly tie may stand the other way round.
    lowest = pairs[0].b
    above = {pair.a: pair.difference for pair in pairs if pair.b == lowest}
    above |= {pair.b: pair.difference.times(-1) for pair in pairs if pair.a == lowest}
    found = dict(unknown) | {"p": np.full(len(size), means.p)}
    for i, group in enumerate(used):
        gap = above.get(i, Estimate(0.0, 0.0, 0.0))
        # Days within months have levels and differences from series of their own: what is shown agrees with the gap.
        level = float(means.mean[lowest]) + gap.value
        off = level - float(means.mean[i])
        numbers = (level, own[i].low + off, own[i].high + off, gap.value, gap.low, gap.high)
        for name, number in zip(LEVELS, numbers, strict=False):
            found[name][group] = number
    return found


def _series(
    month: np.ndarray, place: np.ndarray, middle: np.ndarray, error: np.ndarray, kept: np.ndarray, used: np.ndarray
) -> stats.SeriesMeans | None:
    """Compare the groups: within months where each month holds several, else among months."""
    code = np.searchsorted(used, place)
    if len(np.unique(month[kept])) == kept.sum():
        return stats.calendar_means(month[kept], code[kept], middle[kept], error[kept], groups=len(used))
    months = np.unique(month[kept])
    grid = np.full((2, len(used), len(months)), np.nan)
    at = code[kept], np.searchsorted(months, month[kept])
    grid[0][at], grid[1][at] = middle[kept], error[kept]
    whole = np.isfinite(grid).all(axis=(0, 1))
    return stats.paired_means(months[whole], *grid[:, :, whole]) if whole.sum() >= FEWEST else None


def both_levels(
    one: Counted, other: Counted, both: Counted, centre: str, size: np.ndarray
) -> tuple[Columns, Columns, Columns]:
    """Fit the levels of two selections, and what the first is above the second, in the cells that both have.

    Parameters
    ----------
    one, other, both
        The values of either selection and those of both, cell by cell.
    centre
        `mean` or `trimmed`.
    size
        Values in each group, the fewer of either selection; a thin one is left out.

    Returns
    -------
    tuple[Columns, Columns, Columns]
        As `levels` for either selection; then for their differences within months, each name after "apart", level
        called apart.
    """
    cells, shared = correlations(one, other, both, centre, pooled=True)
    (a, a_error), (b, b_error) = (
        tuple(column[np.isin(side[0], cells)] for column in measured(side, centre)) for side in (one, other)
    )
    # Like is set beside like: a month that one of them lacks would move the levels of the other alone.
    gap, known = a - b, np.where(np.isfinite(a - b), 0.0, np.nan)
    variance = a_error**2 + b_error**2 - 2 * shared * a_error * b_error
    found = levels(cells, gap, np.sqrt(np.maximum(variance, 0.0)), size)
    apart = {APART if name == "level" else f"{APART}_{name}": column for name, column in found.items()}
    return levels(cells, a + known, a_error, size), levels(cells, b + known, b_error, size), apart


def apart_levels(one: Columns) -> Columns:
    """Read what the first selection is above the second as a table of levels of its own."""
    found = {name: one[APART if name == "level" else f"{APART}_{name}"] for name in LEVELS}
    return {name: column for name, column in one.items() if name not in LEVELS} | found
