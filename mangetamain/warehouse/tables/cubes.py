"""Cubes: sums and counts, never averages, per day, measure, rating and term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mangetamain.warehouse.schema import NUTRITION
from mangetamain.warehouse.sql import one_thread
from mangetamain.warehouse.tables.centres import make_centre_cube
from mangetamain.warehouse.tables.clusters import make_cluster_cube
from mangetamain.warehouse.tables.enrich import SEASONS, calendar
from mangetamain.warehouse.tables.term_ratings import COUNTS, make_term_ratings
from mangetamain.warehouse.tables.variety import make_variety_cube

if TYPE_CHECKING:
    import duckdb

MEASURES = ("minutes", "n_steps", "n_ingredients", "complexity", *NUTRITION)


def make_cubes(con: duckdb.DuckDBPyConnection) -> None:
    """Make every cube from the clean tables ``recipes`` and ``reviews`` and what `make_terms` made."""
    make_recipe_cube(con)
    make_rating_cube(con)
    make_centre_cube(con)
    make_cluster_cube(con)
    make_term_cubes(con)
    make_term_ratings(con)
    make_variety_cube(con)


def make_recipe_cube(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``cube_recipes``: for each measure and day the number of recipes, the sum and the sum of squares.

    A recipe whose value is missing is not counted in that measure; ``minutes`` is never missing, so it counts all.
    """
    sums = " UNION ALL ".join(
        f"""SELECT submitted AS day, '{measure}' AS measure, CAST(count({measure}) AS INTEGER) AS n,
            sum(CAST({measure} AS DOUBLE)) AS total,
            sum(CAST({measure} AS DOUBLE) * {measure}) AS squares
        FROM recipes GROUP BY submitted HAVING count({measure}) > 0"""
        for measure in MEASURES
    )
    with one_thread(con):
        con.execute(f"""
            CREATE OR REPLACE TABLE cube_recipes AS
            SELECT day, {calendar("day")}, measure, n, total, squares FROM ({sums}) AS sums ORDER BY measure, day
        """)


def make_rating_cube(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``cube_ratings`` and ``cube_recipe_ratings`` from ``reviews``.

    The first has the number of reviews for each source, day and rating, null being none given, the second for each
    source, year and recipe: those of a selection are summed without a look at each of them, those of a span of years
    without one at others.
    """
    con.execute(f"""
        CREATE OR REPLACE TABLE cube_ratings AS
        SELECT source, day, {calendar("day")}, rating, n FROM (
            SELECT source, date AS day, rating, CAST(count(*) AS INTEGER) AS n
            FROM reviews GROUP BY source, date, rating) AS counts
        ORDER BY source, day, rating NULLS FIRST
    """)
    con.execute(f"""
        CREATE OR REPLACE TABLE cube_recipe_ratings AS
        SELECT source, recipe_id AS recipe, year, {COUNTS}
        FROM reviews GROUP BY source, recipe_id, year ORDER BY source, year, recipe
    """)


def make_term_cubes(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``cube_terms``, ``cube_term_years`` and ``cube_spellings`` from what `make_terms` made.

    ``cube_terms`` counts the distinct recipes that hold a term (merged spellings), by year and month,
    ``cube_term_years`` by year alone, with lists of its months and weekdays: whole families of terms are read, and of
    rows by month there are four times as many. ``cube_spellings`` counts occurrences by year, and by season and
    weekend within it, as the published analysis cut and spelled them.
    """
    months, weekdays = (
        ", ".join(f"count(*) FILTER ({part} = {place})" for place in range(1, places + 1))
        for part, places in (("month", 12), ("weekday", 7))
    )
    con.execute(f"""
        CREATE OR REPLACE TABLE cube_term_years AS
        SELECT kind, term, code, year, CAST(recipes AS INTEGER) AS recipes, months, weekdays
        FROM (
            SELECT code, year, count(*) AS recipes, CAST([{months}] AS INTEGER[12]) AS months,
                CAST([{weekdays}] AS INTEGER[7]) AS weekdays
            FROM held JOIN (SELECT line, {calendar("submitted")} FROM kept_recipes) AS kept USING (line)
            GROUP BY code, year) AS counts
        JOIN term_codes USING (code)
        ORDER BY kind, term, year
    """)
    con.execute("""
        CREATE OR REPLACE TABLE cube_terms AS
        SELECT kind, term, year, month, n AS recipes FROM (
            SELECT kind, term, year, CAST(unnest(range(1, 13)) AS TINYINT) AS month,
                unnest(CAST(months AS INTEGER[])) AS n
            FROM cube_term_years) AS monthly
        WHERE n > 0 ORDER BY kind, term, year, month
    """)
    counts = ", ".join(f"CAST(sum({name}) AS INTEGER) AS {name}" for name in ("occurrences", *SEASONS, "weekend"))
    con.execute(f"""
        CREATE OR REPLACE TABLE cube_spellings AS
        SELECT kind, spelling, year, {counts}
        FROM item_years JOIN item_parts USING (kind, item)
        GROUP BY kind, spelling, year ORDER BY kind, spelling, year
    """)
