"""Headings and headlines: short, plain, in both languages, and true of the finding that they tell."""

import itertools
import re

import pytest

from mangetamain.finding import Estimate
from mangetamain.language import LANGS, say
from mangetamain.measures import MEASURES
from mangetamain.panels.view import answered
from mangetamain.questions import QUESTIONS, contrast, cycle, distribution, level
from mangetamain.questions.courses import LevelFinding, Step, Stretch
from mangetamain.questions.cycle import AtHoliday, YearCycle
from mangetamain.questions.diversity import DiversityFinding
from mangetamain.questions.group_levels import GroupGap
from mangetamain.questions.headline import headline
from mangetamain.questions.plain_words import MOVES, VARIETIES
from mangetamain.questions.relation import Relation
from mangetamain.questions.relation.busyness import Busyness
from tests.test_french import data_of, english_in, ways

# What no headline holds: an interval, a test, a verdict as a word of art.
STATISTICS = re.compile(r"95\s?%|\binterval|\bp-|q <|±|negligible|undecided|\[", re.IGNORECASE)
UP, DOWN = ({*more} for more in zip(*(moves[1:] for moves in MOVES.values()), strict=True))
UP, DOWN = UP | {"rose", "rises"}, DOWN | {"fell", "falls"}
SURE = ("clear", "real")


def finding(*verdicts, signs=(-1, 1), steps=(), hangs_on=()):
    """A level that is one line from 2000 to 2017, or bends in 2011, with such verdicts and signs."""
    ends = ["2000", *(["2011"] if verdicts[1:] else []), "2017"]
    stretches = tuple(
        Stretch(
            first, last, 10.0, Estimate(3.0 * sign, 3.0 * sign - 1, 3.0 * sign + 1), 2.0, verdict, 1 / len(verdicts)
        )
        for (first, last), verdict, sign in zip(itertools.pairwise(ends), verdicts, signs, strict=False)
    )
    return LevelFinding(
        n=1000, verdict=verdicts[0], first="2000", last="2017", points=18, left_out=2, stretches=stretches,
        corners=(), steps=steps, drift=0.0, by_size=0.0, hangs_on=hangs_on, tau=0.0, rho=0.0,
    )  # fmt: skip


def said(found, lang="en", question=level, **given):
    return headline(found, question.read(given)).render(lang)


def words(text):
    return len(text.split(" "))


def moves_in(text):
    return [{*filter(lambda word: re.search(rf"\b{word}\b", text), side)} for side in (UP, DOWN)]


def effect(found):
    """The sign of what was found, where it is one number."""
    match found:
        case LevelFinding(stretches=(only,)):
            return only.change.value
        case Relation(gap=gap):
            return gap.value
        case Busyness(correlation=gap) | DiversityFinding(change=gap):
            return gap.value
    return None


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_every_headline_is_short_plain_and_true_of_its_verdict(sample, question):
    lengths = []
    for way in ways(question):
        answer = question(sample, **way)
        text, french = (answer.headline(lang) for lang in LANGS)
        lengths += [words(text), words(french)]
        assert not STATISTICS.search(text + french), text
        assert french != text
        assert english_in(french, data_of(answer)) == []
        up, down = moves_in(text)
        if (change := effect(answer.finding)) is not None and answer.verdict in SURE:
            assert (bool(up), bool(down)) == (change > 0, change < 0), text
            assert ("perhaps" in text) == (answer.verdict == "real"), text
        if answer.verdict == "negligible" and question.name in ("level", "relation", "diversity"):
            assert "hardly" in text
            assert not up | down
        if answer.verdict == "undecided" and not isinstance(answer.finding, LevelFinding):
            assert re.search(r"unclear|clearly|too little", text), text
    assert max(lengths) <= 26
    assert sum(length <= 20 for length in lengths) >= 0.95 * len(lengths)


@pytest.mark.parametrize("of", MEASURES)
def test_each_measure_has_words_for_either_way_that_follow_the_sign(of):
    who, up, down = MOVES[of]
    for verdict, sign in itertools.product(SURE, (-1, 1)):
        text = said(finding(verdict, signs=(sign,)), of=of)
        slightly = "" if verdict == "clear" else " (perhaps only slightly)"
        assert text == f"{who} {up if sign > 0 else down}{slightly} between 2000 and 2017."
        french = said(finding(verdict, signs=(sign,)), "fr", of=of)
        assert say(up if sign > 0 else down).render("fr") in french
        assert say(down if sign > 0 else up).render("fr") not in french
    assert "hardly changed between 2000 and 2017" in said(finding("negligible"), of=of)
    assert said(finding("undecided"), of=of).startswith("It is unclear whether ")


def test_a_measure_or_a_variety_has_words_and_nothing_else_does():
    assert MOVES.keys() == MEASURES.keys() | VARIETIES.keys()


def gap(highest_apart, lowest_apart, verdict="clear"):
    """Sugar in November above that in March, beyond doubt; other months lie between."""
    return GroupGap(
        n=999, verdict=verdict, highest=11, lowest=3, top=80.0, bottom=70.0, gap=Estimate(10, 8, 12), smallest=3.0,
        p=0.001, pairs=66, highest_apart=highest_apart, lowest_apart=lowest_apart,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("apart", "english", "french"),
    [
        ((True, True), "highest in November and lowest in March", "au plus haut en novembre et au plus bas en mars"),
        ((True, False), "highest in November", "au plus haut en novembre"),
        ((False, True), "lowest in March", "au plus bas en mars"),
        ((False, False), "higher in November than in March", "en novembre au-dessus de son niveau en mars"),
    ],
)
def test_a_month_is_highest_or_lowest_where_it_is_told_apart_from_all_others(apart, english, french):
    given = {"question": contrast, "of": "sugar", "by": "month_of_year"}
    assert said(gap(*apart), **given) == f"The sugar content is {english}."
    assert said(gap(*apart), "fr", **given) == f"La teneur en sucre est {french}."


def through_the_year(verdict, *feasts, flat=40):
    """A cycle with its peak in October, and a trough whose date has an interval of so many days."""
    return YearCycle(
        n=999, verdict=verdict, years=12, swing=Estimate(10, 8, 12), smallest=3.0, p=0.01,
        peak=Estimate(294, 288, 300), trough=Estimate(60, 60 - flat / 2, 60 + flat / 2),
        holidays=tuple(AtHoliday(name, Estimate(9, 5, 13), word, q) for name, word, q in feasts),
    )  # fmt: skip


FEAST, SMALL, LUCK = ("christmas", "clear", 0.001), ("easter", "negligible", 0.01), ("super_bowl", "real", 0.4)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (through_the_year("clear"), "The sugar content is highest around October and lowest around February."),
        (through_the_year("clear", flat=150), "The sugar content is highest around October."),
        (
            through_the_year("real", FEAST, SMALL, LUCK, flat=150),
            "The sugar content is highest around October (perhaps only slightly), holidays apart (Christmas).",
        ),
        (through_the_year("negligible", SMALL), "The time of year hardly matters for the sugar content."),
        (
            through_the_year("negligible", FEAST),
            "The time of year hardly matters for the sugar content, holidays apart (Christmas).",
        ),
        (
            through_the_year("undecided", FEAST, LUCK),
            "It is unclear whether the time of year matters for the sugar content, holidays apart (Christmas).",
        ),
    ],
)
def test_a_flat_season_is_not_named_and_a_feast_that_stands_out_is(found, text):
    assert said(found, question=cycle, of="sugar") == text
    assert ("fêtes mises à part (Noël)" in said(found, "fr", question=cycle, of="sugar")) == ("Christmas" in text)


STEP = Step("2006-07", 1.0, 2.0, Estimate(1, 0, 2), 0.01)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (finding("clear", "clear"), "New recipes got quicker until 2011, then got slower."),
        (finding("clear", "clear", signs=(1, 1)), "New recipes got slower throughout, at another pace from 2011 on."),
        (finding("clear", "negligible"), "New recipes got quicker until 2011 and hardly changed after that."),
        (
            finding("real", "undecided"),
            "New recipes got quicker (perhaps only slightly) until 2011; what followed is unclear.",
        ),
        (finding("negligible", "clear"), "New recipes got slower from 2011 on and hardly changed before."),
        (finding("undecided", "clear"), "New recipes got slower from 2011 on; what came before is unclear."),
        (
            finding("negligible", "undecided"),
            "It is unclear whether the preparation time changed between 2000 and 2017.",
        ),
        (finding("negligible", "negligible"), "The preparation time hardly changed between 2000 and 2017."),
        (
            finding("clear", hangs_on=("2003",)),
            "New recipes got quicker between 2000 and 2017; 2003 alone decides that.",
        ),
        (
            finding("clear", hangs_on=("2003", "2004")),
            "New recipes got quicker between 2000 and 2017; a single year decides that.",
        ),
        (
            finding("undecided", steps=(STEP,)),
            "It is unclear whether new recipes got quicker between 2000 and 2017; 1 sudden step, in July 2006.",
        ),
        (
            finding("clear", steps=(STEP, STEP)),
            "New recipes got quicker between 2000 and 2017; 2 sudden steps, the largest in July 2006.",
        ),
    ],
)
def test_a_level_says_its_bend_its_steps_and_what_hangs_on_a_year(found, text):
    assert said(found) == text


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            finding("clear", "real"),
            "Les nouvelles recettes sont devenues plus rapides jusqu’en 2011, "
            "puis sont devenues plus longues (peut-être très légèrement).",
        ),
        (
            finding("clear", "negligible"),
            "Les nouvelles recettes sont devenues plus rapides jusqu’en 2011, sans guère changer ensuite.",
        ),
        (
            finding("undecided", steps=(STEP,)),
            "On ignore si les nouvelles recettes sont devenues plus rapides entre 2000 et 2017\u202f; "
            "1 saut, en juillet 2006.",
        ),
    ],
)
def test_a_level_says_the_same_in_french(found, text):
    assert said(found, "fr") == text


def test_a_comparison_names_both_selections_and_a_selection_is_named_shortly(small):
    for question in (level, contrast, distribution):
        for lang, every in (("en", "all recipes"), ("fr", "toutes les recettes")):
            text = question(small, of="rating", among="easy", against="all").headline(lang)
            assert "easy" in text
            assert every in text
    empty = level(small, of="minutes", among="minutes>=99999", against="all")
    assert empty.headline() == "One of the two selections holds nothing to compare."
    of_few = "ingredient:salt, not desserts, not vegetarian, minutes<=30, calories 200-500"
    assert (
        said(finding("clear"), among=of_few)
        == "Among “ingredient:salt, …”, new recipes got quicker between 2000 and 2017."
    )
    assert said(finding("clear"), "fr", among="easy").startswith("Parmi «\u202feasy\u202f», les nouvelles recettes ")


@pytest.mark.parametrize(
    ("name", "given", "english", "french"),
    [
        ("level", {"of": "calories"}, "How did the calorie count change?",
         "Comment a évolué l’apport calorique\u202f?"),
        ("contrast", {}, "Does the season matter for the rating?", "La saison compte-t-elle pour la note\u202f?"),
        ("volume", {"of": "cooks", "by": "weekend"}, "Does the weekend matter for the number of cooks who posted?",
         "Le week-end compte-t-il pour le nombre de cuisiniers qui ont publié\u202f?"),
        ("term_contrast", {}, "Which ingredients belong to a season?",
         "Quels ingrédients sont propres à une saison\u202f?"),
        ("term_curve", {"chosen": "salt, butter, sugar, eggs"},
         "How did the share of recipes with salt, butter, and 2 more change?",
         "Comment a évolué la part des recettes avec salt, butter et 2 de plus\u202f?"),
        ("relation", {"to": "volume"}, "Is there a link between the rating and how busy the month is?",
         "Y a-t-il un lien entre la note et l’affluence du mois\u202f?"),
    ],
)  # fmt: skip
def test_a_heading_names_the_measure_and_follows_it(name, given, english, french):
    question = QUESTIONS[name]
    heading = question.heading(question.read(given))
    assert (heading.render("en"), heading.render("fr")) == (english, french)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_every_way_to_ask_has_a_heading_of_its_own(question):
    headings = [question.heading(question.read(way)) for way in ways(question)]
    for heading in headings:
        assert heading.render("en").endswith("?")
        assert heading.render("fr").endswith("\u202f?")
        assert english_in(heading.render("fr"), {"salt"}) == []
    choices = question.parameters.keys() & {"of", "kind", "by"}
    assert not choices or len({heading.render("en") for heading in headings}) > 1


def test_a_panel_shows_heading_and_headline_and_a_known_answer_keeps_its_headline(tiny):
    first, known = level(tiny, of="sugar"), level(tiny, of="sugar")
    assert first.headline("fr") == known.headline("fr")
    shown = answered(level, known, "fr")
    assert shown["heading"] == "Comment a évolué la teneur en sucre\u202f?"
    assert shown["headline"] == known.headline("fr") != known.sentence("fr")
    assert known.as_dict("en")["headline"] == known.headline("en")
