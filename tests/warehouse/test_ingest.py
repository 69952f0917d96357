from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse.ingest.mending import Mender
from tests.warehouse.files import RECIPE, csv_text, load, rejects, write

TYPES = {
    "RAW_recipes": {
        "name": "VARCHAR", "id": "BIGINT", "minutes": "BIGINT", "contributor_id": "BIGINT", "submitted": "DATE",
        "tags": "VARCHAR[]", "calories": "DOUBLE", "total_fat_pct": "DOUBLE", "sugar_pct": "DOUBLE",
        "sodium_pct": "DOUBLE", "protein_pct": "DOUBLE", "sat_fat_pct": "DOUBLE", "carb_pct": "DOUBLE",
        "n_steps": "BIGINT", "steps": "VARCHAR[]", "description": "VARCHAR", "ingredients": "VARCHAR[]",
        "n_ingredients": "BIGINT",
    },
    "RAW_interactions": {
        "user_id": "BIGINT", "recipe_id": "BIGINT", "date": "DATE", "rating": "TINYINT", "review": "VARCHAR",
    },
    "PP_recipes": {
        "id": "BIGINT", "i": "BIGINT", "name_tokens": "BIGINT[]", "ingredient_tokens": "BIGINT[][]",
        "steps_tokens": "BIGINT[]", "techniques": "TINYINT[]", "calorie_level": "TINYINT", "ingredient_ids": "BIGINT[]",
    },
    "PP_users": {
        "u": "BIGINT", "techniques": "BIGINT[]", "items": "BIGINT[]", "n_items": "BIGINT", "ratings": "DOUBLE[]",
        "n_ratings": "BIGINT",
    },
    **{
        f"interactions_{part}": {
            "user_id": "BIGINT", "recipe_id": "BIGINT", "date": "DATE", "rating": "TINYINT", "u": "BIGINT",
            "i": "BIGINT",
        }
        for part in ("train", "validation", "test")
    },
}  # fmt: skip
OPTIONAL = [name for name in TYPES if not name.startswith("RAW")]


def everything(folder: Path) -> Path:
    return write(folder, **{name: [{}, {}] for name in TYPES})


def test_seven_typed_tables(tmp_path: Path) -> None:
    con, counts = load(everything(tmp_path / "food"))
    found = con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'raw'"
    ).fetchall()
    assert {(t, c): d for t, c, d in found} == {(t, c): d for t, cs in TYPES.items() for c, d in cs.items()}
    assert {name: (c.records, c.loaded, c.rejected) for name, c in counts.items()} == dict.fromkeys(TYPES, (2, 2, 0))
    assert con.execute("SELECT tbl, file, records, loaded, rejected FROM row_counts").fetchall() == [
        (name, f"{name}.csv", 2, 2, 0) for name in TYPES
    ]


def test_a_recipe_as_it_is_stored(tmp_path: Path) -> None:
    con, _ = load(write(tmp_path / "food"))
    assert con.execute("FROM raw.RAW_recipes").fetchone() == (
        "plain soup", 1, 30, 7, date(2004, 5, 6), ["easy", "soups"], 120.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 2,
        ["boil", "don't stir"], "a soup", ["egg", "salt"], 2,
    )  # fmt: skip


def test_optional_tables_are_simply_absent(tmp_path: Path) -> None:
    con, counts = load(write(tmp_path / "food"))
    assert sorted(counts) == ["RAW_interactions", "RAW_recipes"]
    assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'raw'").fetchone() == (2,)


def test_oddities_of_the_real_data_are_kept(tmp_path: Path) -> None:
    recipes = [
        {"name": ""},
        {"name": "two  spaces", "minutes": "2147483647", "description": ""},
        {"name": "NULL", "contributor_id": "2002372706", "description": "two\r\nlines, &quot;quoted&quot; &amp; more"},
        {
            "tags": "[]",
            "submitted": "",
            "nutrition": "[434360.2, 17183.0, 362729.0, 29338.0, 6552.0, 10395.0, 36098.0]",
        },
    ]
    reviews = [{"user_id": "2002372706", "rating": "5.0"}, {"rating": "0", "review": ""}, {"date": ""}]
    con, _ = load(write(tmp_path / "food", RAW_recipes=recipes, RAW_interactions=reviews), max_rejects=0)
    assert con.execute("SELECT name, minutes, submitted, tags, description FROM raw.RAW_recipes").fetchall() == [
        (None, 30, date(2004, 5, 6), ["easy", "soups"], "a soup"),
        ("two  spaces", 2147483647, date(2004, 5, 6), ["easy", "soups"], None),
        ("NULL", 30, date(2004, 5, 6), ["easy", "soups"], "two\r\nlines, &quot;quoted&quot; &amp; more"),
        ("plain soup", 30, None, [], "a soup"),
    ]
    assert con.execute("SELECT user_id, date, rating, review FROM raw.RAW_interactions").fetchall() == [
        (2002372706, date(2005, 1, 2), 5, "good"),
        (70, date(2005, 1, 2), 0, None),
        (70, None, 5, "good"),
    ]


@pytest.mark.parametrize(
    ("table", "row", "column", "reason"),
    [
        ("RAW_interactions", {"rating": "6"}, "rating", "a whole number outside the range of its column"),
        ("RAW_interactions", {"rating": "-1"}, "rating", "a whole number outside the range of its column"),
        ("RAW_interactions", {"rating": "4.5"}, "rating", "not a whole number"),
        ("RAW_interactions", {"recipe_id": ""}, "recipe_id", "empty, but every record needs it"),
        ("RAW_interactions", {"user_id": "nan"}, "user_id", "not a whole number"),
        ("RAW_interactions", {"rating": "5e0"}, "rating", "not a whole number"),
        ("RAW_interactions", {"user_id": "7O"}, "user_id", "not a whole number"),
        ("RAW_interactions", {"user_id": "9" * 30}, "user_id", "a whole number outside the range of its column"),
        ("RAW_interactions", {"date": "2005-02-30"}, "date", "not a date of the form 2005-09-16"),
        ("RAW_interactions", {"date": "9/16/2005"}, "date", "not a date of the form 2005-09-16"),
        ("RAW_interactions", {"date": "2005-9-16"}, "date", "not a date of the form 2005-09-16"),
        ("RAW_interactions", {"date": "epoch"}, "date", "not a date of the form 2005-09-16"),
        ("RAW_recipes", {"id": ""}, "id", "empty, but every record needs it"),
        ("RAW_recipes", {"nutrition": "[1.0, 2.0]"}, "nutrition", "not a list of seven numbers"),
        ("RAW_recipes", {"nutrition": "[1, 2, 3, 4, 5, 6, nan]"}, "nutrition", "not a list of seven numbers"),
        ("RAW_recipes", {"tags": "[easy]"}, "tags", "not a list of quoted texts"),
        ("RAW_recipes", {"tags": "['egg' 'salt']"}, "tags", "two quoted texts without a comma between them"),
        ("PP_recipes", {"techniques": "[0, 200]"}, "techniques", "not a list of whole numbers"),
        ("PP_recipes", {"calorie_level": "3"}, "calorie_level", "a whole number outside the range of its column"),
    ],
)  # fmt: skip
def test_a_record_that_does_not_fit_is_rejected(
    tmp_path: Path, table: str, row: dict[str, str], column: str, reason: str
) -> None:
    con, counts = load(write(tmp_path / "food", **{table: [{}, row, {}]}))
    assert (counts[table].loaded, counts[table].rejected) == (2, 1)
    assert con.execute("FROM rejects").fetchall() == [(f"{table}.csv", 3, column, reason, row[column])]


@pytest.mark.parametrize("batch", [1, 10_000])
def test_mended_lists_and_rejects_in_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr("mangetamain.warehouse.ingest.mending.BATCH_LISTS", batch)
    rows = [
        {"id": "1", "tags": r"['a\xa0b']", "description": "two\nlines"},
        {"id": "2", "tags": "[bad]", "minutes": "soon"},
        {"id": "3", "steps": r"['tab\there']", "nutrition": "[1e2, 1, 2, 3, 4, 5, 6]"},
        {"id": "x"},
        {"id": "5"},
    ]
    con, _ = load(write(tmp_path / "food", RAW_recipes=rows))
    assert con.execute("SELECT id, tags, steps, calories, carb_pct FROM raw.RAW_recipes ORDER BY id").fetchall() == [
        (1, ["a\xa0b"], ["boil", "don't stir"], 120.5, 6.0),
        (3, ["easy", "soups"], ["tab\there"], 100.0, 6.0),
        (5, ["easy", "soups"], ["boil", "don't stir"], 120.5, 6.0),
    ]
    assert rejects(con) == [
        ("RAW_recipes.csv", 4, "minutes", "not a whole number"),
        ("RAW_recipes.csv", 6, "id", "not a whole number"),
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["9/16/2005", "12/1/2005"], [date(2005, 9, 16), date(2005, 12, 1)]),
        (["16/9/2005", "12/1/2005"], [date(2005, 9, 16), date(2005, 1, 12)]),
        (["2017/8/18", "2017/12/1"], [date(2017, 8, 18), date(2017, 12, 1)]),
        (["2017-8-18", "2017-12-01 "], None),
        (["16.9.2005", ""], [date(2005, 9, 16), None]),
        (["20050916"], [date(2005, 9, 16)]),
        (["2005-09-16 00:00:00"], [date(2005, 9, 16)]),
        (["2005-09-16 10:00:00"], None),
        (["9/16/2005", "16/9/2005"], None),
        (["9/16/2005", "2005-09-16"], None),
        (["9/16/05"], None),
        (["9/31/2005"], None),
    ],
)
def test_a_date_column_is_read_as_a_whole(tmp_path: Path, texts: list[str], expected: list[date | None] | None) -> None:
    con, counts = load(write(tmp_path / "food", RAW_interactions=[{"date": text} for text in texts]))
    dates = [row[0] for row in con.execute("SELECT date FROM raw.RAW_interactions").fetchall()]
    if expected is None:
        iso = sum(text == "2005-09-16" for text in texts)
        assert (counts["RAW_interactions"].rejected, len(dates)) == (len(texts) - iso, iso)
    else:
        assert dates == expected


def test_an_ambiguous_date_column_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "food", RAW_interactions=[{"date": "1/2/2005"}, {"date": "12/12/2005"}])
    with pytest.raises(BadSource, match=r"column date .such as 1/2/2005. can be read as month, day, year and as day, "):
        load(folder)


def test_a_rejected_record_has_no_say_in_the_dates(tmp_path: Path) -> None:
    rows = [{"date": "9/16/2005"}, {"date": "rating", "rating": "9/16/2005"}]
    con, counts = load(write(tmp_path / "food", RAW_interactions=rows))
    assert counts["RAW_interactions"].loaded == 1
    assert con.execute("SELECT date FROM raw.RAW_interactions").fetchall() == [(date(2005, 9, 16),)]


def test_too_many_rejects_are_refused_with_the_share_and_the_first_reason(tmp_path: Path) -> None:
    folder = write(tmp_path / "food", RAW_interactions=[{}] * 97 + [{"rating": "9"}] * 3)
    assert load(folder, 0.03)[1]["RAW_interactions"].rejected == 3
    with pytest.raises(BadSource) as caught:
        load(folder, 0.01)
    assert str(caught.value) == (
        "RAW_interactions.csv: 3 of 100 records (3.0%) cannot be loaded, at most 1.0% are accepted; the first is on "
        "line 99, column rating: a whole number outside the range of its column (9)"
    )


def test_a_hopeless_column_is_refused_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mangetamain.warehouse.ingest.mending.SPARE_REJECTS", 10)
    folder = write(tmp_path / "food", RAW_interactions=[{"rating": "many"}] * 100)
    with pytest.raises(BadSource, match=r"11 of 100 records"):
        load(folder, 0.0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "RAW_recipes.csv is empty"),
        (b"\n\n", "RAW_recipes.csv is empty"),
        (",".join(RECIPE) + "\n", "holds a header and no record"),
        (",".join(RECIPE).replace("minutes", "minuts") + "\n", r"unexpected column minuts .* nearest .* is minutes"),
        (",".join(RECIPE).replace("minutes,", "") + "\n", "column minutes is missing; expected name, id, minutes,"),
        (",".join(RECIPE) + ",name\n", "column name is there twice"),
        (",".join(RECIPE) + ",,\n", r"a column without a name, number 13 of 14: remove it"),
        (",".join(RECIPE) + ",x" * 3 + "\n", "unexpected column x"),
        (csv_text("RAW_recipes", [{}]).encode("utf-16"), "RAW_recipes.csv is not UTF-8 text"),
        (b"\x00\x01\x02", "unexpected column"),
    ],
)
def test_a_file_that_is_not_the_official_one(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(BadSource, match=message):
        load(write(tmp_path / "food", RAW_recipes=content))


def test_columns_in_another_order_and_a_byte_order_mark(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbf"rating",review,date,recipe_id,user_id\r\n5,ok,2005-01-02,1,70\r\n'
    con, _ = load(write(tmp_path / "food", RAW_interactions=content))
    assert con.execute("FROM raw.RAW_interactions").fetchall() == [(70, 1, date(2005, 1, 2), 5, "ok")]


def test_a_gzipped_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "food")
    plain = folder / "RAW_interactions.csv"
    (folder / "RAW_interactions.csv.gz").write_bytes(gzip.compress(plain.read_bytes() + b'1,2,"x\n'))
    plain.unlink()
    _, counts = load(folder)
    assert (counts["RAW_interactions"].loaded, counts["RAW_interactions"].rejected) == (1, 1)
    (folder / "RAW_interactions.csv.gz").write_bytes(gzip.compress(b"x" * 999)[:-9])
    with pytest.raises(BadSource, match=r"RAW_interactions.csv.gz cannot be read"):
        load(folder)


def test_rejects_and_row_counts_add_up(tmp_path: Path) -> None:
    con, _ = load(write(tmp_path / "food", RAW_interactions=[{}, {"rating": "9"}]))
    assert con.execute("SELECT (SELECT count(*) FROM rejects), sum(records), sum(loaded), sum(rejected) FROM row_counts"
                       ).fetchone() == (1, 3, 2, 1)  # fmt: skip


def test_a_row_that_goes_missing_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Mender.run

    def lossy(self: Mender) -> None:
        self.con.execute(f"DELETE FROM raw.{self.table.name} WHERE rowid = 0")
        honest(self)

    monkeypatch.setattr(Mender, "run", lossy)
    with pytest.raises(BadSource, match=r"The records of RAW_recipes.csv do not add up: 2 found, 1 loaded, 0 rejected"):
        load(write(tmp_path / "food", RAW_recipes=[{}, {}]))
