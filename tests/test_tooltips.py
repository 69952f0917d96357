"""What is said where a hand points: values in words, with their units and intervals, in the reader's language."""

import pytest

from mangetamain import charts, tooltips
from mangetamain.language import say


def told(lang, *, named=True, interval=False, unit="minutes", **look):
    figure = charts.canvas()
    ends = {"low": [33.0], "high": [36.0]} if interval else {}
    charts.dots(figure, [2001], [35.2], "Centre", "centre", **ends, **look)
    tooltips.tell(figure, 1, tooltips.behind(unit), named=named)
    [trace] = charts.translated(charts.spec_of(figure), lang)["data"]
    return trace.get("hovertemplate"), charts.values(trace.get("customdata"))


def test_a_value_has_its_unit():
    assert told("en") == ("%{y:,.1f} minutes", [None])
    assert told("en", named=False)[0] == "%{y:,.1f} minutes<extra></extra>"


def test_an_interval_is_said_in_words():
    ends = "%{customdata[0]:,.1f} to %{customdata[1]:,.1f}"
    assert told("en", interval=True) == (f"%{{y:,.1f}} minutes ({ends})", [33.0, 36.0])
    assert told("fr", interval=True)[0] == f"%{{y:,.1f}}\u00a0minutes ({ends.replace(' to ', ' à ')})"


@pytest.mark.parametrize(("lang", "sign"), [("en", "%"), ("fr", "\u202f%")])
def test_a_percentage_has_the_sign_alone(lang, sign):
    assert told(lang, unit="% of daily value")[0] == "%{y:,.1f}" + sign


def test_what_says_something_already_or_nothing_at_all_is_left():
    assert told("en", hovertemplate="%{x}")[0] == "%{x}"
    assert told("en", hoverinfo="skip")[0] is None


def test_a_value_is_said_to_be_what_it_is():
    figure = charts.canvas()
    charts.bars(figure, [1], [2.0], "Share", "count", customdata=[charts.words(say("{n} minutes", n=5))])
    tooltips.tell(figure, 0, point="%{customdata}", signed=True, axis="x")
    [trace] = charts.translated(charts.spec_of(figure), "fr")["data"]
    assert trace["hovertemplate"] == "%{customdata}\u00a0: %{x:+,.0f}"
    assert trace["customdata"] == ["5 minutes"]
