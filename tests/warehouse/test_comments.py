"""Every table and column says what it holds, in which unit and from where."""

from __future__ import annotations

import re

import pytest

from mangetamain.language import catalogue
from mangetamain.warehouse import build, connect
from mangetamain.warehouse.schema import NUTRITION, TABLES
from mangetamain.warehouse.tables import comments
from mangetamain.warehouse.tables.cubes import MEASURES

# Numbers that measure nothing: keys, codes, and what is a date in parts or a place in an order.
KEYS = {
    "id",
    "code",
    "contributor_id",
    "user_id",
    "recipe_id",
    "user_code",
    "recipe_code",
    "recipe",
    "year",
    "step",
    "line",
    "u",
    "i",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The table, column, type and comment of every column, and the comment of every table under no column's name."""
    home = tmp_path_factory.mktemp("told")
    build("sample:60", home=home)
    rows = (
        connect(home)
        .execute("""
        SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal
        UNION ALL SELECT schema_name, table_name, '', 'TABLE', comment FROM duckdb_tables()
    """)
        .fetchall()
    )
    return [(f"{schema}.{table}".removeprefix("main."), *rest) for schema, table, *rest in rows]


def test_none_is_without_a_comment(told):
    assert [row[:2] for row in told if not row[3]] == []
    assert {table for table, *_ in told} == comments.TABLES.keys() == comments.COLUMNS.keys()
    assert {"recipes", "reviews", "recipe_terms", "days", "build_info", *(f"raw.{name}" for name in TABLES)} <= {
        table for table, *_ in told
    }


def test_no_comment_is_of_a_column_that_is_gone(told):
    stored = {(table, column) for table, column, *_ in told if column}
    assert stored == {(table, column) for table, columns in comments.COLUMNS.items() for column in columns}


def test_a_column_names_its_source_and_a_measured_number_its_unit(told):
    for table, column, kind, comment in told:
        if column:
            assert re.fullmatch(r"[^;]+; [^;]+", comment), (table, column, comment)
        if re.match(r"(TINY|SMALL|BIG)?INT|INTEGER|DOUBLE", kind) and column not in KEYS and "[]" not in kind:
            assert re.search(r"\[[^]]+\]", comment), (table, column, comment)


def test_units_are_the_measures_own(told):
    units = {column: re.findall(r"\[(.+)\]", comment) for table, column, _, comment in told if table == "recipes"}
    assert units["minutes"] == ["minutes"]
    assert units["calories"] == ["kcal"]
    assert all(units[name] == ["% of the daily value"] for name in NUTRITION[1:])
    assert units["description_words"] == units["step_words"] == ["words"]
    assert all(units[name] for name in MEASURES)


def test_a_source_that_is_a_column_is_there(told):
    known = {f"{table}.{column}".removeprefix("raw.") for table, column, *_ in told} | {"RAW_recipes.nutrition"}
    for table, column, _, comment in told:
        for named in re.findall(r"\b(?:RAW_\w+|recipes|reviews)\.\w+", comment):
            assert named in known, (table, column, comment)


def test_each_is_said_in_french_with_the_same_names(told):
    for *_, comment in told:
        french = catalogue("fr").gettext(comment)
        assert french != comment or comment.startswith("Complexity")
        names = r"\b(?:RAW|PP)_\w+(?:\.\w+)?|interactions_\w+"
        assert re.findall(names, french) == re.findall(names, comment)


def test_optional_tables_may_be_absent(tiny):
    names = [row[0] for row in tiny.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall()]
    assert names == []
