"""The clean tables of recipes and reviews, with their calendar and the one complexity score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mangetamain.warehouse.cleaning.rules import review_tables
from mangetamain.warehouse.schema import NUTRITION

if TYPE_CHECKING:
    import duckdb

# Meteorological seasons; December opens a winter but keeps its own year, as published.
SEASON = """CASE WHEN month({day}) IN (12, 1, 2) THEN 'winter' WHEN month({day}) IN (3, 4, 5) THEN 'spring'
            WHEN month({day}) IN (6, 7, 8) THEN 'summer' ELSE 'autumn' END"""

CALENDAR = f"""CAST(year({{day}}) AS SMALLINT) AS year, CAST(month({{day}}) AS TINYINT) AS month,
            CAST(isodow({{day}}) AS TINYINT) AS weekday, {SEASON} AS season"""


def calendar(day: str) -> str:
    """Write the SQL of a day's year, month, weekday (ISO, 1 = Monday) and season."""
    return CALENDAR.format(day=day)


def make_recipes(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``recipes`` from the rows that the cleaning kept.

    One row a recipe, ordered by ``submitted, id``. ``complexity`` is ln(1 + minutes) + n_steps + n_ingredients / 2.
    """
    nutrition = ", ".join(NUTRITION)
    con.execute(f"""
        CREATE OR REPLACE TABLE recipes AS
        SELECT id, name, submitted, year, month, CAST(day(submitted) AS TINYINT) AS day, weekday,
            weekday >= 6 AS is_weekend, season, minutes, n_steps, n_ingredients,
            ln(1e0 + minutes) + n_steps + 5e-1 * n_ingredients AS complexity, {nutrition}
        FROM (
            SELECT id, name, submitted, {calendar("submitted")}, CAST(minutes AS INTEGER) AS minutes,
                CAST(n_steps AS INTEGER) AS n_steps, CAST(n_ingredients AS INTEGER) AS n_ingredients, {nutrition}
            FROM kept_recipes) AS kept
        ORDER BY submitted, id
    """)
    for column in NUTRITION[1:]:
        con.execute(f"COMMENT ON COLUMN recipes.{column} IS '% daily value'")
    con.execute("COMMENT ON COLUMN recipes.calories IS 'kcal'")
    con.execute("COMMENT ON COLUMN recipes.minutes IS 'minutes'")


def make_reviews(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``reviews`` from the rows that the cleaning kept.

    One row a review of a source (``full``, ``train``), ordered by source, day, author and recipe. Authors and recipes
    get dense codes from 0, the same in both sources; ``rating`` is null where none was given (raw 0).
    """
    kept = " UNION ALL ".join(
        f"SELECT '{source}' AS source, user_id, recipe_id, date, rating FROM kept_{source}"
        for source in sorted(review_tables(con))
    )
    for name in ("user", "recipe"):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE {name}_codes AS
            SELECT {name}_id, CAST(row_number() OVER (ORDER BY {name}_id) - 1 AS INTEGER) AS {name}_code
            FROM (SELECT DISTINCT {name}_id FROM ({kept}) AS kept) AS known
        """)
    con.execute(f"""
        CREATE OR REPLACE TABLE reviews AS
        SELECT source, user_code, recipe_code, date, {calendar("date")},
            CAST(nullif(rating, 0) AS TINYINT) AS rating
        FROM ({kept}) AS kept JOIN user_codes USING (user_id) JOIN recipe_codes USING (recipe_id)
        ORDER BY source, date, user_code, recipe_code, rating
    """)
    con.execute("COMMENT ON COLUMN reviews.rating IS 'stars, 1 to 5; null where none was given'")
    # Hardly any: who clusters by pairs of user and recipe need look at these alone.
    con.execute("""
        CREATE OR REPLACE TABLE repeated_reviews AS
        SELECT source, user_code, recipe_code, CAST(count(*) AS INTEGER) AS n
        FROM reviews WHERE rating IS NOT NULL GROUP BY source, user_code, recipe_code HAVING count(*) > 1
        ORDER BY source, user_code, recipe_code
    """)
