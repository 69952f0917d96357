"""Cost in proportion: four times the input takes about four times the work, and one record is held at a time."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse.ingest import list_literals
from mangetamain.warehouse.ingest.byte_count import MOST_RECORD_BYTES, scan
from mangetamain.warehouse.ingest.damaged_csv import sift
from mangetamain.warehouse.schema import TABLES, Column
from tests.warehouse.files import RECIPE, REVIEW, load, write

# The tracer would be most of what is timed here.
pytestmark = pytest.mark.usefixtures("unmeasured")

HEADER = ",".join(REVIEW) + "\n"
OPENING = TABLES["RAW_interactions"].opening
MEGABYTE = 1 << 20


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how much more processor time four times the size takes; the least of three, for noise only adds."""

    def spent(size: int) -> float:
        begun = time.process_time()
        work(size)
        return time.process_time() - begun

    small, large = (min(spent(each) for _ in range(3)) for each in (size, 4 * size))
    return large / small


# Work in the square of the size would give 16.
LINEAR = 10


def test_short_lines_under_an_unclosed_quote(tmp_path: Path) -> None:
    def read(lines: int) -> None:
        path = tmp_path / "x.csv"
        path.write_bytes(HEADER.encode() + b'"' + b"x\n" * lines)
        sift(path, "x.csv", OPENING, 5, tmp_path / "copy.csv")

    assert growth(read, 100_000) < LINEAR


def test_a_list_of_many_items(tmp_path: Path) -> None:
    column = Column("tags", "words")
    assert growth(lambda items: list_literals.mend("[" + r"'a\n', " * items + "]", column), 3_000) < LINEAR
    assert growth(lambda items: list_literals.mend("[" + "\n'a', " * items + "]", column), 3_000) < LINEAR


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("one line", "x" * 64 * MEGABYTE),
        ("an unclosed quote", '"' + "x" * 64 * MEGABYTE),
        ("lines under an unclosed quote", '"' + ("x" * 99_999 + "\n") * 640),
        ("quotes", '"' * 64 * MEGABYTE),
    ],
)
def test_one_record_is_held_at_a_time(tmp_path: Path, kind: str, body: str) -> None:
    path = tmp_path / "RAW_interactions.csv.gz"
    path.write_bytes(gzip.compress((HEADER + body).encode(), 1))
    del body
    tracemalloc.start()
    try:
        found = scan(path, OPENING)
        kept = sift(path, path.name, OPENING, 5, tmp_path / "copy.csv")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (found.sound, found.physical) == (False, kept.physical)
    assert kept.rejects
    assert peak < 24 * MEGABYTE, kind


def test_a_small_archive_of_a_huge_line_is_refused_in_a_sentence(tmp_path: Path) -> None:
    folder = write(tmp_path / "food")
    (folder / "RAW_interactions.csv").unlink()
    bomb = gzip.compress((HEADER + "x" * 200 * MEGABYTE).encode(), 1)
    (folder / "RAW_interactions.csv.gz").write_bytes(bomb)
    with pytest.raises(BadSource, match=r"1 of 1 record .* the record is longer than one megabyte \(x"):
        load(folder, 0.01)


def test_rejects_end_the_reading_long_before_the_file_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mangetamain.warehouse.ingest.damaged_csv.SPARE_REJECTS", 10)
    folder = write(tmp_path / "food", RAW_interactions=HEADER + "a,b\n" * 5_000)
    with pytest.raises(BadSource, match="61 of 61 records"):
        load(folder, 0.01)


def test_a_rejected_text_is_kept_in_part(tmp_path: Path) -> None:
    con, _ = load(write(tmp_path / "food", RAW_recipes=[{"tags": "[" + "x" * 400_000}, {}]))
    assert con.execute("SELECT length(text) FROM rejects").fetchall() == [(500,)]


def test_a_list_longer_than_a_record_may_be_is_none() -> None:
    with pytest.raises(list_literals.Unreadable):
        list_literals.mend("['" + "x" * MOST_RECORD_BYTES + "']", Column("tags", "words"))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_more_lines_than_can_be_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    import duckdb

    monkeypatch.setattr("mangetamain.warehouse.ingest.byte_count.MOST_LINES", 50)
    monkeypatch.setattr("mangetamain.warehouse.ingest.parquet_file.MOST_LINES", 50)
    folder = write(tmp_path / "food", RAW_recipes=[{}] * 60)
    if kind == "parquet":
        values = ", ".join(f"$${value}$$ AS {name}" for name, value in RECIPE.items())
        duckdb.execute(f"COPY (SELECT {values} FROM range(60)) TO '{folder / 'RAW_recipes.parquet'}' (FORMAT parquet)")
        (folder / "RAW_recipes.csv").unlink()
    with pytest.raises(BadSource, match="has more than 50 lines or rows"):
        load(folder)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("repeat('x', 1048577)", "has a text longer than one megabyte"), ("repeat('x', 999)", "holds more than 0 GB of")],
)
def test_texts_of_parquet_that_no_record_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    import duckdb

    monkeypatch.setattr("mangetamain.warehouse.ingest.parquet_file.MOST_TEXT_BYTES", 900_000)
    folder = write(tmp_path / "food")
    (folder / "RAW_interactions.csv").unlink()
    columns = f"1 AS user_id, 1 AS recipe_id, DATE '2005-01-02' AS date, 5 AS rating, {text} AS review"
    duckdb.execute(f"COPY (SELECT {columns} FROM range(1000)) TO '{folder / 'RAW_interactions.parquet'}'")
    with pytest.raises(BadSource, match=sentence):
        load(folder)
