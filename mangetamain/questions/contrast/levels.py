"""What a contrast reads of a selection, and what one selection is above another in each group."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.questions.aggregates import stars
from mangetamain.questions.aggregates.centres import held, summary
from mangetamain.questions.aggregates.stars import COUNTS, STARS
from mangetamain.questions.calendar_cells import ROOM, Cells, held_cells, levels, read_cells
from mangetamain.questions.comparison import apart_names, difference
from mangetamain.questions.group_levels import COLUMNS
from mangetamain.warehouse import Columns, Executes

# What is told of each group beside its level.
NAMED = ("n", *COUNTS, "mean", "sd", "median")
# What a level or gap is called for what one selection is above another.
APART = apart_names(COLUMNS)


@dataclass(frozen=True)
class Read:
    """What was read of a selection: its cells, groups in months, and the groups."""

    cells: Cells
    groups: Columns

    def of(self, columns: Columns) -> Read:
        """Keep these of the cells alone."""
        return replace(self, cells=replace(self.cells, columns=columns))

    def rows(self, more: Columns | None = None) -> Columns:
        """Describe each group that has values; `more` are columns of every group of the calendar."""
        by, place = self.cells.by, self.groups["cut"].astype(int)
        return {
            by: np.array(CALENDARS[by].values)[place],
            **{name: self.groups[name] for name in NAMED if name in self.groups},
            **{name: column[place] for name, column in (self.cells.levels() | (more or {})).items()},
        }


def read_groups(
    con: Executes, *, of: str, by: str, years: tuple[int, int], source: str, among: Conditions, name: str = "among"
) -> Read:
    """Describe the cells and the groups of a selection."""
    values = held_cells(con, of=of, by=by, years=years, source=source, among=among, name=name)
    cells = read_cells(con, values, by=by)
    if COUNTS[0] in cells.columns:
        return Read(cells, _of_stars(cells.columns, of))
    groups = held(con, of, CALENDARS[by].place, years=years, source=source, among=among, name=name)
    return Read(cells, summary(con, groups))


def _of_stars(cells: Columns, of: str) -> Columns:
    """Describe each group by how many ratings of one to five stars it has in all its months."""
    groups, place = np.unique(cells["cut"].astype(int) % ROOM, return_inverse=True)
    whole = np.zeros((len(groups), len(STARS)), dtype=np.int64)
    np.add.at(whole, place, np.stack([cells[name] for name in COUNTS], axis=1))
    return stars.described(whole, of) | {"cut": groups} | dict(zip(COUNTS, whole.T, strict=True))


def apart(one: Columns, other: Columns, shared: np.ndarray, size: np.ndarray) -> Columns:
    """Fit what the first selection is above the second in each group, from their differences in the same cells."""
    found = levels(one["cut"], *difference(one, other, shared), size, (-np.inf, np.inf))
    return {APART[name]: column for name, column in found.items()}


def apart_levels(one: Columns) -> Columns:
    """Read what the first selection is above the second as a table of levels of its own."""
    return one | {name: one[column] for name, column in APART.items()}
