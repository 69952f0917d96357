"""How much of a year's variety hangs on each of its cooks: sums by year, kind of term and size of a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# A term that no cook could make rare is met in a sample with certainty, up to exp(-this).
CERTAIN = 25.0


def make_variety_cube(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``cube_variety`` from ``recipes`` and the terms they hold.

    For each kind of term, year, and sample as large as some year has recipes: the terms expected in so many recipes of
    the year that are lost with a cook, summed over the cooks, squared, and times the cook's recipes; and the same of
    the terms that the cook's recipes hold in all. From such sums comes the error of a number of terms where a cook's
    recipes are alike. A recipe of no known cook is its own.
    """
    _make_cooks(con)
    _make_shared(con)
    _make_lost(con)
    places = con.execute("SELECT count(*) FROM (SELECT DISTINCT recipes FROM year_cooks) AS samples").fetchone()
    lost = [f"sum(losses[{place}])" for place in range(1, (places or (0,))[0] + 1)]
    con.execute(f"""
        CREATE OR REPLACE TABLE cube_variety AS
        WITH samples AS (
            SELECT recipes AS sample, row_number() OVER (ORDER BY recipes) AS place
            FROM (SELECT DISTINCT recipes FROM year_cooks) AS sizes
        ), by_cook AS (
            SELECT kind, cook, [{", ".join(lost)}] AS losses
            FROM shared JOIN lost USING (year, own, every) GROUP BY kind, cook
        ), summed AS (
            SELECT kind, year, sample, sum(losses[place]) AS losses, sum(losses[place] * losses[place]) AS squares,
                sum(losses[place] * own) AS products
            FROM by_cook JOIN cooks USING (cook) JOIN year_cooks USING (year) JOIN samples ON sample <= recipes
            GROUP BY kind, year, sample
        )
        SELECT kind, CAST(year AS SMALLINT) AS year, CAST(sample AS INTEGER) AS sample, round(losses, 6) AS losses,
            round(squares, 6) AS squares, round(products, 6) AS products, named, named_squares, named_products, sizes,
            CAST(cooks AS INTEGER) AS cooks
        FROM summed JOIN lists USING (kind, year) JOIN year_cooks USING (year) ORDER BY kind, year, sample
    """)


def _make_cooks(con: duckdb.DuckDBPyConnection) -> None:
    """Give the cooks of each year numbers, and count their recipes and the terms of their recipes' lists."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE posted AS
        SELECT line, r.year AS year,
            CAST(dense_rank() OVER (ORDER BY r.year, coalesce(contributor_id, -id)) AS INTEGER) AS cook
        FROM recipes AS r JOIN kept_recipes USING (id)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE cooks AS
        SELECT year, cook, count(*) AS own FROM posted GROUP BY year, cook
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE year_cooks AS
        SELECT year, CAST(sum(own) AS BIGINT) AS recipes, count(*) AS cooks, CAST(sum(own * own) AS BIGINT) AS sizes,
            max(own) AS largest
        FROM cooks GROUP BY year
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE lists AS
        SELECT kind, year, CAST(sum(terms) AS BIGINT) AS named, CAST(sum(terms * terms) AS BIGINT) AS named_squares,
            CAST(sum(terms * own) AS BIGINT) AS named_products
        FROM (
            SELECT kind, cook, count(*) AS terms
            FROM held JOIN posted USING (line) JOIN term_codes USING (code) GROUP BY kind, cook
        ) AS of_cook JOIN cooks USING (cook)
        GROUP BY kind, year
    """)


def _make_shared(con: duckdb.DuckDBPyConnection) -> None:
    """Count for each term and cook of a year the recipes that hold it: `own` of `every` one."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE shared AS
        WITH rare AS (
            SELECT code, year, term_years.recipes AS every, kind
            FROM cube_term_years AS term_years JOIN year_cooks USING (year)
            WHERE (every - largest) * (SELECT min(recipes) FROM year_cooks) < {CERTAIN} * year_cooks.recipes
        )
        SELECT kind, year, cook, CAST(count(*) AS INTEGER) AS own, every
        FROM held JOIN posted USING (line) JOIN rare USING (code, year) GROUP BY kind, code, year, cook, every
    """)


def _make_lost(con: duckdb.DuckDBPyConnection) -> None:
    """Reckon for each sample the chance that it meets such a term in the recipes of that cook alone."""
    con.execute("""
        CREATE OR REPLACE TEMP MACRO missed(held, sample, recipes) AS
        CASE WHEN recipes - held < sample THEN 0.0::DOUBLE
        ELSE exp(lgamma(recipes - held + 1) - lgamma(recipes - held - sample + 1)
            - lgamma(recipes + 1) + lgamma(recipes - sample + 1)) END
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE lost AS
        WITH samples AS (
            SELECT DISTINCT recipes AS sample FROM year_cooks
        ), kinds AS (
            SELECT DISTINCT year, own, every FROM shared
        )
        SELECT year, own, every,
            list(missed(every - own, sample, recipes) - missed(every, sample, recipes) ORDER BY sample) AS losses
        FROM kinds JOIN year_cooks USING (year) JOIN samples ON sample <= recipes
        GROUP BY year, own, every
    """)
