"""What a notebook says once for all of its questions."""

from pathlib import Path

import pytest

import mangetamain as mm
from mangetamain.errors import BadInput
from mangetamain.panels.carried import Placed
from mangetamain.panels.view import reply
from mangetamain.questions import level, volume
from mangetamain.site.pages import address
from mangetamain.warehouse import connect as bare

SPAN = "2004-2005"


def test_a_question_is_asked_with_what_the_connection_says(tiny_home):
    con = mm.connect(tiny_home, years=SPAN, among="minutes<=30")
    asked = mm.level(con, of="steps").parameters
    assert (asked["years"], asked["among"], asked["of"]) == (SPAN, "minutes<=30", "steps")
    assert asked == level(bare(tiny_home), of="steps", years=SPAN, among="minutes <= 30").parameters


def test_what_is_given_goes_before_what_the_connection_says(tiny_home):
    con = mm.connect(tiny_home, years=SPAN, among="easy")
    assert mm.level(con, years="2006", among="").parameters.items() >= {"years": "2006-2006", "among": ""}.items()


def test_a_parameter_that_a_question_does_not_have_is_not_asked(tiny_home):
    con = mm.connect(tiny_home, years=SPAN, source="train", among="easy")
    for question in (mm.volume, mm.terms, mm.diversity):
        given = {"years": SPAN, "source": "train", "among": "easy"}
        asked = {name: value for name, value in given.items() if name in question.parameters}
        assert question(con).parameters.items() >= asked.items()


def test_a_panel_begins_and_speaks_as_the_connection_says(tiny_home):
    shown = mm.panel(mm.level, mm.connect(tiny_home, years=SPAN, among="easy", lang="fr"), of="steps")
    assert shown.base.items() >= {"years": SPAN, "among": "easy", "of": "steps"}.items()
    assert shown.reply["values"] == shown.base
    assert {told["name"]: told["label"] for told in shown.frames[shown.lang]["controls"]}["years"] == "Années"
    assert mm.panel(mm.level, mm.connect(tiny_home, lang="fr"), lang="en").lang == "en"


def test_the_address_carries_a_selection_to_every_panel(tiny_home):
    con = mm.connect(tiny_home, among="easy")
    panels = [mm.panel(mm.level, con), mm.panel(mm.distribution, con, of="minutes")]
    placed = [Placed(panel.key, panel.question, panel.base) for panel in panels]
    values, notes = address.read("among=minutes%3C%3D30", placed)
    assert ([given["among"] for given in values], notes) == (["minutes<=30"] * 2, [])
    values, _ = address.read("among=esay", placed)
    for panel, given in zip(panels, values, strict=True):
        assert "did you mean tag:easy" in reply(panel.asked, con, given, "en")["trouble"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"years": "2010-2002"}, r"years cannot be '2010-2002'.*did you mean 2002-2010"),
        ({"source": "fulll"}, "did you mean full"),
        ({"among": "minutes<=<30"}, "among cannot hold .*minutes<=<30"),
        ({"lang": "de"}, "lang cannot be 'de'"),
    ],
)
def test_a_mistake_is_told_where_one_connects(tiny_home, said, sentence):
    with pytest.raises(BadInput, match=sentence):
        mm.connect(tiny_home, **said)


def test_a_folder_may_be_a_text(tiny_home):
    assert mm.connect(str(tiny_home)).home == bare(str(tiny_home)).home == tiny_home
    assert mm.connect("~/x").home == Path("~/x").expanduser()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda _: mm.connect(yeers="2004"), "no parameter 'yeers': .*did you mean years"),
        (lambda con: con.recipes(amonng="easy"), "no parameter 'amonng': .*did you mean among"),
        (lambda con: con.reviews(amonng="easy"), "no parameter 'amonng': .*did you mean among"),
        (lambda con: con.sql("FROM recipez"), 'The query cannot be run: .*Did you mean "recipes"'),
        (lambda con: mm.panel("levle", con), "A panel shows a question, as in .*given: 'levle'; did you mean mm.level"),
        (lambda con: mm.panel(con, mm.level), "A panel shows a question, as in "),
        (lambda _: mm.panel(), "A panel shows a question, as in .*given: nothing."),
        (lambda _: mm.panel(mm.level), "A connection is asked, as in .*given: nothing."),
    ],
)
def test_a_wrong_call_is_refused_in_one_sentence(tiny_home, call, sentence):
    with pytest.raises(BadInput, match=sentence):
        call(mm.connect(tiny_home))


def test_a_bare_warehouse_says_nothing(tiny_home):
    assert volume(bare(tiny_home)).parameters["years"] == "1999-2018"
