"""Which ingredients, or tags, rise and which fall?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.finding import Estimate, Finding, Nothing, Record
from mangetamain.language import N_, Inside, Listing, Message, Number, say
from mangetamain.measures import ALL, THIN, Among, FitAll, Method, TermKind, Years
from mangetamain.questions import drifts, shares
from mangetamain.questions.effects import estimated, interval, pace, strongest
from mangetamain.questions.question import Question
from mangetamain.questions.term_changes import published
from mangetamain.warehouse import Columns, Executes


@dataclass(frozen=True)
class Drift(Record):
    """A term and its change: percentage points per decade."""

    term: str
    change: Annotated[Estimate, N_("Change")]


@dataclass(frozen=True)
class Jump(Record):
    """A term whose share made most of its change in one step; `size` in percentage points, `year` its second year."""

    term: str
    year: int
    size: Annotated[float, N_("Size")]


@dataclass(frozen=True, kw_only=True)
class TermChanges(Finding):
    """How many of `n` terms rise and fall at a false discovery rate of 5%, those that do most, and a sudden one."""

    kind: str
    first: int
    last: int
    rising: Annotated[int, N_("Terms that rise")]
    falling: Annotated[int, N_("Terms that fall")]
    up: Annotated[tuple[Drift, ...], N_("Rising")]
    down: Annotated[tuple[Drift, ...], N_("Falling")]
    jump: Jump | None


Found = TermChanges | published.PublishedChanges | Nothing


def table(
    con: Executes,
    *,
    kind: TermKind = "ingredient",
    years: Years = ALL,
    fit_all: FitAll = False,
    among: Among = (),
    method: Method = "robust",
) -> Columns:
    """Follow the share of every term that at least 50 recipes hold.

    Reads the views `cube_recipes` and `cube_term_years`, or `cube_spellings` for the published method; `recipes` and
    `recipe_terms` for a selection, whose own terms are left out: nothing is found of them.

    Returns
    -------
    Columns
        One row a term, those of the figure first, each part from the largest rise to the largest fall: term (str),
        recipes (int), first_third, last_third (float, share of the recipes in that part of the years), change (float,
        percentage points per decade), low, high (float, its 95 % interval, for the figure's terms alone), wrong (float,
        the chance that it went the other way; where it is below .025 the interval excludes zero), verdict (str, None
        outside the figure), jump (int, year of a sudden change, else None), jump_size (float,
        percentage points), shown (bool), first, last (int, years of the fit). By the published method one row a
        spelling: term, occurrences, first_share, last_share (float, occurrences per recipe in the first and the last
        year), change (float, their difference), shown, first, last.

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown, or the published method is given one.
    """
    if method == "published":
        return published.published_changes(con, kind, years, among)
    posted = shares.recipes_by_year(con, years, among)
    kept = shares.fitted(posted, fit_all)
    if kept.sum() < shares.FEWEST_YEARS:
        return shares.no_terms()
    held = shares.held_by_year(con, kind, years, among).free
    terms, slopes = drifts.family(con, held, posted["year"][kept], posted["n"][kept])
    change, wrong = 1000 * slopes.mean(), slopes.p() / 2
    shown = drifts.extremes(change, wrong < drifts.MOST_WRONG)
    early, late = drifts.thirds(terms.held, terms.n)
    jump, size = drifts.jumps(terms)
    columns = {
        "term": terms.term,
        "recipes": terms.held.sum(axis=1).astype(int),
        "first_third": early,
        "last_third": late,
        "change": change,
        **drifts.intervals(terms, slopes, shown),
        "wrong": wrong,
        "jump": jump,
        "jump_size": 100 * size,
    }
    return drifts.ordered(columns, shown, terms.year)


def judge(table: Columns, *, kind: TermKind = "ingredient", method: Method = "robust") -> Found:
    """Count what rises and falls, and name the terms that do most and the one that changed at once."""
    n = len(table["term"])
    if not n:
        return Nothing()
    first, last, change = int(table["first"][0]), int(table["last"][0]), table["change"]
    up = np.flatnonzero(table["shown"] & (change > 0))
    down = np.flatnonzero(table["shown"] & (change < 0))[::-1]
    if method == "published":
        rises, falls = (tuple(published.Delta(table["term"][i], float(change[i])) for i in side) for side in (up, down))
        return published.PublishedChanges(n=n, kind=kind, first=first, last=last, up=rises, down=falls)
    rising, falling = (
        tuple(
            Drift(table["term"][i], estimated(table, i, "change", "low", "high")) for i in side[: published.NAMED_TERMS]
        )
        for side in (up, down)
    )
    real = table["wrong"] < drifts.MOST_WRONG
    return TermChanges(
        n=n,
        verdict=strongest(table["verdict"]),
        kind=kind,
        first=first,
        last=last,
        rising=int((real & (change > 0)).sum()),
        falling=int((real & (change < 0)).sum()),
        up=rising,
        down=falling,
        jump=_largest_jump(table),
    )


def _largest_jump(table: Columns) -> Jump | None:
    sizes = table["jump_size"]
    if np.isnan(sizes).all():
        return None
    i = int(np.nanargmax(np.abs(sizes)))
    return Jump(table["term"][i], int(table["jump"][i]), float(sizes[i]))


def draw(table: Columns, finding: Found) -> charts.Figure:
    """Draw a lying bar a shown term, the largest rise on top, the largest fall at the bottom."""
    as_published = isinstance(finding, published.PublishedChanges)
    label = N_("Change in occurrences per recipe") if as_published else N_("Percentage points per decade")
    figure = charts.canvas(say(label))
    if not finding.n:
        return figure
    sides: list[shares.Side] = [
        (say("Rises"), "rise", table["change"] > 0),
        (say("Falls"), "fall", table["change"] < 0),
    ]
    both = all((rows & table["shown"]).any() for *_, rows in sides)
    shares.draw_sides(figure, table, "change", sides, named=both)
    tooltips.tell(figure, 3 if as_published else 1, Inside(say(label)), axis="x", signed=True, named=False)
    return figure


def sentence(finding: Found) -> Message:
    """Say how many terms rise and fall, which ones most, and whether one of them changed at once."""
    match finding:
        case TermChanges(jump=Jump(term=term, year=year, size=size)):
            return say(
                "{changes} The most sudden change: {term}, {size} percentage points in {year} alone, "
                "so sudden that it may be one of words, not of cooking.",
                changes=_say_changes(finding), term=term, size=Number(size, 1, signed=True), year=str(year),
            )  # fmt: skip
        case TermChanges():
            return _say_changes(finding)
        case published.PublishedChanges():
            return published.say_published(finding)
        case Nothing():
            return say(NO_FAMILY, years=shares.FEWEST_YEARS, thin=THIN, least=shares.LEAST)


NO_FAMILY = N_(
    "There is no trend to look for: that takes {years} whole years of at least {thin} recipes, and terms in at least "
    "{least} recipes."
)
# What rises and falls; {up} and {down} name the terms that do most.
CHANGES = {
    (True, True): N_(
        "Of {terms} in at least {least} recipes, the share rose for {rising} and fell for {falling} between {first} "
        "and {last} (false discovery rate 5%). Most up, in percentage points {pace}: {up}. Most down: {down}."
    ),
    (True, False): N_(
        "Of {terms} in at least {least} recipes, the share rose for {rising} and fell for none between {first} and "
        "{last} (false discovery rate 5%). Most up, in percentage points {pace}: {up}."
    ),
    (False, True): N_(
        "Of {terms} in at least {least} recipes, the share rose for none and fell for {falling} between {first} and "
        "{last} (false discovery rate 5%). Most down, in percentage points {pace}: {down}."
    ),
    (False, False): N_(
        "Of {terms} in at least {least} recipes, none is found to have a share that rose or fell between {first} and "
        "{last} (false discovery rate 5%)."
    ),
}  # fmt: skip


def _say_changes(finding: TermChanges) -> Message:
    told, factor = pace(finding.first, finding.last)
    return say(
        CHANGES[bool(finding.up), bool(finding.down)],
        terms=say(shares.COUNTED[finding.kind], n=finding.n), least=shares.LEAST,
        first=str(finding.first), last=str(finding.last),
        rising=finding.rising, falling=finding.falling, pace=told,
        up=_say_drifts(finding.up, factor), down=_say_drifts(finding.down, factor),
    )  # fmt: skip


def _say_drifts(some: tuple[Drift, ...], factor: float) -> Listing:
    text = N_("{term} {change} ({low} to {high})")
    return Listing(tuple(say(text, term=one.term, **interval(one.change.times(factor), 1)) for one in some))


METHOD = N_(
    "The yearly share of recipes that hold a term, and its slope through the whole years of at least 100 recipes, for "
    "every term in at least 50 of them. How much terms differ between years beyond chance, how far a year resembles "
    "the one before, and how far terms move at all, is learned from all of them together (empirical Bayes). Of so "
    "many terms some would seem to move by luck: each slope is drawn towards none as far as those of the others are "
    "small, so that its 95% interval holds for terms chosen for their size, too. A term counts as rising or falling "
    "where that interval excludes zero; of those at most one in twenty does so by luck. The interval is the same "
    "wherever the term is shown; the figure has the largest ten each way. The smallest change that matters is 1 "
    "percentage point per decade, or half of a rarer term's share. A change made mostly from one year to the next is "
    "named, with its year, where such a step beside the term's line is beyond its own differences between years, at "
    "the same false discovery rate. Of a selection, the share is of its recipes; what it demands or forbids itself is "
    "left out. The published method subtracts the first year's occurrences per recipe from the last year's, whatever "
    "their size."
)
term_changes = Question(
    "term_changes", N_("Which ingredients and tags rise, and which fall?"), METHOD, table, judge, draw, sentence
)
