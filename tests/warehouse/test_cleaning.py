from __future__ import annotations

from datetime import date
from itertools import pairwise

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mangetamain.errors import BadInput
from mangetamain.warehouse.cleaning.rules import RULES, Cleaning, clean, nearest_quantile
from tests.warehouse.rows import raw

EVERYTHING = Cleaning(steps=(0, 1000), ingredients=(0, 1000))


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_each_recipe_rule_removes_its_own(con):
    raw(
        con,
        RAW_recipes=[
            {},
            {"id": 1, "name": "the same again"},
            {"id": None},
            {"minutes": 0},
            {"minutes": 181},
            {"minutes": None},
            {"n_steps": None},
            {"name": None},
            {"calories": -1.0},
            {"n_ingredients": 0},
        ],
        RAW_interactions=[{}],
    )
    steps = clean(con, EVERYTHING)
    recipes = [step for step in steps if step.tbl == "recipes"]
    assert [(step.rule, step.removed, step.remaining) for step in recipes] == [
        ("one row a recipe", 2, 8),
        ("duration", 3, 5),
        ("size", 1, 4),
        ("named and dated", 1, 3),
        ("calories known", 1, 2),
        ("ingredients known", 1, 1),
    ]
    assert con.execute("SELECT id, name FROM kept_recipes").fetchall() == [(1, "soup")]
    assert recipes[1].threshold == "1 to 180"
    assert recipes[2].threshold == "steps 0 to 1000, ingredients 0 to 1000"


def test_the_audit_is_a_table_that_adds_up(con):
    raw(con, RAW_recipes=[{}, {"minutes": 0}], RAW_interactions=[{}], interactions_train=[{}])
    steps = clean(con, Cleaning())
    stored = con.execute("FROM cleaning ORDER BY step").fetchall()
    assert stored == [(s.step, s.tbl, s.rule, s.reason, s.threshold, s.removed, s.remaining) for s in steps]
    assert [row[0] for row in stored] == list(range(1, len(stored) + 1))
    assert {row[1] for row in stored} == {"recipes", "reviews full", "reviews train"}
    for table in {row[1] for row in stored}:
        mine = [step for step in steps if step.tbl == table]
        for before, after in pairwise(mine):
            assert before.remaining == after.removed + after.remaining


def test_bounds_are_inclusive_and_computed_after_the_duration_rule(con):
    # The two recipes of 500 minutes would move the quantiles if they were still there.
    rows = [{"n_steps": n, "n_ingredients": 10} for n in range(1, 9)]
    rows += [{"minutes": 500, "n_steps": 90}, {"minutes": 500, "n_steps": 99}]
    raw(con, RAW_recipes=rows, RAW_interactions=[{}])
    steps = clean(con, Cleaning(quantiles=(0.2, 0.8)))  # positions 1.4 and 5.6 of 8 values
    assert steps[2].threshold == "steps 2 to 7, ingredients 10 to 10"
    assert con.execute("SELECT n_steps FROM kept_recipes ORDER BY 1").fetchall() == [(n,) for n in range(2, 8)]


def test_a_missing_ingredient_count_is_taken_from_the_list(con):
    raw(con, RAW_recipes=[{"n_ingredients": None}, {"n_ingredients": 9}], RAW_interactions=[{}])
    clean(con, EVERYTHING)
    assert con.execute("SELECT n_ingredients FROM kept_recipes ORDER BY id").fetchall() == [(2,), (9,)]


def test_review_rules(con):
    twin = {"review": "twice", "date": date(2006, 1, 1)}
    raw(
        con,
        RAW_recipes=[{}],
        RAW_interactions=[
            {},
            {"review": "other words, the same day"},
            twin,
            twin,
            {"review": None, "rating": None},
            {"review": None, "rating": None},
            {"rating": 0},
            {"date": None},
            {"user_id": None},
            {"rating": 6},
        ],
        interactions_train=[{}, {}, {"u": 1}],
    )
    steps = {(step.tbl, step.rule): step for step in clean(con, EVERYTHING)}
    assert steps["reviews full", "dated and signed"].removed == 2
    assert steps["reviews full", "stars"].removed == 1
    assert steps["reviews full", "distinct rows"].removed == 2
    assert steps["reviews full", "distinct rows"].remaining == 5
    assert steps["reviews train", "distinct rows"].removed == 1
    assert con.execute("SELECT count(*) FROM kept_full WHERE rating = 0").fetchall() == [(1,)]


@settings(max_examples=150)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=90),
    st.sampled_from([0.0, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 1.0]),
)
def test_the_quantile_is_the_nearest_one_by_an_independent_route(values, share):
    # numpy's "nearest" rounds halves to even where polars rounds them up: take its neighbours and choose.
    below, above = (int(np.quantile(values, share, method=method)) for method in ("lower", "higher"))
    expected = below if (share * (len(values) - 1)) % 1 < 0.5 else above
    con = duckdb.connect()
    con.execute("CREATE TEMP TABLE kept_recipes AS SELECT unnest(?) AS n_steps", [[*values, None]])
    assert nearest_quantile(con, "n_steps", share) == expected


def test_halves_are_rounded_up_as_polars_does():
    # Printed by polars 2.1: Series(range(n)).quantile(q) for positions 0.5, 1.5, 2.5 and their mirrors.
    con = duckdb.connect()
    for n, low, high in ((21, 1, 20), (61, 2, 59), (101, 3, 98)):
        con.execute("CREATE OR REPLACE TEMP TABLE kept_recipes AS SELECT range AS n_steps FROM range(?)", [n])
        assert (nearest_quantile(con, "n_steps", 0.025), nearest_quantile(con, "n_steps", 0.975)) == (low, high)


def test_no_recipe_left_is_no_error_here(con):
    raw(con, RAW_recipes=[{"minutes": 0}], RAW_interactions=[{}])
    assert clean(con, Cleaning())[1].remaining == 0


def test_the_thresholds_as_written_on_the_command_line():
    assert Cleaning.parse() == Cleaning()
    assert Cleaning.parse(minutes="5-60", quantiles="0.05") == Cleaning(minutes=(5, 60), quantiles=(0.05, 0.95))
    assert Cleaning.parse(quantiles="0.025") == Cleaning()
    assert Cleaning.parse(quantiles=".1-0.8", steps=" 2 - 24 ", ingredients="3-17") == Cleaning(
        quantiles=(0.1, 0.8), steps=(2, 24), ingredients=(3, 17)
    )
    assert Cleaning().as_dict() == {
        "minutes": [1, 180], "quantiles": [0.025, 0.975], "steps": None, "ingredients": None
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"minutes": "a-b"}, ["minutes", "“a-b”", "1-180"]),
        ({"minutes": "180-1"}, ["180 is above 1", "1-180"]),
        ({"steps": "2-99999999999"}, ["steps", "2147483647"]),
        ({"ingredients": "3"}, ["ingredients", "3-17"]),
        ({"quantiles": "low"}, ["“low”", "0.025"]),
        ({"quantiles": "0.9"}, ["0.9", "between 0 and 1"]),
        ({"quantiles": "2-3"}, ["2.0", "between 0 and 1"]),
    ],
)
def test_a_mistyped_threshold_gets_one_sentence(given, words):
    with pytest.raises(BadInput) as raised:
        Cleaning.parse(**given)
    sentence = str(raised.value)
    assert "\n" not in sentence
    assert all(word in sentence for word in words)


def test_every_rule_has_a_name_and_a_reason_of_its_own():
    assert len({(rule.table, rule.name) for rule in RULES}) == len({rule.reason for rule in RULES}) == len(RULES)
    assert all(rule.reason.endswith(".") for rule in RULES)
