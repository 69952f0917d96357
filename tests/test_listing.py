"""What the package offers by its name: the questions, the measures, and what is near a misspelt word."""

import json
import subprocess
import sys

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import mangetamain as mm
from mangetamain.errors import BadInput
from mangetamain.measures import MEASURES
from mangetamain.questions import QUESTIONS
from tests.conftest import ROOT

OFFERED = {*QUESTIONS, "BadInput", "NoWarehouse", "connect", "panel", "questions", "measures"}


def test_a_fresh_process_offers_questions_and_what_they_need_and_nothing_else():
    code = "import json, mangetamain as mm; print(json.dumps([dir(mm), [*mm.questions], [*mm.measures]]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    offered, questions, measures = json.loads(done.stdout)
    assert set(offered) == OFFERED
    assert (questions, measures) == (list(QUESTIONS), list(MEASURES))


@pytest.mark.parametrize("jedi", [True, False])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [("mm.", OFFERED), ("mm.le", {"level"}), ("mm.term_c", {"term_curve", "term_changes", "term_contrast"})],
)
def test_a_tab_offers_them_in_ipython(jedi, typed, expected):
    shell = InteractiveShell()
    shell.user_ns["mm"] = mm
    shell.Completer.use_jedi = jedi
    with provisionalcompleter():
        found = {each.text.lstrip(".") for each in shell.Completer.completions(typed, len(typed))}
    assert found == expected


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(AttributeError, match="no attribute 'levle'; did you mean 'level'"):
        mm.levle  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'xyzzy'$"):
        mm.xyzzy  # noqa: B018


@pytest.mark.parametrize(("listing", "listed"), [(mm.questions, QUESTIONS), (mm.measures, MEASURES)])
def test_a_listing_is_the_module_and_gives_what_it_lists(listing, listed):
    assert listing is sys.modules[listing.__name__]
    assert dict(listing) == listed
    assert len(listing) == len(listed)
    assert list(listing.items()) == list(listed.items())
    first = next(iter(listed))
    assert first in listing
    assert "nothing" not in listing
    with pytest.raises(BadInput, match=f"did you mean {first}"):
        listing[first + "e"]


def test_the_listing_of_questions_says_what_each_asks():
    lines = repr(mm.questions).splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(QUESTIONS)
    assert all(question.title in line for question, line in zip(QUESTIONS.values(), lines[1:], strict=True))
    assert mm.questions._repr_html_().count("<tr>") == len(QUESTIONS) + 1


def test_the_listing_of_measures_says_unit_view_and_smallest_effects_with_reasons():
    shown = repr(mm.measures).splitlines()
    sugar = next(line for line in shown if line.startswith("sugar "))
    assert sugar.split("  ")[0] == "sugar"
    for part in ("% of daily value", "recipes", " 3 ", "points of % daily value", "a third of a sugar cube"):
        assert part in sugar
    assert "reviews" in next(line for line in shown if line.startswith("five "))
    assert "a third of a sugar cube" in mm.measures._repr_html_()
