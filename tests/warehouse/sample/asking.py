"""A synthetic sample in memory, and what is asked of one."""

from __future__ import annotations

import duckdb

from mangetamain.warehouse.sample.make import write_raw
from mangetamain.warehouse.schema import OFFICIAL_ROWS

SIZE = 20_000
FULL = OFFICIAL_ROWS["RAW_recipes"]
# The published cleaning, written anew: polars' quantile takes the nearest of the sorted values.
KEPT = """
    CREATE TEMP TABLE kept AS
    WITH timed AS (FROM raw.RAW_recipes WHERE minutes BETWEEN 1 AND 180),
        bounds AS (
            SELECT list_sort(list(n_steps)) AS s, list_sort(list(n_ingredients)) AS i,
                CAST(round((count(*) - 1) * 0.025) AS BIGINT) + 1 AS low,
                CAST(round((count(*) - 1) * 0.975) AS BIGINT) + 1 AS high
            FROM timed
        )
    SELECT timed.* FROM timed, bounds
    WHERE n_steps BETWEEN s[low] AND s[high] AND n_ingredients BETWEEN i[low] AND i[high] AND name IS NOT NULL
"""
REGULAR_YEARS = "year(submitted) BETWEEN 2001 AND 2013"


def make(recipes: int, seed: int = 1999, threads: int = 2) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": threads})
    con.execute("SET enable_progress_bar = false")
    write_raw(con, recipes, seed)
    return con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return con.execute(sql).fetchall()


def one(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    return rows(con, sql)[0][0]


def share(con: duckdb.DuckDBPyConnection, term: str, years: str, of: str = "ingredients") -> float:
    return one(con, f"SELECT avg(CAST(list_contains({of}, '{term}') AS INTEGER)) FROM kept WHERE {years}")


def level(con: duckdb.DuckDBPyConnection, where: str, table: str = "interactions_train") -> float:
    return one(con, f"SELECT avg(rating) FROM raw.{table} WHERE rating > 0 AND {where}")
