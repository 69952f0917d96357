"""French everywhere: no text that is not data stays as it is in English, in any answer, figure, table, card or page."""

import itertools
import re
from html import unescape

import pytest
from markupsafe import Markup

from mangetamain import assets
from mangetamain.answers.headings import heading
from mangetamain.errors import UserError
from mangetamain.language import LANGS, PLURAL, Message, agreed, catalogue, say
from mangetamain.measures import LANGUAGE, MEASURES, RECIPE_MEASURES
from mangetamain.parameters import Choice
from mangetamain.questions import QUESTIONS
from mangetamain.questions.answer_html import fragment
from mangetamain.questions.volume.published import CUTS
from mangetamain.site.pages import words
from mangetamain.site.pages.html import About, Headline, Landing, Notebook, Pages

# Words that both languages write alike.
SAME = {
    "Calories",
    "Centre",
    "Effort",
    "Nutrition",
    "Occurrences",
    "Sodium",
    "Verdict",
    "Version",
    "kcal",
    "minutes",
    "points",
    "q",
}
ENGLISH = re.compile(
    r"\b(the|of|and|to|by|in|at|for|with|from|than|that|which|whether|between|rose|fell|rises|falls|is|are|was|were|has|"
    r"have|this|these|each|most|mean|share|change|changed|year|years|month|months|day|recipes|ratings|stars|steps)\b",
    re.IGNORECASE,
)
# What a message quotes, and the names of parameters and values: part of the address, and the same in every language.
CODES = re.compile(
    r"'[^']*'|^\w+(?= ne peut)|(?<=les paramètres sont )[\w, ]*|(?<=une des valeurs )[\w, ]*|(?<=vouliez-vous dire )\w+"
)
# Choices that change words; a band or a centre changes numbers alone.
WORDED = ("of", "to", "by", "kind", "method", "source", "view")
SPANS = ("1999-2018", "2015-2018", "1999-1999")


def ways(question):
    """Each choice that changes words, one at a time beside the defaults, by each method."""
    chosen = {
        name: list(kind.values)
        for name, (kind, _) in question.parameters.items()
        if name in WORDED and isinstance(kind, Choice)
    }
    methods = [{"method": method} for method in chosen.pop("method", [])] or [{}]
    alone = [{name: value} for name, values in chosen.items() for value in values] or [{}]
    # A measure is not set against itself.
    defaults = {name: default for name, (_, default) in question.parameters.items()}
    apart = [one for one in alone if (asked := defaults | one).get("of", 0) != asked.get("to", 1)]
    return [cut(question, one | method) for one in apart for method in methods]


def cut(question, way):
    """By the published method a level is by year, of reviews by month; others have some cuts, or measures, alone."""
    if way.get("method") == "published" and question.name == "term_levels":
        return {name: value for name, value in way.items() if name in ("by", "method")}
    if way.get("of") == "term":
        return way | {"term": "salt"}
    if way.get("method") == "published" and question.name == "term_contrast":
        return way | {"by": way["by"] if way.get("by") == "weekend" else "season"}
    if way.get("method") == "published" and question.name == "volume":
        return way | {"by": by if (by := way.get("by", "year")) in CUTS else "weekend"}
    if way.get("method") == "published" and question.name == "relation":
        return {
            "of": "sugar",
            "to": to if (to := way.get("to")) in {*RECIPE_MEASURES} - {"sugar"} else "steps",
            "method": "published",
        }
    if way.get("method") != "published" or question.name != "level":
        return way
    months = question.name == "level" and MEASURES[way.get("of", "minutes")].view == "reviews"
    return way | {"by": "month" if months else "year"}


ASKED = [(question, way, years) for question in QUESTIONS.values() for way in ways(question) for years in SPANS]
NAMES = [f"{question.name} {' '.join(way.values())} {years}" for question, way, years in ASKED]


def data_of(answer):
    """The texts that come from the data: names of ingredients and tags, and the stars' numbers."""
    found = {str(value) for column in answer.columns.values() if column.dtype.kind in "OU" for value in column}
    return found | {"1", "2", "3", "4", "5", ""}


def texts_of(spec):
    """Every text of a figure that a reader sees: titles, names in the legend, names of ticks."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("text", "name") and (isinstance(value, str) or "say" in value):
                yield value
            elif key == "ticktext":
                yield from value
            else:
                yield from texts_of(value)
    elif isinstance(spec, list):
        for item in spec:
            yield from texts_of(item)


def said_in(node):
    """The texts of a message of ours, as a figure holds it, and of those that fill it."""
    if not isinstance(node, dict) or "say" not in node:
        return []  # a name, or a number
    return [node["say"], *itertools.chain(*map(said_in, node["values"].values()))]


def english_in(text, data=()):
    """Tell-tale English words of a text, names from the data apart."""
    for name in sorted(data, key=len, reverse=True):
        text = text.replace(name, "") if len(name) > 1 else text
    return ENGLISH.findall(text)


def is_french(message):
    """Whether a text is said otherwise in French, or is one that both languages write alike."""
    message = message if isinstance(message, Message) else say(message)
    return message.render("fr") != message.render("en") or message.render("en") in SAME


def is_translated(text):
    """Whether a text with places reads otherwise in French, or is one that both languages write alike."""
    return catalogue("fr").gettext(text) != text or text in SAME


@pytest.mark.parametrize(("question", "way", "years"), ASKED, ids=NAMES)
def test_an_answer_is_french_from_sentence_to_ticks(sample, question, way, years):
    answer = question(sample, **way, years=years)
    assert answer.sentence("fr") != answer.sentence("en")
    assert english_in(answer.sentence("fr"), data_of(answer)) == []
    data = data_of(answer)
    for text in texts_of(answer.spec):
        words = [each for each in said_in(text) if re.search(r"\w", re.sub(r"{\w+}", "", each))]
        assert all(map(is_translated, words)) if isinstance(text, dict) else text.replace("\n", " ") in data, text
    for text in texts_of(answer.figure_spec("fr")):
        assert english_in(unescape(text.replace("<br>", " ")), data) == []
    for column in answer.columns:
        assert is_french(heading(column)), column


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_a_fragment_says_nothing_in_english(sample, question):
    answer = question(sample)
    page = re.sub(r"<(script|pre|code).*?</\1>|base64,[^\"]*", "", fragment(question, answer, "fr"), flags=re.DOTALL)
    assert english_in(unescape(re.sub(r"<[^>]*>", " ", page)), data_of(answer)) == []


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_titles_methods_and_controls_are_french(question):
    assert is_french(question.title)
    assert is_french(question.method)
    assert english_in(say(question.title).render("fr") + say(question.method).render("fr")) == []
    for kind, _ in question.parameters.values():
        assert is_french(kind.label)
        assert len(say(kind.label).render("fr")) <= 30, "a control's label stands on a phone"
        for label in kind.values.values() if isinstance(kind, Choice) else ():
            assert is_french(label), label


@pytest.mark.parametrize("text", [*words.WORDS.values(), *assets.WORDS.values(), LANGUAGE.label])
def test_the_sites_and_reports_own_words_are_french(text):
    assert is_french(text)


@pytest.mark.parametrize("problem", [None, {"en": "Some trouble", "fr": "Un souci"}])
def test_a_page_of_the_site_says_everything_in_both_languages(problem):
    pages = Pages("/", [Notebook("trends", {"en": "Trends", "fr": "Tendances"}, {"en": "Some", "fr": "Des"})])
    headline = Headline(
        asked={"en": "Is it?", "fr": "Oui ?"}, said={"en": "It rose.", "fr": "Il monte."}, verdict="real",
        picture=dict.fromkeys(LANGS, Markup("<svg></svg>")), notebook="trends", asks="?level.of=fat#level",
    )  # fmt: skip
    made = (
        pages.landing(Landing(About("here", True, "0", "1", "2026", True), [headline], problem=problem), "fr"),
        pages.notice("missing", "fr"),
    )
    for page in made:
        body = re.sub(r"<(script|style|svg|cite).*?</\1>", "", page.partition("<body")[2], flags=re.DOTALL)
        for lang, other in (LANGS, LANGS[::-1]):
            kept = re.sub(rf'<span lang="{other}">.*?</span>', "", body)
            assert bool(english_in(re.sub(r"<[^>]*>", " ", kept))) is (lang == "en")
        for label in re.findall(r'aria-label="([^"]*)"', body):
            assert english_in(label) == []


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("level", {"of": "sugars"}),
        ("level", {"years": "2010-2002"}),
        ("level", {"years": "banana"}),
        ("level", {"fit_all": "perhaps"}),
        ("level", {"yaers": "2002-2010"}),
        ("term_curve", {"chosen": "a,b,c,d,e,f,g"}),
        ("term_curve", {"chosen": "sallt"}),
        ("term_curve", {"chosen": "sallt", "kind": "tag"}),
    ],
)
def test_a_mistake_is_told_in_french(sample, name, given):
    with pytest.raises(UserError) as raised:
        QUESTIONS[name](sample, **given)
    told = raised.value.message.render("fr")
    assert told != str(raised.value)
    assert english_in(CODES.sub("", told)) == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0,5 étapeˢ", "0,5 étape"),
        ("−1,99\u00a0pointˢ de pourcentage", "−1,99\u00a0point de pourcentage"),
        ("2,00 étapeˢ", "2,00 étapes"),
        ("1\u202f234 recetteˢ et 1 étiquetteˢ", "1\u202f234 recettes et 1 étiquette"),
        ("0 annéeˢ", "0 année"),
        ("Nombre (étapeˢ)", "Nombre (étapes)"),
        ("12 of 3 steps", "12 of 3 steps"),
    ],
)
def test_french_counts_in_the_plural_from_two_on(written, read):
    assert agreed(written) == read


@pytest.mark.parametrize("measure", MEASURES.values())
def test_a_measures_words_are_french_and_settled(measure):
    for text in (
        measure.label,
        measure.subject,
        measure.unit,
        measure.change_unit,
        measure.trend.reason,
        measure.gap.reason,
    ):
        assert is_french(text)
        assert PLURAL not in say(text).render("fr")


def test_the_catalogue_is_set_as_french_is():
    french = catalogue("fr")._catalog.values()
    assert len(french) > 300
    for text in french:
        assert "'" not in text.replace("'mangetamain[s3]'", ""), text
        assert not re.search(r"[^\S\u202f][;?!%»]|[^\S\u00a0]:(?!/)|«[^\u202f]|\.\.\.", text.partition("X-")[0]) or (
            "Content-Type" in text
        ), text
