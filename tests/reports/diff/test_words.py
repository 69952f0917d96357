"""A comparison's words: names that people use, percentages where sentences have them, and the texts' own language."""

import re
from collections import defaultdict
from dataclasses import fields, is_dataclass
from typing import get_origin, get_type_hints

import pytest

from mangetamain.answers.headings import COLUMNS
from mangetamain.finding import Record
from mangetamain.questions import QUESTIONS
from mangetamain.reports.diff.fields import known
from mangetamain.reports.diff.page import as_html
from mangetamain.reports.diff.text import as_text
from tests.reports.diff.records import answer, both, estimate, record


def test_every_field_has_a_name_in_words():
    own = [kind for kind in Record.kinds.values() if kind.__module__.startswith("mangetamain.") and is_dataclass(kind)]
    found = {field.name for kind in own for field in fields(kind)}
    found |= {name for question in QUESTIONS.values() for name in question.parameters}
    assert sorted(found - {name.removesuffix("[]") for name in known()} - COLUMNS.keys()) == []


def test_fields_that_share_a_name_share_what_they_are_called():
    called = defaultdict(set)
    for kind in filter(is_dataclass, Record.kinds.values()):
        for name, hint in get_type_hints(kind, include_extras=True).items():
            for label in getattr(hint, "__metadata__", ()):
                called[name, get_origin(hint.__origin__)].add(label)
    assert len(called) > 60
    assert {name: sorted(labels) for name, labels in called.items() if len(labels) > 1} == {}


@pytest.mark.parametrize(
    ("panel", "told"),
    [
        ("terms", "salt, Share 33.5% → 35.4%"),
        ("terms-2", "Most frequent salt, Share 33.5% (31.0% to 35.0%) → 35.4% (33.0% to 37.0%)"),
        ("level", "salt, Share 0.335 → 0.354"),
    ],
)
def test_shares_are_written_as_sentences_write_them(panel, told):
    def one(share, low, high):
        top = [{"is": "Frequent", "term": "salt", "share": estimate(share, low, high)}]
        finding = {"is": "TermsFinding", "n": 30, "verdict": "clear", "top": top}
        return record(answer(panel=panel, finding=finding, columns={"term": ["salt"], "share": [share]}))

    comparison, text = both(one(0.354, 0.33, 0.37), one(0.335, 0.31, 0.35))
    assert told in text
    assert re.sub(r" \(.*| Share.*", "", told) in as_html(comparison, "en")


def test_percentages_have_their_sign():
    def one(low):
        finding = {"is": "RatingDistribution", "n": 3, "verdict": None, "low": estimate(low, low - 1, low + 0.1)}
        return record(answer(panel="distribution", finding=finding))

    comparison, text = both(one(3.5), one(2.5))
    assert "Low 2.5% (1.5% to 2.6%) → 3.5% (2.5% to 3.6%)" in text
    assert "2,5\u202f%" in as_text(comparison, "fr")


def test_a_reader_of_another_language_is_told_why_texts_are_not_theirs():
    comparison, text = both(record(answer(sentence="It fell.")))
    assert "English" not in text
    for shown in as_text(comparison, "fr"), as_html(comparison, "fr"):
        assert "Les textes des rapports sont en anglais." in shown
