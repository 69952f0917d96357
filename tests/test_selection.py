"""Which recipes a selection selects: words resolved, SQL with bound values, and the very recipes."""

import gc
import re

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mangetamain
from mangetamain.conditions import Comparison, Range, Term, read, write
from mangetamain.connection import connect
from mangetamain.errors import BadInput
from mangetamain.measures import RECIPE_MEASURES
from mangetamain.selection import Where, where
from mangetamain.warehouse import build
from mangetamain.warehouse.versions.listing import newest
from tests.conftest import RECIPES, REVIEWS, write_official_files
from tests.test_conditions import FRAGMENTS

TEA = ["lemon, juice of", 'the "best" tea']
ICED_TEA = ("iced tea", 11, 12, "2006-12-13", ["drinks", "15-minutes-or-less"], 90.5, 0.0, 3, TEA)
# As the cleaning keeps them: all but the one that takes too long and the one without a name.
KEPT = {row[1]: row for row in [*RECIPES, ICED_TEA] if row[1] not in (9, 10)}
# A spelling and the one under which it is counted.
MERGED = {"onions": "onion", "egg": "eggs"}


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    """The recipes' warehouse, with the terms of each recipe, and the recipe of each review, written by hand."""
    home = tmp_path_factory.mktemp("selection")
    build(str(write_official_files(home / "raw", [*RECIPES, ICED_TEA])), home=home)
    rows = sorted((kind, MERGED.get(term, term), key) for key in KEPT for kind, term in held(key))
    with duckdb.connect(home / "warehouse" / newest(home / "warehouse")) as file:
        file.execute("CREATE OR REPLACE TABLE recipe_terms (kind VARCHAR, term VARCHAR, recipe BIGINT)")
        file.executemany("INSERT INTO recipe_terms VALUES (?, ?, ?)", rows)
        file.execute("CREATE OR REPLACE TABLE reviews (user_id BIGINT, recipe_id BIGINT, date DATE, rating TINYINT)")
        file.executemany("INSERT INTO reviews VALUES (?, ?, ?, ?)", REVIEWS)
    return connect(home)


def held(key):
    return {("tag", tag) for tag in KEPT[key][4]} | {("ingredient", item) for item in KEPT[key][8]}


def selected(con, text):
    found = where(con, read("among", text))
    rows = con.execute(f"SELECT id FROM recipes WHERE {found.recipes} ORDER BY id", found.values).fetchall()
    return [key for (key,) in rows]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7, 8, 11]),
        ("easy", [1, 3, 5]),
        ("not easy", [2, 4, 6, 7, 8, 11]),
        ("onions", [1, 2, 7]),
        ("onion", [1, 2, 7]),
        ("tag:eggs", [5]),
        ("ingredient:eggs", [4, 5, 8]),
        ("ingredient:eggs, not tag:eggs", [4, 8]),
        ("minutes<=15", [5, 6, 11]),
        ("minutes<15", [5, 6, 11]),
        ("minutes>90", [7]),
        ("minutes>=90", [4, 7]),
        ("minutes=90", [4]),
        ("calories=90.5", [11]),
        ("calories 90.5-150", [1, 11]),
        ("calories 91-149", [1]),
        ("easy, salt, not butter, minutes<=20", [1]),
        ('"lemon, juice of"', [11]),
        ('not "lemon, juice of", fat 0-3', [3, 6]),
        ('ingredient:"the ""best"" tea"', [11]),
        ("15-minutes-or-less", [11]),
    ],
)
def test_the_recipes_are_those_that_meet_every_condition(con, text, keys):
    assert selected(con, text) == keys


def meets(key, condition):
    _, _, minutes, _, _, calories, _, steps, ingredients = KEPT[key]
    match condition:
        case Term():
            return ((condition.kind, condition.word) in held(key)) is not condition.negated
        case Range():
            return condition.low <= {"minutes": minutes, "calories": calories}[condition.measure] <= condition.high
        case Comparison():
            value = {"minutes": minutes, "steps": steps, "ingredients": len(ingredients)}[condition.measure]
            return {
                "<=": value <= condition.number, ">=": value >= condition.number, "<": value < condition.number,
                ">": value > condition.number, "=": value == condition.number,
            }[condition.operator]  # fmt: skip


NUMBERS = st.integers(0, 200).map(float)
KNOWN = st.lists(
    st.one_of(
        # Words of one spelling, for which the lists as written are what is counted.
        st.builds(Term, st.sampled_from(["easy", "soups", "eggs"]), st.just("tag"), st.booleans()),
        st.builds(Term, st.sampled_from(["salt", "flour", "lemon, juice of"]), st.just("ingredient"), st.booleans()),
        st.builds(
            Comparison, st.sampled_from(["minutes", "steps", "ingredients"]),
            st.sampled_from(["<=", ">=", "<", ">", "="]), NUMBERS.map(lambda number: number // 10),
        ),
        st.builds(
            lambda measure, ends: Range(measure, *sorted(ends)), st.sampled_from(["minutes", "calories"]),
            st.tuples(NUMBERS, NUMBERS),
        ),
    ),
    max_size=4,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(KNOWN)
def test_any_selection_is_that_of_a_plain_loop(con, conditions):
    keys = [key for key in KEPT if all(meets(key, condition) for condition in conditions)]
    try:
        found = selected(con, write(tuple(conditions)))
    except BadInput:  # they contradict each other
        found = []
    assert found == keys


def test_the_statement_holds_known_sql_alone_and_the_values_are_bound(con):
    found = where(con, read("among", "onions, not tag:eggs, saturated fat<=10, calories 200-500"))
    assert found == Where(
        "id IN (SELECT recipe FROM recipe_terms WHERE kind = $among_0_kind AND term = $among_0_term)"
        " AND NOT id IN (SELECT recipe FROM recipe_terms WHERE kind = $among_1_kind AND term = $among_1_term)"
        " AND (calories) BETWEEN $among_2_low AND $among_2_high"
        " AND (sat_fat_pct) <= $among_3",
        {
            "among_0_kind": "ingredient", "among_0_term": "onion", "among_1_kind": "tag", "among_1_term": "eggs",
            "among_2_low": 200.0, "among_2_high": 500.0, "among_3": 10.0,
        },
        (("ingredient", "onion"), ("tag", "eggs")),
    )  # fmt: skip


def test_every_measure_of_recipes_can_be_compared(con):
    for measure, row in RECIPE_MEASURES.items():
        known = {key for (key,) in con.execute(f"SELECT id FROM recipes WHERE ({row.sql}) IS NOT NULL").fetchall()}
        assert set(selected(con, f"{measure}>=0")) | set(selected(con, f"{measure}<0")) == known


def test_two_selections_stand_in_one_statement(con):
    among = where(con, read("among", "easy"))
    against = where(con, read("against", "not soups, minutes>30"), name="against")
    sql = f"SELECT count(*) FILTER ({among.recipes}), count(*) FILTER ({against.recipes}) FROM recipes"
    assert con.execute(sql, {**among.values, **against.values}).fetchall() == [(3, 3)]


def test_reviews_are_those_of_the_selected_recipes(con):
    some, every = where(con, read("among", "easy")), where(con, ())
    assert con.execute(f"SELECT count(*) FROM reviews WHERE {some.reviews}", some.values).fetchall() == [(4,)]
    assert every == Where("TRUE", {})
    assert con.execute(f"SELECT count(*) FROM reviews WHERE {every.reviews}").fetchall() == [(8,)]


@pytest.mark.parametrize("among", ["easy, minutes>=20", (Comparison("minutes", ">=", 20), Term("easy", "tag"))])
def test_a_connection_gives_the_very_rows_as_relations(con, among):
    recipes, reviews = con.recipes(among), con.reviews(among)
    assert recipes.columns == con.recipes().columns == [name for name, *_ in con.execute("DESCRIBE recipes").fetchall()]
    assert recipes.project("id, name").fetchall() == [(1, "plain soup"), (3, "flat bread")]
    assert recipes.filter("minutes > 20").project("id").fetchall() == [(3,)]
    assert sorted(reviews.project("recipe_id, user_id").fetchall()) == [(1, 1), (1, 2), (3, 2)]
    assert recipes.df()["id"].tolist() == [1, 3]


def test_a_result_that_is_half_read_is_in_nobody_s_way(con):
    half_read = con.execute("SELECT id FROM recipes ORDER BY id")
    assert half_read.fetchone() == (1,)
    recipes = con.recipes("easy")
    gc.collect()
    assert recipes.project("id").fetchall() == [(1,), (3,), (5,)]
    assert half_read.fetchone() == (2,)
    half_read.fetchall()


def test_a_connection_without_a_selection_gives_every_row(con):
    assert con.recipes().count("*").fetchall() == [(len(KEPT),)]
    assert con.reviews("all").count("*").fetchall() == [(len(REVIEWS),)]


@pytest.mark.parametrize("among", ["esay", "minutes<=", 7])
def test_a_connection_refuses_a_selection_in_one_sentence(con, among):
    with pytest.raises(BadInput):
        con.recipes(among)


def test_a_notebook_s_connection_is_one():
    assert mangetamain.connect is connect


TERM_SQL = r"(NOT )?id IN \(SELECT recipe FROM recipe_terms WHERE kind = \$among_\d+_kind AND term = \$among_\d+_term\)"
ONE_SQL = rf"({TERM_SQL}|\(\w+\) (<=|>=|<|>|=) \$among_\d+|\(\w+\) BETWEEN \$among_\d+_low AND \$among_\d+_high)"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.one_of(FRAGMENTS, st.sampled_from(["easy", "not salt", "minutes<=30", "fat 1-2"])), max_size=4))
def test_no_text_changes_a_statement(con, parts):
    try:
        found = where(con, read("among", ",".join(parts)))
    except BadInput:
        return
    assert re.fullmatch(rf"TRUE|{ONE_SQL}( AND {ONE_SQL})*", found.recipes)
    assert len(con.execute(f"SELECT id FROM recipes WHERE {found.recipes}", found.values).fetchall()) <= len(KEPT)
