"""Two selections side by side, whatever is asked of them."""

import pytest

from mangetamain.conditions import read
from mangetamain.errors import BadInput
from mangetamain.finding import Alike
from mangetamain.questions import contrast, cycle, distribution, level, relation
from mangetamain.questions.comparison import Comparison, check_apart
from tests.questions.cubes import empty
from tests.questions.ratings import answer

VERBS = pytest.mark.parametrize("question", [level, contrast, distribution], ids=lambda question: question.name)


@VERBS
def test_without_a_second_selection_a_table_is_of_one(question, tiny):
    alone = question(tiny, of="minutes")
    assert "selection" not in alone.columns
    assert (alone.parameters["against"], question.read({"against": " "})["against"]) == ("", None)
    assert question(tiny, of="minutes", among="easy").sentence().startswith("Among the recipes “easy”, the preparation")


def test_every_question_with_a_selection_says_so(tiny):
    said = relation(tiny, of="calories", among="not desserts,easy")
    assert said.sentence() == (
        "Among the recipes “easy, not desserts”, the calorie count: too few values, or too much alike, to be parted by "
        "the preparation time; that takes 1,000 of them, in 3 parts."
    )
    assert said.sentence("fr").startswith("Parmi les recettes «\u202feasy, not desserts\u202f», l’apport calorique")
    assert relation(tiny, of="calories").sentence().startswith("The calorie count")


@VERBS
def test_rows_of_both_selections_stand_under_one_another(question, tiny):
    found = question(tiny, of="minutes", among="easy", against="all")
    assert found.parameters["against"] == "all"
    table = found.table
    for text, name in (("easy", "easy"), ("", "all")):
        alone = question(tiny, of="minutes", among=text).table
        rows = table[table["selection"] == name]
        assert rows["n"].sum() == alone["n"].sum()
    assert table["selection"].drop_duplicates().tolist() == ["easy", "all"]
    assert isinstance(found.finding, Comparison)
    assert (found.finding.one.n, found.finding.other.n) == (3, 8)


@VERBS
def test_an_answer_about_two_selections_survives_json(question, sample):
    con = sample.current()[0]
    found = answer(question, con, of="minutes", years="2004-2008", among="desserts", against="easy, not desserts")
    assert [found.sentence().count(f"“{text}”") for text in ("desserts", "easy, not desserts")] == [2, 2]
    assert found.finding.verdict == found.finding.difference.verdict
    assert not found.sentence().startswith("Among")
    assert "of the recipes" not in found.sentence("fr")


@VERBS
@pytest.mark.parametrize(
    ("among", "against", "words"),
    [
        ("easy, minutes<=30", "Minutes <= 30.0,easy", "against cannot be 'easy, minutes<=30': that is what among"),
        ("", "all", "against cannot be 'all': that is what among selects already"),
        ("", "esay", "^against: No recipe has 'esay' as a tag or an ingredient; did you mean tag:easy"),
        ("", "minutes <>30", "against cannot hold 'minutes <>30'"),
        ("easy", "minutez<=30", "against cannot hold 'minutez<=30'.*did you mean minutes"),
        ("easy", "'; DROP TABLE recipes; --", "^against: No recipe has .*drop table recipes"),
        ("easy", "eggs", "^against: 'eggs' is both a tag and an ingredient: write tag:eggs or ingredient:eggs"),
        ("easy", 'tag:"easy', "against cannot hold .*second quotation mark"),
    ],
)
def test_what_is_no_second_selection_is_refused(question, among, against, words, tiny):
    with pytest.raises(BadInput, match=words):
        question(tiny, of="minutes", among=among, against=against)


@pytest.mark.parametrize("question", [level, contrast], ids=lambda question: question.name)
def test_the_published_method_compares_no_selections(question):
    with pytest.raises(
        BadInput, match=r"^against cannot be 'easy' where method is published: .*expected method=robust"
    ):
        question.read({"against": "easy", "method": "published"})


@VERBS
def test_an_empty_side_is_named(question, tiny):
    found = question(tiny, of="minutes", among="easy", against="minutes>500")
    assert found.verdict is None
    assert found.sentence() == (
        "There is nothing to compare: the data hold no value for the recipes “minutes>500” in these years."
    )
    both = question(tiny, of="minutes", among="minutes<1", against="minutes>500").sentence("fr")
    assert both.endswith(
        "aucune valeur pour les recettes «\u202fminutes<1\u202f» et les recettes «\u202fminutes>500\u202f» "
        "dans ces années."
    )
    assert question(tiny, of="rating", among="minutes<1", against="minutes>500").spec["data"] == []


@VERBS
@pytest.mark.parametrize("of", ["minutes", "rating"])
def test_two_texts_for_the_same_recipes_are_one_selection(question, of, sample):
    with pytest.raises(BadInput, match=r"^against cannot be 'minutes<30.001': it selects the very recipes that among"):
        question(sample, of=of, years="2004-2008", among="minutes<=30", against="minutes<30.001")


def test_selections_that_look_alike_are_not_one():
    """Two recipes of equal values are two."""
    con = empty()
    con.execute("""
        CREATE TABLE recipes AS
        SELECT i AS id, 2004 AS year, 1 AS month, i AS contributor_id, 10 * i AS minutes, 200.0 AS calories
        FROM range(1, 3) AS given (i)
    """)
    with pytest.raises(BadInput, match="selects the very recipes"):
        check_apart(con, read("among", "minutes<=10"), read("against", "minutes<20"))
    check_apart(con, read("among", "minutes<=10"), read("against", "minutes>10"))
    check_apart(con, read("among", "minutes<1"), read("against", "minutes>500"))
    found = answer(distribution, con, of="calories", among="minutes<=10", against="minutes>10")
    assert found.finding.n == 2


@pytest.mark.parametrize("question", [level, contrast, cycle, distribution], ids=lambda question: question.name)
@pytest.mark.parametrize("given", [{}, {"by": "month"}, {"by": "month_of_year"}, {"by": "weekend"}], ids=str)
def test_two_selections_whose_values_are_alike_are_not_judged(question, given, sample):
    """By whatever cut of time: without any error, a difference of nothing would be called negligible."""
    kind = question.parameters.get("by", (None,))[0]
    if given and (kind is None or given["by"] not in kind.values):
        pytest.skip("no such cut")
    found = question(sample, of="minutes", among="minutes=30", against="minutes=60", **given)
    assert (found.verdict, found.finding.difference) == (None, Alike(n=found.finding.n, value=-30.0))
    assert found.sentence().startswith("There is no difference to judge: the values of either selection are alike. ")
    assert "“minutes=60”, the preparation time" in found.sentence()
    assert found.headline() == "The values of either selection are alike."


@pytest.mark.parametrize("question", [level, contrast, cycle, distribution], ids=lambda question: question.name)
@pytest.mark.parametrize(
    ("among", "against"), [("ingredient:kale, minutes=1", "all"), ("minutes=1", "minutes=180"), ("all", "minutes=1")]
)
@pytest.mark.parametrize("years", ["2001-2001", "2016-2017"])
def test_where_there_is_too_little_to_compare_it_is_undecided(question, among, against, years, sample):
    among = "" if among == "all" else among
    found = question(sample, of="calories", among=among, against=against, years=years)
    held = found.finding.one.n and found.finding.other.n
    assert found.verdict == ("undecided" if held else None)
    if held:
        assert found.finding.difference.n
        assert found.headline() == "There is too little here, or all of it is too much alike, to tell."


def test_a_side_with_too_little_is_said_beside_the_other(tiny):
    found = level(tiny, of="minutes", among="easy", against="all")
    assert found.sentence() == (
        "The preparation time among the recipes “easy” relative to that among all recipes: {few} Among the recipes "
        "“easy”, the preparation time: {few} Among all recipes, the preparation time: {few}"
    ).format(few="a trend needs at least 4 whole years of 100 values or more; here there are 0.")
