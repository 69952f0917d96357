from __future__ import annotations

import ast
import csv
import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mangetamain.warehouse.ingest import list_literals, staging
from mangetamain.warehouse.ingest.mending import Mender
from mangetamain.warehouse.schema import TABLES, Column, Table
from tests.warehouse.files import load

WORDS = Column("tags", "words")
CON = duckdb.connect()
CON.execute("SET enable_progress_bar = false; SET threads = 1; CREATE SCHEMA raw")
# Quotes, apostrophes, commas, brackets, backslashes, escapes, unicode: what a literal can be broken with.
CHARACTERS = st.one_of(st.sampled_from("'\",[]\\ nxuN{}é\u2028\U0001f372NUL\t\n\r\0"), st.characters(codec="utf-8"))
ITEMS = st.lists(st.text(CHARACTERS, max_size=8), max_size=5)
NEAR_LITERALS = st.text(st.sampled_from("'\"[],\\ abn1\n\t"), max_size=14).map(lambda text: f"[{text}]")


def read(texts: list[str], column: Column = WORDS) -> list[object]:
    """Read texts as one column of a table; a rejected one gives its reason as a string."""
    table = Table("T", (Column("n", "integer", required=True), column), required=False, opening=b"x")
    query = f"SELECT unnest($n)::VARCHAR AS n, unnest($t)::VARCHAR AS {column.name}"
    CON.execute(f"CREATE OR REPLACE TABLE texts AS {query}", {"n": list(range(len(texts))), "t": texts})
    file = staging.FileLoad(CON, table, Path("T.csv"), "T.csv", Path(), 1.0)
    staging.stage(file, "FROM texts")
    staged = staging.Staged(range(len(texts)), len(texts))
    Mender(file, staged).run()
    bad = staged.rejects
    rows = dict(CON.execute(f"SELECT n, {column.name} FROM raw.T").fetchall())
    assert len(rows) + len(bad) == len(texts)
    return [rows[n] if n in rows else next(b.reason for b in bad if b.line == n) for n in range(len(texts))]


def literal(text: str) -> object:
    """Evaluate as Python does; None where it refuses or where the value is no list of texts."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, list) and all(isinstance(item, str) for item in value) else None


@settings(max_examples=60)
@given(st.lists(ITEMS, min_size=1, max_size=20))
def test_what_python_writes_is_read_back(items: list[list[str]]) -> None:
    assert read([repr(value) for value in items]) == items


@settings(max_examples=60)
@given(st.lists(ITEMS, min_size=1, max_size=20))
def test_other_ways_to_write_the_same_items(items: list[list[str]]) -> None:
    assert read([json.dumps(value, ensure_ascii=True) for value in items if _bmp(value)]) == [
        value for value in items if _bmp(value)
    ]


def _bmp(value: list[str]) -> bool:
    # JSON writes a character beyond the basic plane as two escapes, which Python reads as two half characters.
    return all(ord(character) < 0x10000 for item in value for character in item)


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@settings(max_examples=150)
@given(st.lists(NEAR_LITERALS, min_size=1, max_size=50))
def test_nothing_is_read_otherwise_than_python_would(texts: list[str]) -> None:
    for text, value in zip(texts, read(texts), strict=True):
        if isinstance(value, list):
            assert value == literal(text)
        else:
            assert literal(text) is None or value == list_literals.JOINED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", []),
        ("['']", [""]),
        ("[ 'a' , \"b\"]", ["a", "b"]),
        ("['a',]", ["a"]),
        (r"['a\nb', 'caf\xe9', '\u00e9']", ["a\nb", "café", "é"]),
        ("['NULL', 'a, b', '[c]', ' d ']", ["NULL", "a, b", "[c]", " d "]),
        (r"""['it\'s 1/2" thick', "don't", 'a\\b']""", ["it's 1/2\" thick", "don't", "a\\b"]),
        ("[a, b]", "not a list of quoted texts"),
        ("[NULL]", "not a list of quoted texts"),
        ("['a', 1]", "not a list of quoted texts"),
        ("('a', 'b')", "not a list of quoted texts"),
        ("['a', ['b']]", "not a list of quoted texts"),
        ("['it's']", "not a list of quoted texts"),
        ("['a\nb']", "not a list of quoted texts"),
        (r"['\ud83d']", "not a list of quoted texts"),
        ("['a' 'b']", list_literals.JOINED),
        ("['a''b']", list_literals.JOINED),
        ("['x', 'a'\t'b']", list_literals.JOINED),
        ("[" * 5000, "not a list of quoted texts"),
    ],
)
def test_words(text: str, expected: object) -> None:
    assert read([text]) == [expected]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("codes", "[1, -2, 0]", [1, -2, 0]),
        ("codes", "[]", []),
        ("codes", "[0x10]", [16]),
        ("codes", "[01]", "not a list of whole numbers"),
        ("codes", "[1.5]", "not a list of whole numbers"),
        ("codes", "[True]", "not a list of whole numbers"),
        ("codes", "['1']", "not a list of whole numbers"),
        ("codes", f"[{2**63 - 1}]", [2**63 - 1]),
        ("codes", f"[{2**63}]", "not a list of whole numbers"),
        ("nested", "[[1, 2], [], [3]]", [[1, 2], [], [3]]),
        ("nested", "[[ 0b1 ]]", [[1]]),
        ("nested", "[1]", "not a list of lists of whole numbers"),
        ("numbers", "[5.0, 4, -0.5]", [5.0, 4.0, -0.5]),
        ("numbers", "[1e-05]", [1e-05]),
        ("numbers", "[nan]", "not a list of numbers"),
        ("numbers", "[1e999]", "not a list of numbers"),
        ("numbers", "[5.0", "not a list of numbers"),
    ],
)
def test_numbers(kind: str, text: str, expected: object) -> None:
    assert read([text], Column("items", kind)) == [expected]  # type: ignore[arg-type]


@settings(max_examples=50)
@given(st.lists(st.lists(st.floats(-1e300, 1e300)), min_size=1, max_size=10))
def test_floats_are_read_to_the_last_bit(values: list[list[float]]) -> None:
    assert read([repr(value) for value in values], Column("items", "numbers")) == values


def test_every_list_of_the_real_files_is_what_python_reads(shared_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "food"
    folder.mkdir()
    for file in (shared_data / "foodcom").glob("*.csv"):
        (folder / file.name).symlink_to(file)
    con, counts = load(folder, max_rejects=0)
    assert {name: count.loaded for name, count in counts.items()} == {
        "RAW_recipes": 381,
        "RAW_interactions": 10_077,
        "PP_users": 25_076,
        "interactions_validation": 7_023,
        "interactions_test": 12_455,
    }
    for table in ("RAW_recipes", "PP_users"):
        with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        for column in TABLES[table].columns:
            if column.kind in list_literals.PLAIN:
                name = column.name if column.kind != "nutrition" else (
                    "[calories, total_fat_pct, sugar_pct, sodium_pct, protein_pct, sat_fat_pct, carb_pct]"
                )  # fmt: skip
                read_here = [value for (value,) in con.execute(f"SELECT {name} FROM raw.{table}").fetchall()]
                # Python itself reads quotes; of numbers, JSON is the same language, and ten times as quick.
                plainly = ast.literal_eval if column.kind == "words" else json.loads
                assert read_here == [plainly(row[column.name]) for row in rows]
