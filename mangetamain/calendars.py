"""How time is cut: into periods that follow one another, and into groups that come again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from mangetamain.language import N_, Day, Inside, Message, say


@dataclass(frozen=True)
class Period:
    """One way to cut the years into points that follow one another.

    Parameters
    ----------
    label
        What a control calls it.
    sql
        The SQL of a row's point: its year, or the first day of its month.
    unit
        NumPy's unit of a point in time.
    decade
        Points a decade.
    fewest
        Fewest points for a trend: two years fix a line, and from one more nobody can tell how much years differ beyond
        chance; with fewer than two years of months a season could pass for a trend.
    axes
        Title of the axis of time for each view.
    """

    label: str
    sql: str
    unit: Literal["Y", "M"]
    decade: int
    fewest: int
    axes: Mapping[str, str]

    def moments(self, points: np.ndarray) -> np.ndarray:
        """Turn a table's points, years or first days of months, into moments of the period's unit."""
        days = points.astype(str) if self.unit == "Y" else points
        return np.asarray(days, dtype=f"datetime64[{self.unit}]")

    def places(self, points: np.ndarray) -> np.ndarray:
        """Count points from the first one, gaps included."""
        number = self.moments(points).astype(int)
        return np.asarray(number - number[:1])

    def names(self, points: np.ndarray) -> np.ndarray:
        """Write points as in "2003" or "2003-04"."""
        return np.asarray(self.moments(points).astype(str))

    def axis(self, points: np.ndarray) -> np.ndarray:
        """Give points as a figure's axis takes them: years, or days."""
        return points if self.unit == "Y" else np.asarray(self.moments(points).astype("datetime64[D]").astype(str))

    def said(self, name: str) -> str | Day:
        """Say a point by its name."""
        return name if self.unit == "Y" else Day(date.fromisoformat(f"{name}-01"), "MMMM y")


PERIODS: dict[str, Period] = {
    "year": Period(
        # Translators: points of a curve, one for each year, or for each month
        N_("Each year"), "year", "Y", 10, 4,
        {"recipes": N_("Year of posting"), "reviews": N_("Year of the review")},
    ),
    "month": Period(
        N_("Each month"), "make_date(year, month, 1)", "M", 120, 24,
        {"recipes": N_("Month of posting"), "reviews": N_("Month of the review")},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Calendar:
    """One way to cut time into groups that come again: values in order, a label for each, the SQL of a row's group."""

    label: str
    sql: str
    values: tuple[int | str, ...]
    names: tuple[str, ...]

    @property
    def place(self) -> str:
        """The SQL of the number of a row's group, from 0."""
        cases = " ".join(f"WHEN {value!r} THEN {place}" for place, value in enumerate(self.values))
        return f"CASE {self.sql} {cases} END"

    def kept(self, value: object) -> str | int:
        """Give a group as a finding holds it: a month is a number, so that nobody takes 3 for a Wednesday."""
        return int(str(value)) if self.sql == "month" else str(value)

    def said(self, value: str | int) -> Message | Inside:
        """Name a group inside a sentence, where English writes seasons, unlike days and months, with a small letter."""
        name = say(dict(zip(map(str, self.values), self.names, strict=True))[str(value)])
        return Inside(name) if self.sql == "season" else name


# By names that no period has: a month of history is not a month of the year.
CALENDARS: dict[str, Calendar] = {
    "season": Calendar(
        N_("Season"),
        "season",
        ("winter", "spring", "summer", "autumn"),
        # Translators: names of seasons inside a sentence, in French without capitals
        (N_("Winter"), N_("Spring"), N_("Summer"), N_("Autumn")),
    ),
    "month_of_year": Calendar(
        N_("Month of the year"),
        "month",
        tuple(range(1, 13)),
        (
            N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
            N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
        ),
    ),
    "weekday": Calendar(
        N_("Day of the week"),
        "weekday",
        (1, 2, 3, 4, 5, 6, 7),
        (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")),
    ),
    "weekend": Calendar(
        N_("Weekend"),
        "CASE WHEN weekday >= 6 THEN 'weekend' ELSE 'weekdays' END",
        ("weekdays", "weekend"),
        # Translators: the days from Monday to Friday, and the other two, as groups that are compared
        (N_("Monday to Friday"), N_("Saturday and Sunday")),
    ),
}  # fmt: skip
