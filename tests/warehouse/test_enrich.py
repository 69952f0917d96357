from __future__ import annotations

import math
from datetime import date, timedelta

import duckdb
import pytest

from mangetamain.warehouse.cleaning.rules import Cleaning, clean
from mangetamain.warehouse.tables import enrich
from tests.warehouse.rows import raw

EVERYTHING = Cleaning(steps=(0, 1000), ingredients=(0, 1000))


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def made(con, **tables):
    raw(con, **{"RAW_recipes": [{}], "RAW_interactions": [{}], **tables})
    clean(con, EVERYTHING)
    enrich.make_recipes(con)
    enrich.make_reviews(con)


def test_one_recipe_with_all_its_columns(con):
    made(con)
    relation = con.execute("FROM recipes")
    row = dict(zip([column[0] for column in relation.description], relation.fetchone(), strict=True))
    complexity = row.pop("complexity")
    assert complexity == pytest.approx(math.log(31) + 5 + 1)
    assert row == {
        "id": 1, "name": "soup", "submitted": date(2004, 5, 6), "year": 2004, "month": 5, "day": 6, "weekday": 4,
        "is_weekend": False, "season": "spring", "minutes": 30, "n_steps": 5, "n_ingredients": 2, "calories": 120.5,
        "total_fat_pct": 1.0, "sugar_pct": 2.0, "sodium_pct": 3.0, "protein_pct": 4.0, "sat_fat_pct": 5.0,
        "carb_pct": 6.0,
    }  # fmt: skip


def test_the_calendar_agrees_with_python(con):
    first = date(2003, 12, 30)
    days = [first + timedelta(days=n) for n in range(9)] + [
        date(2008, 2, 29),
        *(date(2010, m, 1) for m in range(1, 13)),
    ]
    raw(con, RAW_recipes=[{"submitted": day} for day in days], RAW_interactions=[{}])
    clean(con, EVERYTHING)
    enrich.make_recipes(con)
    rows = con.execute("SELECT submitted, year, month, day, weekday, is_weekend, season FROM recipes").fetchall()
    seasons = ["winter"] * 2 + ["spring"] * 3 + ["summer"] * 3 + ["autumn"] * 3 + ["winter"]
    assert rows == [
        (d, d.year, d.month, d.day, d.isoweekday(), d.isoweekday() >= 6, seasons[d.month - 1]) for d in sorted(days)
    ]


def test_types_are_those_of_the_schema(con):
    made(con)
    types = dict(
        con.execute("SELECT table_name || '.' || column_name, data_type FROM information_schema.columns "
                    "WHERE table_schema = 'main'").fetchall())  # fmt: skip
    assert types["recipes.year"] == types["reviews.year"] == "SMALLINT"
    assert types["recipes.weekday"] == types["reviews.rating"] == "TINYINT"
    assert types["recipes.minutes"] == types["recipes.n_steps"] == types["reviews.user_code"] == "INTEGER"
    assert types["recipes.complexity"] == "DOUBLE"


def test_recipes_are_ordered_by_day_and_number(con):
    made(con, RAW_recipes=[{"id": 9}, {"id": 30, "submitted": date(2001, 1, 1)}, {"id": 4}])
    assert con.execute("SELECT id FROM recipes").fetchall() == [(30,), (4,), (9,)]


def test_reviews_share_codes_and_know_zero_as_none_given(con):
    made(
        con,
        RAW_interactions=[
            {"user_id": 2_000_000_001, "recipe_id": 5, "rating": 0},
            {"user_id": 3, "recipe_id": 5, "rating": 4, "date": date(2004, 12, 25)},
            {"user_id": 3, "recipe_id": 8},
        ],
        interactions_train=[{"user_id": 2_000_000_001, "recipe_id": 8, "rating": 1}],
    )
    rows = con.execute("SELECT source, user_code, recipe_code, date, season, rating FROM reviews").fetchall()
    assert rows == [
        ("full", 0, 0, date(2004, 12, 25), "winter", 4),
        ("full", 0, 1, date(2005, 1, 2), "winter", 5),
        ("full", 1, 0, date(2005, 1, 2), "winter", None),
        ("train", 1, 1, date(2005, 1, 2), "winter", 1),
    ]


def test_without_a_train_split_there_are_full_reviews_only(con):
    made(con)
    assert con.execute("SELECT DISTINCT source FROM reviews").fetchall() == [("full",)]
