"""Two runs compared by meaning: findings, sentences, panels."""

import json
import math

import pytest

from mangetamain.errors import BadInput
from mangetamain.reports.diff.compare import compare
from mangetamain.reports.diff.page import as_html
from tests.reports.diff.records import answer, both, changed_in, estimate, record


def test_a_run_is_the_same_as_itself():
    comparison, text = both(record())
    assert not comparison.noticed
    assert not any(each.changed for each in comparison.panels)
    assert "Unchanged: How long do recipes take? (level)" in text


def test_time_version_fingerprint_and_key_are_not_noticed():
    later = record(
        started="2027-01-01", seconds=9.0, key="f" * 16, versions={"mangetamain": "0.2.0"},
        data=record()["data"] | {"fingerprint": "bbbb", "cleaning": json.dumps({"minutes": [1, 120]})},
        parameters={"years": "2004-2006", "of": "minutes"},
    )  # fmt: skip
    comparison, text = both(later)
    assert not comparison.noticed
    assert [change.name for change in comparison.versions] == ["mangetamain"]
    assert {change.name for change in comparison.data} == {"fingerprint", "cleaning.minutes"}
    assert [(change.before, change.after) for change in comparison.parameters] == [(None, "minutes")]
    assert "0.1.0 → 0.2.0" in text
    assert "Cleaning minutes 1, 180 → 1, 120" in text


def test_synthetic_data_in_place_of_real_ones_are_noticed():
    comparison, text = both(record(data=record()["data"] | {"synthetic": True}))
    assert comparison.noticed
    assert "Synthetic data took the place of real ones." in text


def test_a_sentence():
    comparison, text = both(record(answer(sentence="It rose by 3 minutes.")))
    (one,) = comparison.panels
    assert (one.sentence.before, one.sentence.after) == ("It rose by 2 minutes.", "It rose by 3 minutes.")
    assert comparison.noticed
    assert "before It rose by 2 minutes. after It rose by 3 minutes." in text
    assert not one.table.noticed
    assert not one.figure.noticed


def test_a_verdict():
    comparison, text = both(record(answer(verdict="real")))
    assert comparison.noticed
    assert "verdict clear → real" in text


@pytest.mark.parametrize(
    ("new", "inside", "back", "place"),
    [
        ((2.5, 1.5, 3.5), True, True, "1 moved inside their interval, 0 outside"),
        ((2.5, 2.2, 2.8), True, False, "1 moved inside their interval, 0 outside"),
        ((3.5, 1.5, 5.5), False, True, "0 moved inside their interval, 1 outside · Change 2.0 (1.0 to 3.0) → 3.5"),
        ((9.0, 8.0, 9.5), False, False, "each outside the other’s interval"),
        ((3.0, 1.0, 3.0), True, True, "1 moved inside their interval, 0 outside"),
        ((2.0, 1.0, 3.1), True, True, "1 moved inside their interval, 0 outside"),
        ((math.nan, math.nan, math.nan), None, None, "1 went (Change)"),
    ],
)
def test_an_estimate_moves_inside_or_outside_its_interval(new, inside, back, place):
    comparison, text = both(changed_in("finding", change=estimate(*new)))
    (moved,) = comparison.panels[0].numbers
    assert (moved.name, moved.inside, moved.back) == ("change", inside, back)
    assert not comparison.noticed, "a number alone, in no sentence, table or figure, is not seen"
    assert place in text


def test_other_numbers_beyond_six_significant_digits():
    assert both(changed_in("finding", tau=0.5000001))[0].panels[0].numbers == ()
    comparison, text = both(changed_in("finding", tau=0.50001, n=31, left_out=[2004]))
    assert {one.name for one in comparison.panels[0].numbers} == {"tau", "n", "left_out"}
    assert "2 without an interval changed (Count, Spread beyond chance (tau)) · 1 came (Left out of the fit)" in text


def test_items_of_a_finding_go_by_their_names():
    salt, kale = answer()["finding"]["up"][0], {"is": "Drift", "term": "kale", "change": estimate(9.0, 8.0, 10.0)}
    comparison, text = both(changed_in("finding", up=[kale, salt]))
    (came,) = comparison.panels[0].numbers
    assert (came.name, came.before, came.after) == ("up[kale]", None, "up[kale]")
    assert "1 came (Rising kale)" in text
    assert "1 went (Rising salt)" in both(changed_in("finding", up=[]))[1]


def test_a_finding_of_another_kind():
    few = {"is": "TooFewPoints", "n": 3, "verdict": "undecided", "points": 2}
    comparison, text = both(record(answer(finding=few, verdict="undecided")))
    (one,) = comparison.panels
    assert (one.kind.before, one.kind.after) == ("LevelFinding", "TooFewPoints")
    assert [number.name for number in one.numbers] == ["n"], "only what both have"
    assert "of another kind than before: most of its numbers cannot be compared" in text
    assert "verdict clear → undecided" in text
    assert "verdict clear → not judged" in both(record(answer(verdict=None)))[1]
    assert "LevelFinding" not in text + as_html(comparison, "en")


def test_panels_come_and_go():
    other = answer(panel="volume", title="How many?")
    comparison, text = both(record(answer()), record(answer(), other))
    assert comparison.gone == (("volume", "How many?"),)
    assert comparison.noticed
    assert "Answers gone: How many? (volume)." in text
    assert "New answers: How many? (volume)." in both(record(answer(), other), record(answer()))[1]
    assert both(record(answers=[]), record())[0].gone == (("level", "How long do recipes take?"),)


def test_two_languages_say_the_same_in_other_words():
    french = answer(title="Combien de temps ?", sentence="Elle monte de 2 minutes.")
    french["figure"]["data"][0]["name"] = "Milieu"
    french["figure"]["layout"]["xaxis"]["title"]["text"] = "Année"
    comparison, text = both(record(french, lang="fr"))
    assert not comparison.noticed
    assert "two languages" in text


def test_runs_of_two_notebooks_cannot_be_compared():
    with pytest.raises(BadInput, match="cannot be compared") as raised:
        compare(record(), record(name="ratings_full", theme="ratings"))
    assert "ne peuvent être comparés" in raised.value.message.render("fr")
