"""A change of fewer than eight years is told over those years, and nobody's decade."""

import pytest

from mangetamain.finding import Estimate
from mangetamain.questions.diversity import DiversityFinding
from mangetamain.questions.diversity import sentence as say_diversity
from mangetamain.questions.effects import pace
from mangetamain.questions.term_changes import Drift, TermChanges
from mangetamain.questions.term_changes import sentence as say_changes
from mangetamain.questions.term_curve import Curve, CurvesFinding
from mangetamain.questions.term_curve import sentence as say_curves

CHANGE = Estimate(-2.0, -3.0, -1.0)


@pytest.mark.parametrize(
    ("first", "last", "said", "factor"), [(2000, 2008, "per decade", 1.0), (2004, 2009, "in all", 0.5)]
)
def test_the_pace_is_a_decades_or_that_of_the_years_seen(first, last, said, factor):
    told, found = pace(first, last)
    assert (told.render("en"), found) == (said, factor)


SHARE = Estimate(0.4, 0.3, 0.5)
CURVES = CurvesFinding(n=9, first=2004, last=2009, curves=(Curve("salt", 0.1, CHANGE, 1.0, "real"),), given=())


def test_a_curves_change_is_that_of_its_years():
    said = say_curves(CURVES).render("en")
    assert "in percentage points in all: salt 10.0%, a real trend of −1.0 (−1.5 to −0.5)" in said


def test_a_risers_change_is_that_of_the_years():
    found = TermChanges(
        n=99, kind="ingredient", first=2004, last=2009, rising=0, falling=1, up=(), down=(Drift("butter", CHANGE),),
        jump=None,
    )  # fmt: skip
    assert say_changes(found).render("en").endswith("in percentage points in all: butter −1.0 (−1.5 to −0.5).")


def test_a_change_of_variety_is_that_of_its_years():
    part = Estimate(-0.2, -0.3, -0.1)
    found = DiversityFinding(
        n=99, verdict="clear", kind="ingredient", sample=100, first=2004, last=2009, left_out=(), level=10.0,
        slope=part, intercept=0.0, change=CHANGE, relative=part, smallest=0.05, per_recipe=part, at_equal_terms=part,
    )  # fmt: skip
    said = say_diversity(found).render("en")
    assert "fell by 1.0 in all between 2004 and 2009: −10.0% of its level (95% interval −15.0% to −5.0%)" in said
    assert "ingredients per recipe changed by −10.0% in all" in said
