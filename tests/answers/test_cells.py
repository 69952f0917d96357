"""A value is written the same wherever a reader meets it, and a panel has one key."""

import csv
import io
from datetime import date

import numpy as np
import pytest

from mangetamain.answers.cells import written
from mangetamain.answers.csv_text import csv_text
from mangetamain.calendars import CALENDARS
from mangetamain.language import speaking
from mangetamain.questions.answer_html import table
from mangetamain.questions.panel_keys import key_for, question_of
from mangetamain.reports.diff.value_text import shown


@pytest.mark.parametrize(
    ("value", "name", "english", "french"),
    [
        (None, "share", "–", "–"),
        (float("nan"), "share", "–", "–"),
        (True, "partial", "yes", "oui"),
        (2004, "year", "2004", "2004"),
        (2004, "recipes", "2,004", "2\u202f004"),
        (2004, "up[salt].jump", "2004", "2004"),
        ("winter", "season", "Winter", "hiver"),
        ("winter", "term", "winter", "winter"),
        ("clear", "verdict", "clear", "établi"),
        ("clear", "term", "clear", "clear"),
        (float("inf"), "high", "∞", "∞"),
    ],
)
def test_tables_and_comparisons_write_alike(value, name, english, french):
    for lang, expected in (("en", english), ("fr", french)):
        with speaking(lang):
            assert written(value, lang, name) == shown(value, name) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0.12344, "0.1234"), (12.346, "12.35"), (1234.0, "1,234"), (1234.5, "1,234.50")]
)
def test_a_table_gives_a_number_the_decimals_that_its_size_asks_for(value, expected):
    assert written(np.float64(value), "en", "mean") == expected
    assert f"<td>{expected}</td>" in table({"mean": np.array([value])}, "en")


def test_a_month_is_written_by_its_name():
    assert written(date(2004, 5, 1), "fr", "month") == "mai 2004"
    assert written(np.datetime64("2004-05-01"), "en", "month") == "May 2004"


@pytest.mark.parametrize(
    ("by", "held", "english"),
    [
        ("season", "winter", "Winter"),
        ("weekday", 3, "Wednesday"),
        ("month_of_year", 3, "3"),
        ("weekend", "weekend", "Saturday and Sunday"),
    ],
)
def test_a_group_that_a_finding_holds_is_that_of_its_calendar(by, held, english):
    assert written(CALENDARS[by].kept(held), "en", "highest") == english


def test_nothing_is_an_empty_cell_of_a_csv_whoever_made_the_lists():
    for nothing in (None, float("nan")):
        text = csv_text({"se": [nothing, 0.5]}, {}, "0", False)
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert [row["se"] for row in rows] == ["", "0.5"]


def test_a_panel_whose_question_was_asked_before_is_numbered():
    taken = []
    for question in ("level", "terms", "level", "level", "terms"):
        taken.append(key_for(question, taken))
    assert taken == ["level", "terms", "level-2", "level-3", "terms-2"]
    assert [question_of(key) for key in taken] == ["level", "terms", "level", "level", "terms"]
