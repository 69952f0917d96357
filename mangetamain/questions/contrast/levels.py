"""Levels of the groups of a calendar from months of history: of one selection, or of what one is above another."""

from __future__ import annotations

import numpy as np

from mangetamain.measures import THIN
from mangetamain.questions.group_levels import COLUMNS, group_levels
from mangetamain.warehouse import Columns

# Months by groups of a calendar are numbered apart: no calendar has as many groups.
ROOM = 16
# A month has a deviation of its own from two values on, and a tenth to trim from ten on.
LONE = 2
FEWEST_TRIMMED = 10
# What stands before these names for what one selection is above another.
APART = "apart"


def measured(cells: Columns, centre: str) -> Columns:
    """Take the centres of cells of too few values away.

    Of fewer than ten values none is trimmed: the mean of a small selection would hold the entries that the mean of a
    large one leaves out.
    """
    enough = cells["n"] >= (FEWEST_TRIMMED if centre == "trimmed" else LONE)
    return cells | {"centre": np.where(enough, cells["centre"], np.nan)}


def levels(
    cells: np.ndarray, middle: np.ndarray, error: np.ndarray, size: np.ndarray, ends: tuple[float, float]
) -> Columns:
    """Fit each group's level among the months, and compare the groups.

    Parameters
    ----------
    cells
        Months by groups, numbered as `month * ROOM + group`.
    middle, error
        What is compared, and its error, in each cell; unknown ones are left out.
    size
        Values in all of each group; a thin one is left out.
    ends
        The least and the greatest value that there are.

    Returns
    -------
    Columns
        As `group_levels`.
    """
    month, place = np.divmod(cells.astype(int), ROOM)
    kept = np.isfinite(middle) & np.isfinite(error) & (size[place] >= THIN)
    return group_levels(month[kept], place[kept], middle[kept], error[kept], len(size), ends)


def alike(one: Columns, other: Columns) -> tuple[Columns, Columns]:
    """Take the cells that both selections have centres of: a month of one alone would move its levels alone."""
    known = [side["cut"][np.isfinite(side["centre"])] for side in (one, other)]
    cells = np.intersect1d(known[0], known[1])
    first, second = (
        {name: column[np.isin(side["cut"], cells)] for name, column in side.items()} for side in (one, other)
    )
    return first, second


def apart(one: Columns, other: Columns, shared: np.ndarray, size: np.ndarray) -> Columns:
    """Fit what the first selection is above the second in each group, from their differences within months.

    Parameters
    ----------
    one, other
        The same cells of either selection: cut, centre, se.
    shared
        The correlation of the centres in each cell.
    size
        Values in each group, the fewer of either selection; a thin one is left out.

    Returns
    -------
    Columns
        As `levels`, each name after "apart"; level is called apart.
    """
    variance = one["se"] ** 2 + other["se"] ** 2 - 2 * shared * one["se"] * other["se"]
    gap, error = one["centre"] - other["centre"], np.sqrt(np.maximum(variance, 0.0))
    found = levels(one["cut"], gap, error, size, (-np.inf, np.inf))
    return {APART if name == "level" else f"{APART}_{name}": column for name, column in found.items()}


def apart_levels(one: Columns) -> Columns:
    """Read what the first selection is above the second as a table of levels of its own."""
    found = {name: one[APART if name == "level" else f"{APART}_{name}"] for name in COLUMNS}
    return {name: column for name, column in one.items() if name not in COLUMNS} | found
