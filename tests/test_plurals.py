"""Whole numbers and the words that they count, in both languages."""

import re
import string

import pytest
from babel.messages.pofile import read_po

from mangetamain.charts import canvas, note, spec_of, translated
from mangetamain.finding import Estimate
from mangetamain.language import Plural, plural, say
from mangetamain.questions import distribution, terms
from mangetamain.questions.distribution import Stars
from mangetamain.questions.shares import COUNTED
from tests.test_conventions import CATALOGUE

# All that are said, by `test_conventions`, and read in a thirtieth of the time.
COUNTS = [Plural(*message.id) for message in read_po(CATALOGUE.open("rb")) if message.id and message.pluralizable]
# Words that end in s in the singular as well.
SINGULAR = {
    "is", "as", "its", "differs", "holds", "names", "bears", "counts", "passes", "shows",
    "avis", "mois", "plus", "dans",
}  # fmt: skip


def said(text, n, lang):
    """Say a text of a number, with other words in its other places."""
    places = {field for _, field, _, _ in string.Formatter().parse(text.one) if field} - {"n"}
    return say(text, n=n, **dict.fromkeys(places, "x")).render(lang)


@pytest.mark.parametrize("text", COUNTS, ids=[text.one[:40] for text in COUNTS])
def test_each_language_counts_by_its_own_rule(text):
    for n in (0, 1, 2, 1000):
        assert said(text, n, "en") == said(
            Plural(text.one, text.one) if n == 1 else Plural(text.many, text.many), n, "en"
        )
    none, one, two = (said(text, n, "fr") for n in (0, 1, 2))
    assert none.replace("0", "1", 1) == one  # 0 is singular in French
    assert "2" in two
    assert not re.search(r"\{|ˢ", none + one + two)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("text", COUNTS, ids=[text.one[:40] for text in COUNTS])
def test_one_is_followed_by_no_plural(text, lang):
    found = re.findall(r"(?<![\w,.])1 (\w+)", said(text, 1, lang))
    assert [word for word in found if word.endswith("s") and word not in SINGULAR] == []


def test_none_one_and_two():
    ingredients = COUNTED["ingredient"]
    assert [say(ingredients, n=n).render("en") for n in (0, 1, 2)] == ["0 ingredients", "1 ingredient", "2 ingredients"]
    assert [say(ingredients, n=n).render("fr") for n in (0, 1, 2)] == ["0 ingrédient", "1 ingrédient", "2 ingrédients"]
    assert say(ingredients, n=1234).render("en") == "1,234 ingredients"


def test_a_number_that_is_not_whole_decides_nothing():
    with pytest.raises(TypeError):
        say(COUNTED["tag"], n="many").render("en")


@pytest.mark.parametrize(("n", "french"), [(1, "1 étiquette"), (2, "2 étiquettes")])
def test_a_figure_keeps_both_forms(n, french):
    figure = note(canvas(), say(plural("{n} tag", "{n} tags"), n=n))
    assert translated(spec_of(figure), "fr")["layout"]["annotations"][0]["text"] == french


def test_sentences_of_one_recipe_and_one_rating(tiny):
    assert terms(tiny, years="2004", kind="tag").sentence().startswith("2 recipes bear 2 different tags")
    one = Estimate(100.0, 100.0, 100.0)
    rated = Stars(n=1, counts=(0, 0, 0, 0, 1), unrated=1, mean=Estimate(5.0, 5.0, 5.0), five=one, low=one)
    sentence = distribution.sentence(rated)
    assert sentence.render("en").startswith("Of 1 rating, ")
    assert sentence.render("en").endswith("1 more review gives no rating.")
    assert sentence.render("fr").startswith("Sur 1 note, ")
    assert sentence.render("fr").endswith("S’y ajoute 1 avis sans note.")
