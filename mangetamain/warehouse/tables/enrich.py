"""The clean tables of recipes, reviews and days, with their calendar and the one complexity score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mangetamain.warehouse.cleaning.rules import review_tables
from mangetamain.warehouse.schema import NUTRITION
from mangetamain.warehouse.tables.words import mean_words, words

if TYPE_CHECKING:
    import duckdb

# Meteorological seasons; December opens a winter but keeps its own year, as published.
SEASONS = {"winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11)}
SEASON = f"CASE {' '.join(f'WHEN {{month}} IN {months} THEN {name!r}' for name, months in SEASONS.items())} END"

CALENDAR = f"""CAST(year({{day}}) AS SMALLINT) AS year, CAST(month({{day}}) AS TINYINT) AS month,
            CAST(isodow({{day}}) AS TINYINT) AS weekday, {SEASON.format(month="month({day})")} AS season"""


def calendar(day: str) -> str:
    """Write the SQL of a day's year, month, weekday (ISO, 1 = Monday) and season."""
    return CALENDAR.format(day=day)


def make_recipes(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``recipes`` from the rows that the cleaning kept, and the lists that `make_terms` made.

    One row a recipe, ordered by ``submitted, id``. ``complexity`` is ln(1 + minutes) + n_steps + n_ingredients / 2. The
    codes of its terms stand in its row, so that those of a selection are counted without a look at all others.
    """
    nutrition = ", ".join(NUTRITION)
    kept_nutrition = ", ".join(f"k.{name}" for name in NUTRITION)
    make_first_years(con)
    con.execute(f"""
        CREATE OR REPLACE TABLE recipes AS
        SELECT id, name, contributor_id, submitted, year, month, CAST(day(submitted) AS TINYINT) AS day, weekday,
            weekday >= 6 AS is_weekend, season, minutes, n_steps, n_ingredients,
            ln(1e0 + minutes) + n_steps + 5e-1 * n_ingredients AS complexity, {nutrition},
            description_words, step_words, first_year_reviews, ingredient_codes, tag_codes
        FROM (
            SELECT k.line AS line, k.id AS id, k.name AS name, r.contributor_id AS contributor_id,
                k.submitted AS submitted, {calendar("k.submitted")}, CAST(k.minutes AS INTEGER) AS minutes,
                CAST(k.n_steps AS INTEGER) AS n_steps, CAST(k.n_ingredients AS INTEGER) AS n_ingredients,
                {kept_nutrition}, {words("r.description")} AS description_words, {mean_words("r.steps")} AS step_words
            FROM kept_recipes AS k JOIN raw.RAW_recipes AS r ON r.rowid = k.line) AS kept
        JOIN first_years USING (id) LEFT JOIN codes USING (line)
        ORDER BY submitted, id
    """)


def make_first_years(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table ``first_years``: the reviews of each kept recipe in the 365 days from its posting.

    Null where the reviews end before those days do, so that every count is of equally many days. A review dated before
    the recipe, of an earlier owner's perhaps, is not counted.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE first_years AS
        SELECT id, CASE WHEN submitted + 364 <= last THEN CAST(coalesce(n, 0) AS INTEGER) END AS first_year_reviews
        FROM kept_recipes
        CROSS JOIN (SELECT max(date) AS last FROM kept_full) AS reviewed
        LEFT JOIN (
            SELECT recipe_id AS id, count(*) AS n
            FROM kept_full JOIN (SELECT id AS recipe_id, submitted FROM kept_recipes) AS posted USING (recipe_id)
            WHERE date BETWEEN submitted AND submitted + 364 GROUP BY recipe_id) AS counted USING (id)
    """)


def make_reviews(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``reviews`` from the rows that the cleaning kept.

    One row a review of a source (``full``, ``train``), ordered by source, day, author and recipe. Authors and recipes
    get dense codes from 0, the same in both sources; ``rating`` is null where none was given (raw 0), ``words`` where
    there is no text, as in the whole training split.
    """
    tables = review_tables(con)
    people = " UNION ALL ".join(f"SELECT user_id, recipe_id FROM kept_{source}" for source in sorted(tables))
    for name in ("user", "recipe"):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE {name}_codes AS
            SELECT {name}_id, CAST(row_number() OVER (ORDER BY {name}_id) - 1 AS INTEGER) AS {name}_code
            FROM (SELECT DISTINCT {name}_id FROM ({people}) AS kept) AS known
        """)
    texts = {"full": words("r.review"), "train": "CAST(NULL AS INTEGER)"}
    kept = " UNION ALL ".join(
        f"""SELECT '{source}' AS source, k.user_id AS user_id, k.recipe_id AS recipe_id, k.date AS date,
            k.rating AS rating, {texts[source]} AS words
        FROM kept_{source} AS k JOIN {raw} AS r ON r.rowid = k.line"""
        for source, raw in sorted(tables.items())
    )
    con.execute(f"""
        CREATE OR REPLACE TABLE reviews AS
        SELECT source, user_id, recipe_id, user_code, recipe_code, date, {calendar("date")},
            CAST(nullif(rating, 0) AS TINYINT) AS rating, words
        FROM ({kept}) AS kept JOIN user_codes USING (user_id) JOIN recipe_codes USING (recipe_id)
        ORDER BY source, date, user_code, recipe_code, rating, words
    """)
    # Hardly any: who clusters by pairs of user and recipe need look at these alone.
    con.execute("""
        CREATE OR REPLACE TABLE repeated_reviews AS
        SELECT source, user_code, recipe_code, CAST(count(*) AS INTEGER) AS n
        FROM reviews WHERE rating IS NOT NULL GROUP BY source, user_code, recipe_code HAVING count(*) > 1
        ORDER BY source, user_code, recipe_code
    """)


def make_days(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``days``, one row for each day from the first to the last one of ``recipes`` and ``reviews``.

    Counted by any cut of time it gives the days of exposure: a month, a season or a weekday is covered so many days.
    """
    con.execute(f"""
        CREATE OR REPLACE TABLE days AS
        SELECT day, {calendar("day")}, isodow(day) >= 6 AS is_weekend
        FROM (
            SELECT CAST(unnest(generate_series(first, last, INTERVAL 1 DAY)) AS DATE) AS day
            FROM (SELECT min(day) AS first, max(day) AS last FROM (
                SELECT submitted AS day FROM recipes UNION ALL SELECT date AS day FROM reviews) AS dated) AS span
        ) AS covered
        ORDER BY day
    """)
