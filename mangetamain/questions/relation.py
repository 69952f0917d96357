"""Does one measure go with another? Its level in ten parts of equal number, from the lowest values to the highest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts
from mangetamain.conditions import Conditions
from mangetamain.finding import Estimate, Finding, outcome, verdict
from mangetamain.language import N_, Inside, Message, Number, digits_for, exact, say
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
    sums = "count(*) AS n, sum(y) AS total, sum(y * y) AS squares"
    values = query(con, f"{rows} SELECT x, {sums} FROM rows GROUP BY x ORDER BY x", given)
    part, edges = _parted(values["x"], values["n"])
    parts = len(edges) + 1 if len(part) else 0
    n, total, squares = (np.bincount(part, weights=values[name], minlength=parts) for name in ("n", "total", "squares"))
    at = [np.flatnonzero(part == i)[[0, -1]] for i in range(parts)]
    low, high = (np.array([values["x"][ends[i]] for ends in at]) for i in (0, 1))
    mean = total / np.maximum(n, 1)
    alone = squares - n * mean**2  # of rows, as if each were a cluster of its own
    weight = _weights(parts)
    keys = ("a",) if MEASURES[of].view == "recipes" else ("a", "b")
    found = [_clustered(con, rows, given, edges, mean, weight / np.maximum(n, 1), key) for key in keys]
    pull, own = _variances(found, alone, weight, n)
    columns = {
        "mean": mean,
        "se": np.sqrt(own),
        "gap": np.full(parts, weight @ mean),
        "gap_se": np.full(parts, pull**0.5),
    }
    return {"low": low, "high": high, "n": n.astype(int), **{name: column.round(9) for name, column in columns.items()}}


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


def _weights(parts: int) -> np.ndarray:
    """Give what each part counts for in the rise of a straight line through them from the first to the last."""
    if parts < FEWEST_PARTS:
        return np.full(parts, np.nan)
    place = np.arange(parts) - (parts - 1) / 2
    return np.asarray(place / (place @ place) * (parts - 1))


def _clustered(
    con: Executes, rows: str, given: dict[str, object], edges: list[float], mean: np.ndarray, pull: np.ndarray, key: str
) -> tuple[float, np.ndarray]:
    """Sum the squares of what clusters pull the line, and of what they pull each part's sum, off the mean."""
    bound = {f"edge{i}": edge for i, edge in enumerate(edges)}
    part = " ".join(f"WHEN x < $edge{i} THEN {i}" for i in range(len(edges)))
    held = query(
        con,
        f"""{rows},
        parted AS (
            SELECT {key} AS cluster, {f"CASE {part} ELSE {len(edges)} END" if edges else "0"} AS part,
                count(*) AS n, sum(y) AS total
            FROM rows GROUP BY ALL
        ),
        known AS (SELECT unnest(range($parts)) AS part, unnest($mean) AS mean, unnest($pull) AS pull),
        off AS (SELECT cluster, part, total - n * mean AS off, pull FROM parted JOIN known USING (part)),
        lines AS (SELECT sum(pull * off) AS pull FROM off GROUP BY cluster)
        SELECT part, sum(off * off) AS squares, (SELECT sum(pull * pull) FROM lines) AS line,
            (SELECT count(*) FROM lines)::DOUBLE AS clusters
        FROM off GROUP BY part ORDER BY part
        """,
        {**given, **bound, "parts": len(mean), "mean": mean.tolist(), "pull": pull.tolist()},
    )
    if not len(mean):
        return float("nan"), mean
    clusters = float(held["clusters"][0])
    factor = clusters / (clusters - 1) if clusters > 1 else float("nan")
    return factor * float(held["line"][0]), factor * held["squares"]


def _variances(
    found: list[tuple[float, np.ndarray]], alone: np.ndarray, weight: np.ndarray, n: np.ndarray
) -> tuple[float, np.ndarray]:
    """Join the clusterings: two add up, less that of single rows, and are never below either alone.

    Returns
    -------
    tuple[float, numpy.ndarray]
        The variance of what the line rises, and of each part's level.
    """
    own = [squares / np.maximum(n, 1) ** 2 for _, squares in found]
    lines = [line for line, _ in found]
    if len(found) > 1:
        row = alone / np.maximum(n, 1) ** 2
        own.append(own[0] + own[1] - row)
        lines.append(lines[0] + lines[1] - float(weight**2 @ row))
    return float(np.max(lines, initial=0.0)), np.asarray(np.max(own, axis=0))


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
                subject=say(measure.subject), other=Inside(say(MEASURES[to].subject)), text=text,
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
