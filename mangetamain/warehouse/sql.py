"""The pieces of SQL that several rooms write: a text, a count, rows of a dataclass, a table of a few columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import duckdb
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


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


def columns_of(kind: type[DataclassInstance], *without: str) -> list[str]:
    """Name the columns in which rows of a dataclass are stored, one a field."""
    return [field.name for field in fields(kind) if field.name not in without]


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[DataclassInstance], *without: str) -> None:
    """Append rows of one dataclass to a table that has a column for each field, in their order."""
    # As lists: DuckDB takes a hundred thousand rows so in the time of a hundred statements.
    values = [[getattr(row, name) for name in columns_of(type(row), *without)] for row in rows]
    if values:
        lists = [list(column) for column in zip(*values, strict=True)]
        con.execute(f"INSERT INTO {table} SELECT {', '.join(['unnest(?)'] * len(lists))}", lists)


def select(con: duckdb.DuckDBPyConnection, kind: type[T], rest: str, *without: str) -> tuple[T, ...]:
    """Read rows of a dataclass; `rest` names the table, the order and what else the query has after its columns."""
    query = f"SELECT {', '.join(columns_of(kind, *without))} {rest}"
    return tuple(kind(*row) for row in con.execute(query).fetchall())


def make_temporary(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """Make a temporary table of a few columns given as lists."""
    values = ", ".join(f"unnest(${name}) AS {name}" for name in columns)
    con.execute(f"CREATE TEMP TABLE {table} AS SELECT {values}", dict(columns))
