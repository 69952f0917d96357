"""What we say, by the published method: findings and tables of questions, and what the warehouse tells of itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeVar

import numpy as np

from mangetamain.calendars import CALENDARS
from mangetamain.measures import ALL
from mangetamain.questions import QUESTIONS, Answer
from mangetamain.questions.term_levels.published import CHOSEN, counted
from mangetamain.warehouse import Warehouse

# Groups as the publication names them; months are numbers there, too.
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SEASONS = tuple(str(season).capitalize() for season in CALENDARS["season"].values)
GROUPS = {"season": SEASONS, "weekday": DAYS, "weekend": ("weekday", "weekend"), "month_of_year": range(1, 13)}


class Ours:
    """What we say for each published entry, by the published method."""

    def __init__(self, con: Warehouse) -> None:
        self.con = con
        self._ask = cache(self._answer)
        # Of the ingredients chosen for a cut of time: how often each was given so many stars in each of its parts.
        self.counted = cache(partial(_counted, con))

    def _answer(self, question: str, given: tuple[tuple[str, str], ...]) -> Answer:
        return QUESTIONS[question](self.con, **dict(given))

    def ask(self, question: str, **given: str) -> Any:  # noqa: ANN401 - any question's finding
        """Return a question's finding by the published method, where it has more than one."""
        if "method" in QUESTIONS[question].parameters:
            given |= {"method": "published"}
        return self._ask(question, tuple(sorted(given.items()))).finding

    def columns(self, question: str, **given: str) -> Any:  # noqa: ANN401
        """Return a question's table."""
        return self._ask(question, tuple(sorted(given.items()))).columns

    def yearly(self, column: str, question: str = "level", **given: str) -> dict[str, Any]:
        """Return one column of a yearly table: of the preparation time, unless something else is asked."""
        table = self.columns(question, **given)
        return dict(zip(map(str, table["year"].tolist()), table[column].tolist(), strict=True))

    def rows(self, table: str) -> int:
        """Count the rows of a table."""
        return int(self.con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def step(self, rule: str, column: str, tbl: str = "recipes") -> Any:  # noqa: ANN401
        """Return what a cleaning rule did."""
        found = self.con.execute(f"SELECT {column} FROM cleaning WHERE tbl = ? AND rule = ?", [tbl, rule]).fetchall()
        return found[0][0] if found else None


def _counted(con: Warehouse, cut: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    return counted(con, CHOSEN["weekend" if cut == "weekday" else cut], cut, ALL)


Entry = Callable[[Ours], object]
T = TypeVar("T")


def asked(question: str, **given: str) -> Callable[[Callable[[Any], T]], Callable[[Ours], T]]:
    """Make entries of what is read off one finding."""
    return lambda read: lambda ours: read(ours.ask(question, **given))


def each(by: str, *columns: str) -> Callable[[Any], dict[str, Any]]:
    """Read one number of each group of a finding, or a list of several."""
    names = dict(zip(map(str, CALENDARS[by].values), map(str, GROUPS[by]), strict=True))

    def read(found: Any) -> dict[str, Any]:  # noqa: ANN401 - any finding of groups
        rows = {names[group.group]: [getattr(group, name) for name in columns] for group in found.groups}
        return {name: row if len(columns) > 1 else row[0] for name, row in rows.items()}

    return read
