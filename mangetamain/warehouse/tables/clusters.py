"""How ratings hang together: sums over users, recipes and pairs of both, of a year and of every two years."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# The measures of ratings in whole numbers, so that no order of adding matters.
VALUES = {"rating": "rating", "five": "CAST(rating = 5 AS INTEGER)", "low": "CAST(rating <= 2 AS INTEGER)"}
# What ratings are clustered by. Hardly any user rates a recipe twice: other pairs need no looking for.
REPEATED = "(source, user_code, recipe_code) IN (SELECT (source, user_code, recipe_code) FROM repeated_reviews)"
CLUSTERS = {
    "user": ("user_code", "TRUE"),
    "recipe": ("recipe_code", "TRUE"),
    "pair": ("user_code, recipe_code", REPEATED),
}


def make_cluster_cube(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``cube_clusters`` from ``reviews`` and ``repeated_reviews``.

    What a cluster's ratings of a span come to is the sum over its years, and the square of that the sum of the products
    of each two of them. So for each source and kind of cluster it holds the products of a year with itself and, for
    both orders, with each later one, summed over the clusters: those of a span's years add up to its sums of squares.
    The number of clusters adds up likewise: a year counts those that rate in it, and two years take away those that
    rate in both and in none between.
    """
    columns = ("clusters", "n_2", *(f"{value}_{by}" for value in VALUES for by in ("n", "2")))
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in columns)
    ways = " UNION ALL ".join([*(_crossed(name, *rows) for name, rows in CLUSTERS.items()), _single()])
    con.execute(f"""
        CREATE OR REPLACE TABLE cube_clusters AS
        SELECT source, cluster, year, other, {sums} FROM ({ways}) AS ways
        GROUP BY source, cluster, year, other ORDER BY source, cluster, year, other
    """)


def _crossed(name: str, key: str, kept: str) -> str:
    """Write the sums over clusters of a kind, for each two years in which one rates, or one with itself."""
    values = ", ".join(f"CAST(sum({sql}) AS DOUBLE) AS {value}" for value, sql in VALUES.items())
    times = "CASE WHEN a.year = b.year THEN 1 ELSE 2 END"
    products = ", ".join(
        f"{times} * sum(a.n * b.{value} + b.n * a.{value}) / 2 AS {value}_n, "
        f"{times} * sum(a.{value} * b.{value}) AS {value}_2"
        for value in VALUES
    )
    return f"""(
        WITH yearly AS MATERIALIZED (
            SELECT source, {key}, year, CAST(count(*) AS DOUBLE) AS n, {values},
                lead(year) OVER (PARTITION BY source, {key} ORDER BY year) AS next
            FROM reviews WHERE rating IS NOT NULL AND {kept} GROUP BY source, {key}, year
        )
        SELECT source, '{name}' AS cluster, a.year AS year, b.year AS other,
            sum(CASE WHEN a.year = b.year THEN 1 WHEN a.next = b.year THEN -1 ELSE 0 END) AS clusters,
            {times} * sum(a.n * b.n) AS n_2, {products}
        FROM yearly AS a JOIN yearly AS b USING (source, {key})
        WHERE a.year <= b.year GROUP BY source, a.year, b.year)"""


def _single() -> str:
    """Write the same for pairs of one rating, each its own square."""
    products = ", ".join(f"sum({sql}) AS {value}_n, sum({sql} * {sql}) AS {value}_2" for value, sql in VALUES.items())
    return f"""(
        SELECT source, 'pair' AS cluster, year, year AS other, count(*) AS clusters, count(*) AS n_2, {products}
        FROM reviews WHERE rating IS NOT NULL AND NOT {REPEATED} GROUP BY source, year)"""
