"""What was read otherwise than it stood in a file: nothing of it may happen without a word."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from mangetamain.language import N_
from mangetamain.warehouse import sql

EMPTY, NO_RATING = N_("empty"), N_("no rating given (0)")
MISSING_WORD = N_("a word for “missing”, such as nan")
DECIMALS, WHOLE = N_("a whole number with decimals, such as 5.0"), N_("the whole number")
INDEX, NO_VALUE, PASSED = N_("an index column"), N_("rows and lines without a value"), N_("passed over")
RETURNS, LINE_ENDS = N_("carriage returns alone"), N_("line ends")
NOT_ISO = N_("dates not written as 2005-09-16")


@dataclass(frozen=True)
class Reading:
    """One thing that was read otherwise than written.

    Parameters
    ----------
    file
        The file's name.
    column_name
        The column, unless it concerns whole rows.
    found
        What stood there, in English: a key of the translations.
    read_as
        What it was taken for, likewise.
    records
        How many records, or lines, it concerns.
    """

    file: str
    column_name: str | None
    found: str
    read_as: str
    records: int


def read(con: duckdb.DuckDBPyConnection) -> tuple[Reading, ...]:
    """Read what was read otherwise, by file; nothing where a warehouse is older than this table."""
    known = sql.count(con, "information_schema.tables", "table_name = 'readings'")
    return sql.select(con, Reading, "FROM readings ORDER BY ALL") if known else ()
