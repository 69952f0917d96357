"""Stages a CSV file: a sound one as a whole, a damaged one record by record."""

from __future__ import annotations

from pathlib import Path

import duckdb

from mangetamain.errors import BadSource
from mangetamain.warehouse.ingest import readings, staging
from mangetamain.warehouse.ingest.byte_count import Scan, scan
from mangetamain.warehouse.ingest.damaged_csv import Sifted, sift
from mangetamain.warehouse.ingest.dialect import check_form, ends_in_returns, with_newlines
from mangetamain.warehouse.ingest.header import is_index, read_header
from mangetamain.warehouse.ingest.readings import Reading
from mangetamain.warehouse.ingest.staging import NoRecord, Staged
from mangetamain.warehouse.schema import Table


def stage_csv(con: duckdb.DuckDBPyConnection, table: Table, path: Path, scratch: Path, max_rejects: float) -> Staged:
    """Stage a CSV file, compressed or not.

    Parameters
    ----------
    con
        The warehouse being built.
    table
        The official table.
    path
        The file.
    scratch
        A folder for the clean copy of a file that needs one.
    max_rejects
        The share of its records, in [0, 1], that may be rejected.

    Raises
    ------
    BadSource
        The file is written in another way than CSV in UTF-8, its header is not the official one, or it holds no record.
    """
    file = path.name
    check_form(path, file, table)
    if not ends_in_returns(path):
        return _stage(con, table, path, file, scratch, max_rejects)
    copy = with_newlines(path, scratch / f"{table.name}.newlines.csv")
    try:
        staged = _stage(con, table, copy, file, scratch, max_rejects)
    finally:
        copy.unlink(missing_ok=True)
    staged.readings.append(Reading(file, None, readings.RETURNS, readings.LINE_ENDS, staged.records))
    return staged


def _stage(
    con: duckdb.DuckDBPyConnection, table: Table, path: Path, file: str, scratch: Path, max_rejects: float
) -> Staged:
    header = read_header(path, file, table)
    found = scan(path, table.opening)
    if found.sound and _staged_whole(con, table, path, header, found):
        staged = Staged(found.lines[1:], found.records)
    else:
        staged = _stage_sifted(con, table, path, file, scratch, header, found, max_rejects)
    if not staged.records:
        raise NoRecord(file)
    staged.readings += index_readings(file, header, staged.records)
    return staged


def index_readings(file: str, header: list[str], records: int) -> list[Reading]:
    """Say which columns are passed over."""
    names = [name or "“”" for place, name in enumerate(header) if is_index(header, place)]
    return [Reading(file, name, readings.INDEX, readings.PASSED, records) for name in names]


def _staged_whole(con: duckdb.DuckDBPyConnection, table: Table, path: Path, header: list[str], found: Scan) -> bool:
    """Stage a sound file directly; tell whether every record counted in its bytes arrived, once."""
    try:
        staging.stage(con, table, staging.csv_texts(path, header))
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        # A record of another width, a text that is not UTF-8: to be found record by record.
        return False
    return staging.count(con, table) == found.records


def _stage_sifted(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    path: Path,
    file: str,
    scratch: Path,
    header: list[str],
    found: Scan,
    max_rejects: float,
) -> Staged:
    """Stage the sound records of a damaged file by way of a clean copy."""
    scratch.mkdir(parents=True, exist_ok=True)
    # Not the name of any file that an archive was extracted to in the same folder.
    copy = scratch / f"{table.name}.clean.csv"
    opening = rb"[0-9]+," + table.opening if is_index(header, 0) else table.opening
    try:
        kept = sift(path, file, opening, len(header), copy, (found.physical, max_rejects))
        staging.stage(con, table, staging.csv_texts(copy, header))
    finally:
        copy.unlink(missing_ok=True)
    _check_sifted(file, kept, found, staging.count(con, table))
    return Staged(kept.lines, kept.records, kept.rejects, kept.blank)


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
