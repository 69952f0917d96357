"""The pieces of SQL that several rooms write: a text, a count, rows of a dataclass, a table of a few columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import duckdb
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
SQL_TYPES = {
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "float": "DOUBLE",
    "str": "VARCHAR",
    "str | None": "VARCHAR",
    "datetime": "TIMESTAMP",
}


def text(value: str) -> str:
    """Write a text as a literal, where no value can be bound."""
    return "'" + value.replace("'", "''") + "'"


def count(con: duckdb.DuckDBPyConnection, table: str, where: str = "true") -> int:
    """Count the rows of a table that fulfil a condition."""
    return int(con.execute(f"SELECT count(*) AS n FROM {table} WHERE {where}").fetchall()[0][0])


def counts(con: duckdb.DuckDBPyConnection, schema: str) -> dict[str, int]:
    """Count the rows of each table of a schema, in the order of their names."""
    names = con.execute(f"""
        SELECT table_name FROM information_schema.tables WHERE table_schema = '{schema}' ORDER BY table_name
    """).fetchall()
    return {name: count(con, f'{schema}."{name}"') for (name,) in names}


def create(con: duckdb.DuckDBPyConnection, table: str, kind: type[DataclassInstance]) -> None:
    """Create the empty table of a dataclass, a column for each of its fields that holds a single value."""
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in _columns(kind).items())
    con.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[DataclassInstance]) -> None:
    """Append rows of one dataclass to its table."""
    if rows:
        # As lists: a hundred thousand rejects take the time of a hundred statements.
        lists = [[getattr(row, name) for row in rows] for name in _columns(type(rows[0]))]
        con.execute(f"INSERT INTO {table} SELECT {', '.join(['unnest(?)'] * len(lists))}", lists)


def select(con: duckdb.DuckDBPyConnection, kind: type[T], rest: str) -> tuple[T, ...]:
    """Read rows of a dataclass; `rest` names the table, the order and what else the query has after its columns."""
    rows = con.execute(f"SELECT {', '.join(_columns(kind))} {rest}").fetchall()
    return tuple(kind(*row) for row in rows)


def _columns(kind: type[DataclassInstance]) -> dict[str, str]:
    return {field.name: SQL_TYPES[str(field.type)] for field in fields(kind) if str(field.type) in SQL_TYPES}


def make_temporary(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """Make a temporary table of a few columns given as lists."""
    values = ", ".join(f"unnest(${name}) AS {name}" for name in columns)
    con.execute(f"CREATE TEMP TABLE {table} AS SELECT {values}", dict(columns))


@contextmanager
def one_thread(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run statements one after the other, for parallel sums of doubles differ from run to run."""
    threads = con.execute("SELECT current_setting('threads') AS threads").fetchall()[0][0]
    con.execute("SET threads = 1")
    try:
        yield
    finally:
        con.execute(f"SET threads = {int(threads)}")


def side_by_side(con: duckdb.DuckDBPyConnection, statements: Sequence[str]) -> None:
    """Run statements of which none needs another, two at once; each has one thread, for the same reason."""
    schema = con.execute("SELECT current_schema() AS schema").fetchall()[0][0]

    def run(statement: str) -> None:
        with closing(con.cursor()) as lane:  # which begins in the main schema
            lane.execute(f"SET schema = {text(schema)}")
            lane.execute(statement)

    with one_thread(con), ThreadPoolExecutor(2) as pool:
        running = [pool.submit(run, statement) for statement in statements]
        try:
            for each in running:
                each.result()
        finally:  # of what has not begun, where one fails or the build is stopped
            pool.shutdown(cancel_futures=True)
