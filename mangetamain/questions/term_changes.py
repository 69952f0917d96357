"""Which ingredients, or tags, rise and which fall?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mangetamain import charts, stats
from mangetamain.finding import Estimate, Finding, Record, Verdict
from mangetamain.language import N_, Listing, Message, Number, say
from mangetamain.measures import ALL, THIN, FitAll, Method, TermKind, Years
from mangetamain.questions.drifts import RATE, SPELLINGS, TERMS, closely, extremes, family, jumps, ordered, thirds
from mangetamain.questions.question import Connection, Question
from mangetamain.questions.shares import COUNTED, FEWEST_YEARS, LEAST, fitted, name_bars, ranking, recipes_by_year
from mangetamain.warehouse import Columns

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAMED = 3
STRENGTH: tuple[Verdict, ...] = ("clear", "small", "negligible")


@dataclass(frozen=True)
class Drift(Record):
    """A term and its change: percentage points per decade."""

    term: str
    change: Estimate


@dataclass(frozen=True)
class Jump(Record):
    """A term whose share made most of its change in one step; `size` in percentage points, `year` its second year."""

    term: str
    year: int
    size: float


@dataclass(frozen=True, kw_only=True)
class TermChanges(Finding):
    """How many of `n` terms rise and fall at a false discovery rate of 5%, those that do most, and a sudden one."""

    kind: str
    first: int
    last: int
    rising: int
    falling: int
    up: tuple[Drift, ...]
    down: tuple[Drift, ...]
    jump: Jump | None


@dataclass(frozen=True)
class Delta(Record):
    """A spelling and the change of its occurrences per recipe from the first year to the last."""

    term: str
    delta: float


@dataclass(frozen=True, kw_only=True)
class PublishedChanges(Finding):
    """The predecessor's differences between the first and the last year, the largest ten each way, of `n` spellings."""

    kind: str
    first: int
    last: int
    up: tuple[Delta, ...]
    down: tuple[Delta, ...]


def table(
    con: Connection,
    *,
    kind: TermKind = "ingredient",
    years: Years = ALL,
    fit_all: FitAll = False,
    method: Method = "robust",
) -> Columns:
    """Follow the share of every term that at least 50 recipes hold.

    Reads the views `cube_recipes` and `cube_terms`, or `cube_spellings` for the published method.

    Returns
    -------
    Columns
        One row a term, those of the figure first, each part from the largest rise to the largest fall: term (str),
        recipes (int), first_third, last_third (float, share of the recipes in that part of the years), change (float,
        percentage points per decade), low, high (float, its interval, for the figure's terms alone: it covers at the
        level 1 - 0.05 R / m, R of m terms being shown), q (float), verdict (str, None outside the figure), jump (int,
        year of a sudden change, else None), jump_size (float, percentage points), shown (bool), first, last (int,
        years of the fit). By the published method one row a spelling: term, occurrences, first_share, last_share
        (float, occurrences per recipe in the first and the last year), change (float, their difference), shown, first,
        last.

    References
    ----------
    Benjamini & Yekutieli (2005), doi:10.1198/016214504000001907: the level of intervals for selected parameters.
    """
    posted = recipes_by_year(con, years)
    if method == "published":
        return _published(con, kind, posted)
    kept = fitted(posted, fit_all)
    if kept.sum() < FEWEST_YEARS:
        return {"term": np.empty(0, dtype=object)}
    year, n = posted["year"][kept], posted["n"][kept]
    term, held = family(con, TERMS, kind, year)
    fits = stats.slopes(year, held / n, n, level=None)
    q = stats.benjamini_hochberg(fits.p)
    shown = extremes(fits.slope, q < RATE)
    close = closely(year, held, n, 1000 * fits.slope, shown)
    shown &= close["verdict"] != "undecided"  # the closer fit may take back what the quick one found
    early, late = thirds(held, n)
    jump, size = jumps(held, n, year, late - early)
    columns = {
        "term": term,
        "recipes": held.sum(axis=1).astype(int),
        "first_third": early,
        "last_third": late,
        **close,
        "q": np.array([float(f"{value:.3g}") for value in q]),
        "jump": jump,
        "jump_size": 100 * size,
    }
    return ordered(columns, shown, year)


def _published(con: Connection, kind: str, posted: Columns) -> Columns:
    year, n = posted["year"], posted["n"]
    if not len(year):
        return {"term": np.empty(0, dtype=object)}
    term, counts = family(con, SPELLINGS, kind, year)
    early, late = counts[:, 0] / n[0], counts[:, -1] / n[-1]
    shares = {"first_share": early, "last_share": late, "change": late - early}
    columns = {"term": term, "occurrences": counts.sum(axis=1).astype(int), **shares}
    return ordered(columns, extremes(late - early, np.ones(len(term), bool)), year)


def judge(table: Columns, *, kind: TermKind = "ingredient", method: Method = "robust") -> Finding:
    """Count what rises and falls, and name the terms that do most and the one that changed at once."""
    n = len(table["term"])
    if not n:
        return Finding(n=0)
    first, last, change = int(table["first"][0]), int(table["last"][0]), table["change"]
    up = np.flatnonzero(table["shown"] & (change > 0))
    down = np.flatnonzero(table["shown"] & (change < 0))[::-1]
    if method == "published":
        rises, falls = (tuple(Delta(table["term"][i], float(change[i])) for i in side) for side in (up, down))
        return PublishedChanges(n=n, kind=kind, first=first, last=last, up=rises, down=falls)
    real, verdicts = (table["q"] < RATE) & (table["verdict"] != "undecided"), set(table["verdict"])
    level = 1 - RATE * int(table["shown"].sum()) / n
    return TermChanges(
        n=n,
        verdict=next((word for word in STRENGTH if word in verdicts), "undecided"),
        kind=kind,
        first=first,
        last=last,
        rising=int((real & (change > 0)).sum()),
        falling=int((real & (change < 0)).sum()),
        up=tuple(_drift(table, i, level) for i in up[:NAMED]),
        down=tuple(_drift(table, i, level) for i in down[:NAMED]),
        jump=_largest_jump(table),
    )


def _drift(table: Columns, i: int, level: float) -> Drift:
    change, low, high = (float(table[name][i]) for name in ("change", "low", "high"))
    return Drift(table["term"][i], Estimate(change, low, high, level))


def _largest_jump(table: Columns) -> Jump | None:
    i = int(np.nan_to_num(np.abs(table["jump_size"]), nan=-1.0).argmax())
    return (
        None
        if np.isnan(table["jump_size"][i])
        else Jump(table["term"][i], int(table["jump"][i]), float(table["jump_size"][i]))
    )


def draw(table: Columns, finding: Finding) -> go.Figure:
    """Draw a lying bar a shown term, the largest rise on top, the largest fall at the bottom."""
    published = isinstance(finding, PublishedChanges)
    label = N_("Change in occurrences per recipe") if published else N_("Percentage points per decade")
    figure = charts.canvas(say(label))
    if not finding.n:
        return figure
    number = "+.3f" if published else "+.1f"
    sides: tuple[tuple[str, charts.Role, np.ndarray], ...] = (
        (N_("Rises"), "rise", table["shown"] & (table["change"] > 0)),
        (N_("Falls"), "fall", table["shown"] & (table["change"] < 0)),
    )
    for name, role, rows in sides:
        if rows.any():
            ranking(figure, {key: column[rows] for key, column in table.items()}, "change", say(name), role, number)
    name_bars(figure, table["term"][table["shown"]])
    return figure


def sentence(finding: Finding) -> Message:
    """Say how many terms rise and fall, which ones most, and whether one of them changed at once."""
    match finding:
        case TermChanges():
            return _say_jump(finding, finding.jump) if finding.jump else _say_changes(finding)
        case PublishedChanges():
            return say(
                "Occurrences per recipe of {terms} as spelled, {last} against {first}; most up: {up}; "
                "most down: {down}.",
                terms=say(COUNTED[finding.kind], n=finding.n), first=str(finding.first), last=str(finding.last),
                up=_deltas(finding.up), down=_deltas(finding.down),
            )  # fmt: skip
        case _:
            return say(
                "There is no trend to look for: that takes {years} whole years of at least {thin} recipes, and terms "
                "in at least {least} recipes.",
                years=FEWEST_YEARS, thin=THIN, least=LEAST,
            )  # fmt: skip


# What rises and falls; {up} and {down} name the terms that do most.
CHANGES = {
    (True, True): N_(
        "Of {terms} in at least {least} recipes, the share rose for {rising} and fell for {falling} between {first} "
        "and {last} (false discovery rate 5%). Most up, in percentage points per decade: {up}. Most down: {down}."
    ),
    (True, False): N_(
        "Of {terms} in at least {least} recipes, the share rose for {rising} and fell for none between {first} and "
        "{last} (false discovery rate 5%). Most up, in percentage points per decade: {up}."
    ),
    (False, True): N_(
        "Of {terms} in at least {least} recipes, the share rose for none and fell for {falling} between {first} and "
        "{last} (false discovery rate 5%). Most down, in percentage points per decade: {down}."
    ),
    (False, False): N_(
        "Of {terms} in at least {least} recipes, none has a share that rose or fell beyond doubt between {first} and "
        "{last} (false discovery rate 5%)."
    ),
}  # fmt: skip


def _say_changes(finding: TermChanges) -> Message:
    return say(
        CHANGES[bool(finding.up), bool(finding.down)],
        terms=say(COUNTED[finding.kind], n=finding.n), least=LEAST, first=str(finding.first), last=str(finding.last),
        rising=finding.rising, falling=finding.falling, up=_drifts_said(finding.up), down=_drifts_said(finding.down),
    )  # fmt: skip


def _say_jump(finding: TermChanges, jump: Jump) -> Message:
    return say(
        "{changes} The most sudden change: {term}, {size} percentage points in {year} alone, "
        "so sudden that it may be one of words, not of cooking.",
        changes=_say_changes(finding), term=jump.term, size=Number(jump.size, 1, signed=True), year=str(jump.year),
    )  # fmt: skip


def _drifts_said(drifts: tuple[Drift, ...]) -> Listing:
    return Listing(
        tuple(
            say(
                "{term} {change} ({low} to {high})", term=drift.term, change=Number(drift.change.value, 1, signed=True),
                low=Number(drift.change.low, 1, signed=True), high=Number(drift.change.high, 1, signed=True),
            )
            for drift in drifts
        )
    )  # fmt: skip


def _deltas(deltas: tuple[Delta, ...]) -> Message | Listing:
    if not deltas:
        return say("none")
    return Listing(
        tuple(
            say("{term} {change}", term=delta.term, change=Number(delta.delta, 3, signed=True))
            for delta in deltas[:NAMED]
        )
    )


term_changes = Question(
    "term_changes",
    N_("Which ingredients and tags rise, and which fall?"),
    N_(
        "The yearly share of recipes that hold a term, and its slope through the whole years of at least 100 "
        "recipes, for every term in at least 50 of them; the interval admits differences between years beyond "
        "chance. Of so many terms some would seem to move by luck: a term counts as rising or falling where its "
        "Benjamini-Hochberg q is below 0.05. The figure shows the largest ten each way; being chosen for their size, "
        "their intervals are wider than usual (Benjamini and Yekutieli 2005). Less than 1 percentage point per "
        "decade, or half of a rarer term's share, is called small. A change made mostly from one year to the next is "
        "named, with its year. The published method subtracts the first year's occurrences per recipe from the last "
        "year's, whatever their size."
    ),
    table,
    judge,
    draw,
    sentence,
)
