"""How the recipes of each term are rated, and how its recipes and ratings hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# The published analysis left out rarer terms; our questions do too, so that both speak of the same family.
LEAST = 50
STARS = {"one": "= 1", "two": "= 2", "three": "= 3", "four": "= 4", "five": "= 5", "unrated": "IS NULL"}
# How many of some reviews give so many stars, and how many none.
COUNTS = ", ".join(f"CAST(count(*) FILTER (rating {stars}) AS INTEGER) AS {name}" for name, stars in STARS.items())


def make_term_ratings(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``cube_term_ratings`` and ``cube_term_clusters`` from ``recipe_terms``, ``recipes`` and ``reviews``.

    Reviews are counted by recipe first: each has some twenty-five terms. ``cube_term_year_ratings`` adds them up by
    year, for whole families are read: it has a seventh of the rows. How a term's recipes hang together through their
    cooks, and its ratings through its recipes, is kept of all years together: their number of pairs.
    """
    sums = ", ".join(f"CAST(sum({name}) AS INTEGER) AS {name}" for name in STARS)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE frequent AS
        SELECT id AS recipe, code FROM held JOIN kept_recipes USING (line)
        WHERE code IN (SELECT code FROM held GROUP BY code HAVING count(*) >= {LEAST})
    """)
    con.execute(f"""
        CREATE OR REPLACE TABLE cube_term_ratings AS
        SELECT kind, term, code, year, season, is_weekend, {", ".join(STARS)} FROM (
            SELECT code, year, season, is_weekend, {sums}
            FROM frequent JOIN (
                SELECT recipe_id AS recipe, year, season, weekday >= 6 AS is_weekend, {COUNTS}
                FROM reviews WHERE source = 'full' GROUP BY ALL) AS counted USING (recipe)
            GROUP BY code, year, season, is_weekend) AS summed
        JOIN term_codes USING (code)
        ORDER BY kind, term, year, season, is_weekend
    """)
    con.execute(f"""
        CREATE OR REPLACE TABLE cube_term_year_ratings AS
        SELECT kind, term, code, year, {sums} FROM cube_term_ratings
        GROUP BY kind, term, code, year ORDER BY kind, term, year
    """)
    con.execute("""
        CREATE OR REPLACE TABLE cube_term_clusters AS
        WITH rated AS (
            SELECT recipe_id AS recipe, count(*) AS n FROM reviews
            WHERE source = 'full' AND rating IS NOT NULL GROUP BY recipe_id
        ), of_cooks AS (
            SELECT code, sum(n) AS recipes, sum(n * n) AS cooks_2 FROM (
                SELECT code, coalesce(contributor_id, -id) AS cook, count(*) AS n
                FROM frequent JOIN recipes ON id = recipe GROUP BY code, cook) AS cooks
            GROUP BY code
        ), of_recipes AS (
            SELECT code, sum(n) AS ratings, sum(n * n) AS recipes_2
            FROM frequent JOIN rated USING (recipe) GROUP BY code
        )
        SELECT kind, term, code, CAST(recipes AS INTEGER) AS recipes, CAST(cooks_2 AS BIGINT) AS cooks_2,
            CAST(coalesce(ratings, 0) AS INTEGER) AS ratings, CAST(coalesce(recipes_2, 0) AS BIGINT) AS recipes_2
        FROM of_cooks LEFT JOIN of_recipes USING (code) JOIN term_codes USING (code)
        ORDER BY kind, term
    """)
