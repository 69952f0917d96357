"""The days of holidays in every year of the data."""

from datetime import date

import numpy as np
import pytest
from holidays import country_holidays

from mangetamain.holidays import HOLIDAYS, around

YEARS = range(1999, 2019)
# As they were; Thanksgiving is a day of November.
SUPER_BOWLS = """1-31 1-30 1-28 2-3 1-26 2-1 2-6 2-5 2-4 2-3 2-1 2-7 2-6 2-5 2-3 2-2 2-1 2-7 2-5 2-4"""
EASTERS = """4-4 4-23 4-15 3-31 4-20 4-11 3-27 4-16 4-8 3-23 4-12 4-4 4-24 4-8 3-31 4-20 4-5 3-27 4-16 4-1"""
THANKSGIVINGS = "25 23 22 28 27 25 24 23 22 27 26 25 24 22 28 27 26 24 23 22"
KNOWN = {
    "super_bowl": SUPER_BOWLS,
    "easter": EASTERS,
    "independence_day": "7-4 " * 20,
    "thanksgiving": " ".join(f"11-{day}" for day in THANKSGIVINGS.split()),
    "christmas": "12-25 " * 20,
}


@pytest.mark.parametrize("name", HOLIDAYS)
def test_a_holiday_is_on_its_day_in_every_year(name):
    days = (map(int, day.split("-")) for day in KNOWN[name].split())
    known = [date(year, *day) for year, day in zip(YEARS, days, strict=True)]
    assert [HOLIDAYS[name].day(year) for year in YEARS] == known


# Where the package `holidays` has them, and by which name; the Super Bowl is no public holiday of any country.
PACKAGED = {
    "easter": ("DE", "BB", "Easter Sunday"),
    "independence_day": ("US", None, "Independence Day"),
    "thanksgiving": ("US", None, "Thanksgiving Day"),
    "christmas": ("US", None, "Christmas Day"),
}


@pytest.mark.parametrize("name", PACKAGED)
def test_a_holiday_is_where_the_package_of_holidays_has_it(name):
    country, part, called = PACKAGED[name]
    years = range(1999, 2031)
    found = country_holidays(country, subdiv=part, years=years, observed=False, language="en_US")
    known = sorted(found.get_named(called, lookup="exact"))
    assert [HOLIDAYS[name].day(year) for year in years] == known


def test_a_week_around_a_holiday_has_each_day_of_the_week_once_a_year():
    days = np.arange("1999-01-01", "2019-01-01", dtype="datetime64[D]")
    held = around(days)
    year, weekday = days.astype("datetime64[Y]").astype(int), days.astype(int) % 7
    for column in held.T:
        assert len(set(zip(year[column], weekday[column], strict=True))) == column.sum() == 7 * 20
    assert around(days[:0]).shape == (0, 5)
