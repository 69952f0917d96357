"""Official files written by hand, and what loading them gives."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from mangetamain.warehouse import sources
from mangetamain.warehouse.ingest import load as ingest
from mangetamain.warehouse.ingest.rejects import RowCount
from mangetamain.warehouse.schema import TABLES

RECIPE = {
    "name": "plain soup",
    "id": "1",
    "minutes": "30",
    "contributor_id": "7",
    "submitted": "2004-05-06",
    "tags": "['easy', 'soups']",
    "nutrition": "[120.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]",
    "n_steps": "2",
    "steps": "['boil', \"don't stir\"]",
    "description": "a soup",
    "ingredients": "['egg', 'salt']",
    "n_ingredients": "2",
}
REVIEW = {"user_id": "70", "recipe_id": "1", "date": "2005-01-02", "rating": "5", "review": "good"}
SPLIT = {"user_id": "70", "recipe_id": "1", "date": "2005-01-02", "rating": "4.0", "u": "0", "i": "3"}
PP_RECIPE = {
    "id": "1",
    "i": "3",
    "name_tokens": "[1, 2]",
    "ingredient_tokens": "[[1, 2], [3]]",
    "steps_tokens": "[4]",
    "techniques": "[0, 1, 0]",
    "calorie_level": "2",
    "ingredient_ids": "[9, 8]",
}
PP_USER = {
    "u": "0",
    "techniques": "[8, 0]",
    "items": "[3]",
    "n_items": "1",
    "ratings": "[5.0, 4.0]",
    "n_ratings": "2",
}
DEFAULTS = {"RAW_recipes": RECIPE, "RAW_interactions": REVIEW, "PP_recipes": PP_RECIPE, "PP_users": PP_USER}


def csv_text(table: str, rows: Sequence[dict[str, str]], end: str = "\n") -> str:
    """Write rows that say only how they differ from the default one."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(TABLES[table].header)
    default = DEFAULTS.get(table, SPLIT)
    writer.writerows([{**default, **row}[name] for name in TABLES[table].header] for row in rows)
    return out.getvalue()


def write(folder: Path, **tables: str | bytes | Sequence[dict[str, str]]) -> Path:
    """Write a source: the two required files, and any table given as its rows or its whole content."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, content in {"RAW_recipes": [{}], "RAW_interactions": [{}], **tables}.items():
        text = content if isinstance(content, str | bytes) else csv_text(table, content)
        (folder / f"{table}.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def zipped(folder: Path, to: Path, change: Callable[[str], str] = str) -> Path:
    """Pack a tree; names are written as they are, backslashes too."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            out.writestr(change(file.relative_to(folder).as_posix()), file.read_bytes())
    return to


def as_zip(content: bytes) -> bytes:
    """Pack one file's content."""
    with zipfile.ZipFile(out := io.BytesIO(), "w") as archive:
        archive.writestr("data.csv", content)
    return out.getvalue()


def load(folder: Path, max_rejects: float = 1.0) -> tuple[duckdb.DuckDBPyConnection, dict[str, RowCount]]:
    """Load a source into memory; return the connection and the accounting by table."""
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    with sources.resolve(str(folder), folder.parent / "home") as source:
        counts = ingest.load(con, source, None, max_rejects)
    return con, {count.tbl: count for count in counts}


def rejects(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, str | None, str]]:
    """Return file, line, column and reason of each reject."""
    return con.execute("SELECT file, line, column_name, reason FROM rejects ORDER BY file, line").fetchall()


def readings(con: duckdb.DuckDBPyConnection) -> list[tuple[str | None, str, str, int]]:
    """Return column, what was found, what it was read as and how often, of what was read otherwise than written."""
    return con.execute("SELECT column_name, found, read_as, records FROM readings ORDER BY ALL").fetchall()
