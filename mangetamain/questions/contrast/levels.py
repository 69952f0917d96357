"""What a contrast reads of a selection, and levels of the groups of a calendar from months of history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.measures import MEASURES, THIN
from mangetamain.questions.aggregates import stars
from mangetamain.questions.aggregates.centres import Held, described, held
from mangetamain.questions.aggregates.stars import COUNTS, STARS
from mangetamain.questions.comparison import apart_names, difference
from mangetamain.questions.group_levels import COLUMNS, group_levels
from mangetamain.warehouse import Columns, Executes

# Months by groups of a calendar are numbered apart: no calendar has as many groups.
ROOM = 16
# A month has a deviation of its own from two values on, and a tenth to trim from ten on: of fewer none is trimmed, and
# the mean of a small selection would hold the entries that the mean of a large one leaves out.
LONE = 2
FEWEST_TRIMMED = 10
# What is told of each group beside its level.
NAMED = ("n", *COUNTS, "mean", "sd", "median")
# What a level or gap is called for what one selection is above another.
APART = apart_names(COLUMNS)


@dataclass(frozen=True)
class Read:
    """What was read of a selection: its cells, groups in months, and the groups, between the ends of their values."""

    by: str
    values: Held
    cells: Columns
    groups: Columns
    ends: tuple[float, float]

    @property
    def held(self) -> np.ndarray:
        """The groups that have values."""
        return self.groups["cut"].astype(int)

    @property
    def size(self) -> np.ndarray:
        """Values of every group of the calendar."""
        size = np.zeros(len(CALENDARS[self.by].values), dtype=np.int64)
        size[self.held] = self.groups["n"]
        return size

    def rows(self, more: Columns | None = None) -> Columns:
        """Describe each group that has values; `more` are columns of every group of the calendar."""
        found = levels(self.cells["cut"], self.cells["centre"], self.cells["se"], self.size, self.ends) | (more or {})
        return {
            self.by: np.array(CALENDARS[self.by].values)[self.held],
            **{name: self.groups[name] for name in NAMED if name in self.groups},
            **{name: column[self.held] for name, column in found.items()},
        }  # fmt: skip


def read_groups(
    con: Executes, *, of: str, by: str, years: tuple[int, int], source: str, among: Conditions, name: str = "among"
) -> Read:
    """Describe the cells and the groups of a selection."""
    calendar, centre = CALENDARS[by], MEASURES[of].centre
    group = calendar.place
    read = partial(held, con, of, years=years, source=source, among=among, name=name)
    values = read(f"(year::INT * 12 + month - 1) * {ROOM} + {group}")
    if MEASURES[of].starred and of != "unrated":
        cells, groups = _of_stars(*stars.counted(con, values.rows, values.cut), of)
        ends = float(stars.scores(of).min()), float(stars.scores(of).max())
    else:
        cells = described(con, values, centre=centre, small=True)
        groups = described(con, read(group), band=(0.0, 1.0))
        ends = float(groups["low"].min(initial=np.inf)), float(groups["high"].max(initial=-np.inf))
    enough = cells["n"] >= (FEWEST_TRIMMED if centre == "trimmed" else LONE)
    return Read(by, values, cells | {"centre": np.where(enough, cells["centre"], np.nan)}, groups, ends)


def _of_stars(cut: np.ndarray, counts: np.ndarray, of: str) -> tuple[Columns, Columns]:
    """Describe each group of each month, and each group, by how many ratings of one to five stars they have."""
    groups, place = np.unique(cut.astype(int) % ROOM, return_inverse=True)
    whole = np.zeros((len(groups), len(STARS)), dtype=np.int64)
    np.add.at(whole, place, counts)
    cells, found = stars.described(counts, of), stars.described(whole, of)
    return cells | {"cut": cut}, found | {"cut": groups} | dict(zip(COUNTS, whole.T, strict=True))


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


def apart(one: Columns, other: Columns, shared: np.ndarray, size: np.ndarray) -> Columns:
    """Fit what the first selection is above the second in each group, from their differences in the same cells."""
    found = levels(one["cut"], *difference(one, other, shared), size, (-np.inf, np.inf))
    return {APART[name]: column for name, column in found.items()}


def apart_levels(one: Columns) -> Columns:
    """Read what the first selection is above the second as a table of levels of its own."""
    return one | {name: one[column] for name, column in APART.items()}
