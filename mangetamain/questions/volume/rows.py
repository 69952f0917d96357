"""How many recipes, reviews, cooks or reviewers there are on the days of a period or a calendar."""

from __future__ import annotations

import numpy as np

from mangetamain.calendars import Calendar
from mangetamain.questions.aggregates.values import Rows
from mangetamain.volumes import Volume
from mangetamain.warehouse import Columns, Executes, query

# The first and the last day of a view, whatever the selection: none of it was there on the others.
SPANS = {
    "recipes": "SELECT min(submitted) AS opened, max(submitted) AS ended FROM recipes",
    "reviews": "SELECT min(day) AS opened, max(day) AS ended FROM cube_ratings WHERE source = $source",
}
COVERED = """
    SELECT day, year, month, weekday, season
    FROM days JOIN ({span}) AS span ON day BETWEEN opened AND ended
    WHERE year BETWEEN $first AND $last
"""


def _number(volume: Volume, rows: Rows) -> str:
    return f"count(DISTINCT {volume.person})" if volume.person else rows.number


def by_period(con: Executes, volume: Volume, rows: Rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count the rows, or the different people, of each year and of each month of history.

    Returns
    -------
    tuple of numpy.ndarray
        Years, months from 1 to 12 or 0 for the whole year, and numbers; in order.
    """
    found = query(
        con,
        f"""
        WITH moments AS (
            SELECT year, coalesce(month, 0) AS month
            FROM ({COVERED.format(span=SPANS[volume.view])}) AS covered GROUP BY GROUPING SETS ((year), (year, month))
        ), counted AS (
            SELECT year, coalesce(month, 0) AS month, ({_number(volume, rows)})::BIGINT AS n
            FROM {rows.sql} GROUP BY GROUPING SETS ((year), (year, month))
        )
        SELECT year, month, coalesce(n, 0) AS n
        FROM moments LEFT JOIN counted USING (year, month) ORDER BY year, month
        """,
        rows.bound,
    )
    return found["year"].astype(int), found["month"].astype(int), found["n"]


def month_sd(year: np.ndarray, month: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Give the standard deviation of each year's months, in parts of what the months add up to and of the year.

    People who come in several months count once a year.
    """
    found = []
    for one in np.flatnonzero(month == 0):
        months = n[(year == year[one]) & (month > 0) & (n > 0)]
        found.append(months.std(ddof=1) * n[one] / months.sum() if len(months) > 1 else 0.0)
    return np.array(found)


def by_weekday(con: Executes, calendar: Calendar, volume: Volume, rows: Rows) -> Columns:
    """Count the rows, or the people of each day, on the weekdays of each month of history.

    Returns
    -------
    Columns
        One row a month and weekday, in order: month (int, counted from year 0), place (int, of the group in the
        calendar), days (int), n, squares (int, sums over the days of their number, and of it squared).
    """
    return query(
        con,
        f"""
        WITH counted AS (
            SELECT {rows.day} AS day, ({_number(volume, rows)})::BIGINT AS n FROM {rows.sql} GROUP BY {rows.day}
        )
        SELECT year::INT * 12 + month - 1 AS month, {calendar.place} AS place, count(*) AS days,
            sum(coalesce(n, 0))::BIGINT AS n, sum(coalesce(n * n, 0))::BIGINT AS squares
        FROM ({COVERED.format(span=SPANS[volume.view])}) AS covered LEFT JOIN counted USING (day)
        GROUP BY year, covered.month, weekday, place ORDER BY year, covered.month, weekday
        """,
        rows.bound,
    )
