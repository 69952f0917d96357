"""Stages a CSV file: a sound one as a whole, a damaged one record by record."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from mangetamain.errors import BadSource
from mangetamain.language import plural
from mangetamain.warehouse import sql
from mangetamain.warehouse.ingest import readings, staging
from mangetamain.warehouse.ingest.byte_count import Scan, scan
from mangetamain.warehouse.ingest.damaged_csv import sift
from mangetamain.warehouse.ingest.dialect import check_form, ends_in_returns, with_newlines
from mangetamain.warehouse.ingest.header import is_index, read_header
from mangetamain.warehouse.ingest.readings import Reading
from mangetamain.warehouse.ingest.staging import FileLoad, NoRecord, Staged


def stage_csv(load: FileLoad) -> Staged:
    """Stage a CSV file, compressed or not.

    Raises
    ------
    BadSource
        The file is written in another way than CSV in UTF-8, its header is not the official one, or it holds no record.
    """
    check_form(load.path, load.file, load.table)
    if not ends_in_returns(load.path):
        return _stage(load)
    # From here on there is one kind of line end: the byte count and the sifting know newlines alone.
    copy = with_newlines(load.path, load.scratch / f"{load.table.name}.newlines.csv")
    try:
        staged = _stage(replace(load, path=copy))
    finally:
        copy.unlink(missing_ok=True)
    staged.readings.append(Reading(load.file, None, readings.RETURNS, readings.LINE_ENDS, staged.records))
    return staged


def _stage(load: FileLoad) -> Staged:
    header = read_header(load.path, load.file, load.table)
    scanned = scan(load.path, load.table.opening)
    if scanned.sound and _staged_whole(load, header, scanned):
        staged = Staged(scanned.lines[1:], scanned.records)
    else:
        staged = _stage_sifted(load, header, scanned)
    if not staged.records:
        raise NoRecord(load.file)
    staged.readings += index_readings(load.file, header, staged.records)
    return staged


def index_readings(file: str, header: list[str], records: int) -> list[Reading]:
    """Say which columns are passed over."""
    names = [name or "“”" for place, name in enumerate(header) if is_index(header, place)]
    return [Reading(file, name, readings.INDEX, readings.PASSED, records) for name in names]


def _staged_whole(load: FileLoad, header: list[str], scanned: Scan) -> bool:
    """Stage a sound file directly; tell whether every record counted in its bytes arrived, once."""
    try:
        staging.stage(load, staging.csv_texts(load.path, header))
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        # A record of another width, a text that is not UTF-8: to be found record by record.
        return False
    # DuckDB's parallel reader can repeat rows at odd line ends (duckdb#25164): only a count of our own shows that.
    return sql.count(load.con, load.raw) == scanned.records


def _stage_sifted(load: FileLoad, header: list[str], scanned: Scan) -> Staged:
    """Stage the sound records of a damaged file by way of a clean copy; hold them against the lines in its bytes."""
    load.scratch.mkdir(parents=True, exist_ok=True)
    # Not the name of any file that an archive was extracted to in the same folder.
    copy = load.scratch / f"{load.table.name}.clean.csv"
    opening = rb"[0-9]+," + load.table.opening if is_index(header, 0) else load.table.opening
    try:
        sifted = sift(load.path, load.file, opening, len(header), copy, (scanned.physical, load.max_rejects))
        staging.stage(load, staging.csv_texts(copy, header))
    finally:
        copy.unlink(missing_ok=True)
    staged = sql.count(load.con, load.raw)
    if sifted.physical != scanned.physical or staged != len(sifted.lines):
        raise BadSource(
            plural(
                "{file}: {lines} lines hold {n} sound record, and {staged} were read: it is too damaged to load",
                "{file}: {lines} lines hold {n} sound records, and {staged} were read: it is too damaged to load"),
            file=load.file, lines=scanned.physical, n=len(sifted.lines), staged=staged)  # fmt: skip
    return sifted
