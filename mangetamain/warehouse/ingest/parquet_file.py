"""Stages a Parquet file, of which the footer says how many rows there are."""

from __future__ import annotations

from mangetamain.errors import BadSource
from mangetamain.language import plural
from mangetamain.warehouse import sql
from mangetamain.warehouse.ingest import staging
from mangetamain.warehouse.ingest.byte_count import MOST_LINES, MOST_RECORD_BYTES, TOO_MANY
from mangetamain.warehouse.ingest.csv_file import index_readings
from mangetamain.warehouse.ingest.header import check_header
from mangetamain.warehouse.ingest.staging import FileLoad, NoRecord, Staged, path_literal
from mangetamain.warehouse.schema import Column

MOST_TEXT_BYTES = 8 << 30  # in all: a small file can repeat one text endlessly; the official ones are below 1 GB


def stage_parquet(load: FileLoad) -> Staged:
    """Stage a Parquet file.

    Raises
    ------
    BadSource
        Its columns are not the official ones, it holds no row, too many, or not as many as its footer says.
    """
    rows = f"read_parquet({path_literal(load.path)}, binary_as_string = true, hive_partitioning = false)"
    types = {str(row[0]): str(row[1]) for row in load.con.execute(f"DESCRIBE FROM {rows}").fetchall()}
    check_header(load.file, list(types), load.table)
    footer = f"SELECT sum(num_rows) FROM parquet_file_metadata({path_literal(load.path)})"
    records = int(load.con.execute(footer).fetchall()[0][0] or 0)
    if records > MOST_LINES:
        raise BadSource(TOO_MANY, file=load.file, most=MOST_LINES)
    _refuse_large_texts(load, rows, types)
    columns = ", ".join(_as_in_csv(column, types[column.name]) for column in load.table.columns)
    staging.stage(load, f"SELECT {columns} FROM {rows}")
    if (found := sql.count(load.con, load.raw)) != records:
        raise BadSource(
            plural("{file}: its footer counts {n} row, but {found} were read: it is too damaged to load",
                   "{file}: its footer counts {n} rows, but {found} were read: it is too damaged to load"),
            file=load.file, n=records, found=found)  # fmt: skip
    if not records:
        raise NoRecord(load.file)
    return Staged(range(1, records + 1), records, readings=index_readings(load.file, list(types), records))


def _as_in_csv(column: Column, found: str) -> str:
    """Write a column as the text that a CSV file has, so that one reading serves both kinds of file."""
    name = column.name
    text = f"{name}::VARCHAR"
    if found in ("DOUBLE", "FLOAT"):
        # pandas writes a missing integer as NaN.
        text = f"CASE WHEN NOT isnan({name}) THEN {text} END"
    elif found == "TIMESTAMP WITH TIME ZONE":
        # An instant, written in UTC whatever the time zone of this machine is.
        text = f"CASE WHEN isfinite({name}) THEN make_timestamp(epoch_us({name}))::VARCHAR || '+00' ELSE {text} END"
    elif found.endswith("[]") and column.kind == "words":
        # Written as Python would; one with a gap is left as DuckDB writes it, is no Python list, and so is rejected.
        text = (
            f"CASE WHEN list_contains(list_transform({name}, lambda item: item IS NULL), true) THEN {text} "
            f"ELSE CASE WHEN {name} IS NOT NULL THEN to_json({name}::VARCHAR[])::VARCHAR END END"
        )
    return f"nullif({text}, '') AS {name}"


def _refuse_large_texts(load: FileLoad, rows: str, types: dict[str, str]) -> None:
    """Refuse texts that no record has, before they are written anywhere."""
    lengths = [f"strlen({name})" for name, found in types.items() if found == "VARCHAR" and name.isidentifier()]
    if not lengths:
        return
    most, total = f"max(greatest({', '.join(lengths)}))", f"sum({' + '.join(f'coalesce({n}, 0)' for n in lengths)})"
    longest, whole = load.con.execute(f"SELECT {most}, {total} FROM {rows}").fetchall()[0]
    if (longest or 0) > MOST_RECORD_BYTES:
        raise BadSource("{file} has a text longer than one megabyte, which no record of Food.com has", file=load.file)
    if (whole or 0) > MOST_TEXT_BYTES:
        raise BadSource("{file} holds more than {most} GB of text", file=load.file, most=MOST_TEXT_BYTES >> 30)
