"""Does one measure go with another? Its level in ten parts of equal number, from the lowest values to the highest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.errors import BadInput
from mangetamain.finding import Alike, AsPublished, Estimate, Finding, TooFew, verdict
from mangetamain.language import N_, Inside, Message, Number, exact, quoted, say
from mangetamain.measures import ALL, MEASURES, RECIPE_MEASURES, THIN, Among, Measure, Method, Of, Source, To, Years
from mangetamain.questions.aggregates.values import Rows, rows_of, say_alike, say_nothing
from mangetamain.questions.effects import interval, say_outcome, yardstick
from mangetamain.questions.level import table as level_table
from mangetamain.questions.published_only import only
from mangetamain.questions.question import Question
from mangetamain.questions.relation import busyness
from mangetamain.questions.relation.parts import FEWEST_PARTS, PARTS, parted
from mangetamain.warehouse import Columns, Executes, query


@dataclass(frozen=True, kw_only=True)
class Relation(Finding):
    """A line through the levels of the parts: `gap` is what it rises from the first part to the last."""

    parts: Annotated[int, N_("Parts")]
    gap: Annotated[Estimate, N_("Gap")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    first_end: Annotated[float, N_("First part ends at")]
    last_begin: Annotated[float, N_("Last part begins at")]
    first_level: Annotated[float, N_("Level of the first part")]
    last_level: Annotated[float, N_("Level of the last part")]
    peak_part: Annotated[int, N_("Part of the highest level")]


@dataclass(frozen=True, kw_only=True)
class TooFewParts(TooFew):
    """Values that are too few, or too much alike, to be parted."""

    parts: Annotated[int, N_("Parts")]


@dataclass(frozen=True, kw_only=True)
class PublishedRelation(AsPublished):
    """Pearson's correlation over recipes, as if each were of a cook of its own."""

    pearson: Annotated[float, N_("Pearson’s correlation")]


Found = Relation | TooFewParts | Alike | busyness.Busyness | busyness.TooFewMonths | PublishedRelation


ITSELF = N_("to cannot be {value}: that is what of measures already; expected another measure, or volume.")


def table(
    con: Executes,
    *,
    of: Of = "rating",
    to: To = "minutes",
    years: Years = ALL,
    source: Source = "full",
    among: Among = (),
    method: Method = "robust",
) -> Columns:
    """Part the recipes, or reviews, by one measure, and give the level of another in each part.

    Reads the view `recipes`, and `reviews` and `repeated_reviews` for a measure of reviews; against the number in the
    month, `cube_ratings`.

    Returns
    -------
    Columns
        One row a part, from the lowest values of `to` to the highest: low, high (float, its least and largest value of
        `to`), n (int, recipes or reviews), mean (float, of `of`; values of a measure with absurd entries are held
        within their hundredths), se (float, clustered by cooks, or by users and recipes), gap, gap_se (float, the same
        on each row: what a line through the parts rises from the first to the last, and its standard error), by the
        published method also pearson (float, their correlation, the same on each row). Against the number in the month,
        one row a month as of `level`.

    Raises
    ------
    BadInput
        When a measure is set against itself, or the published method is asked for what nobody published.
    """
    if of == to:
        raise BadInput(ITSELF, value=quoted(to))
    for name, value in (("of", of), ("to", to)) if method == "published" else ():
        only(name, value, *RECIPE_MEASURES)
    if to == "volume":
        return level_table(con, of=of, by="month", years=years, centre="mean", source=source, among=among)
    found = parted(con, of, to, years, source, among)
    if method == "published":
        rows = rows_of(con, "recipes", years=years, source=source, among=among)
        found["pearson"] = np.full(len(found["n"]), pearson(con, of, to, rows))
    return found


def judge(table: Columns, *, of: Of = "rating", to: To = "minutes", method: Method = "robust") -> Found:
    """Judge what a line through the parts rises, against the smallest gap that matters."""
    if to == "volume":
        return busyness.judge_busyness(table)
    total, parts = int(table["n"].sum()), len(table["n"])
    if method == "published" and parts and np.isfinite(table["pearson"][0]):
        return PublishedRelation(n=total, pearson=float(table["pearson"][0]))
    if parts < FEWEST_PARTS or total < PARTS * THIN:
        return TooFewParts(n=total, parts=parts, verdict="undecided" if total else None)
    if not table["se"].any() and not np.ptp(table["mean"]):
        return Alike(n=total, value=float(table["mean"][0]), every=MEASURES[of].centre == "mean")
    gap, half = float(table["gap"][0]), 1.96 * float(table["gap_se"][0])
    estimate, smallest = Estimate(gap, gap - half, gap + half), MEASURES[of].gap.size
    return Relation(
        n=total,
        verdict=verdict(estimate, smallest),
        parts=parts,
        gap=estimate,
        smallest=smallest,
        first_end=float(table["high"][0]),
        last_begin=float(table["low"][-1]),
        first_level=float(table["mean"][0]),
        last_level=float(table["mean"][-1]),
        peak_part=int(np.argmax(table["mean"])) + 1,
    )


def draw(table: Columns, finding: Found, *, of: Of = "rating", to: To = "minutes") -> charts.Figure:
    """Draw the level of each part with its interval, by the middle of the part, and the line through the parts."""
    if to == "volume":
        return busyness.draw_busyness(table, MEASURES[of])
    figure = charts.canvas(MEASURES[to].axis, MEASURES[of].axis)
    if len(table["n"]):
        mean, half, place = table["mean"], 1.96 * table["se"], np.arange(len(table["n"]))
        charts.dots(figure, place, mean, say("Level"), "centre", low=mean - half, high=mean + half)
        charts.ticks(
            figure,
            place.tolist(),
            [_range(MEASURES[to], *ends) for ends in zip(table["low"].tolist(), table["high"].tolist(), strict=True)],
        )
        if isinstance(finding, Relation):
            line = mean.mean() + finding.gap.value * (place / (len(place) - 1) - 0.5)
            charts.line(figure, place, line, say("Line"), "trend", dash="dash", hoverinfo="skip")
            yardstick(figure, MEASURES[of], finding.smallest)
        tooltips.tell(figure, MEASURES[of].digits, tooltips.behind(MEASURES[of].unit), named=False)
    return figure


def _range(measure: Measure, low: float, high: float) -> Message:
    digits = 0 if low.is_integer() and high.is_integer() else measure.digits
    ends = {"low": Number(low, digits), "high": Number(high, digits)}
    return Message("{low}", ends) if low == high else say("{low} to {high}", **ends)


RISES = {
    "up": N_("{subject} rises with {other}: {text}"),
    "down": N_("{subject} falls with {other}: {text}"),
    "negligible": N_("{subject} hardly depends on {other}: {text}, within the ±{smallest} that would not matter."),
    "undecided": N_("The data do not settle whether {subject} depends on {other}; {text}."),
}
LINE = N_("along a line through {parts} equal parts it changes by {change} {unit} (95% interval {low} to {high})")


def sentence(finding: Found, *, of: Of = "rating", to: To = "minutes") -> Message:
    """Say whether one measure goes with the other, and by how much."""
    measure = MEASURES[of]
    match finding:
        case busyness.Busyness() | busyness.TooFewMonths():
            return busyness.say_busyness(finding, measure)
        case PublishedRelation():
            return say_published(finding, measure, MEASURES[to])
        case Relation(gap=gap):
            unit = say(measure.change_unit)
            line = say(LINE, parts=finding.parts, unit=unit, **interval(gap, measure.digits))
            return say_outcome(
                RISES, finding.verdict, gap,
                subject=say(measure.subject), other=Inside(say(MEASURES[to].subject)), text=line,
                smallest=exact(finding.smallest), unit=unit,
            )  # fmt: skip
        case Alike():
            return say_alike(say(measure.subject), measure, finding)
        case TooFewParts(n=0):
            return say_nothing(measure)
        case TooFewParts():
            return say(
                "{subject}: too few values, or too much alike, to be parted by {other}; that takes {least} of them, in "
                "{parts} parts.",
                subject=say(measure.subject), other=Inside(say(MEASURES[to].subject)), least=PARTS * THIN,
                parts=FEWEST_PARTS,
            )  # fmt: skip


# Around the means, for of large values the difference of large sums would know little.
SUMS = """
    WITH held AS (
        SELECT ({x})::DOUBLE AS x, ({y})::DOUBLE AS y FROM {rows} AND ({x}) IS NOT NULL AND ({y}) IS NOT NULL
    ), middle AS (SELECT avg(x) AS mx, avg(y) AS my FROM held)
    SELECT sum((x - mx) * (x - mx)) AS xx, sum((y - my) * (y - my)) AS yy, sum((x - mx) * (y - my)) AS xy
    FROM held, middle"""


def pearson(con: Executes, of: str, to: str, rows: Rows) -> float:
    """Correlate two measures of the recipes; NaN where one of them does not vary."""
    sums = query(con, SUMS.format(x=MEASURES[to].sql, y=MEASURES[of].sql, rows=rows.sql), rows.bound)
    xx, yy, xy = (float(sums[name][0] or 0.0) for name in ("xx", "yy", "xy"))
    return round(xy / np.sqrt(xx * yy), 9) if xx * yy > 0 else float("nan")


def say_published(finding: PublishedRelation, measure: Measure, other: Measure) -> Message:
    """Say the correlation."""
    return say(
        "{subject} and {other}: the published correlation over {n} recipes is {r}.",
        subject=say(measure.subject), other=Inside(say(other.subject)), n=finding.n, r=Number(finding.pearson, 3),
    )  # fmt: skip


METHOD = N_(
    "Recipes, or the reviews of recipes, in ten parts of about equal number by one measure, and the level of the "
    "other in each. A straight line through the parts, each counting the same, is judged by what it rises from the "
    "first to the last. Cooks post many recipes, users rate many and recipes are rated by many: errors admit that "
    "(cluster-robust; Cameron, Gelbach and Miller 2011). Against the number in the month, the months of at least "
    "100 are ranked by both (Spearman); both series resemble their own past, so the interval rests on the "
    "effective number of months (Pyper and Peterman 1998). What goes together need not be cause and effect. The "
    "published method correlates the values of two measures of a recipe (Pearson)."
)
relation = Question("relation", N_("Does one measure go with another?"), METHOD, table, judge, draw, sentence)
