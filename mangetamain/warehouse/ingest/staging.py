"""Reads a file into its typed table, keeping the text of whatever did not fit beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from mangetamain.errors import BadSource
from mangetamain.language import N_
from mangetamain.warehouse import sql
from mangetamain.warehouse.ingest.date_orders import ISO
from mangetamain.warehouse.ingest.header import is_index
from mangetamain.warehouse.ingest.list_literals import PLAIN, PLAIN_SMALL
from mangetamain.warehouse.ingest.readings import Reading
from mangetamain.warehouse.ingest.rejects import Reject
from mangetamain.warehouse.schema import NUTRITION, Column, Table

_INTEGER = r"-?[0-9]{1,18}(?:\.0+)?"  # so many digits always fit a BIGINT


@dataclass(frozen=True)
class FileLoad:
    """One file on its way into its table.

    Parameters
    ----------
    con
        The warehouse being built.
    table
        The official table.
    path
        The file, or the copy of it that is read.
    file
        Its name, for people.
    scratch
        A folder for copies of a file that cannot be read as it is.
    max_rejects
        The share of its records, in [0, 1], that may be rejected.
    """

    con: duckdb.DuckDBPyConnection
    table: Table
    path: Path
    file: str
    scratch: Path
    max_rejects: float

    @property
    def raw(self) -> str:
        """Name the raw table."""
        return f"raw.{self.table.name}"


@dataclass
class Staged:
    """What became of a file's records so far; mending takes more of them out.

    Parameters
    ----------
    lines
        The line of each staged record, or its row.
    records
        Records in the file, staged or rejected.
    rejects
        Those that could not be staged.
    blank
        Lines without a value, which are no records.
    readings
        What was read otherwise than written.
    """

    lines: Sequence[int] | NDArray[np.int64]
    records: int
    rejects: list[Reject] = field(default_factory=list)
    blank: int = 0
    readings: list[Reading] = field(default_factory=list)


class NoRecord(BadSource):
    """A file with a header and nothing else: more likely a mistake than a truth, unless it is one part of many."""

    def __init__(self, file: str) -> None:
        super().__init__(N_("{file} holds a header and no record"), file=file)


MARKS = ("_faults", "_blank", "_decimals")


def stage(con: duckdb.DuckDBPyConnection, table: Table, texts: str) -> None:
    """Fill the raw table, with more columns, those of `MARKS`, for the second reading.

    Parameters
    ----------
    con
        The warehouse being built.
    table
        The official table.
    texts
        A query of its columns, each a text.

    Notes
    -----
    `_faults` has the texts that could not be converted, NULL where all could. `_blank` says that a row holds no value.
    `_decimals` has a bit for each column of `counted`: whether its whole number was written with decimals.
    """
    values = ", ".join(f"{_value(column)} AS {column.name}_value" for column in table.columns)
    typed = ", ".join(_typed(column) for column in table.columns)
    faults = ", ".join(f"{column.name} := {_fault(column)}" for column in table.columns if column.kind != "text")
    anything = " OR ".join(f"({_fault(column)}) IS NOT NULL" for column in table.columns if column.kind != "text")
    blank = f"coalesce({', '.join(table.header)}) IS NULL"
    decimals = " + ".join(
        f"CASE WHEN contains({column.name}, '.') THEN {1 << bit} ELSE 0 END"
        for bit, column in enumerate(counted(table))
    )
    con.execute(
        f"CREATE OR REPLACE TABLE raw.{table.name} AS "
        f"SELECT {typed}, CASE WHEN NOT ({blank}) AND ({anything}) THEN struct_pack({faults}) END AS _faults, "
        f"{blank} AS _blank, ({decimals})::UTINYINT AS _decimals "
        f"FROM (SELECT *, {values} FROM ({texts}))"
    )


def counted(table: Table) -> list[Column]:
    """List the columns of which it is told how many whole numbers are written with decimals."""
    return [column for column in table.columns if column.kind == "integer" and not column.decimals]


def csv_texts(path: Path, header: list[str]) -> str:
    """Write the query that reads a CSV file's columns as texts."""
    # An index column is read, by a name of its own, and left out.
    names = [f"_index{place}" if is_index(header, place) else name for place, name in enumerate(header)]
    columns = ", ".join(f"{sql.text(name)}: 'VARCHAR'" for name in names)
    return (
        f"SELECT {', '.join(name for name in names if not name.startswith('_index'))} "
        f"FROM read_csv({path_literal(path)}, columns = {{{columns}}}, header = true, delim = ',', quote = '\"', "
        "escape = '\"', auto_detect = false, hive_partitioning = false)"
    )


def _value(column: Column) -> str:
    """Convert a column's text where it is written exactly as it should be."""
    name = column.name
    if column.kind == "text":
        return name
    if column.kind == "integer":
        fits = f"regexp_full_match({name}, '{_INTEGER}')"
    elif column.kind == "date":
        fits = f"regexp_full_match({name}, '{ISO}')"
    else:
        plain = PLAIN_SMALL if column.sql_type == "TINYINT[]" else PLAIN[column.kind]
        fits = f"regexp_full_match({name}, {sql.text(plain)})"
    return f"CASE WHEN {fits} THEN try_cast({name} AS {column.sql_type}) END"


def _typed(column: Column) -> str:
    if column.kind == "nutrition":
        return ", ".join(f"nutrition_value[{place}] AS {name}" for place, name in enumerate(NUTRITION, 1))
    return f"{column.name}_value AS {column.name}"


def _fault(column: Column) -> str:
    """Return the text of a column that did not fit, else NULL; an empty text where one is required."""
    name = column.name
    wrong = f"{name}_value IS NULL"
    if column.bounds:
        wrong = f"({wrong} OR {name}_value NOT BETWEEN {column.bounds[0]} AND {column.bounds[1]})"
    if column.required:
        return f"CASE WHEN {wrong} THEN coalesce({name}, '') END"
    return f"CASE WHEN {wrong} THEN {name} END"


def path_literal(path: Path) -> str:
    """Write a path as an SQL text that DuckDB takes for this one file, whatever characters its name has."""
    # DuckDB takes it for a pattern, in which a class of one character is that character.
    return sql.text("".join(f"[{mark}]" if mark in "*?[" else mark for mark in str(path)))
