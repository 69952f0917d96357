"""A table as Parquet, typed, for other programs; each row says of what data and under which parameters it speaks."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from mangetamain.answers.answer import Answer
from mangetamain.answers.csv_text import about
from mangetamain.warehouse.sql import text

TYPES = {"i": "BIGINT", "u": "BIGINT", "f": "DOUBLE", "b": "BOOLEAN", "M": "DATE"}


def parquet(answer: Answer) -> bytes:
    """Return the table of an answer as Parquet, with the columns of what it was made of; NaN is nothing."""
    columns = answer.columns
    made_of = about(answer.parameters, answer.fingerprint, answer.synthetic)
    rows = ", ".join(
        f'unnest(?::{TYPES.get(column.dtype.kind, "VARCHAR")}[]) AS "{name}"' for name, column in columns.items()
    )
    lists = [[None if value != value else value for value in column.tolist()] for column in columns.values()]
    told = ", ".join(f"? AS {name}" for name in made_of)
    with tempfile.TemporaryDirectory(prefix="mangetamain-") as folder, duckdb.connect() as con:
        file = Path(folder) / "answer.parquet"
        con.execute("SET enable_progress_bar = false")
        con.execute(f"CREATE TABLE answer AS SELECT *, {told} FROM (SELECT {rows})", [*made_of.values(), *lists])
        con.execute(f"COPY answer TO {text(str(file))} (FORMAT parquet)")
        return file.read_bytes()
