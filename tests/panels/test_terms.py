"""What is offered while a reader types."""

import pytest

from mangetamain.conditions import read
from mangetamain.panels.terms import told_terms
from mangetamain.selection import where
from mangetamain.warehouse import connect
from tests.conftest import HIDDEN


def offered(con, like, kind="all", lang="en", most=8):
    return told_terms(con, like, kind, lang, most)["terms"]


def words(*given, **named):
    return [each["word"] for each in offered(*given, **named)]


def test_a_term_comes_with_its_kind_and_how_many_recipes_hold_it(tiny):
    assert offered(tiny, "sal")[0] == {"word": "salt", "text": "salt", "name": "salt", "told": "ingredient, 7 recipes"}
    assert [each["told"] for each in offered(tiny, "bee", lang="fr")] == ["ingrédient, 1 recette"]


def test_terms_of_most_recipes_come_first(tiny):
    assert words(tiny, "", most=3) == ["salt", "butter", "water"]
    assert words(tiny, "S", kind="ingredient") == ["salt", "sugar"]
    assert words(tiny, " oil") == ["olive oil"]


def test_a_rarer_term_that_begins_so_is_offered_before_a_commoner_that_holds_it(sample):
    [oil, olive_oil, *_] = offered(sample, "oil", kind="ingredient")
    assert (oil["word"], olive_oil["word"]) == ("oil", "olive oil")
    assert oil["told"] != olive_oil["told"]


def test_another_spelling_leads_to_the_term_and_a_slip_to_the_nearest(tiny):
    assert words(tiny, "onions") == ["onion"]
    assert words(tiny, "buter") == ["butter"]
    assert words(tiny, "qqqqqq") == []


def test_accents_do_not_count_and_another_language_leads_to_no_english_word(sample):
    assert "vegetarian" in words(sample, "végé")
    assert words(sample, "beurre") == []


def test_a_word_of_both_kinds_says_which_is_meant(tiny):
    assert [each["text"] for each in offered(tiny, "eg")] == ["ingredient:eggs", "tag:eggs"]
    assert [each["told"] for each in offered(tiny, "eg", kind="tag")] == ["tag, 1 recipe"]


def test_measures_are_offered_by_name_and_by_label_in_the_reader_s_language(tiny):
    [minutes] = [each for each in offered(tiny, "min") if each["word"] == "minutes"]
    assert (minutes["text"], minutes["told"]) == ("minutes<=", "measure, Preparation time")
    assert "minutes" in words(tiny, "temps", lang="fr")
    assert "minutes" not in words(tiny, "min", kind="tag")


@pytest.mark.parametrize("like", ["", "s", "e", "m", "eg", "c"])
def test_whatever_is_offered_can_be_asked(tiny, like):
    for each in offered(tiny, like, most=50):
        text = each["text"] + ("30" if each["text"].endswith("=") else "")
        where(tiny.current()[0], read("among", text))


def test_a_name_of_the_data_is_shown_harmless_and_short(hostile):
    for each in offered(hostile, "", most=100):
        assert len(each["name"]) < 100
        assert not set(each["name"]) & set(HIDDEN)


@pytest.mark.parametrize(("like", "kind"), [("x" * 81, "all"), ("a", "spice"), ("a", "")])
def test_what_is_not_ours_is_refused_in_a_sentence(tiny, like, kind):
    assert set(told_terms(tiny, like, kind, "en")) == {"trouble"}


def test_without_data_the_sentence_says_what_to_do(tmp_path):
    told = told_terms(connect(tmp_path), "a", "all", "en")
    assert "mangetamain build" in told["trouble"]
    assert told["later"] is True
