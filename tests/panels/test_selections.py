"""Two selections in a panel: what they say together, and what is refused."""

import pytest

from mangetamain.panels.view import frame, reply
from mangetamain.questions import contrast, distribution, level

VERBS = pytest.mark.parametrize("question", [level, contrast, distribution], ids=lambda question: question.name)


@VERBS
def test_an_answer_carries_both_selections_in_their_one_order(question, tiny):
    told = reply(question, tiny, {"of": "minutes", "among": "easy", "against": "ALL"}, "en")
    assert (told["values"]["among"], told["values"]["against"]) == ("easy", "all")
    told = reply(question, tiny, {"of": "minutes", "among": "easy", "against": "soups, minutes <=30"}, "en")
    assert told["values"]["against"] == "soups, minutes<=30"
    assert "relative to" in told["sentence"] or "differ" in told["sentence"] or "(mean" in told["sentence"]


@VERBS
def test_both_have_a_field_in_either_language(question, tiny):
    labels = [{told["name"]: told["label"] for told in frame(question, lang)["controls"]} for lang in ("en", "fr")]
    assert [each["against"] for each in labels] == ["Compared with", "Comparé à"]
    told = reply(question, tiny, {"of": "minutes", "among": "easy"}, "fr")
    assert told["sentence"].count("Parmi les recettes «\u202feasy\u202f», ") == 1


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
def test_what_is_no_second_selection_is_refused_in_a_sentence(question, against, words, tiny):
    told = reply(question, tiny, {"of": "minutes", "among": "easy", "against": against}, "en")
    assert set(told) == {"trouble"}
    assert told["trouble"].startswith(words)


def test_the_published_method_puts_a_second_selection_aside_in_words(tiny):
    told = reply(level, tiny, {"of": "minutes", "against": "easy", "method": "published"}, "en")
    assert "against cannot be 'easy' where method is published" in told["trouble"]
