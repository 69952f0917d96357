"""How a profile is said and drawn."""

import numpy as np
import pytest

from mangetamain.finding import Estimate, verdict
from mangetamain.measures import MEASURES
from mangetamain.questions.profile import draw, judge, sentence
from mangetamain.questions.profile.sentences import Changed, Differing, NotJudged, Profile


def differing(*each, by="season"):
    """Make a profile of gaps: measure, effect, low, high, lowest, highest."""
    measures = tuple(
        Differing(name, gap := Estimate(*ends), size := MEASURES[name].gap.size, verdict(gap, size), *groups)
        for name, ends, *groups in each
    )
    return Profile(n=99, measures=measures)


SUGAR = "sugar", (9.0, 8.0, 10.0), "spring", "autumn"
FAT = "fat", (2.5, 1.0, 4.0), "winter", "summer"
STEPS = "steps", (0.1, -0.1, 0.3), "winter", "summer"
MINUTES = "minutes", (1.0, -1.0, 3.0), "winter", "summer"
TOGETHER = (
    " (judged together, more strictly than each by itself)",
    " (jugées ensemble, plus sévèrement que chacune pour elle-même)",
)
SAID = [
    (
        (SUGAR, FAT, STEPS, MINUTES),
        "Between the seasons, 1 of 4 measures clearly differs by enough to matter: the sugar content (9.0 points of % "
        "daily value; highest: autumn, lowest: spring). 1 differs, but whether by enough to matter is open: the fat "
        f"content; 1 hardly differs; 1 is left open by the data{TOGETHER[0]}.",
        "Entre les saisons, 1 mesure sur 4 diffère assez pour compter, c’est établi\u00a0: la teneur en sucre "
        "(9,0\u00a0points d’apport journalier\u202f; maximum\u00a0: automne, minimum\u00a0: printemps). 1 diffère, "
        "sans qu’on sache si c’est assez pour compter\u00a0: la teneur en lipides\u202f; 1 ne diffère guère\u202f; 1 "
        f"reste indécise{TOGETHER[1]}.",
    ),
    (
        (FAT, STEPS, STEPS),
        "Between the seasons, none of 3 measures clearly differs by enough to matter. 1 differs, but whether by enough "
        "to matter is open: the fat content (2.5 points of % daily value; highest: summer, lowest: winter); 2 hardly "
        f"differ{TOGETHER[0]}.",
        "Entre les saisons, il n’est établi pour aucune des 3 mesures qu’elle diffère assez pour compter. 1 diffère, "
        "sans qu’on sache si c’est assez pour compter\u00a0: la teneur en lipides (2,5\u00a0points d’apport "
        "journalier\u202f; maximum\u00a0: été, minimum\u00a0: hiver)\u202f; 2 ne diffèrent guère"
        f"{TOGETHER[1]}.",
    ),
    (
        (STEPS, STEPS),
        "Between the seasons, none of 2 measures differs by enough to matter: the whole interval of each lies within "
        "what would not matter.",
        "Entre les saisons, aucune des 2 mesures ne diffère assez pour compter\u00a0: l’intervalle de chacune reste "
        "tout entier dans la marge sans importance.",
    ),
    (
        (MINUTES, MINUTES),
        "Between the seasons, none of 2 measures clearly differs by enough to matter. 2 are left open by the data"
        f"{TOGETHER[0]}.",
        "Entre les saisons, il n’est établi pour aucune des 2 mesures qu’elle diffère assez pour compter. 2 restent "
        f"indécises{TOGETHER[1]}.",
    ),
    (
        (SUGAR,) * 4,
        "Between the seasons, 4 of 4 measures clearly differ by enough to matter: above all "
        + ", ".join(["the sugar content (9.0 points of % daily value; highest: autumn, lowest: spring)"] * 2)
        + ", and the sugar content (9.0 points of % daily value; highest: autumn, lowest: spring).",
        None,
    ),
]


@pytest.mark.parametrize(("each", "english", "french"), SAID, ids=["all kinds", "real", "negligible", "open", "many"])
def test_the_sentence_says_what_matters_first(each, english, french):
    said = sentence(differing(*each))
    assert said.render("en") == english
    assert said.render("fr") == french or french is None


def test_days_and_months_are_named():
    gap = (5.0, 4.0, 6.0)
    assert "highest: Saturday and Sunday, lowest: Monday to Friday" in sentence(
        differing(("minutes", gap, "weekdays", "weekend")), by="weekend"
    ).render("en")
    said = sentence(differing(("minutes", gap, 3, 11)), by="month_of_year").render("fr")
    assert "Entre les mois de l’année, " in said
    assert "(5,0\u00a0minutes\u202f; maximum\u00a0: novembre, minimum\u00a0: mars)" in said


def changed(name, ends, first="2000", last="2017"):
    effect, size = Estimate(*ends), MEASURES[name].trend.size
    return Changed(name, effect, size, verdict(effect, size), first, last)


def test_a_change_says_its_pace_and_its_own_years_where_the_line_bends():
    bent = changed("sugar", (-9.0, -10.0, -8.0), first="2008")
    found = Profile(n=99, measures=(bent, changed("steps", (1.5, 1.0, 2.0)), NotJudged("minutes", "few")))
    assert sentence(found, by="year").render("en") == (
        "Between 2000 and 2017, 2 of 3 measures clearly changed by enough to matter: the sugar content (−9.0 points of "
        "% daily value per decade, 2008 to 2017) and the number of steps (+1.50 steps per decade). 1 cannot be judged."
    )
    assert sentence(found, by="year").render("fr") == (
        "Entre 2000 et 2017, 2 mesures sur 3 ont changé assez pour compter, c’est établi\u00a0: la teneur en sucre "
        "(−9,0\u00a0points d’apport journalier par décennie, de 2008 à 2017) et le nombre d’étapes (+1,50\u00a0étape "
        "par décennie). 1 ne peut être jugée."
    )
    short = Profile(n=99, measures=(changed("steps", (0.1, 0.0, 0.2), "2004", "2009"),))
    assert sentence(short, by="year").render("en").startswith("Between 2004 and 2009, none of 1 measures changed by ")


ROWS = {
    "measure": np.array(["sugar", "fat", "steps", "minutes"], dtype=object),
    "n": np.full(4, 99),
    "lowest": np.array(["spring", "winter", "winter", None], dtype=object),
    "highest": np.array(["autumn", "summer", "summer", None], dtype=object),
    "effect": np.array([9.0, 2.5, 0.1, np.nan]),
    "low": np.array([8.0, 1.0, -0.1, np.nan]),
    "high": np.array([10.0, 4.0, 0.3, np.nan]),
    "smallest": np.array([3.0, 2.0, 0.5, np.nan]),
    "multiple": np.array([3.0, 1.25, 0.2, np.nan]),
    "multiple_low": np.array([8 / 3, 0.5, -0.2, np.nan]),
    "multiple_high": np.array([10 / 3, 2.0, 0.6, np.nan]),
    "verdict": np.array(["clear", "real", "negligible", None], dtype=object),
    "why": np.array([None, None, None, "few"], dtype=object),
}


def drawn(rows):
    figure = draw(rows, judge(rows))
    return figure, {trace.name: trace for trace in figure.data if trace.name}


def test_the_figure_stands_in_multiples_of_what_matters():
    figure, traces = drawn(ROWS)
    band = traces.pop("Too little to matter")
    assert (band.base, band.x[0], band.width) == (-1, 2, 4)
    marks = [("Clear", "centre", 0), ("Real, perhaps too little to matter", "centre", 1)]
    marks.append(("Negligible or undecided", "mute", 2))
    for (name, role, place), (said, trace) in zip(marks, traces.items(), strict=True):
        assert (said, trace.meta["role"], trace.y.tolist()) == (name, role, [place])
        assert trace.x.tolist() == [ROWS["multiple"][place]]
        assert trace.x + trace.error_x.array == pytest.approx(ROWS["multiple_high"][place : place + 1])
        assert trace.x - trace.error_x.arrayminus == pytest.approx(ROWS["multiple_low"][place : place + 1])
    assert list(figure.layout.yaxis.ticktext) == ["Sugar", "Fat", "Number of steps", "Preparation time"]
    points, values = "points of % daily value", "too few values"
    amounts = [f"9.0 {points} ↑ autumn", f"2.5 {points} ↑ summer", "0.10 steps ↑ summer", values]
    assert list(figure.layout.yaxis2.ticktext) == amounts
    assert figure.layout.xaxis.title.text == "In multiples of the smallest effect that matters"


def test_the_end_of_the_week_is_named_in_a_word():
    ends = {name: np.array(["weekdays", "weekend"] * 2, dtype=object) for name in ("highest", "lowest")}
    figure = draw(ROWS | ends, judge(ROWS | ends, by="weekend"), by="weekend")
    said = [str(text.message) for text in figure.layout.yaxis2.ticktext[:2]]
    assert said == ["9.0 points of % daily value ↑ weekdays", "2.5 points of % daily value ↑ weekend"]


def test_what_is_negligible_looks_so():
    small = {name: column[2:3] for name, column in ROWS.items()}
    figure, _ = drawn(small)
    low, high = figure.layout.xaxis.range
    assert low < -1
    assert high > 1


def test_the_axis_says_over_what_changes_are_told():
    rows = {name: column[:2] for name, column in ROWS.items() if name not in ("lowest", "highest")}
    decade = rows | {"first": np.array(["2000"] * 2, object), "last": np.array(["2017"] * 2, object)}
    assert drawn(decade)[0].layout.xaxis.title.text == "Per decade, in multiples of the smallest change that matters"
    mixed = decade | {"first": np.array(["2000", "2012"], object)}
    figure, _ = drawn(mixed)
    assert figure.layout.xaxis.title.text == "In multiples of the smallest effect that matters"
    amounts = ["+9.0 points of % daily value per decade", "+2.5 points of % daily value in all"]
    assert list(figure.layout.yaxis2.ticktext) == amounts


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["clear", "undecided"], "clear"),
        (["real", "negligible"], "real"),
        (["negligible", "negligible"], "negligible"),
        (["negligible", "undecided"], "undecided"),
        (["negligible", None], "undecided"),
        ([None, None], "undecided"),
    ],
)
def test_the_verdict_is_the_strongest_and_negligible_of_all_alone(words, word):
    rows = {name: column[:2] for name, column in ROWS.items()}
    rows |= {"verdict": np.array(words, object), "why": np.array([None if each else "few" for each in words], object)}
    assert judge(rows).verdict == word
    assert judge(rows | {"n": np.zeros(2, int)}).verdict is None
