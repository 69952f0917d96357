"""Official files, small, in every shape they come in, and ways to damage them."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
from hypothesis import strategies as st

from mangetamain.warehouse.schema import TABLES
from tests.warehouse.files import csv_text

ROWS = {
    "RAW_recipes": [
        {"id": str(n), "name": f"soup {n}", "minutes": str(n * 7), "tags": f"['easy', 'it\\'s {n}', \"a, b\"]",
         "description": "two\nlines, \"quoted\"" if n % 3 else ""}
        for n in range(1, 13)
    ],
    "RAW_interactions": [
        {"user_id": str(60 + n), "recipe_id": str(1 + n % 12), "rating": str(n % 6), "review": f'good, "{n}"\nyes'}
        for n in range(40)
    ],
    "PP_recipes": [{"id": str(n)} for n in range(1, 5)],
    "PP_users": [{"u": str(n)} for n in range(5)],
    "interactions_test": [{"u": str(n)} for n in range(5)],
}  # fmt: skip
TOKENS = (
    b'"', b'""', b"'", b",", b",,,,", b"\n", b"\r", b"\r\n", b"\n\n", b"\0", b"\0" * 600, b"\x1a", b"\xff",
    b"\xef\xbb\xbf", b"\xff\xfe", b";", b"\t", b"sep=;\n", b"[", b"]", b"[" * 700, b"{", b"\\", b"9" * 400, b"1e999",
    b"-", b"nan", b"None", b"5.0", b"2005-01-02T00:00:00+01:00", b"1/2/2005", b"x" * 70_000, b'"' + b"x\n" * 3_000,
    b",name", b"Unnamed: 0,", b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08", b"\x15\x00\x15\x80", b"\x7f\xff\xff\xff",
    b"\xff" * 8, "é\u202e\U0001f372".encode(), b"\x1b[31m", b"<a href=x>", b"{reason}", b"%s",
)  # fmt: skip
SHAPES = ("csv", "csv.gz", "parquet", "zip")


@dataclass(frozen=True)
class Mutation:
    """One damage: what is done, where (from the start, or from the end where negative), how far, and with what."""

    kind: str
    at: int
    size: int
    token: bytes
    other: bytes


POSITIONS = st.one_of(st.integers(0, 120), st.integers(-160, -1), st.integers(0, 6_000))
MUTATIONS = st.builds(
    Mutation,
    st.sampled_from(("flip", "cut", "delete", "double", "insert", "replace", "overwrite")),
    POSITIONS,
    st.one_of(st.integers(1, 8), st.integers(1, 400)),
    st.one_of(st.sampled_from(TOKENS), st.binary(min_size=1, max_size=6)),
    st.sampled_from(TOKENS),
)


@dataclass(frozen=True)
class Case:
    """A source to be read: which table is damaged, in which shape, before and after it is packed."""

    table: str
    shape: str
    texts: tuple[Mutation, ...]
    bytes: tuple[Mutation, ...]
    max_rejects: float


CASES = st.builds(
    Case,
    st.sampled_from(tuple(ROWS)),
    st.sampled_from(SHAPES),
    st.lists(MUTATIONS, max_size=4).map(tuple),
    st.lists(MUTATIONS, max_size=3).map(tuple),
    st.sampled_from((0.01, 1.0)),
)


def mutate(content: bytes, mutations: tuple[Mutation, ...]) -> bytes:
    """Damage bytes."""
    for each in mutations:
        content = _mutate(content, each)
    return content


def _mutate(content: bytes, each: Mutation) -> bytes:
    at = max(0, min(len(content), each.at if each.at >= 0 else len(content) + each.at))
    before, rest, after = content[:at], content[at:], content[at + each.size :]
    ways: dict[str, Callable[[], bytes]] = {
        "flip": lambda: before + bytes([rest[0] ^ (1 << each.size % 8)]) + rest[1:] if rest else content,
        "cut": lambda: before,
        "delete": lambda: before + after,
        "double": lambda: before + rest[: each.size] + rest,
        "insert": lambda: before + each.token + rest,
        "overwrite": lambda: before + each.token + rest[len(each.token) :],
        # Of everything, at most so often: doubling what was doubled would soon fill any disk.
        "replace": lambda: content.replace(each.token, each.other, 400),
    }
    return ways[each.kind]()


def write_case(folder: Path, case: Case) -> Path:
    """Write the source of a case; return the folder or the zip."""
    folder.mkdir(parents=True)
    for table in ROWS:
        text = csv_text(table, ROWS[table]).encode()
        (folder / f"{table}.csv").write_bytes(mutate(text, case.texts) if table == case.table else text)
    damaged = folder / f"{case.table}.csv"
    if case.shape == "csv":
        damaged.write_bytes(mutate(damaged.read_bytes(), case.bytes))
    elif case.shape == "zip":
        packed = folder.with_suffix(".zip")
        packed.write_bytes(mutate(_zipped(folder), case.bytes))
        return packed
    else:
        packed = gzip.compress(damaged.read_bytes()) if case.shape == "csv.gz" else _parquet(case.table)
        damaged.unlink()
        changes = case.bytes if case.shape == "csv.gz" else case.bytes + case.texts
        (folder / f"{case.table}.{case.shape}").write_bytes(mutate(packed, changes))
    return folder


def _zipped(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return out.getvalue()


@cache
def _parquet(table: str) -> bytes:
    """Write a table as Parquet, its numbers and dates as such and its lists as texts."""
    import tempfile

    casts = {"integer": "BIGINT", "date": "DATE"}
    columns = ", ".join(f"{c.name}::{casts.get(c.kind, 'VARCHAR')} AS {c.name}" for c in TABLES[table].columns)
    with tempfile.TemporaryDirectory() as folder:
        (source := Path(folder) / "x.csv").write_text(csv_text(table, ROWS[table]), encoding="utf-8")
        target = Path(folder) / "x.parquet"
        duckdb.execute(
            f"COPY (SELECT {columns} FROM read_csv('{source}', all_varchar = true, header = true, delim = ',')) "
            f"TO '{target}' (FORMAT parquet)"
        )
        return target.read_bytes()
