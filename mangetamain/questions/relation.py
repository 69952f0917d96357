"""Does one measure go with another? Its level in ten parts of equal number, from the lowest values to the highest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts
from mangetamain.conditions import Conditions
from mangetamain.finding import Estimate, Finding, outcome, verdict
from mangetamain.language import N_, Message, Number, digits_for, exact, say
from mangetamain.measures import ALL, MEASURES, THIN, Among, Measure, Of, Source, To, Years
from mangetamain.questions.busyness import Busyness, TooFewMonths, draw_busyness, judge_busyness, say_busyness
from mangetamain.questions.level import table as level_table
from mangetamain.questions.question import Question
from mangetamain.questions.values import counted, rows_of
from mangetamain.warehouse import Columns, Executes, query

PARTS = 10
# Two parts make a difference, no line; a part of equal values may hold several.
FEWEST_PARTS = 3
# Of a measure with absurd entries, values beyond these quantiles count as the quantiles.
ENDS = 0.01, 0.99


@dataclass(frozen=True, kw_only=True)
class Relation(Finding):
    """A line through the levels of the parts: `gap` is what it rises from the first part to the last."""

    parts: Annotated[int, N_("Parts")]
    gap: Annotated[Estimate, N_("Gap")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    lowest: Annotated[float, N_("First part ends at")]
    highest: Annotated[float, N_("Last part begins at")]
    start: Annotated[float, N_("Level of the first part")]
    end: Annotated[float, N_("Level of the last part")]
    peak: Annotated[int, N_("Part of the highest level")]


@dataclass(frozen=True, kw_only=True)
class TooFewParts(Finding):
    """Values that are too few, or too much alike, to be parted."""

    parts: Annotated[int, N_("Parts")]


def table(
    con: Executes,
    *,
    of: Of = "rating",
    to: To = "minutes",
    years: Years = ALL,
    source: Source = "full",
    among: Among = (),
) -> Columns:
    """Part the recipes, or reviews, by one measure, and give the level of another in each part.

    Reads the view `recipes`, and `reviews` for a measure of reviews; against the number in the month, `cube_ratings`.

    Returns
    -------
    Columns
        One row a part, from the lowest values of `to` to the highest: low, high (float, its least and largest value of
        `to`), n (int, recipes or reviews), mean (float, of `of`; values of a measure with absurd entries are held
        within their hundredths), se (float, clustered by cooks, or by users and recipes), gap, gap_se (float, the same
        on each row: what a line through the parts rises from the first to the last, and its standard error). Against
        the number in the month, one row a month as of `level`.
    """
    if to == "volume":
        return level_table(con, of=of, by="month", years=years, centre="mean", source=source, among=among)
    rows, given = _rows(con, of, to, years, source, among)
    values = query(con, f"{rows} SELECT x, count(*) AS n, sum(y) AS total FROM rows GROUP BY x ORDER BY x", given)
    part, edges = _parted(values["x"], values["n"])
    parts = len(edges) + 1 if len(part) else 0
    n, total = (np.bincount(part, weights=values[name], minlength=parts) for name in ("n", "total"))
    at = [np.flatnonzero(part == i)[[0, -1]] for i in range(parts)]
    low, high = (np.array([values["x"][ends[i]] for ends in at]) for i in (0, 1))
    mean = total / np.maximum(n, 1)
    gap, se, gap_se = _errors(con, rows, given, edges, n, mean)
    columns = {"mean": mean, "se": se, "gap": np.full(parts, gap), "gap_se": np.full(parts, gap_se)}
    rounded = {name: np.asarray(column).round(6) for name, column in columns.items()}
    return {"low": low, "high": high, "n": n.astype(int), **rounded}


def _rows(
    con: Executes, of: str, to: str, years: tuple[int, int], source: str, among: Conditions
) -> tuple[str, dict[str, object]]:
    """Write the rows to look at: `x` to part them by, `y` to measure, and the clusters `a` and `b` they belong to."""
    chosen = rows_of(con, MEASURES[of].view, years=years, source=source, among=among, counts=False)
    given = dict(chosen.bound)
    y, x = MEASURES[of], MEASURES[to]
    value = f"({y.sql})::DOUBLE"
    if y.centre == "trimmed":
        counts = counted(con, of, "0", years=years, among=among)[1]
        given["least"], given["most"] = (float(np.append(counts.nearest(q), 0.0)[0]) for q in ENDS)
        value = f"least(greatest({value}, $least), $most)"
    if y.view == "recipes":
        return (
            f"""
        WITH rows AS (
            SELECT ({x.sql})::DOUBLE AS x, {value} AS y, contributor_id AS a, id AS b
            FROM {chosen.sql} AND ({x.sql}) IS NOT NULL AND ({y.sql}) IS NOT NULL
        )""",
            given,
        )
    return (
        f"""
        WITH review AS (
            SELECT recipe_id, {value} AS y, user_code AS a, recipe_code AS b
            FROM {chosen.sql} AND ({y.sql}) IS NOT NULL
        ),
        recipe AS (SELECT id AS recipe_id, ({x.sql})::DOUBLE AS x FROM recipes WHERE ({x.sql}) IS NOT NULL),
        rows AS (SELECT x, y, a, b FROM review JOIN recipe USING (recipe_id))""",
        given,
    )


def _parted(x: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, list[float]]:
    """Part values that rise into parts of about equal number; equal values stay together.

    Returns
    -------
    tuple[numpy.ndarray, list of float]
        The part of each value, and the least value of each part but the first.
    """
    if not len(x):
        return np.array([], dtype=int), []
    middle = (np.cumsum(n) - n / 2) / n.sum()
    part = np.unique((middle * PARTS).astype(int), return_inverse=True)[1]
    starts = np.flatnonzero(np.diff(part)) + 1
    return np.asarray(part), x[starts].tolist()


def _errors(
    con: Executes, rows: str, given: dict[str, object], edges: list[float], n: np.ndarray, mean: np.ndarray
) -> tuple[float, np.ndarray, float]:
    """Give what a line rises through the parts, the error of each part's level, and that of the rise."""
    parts = len(n)
    if parts < FEWEST_PARTS:
        return float("nan"), np.full(parts, np.nan), float("nan")
    place = np.arange(parts) - (parts - 1) / 2
    weight = place / (place @ place) * (parts - 1)
    bound = {f"e{i}": edge for i, edge in enumerate(edges)} | {f"m{i}": float(value) for i, value in enumerate(mean)}
    bound |= {f"w{i}": float(w / size) for i, (w, size) in enumerate(zip(weight, n, strict=True))}
    part = "CASE " + " ".join(f"WHEN x < $e{i} THEN {i}" for i in range(len(edges))) + f" ELSE {parts - 1} END"
    off = "CASE part " + " ".join(f"WHEN {i} THEN y - $m{i}" for i in range(parts)) + " END"
    pull = "CASE part " + " ".join(f"WHEN {i} THEN $w{i} * e" for i in range(parts)) + " END"
    sums = ", ".join(f"coalesce(sum(e) FILTER (part = {i}), 0) AS p{i}" for i in range(parts))
    squares = ", ".join(f"sum(p{i} * p{i}) AS p{i}" for i in range(parts))
    found = []
    for key in ("a", "b", "a, b"):
        sql = f"""{rows}, parted AS (SELECT a, b, y, {part} AS part FROM rows), off AS (SELECT a, b, part, {off} AS e
            FROM parted), clusters AS (SELECT sum({pull}) AS pull, {sums} FROM off GROUP BY {key})
            SELECT count(*)::DOUBLE AS clusters, sum(pull * pull) AS pull, {squares} FROM clusters"""
        row = {name: float(column[0]) for name, column in query(con, sql, {**given, **bound}).items()}
        factor = row["clusters"] / max(row["clusters"] - 1, 1)
        found.append(factor * np.array([row["pull"], *(row[f"p{i}"] for i in range(parts))]))
    first, second, both = found
    variance = np.maximum(first + second - both, np.maximum(first, second))
    return float(weight @ mean), np.sqrt(variance[1:]) / n, float(np.sqrt(variance[0]))


def judge(table: Columns, *, of: Of = "rating", to: To = "minutes") -> Finding:
    """Judge what a line through the parts rises, against the smallest gap that matters."""
    if to == "volume":
        return judge_busyness(table)
    total, parts = int(table["n"].sum()), len(table["n"])
    if parts < FEWEST_PARTS or total < PARTS * THIN:
        return TooFewParts(n=total, parts=parts, verdict="undecided" if total else None)
    gap, half = float(table["gap"][0]), 1.96 * float(table["gap_se"][0])
    estimate, smallest = Estimate(gap, gap - half, gap + half), MEASURES[of].gap.size
    return Relation(
        n=total,
        verdict=verdict(estimate, smallest),
        parts=parts,
        gap=estimate,
        smallest=smallest,
        lowest=float(table["high"][0]),
        highest=float(table["low"][-1]),
        start=float(table["mean"][0]),
        end=float(table["mean"][-1]),
        peak=int(np.argmax(table["mean"])) + 1,
    )


def draw(table: Columns, finding: Finding, *, of: Of = "rating", to: To = "minutes") -> charts.Figure:
    """Draw the level of each part with its interval, by the middle of the part, and the line through the parts."""
    if to == "volume":
        return draw_busyness(table, MEASURES[of])
    figure = charts.canvas(MEASURES[to].axis, MEASURES[of].axis)
    if len(table["n"]):
        mean, half, place = table["mean"], 1.96 * table["se"], np.arange(len(table["n"]))
        charts.dots(figure, place, mean, say("Level"), "centre", low=mean - half, high=mean + half)
        charts.ticks(figure, place.tolist(), [_range(MEASURES[to], *ends) for ends in _ends(table)])
        if isinstance(finding, Relation):
            line = mean.mean() + finding.gap.value * (place / (len(place) - 1) - 0.5)
            charts.line(figure, place, line, say("Line"), "trend", dash="dash")
    return figure


def _ends(table: Columns) -> list[tuple[float, float]]:
    return list(zip(table["low"].tolist(), table["high"].tolist(), strict=True))


def _range(measure: Measure, low: float, high: float) -> Message:
    digits = 0 if low.is_integer() and high.is_integer() else measure.digits
    ends = {"low": Number(low, digits), "high": Number(high, digits)}
    return Message("{low}", ends) if low == high else say("{low} to {high}", **ends)


RISES = {
    "clear up": N_("{subject} rises with {other}: {text}."),
    "clear down": N_("{subject} falls with {other}: {text}."),
    "real up": N_(
        "{subject} rises with {other}: {text}; whether that is as much as the {smallest} that would matter is open."
    ),
    "real down": N_(
        "{subject} falls with {other}: {text}; whether that is as much as the {smallest} that would matter is open."
    ),
    "negligible": N_("{subject} hardly depends on {other}: {text}, within the ±{smallest} that would not matter."),
    "undecided": N_("{subject}: the data do not settle whether it depends on {other}; {text}."),
}
LINE = N_("along a line through {parts} equal parts it changes by {gap} {unit} (95% interval {low} to {high})")


def sentence(finding: Finding, *, of: Of = "rating", to: To = "minutes") -> Message:
    """Say whether one measure goes with the other, and by how much."""
    measure = MEASURES[of]
    match finding:
        case Busyness() | TooFewMonths():
            return say_busyness(finding, measure)
        case Relation(gap=gap):
            digits = digits_for((gap.value, gap.low, gap.high), measure.digits)
            text = say(
                LINE, parts=finding.parts, gap=Number(gap.value, digits, signed=True), unit=say(measure.change_unit),
                **gap.limits(digits),
            )  # fmt: skip
            return say(
                RISES[outcome(finding.verdict, gap)],
                subject=say(measure.subject), other=say(MEASURES[to].subject), text=text,
                smallest=exact(finding.smallest),
            )  # fmt: skip
        case TooFewParts():
            return say("{subject}: too few values, or too much alike, to be parted.", subject=say(measure.subject))
    raise TypeError(finding)


relation = Question(
    "relation",
    N_("Does one measure go with another?"),
    N_(
        "Recipes, or the reviews of recipes, in ten parts of about equal number by one measure, and the level of the "
        "other in each. A straight line through the parts, each counting the same, is judged by what it rises from the "
        "first to the last. Cooks post many recipes, users rate many and recipes are rated by many: errors admit that "
        "(cluster-robust; Cameron, Gelbach and Miller 2011). Against the number in the month, the months of at least "
        "100 are ranked by both (Spearman); both series resemble their own past, so the interval rests on the "
        "effective number of months (Pyper and Peterman 1998). What goes together need not be cause and effect."
    ),
    table,
    judge,
    draw,
    sentence,
)
