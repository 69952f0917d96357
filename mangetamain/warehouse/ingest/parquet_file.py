"""Stages a Parquet file, of which the footer says how many rows there are."""

from __future__ import annotations

from pathlib import Path

import duckdb

from mangetamain.errors import BadSource
from mangetamain.warehouse.ingest import staging
from mangetamain.warehouse.ingest.byte_count import MOST_LINES, MOST_RECORD_BYTES, TOO_MANY
from mangetamain.warehouse.ingest.csv_file import index_readings
from mangetamain.warehouse.ingest.header import check_header
from mangetamain.warehouse.ingest.paths import literal
from mangetamain.warehouse.ingest.staging import NoRecord, Staged
from mangetamain.warehouse.schema import Table

MOST_TEXT_BYTES = 8 << 30  # bytes of text: a small file can repeat one text endlessly


def stage_parquet(con: duckdb.DuckDBPyConnection, table: Table, path: Path) -> Staged:
    """Stage a Parquet file.

    Raises
    ------
    BadSource
        Its columns are not the official ones, it holds no row, too many, or not as many as its footer says.
    """
    types = staging.parquet_types(con, path)
    check_header(path.name, list(types), table)
    row = con.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({literal(path)})").fetchone()
    records = int(row[0] or 0) if row else 0
    if records > MOST_LINES:
        raise BadSource(TOO_MANY, file=path.name, most=MOST_LINES)
    _refuse_large_texts(con, path, types)
    staging.stage(con, table, staging.parquet_texts(path, table, types))
    if (found := staging.count(con, table)) != records:
        raise BadSource(
            "{file}: its footer counts {records} rows, but {found} were read: it is too damaged to load",
            file=path.name, records=records, found=found)  # fmt: skip
    if not records:
        raise NoRecord(path.name)
    return Staged(range(1, records + 1), records, readings=index_readings(path.name, list(types), records))


def _refuse_large_texts(con: duckdb.DuckDBPyConnection, path: Path, types: dict[str, str]) -> None:
    """Refuse texts that no record has, before they are written anywhere."""
    lengths = [f"strlen({name})" for name, found in types.items() if found == "VARCHAR" and name.isidentifier()]
    if not lengths:
        return
    most, total = f"max(greatest({', '.join(lengths)}))", f"sum({' + '.join(f'coalesce({n}, 0)' for n in lengths)})"
    row = con.execute(f"SELECT {most}, {total} FROM {staging.parquet_file(path)}").fetchone() or (0, 0)
    if (row[0] or 0) > MOST_RECORD_BYTES:
        raise BadSource("{file} has a text longer than one megabyte, which no record of Food.com has", file=path.name)
    if (row[1] or 0) > MOST_TEXT_BYTES:
        raise BadSource("{file} holds more than {most} GB of text", file=path.name, most=MOST_TEXT_BYTES >> 30)
