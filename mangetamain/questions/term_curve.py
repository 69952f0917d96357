"""How did the share of chosen ingredients, or tags, move?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from mangetamain import charts, stats, tooltips
from mangetamain.finding import Estimate, Finding, Nothing, Record, Verdict, verdict
from mangetamain.language import N_, PERCENT_SIGN, Listing, Message, Number, digits_for, say
from mangetamain.measures import ALL, Among, FitAll, TermKind, Terms, Years
from mangetamain.questions import shares
from mangetamain.questions.drifts import TERMS, changes, counts
from mangetamain.questions.effects import estimated, interval, pace
from mangetamain.questions.question import Question
from mangetamain.stats.families import LEARNED_FROM
from mangetamain.vocabulary import kinds_of, unknown
from mangetamain.warehouse import Columns, Executes, query

# Curves of the terms, in the order they were chosen.
ROLES: tuple[charts.Role, ...] = ("centre", "other", "third")
LOOKS = tuple((role, dash) for dash in ("solid", "dash") for role in ROLES)
# Curves drawn where nobody chose any.
DEFAULT_TERMS = 3


@dataclass(frozen=True)
class Curve(Record):
    """A term's share of the recipes of the years of the fit, and its change in percentage points per decade."""

    term: str
    share: Annotated[float, N_("Share")]
    change: Annotated[Estimate, N_("Change")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class CurvesFinding(Finding):
    """The curves of the chosen terms; the verdict is that of all, where they agree.

    `given` are the chosen terms that have no trend: the selection itself demands or forbids them.
    """

    first: int
    last: int
    curves: Annotated[tuple[Curve, ...], N_("Curve")]
    given: Annotated[tuple[str, ...], N_("Demanded or forbidden by the selection")] = ()


Found = CurvesFinding | shares.FewYears | Nothing


def table(
    con: Executes,
    *,
    kind: TermKind = "ingredient",
    chosen: Terms = (),
    years: Years = ALL,
    fit_all: FitAll = False,
    among: Among = (),
) -> Columns:
    """Give the share of recipes that hold each chosen term, year by year; none chosen means the three most frequent.

    Reads the views `cube_recipes`, `cube_term_years` and `vocabulary`; `recipes` and `recipe_terms` for a selection.

    Returns
    -------
    Columns
        One row a term and year, terms as chosen, years in order: term (str), year (int), recipes (int, that hold the
        term), n (int, recipes of the year), share, low, high (float, Wilson's 95 % interval), partial, thin (bool);
        and of the term, the same in each of its rows: change, change_low, change_high (float, percentage points per
        decade and its 95 % interval, the one that `term_changes` shows; NaN where the years are too few, and for a term
        that the selection itself demands or forbids).

    Raises
    ------
    BadInput
        When nobody uses a chosen word, or the selection holds a word or a measure that is unknown.
    """
    every = shares.held_by_year(con, kind, years, among)
    asked = _known(con, kind, chosen) if chosen else []
    posted = shares.recipes_by_year(con, years, among)
    kept = shares.fitted(posted, fit_all)
    fit = posted["year"][kept] if kept.sum() >= shares.FEWEST_YEARS else posted["year"][:0]
    rows, family = _followed(con, every, asked, fit)
    frequent, at = shares.placed(rows, posted["year"])
    terms = asked or frequent.tolist()
    held = np.zeros((len(terms), len(posted["year"])), dtype=np.int64)
    held[at] = rows["recipes"]
    year, n, partial, thin = (np.tile(posted[name], len(terms)) for name in ("year", "n", "partial", "thin"))
    term, recipes = np.repeat(np.array(terms, dtype=object), held.shape[1]), held.ravel()
    share, free = recipes / n, [one not in every.given for one in terms]
    # Of a term that the selection settles, the share is no estimate.
    low, high = np.where(np.repeat(free, held.shape[1]), stats.wilson(recipes, n), share)
    limits = {"share": share.round(6), "low": low.round(6), "high": high.round(6)}
    columns = {"term": term, "year": year, "recipes": recipes, "n": n, **limits, "partial": partial, "thin": thin}
    return columns | _changes(family, posted, held, free, np.isin(posted["year"], fit))


# The terms that are asked for beside those that the scatter is learned from: of a selection all are counted once.
FOLLOWED = """
    WITH every AS MATERIALIZED (SELECT * FROM {every} AS counted), asked AS ({asked})
    SELECT term, year AS first, place, year, recipes, TRUE AS asked
    FROM every JOIN asked USING (code) JOIN term_codes USING (code)
    UNION ALL SELECT term, first, place, year, recipes, FALSE FROM ({family}) AS family
"""
ASKED = """
    SELECT code, place FROM (SELECT unnest($terms) AS term, unnest(range(len($terms))) AS place) AS named
        JOIN term_codes USING (term) WHERE kind = $kind"""
TOP = f"""
    SELECT code, row_number() OVER (ORDER BY sum(recipes) DESC, code) - 1 AS place
    FROM {{held}} AS held GROUP BY code ORDER BY place LIMIT {DEFAULT_TERMS}
"""


def _followed(con: Executes, every: shares.Held, asked: list[str], fit: np.ndarray) -> tuple[Columns, Columns]:
    """Count the asked terms, else the most frequent ones, year by year, and those that tell their family's scatter."""
    free = replace(every, sql="every").free
    sql = FOLLOWED.format(
        every=every.sql,
        asked=ASKED if asked else TOP.format(held=free.sql),
        family=TERMS.format(held=free.sql),
    )
    given = {"years": fit.tolist(), "most": LEARNED_FROM, **({"terms": asked} if asked else {})}
    rows = query(con, sql, {**free.bound, **given})
    mine = rows.pop("asked").astype(bool)
    asked_rows, family = ({name: column[part] for name, column in rows.items()} for part in (mine, ~mine))
    return asked_rows, family


def _known(con: Executes, kind: TermKind, chosen: tuple[str, ...]) -> list[str]:
    """Turn spellings into terms, each once."""
    found = kinds_of(con, chosen)
    for word in chosen:
        if kind not in found[word]:
            raise unknown(con, word, kind, found[word])
    return list(dict.fromkeys(found[word][kind] for word in chosen))


def _changes(family: Columns, posted: Columns, held: np.ndarray, free: list[bool], kept: np.ndarray) -> Columns:
    """Fit the chosen terms, but those given, as members of the family of all terms, one row a term and year."""
    found = np.full((len(held), 3), np.nan)
    if kept.any() and any(free):
        year, n = posted["year"][kept], posted["n"][kept]
        scatter = stats.family_scatter(year, counts(family, year)[1], n)
        slopes = stats.family_slopes(year, held[free][:, kept], n, scatter)
        found[free] = [[one.value, one.low, one.high] for one in changes(slopes)]
    rows = np.repeat(found.round(6), held.shape[1], axis=0)
    return dict(zip(("change", "change_low", "change_high"), rows.T, strict=True))


def judge(table: Columns, *, fit_all: FitAll = False) -> Found:
    """Judge each term's change per decade."""
    terms = list(dict.fromkeys(table["term"].tolist()))
    n = int(table["n"][table["term"] == terms[0]].sum()) if terms else 0
    if not n:
        return Nothing()
    kept = shares.fitted(table, fit_all)
    years = table["year"][kept & (table["term"] == terms[0])]
    if len(years) < shares.FEWEST_YEARS:
        return shares.too_few(n, len(years), fit_all)
    given = set(table["term"][kept & np.isnan(table["change"])])
    curves = tuple(
        _curve({name: column[kept & (table["term"] == term)] for name, column in table.items()})
        for term in terms
        if term not in given
    )
    verdicts = {curve.verdict for curve in curves}
    return CurvesFinding(
        n=n,
        verdict=verdicts.pop() if len(verdicts) == 1 else None,
        first=int(years[0]),
        last=int(years[-1]),
        curves=curves,
        given=tuple(term for term in terms if term in given),
    )


def _curve(rows: Columns) -> Curve:
    change = estimated(rows, 0, "change")
    share = float(rows["recipes"].sum() / rows["n"].sum())
    smallest = shares.smallest_change(share)
    return Curve(rows["term"][0], share, change, smallest, verdict(change, smallest))


def draw(table: Columns, finding: Found) -> charts.Figure:
    """Draw a curve with its band for each term; partial and thin years are pale points, and no line leads to them."""
    figure = charts.canvas(say("Year of posting"), say("Share of recipes"), time="Y")
    charts.percentages(figure, "yaxis")
    figure.update_yaxes(rangemode="tozero")
    table = table | {name: 100 * table[name] for name in ("share", "low", "high")}
    pale = table["partial"] | table["thin"]
    for term, (role, dash) in zip(dict.fromkeys(table["term"].tolist()), LOOKS, strict=False):
        rows = {name: column[(table["term"] == term) & ~pale] for name, column in table.items()}
        # The line of each term names its band, too.
        charts.band(figure, rows["year"], rows["low"], rows["high"], term, role, named=False)
        charts.yearly(figure, rows["year"], rows["share"], term, role, dash=dash)
        if lone := [part[0] for part in charts.runs(rows["year"]) if len(part) == 1]:
            charts.dots(figure, rows["year"][lone], rows["share"][lone], term, role, hoverinfo="skip")
    if pale.any():
        points = table["year"][pale], table["share"][pale]
        charts.dots(figure, *points, say("Partial or thin year"), "mute", hoverinfo="skip", named=True)
    tooltips.tell(figure, 1, PERCENT_SIGN)
    return figure


def sentence(finding: Found) -> Message:
    """Say each term's share, its change per decade and what that amounts to."""
    match finding:
        case CurvesFinding(given=()):
            return _say_curves(finding)
        case CurvesFinding(curves=()):
            return _say_given(finding)
        case CurvesFinding():
            return say("{curves} {given}", curves=_say_curves(finding), given=_say_given(finding))
        case shares.FewYears() | Nothing():
            return shares.say_nothing(finding)


def _say_given(finding: CurvesFinding) -> Message:
    return say("What the selection itself demands or forbids has no trend: {terms}.", terms=Listing(finding.given))


# One term's change; the verdict is said in each.
CURVES: dict[Verdict, str] = {
    "clear": N_("{term} {share}, a clear trend of {change} ({low} to {high})"),
    "real": N_("{term} {share}, a real trend of {change} ({low} to {high})"),
    "negligible": N_("{term} {share}, a negligible trend of {change} ({low} to {high})"),
    "undecided": N_("{term} {share}, an undecided trend of {change} ({low} to {high})"),
}


def _say_curves(finding: CurvesFinding) -> Message:
    told, factor = pace(finding.first, finding.last)
    curves = []
    for one in finding.curves:
        share = Number(one.share, digits_for((100 * one.share,), 1), percent=True)
        curves.append(say(CURVES[one.verdict], term=one.term, share=share, **interval(one.change.times(factor), 1)))
    return say(
        "Share of the recipes posted between {first} and {last}, and its trend, in percentage points {pace}: {curves}.",
        first=str(finding.first), last=str(finding.last), pace=told, curves=Listing(tuple(curves)),
    )  # fmt: skip


METHOD = N_(
    "The share of each year's recipes that hold a term in any of its spellings, with Wilson's 95% interval, and "
    "the slope through the whole years of at least 100 recipes. How much terms differ between years beyond chance, "
    "and how far they move at all, is learned from all terms in at least 50 recipes together (empirical Bayes). The "
    "slope is drawn towards none as far as those of the others are small, so that its 95% interval holds for a term "
    "that was chosen because its curve looks striking, too; it is the one of the question on what rises and falls. The "
    "smallest change that matters is 1 percentage point per decade, or half of a rarer term's share. Of a selection, "
    "the share is of its recipes."
)
term_curve = Question(
    "term_curve", N_("How did the share of chosen ingredients or tags move?"), METHOD, table, judge, draw, sentence
)
