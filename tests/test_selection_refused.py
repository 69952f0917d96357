"""Selections that are refused: slips with what is nearest, and hostile ones, in one sentence of either language."""

import re

import pytest

from mangetamain.conditions import Term, read
from mangetamain.errors import BadInput, UserError
from mangetamain.selection import where
from mangetamain.vocabulary import nearest
from tests.test_french import english_in
from tests.test_selection import con

__all__ = ["con"]  # a fixture

MISTYPED = {
    "minute<=30": "among cannot hold 'minute<=30': expected one of minutes, complexity, steps, ingredients, calories, "
    "fat, saturated_fat, sugar, sodium, protein, carbohydrates, description_words, step_words, reviews; did you mean "
    "minutes?",
    "minutes<=30 min": "among cannot hold 'minutes<=30 min': expected a number such as 30 or 2.5, of at most 9 figures "
    "and 3 decimals, without a sign or a unit; did you mean minutes<=30?",
    "calories 500-200": "among cannot hold 'calories 500-200': expected the lower number first; did you mean calories "
    "200-500?",
    "minutes=<30": "among cannot hold 'minutes=<30': expected one of the signs <= >= < > =; did you mean minutes<=30?",
    "fat<=2,5": "among cannot hold 'fat<=2,5': expected a number without commas, its decimals after a point; did you "
    "mean fat<=2.5?",
    "easy, not easy": "among cannot hold both easy and not easy: no recipe can meet the two; expected one of them.",
    "onion, not ingredient:onions": "among cannot hold both onion and not ingredient:onions: no recipe can meet the "
    "two; expected one of them.",
    "salt or butter": "among cannot hold 'salt or butter': expected commas between conditions, all of which hold; for "
    "any of them, ask once for each: salt, butter.",
    "not salt and butter": "among cannot hold 'not salt and butter': expected commas between conditions, all of which "
    "hold; did you mean not salt, butter?",
    "salt; butter": "among cannot hold 'salt; butter': expected commas between conditions, all of which hold; did you "
    "mean salt, butter?",
    "not salt and not butter": "among cannot hold 'not salt and not butter': expected commas between conditions, all "
    "of which hold; did you mean not salt, not butter?",
    "easy minutes<=30": "among cannot hold 'easy minutes<=30': expected commas between conditions, all of which hold; "
    "did you mean easy, minutes<=30?",
    "easy saturated fat 5-9": "among cannot hold 'easy saturated_fat 5-9': expected commas between conditions, all of "
    "which hold; did you mean easy, saturated_fat 5-9?",
    "-easy": "among cannot hold '-easy': expected not before what a recipe must not hold; did you mean not easy?",
    "without salt": "among cannot hold 'without salt': expected not before what a recipe must not hold; did you mean "
    "not salt?",
    "without sugarr": "No recipe has 'without sugarr' as a tag or an ingredient.",
    "dessert": "No recipe has 'dessert' as a tag or an ingredient; did you mean tag:desserts?",
    "esay": "No recipe has 'esay' as a tag or an ingredient; did you mean tag:easy?",
    "ingredient:easy": "'easy' is a tag and no ingredient.",
    "tag:salt": "'salt' is an ingredient and no tag.",
    "eggs": "'eggs' is both a tag and an ingredient: write tag:eggs or ingredient:eggs.",
    "not eggs": "'eggs' is both a tag and an ingredient: write not tag:eggs or not ingredient:eggs.",
    "egs": "No recipe has 'egs' as a tag or an ingredient; did you mean tag:eggs or ingredient:eggs?",
    "tag:soup": "No recipe has the tag 'soup'; did you mean 'soups'?",
    "ingredient:buter": "No recipe names the ingredient 'buter'; did you mean 'butter'?",
    "minutes 30": "among cannot hold 'minutes 30': expected a measure with its bounds, as in minutes<=30 or minutes "
    "10-20.",
    "minutes": "among cannot hold 'minutes': expected a measure with its bounds, as in minutes<=30 or minutes 10-20.",
    "saturated fat below 10": "among cannot hold 'saturated fat below 10': expected a measure with its bounds, as in "
    "saturated_fat<=30 or saturated_fat 10-20.",
    "15 minutes or less": "No recipe has '15 minutes or less' as a tag or an ingredient; did you mean "
    "tag:15-minutes-or-less?",
    "moins de 30 minutes": "among cannot hold 'moins de 30 minutes': expected a measure with its bounds, as in "
    "minutes<=30 or minutes 10-20.",
    "dessért": "No recipe has 'dessért' as a tag or an ingredient; did you mean tag:desserts?",
    "beurre": "No recipe has 'beurre' as a tag or an ingredient.",
    '"lemon, juice off"': "No recipe has 'lemon, juice off' as a tag or an ingredient; did you mean "
    'ingredient:"lemon, juice of"?',
}  # fmt: skip
HOSTILE = [
    "x'; DROP TABLE recipes; --", 'easy" OR "1"="1', "minutes<=30 OR 1=1", "minutes<=(SELECT max(id) FROM recipes)",
    "id>0", "1=1", "TRUE", "$among_0", "tag:easy' UNION SELECT 1 --", "minutes<=1e308", "rowid<=10", "pg_sleep(9)<=1",
    "{con}", "%s", "\x00", "\x1b[31mred", "\u202eysae", "<script>alert(1)</script>", "__import__('os')", "not " * 100,
    "minutes<=30/*", "recipes.id IN (SELECT 1)", '"easy"; --', "../../etc/passwd", "a" * 10_000, "\ud800", "easy\\",
]  # fmt: skip


@pytest.mark.parametrize("text", MISTYPED)
def test_a_slip_is_refused_with_the_nearest_that_is_known(con, text):
    with pytest.raises(BadInput) as refusal:
        where(con, read("among", text))
    assert str(refusal.value) == MISTYPED[text]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_refused(con, text):
    with pytest.raises(BadInput):
        where(con, read("among", text))


@pytest.mark.parametrize("text", [*MISTYPED, *HOSTILE], ids=range(len(MISTYPED) + len(HOSTILE)))
def test_a_refusal_is_one_sentence_in_either_language(con, text):
    with pytest.raises(UserError) as refusal:
        where(con, read("among", text))
    english, french = (refusal.value.message.render(lang) for lang in ("en", "fr"))
    assert english != french
    for said in (english, french):
        assert said[-1] in ".?"
        assert said.isprintable() or not set(said) & set("\n\x00\x1b\u202e")
        assert len(said) < 400
    # What a selection itself says is the same in every language: quoted, or after these words.
    after = (
        "comme dans ",
        "en anglais, comme ",
        "vouliez-vous dire ",
        "des valeurs ",
        "écrivez ",
        "une à une\u00a0: ",
        "à la fois ",
    )
    ours = re.sub("|".join(f"(?<={words})[^\u00a0]*" for words in after), "", french)
    quoted = re.sub(r"«.*»|\".*\"|commence par not|après not", "", ours)
    assert english_in(quoted) == []


def test_the_nearest_words_come_in_order_of_likeness(con):
    assert nearest(con, "onoins", "ingredient", 3) == [Term("onions", "ingredient"), Term("onion", "ingredient")]
    assert nearest(con, "esay")[0] == Term("easy", "tag")
    assert nearest(con, "zzzz") == []
