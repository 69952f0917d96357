"""Did cooking become more varied or more uniform? Different ingredients, or tags, at equal sample size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, assert_never

import numpy as np

from mangetamain import charts, stats, tooltips
from mangetamain.finding import AsPublished, Estimate, Finding, Nothing, verdict
from mangetamain.language import N_, Message, Number, probability, say
from mangetamain.measures import ALL, Among, FitAll, Method, TermKind, Years
from mangetamain.questions.diversity.equal_samples import equal_samples
from mangetamain.questions.effects import DECADE, pace, say_outcome, say_smallest
from mangetamain.questions.question import Question
from mangetamain.questions.shares import FEWEST_YEARS, FewYears, fitted, say_nothing, spelled, too_few
from mangetamain.warehouse import Columns, Executes

# A share of the mean level per decade. One different ingredient in twenty: less would not show in a cook's cupboard,
# and differences of a few per cent come already from recipes naming half an ingredient more.
SMALLEST = 0.05
# A line through two points says nothing of the others.
FEWEST_PUBLISHED = 3


@dataclass(frozen=True, kw_only=True)
class DiversityFinding(Finding):
    """A trend of the terms in `sample` recipes: `change` is in terms per decade, `relative` a share of `level`.

    `per_recipe` is how much longer recipes' lists became, `at_equal_terms` how the different terms moved in as many
    recipes as name equally many; both are shares of their levels per decade.
    """

    kind: str
    sample: int
    first: int
    last: int
    left_out: Annotated[tuple[int, ...], N_("Left out of the fit")]
    level: Annotated[float, N_("Level")]
    slope: Annotated[Estimate, N_("Slope")]
    intercept: Annotated[float, N_("Intercept")]
    change: Annotated[Estimate, N_("Change")]
    relative: Annotated[Estimate, N_("Relative change")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    per_recipe: Annotated[Estimate, N_("Relative change of terms per recipe")]
    at_equal_terms: Annotated[Estimate, N_("Relative change at equally many terms")]


@dataclass(frozen=True, kw_only=True)
class PublishedDiversity(AsPublished):
    """The predecessor's regression of raw counts of spellings on all years, weighted by the number of recipes."""

    kind: str
    first: int
    last: int
    start: Annotated[int, N_("At the start")]
    end: Annotated[int, N_("At the end")]
    slope: Annotated[float, N_("Slope")]
    intercept: Annotated[float, N_("Intercept")]
    r2: Annotated[float, N_("R²")]
    p: Annotated[float, N_("p-value")]
    spearman: Annotated[float, N_("Spearman’s correlation")]


Found = DiversityFinding | PublishedDiversity | FewYears | Nothing


def table(
    con: Executes,
    *,
    kind: TermKind = "ingredient",
    years: Years = ALL,
    fit_all: FitAll = False,
    among: Among = (),
    method: Method = "robust",
) -> Columns:
    """Count the different terms of each year, as they are and as expected in equally many recipes.

    Reads the views `cube_recipes`, `cube_term_years`, `cube_variety` and `cube_spellings`; `recipes` and `recipe_terms`
    for a selection.

    Returns
    -------
    Columns
        One row a year, in order: year (int), n (int, recipes), spellings (int, different ones, which are kept of all
        recipes: missing for a selection), terms (int, different ones), sample (int, recipes of the smallest year that
        enters the fit, the same in each row), expected (float, different terms in so many recipes; NaN for a year of
        fewer), se (float, its error where the cooks are the sample; NaN for a lone cook), per_recipe, per_recipe_se
        (float, terms of a recipe, on average, and the error), at_equal_terms (float, different terms in as many recipes
        of the year as name equally many terms in all; NaN where they are too few), partial (bool), thin (bool, under
        100 recipes).

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown, or the published method is given one.
    """
    if method == "published":
        spelled(among)
    return equal_samples(con, kind, years, fit_all, among)


def judge(
    table: Columns, *, kind: TermKind = "ingredient", fit_all: FitAll = False, method: Method = "robust"
) -> Found:
    """Fit a trend through the equal samples and judge its change per decade against a twentieth of the level."""
    n = int(table["n"].sum())
    if not table["terms"].any():
        return Nothing()
    if method == "published":
        return _published(table, kind, n)
    kept = fitted(table, fit_all) & (table["terms"] > 0)
    if kept.sum() < FEWEST_YEARS:
        return too_few(n, int(kept.sum()), fit_all)
    years, expected, se = table["year"][kept].astype(float), table["expected"][kept], table["se"][kept]
    fit = stats.trend(years, expected, se)
    level = float(expected.mean())
    change = fit.slope.times(10)
    relative = change.times(1 / level)
    equal = table["at_equal_terms"][kept]
    return DiversityFinding(
        n=n,
        verdict=verdict(relative, SMALLEST),
        kind=kind,
        sample=int(table["sample"][0]),
        first=int(years[0]),
        last=int(years[-1]),
        left_out=tuple(int(year) for year in table["year"][~kept]),
        level=level,
        slope=fit.slope,
        intercept=fit.intercept,
        change=change,
        relative=relative,
        smallest=SMALLEST,
        per_recipe=_relative(years, table["per_recipe"][kept], table["per_recipe_se"][kept]),
        at_equal_terms=_relative(years, equal, se * equal / np.maximum(expected, 1e-9)),
    )


def _published(table: Columns, kind: str, n: int) -> PublishedDiversity | FewYears:
    years, spellings = table["year"].astype(float), table["spellings"]
    if len(years) < FEWEST_PUBLISHED:
        return FewYears(n=n, years=len(years), least=0)
    return PublishedDiversity(
        n=n,
        kind=kind,
        first=int(years[0]),
        last=int(years[-1]),
        start=int(spellings[0]),
        end=int(spellings[-1]),
        **vars(stats.wls(years, spellings, table["n"])),
        spearman=stats.weighted_spearman(years, spellings, table["n"]),
    )


def _relative(years: np.ndarray, values: np.ndarray, se: np.ndarray) -> Estimate:
    """Fit a trend and give it as a share of the level per decade."""
    return stats.trend(years, values, se).slope.times(10 / float(values.mean()))


DIFFERENT = {"ingredient": N_("Different ingredients"), "tag": N_("Different tags")}
EXPECTED = {"ingredient": N_("Different ingredients expected"), "tag": N_("Different tags expected")}


def draw(table: Columns, finding: Found) -> charts.Figure:
    """Draw the expected terms with intervals and their trend; raw counts only where they are what was published."""
    label = DIFFERENT if isinstance(finding, PublishedDiversity) else EXPECTED
    figure = charts.canvas(say("Year of posting"), say(label[getattr(finding, "kind", "ingredient")]), time="Y")
    year, expected, half = table["year"], table["expected"], 1.96 * table["se"]
    low, high = np.maximum(expected - half, 0), expected + half
    match finding:
        case PublishedDiversity():
            charts.yearly(figure, year, table["spellings"], say("As counted"), "centre", mode="lines+markers")
            charts.trend(figure, (finding.first, finding.last), finding.intercept, finding.slope)
        case DiversityFinding():
            out = np.isin(year, finding.left_out)
            charts.yearly(figure, year[~out], expected[~out], say("Equal samples"), "centre", hoverinfo="skip")
            charts.dots(figure, year[~out], expected[~out], say("Year"), "centre", low=low[~out], high=high[~out])
            if np.isfinite(expected[out]).any():
                name = say("Left out of the trend")
                charts.dots(figure, year[out], expected[out], name, "mute", low=low[out], high=high[out], named=True)
            charts.trend(figure, (finding.first, finding.last), finding.intercept, finding.slope.value)
            told = say_smallest(Number(finding.smallest, percent=True), DECADE)
            charts.yardstick(figure, finding.smallest * finding.level, told)
        case FewYears():
            charts.dots(figure, year, expected, say("Year"), "mute", low=low, high=high)
        case Nothing():
            pass
        case _:
            assert_never(finding)
    tooltips.tell(figure, 0)
    return figure


# The subject of a sentence, and what each verdict says of it.
SUBJECTS = {"ingredient": N_("the number of different ingredients"), "tag": N_("the number of different tags")}
TRENDS = {
    "down": N_(
        "In {sample} recipes of each year, {subject} fell by {size} {pace} between {first} and {last}: "
        "{relative} of its level (95% interval {low} to {high})"
    ),
    "up": N_(
        "In {sample} recipes of each year, {subject} rose by {size} {pace} between {first} and {last}: "
        "{relative} of its level (95% interval {low} to {high})"
    ),
    "negligible": N_(
        "In {sample} recipes of each year, {subject} hardly moved between {first} and {last}: {change} {pace}, "
        "{relative} of its level (95% interval {low} to {high}), within the ±{smallest} that would not matter."
    ),
    "undecided": N_(
        "In {sample} recipes of each year, the data do not settle whether {subject} changed between {first} and "
        "{last}: {change} {pace}, {relative} of its level (95% interval {low} to {high})."
    ),
}
# How the length of the lists goes with the trend, by whether the number of terms moved apart from that, too.
APART = {False: N_("It goes with the length of the lists"), True: N_("The length of the lists is not all of it")}
LISTS = N_(
    "{trend} {apart}: {terms} per recipe changed by {named} {pace} ({least} to {most}), and among equally many {terms} "
    "the change is {alike} ({low} to {high})."
)
# Translators: what a recipe's list holds, in the middle of a sentence; in French always after d’ (d’ingrédients)
LISTED = {"ingredient": N_("ingredients"), "tag": N_("tags")}


def sentence(finding: Found) -> Message:
    """Say the change per decade, what it is of the level, and whether longer or shorter lists go with it."""
    match finding:
        case PublishedDiversity():
            return say(
                "From {start} in {first} to {end} in {last}, {subject} as spelled changes by {slope} a year in the "
                "published regression (R² {r2}, p {p}).",
                subject=say(SUBJECTS[finding.kind]), first=str(finding.first), last=str(finding.last),
                start=finding.start, end=finding.end, slope=Number(finding.slope, 1, signed=True),
                r2=Number(finding.r2, 4), p=probability(finding.p),
            )  # fmt: skip
        case DiversityFinding():
            return _say_reason(finding, _say_trend(finding))
        case FewYears() | Nothing():
            return say_nothing(finding)


def _say_trend(finding: DiversityFinding) -> Message:
    told, factor = pace(finding.first, finding.last)
    change, relative = finding.change.times(factor), finding.relative.times(factor)
    return say_outcome(
        TRENDS, finding.verdict, change,
        subject=say(SUBJECTS[finding.kind]), sample=finding.sample, first=str(finding.first), last=str(finding.last),
        size=Number(abs(change.value), 1), change=Number(change.value, 1, signed=True), pace=told,
        relative=Number(relative.value, 1, signed=True, percent=True), **relative.limits(1, percent=True),
        smallest=Number(finding.smallest * factor, 0 if factor == 1 else 1, percent=True),
    )  # fmt: skip


def _say_reason(finding: DiversityFinding, trend: Message) -> Message:
    """Add how the length of the lists moved, where the number of different terms moved the same way beyond doubt."""
    told, factor = pace(finding.first, finding.last)
    named, alike, relative = (
        one.times(factor) for one in (finding.per_recipe, finding.at_equal_terms, finding.relative)
    )
    way = _way(finding.change)
    if finding.verdict == "negligible" or not way or named.value * way <= 0:
        return trend
    apart = _way(alike) == way
    if _way(named) != way if apart else alike.low < relative.value < alike.high:
        return trend
    numbers = {"named": named.value, "least": named.low, "most": named.high, "alike": alike.value}
    written = {name: Number(value, 1, signed=True, percent=True) for name, value in numbers.items()}
    words = {"trend": trend, "apart": say(APART[apart]), "terms": say(LISTED[finding.kind]), "pace": told}
    return say(LISTS, **words, **written, **alike.limits(1, percent=True))


def _way(change: Estimate) -> int:
    """Tell which way a change goes beyond doubt: 1 up, -1 down, else 0."""
    return (change.low > 0) - (change.high < 0)


METHOD = N_(
    "More recipes hold more different ingredients, so years are compared at equal size: the number of different "
    "terms expected when as many recipes are drawn from each year as the smallest year of the fit has "
    "(rarefaction, Hurlbert 1971; Colwell et al. 2012). A singular and its plural are one term. A year's error "
    "takes its cooks for the sample, since one cook's recipes are alike (jackknife over cooks). The trend goes "
    "through the whole years of at least 100 recipes, with an interval that admits differences between years "
    "beyond chance. Recipes that name more ingredients raise the number too: where they do, the trend is said "
    "again for as many recipes of each year as name equally many ingredients in all. Of a selection, its recipes "
    "alone are drawn. The published method counts the different spellings of each year as they are, which mostly "
    "follows the number of recipes."
)
diversity = Question(
    "diversity",
    N_("Do recipes draw on more or fewer different ingredients and tags?"),
    METHOD,
    table,
    judge,
    draw,
    sentence,
)
