"""Loads the official files into typed tables, with every record accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from mangetamain.errors import BadSource
from mangetamain.language import say
from mangetamain.warehouse.ingest import readings, rejects, staging
from mangetamain.warehouse.ingest.csv_file import stage_csv
from mangetamain.warehouse.ingest.file_errors import READ_ERRORS, is_ours, unreadable
from mangetamain.warehouse.ingest.mending import Mended, Mender
from mangetamain.warehouse.ingest.parquet_file import stage_parquet
from mangetamain.warehouse.ingest.readings import Reading
from mangetamain.warehouse.ingest.rejects import RowCount
from mangetamain.warehouse.ingest.staging import NoRecord, Staged
from mangetamain.warehouse.schema import NUTRITION, TABLES, UNITS, Table
from mangetamain.warehouse.sources import Source

MAX_REJECTS = 0.01


def load(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    progress: Callable[[str], None] | None = None,
    max_rejects: float = MAX_REJECTS,
) -> list[RowCount]:
    """Load every file of a source into schema `raw`, and what could not be loaded into `rejects`.

    Parameters
    ----------
    con
        A connection to the warehouse being built, outside any transaction.
    source
        The files.
    progress
        Told what is being done.
    max_rejects
        The share of a file's records, in [0, 1], that may be rejected.

    Returns
    -------
    list of RowCount
        The accounting of each file, in the order of the tables; also in the table `row_counts`.

    Raises
    ------
    BadSource
        A file is unreadable or empty, its header is not the official one, too many of its records are rejected, or
        its records do not add up.
    """
    rejects.create(con)
    # A record's place in the file is its rowid only as long as order is kept.
    con.execute("SET preserve_insertion_order = true")
    return [count for table in TABLES.values() for count in _load_table(con, table, source, progress, max_rejects)]


def _load_table(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    source: Source,
    progress: Callable[[str], None] | None,
    max_rejects: float,
) -> list[RowCount]:
    """Load the file of a table, or its parts one after the other; a part may be empty, though not all of them."""
    paths, counts = source.files.get(table.name, []), []
    for path in paths:
        if progress:
            progress(str(say("Loading {file}", file=path.name)))
        try:
            counts.append(_load(con, table, path, source.scratch, max_rejects))
        except NoRecord:
            if path == paths[-1] and not counts:
                raise
            con.execute(f"DROP TABLE IF EXISTS raw.{table.name}")
        else:
            _append(con, table, first=len(counts) == 1)
    if counts:
        con.execute(f'ALTER TABLE raw."{table.name} loaded" RENAME TO {table.name}')
        _comment(con, table)
    return counts


def _append(con: duckdb.DuckDBPyConnection, table: Table, *, first: bool) -> None:
    """Put what was just loaded behind what was loaded before it."""
    loaded, whole = f"raw.{table.name}", f"{table.name} loaded"
    if first:
        con.execute(f'ALTER TABLE {loaded} RENAME TO "{whole}"')
    else:
        con.execute(f'INSERT INTO raw."{whole}" FROM {loaded}')
        con.execute(f"DROP TABLE {loaded}")


def _load(con: duckdb.DuckDBPyConnection, table: Table, path: Path, scratch: Path, max_rejects: float) -> RowCount:
    """Load one file."""
    try:
        if path.suffix == ".parquet":
            staged = stage_parquet(con, table, path)
        else:
            staged = stage_csv(con, table, path, scratch, max_rejects)
        before = len(staged.rejects)
        mended = Mender(con, table, path.name, staged.lines, staged.records, before, max_rejects).run()
    except READ_ERRORS as error:
        if is_ours(error):
            raise
        raise unreadable(path.name, error) from error
    return _account(con, table, path.name, staged, mended, max_rejects)


def _account(
    con: duckdb.DuckDBPyConnection, table: Table, file: str, staged: Staged, mended: Mended, max_rejects: float
) -> RowCount:
    """Write what became of each record of a file, and hold the sum."""
    records = staged.records - mended.blank
    if not records:
        raise NoRecord(file)
    bad = sorted(staged.rejects + mended.rejects, key=lambda reject: reject.line)
    if bad:
        rejects.refuse_too_many(len(bad), records, bad[0], max_rejects)
    count = RowCount(table.name, file, records, staging.count(con, table), len(bad))
    _check(count)
    rejects.save(con, bad, count)
    if blank := staged.blank + mended.blank:
        staged.readings.append(Reading(file, None, readings.NO_VALUE, readings.PASSED, blank))
    readings.save(con, staged.readings + mended.readings)
    _comment(con, table)
    return count


def _check(count: RowCount) -> None:
    """Hold the sum: every record is a row or a reject."""
    if count.records != count.loaded + count.rejected:
        raise BadSource(
            "{file}: {records} records were counted, but {loaded} loaded and {rejected} rejected",
            file=count.file,
            records=count.records,
            loaded=count.loaded,
            rejected=count.rejected,
        )


def _comment(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write the units of a table's columns beside them."""
    names = [*table.header, *(NUTRITION if "nutrition" in table.header else ())]
    for name in names:
        if name in UNITS:
            con.execute(f"COMMENT ON COLUMN raw.{table.name}.{name} IS '{UNITS[name]}'")
