"""The holidays that kitchens know, and their day in every year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from mangetamain.language import N_

# Days before and after a holiday that belong to it: a week, so that each day of the week is in it once.
AROUND = 3
SUNDAY, THURSDAY = 7, 4


@dataclass(frozen=True)
class Holiday:
    """One holiday: its label, and its day in a year."""

    label: str
    day: Callable[[int], date]


def _first(year: int, month: int, weekday: int) -> date:
    """Give the first such day of the week, 1 to 7 from Monday on, in a month."""
    first = date(year, month, 1)
    return first + timedelta((weekday - first.isoweekday()) % 7)


def super_bowl(year: int) -> date:
    """Give the day of the Super Bowl: the first Sunday of February since 2004 and in 2002, else the last of January."""
    first = _first(year, 2, SUNDAY)
    return first if year == 2002 or year >= 2004 else first - timedelta(7)


def easter(year: int) -> date:
    """Give Easter Sunday between 1900 and 2099 (Carter's rule)."""
    moon = (225 - 11 * (year % 19) - 21) % 30 + 21
    moon -= moon > 48
    return date(year, 3, 1) + timedelta(moon + 6 - (year + year // 4 + moon + 1) % 7)


# In the order of the year.
HOLIDAYS: dict[str, Holiday] = {
    "super_bowl": Holiday(N_("Super Bowl"), super_bowl),
    "easter": Holiday(N_("Easter"), easter),
    "independence_day": Holiday(N_("4 July"), lambda year: date(year, 7, 4)),
    "thanksgiving": Holiday(N_("Thanksgiving"), lambda year: _first(year, 11, THURSDAY) + timedelta(21)),
    "christmas": Holiday(N_("Christmas"), lambda year: date(year, 12, 25)),
}


def around(days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Tell which days lie in the week around each holiday: one row a day, one column a holiday."""
    years, code = np.unique(days.astype("datetime64[Y]").astype(int) + 1970, return_inverse=True)
    dates = [[holiday.day(year) for holiday in HOLIDAYS.values()] for year in years.tolist()]
    of_year = np.array(dates, dtype="datetime64[D]").reshape(-1, len(HOLIDAYS))
    return np.asarray(np.abs((days[:, None] - of_year[code]).astype(int)) <= AROUND)
