from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse.ingest import staging
from mangetamain.warehouse.ingest.byte_count import scan
from mangetamain.warehouse.schema import TABLES
from tests.warehouse.files import csv_text, load, rejects, write

OPENING = TABLES["RAW_interactions"].opening
HEADER = "user_id,recipe_id,date,rating,review"


def reviews(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def with_real(shared_data: Path, folder: Path, malformed: str, table: str) -> Path:
    folder.mkdir()
    for name in ("RAW_recipes", "RAW_interactions"):
        real = shared_data / "foodcom" / f"{name}.csv"
        shutil.copyfile(shared_data / "malformed" / malformed if name == table else real, folder / f"{name}.csv")
    return folder


def test_a_missing_closing_quote_costs_its_own_record_only(shared_data: Path, tmp_path: Path) -> None:
    file = "broken_quotes_RAW_interactions.csv"
    con, counts = load(with_real(shared_data, tmp_path / "food", file, "RAW_interactions"), max_rejects=0.01)
    count = counts["RAW_interactions"]
    assert (count.records, count.loaded, count.rejected) == (299, 298, 1)
    assert rejects(con) == [("RAW_interactions.csv", 29, None, "the quote opened in this record is never closed")]
    # Its dates are month, day, year all through.
    assert con.execute("SELECT date FROM raw.RAW_interactions LIMIT 1").fetchone() == (date(2003, 2, 17),)


def test_a_record_cut_at_the_end_is_rejected(shared_data: Path, tmp_path: Path) -> None:
    con, counts = load(with_real(shared_data, tmp_path / "food", "truncated_RAW_recipes.csv", "RAW_recipes"), 0.01)
    count = counts["RAW_recipes"]
    assert (count.records, count.loaded, count.rejected) == (309, 308, 1)
    assert rejects(con) == [("RAW_recipes.csv", 358, None, "the quote opened in this record is never closed")]


def test_dates_as_excel_writes_them(shared_data: Path, tmp_path: Path) -> None:
    con, counts = load(with_real(shared_data, tmp_path / "food", "excel_dates_RAW_recipes.csv", "RAW_recipes"), 0)
    assert counts["RAW_recipes"].loaded == 299
    assert con.execute("SELECT submitted FROM raw.RAW_recipes LIMIT 1").fetchone() == (date(2005, 9, 16),)


@pytest.mark.parametrize(
    ("lines", "loaded", "faults"),
    [
        (["1,2,2005-01-01,5,ok", "1,2,2005-01-01,5,a,b,c"], 1, [(3, "the number of fields is not that of the header")]),
        (["1,2,2005-01-01,5", "1,2,2005-01-01,5,ok"], 1, [(2, "the number of fields is not that of the header")]),
        (
            ['1,2,2005-01-01,5,"no end', '1,2,2005-01-02,5,"whole"', "1,2,2005-01-03,5,ok"],
            2,
            [(2, "the quote opened in this record is never closed")],
        ),
        (
            ['1,2,2005-01-01,5,"shut" too early', "1,2,2005-01-03,5,ok"],
            1,
            [(2, "text follows a closing quote, or a carriage return stands alone")],
        ),
        (
            ["1,2,2005-01-01,5,ok", "1,2,2005-01-01,5,a\rb"],
            1,
            [(3, "text follows a closing quote, or a carriage return stands alone")],
        ),
        (['1,2,2005-01-01,5,a 12" pan', "1,2,2005-01-01,5,ok"], 2, []),
        (['1,2,2005-01-01,5,a "good" pan', "1,2,2005-01-01,5,ok"], 2, []),
        (["", "1,2,2005-01-01,5,ok", "", "", "1,2,2005-01-01,5,ok", ""], 2, []),
        (['1,2,2005-01-01,5,"one', "", 'two"', "1,2,2005-01-01,5,ok"], 2, []),
        (['1,2,2005-01-01,5,"a ""quoted"" word"', '1,2,2005-01-01,5,""""', '1,2,2005-01-01,5,""'], 3, []),
    ],
)
def test_damage_is_told_record_by_record(
    tmp_path: Path, lines: list[str], loaded: int, faults: list[tuple[int, str]]
) -> None:
    con, counts = load(write(tmp_path / "food", RAW_interactions=reviews(*lines)))
    count = counts["RAW_interactions"]
    assert (count.loaded, count.rejected) == (loaded, len(faults))
    assert count.records == loaded + len(faults)
    assert rejects(con) == [("RAW_interactions.csv", line, None, reason) for line, reason in faults]


def test_a_quote_within_a_plain_field_is_text(tmp_path: Path) -> None:
    con, _ = load(write(tmp_path / "food", RAW_interactions=reviews('1,2,2005-01-01,5,a 12" pan says "he"')))
    assert con.execute("SELECT review FROM raw.RAW_interactions").fetchone() == ('a 12" pan says "he"',)


def test_a_line_that_is_not_utf8_is_rejected(tmp_path: Path) -> None:
    content = reviews("1,2,2005-01-01,5,caf\xe9", "1,2,2005-01-01,5,ok").encode("latin-1")
    con, counts = load(write(tmp_path / "food", RAW_interactions=content))
    assert counts["RAW_interactions"].loaded == 1
    assert rejects(con) == [("RAW_interactions.csv", 2, None, "the text is not UTF-8")]


def test_a_record_beyond_a_megabyte_is_rejected(tmp_path: Path) -> None:
    lines = ["1,2,2005-01-01,5," + "x" * 3_000_000, "1,2,2005-01-01,5,ok"]
    con, counts = load(write(tmp_path / "food", RAW_interactions=reviews(*lines)))
    assert counts["RAW_interactions"].loaded == 1
    assert con.execute("SELECT line, length(text), reason FROM rejects").fetchall() == [
        (2, 500, "the record is longer than one megabyte")
    ]


def test_a_quote_that_is_never_closed_does_not_swallow_the_file(tmp_path: Path) -> None:
    # No line looks like a record here, so that only the length of what is swallowed can end it.
    lines = ['1,2,2005-01-01,5,"open', *(["only text and nothing else in it"] * 40_000), "1,2,2005-01-01,5,ok"]
    con, counts = load(write(tmp_path / "food", RAW_interactions=reviews(*lines)))
    assert counts["RAW_interactions"].loaded == 1
    assert con.execute("SELECT min(line) FROM rejects").fetchone() == (2,)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n"])
@pytest.mark.parametrize("rows", [3, 60_000])
def test_line_ends(tmp_path: Path, end: str, rows: int) -> None:
    text = csv_text("RAW_interactions", [{"user_id": str(n), "review": "a\nb"} for n in range(rows)], end)
    con, counts = load(write(tmp_path / "food", RAW_interactions=text))
    assert (counts["RAW_interactions"].records, counts["RAW_interactions"].rejected) == (rows, 0)
    assert con.execute("SELECT count(DISTINCT user_id), count(*) FROM raw.RAW_interactions").fetchone() == (rows, rows)


def test_the_count_does_not_come_from_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that repeats a row, as DuckDB's parallel one was known to, is caught."""
    folder = write(tmp_path / "food", RAW_interactions=[{}] * 20)
    honest = staging.csv_texts
    monkeypatch.setattr(
        staging, "csv_texts", lambda *args: f"FROM ({honest(*args)}) UNION ALL FROM (({honest(*args)}) LIMIT 1)"
    )
    with pytest.raises(BadSource, match=r"2 lines hold 1 sound record, and 2 were read"):
        load(folder)


def test_the_scan_counts_as_csv_does(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for block in (1 << 12, 1 << 24):
        monkeypatch.setattr("mangetamain.warehouse.ingest.byte_count.BLOCK_BYTES", block)
        for path in (shared_data / "foodcom").glob("*.csv"):
            found = scan(path, TABLES[path.stem].opening)
            with path.open(newline="", encoding="utf-8") as stream:
                reader = csv.reader(stream)
                starts = [1]
                for _ in reader:
                    starts.append(reader.line_num + 1)
            assert found.sound
            assert found.lines.tolist() == starts[:-1]


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("h\n1,2\n", True),
        ('h\r\n1,"a\r\n\r\nb\rc"\r\n', True),
        ('h\n1,"a""b",""\n', True),
        ('"h"\n"a"', True),
        ("h\n\n1\n", False),
        ("h\r\n\r\n1\r\n", False),
        ("h\r\r\n1\r\r\n", False),
        ('h\n1,"a\n', False),
        ('h\n1,a"b"\n', False),
        ('h\n1,"a"b\n', False),
        ('h\n1, "a"\n', False),
        ("h\n1\r2\n", False),
        ('h\n"a\n1,2,2005-01-01,5,b"\n', False),
        ('h\n1,2,2005-01-01,5,"a"" \n1,2,1/2/2005,5,"b"\n', False),
    ],
)
@pytest.mark.parametrize("block", [1, 1 << 20])
def test_what_is_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, text: str, sound: bool) -> None:
    monkeypatch.setattr("mangetamain.warehouse.ingest.byte_count.BLOCK_BYTES", block)
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    assert scan(path, OPENING).sound is sound
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert scan(path, OPENING).sound is sound


def test_a_sound_file_has_the_records_of_the_csv_module(tmp_path: Path) -> None:
    """Random texts made of what can break a file: where the scan calls one sound, Python's reader agrees with it."""
    import random

    rng, path, seen = random.Random(4), tmp_path / "x.csv", 0
    for _ in range(3000):
        text = "h,i\n" + "".join(rng.choices(['"', ",", "\n", "\r\n", "a", '""', '"a"', "a,b\n"], k=rng.randint(1, 12)))
        path.write_bytes(text.encode())
        found = scan(path, OPENING)
        if found.sound:
            seen += 1
            assert found.records + 1 == len(list(csv.reader(io.StringIO(text, newline=""))))
    assert seen > 300
