"""Loads the official files into typed tables, with every record accounted for."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import duckdb

from mangetamain.errors import BadSource
from mangetamain.language import say
from mangetamain.warehouse import mending, rejects, staging
from mangetamain.warehouse.header import check_header, read_header
from mangetamain.warehouse.rejects import RowCount
from mangetamain.warehouse.scan import Scan, scan
from mangetamain.warehouse.schema import NUTRITION, TABLES, UNITS, Table
from mangetamain.warehouse.sift import Sifted, sift
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
    counts = []
    for name, table in TABLES.items():
        if path := source.files.get(name):
            if progress:
                progress(str(say("Loading {file}", file=path.name)))
            counts.append(_load(con, table, path, source.scratch, max_rejects))
    return counts


def _load(con: duckdb.DuckDBPyConnection, table: Table, path: Path, scratch: Path, max_rejects: float) -> RowCount:
    """Load one file."""
    read = _load_parquet if path.suffix == ".parquet" else _load_csv
    try:
        lines, bad, records = read(con, table, path, scratch)
        bad += mending.Mender(con, table, path.name, lines, records, len(bad), max_rejects).run()
    except (OSError, EOFError, zlib.error, duckdb.Error) as error:
        raise BadSource(
            "{file} cannot be read: {reason}", file=path.name, reason=str(error).partition("\n")[0][:200]
        ) from error
    if bad:
        bad.sort(key=lambda reject: reject.line)
        rejects.hold(len(bad), records, bad[0], max_rejects)
    count = RowCount(table.name, path.name, records, staging.count(con, table), len(bad))
    _check(count)
    rejects.save(con, bad, count)
    _comment(con, table)
    return count


def _load_csv(
    con: duckdb.DuckDBPyConnection, table: Table, path: Path, scratch: Path
) -> tuple[list[int], list[rejects.Reject], int]:
    """Stage a CSV file; return the line of each staged record, the rejects and how many records there are."""
    header = read_header(path, table)
    found = scan(path, table.opening)
    if found.sound and _staged_whole(con, table, path, header, found):
        _refuse_none(path, found.records)
        return found.lines[1:].tolist(), [], found.records
    scratch.mkdir(parents=True, exist_ok=True)
    copy = scratch / f"{table.name}.csv"
    try:
        kept = sift(path, path.name, table.opening, len(header), copy)
        staging.stage(con, table, staging.csv_texts(copy, header))
    finally:
        copy.unlink(missing_ok=True)
    _check_sifted(path.name, kept, found, staging.count(con, table))
    records = len(kept.lines) + len(kept.rejects)
    _refuse_none(path, records)
    return kept.lines, kept.rejects, records


def _refuse_none(path: Path, records: int) -> None:
    """Refuse a file without a record: it is more likely a mistake than a truth."""
    if not records:
        raise BadSource("{file} holds a header and no record", file=path.name)


def _staged_whole(con: duckdb.DuckDBPyConnection, table: Table, path: Path, header: list[str], found: Scan) -> bool:
    """Stage a sound file directly; tell whether every record counted in its bytes arrived, once."""
    try:
        staging.stage(con, table, staging.csv_texts(path, header))
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        # A record of another width, a text that is not UTF-8: to be found record by record.
        return False
    return staging.count(con, table) == found.records


def _check_sifted(file: str, kept: Sifted, found: Scan, staged: int) -> None:
    """Hold a sifted file against the lines counted in its bytes and the rows that were staged."""
    if kept.physical != found.physical or staged != len(kept.lines):
        raise BadSource(
            "{file}: {lines} lines hold {kept} sound records, of which {staged} were read: it is too damaged to load",
            file=file,
            lines=found.physical,
            kept=len(kept.lines),
            staged=staged,
        )


def _load_parquet(
    con: duckdb.DuckDBPyConnection, table: Table, path: Path, scratch: Path
) -> tuple[list[int], list[rejects.Reject], int]:
    """Stage a Parquet file, of which the footer says how many rows there are."""
    types = staging.parquet_types(con, path)
    check_header(path.name, list(types), table)
    row = con.execute("SELECT sum(num_rows) FROM parquet_file_metadata($path)", {"path": str(path)}).fetchone()
    records = int(row[0] or 0) if row else 0
    _refuse_none(path, records)
    staging.stage(con, table, staging.parquet_texts(path, table, types))
    return list(range(1, records + 1)), [], records


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
