"""Rows and cells of two runs' tables."""

import math

import pytest

from mangetamain.language import speaking
from mangetamain.reports.diff.value_text import change
from tests.reports.diff.records import answer, both, changed_in, record


def test_rows_come_go_and_change():
    columns = {
        "year": [2005, 2006, 2007], "n": [10, 12, 10], "centre": [41.0, None, 40.0], "thin": [False, True, True],
    }  # fmt: skip
    comparison, text = both(record(answer(columns=columns)))
    table = comparison.panels[0].table
    assert table.by == ("year",)
    assert (table.added, table.gone, table.changed, table.cells) == (1, 1, 1, 1)
    assert (table.first_added, table.first_gone) == (((2007,),), ((2004,),))
    (cell,) = table.first
    assert (cell.row, cell.column, cell.before, cell.after) == ((2006,), "n", 10, 12)
    assert comparison.noticed
    assert "rows that came: 1 (2007) · rows that went: 1 (2004) · rows that changed: 1 of 3, in 1 cell" in text
    assert "2006, Count 10 → 12" in text


@pytest.mark.parametrize(
    ("column", "seen"),
    [
        ([40.00001, 41.0, None], False),
        ([40.0, 41.0, math.nan], False),
        ([40, 41, None], False),
        ([40.01, 41.0, None], True),
        ([40.0, 41.0, 0.0], True),
        ([40.0, None, None], True),
    ],
)
def test_a_cell_changes_to_the_digits_shown(column, seen):
    comparison, _ = both(changed_in("columns", centre=column))
    assert comparison.noticed is seen
    assert comparison.panels[0].table.cells == int(seen)


@pytest.mark.parametrize(("before", "after", "seen"), [(1234567, 1234568, True), (1234567.1, 1234567.101, False)])
def test_a_large_number_counts_to_its_last_digit(before, after, seen):
    columns = [{"year": [2004], "n": [value]} for value in (before, after)]
    one, other = (record(answer(columns=each)) for each in columns)
    assert both(other, one)[0].noticed is seen


def test_rows_are_named_by_the_fewest_leading_columns_that_tell_them_apart():
    two = {"term": ["salt", "salt", "egg"], "share": [0.1, 0.2, 0.3], "year": [2004, 2005, 2004]}
    moved = {name: [column[i] for i in (2, 0, 1)] for name, column in two.items()}
    table = both(record(answer(columns=moved)), record(answer(columns=two)))[0].panels[0].table
    assert table.by == ("term", "year")
    assert (table.added, table.gone, table.changed, table.moved) == (0, 0, 0, True)
    vague = {"flag": [True, True]}
    other = {"flag": [True, False]}
    table = both(record(answer(columns=other)), record(answer(columns=vague)))[0].panels[0].table
    assert (table.by, table.changed, table.first[0].row) == ((), 1, (2,))


def test_columns_and_an_empty_table():
    comparison, text = both(record(answer(columns={"year": []})))
    table = comparison.panels[0].table
    assert (table.gone, table.changed, table.columns_gone) == (3, 0, ("n", "centre", "thin"))
    assert "columns gone: Count, Centre, Thin" in text
    assert both(record(), record(answer(columns={"year": []})))[0].panels[0].table.added == 3


@pytest.mark.parametrize(
    ("before", "after", "en", "fr"),
    [
        (44.2196, 41.8034, "44.2 → 41.8", "44,2 → 41,8"),
        (16.05, 0.5, "16.1 → 0.5", "16,1 → 0,5"),
        (12345.67, 12345.71, "12,345.67 → 12,345.71", "12\u202f345,67 → 12\u202f345,71"),
        (0.25, None, "0.25 → –", "0,25 → –"),
        (1e-9, -2e-5, "1e−09 → −2e−05", "1e−09 → −2e−05"),
        (True, False, "yes → no", "oui → non"),
        (-math.inf, 0.0, "−∞ → 0.00", "−∞ → 0,00"),
        (228, 1200, "228 → 1,200", "228 → 1\u202f200"),
    ],
)
def test_values_are_shown_with_the_decimals_that_tell_them_apart(before, after, en, fr):
    for lang, expected in (("en", en), ("fr", fr)):
        with speaking(lang):
            assert change(before, after) == expected


def test_a_column_alone():
    fewer = {name: column for name, column in answer()["columns"].items() if name != "thin"}
    for after, before in ((fewer, answer()["columns"]), (answer()["columns"], fewer)):
        comparison, _ = both(record(answer(columns=after)), record(answer(columns=before)))
        assert comparison.noticed
        assert comparison.panels[0].table.cells == 0
