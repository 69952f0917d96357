"""Stages a Parquet file, of which the footer says how many rows there are."""

from __future__ import annotations

from pathlib import Path

import duckdb

from mangetamain.errors import BadSource
from mangetamain.warehouse import staging
from mangetamain.warehouse.from_csv import index_readings
from mangetamain.warehouse.header import check_header
from mangetamain.warehouse.paths import literal
from mangetamain.warehouse.scan import MOST, TOO_MANY
from mangetamain.warehouse.schema import Table
from mangetamain.warehouse.staging import NoRecord, Staged


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
    if records > MOST:
        raise BadSource(TOO_MANY, file=path.name, most=MOST)
    staging.stage(con, table, staging.parquet_texts(path, table, types))
    if (found := staging.count(con, table)) != records:
        raise BadSource(
            "{file}: its footer counts {records} rows, but {found} were read: it is too damaged to load",
            file=path.name, records=records, found=found)  # fmt: skip
    if not records:
        raise NoRecord(path.name)
    return Staged(range(1, records + 1), records, readings=index_readings(path.name, list(types), records))
