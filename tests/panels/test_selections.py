"""Two selections in a panel: their controls, the address, and what is refused."""

from urllib.parse import parse_qs, urlencode

import pytest

from mangetamain.panels.panel import panel
from mangetamain.questions import contrast, distribution, level
from mangetamain.warehouse import connect

VERBS = pytest.mark.parametrize("question", [level, contrast, distribution], ids=lambda question: question.name)


@pytest.fixture
def con(tiny_home):
    """A connection of its own, so that each test has a page of its own."""
    return connect(tiny_home)


@VERBS
def test_controls_and_address_carry_both_selections(question, con):
    shown = panel(question, con, of="minutes", among="easy")
    assert (shown.controls["among"].value, shown.controls["against"].value) == ("easy", "")
    assert shown.controls["against"].description == "Compared with"
    shown.controls["against"].value = "ALL"
    assert shown.answer.parameters["against"] == "all"
    assert shown.page.address.query == "against=all"
    shown.controls["against"].value = "soups, minutes <=30"
    assert parse_qs(shown.page.address.query) == {"against": ["soups, minutes<=30"]}
    assert "relative to" in shown.sentence.value or "differ" in shown.sentence.value or "(mean" in shown.sentence.value


@VERBS
def test_an_address_restores_both_selections(question, con):
    shown = panel(question, con, of="minutes")
    shown.page.address.search = "?" + urlencode({"among": "easy", "against": "not easy", "lang": "fr"})
    assert shown.card.value == ""
    assert [shown.answer.parameters[name] for name in ("among", "against")] == ["easy", "not easy"]
    assert shown.controls["against"].description == "Comparé à"
    shown.controls["against"].value = ""
    assert shown.page.address.query == "lang=fr&among=easy"
    assert shown.sentence.value.count("Parmi les recettes «\u202feasy\u202f», ") == 1


@VERBS
@pytest.mark.parametrize(
    ("against", "words"),
    [
        ("esay", "against: No recipe has"),
        ("minutes<<30", "against cannot hold"),
        ("<script>alert(1)</script>", "against cannot hold"),
        ("easy", "against cannot be"),
        ("easy, " * 99, "against cannot hold"),
        ('"', "against cannot hold"),
    ],
)
def test_what_is_no_second_selection_becomes_a_card(question, against, words, con):
    shown = panel(question, con, of="minutes", among="easy")
    shown.controls["against"].value = against
    assert f'role="alert">{words}' in shown.card.value
    assert "<script>" not in shown.card.value
    shown.controls["against"].value = "all"
    assert shown.card.value == ""


def test_the_published_method_puts_a_second_selection_aside_in_words(con):
    shown = panel(level, con, of="minutes", against="easy")
    shown.controls["method"].value = "published"
    assert "against cannot be &#x27;easy&#x27; where method is published" in shown.card.value
    shown.controls["against"].value = ""
    assert shown.card.value == ""
