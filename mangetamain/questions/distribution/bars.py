"""The values of a measure in bars: counted and drawn, of one selection or of two, and how far these are apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.finding import Estimate, Finding, TooFew, verdict
from mangetamain.language import N_, PERCENT_SIGN, Message, amount, exact, say
from mangetamain.measures import THIN, Measure
from mangetamain.questions.aggregates.centres import Held, mid_quantiles
from mangetamain.questions.comparison import ROLES, Drawn, Pair, named
from mangetamain.questions.effects import say_effect
from mangetamain.warehouse import Columns, Executes, query

# Bars of a figure: more would be thinner than the gaps between them on a phone.
MOST_BARS = 40
# Beyond this share of the values a long tail would flatten all the rest; it is counted in the last bar.
SHOWN_SHARE = 0.99
# Columns, and fields of the finding, that sum a distribution up; the quantiles among them.
QUANTILES = 0.5, 0.25, 0.75, 0.1, 0.9
MIDDLE = ("mean", "median", "lower_quartile", "upper_quartile", "tenth", "ninetieth", "minimum", "maximum")


def counted(con: Executes, values: Held, beside: Held | None = None) -> Columns:
    """Count the values in bars of equal width, which hold all of them, and those that they are drawn beside."""
    whole, other = (_ends(con, each) if each else None for each in (values, beside))
    if whole is None:
        return {name: np.array([]) for name in ("value", "upto", "n", "share", *MIDDLE)}
    edges = _edges(whole, other or whole)
    bound = {"begins": edges[:-1].tolist(), "ends": [*edges[1:-1].tolist(), np.inf]}
    n = query(con, values.sql(BARS), {**values.rows.bound, **bound})["n"]
    quartiles = mid_quantiles(con, values, np.zeros(len(QUANTILES), dtype=int), np.array(QUANTILES))
    numbers = (whole["mean"], *quartiles.tolist(), whole["least"], whole["most"])
    same = {name: np.full(len(n), number).round(6) for name, number in zip(MIDDLE, numbers, strict=True)}
    return {"value": edges[:-1], "upto": edges[1:], "n": n, "share": n / n.sum(), **same}


# What bars are laid out by: the ends, what nearly all lies below, and whether all are whole numbers.
ENDS = """
    SELECT any_value(mean) AS mean, min(value) AS least, max(value) AS most,
        max(value) FILTER (before <= floor($shown * (size - 1) + 0.5)) AS last, bool_and(value = round(value)) AS whole
    FROM known GROUP BY cut"""
BARS = """, bars AS (SELECT unnest($begins) AS begins, unnest($ends) AS ends)
    SELECT coalesce(sum(n), 0)::BIGINT AS n
    FROM bars LEFT JOIN counts ON value >= begins AND value < ends
    GROUP BY begins ORDER BY begins"""


def _ends(con: Executes, values: Held) -> dict[str, float] | None:
    found = query(con, values.sql(ENDS), {**values.rows.bound, "shown": SHOWN_SHARE})
    return {name: float(column[0]) for name, column in found.items()} if len(found["mean"]) else None


def _edges(*ends: dict[str, float]) -> np.ndarray:
    """Lay out bars of equal and round width from the least value to the last one shown."""
    least, last = min(end["least"] for end in ends), max(end["last"] for end in ends)
    whole, thin = all(end["whole"] for end in ends), (last - least) / MOST_BARS
    steps = np.array([1, 2, 2.5, 5, 10]) * 10.0 ** np.floor(np.log10(thin)) if thin > 0 else np.array([1.0])
    step = max(float(steps[np.searchsorted(steps, thin)]), 1.0 if whole else 0.0)
    if whole:
        step = float(np.ceil(step))
    first = np.floor(least / step) * step
    return np.asarray(first + step * np.arange(int((last - first) // step) + 2))


# How far the bars of two selections stand beside their place, and how wide they are, of which there is one a unit.
BESIDE, WIDE = 0.2, 0.38


@dataclass(frozen=True, kw_only=True)
class Apart(Finding):
    """What the centre of the first selection is above that of the second."""

    gap: Annotated[Estimate, N_("Gap")]
    smallest: Annotated[float, N_("Smallest effect that matters")]


@dataclass(frozen=True, kw_only=True)
class TooFewToCompare(TooFew):
    """Too few clusters to know how far two centres are apart."""


def apart(one: Columns, other: Columns, measure: Measure) -> Apart | TooFewToCompare:
    """Judge the difference of two centres against the smallest gap that matters; without an error there is none."""
    n = int(one["n"].sum() + other["n"].sum())
    known = len(one["n"]) and len(other["n"]) and np.isfinite(one["gap_se"][0])
    if not known:
        return TooFewToCompare(n=n, verdict="undecided" if n else None)
    value, half = float(one["centre"][0] - other["centre"][0]), 1.96 * float(one["gap_se"][0])
    gap = Estimate(value, value - half, value + half)
    return Apart(n=n, verdict=verdict(gap, measure.gap.size), gap=gap, smallest=measure.gap.size)


APART = {
    "up": N_("{subject} for {one} is {size} {unit} higher than for {other} (95% interval {low} to {high})"),
    "down": N_("{subject} for {one} is {size} {unit} lower than for {other} (95% interval {low} to {high})"),
    "negligible": N_(
        "{subject} hardly differs between {one} and {other}: {change} {unit} (95% interval {low} to {high}), within "
        "the ±{smallest} that would not matter."
    ),
    "undecided": N_(
        "The data do not settle whether {subject} differs between {one} and {other}; {change} {unit} "
        "(95% interval {low} to {high})."
    ),
}


def say_apart(finding: Apart | TooFewToCompare, measure: Measure, pair: Pair) -> Message:
    """Say which centre is higher, by how much, and what that amounts to."""
    subject = say(measure.subject)
    if measure.centre == "trimmed":
        subject = say("{subject} (mean of the middle 80%)", subject=subject)
    match finding:
        case Apart():
            one, other = map(named, pair.both)
            return say_effect(
                APART, measure, finding.verdict, finding.gap,
                subject=subject, one=one, other=other, smallest=exact(finding.smallest),
            )  # fmt: skip
        case TooFewToCompare():
            text = N_("{subject}: too few values to compare, or all alike; that takes {least} in either selection.")
            return say(text, subject=subject, least=THIN)


def draw_sides(figure: charts.Figure, drawn: list[Drawn], measure: Measure, *, named: bool = True) -> None:
    """Draw the shares of a selection as bars, of a second one as an outline over them."""
    for one, name, role in drawn:
        if role != ROLES[1]:
            width = one["upto"] - one["value"]
            look: charts.Spec = {"width": 0.9 * float(width[0]), "customdata": bins(one, measure)}
            charts.bars(figure, one["value"] + width / 2, 100 * one["share"], name, role, named=named, **look)
        else:
            edges = np.stack([one["value"], one["upto"]], axis=1).ravel()
            told = [said for said in bins(one, measure) for _ in range(2)]
            charts.line(figure, edges, np.repeat(100 * one["share"], 2), name, role, customdata=told)
    tell_bins(figure)


def bins(rows: Columns, measure: Measure) -> list[str]:
    """Say from where to where each bar goes; the last one holds all that comes after."""
    unit = tooltips.behind(measure.unit)
    low, high = ([measure.quantile(each) for each in rows[end].tolist()] for end in ("value", "upto"))
    said = [say("{low} to {high}", low=one, high=amount(other, unit)) for one, other in zip(low, high, strict=True)]
    # Translators: of values, as in "from 180 minutes"
    said[-1:] = [say("from {low}", low=amount(one, unit)) for one in low[-1:]]
    return [charts.words(each) for each in said]


def tell_bins(figure: charts.Figure) -> None:
    """Say where a hand points from where to where a bar goes, and how many are in it."""
    tooltips.tell(figure, 1, PERCENT_SIGN, point="%{customdata}", named=len(figure.data) > 1)
    figure.layout.hovermode = "closest"


def draw_stars(figure: charts.Figure, drawn: list[Drawn]) -> None:
    """Draw the shares of the stars of two selections side by side."""
    for (one, name, role), beside in zip(drawn, (-BESIDE, BESIDE), strict=False):
        share = one["share"][:5]
        look: charts.Spec = {"width": WIDE, "text": charts.percents(share, 0), "textposition": "outside", "named": True}
        look["customdata"] = list(map(str, one["rating"][:5]))
        charts.bars(figure, one["rating"][:5] + beside, 100 * share, name, role, **look)
    charts.ticks(figure, range(1, 6), map(str, range(1, 6)))
    tell_bins(figure)
