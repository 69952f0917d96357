"""The records that could not be loaded, and the sums that prove that none is missing."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from mangetamain.errors import BadSource
from mangetamain.language import Number, plural, say
from mangetamain.warehouse import sql
from mangetamain.warehouse.ingest.readings import Reading

MOST_TEXT_LETTERS = 500  # of a rejected text: enough to find it in its file by
SPARE_REJECTS = 10_000  # rejects beyond what is accepted, after which the rest is not looked for


@dataclass(frozen=True)
class Reject:
    """A record that was not loaded.

    Parameters
    ----------
    file
        The file's name.
    line
        The line on which the record starts; in a Parquet file, its row, from 1.
    column_name
        The first column at fault, unless the whole record is.
    reason
        Why, in English: a key of the translations.
    text
        The offending text, or its beginning.
    """

    file: str
    line: int
    column_name: str | None
    reason: str
    text: str

    def __post_init__(self) -> None:
        """Keep the beginning of a text alone: a file may be rejected for many long ones."""
        object.__setattr__(self, "text", self.text[:MOST_TEXT_LETTERS])


@dataclass(frozen=True)
class RowCount:
    """The accounting of one file.

    Parameters
    ----------
    tbl
        The official table.
    file
        The file's name.
    records
        Data records in the file, counted from its bytes; rows without a single value are none.
    loaded
        Records that are rows of the table now.
    rejected
        Records that are in `rejects`.
    """

    tbl: str
    file: str
    records: int
    loaded: int
    rejected: int


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables `rejects`, `row_counts` and `readings`, and the schema of the raw tables."""
    con.execute("CREATE SCHEMA IF NOT EXISTS raw")
    for table, kind in (("rejects", Reject), ("row_counts", RowCount), ("readings", Reading)):
        sql.create(con, f"main.{table}", kind)


def check_sum(count: RowCount) -> None:
    """Hold the sum of a file: every record is a row or a reject.

    Raises
    ------
    BadSource
        A record is missing or counted twice.
    """
    if count.records != count.loaded + count.rejected:
        raise BadSource(
            "The records of {file} do not add up: {records} found, {loaded} loaded, {rejected} rejected.",
            file=count.file, records=count.records, loaded=count.loaded, rejected=count.rejected)  # fmt: skip


def refuse_too_many(rejected: int, records: int, first: Reject, max_rejects: float) -> None:
    """Refuse a file of which too large a share was rejected.

    Raises
    ------
    BadSource
        The share of rejected records is above `max_rejects`.
    """
    share = rejected / records
    if share > max_rejects:
        where = say("column {name}", name=first.column_name) if first.column_name else say("the whole record")
        raise BadSource(
            plural(
                "{file}: {rejected} of {n} record ({share}) cannot be loaded, at most {most} are accepted; the "
                "first is on line {line}, {where}: {reason} ({text})",
                "{file}: {rejected} of {n} records ({share}) cannot be loaded, at most {most} are accepted; the "
                "first is on line {line}, {where}: {reason} ({text})",
            ),
            file=first.file,
            rejected=rejected,
            n=records,
            share=Number(share, 1, percent=True),
            most=Number(max_rejects, 1, percent=True),
            line=str(first.line),
            where=where,
            reason=say(first.reason),
            text=" ".join(first.text[:80].split()),
        )
