"""What will change for readers: two warehouses' answers, recorded, compared and kept."""

import json

import pytest

from mangetamain.delivery.pair import Pair
from mangetamain.delivery.probe import Seen
from mangetamain.delivery.proof import changes
from mangetamain.delivery.proof.browser import Opened
from mangetamain.delivery.proof.evidence import Evidence, evidence_text
from mangetamain.themes import themes
from mangetamain.warehouse import build, connect
from tests.conftest import RECIPES, write_official_files

PAIR = Pair("sha256:" + "a" * 64, "food-1", "rev")


@pytest.fixture(scope="module")
def before(tiny_home):
    """What the ten recipes' warehouse says."""
    return changes.records(connect(tiny_home), "en")


@pytest.fixture(scope="module")
def after(tmp_path_factory):
    """What one with a recipe less says."""
    home = tmp_path_factory.mktemp("after")
    build(str(write_official_files(home / "raw", RECIPES[1:])), home=home)
    return changes.records(connect(home), "en")


def test_every_panel_of_every_notebook_is_recorded_as_json_can_hold_it(before):
    assert list(before) == list(themes())
    for name, theme in themes().items():
        assert [answer["panel"] for answer in before[name]["answers"]] == [asked.key for asked in theme.asked]
    assert json.loads(json.dumps(before)) == before


def test_the_same_data_change_nothing_for_readers(before):
    found, lines = changes.compared(before, before)
    assert lines == []
    assert changes.changes_text(found, lines).count("Nothing that a reader would notice changed.") == len(themes())


def test_other_data_are_told_sentence_by_sentence_and_number_by_number(before, after):
    found, lines = changes.compared(before, after)
    text = changes.changes_text(found, lines)
    assert found["trends"].noticed
    for old, new in zip(before["trends"]["answers"], after["trends"]["answers"], strict=True):
        if old["sentence"] != new["sentence"]:
            assert old["sentence"].split()[0] in text
    assert "Before  raw" in text
    assert "2004, Count 2 → 1" in text


def test_a_page_that_comes_or_goes_is_told(before):
    only = {"trends": before["trends"]}
    others = [name for name in themes() if name != "trends"]
    assert changes.compared(before, only)[1] == [f"The page {name} goes." for name in others]
    assert changes.compared(only, before)[1] == [f"The page {name} is new." for name in others]


def test_evidence_and_comparison_are_kept_together(before, after, folder):
    found, lines = changes.compared(before, after)
    evidence = Evidence(PAIR, Seen("http://x", "healthy"), [Opened("trends", 8, 1.5, ())], "17 passed")
    assert "trends 8 in 1.5 s" in evidence_text(evidence)
    place = changes.keep("abc", evidence, found, changes.changes_text(found, lines))
    assert place.parent == folder / "comparisons"
    kept = json.loads((place / "comparison.json").read_text())
    assert kept["evidence"]["pair"]["image"] == PAIR.image
    assert kept["comparisons"]["trends"]["noticed"] is True
    assert (place / "trends.html").read_text().startswith("<!DOCTYPE html>")
    assert "A reader would notice" in (place / "comparison.txt").read_text()


@pytest.mark.parametrize(
    ("figures", "troubles", "fine"), [(3, (), True), (0, (), False), (3, ("console error: x",), False)]
)
def test_a_page_is_fine_with_figures_and_without_complaints(figures, troubles, fine):
    assert Opened("trends", figures, 1.0, troubles).fine is fine
