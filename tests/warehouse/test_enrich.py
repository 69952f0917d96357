from __future__ import annotations

import math
from datetime import date, timedelta

import duckdb
import pytest

from mangetamain.warehouse.cleaning.rules import Cleaning, clean
from mangetamain.warehouse.tables import enrich, terms
from tests.warehouse.rows import raw

EVERYTHING = Cleaning(steps=(0, 1000), ingredients=(0, 1000))


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def made(con, **tables):
    raw(con, **{"RAW_recipes": [{}], "RAW_interactions": [{}], **tables})
    clean(con, EVERYTHING)
    terms.make_terms(con)
    enrich.make_recipes(con)
    enrich.make_reviews(con)


def test_one_recipe_with_all_its_columns(con):
    made(con)
    relation = con.execute("FROM recipes")
    row = dict(zip([column[0] for column in relation.description], relation.fetchone(), strict=True))
    complexity = row.pop("complexity")
    assert complexity == pytest.approx(math.log(31) + 5 + 1)
    assert row == {
        "id": 1, "name": "soup", "contributor_id": 7, "submitted": date(2004, 5, 6),
        "year": 2004, "month": 5, "day": 6, "weekday": 4,
        "is_weekend": False, "season": "spring", "minutes": 30, "n_steps": 5, "n_ingredients": 2, "calories": 120.5,
        "total_fat_pct": 1.0, "sugar_pct": 2.0, "sodium_pct": 3.0, "protein_pct": 4.0, "sat_fat_pct": 5.0,
        "carb_pct": 6.0, "description_words": 2, "step_words": 1.0, "first_year_reviews": None,
        "ingredient_codes": [1, 2], "tag_codes": [3, 4],
    }  # fmt: skip


def test_the_calendar_agrees_with_python(con):
    first = date(2003, 12, 30)
    days = [first + timedelta(days=n) for n in range(9)] + [
        date(2008, 2, 29),
        *(date(2010, m, 1) for m in range(1, 13)),
    ]
    raw(con, RAW_recipes=[{"submitted": day} for day in days], RAW_interactions=[{}])
    clean(con, EVERYTHING)
    terms.make_terms(con)
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
    assert types["recipes.complexity"] == types["recipes.step_words"] == "DOUBLE"
    assert types["recipes.contributor_id"] == types["reviews.user_id"] == types["reviews.recipe_id"] == "BIGINT"
    assert (
        types["recipes.description_words"] == types["recipes.first_year_reviews"] == types["reviews.words"] == "INTEGER"
    )


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
    rows = con.execute("""
        SELECT source, user_code, user_id, recipe_code, recipe_id, date, season, rating FROM reviews
    """).fetchall()
    assert rows == [
        ("full", 0, 3, 0, 5, date(2004, 12, 25), "winter", 4),
        ("full", 0, 3, 1, 8, date(2005, 1, 2), "winter", 5),
        ("full", 1, 2_000_000_001, 0, 5, date(2005, 1, 2), "winter", None),
        ("train", 1, 2_000_000_001, 1, 8, date(2005, 1, 2), "winter", 1),
    ]


def test_a_review_is_joined_to_its_recipe_by_number_and_not_by_code(con):
    made(con, RAW_recipes=[{"id": 0}, {"id": 5}], RAW_interactions=[{"recipe_id": 5}, {"recipe_id": 700}])
    joined = "SELECT recipes.id FROM reviews JOIN recipes ON {} = recipes.id ORDER BY recipes.id"
    assert con.execute(joined.format("recipe_id")).fetchall() == [(5,)]
    assert con.execute(joined.format("recipe_code")).fetchall() == [(0,)]  # silently another recipe's


def test_texts_are_measured_in_words_where_there_are_any(con):
    made(
        con,
        RAW_recipes=[
            {"description": None, "steps": ["chop , then fry", "serve"]},
            {"description": "  easy!\r\nvery-easy , \t2 pots ", "steps": []},
            {"description": " ... ", "steps": ["", "!", "boil it"]},
            {"description": "", "steps": None},
        ],
        RAW_interactions=[{"review": text, "user_id": n} for n, text in enumerate(["so good :-)", None, " ", "ok"])],
        interactions_train=[{"user_id": 0}],
    )
    rows = con.execute("SELECT description_words, step_words FROM recipes ORDER BY id").fetchall()
    assert rows == [(None, 2.0), (4, None), (None, 2.0), (None, None)]
    rows = con.execute("SELECT source, user_id, words FROM reviews ORDER BY source, user_id").fetchall()
    assert rows == [("full", 0, 2), ("full", 1, None), ("full", 2, None), ("full", 3, 1), ("train", 0, None)]


def test_the_first_year_has_365_days_and_is_unknown_until_they_are_over(con):
    posted = date(2004, 5, 6)
    last = date(2006, 1, 1)
    days = [posted - timedelta(1), posted, posted + timedelta(364), posted + timedelta(365), last]
    edge = last - timedelta(364)
    made(
        con,
        RAW_recipes=[{"submitted": posted}, {"submitted": edge}, {"submitted": edge + timedelta(1)}],
        RAW_interactions=[
            *({"user_id": n, "date": day} for n, day in enumerate(days)),
            {"recipe_id": 2, "date": last, "rating": 0},
            {"recipe_id": 3, "date": last},
        ],
        interactions_train=[{"date": posted}],  # the same reviews again, not more of them
    )
    rows = con.execute("SELECT id, first_year_reviews FROM recipes ORDER BY id").fetchall()
    assert rows == [(1, 2), (2, 1), (3, None)]


def test_a_recipe_nobody_reviewed_has_none_in_its_first_year(con):
    made(con, RAW_recipes=[{"submitted": date(2001, 1, 1)}, {}], RAW_interactions=[{"recipe_id": 99}])
    assert con.execute("SELECT first_year_reviews FROM recipes ORDER BY id").fetchall() == [(0,), (None,)]


def test_days_are_all_those_from_the_first_to_the_last_one_covered(con):
    made(con, RAW_recipes=[{"submitted": date(2003, 12, 30)}, {}], RAW_interactions=[{"date": date(2005, 3, 2)}])
    enrich.make_days(con)
    days = [date(2003, 12, 30) + timedelta(n) for n in range((date(2005, 3, 2) - date(2003, 12, 30)).days + 1)]
    seasons = ["winter"] * 2 + ["spring"] * 3 + ["summer"] * 3 + ["autumn"] * 3 + ["winter"]
    rows = con.execute("SELECT day, year, month, weekday, season, is_weekend FROM days").fetchall()
    assert rows == [(d, d.year, d.month, d.isoweekday(), seasons[d.month - 1], d.isoweekday() >= 6) for d in days]
    exposed = con.execute("SELECT count(*) FROM days WHERE month = 2 AND weekday = 7").fetchall()
    assert exposed == [(5 + 4,)]  # the Sundays of a leap year's February that begins on one, and of the next


def test_without_a_train_split_there_are_full_reviews_only(con):
    made(con)
    assert con.execute("SELECT DISTINCT source FROM reviews").fetchall() == [("full",)]
