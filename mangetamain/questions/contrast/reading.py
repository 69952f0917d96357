"""What a contrast reads of a selection: each group of a calendar in each month, and the groups themselves."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.measures import MEASURES
from mangetamain.questions.aggregates import stars
from mangetamain.questions.aggregates.centres import Held, described, held
from mangetamain.questions.aggregates.stars import COUNTS, STARS
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.questions.contrast.levels import ROOM, levels, measured
from mangetamain.warehouse import Columns, Executes

# What is told of each group beside its level.
NAMED = ("n", *COUNTS, "mean", "sd", "median")


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
    cases = " ".join(f"WHEN {value!r} THEN {place}" for place, value in enumerate(calendar.values))
    group = f"CASE {calendar.sql} {cases} END"
    read = functools.partial(held, con, of, years=years, source=source, among=among, name=name)
    values = read(f"(year::INT * 12 + month - 1) * {ROOM} + {group}")
    if MEASURES[of].starred and of != "unrated":
        rows = rows_of(con, "reviews", years=years, source=source, among=among, name=name)
        cells, groups = _of_stars(*stars.counted(con, rows, values.cut), of)
        ends = float(stars.scores(of).min()), float(stars.scores(of).max())
    else:
        cells = described(con, values, centre=centre, small=True)
        groups = described(con, read(group), band=(0.0, 1.0))
        ends = float(groups["low"].min(initial=np.inf)), float(groups["high"].max(initial=-np.inf))
    return Read(by, values, measured(cells, centre), groups, ends)


def _of_stars(cut: np.ndarray, counts: np.ndarray, of: str) -> tuple[Columns, Columns]:
    """Describe each group of each month, and each group, by how many ratings of one to five stars they have."""
    groups, place = np.unique(cut.astype(int) % ROOM, return_inverse=True)
    whole = np.zeros((len(groups), len(STARS)), dtype=np.int64)
    np.add.at(whole, place, counts)
    cells, found = stars.described(counts, of), stars.described(whole, of)
    return cells | {"cut": cut}, found | {"cut": groups} | dict(zip(COUNTS, whole.T, strict=True))
