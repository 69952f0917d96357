"""Did cooking become more varied or more uniform? Different ingredients, or tags, at equal sample size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.finding import Estimate, Finding, outcome, verdict
from mangetamain.language import N_, Message, Number, say
from mangetamain.measures import ALL, FitAll, Method, TermKind, Years
from mangetamain.questions.question import Question
from mangetamain.questions.shares import FEWEST_YEARS, FewYears, fitted, recipes_by_year, say_nothing, too_few
from mangetamain.warehouse import Columns, Executes, query

# A share of the mean level per decade. One different ingredient in twenty: less would not show in a cook's cupboard,
# and differences of a few per cent come already from recipes naming half an ingredient more.
SMALLEST = 0.05


@dataclass(frozen=True, kw_only=True)
class DiversityFinding(Finding):
    """A trend of the terms in `sample` recipes: `change` is in terms per decade, `relative` a share of `level`."""

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


@dataclass(frozen=True, kw_only=True)
class PublishedDiversity(Finding):
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


def table(con: Executes, *, kind: TermKind = "ingredient", years: Years = ALL, fit_all: FitAll = False) -> Columns:
    """Count the different terms of each year, as they are and as expected in equally many recipes.

    Reads the views `cube_recipes`, `cube_terms` and `cube_spellings`.

    Returns
    -------
    Columns
        One row a year, in order: year (int), n (int, recipes), spellings (int, different ones), terms (int, different
        ones), sample (int, recipes of the smallest year that enters the fit, the same in each row), expected (float,
        different terms in so many recipes; NaN for a year of fewer), se (float, NaN for a lone recipe), partial (bool),
        thin (bool, under 100 recipes).
    """
    posted = recipes_by_year(con, years)
    bound = {"kind": kind, "first": years[0], "last": years[1]}
    held, spelled = query(con, HELD, bound), query(con, SPELLED, bound)
    n, kept = posted["n"], fitted(posted, fit_all)
    able = n[kept] if kept.any() else n
    sample = int(able.min()) if len(able) else 0
    found = [_rarefied(held, year, int(size), sample) for year, size in zip(posted["year"], n, strict=True)]
    terms, expected, se = np.array(found, dtype=float).reshape(-1, 3).T
    spellings = dict(zip(spelled["year"].tolist(), spelled["spellings"].tolist(), strict=True))
    return {
        "year": posted["year"],
        "n": n,
        "spellings": np.array([spellings.get(year, 0) for year in posted["year"].tolist()], dtype=int),
        "terms": terms.astype(int),
        "sample": np.full(len(n), sample),
        "expected": expected.round(6),
        "se": se.round(6),
        "partial": posted["partial"],
        "thin": posted["thin"],
    }


# How many terms are held by how many recipes: all that rarefaction needs.
HELD = """
    WITH yearly AS (
        SELECT year, term, sum(recipes)::BIGINT AS held
        FROM cube_terms
        WHERE kind = $kind AND year BETWEEN $first AND $last
        GROUP BY year, term
    )
    SELECT year, held, count(*) AS terms FROM yearly GROUP BY year, held ORDER BY year, held
"""
SPELLED = """
    SELECT year, count(DISTINCT spelling) AS spellings
    FROM cube_spellings
    WHERE kind = $kind AND year BETWEEN $first AND $last
    GROUP BY year ORDER BY year
"""


def _rarefied(held: Columns, year: int, n: int, sample: int) -> tuple[int, float, float]:
    rows = held["year"] == year
    counts = np.repeat(held["held"][rows], held["terms"][rows])
    expected, se = stats.rarefy(counts, n, sample) if n >= sample else (np.nan, np.nan)
    return len(counts), expected, se if n > 1 else np.nan


def judge(
    table: Columns, *, kind: TermKind = "ingredient", fit_all: FitAll = False, method: Method = "robust"
) -> Finding:
    """Fit a trend through the equal samples and judge its change per decade against a twentieth of the level."""
    n = int(table["n"].sum())
    if not table["terms"].any():
        return Finding(n=0)
    if method == "published":
        return _published(table, kind, n)
    kept = fitted(table, fit_all)
    if kept.sum() < FEWEST_YEARS:
        return too_few(n, int(kept.sum()), fit_all)
    years, expected = table["year"][kept].astype(float), table["expected"][kept]
    fit = stats.trend(years, expected, table["se"][kept])
    level = float(expected.mean())
    change = fit.slope.times(10)
    relative = change.times(1 / level)
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
    )


def _published(table: Columns, kind: str, n: int) -> Finding:
    years, spellings = table["year"].astype(float), table["spellings"]
    if len(years) < 3:
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


# What the vertical axis counts, as published and at equal samples.
DIFFERENT = {"ingredient": N_("Different ingredients"), "tag": N_("Different tags")}
EXPECTED = {"ingredient": N_("Different ingredients expected"), "tag": N_("Different tags expected")}


def draw(table: Columns, finding: Finding) -> charts.Figure:
    """Draw the expected terms with intervals and their trend; raw counts only where they are what was published."""
    kind = getattr(finding, "kind", "ingredient")
    label = DIFFERENT if isinstance(finding, PublishedDiversity) else EXPECTED
    figure = charts.canvas(say("Year of posting"), say(label[kind]))
    year, expected, half = table["year"], table["expected"], 1.96 * table["se"]
    match finding:
        case PublishedDiversity():
            charts.yearly(figure, year, table["spellings"], say("As counted"), "centre", mode="lines+markers")
            charts.trend(figure, (finding.first, finding.last), finding.intercept, finding.slope)
        case DiversityFinding():
            out = np.isin(year, finding.left_out)
            low, high = expected - half, expected + half
            charts.yearly(figure, year, expected, say("Equal samples"), "centre")
            charts.dots(figure, year[~out], expected[~out], say("Year"), "centre", low=low[~out], high=high[~out])
            if np.isfinite(expected[out]).any():
                charts.dots(
                    figure, year[out], expected[out], say("Year outside the fit"), "mute", low=low[out], high=high[out]
                )
            charts.trend(figure, (finding.first, finding.last), finding.intercept, finding.slope.value)
        case _:
            charts.dots(figure, year, expected, say("Year"), "mute", low=expected - half, high=expected + half)
    return figure


# The subject of a sentence, and what each verdict says of it.
SUBJECTS = {"ingredient": N_("the number of different ingredients"), "tag": N_("the number of different tags")}
TRENDS = {
    "clear down": N_(
        "In {sample} recipes of each year, {subject} fell by {size} per decade between {first} and {last}: "
        "{relative} of its level (95% interval {low} to {high})."
    ),
    "clear up": N_(
        "In {sample} recipes of each year, {subject} rose by {size} per decade between {first} and {last}: "
        "{relative} of its level (95% interval {low} to {high})."
    ),
    "real down": N_(
        "In {sample} recipes of each year, {subject} fell a little between {first} and {last}, by {size} per decade: "
        "{relative} of its level (95% interval {low} to {high}), less than the {smallest} that would matter."
    ),
    "real up": N_(
        "In {sample} recipes of each year, {subject} rose a little between {first} and {last}, by {size} per decade: "
        "{relative} of its level (95% interval {low} to {high}), less than the {smallest} that would matter."
    ),
    "negligible": N_(
        "In {sample} recipes of each year, {subject} hardly moved between {first} and {last}: {change} per decade, "
        "{relative} of its level (95% interval {low} to {high}), within the ±{smallest} that would not matter."
    ),
    "undecided": N_(
        "In {sample} recipes of each year, the data do not settle whether {subject} changed between {first} and "
        "{last}: {change} per decade, {relative} of its level (95% interval {low} to {high})."
    ),
}  # fmt: skip


def sentence(finding: Finding) -> Message:
    """Say the change per decade, and what it is of the level."""
    match finding:
        case PublishedDiversity():
            return say(
                "From {start} in {first} to {end} in {last}, {subject} as spelled changes by {slope} a year in the "
                "published regression (R² {r2}, p {p}).",
                subject=say(SUBJECTS[finding.kind]), first=str(finding.first), last=str(finding.last),
                start=finding.start, end=finding.end, slope=Number(finding.slope, 1, signed=True),
                r2=Number(finding.r2, 4), p=Number(finding.p, 2),
            )  # fmt: skip
        case DiversityFinding():
            return _say_trend(finding)
        case _:
            return say_nothing(finding)


def _say_trend(finding: DiversityFinding) -> Message:
    change, relative = finding.change, finding.relative
    return say(
        TRENDS[outcome(finding.verdict, change)],
        sample=finding.sample, subject=say(SUBJECTS[finding.kind]), first=str(finding.first), last=str(finding.last),
        size=Number(abs(change.value), 1), change=Number(change.value, 1, signed=True),
        relative=Number(relative.value, 1, signed=True, percent=True), **relative.limits(1, percent=True),
        smallest=Number(finding.smallest, 0, percent=True),
    )  # fmt: skip


diversity = Question(
    "diversity",
    N_("Do recipes draw on more or fewer different ingredients and tags?"),
    N_(
        "More recipes hold more different ingredients, so years are compared at equal size: the number of different "
        "terms expected when as many recipes are drawn from each year as the smallest year of the fit has "
        "(rarefaction, Colwell et al. 2012). A singular and its plural are one term. The trend goes through the "
        "whole years of at least 100 recipes, with an interval that admits differences between years beyond chance. "
        "Recipes that name more ingredients raise the number too. The published method counts the different "
        "spellings of each year as they are, which mostly follows the number of recipes."
    ),
    table,
    judge,
    draw,
    sentence,
)
