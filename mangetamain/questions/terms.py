"""Which ingredients, or tags, are the most frequent?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats, tooltips
from mangetamain.finding import AsPublished, Estimate, Finding, Nothing, Record
from mangetamain.language import N_, PERCENT_SIGN, Inside, Listing, Message, Number, plural, say
from mangetamain.measures import ALL, Among, Method, TermKind, Years
from mangetamain.questions import shares
from mangetamain.questions.question import Question
from mangetamain.warehouse import Columns, Executes, query

SHOWN_TERMS = 15
# In the sentence.
NAMED_TERMS = 3
# As many as the predecessor published, for the comparison number by number.
PUBLISHED_TERMS = 10


@dataclass(frozen=True)
class Frequent(Record):
    """A term and the share of recipes that hold it."""

    term: str
    share: Estimate


@dataclass(frozen=True, kw_only=True)
class TermsFinding(Finding):
    """The most frequent terms, and how many different ones there are."""

    kind: str
    vocabulary: int
    top: Annotated[tuple[Frequent, ...], N_("Most frequent")]


@dataclass(frozen=True, kw_only=True)
class PublishedTerms(AsPublished):
    """The predecessor's counts: every occurrence of every spelling; `common` spellings occur 50 times or more."""

    kind: str
    occurrences: int
    common: int
    spellings: int
    top: Annotated[tuple[str, ...], N_("Most frequent")]
    counts: Annotated[tuple[int, ...], N_("Counts")]


Found = TermsFinding | PublishedTerms | Nothing


def table(
    con: Executes, *, kind: TermKind = "ingredient", years: Years = ALL, among: Among = (), method: Method = "robust"
) -> Columns:
    """List the most frequent terms.

    Reads the views `cube_term_years`, `cube_recipes` and, for the published method, `cube_spellings`; `recipes` and
    `recipe_terms` for a selection, whose own terms are left out: that all of its recipes hold them is no finding.

    Returns
    -------
    Columns
        One row a term, the most frequent first, at most 15: term (str), recipes (int, that hold it in any of its
        spellings), share (float, of all recipes), low, high (float, Wilson's 95 % interval), all_recipes (int),
        vocabulary (int, different terms). By the published method, one row a spelling: term (str), occurrences (int),
        all_recipes, all_occurrences, vocabulary, common (int, spellings that occur at least 50 times).

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown, or the published method is given one.
    """
    if method == "published":
        shares.spelled(among)
        return query(con, SPELLINGS, {"kind": kind, "first": years[0], "last": years[1]})
    posted = int(shares.recipes_by_year(con, years, among)["n"].sum())
    held = shares.held_by_year(con, kind, years, among).free
    rows = query(con, TERMS.format(held=held.sql), {"posted": posted, **held.bound})
    low, high = stats.wilson(rows["recipes"], rows["all_recipes"])
    share = rows["recipes"] / np.maximum(rows["all_recipes"], 1)
    numbers = {"share": share.round(6), "low": low.round(6), "high": high.round(6)}
    return {"term": rows["term"], "recipes": rows["recipes"], **numbers} | rows


TERMS = f"""
    WITH counted AS (
        SELECT code, sum(recipes)::BIGINT AS recipes, count(*) OVER () AS vocabulary
        FROM {{held}} AS held GROUP BY code ORDER BY recipes DESC, code LIMIT {SHOWN_TERMS}
    )
    SELECT term, recipes, $posted::BIGINT AS all_recipes, vocabulary
    FROM counted JOIN term_codes USING (code) ORDER BY recipes DESC, code
"""
SPELLINGS = f"""
    WITH spelled AS (
        SELECT spelling AS term, sum(occurrences)::BIGINT AS occurrences
        FROM cube_spellings
        WHERE kind = $kind AND year BETWEEN $first AND $last
        GROUP BY spelling
    ), posted AS (
        SELECT coalesce(sum(n), 0)::BIGINT AS all_recipes
        FROM cube_recipes
        WHERE measure = 'minutes' AND year BETWEEN $first AND $last
    ), totals AS (
        SELECT sum(occurrences)::BIGINT AS all_occurrences, count(*) AS vocabulary,
            count(*) FILTER (occurrences >= {shares.LEAST}) AS common
        FROM spelled
    )
    SELECT term, occurrences, all_recipes, all_occurrences, vocabulary, common
    FROM spelled, posted, totals ORDER BY occurrences DESC, term LIMIT {SHOWN_TERMS}
"""


def judge(table: Columns, *, kind: TermKind = "ingredient", method: Method = "robust") -> Found:
    """Name the most frequent terms and count the different ones."""
    if not len(table["term"]):
        return Nothing()
    n, vocabulary = int(table["all_recipes"][0]), int(table["vocabulary"][0])
    if method == "published":
        return PublishedTerms(
            n=n,
            kind=kind,
            occurrences=int(table["all_occurrences"][0]),
            common=int(table["common"][0]),
            spellings=vocabulary,
            top=tuple(table["term"][:PUBLISHED_TERMS].tolist()),
            counts=tuple(table["occurrences"][:PUBLISHED_TERMS].tolist()),
        )
    columns = (table[name][:NAMED_TERMS].tolist() for name in ("term", "share", "low", "high"))
    top = tuple(Frequent(term, Estimate(*limits)) for term, *limits in zip(*columns, strict=True))
    return TermsFinding(n=n, kind=kind, vocabulary=vocabulary, top=top)


def draw(table: Columns, finding: Found) -> charts.Figure:
    """Draw a lying bar a term, the most frequent on top."""
    published = "occurrences" in table
    figure = charts.canvas(say("Occurrences") if published else say("Share of recipes"))
    if not len(table["term"]):
        return figure
    if published:
        shares.ranking(figure, table, "occurrences", say("Recipes"), "count")
        tooltips.tell(figure, 0, Inside(say("Occurrences")), axis="x", named=False)
        figure.update_xaxes(tickformat=",d")
    else:
        percents = {name: 100 * table[name] for name in ("share", "low", "high")}
        shares.ranking(figure, table | percents, "share", say("Recipes"), "count")
        tooltips.tell(figure, 2, PERCENT_SIGN, axis="x", named=False)
        charts.percentages(figure, "xaxis")
    shares.name_bars(figure, table["term"])
    return figure


FREQUENT = {
    "ingredient": plural(
        "{n} recipe names {vocabulary}, a singular and its plural being one; the most frequent: {top}.",
        "{n} recipes name {vocabulary}, a singular and its plural being one; the most frequent: {top}.",
    ),
    "tag": plural(
        "{n} recipe bears {vocabulary}; the most frequent: {top}.",
        "{n} recipes bear {vocabulary}; the most frequent: {top}.",
    ),
}
DIFFERENT = {
    "ingredient": plural("only {n} ingredient", "{n} different ingredients"),
    "tag": plural("only {n} tag", "{n} different tags"),
}
SPELLED = plural(
    "{n} occurrence of {terms} as spelled, {common} of them at least {least} times; the most frequent: {top}.",
    "{n} occurrences of {terms} as spelled, {common} of them at least {least} times; the most frequent: {top}.",
)


def sentence(finding: Found) -> Message:
    """Name the most frequent terms and how many different ones there are."""
    match finding:
        case TermsFinding(kind=kind):
            top = _listed((one.term, Number(one.share.value, 1, percent=True)) for one in finding.top)
            different = say(DIFFERENT[kind], n=finding.vocabulary)
            return say(FREQUENT[kind], n=finding.n, vocabulary=different, top=top)
        case PublishedTerms(occurrences=n):
            top = _listed(zip(finding.top[:NAMED_TERMS], map(Number, finding.counts), strict=False))
            terms = say(shares.COUNTED[finding.kind], n=finding.spellings)
            return say(SPELLED, n=n, terms=terms, common=finding.common, least=shares.LEAST, top=top)
        case Nothing():
            return shares.say_nothing(finding)


def _listed(terms: Iterable[tuple[str, Number]]) -> Listing:
    return Listing(tuple(say("{term} ({number})", term=term, number=number) for term, number in terms))


METHOD = N_(
    "The recipes that hold a term, each recipe once, as a share of the recipes posted in the chosen years. A "
    "singular and its plural are one term, under the more frequent spelling. Intervals are Wilson's, at 95%. Of a "
    "selection, the share is of its recipes; what it demands or forbids itself is left out. The published method "
    "counts occurrences of each spelling instead, and cuts a name in two at a comma."
)
terms = Question("terms", N_("Which ingredients and tags are the most frequent?"), METHOD, table, judge, draw, sentence)
