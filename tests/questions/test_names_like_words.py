"""An ingredient that is called like a word of ours keeps its name in every language: our own words alone have two."""

import json

import numpy as np
import pytest

from mangetamain.language import speaking
from mangetamain.questions import QUESTIONS
from mangetamain.questions.answer_html import fragment
from mangetamain.reports.diff.compare import compare
from mangetamain.reports.diff.text import as_text
from mangetamain.reports.diff.value_text import field, shown
from tests.questions.cubes import POSTED, WHOLE, cubes, shares
from tests.reports.diff.records import record

# Each has a French form in the catalogue, as a unit, a verdict, a season, a legend or a name of ours.
NAMES = ("stars", "none", "steps", "clear", "winter", "trend", "Trend", "Rises", "Interval", "yes")
ASKED = [
    (name, {"kind": kind, **more})
    for kind in ("ingredient", "tag")
    for name, more in (
        ("terms", {}), ("terms", {"method": "published"}),
        ("term_changes", {}), ("term_changes", {"method": "published"}),
        ("term_curve", {"chosen": ",".join(NAMES[:6])}), ("term_curve", {"chosen": "yes,trend,stars"}),
    )
]  # fmt: skip


def answered(name, given, turned=1):
    """The answer from cubes in which half of the names rise and half fall."""
    ramp = turned * 0.03 * (np.array(list(POSTED)) - WHOLE[0]) / len(WHOLE)
    held = shares({term: 0.05 + ramp * (-1) ** i for i, term in enumerate(NAMES)})
    question = QUESTIONS[name]
    return question, question.answer(cubes(POSTED, held, kind=given["kind"]), question.read(given), "data", True)


def names_in(spec):
    """The names of ours and of the data that a figure shows."""
    ticks = [text for axis in ("xaxis", "yaxis") for text in spec["layout"].get(axis, {}).get("ticktext", [])]
    return {trace.get("name") for trace in spec["data"]} | set(ticks)


@pytest.mark.parametrize(("name", "given"), ASKED)
def test_a_figure_translates_our_words_alone(name, given):
    question, answer = answered(name, given)
    english, french = answer.figure_spec("en"), answer.figure_spec("fr")
    shown = names_in(english) & {*answer.columns["term"].tolist()}
    assert len(shown) >= 3
    assert shown <= names_in(french)
    assert english != french
    again = question.revive(json.loads(answer.to_json()))
    assert again.spec == answer.spec
    assert again.figure_spec("fr") == french


@pytest.mark.parametrize(("name", "given"), ASKED)
def test_a_table_translates_no_name(name, given):
    question, answer = answered(name, given)
    for lang in ("en", "fr"):
        page = fragment(question, answer, lang)
        for term in answer.columns["term"].tolist():
            assert f"<td>{term}</td>" in page


@pytest.mark.parametrize(("name", "given"), ASKED)
def test_a_comparison_translates_no_name(name, given):
    one, other = (record(answered(name, given, turned)[1].record(name, "Title", "fr")) for turned in (1, -1))
    text = as_text(compare(one | {"lang": "fr"}, other | {"lang": "fr"}), "fr")
    assert any(term in text for term in NAMES)
    for word in ("étoiles", "aucune", "étapes", "Hiver", "Tendance", "Hausses", "oui"):
        assert word not in text


def test_what_names_a_group_in_our_words_is_translated():
    with speaking("fr"):
        assert shown("winter", "highest") == "hiver"
        assert field("groups[winter].mean").startswith("Groupe hiver")
        assert shown("clear", "curves[salt].verdict") == "établi"
