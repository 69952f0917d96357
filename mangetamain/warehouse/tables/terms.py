"""Which recipe holds which ingredient and tag, each spelling under its term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mangetamain.warehouse.tables.enrich import SEASONS, calendar
from mangetamain.warehouse.tables.vocabulary import make_vocabulary

if TYPE_CHECKING:
    import duckdb


def make_terms(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``vocabulary``, ``term_codes`` and ``recipe_terms`` from the lists of the kept recipes.

    Temporary tables are made on the way: ``item_years``, ``item_parts`` and ``held`` for the cubes of terms, ``codes``,
    the lists of each recipe, for ``recipes``.
    """
    _make_items(con)
    make_vocabulary(con)
    make_recipe_terms(con)


def make_recipe_terms(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``recipe_terms``, each recipe once a term, ordered by kind, term and recipe.

    The recipes of a term lie together, so that the engine reads them alone: a selection of the commonest term among
    200,000 recipes is read in 2 ms.
    """
    # Numbers instead of names: the distinct pairs of recipe and term are millions.
    con.execute("""
        CREATE OR REPLACE TABLE term_codes AS
        SELECT kind, term, CAST(row_number() OVER (ORDER BY kind, term) AS INTEGER) AS code
        FROM (SELECT DISTINCT kind, term FROM vocabulary) AS terms ORDER BY kind, term
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE held AS
        SELECT DISTINCT code, line FROM items JOIN item_terms USING (kind, item) JOIN term_codes USING (kind, term)
    """)
    con.execute("""
        CREATE OR REPLACE TABLE recipe_terms AS
        SELECT id AS recipe, kind, term
        FROM held JOIN kept_recipes USING (line) JOIN term_codes USING (code)
        ORDER BY code, id
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE codes AS
        SELECT line, list(code ORDER BY code) FILTER (kind = 'ingredient') AS ingredient_codes,
            list(code ORDER BY code) FILTER (kind = 'tag') AS tag_codes
        FROM held JOIN term_codes USING (code) GROUP BY line
    """)


def _make_items(con: duckdb.DuckDBPyConnection) -> None:
    lists = " UNION ALL ".join(
        f"""SELECT '{kind}' AS kind, k.line AS line, {calendar("k.submitted")}, unnest(r.{kind}s) AS item
        FROM kept_recipes AS k JOIN raw.RAW_recipes AS r ON r.rowid = k.line"""
        for kind in ("ingredient", "tag")
    )
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE items AS
        SELECT kind, line, year, season, weekday, item FROM ({lists}) AS lists WHERE item IS NOT NULL
    """)
    seasons = ", ".join(f"count(*) FILTER (season = '{season}') AS {season}" for season in SEASONS)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE item_years AS
        SELECT kind, item, year, count(*) AS occurrences, {seasons}, count(*) FILTER (weekday >= 6) AS weekend
        FROM items GROUP BY kind, item, year
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE item_counts AS
        SELECT kind, item, CAST(sum(occurrences) AS BIGINT) AS occurrences FROM item_years GROUP BY kind, item
    """)
