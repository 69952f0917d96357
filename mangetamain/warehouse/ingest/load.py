"""Loads the official files into typed tables, with every record accounted for."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from mangetamain.language import say
from mangetamain.warehouse import sql
from mangetamain.warehouse.ingest import readings, rejects
from mangetamain.warehouse.ingest.csv_file import stage_csv
from mangetamain.warehouse.ingest.file_errors import READ_ERRORS, is_ours, unreadable
from mangetamain.warehouse.ingest.mending import Mender
from mangetamain.warehouse.ingest.parquet_file import stage_parquet
from mangetamain.warehouse.ingest.readings import Reading
from mangetamain.warehouse.ingest.rejects import RowCount
from mangetamain.warehouse.ingest.staging import FileLoad, NoRecord, Staged
from mangetamain.warehouse.schema import TABLES, Table
from mangetamain.warehouse.sources import Source

MAX_REJECTS = 0.01  # of a file's records; one with more is another file, or was spoiled on its way


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
    counts: list[RowCount] = []
    for table in TABLES.values():
        paths = source.files.get(table.name, [])
        loads = [FileLoad(con, table, path, path.name, source.scratch, max_rejects) for path in paths]
        counts += _load_table(table, loads, progress)
    return counts


def _load_table(table: Table, loads: list[FileLoad], progress: Callable[[str], None] | None) -> list[RowCount]:
    """Load the file of a table, or its parts one after the other; a part may be empty, though not all of them."""
    counts: list[RowCount] = []
    for load in loads:
        if progress:
            progress(str(say("Loading {file}", file=load.file)))
        try:
            counts.append(_load(load))
        except NoRecord:
            if load is loads[-1] and not counts:
                raise
            load.con.execute(f"DROP TABLE IF EXISTS {load.raw}")
            continue
        if len(counts) == 1:
            load.con.execute(f'ALTER TABLE {load.raw} RENAME TO "{table.name} loaded"')
        else:
            load.con.execute(f'INSERT INTO raw."{table.name} loaded" FROM {load.raw}')
            load.con.execute(f"DROP TABLE {load.raw}")
    if counts:
        loads[0].con.execute(f'ALTER TABLE raw."{table.name} loaded" RENAME TO {table.name}')
    return counts


def _load(load: FileLoad) -> RowCount:
    """Load one file."""
    try:
        staged = stage_parquet(load) if load.path.suffix == ".parquet" else stage_csv(load)
        Mender(load, staged).run()
    except READ_ERRORS as error:
        if is_ours(error):
            raise
        raise unreadable(load.file, error) from error
    return _account(load, staged)


def _account(load: FileLoad, staged: Staged) -> RowCount:
    """Write what became of each record of a file, and hold the sum."""
    if not staged.records:
        raise NoRecord(load.file)
    bad = sorted(staged.rejects, key=lambda reject: reject.line)
    if bad:
        rejects.refuse_too_many(len(bad), staged.records, bad[0], load.max_rejects)
    count = RowCount(load.table.name, load.file, staged.records, sql.count(load.con, load.raw), len(bad))
    rejects.check_sum(count)
    if staged.blank:
        staged.readings.append(Reading(load.file, None, readings.NO_VALUE, readings.PASSED, staged.blank))
    for table, rows in (("rejects", bad), ("row_counts", [count]), ("readings", staged.readings)):
        sql.insert(load.con, f"main.{table}", rows)
    return count
