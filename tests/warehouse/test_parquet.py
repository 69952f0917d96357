"""Parquet, as the program's own tables make it, and as pandas and Arrow do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse.schema import TABLES
from tests.warehouse.files import RECIPE, REVIEW, load, readings, rejects, write
from tests.warehouse.rows import NUTRITION


def parquet(folder: Path, table: str, query: str, con: duckdb.DuckDBPyConnection | None = None) -> Path:
    """Write what a query gives in the place of a table's CSV file."""
    (con or duckdb.connect()).execute(f"COPY ({query}) TO '{folder / table}.parquet' (FORMAT parquet)")
    (folder / f"{table}.csv").unlink()
    return folder


def reviews(folder: Path, columns: str, rows: int = 2) -> Path:
    """Write reviews as Parquet, `columns` in place of the usual ones of the same name."""
    usual = {"user_id": "70", "recipe_id": "1", "date": "DATE '2005-01-02'", "rating": "5", "review": "'good'"}
    query = ", ".join([columns, *(f"{v} AS {name}" for name, v in usual.items() if f" AS {name}" not in columns)])
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Europe/Paris'")
    return parquet(write(folder), "RAW_interactions", f"SELECT {query} FROM range({rows})", con)


def test_parquet_made_of_loaded_tables_gives_the_same_tables(tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "tags": tag} for n, tag in enumerate(["[]", r"['a\nb', 'c\'d\"e']", "['é\u2028', '[x, y]']"])
    ]
    others = {name: [{}, {}] for name in TABLES if not name.startswith("RAW")}
    folder = write(tmp_path / "food", RAW_recipes=rows, **others)
    con, _ = load(folder)
    nutrition = ", ".join(NUTRITION)
    for table in TABLES:
        columns = f"* EXCLUDE ({nutrition}), [{nutrition}] AS nutrition" if table == "RAW_recipes" else "*"
        parquet(folder, table, f"SELECT {columns} FROM raw.{table}", con)
    again, counts = load(folder, max_rejects=0)
    for table in TABLES:
        one, other = (each.execute(f"FROM raw.{table} ORDER BY ALL").fetchall() for each in (again, con))
        assert one == other
        assert counts[table].file == f"{table}.parquet"


def test_parquet_as_pandas_writes_the_texts(tmp_path: Path) -> None:
    query = (
        "SELECT 2002372706::DOUBLE AS user_id, 1 AS recipe_id, TIMESTAMP '2005-01-02' AS date, 5.0::FLOAT AS rating, "
        "'' AS review UNION ALL SELECT 70, 1, TIMESTAMP '2005-01-03', 'nan'::FLOAT, 'no rating'"
    )
    con, counts = load(parquet(write(tmp_path / "food"), "RAW_interactions", query))
    assert con.execute("FROM raw.RAW_interactions").fetchall() == [
        (2002372706, 1, date(2005, 1, 2), 5, None),
        (70, 1, date(2005, 1, 3), 0, "no rating"),
    ]
    assert counts["RAW_interactions"].records == 2


def test_a_parquet_list_with_a_hole_is_rejected(tmp_path: Path) -> None:
    columns = ", ".join(f"$${value}$$ AS {name}" for name, value in RECIPE.items() if name not in ("tags", "nutrition"))
    query = f"SELECT {columns}, ['a', NULL] AS tags, [1, 2, 3, 4, 5, 6, NULL] AS nutrition"
    con, _ = load(parquet(write(tmp_path / "food"), "RAW_recipes", query))
    assert rejects(con) == [("RAW_recipes.parquet", 1, "tags", "not a list of quoted texts")]


def test_bad_parquet(tmp_path: Path) -> None:
    folder = parquet(write(tmp_path / "food"), "RAW_interactions", "SELECT 1 AS user_id, 2 AS recipe")
    with pytest.raises(BadSource, match=r"unexpected column recipe .*the nearest official one is recipe_id"):
        load(folder)
    (folder / "RAW_interactions.parquet").write_bytes(b"not at all")
    with pytest.raises(BadSource, match=r"RAW_interactions.parquet does not begin as a Parquet file"):
        load(folder)


DECIMALS = ("a whole number with decimals, such as 5.0", "the whole number", 2)


@pytest.mark.parametrize(
    ("columns", "value", "told"),
    [
        ("range AS __index_level_0__", (70, 1, date(2005, 1, 2), 5, "good"),
         [("__index_level_0__", "an index column", "passed over", 2)]),
        ("TIMESTAMP '2005-01-02' AS date", (70, 1, date(2005, 1, 2), 5, "good"),
         [("date", "dates not written as 2005-09-16", "date and midnight", 2)]),
        ("TIMESTAMP_NS '2005-01-02' AS date", (70, 1, date(2005, 1, 2), 5, "good"),
         [("date", "dates not written as 2005-09-16", "date and midnight", 2)]),
        ("TIMESTAMPTZ '2005-01-02 00:00:00+00' AS date", (70, 1, date(2005, 1, 2), 5, "good"),
         [("date", "dates not written as 2005-09-16", "date and midnight of a time zone", 2)]),
        ("'2005-01-02T00:00:00.000+02:00' AS date", (70, 1, date(2005, 1, 2), 5, "good"),
         [("date", "dates not written as 2005-09-16", "date and midnight of a time zone", 2)]),
        ("NULL::DOUBLE AS rating", (70, 1, date(2005, 1, 2), 0, "good"),
         [("rating", "empty", "no rating given (0)", 2)]),
        ("'nan'::DOUBLE AS rating", (70, 1, date(2005, 1, 2), 0, "good"),
         [("rating", "empty", "no rating given (0)", 2)]),
        ("5::FLOAT AS rating", (70, 1, date(2005, 1, 2), 5, "good"), [("rating", *DECIMALS)]),
        ("5::DECIMAL(4, 2) AS rating", (70, 1, date(2005, 1, 2), 5, "good"), [("rating", *DECIMALS)]),
        ("12::DOUBLE AS user_id", (12, 1, date(2005, 1, 2), 5, "good"), [("user_id", *DECIMALS)]),
        ("12::UBIGINT AS user_id", (12, 1, date(2005, 1, 2), 5, "good"), []),
        ("'good'::ENUM('good', 'bad') AS review", (70, 1, date(2005, 1, 2), 5, "good"), []),
        ("'good'::BLOB AS review", (70, 1, date(2005, 1, 2), 5, "good"), []),
    ],
)  # fmt: skip
def test_parquet_as_pandas_and_arrow_write_it(
    tmp_path: Path, columns: str, value: tuple[object, ...], told: list[tuple[object, ...]]
) -> None:
    con, counts = load(reviews(tmp_path / "food", columns), max_rejects=0)
    assert con.execute("FROM raw.RAW_interactions").fetchall() == [value] * 2
    assert (counts["RAW_interactions"].records, counts["RAW_interactions"].rejected) == (2, 0)
    assert readings(con) == told


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ("TIMESTAMPTZ '2005-01-02 00:00:00+01' AS date", "column date: not a date of the form 2005-09-16 "
         "(2005-01-01 23:00:00+00)"),
        ("TIMESTAMP '2005-01-02 10:00:00' AS date", "column date: not a date of the form 2005-09-16"),
        ("true AS rating", "column rating: not a whole number (true)"),
        ("18446744073709551615::UBIGINT AS user_id", "column user_id: a whole number outside the range of its column"),
        ("4.5 AS rating", "column rating: not a whole number (4.5)"),
        ("1 AS stars", "unexpected column stars"),
    ],
)  # fmt: skip
def test_parquet_that_says_something_else_is_named(tmp_path: Path, columns: str, sentence: str) -> None:
    with pytest.raises(BadSource) as caught:
        load(reviews(tmp_path / "food", columns), max_rejects=0)
    assert sentence in str(caught.value)


def test_rows_of_parquet_without_a_value_are_no_records(tmp_path: Path) -> None:
    nothing = ", ".join(f"if(range = 1, NULL, '{value}') AS {name}" for name, value in REVIEW.items())
    con, counts = load(reviews(tmp_path / "food", nothing, rows=3), max_rejects=0)
    assert (counts["RAW_interactions"].records, counts["RAW_interactions"].loaded) == (2, 2)
    assert readings(con) == [(None, "rows and lines without a value", "passed over", 1)]
