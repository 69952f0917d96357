"""Files as people have them: line ends, tails, encodings, separators, and what pandas and Arrow write of their own."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import duckdb
import pytest

from mangetamain.cli.terminal import status_text
from mangetamain.errors import BadSource
from mangetamain.warehouse import build, status
from tests.warehouse.files import csv_text, load, readings, rejects, write

HEADER = "user_id,recipe_id,date,rating,review"
RECORD = "70,1,2005-01-02,5,good"
NO_VALUE = (None, "rows and lines without a value", "passed over")
RETURNS = (None, "carriage returns alone", "line ends")


def review_file(*lines: str, end: str = "\n") -> str:
    return end.join([HEADER, *lines]) + end


def loaded(folder: Path, content: str | bytes) -> tuple[duckdb.DuckDBPyConnection, tuple[int, int, int]]:
    """Load reviews of this content, none of which may be rejected for their share."""
    con, counts = load(write(folder / "food", RAW_interactions=content))
    count = counts["RAW_interactions"]
    assert count.records == count.loaded + count.rejected
    return con, (count.records, count.loaded, count.rejected)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("broken", [False, True])
def test_lines_that_end_in_carriage_returns_alone(tmp_path: Path, packed: bool, broken: bool) -> None:
    lines = ['70,1,2005-01-02,5,"two\rlines"', RECORD, *(["70,1,2005-01-02"] if broken else []), RECORD]
    text = b"\xef\xbb\xbf" + review_file(*lines, end="\r").encode()
    folder = write(tmp_path / "food")
    if packed:
        (folder / "RAW_interactions.csv").unlink()
        (folder / "RAW_interactions.csv.gz").write_bytes(gzip.compress(text))
    else:
        (folder / "RAW_interactions.csv").write_bytes(text)
    con, counts = load(folder)
    assert (counts["RAW_interactions"].loaded, counts["RAW_interactions"].rejected) == (3, int(broken))
    assert con.execute("SELECT review FROM raw.RAW_interactions LIMIT 1").fetchone() == ("two\nlines",)
    assert readings(con) == [(*RETURNS, 3 + broken)]
    assert [line for _, line, _, _ in rejects(con)] == [5] * broken
    assert not list((tmp_path / "home" / "cache").glob("*/*"))


@pytest.mark.parametrize(
    ("tail", "blank"),
    [
        ([",,,,"] * 40, 40),
        ([",,,,", "", ",,,,"], 3),
        ([","] * 3, 3),
        (['"","","","",""'], 1),
        ([", ,"], 1),
        ([""], 1),
        (["\x1a"], 1),
        (["\x00" * 4096], 1),
        (["\t"], 1),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_without_a_value_are_no_records(tmp_path: Path, tail: list[str], blank: int, end: str) -> None:
    con, counts = loaded(tmp_path, review_file(RECORD, RECORD, *tail, end=end))
    assert counts == (2, 2, 0)
    assert (*NO_VALUE, blank) in readings(con)


def test_rows_without_a_value_between_records_keep_the_lines_right(tmp_path: Path) -> None:
    con, counts = loaded(tmp_path, review_file(RECORD, ",,,,", ",", "x,1,2005-01-02,5,good", ",,,,", RECORD))
    assert counts == (3, 2, 1)
    assert rejects(con) == [("RAW_interactions.csv", 5, "user_id", "not a whole number")]
    assert readings(con) == [(*NO_VALUE, 3)]


@pytest.mark.parametrize("content", [review_file(",,,,", ",,,,"), review_file("", "")])
def test_a_file_of_such_rows_alone_holds_no_record(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadSource, match="holds a header and no record"):
        loaded(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (review_file(RECORD).encode("utf-16"), "not UTF-8 text but UTF-16"),
        (review_file(RECORD).encode("utf-16-le"), "not UTF-8 text but UTF-16"),
        (review_file(RECORD).encode("utf-16-be"), "not UTF-8 text but UTF-16"),
        (review_file(RECORD).encode("utf-32"), "not UTF-8 text but UTF-32"),
        (review_file(RECORD).replace(",", ";"), "its fields are separated by semicolons; save it with commas"),
        (review_file(RECORD).replace(",", "\t"), "its fields are separated by tabs; save it with commas"),
        (review_file(RECORD).replace(",", "|"), "its fields are separated by vertical bars; save it with commas"),
        (review_file(RECORD).replace(",", ";").replace("\n", "\r"), "separated by semicolons"),
        ("sep=;\n" + review_file(RECORD), "begins with the line sep=;, which is for Excel alone"),
        ("\ufeffSEP=,\r\n" + review_file(RECORD), "begins with the line SEP=,, which is for Excel alone"),
        (review_file(RECORD).replace("\n", ",\n"), "a column without a name, number 6 of 6: remove it"),
    ],
)  # fmt: skip
def test_a_file_written_in_another_way_is_named(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    with pytest.raises(BadSource) as caught:
        loaded(tmp_path, content)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_text_of_windows_is_told_record_by_record(tmp_path: Path) -> None:
    _, counts = loaded(tmp_path, review_file(RECORD, "70,1,2005-01-02,5,café").encode("cp1252"))
    assert counts == (2, 1, 1)


def test_zero_bytes_in_a_text_are_kept(tmp_path: Path) -> None:
    con, counts = loaded(tmp_path, review_file(RECORD, "70,1,2005-01-02,5,a\0b"))
    assert counts == (2, 2, 0)
    assert con.execute("SELECT review FROM raw.RAW_interactions").fetchall() == [("good",), ("a\0b",)]


def test_a_notebook_saved_by_pandas(tmp_path: Path) -> None:
    """`read_csv`, ratings of 0 made missing, `to_csv`: an index without a name, numbers with decimals, gaps."""
    rows = ["0,70.0,1,2005-01-02,5.0,good", "1,,1,2005-01-02,5.0,nobody", "2,71.0,1,2005-01-03,,none given",
            "3,72.0,1,nan,nan,"]  # fmt: skip
    con, counts = loaded(tmp_path, "\n".join(["," + HEADER, *rows]) + "\n")
    assert counts == (4, 3, 1)
    assert con.execute("FROM raw.RAW_interactions").fetchall() == [
        (70, 1, date(2005, 1, 2), 5, "good"),
        (71, 1, date(2005, 1, 3), 0, "none given"),
        (72, 1, None, 0, None),
    ]
    assert readings(con) == [
        ("date", "a word for “missing”, such as nan", "empty", 1),
        ("rating", "a whole number with decimals, such as 5.0", "the whole number", 1),
        ("rating", "a word for “missing”, such as nan", "no rating given (0)", 1),
        ("rating", "empty", "no rating given (0)", 1),
        ("user_id", "a whole number with decimals, such as 5.0", "the whole number", 3),
        ("“”", "an index column", "passed over", 4),
    ]


def test_an_index_does_not_hide_a_swallowed_record(tmp_path: Path) -> None:
    rows = ['0,70,1,2005-01-02,5,"no end', "1,70,1,2005-01-02,5,good", '2,70,1,2005-01-02,5,"whole"']
    _, counts = loaded(tmp_path, "\n".join(["Unnamed: 0," + HEADER, *rows]) + "\n")
    assert counts == (3, 2, 1)


@pytest.mark.parametrize("word", ["nan", "NaN", "None", "NULL", "<NA>", "NaT", "#N/A", "null"])
def test_words_for_missing(tmp_path: Path, word: str) -> None:
    recipe = {"minutes": word, "tags": word, "nutrition": word, "submitted": word, "name": word}
    con, _ = load(write(tmp_path / "food", RAW_recipes=[recipe, {}]), max_rejects=0)
    assert con.execute("SELECT name, minutes, tags, calories, submitted FROM raw.RAW_recipes").fetchall()[0] == (
        word, None, None, None, None,
    )  # fmt: skip
    missing = ("a word for “missing”, such as nan", "empty", 1)
    assert readings(con) == [(name, *missing) for name in ("minutes", "nutrition", "submitted", "tags")]


def test_the_official_files_need_no_word(tmp_path: Path, shared_data: Path) -> None:
    folder = tmp_path / "food"
    folder.mkdir()
    for file in (shared_data / "foodcom").glob("*.csv"):
        (folder / file.name).symlink_to(file)
    con, _ = load(folder, max_rejects=0)
    assert readings(con) == []


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("RAW_interactions.parquet", b"PAR1 and nothing of the kind PAR1"),
        ("RAW_interactions.parquet", b"PAR1" + b"\0" * 400 + b"\x40\x01\0\0PAR1"),
        ("RAW_interactions.csv.gz", gzip.compress(b"x" * 999, mtime=0)[:-9]),
        ("RAW_interactions.csv.gz", gzip.compress(b"x" * 999, mtime=0)[:20] + b"\xff" * 20),
    ],
)
def test_what_the_engine_says_goes_to_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, file: str, content: bytes
) -> None:
    folder = write(tmp_path / "food")
    (folder / "RAW_interactions.csv").unlink()
    (folder / file).write_bytes(content)
    with pytest.raises(BadSource) as caught:
        load(folder)
    sentence = str(caught.value)
    assert sentence.startswith(f"{file} cannot be read: it")
    assert "Error" not in sentence
    assert str(tmp_path) not in sentence
    assert caplog.records[0].exc_info


def test_status_tells_what_was_read_otherwise(tmp_path: Path) -> None:
    recipes = [{"id": str(number), "minutes": str(10 + number)} for number in range(1, 41)]
    content = csv_text("RAW_interactions", [{"rating": ""}, {"user_id": "71"}]) + ",,,,\n" * 3
    folder = write(tmp_path / "food", RAW_recipes=recipes, RAW_interactions=content)
    build(str(folder), home=tmp_path / "home")
    state = status(tmp_path / "home")
    assert [(each.column_name, each.records) for each in state.readings] == [("rating", 1), (None, 3)]
    text = status_text(state)
    assert "Read otherwise than written" in text
    assert "no rating given (0)" in text
    assert [each["records"] for each in state.as_dict()["readings"]] == [1, 3]
