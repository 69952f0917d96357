"""How is a measure spread? How many recipes, or reviews, have each value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.conditions import Conditions
from mangetamain.finding import Alike, Estimate, Finding, Nothing
from mangetamain.language import N_, Inside, Message, Number, Value, amount, plural, say
from mangetamain.measures import ALL, DAILY_VALUE, MEASURES, THIN, Against, Among, Measure, Of, Source, Years
from mangetamain.questions.aggregates.centres import described, held
from mangetamain.questions.aggregates.covariances import difference_error
from mangetamain.questions.aggregates.stars import STARS, VALUES, counted_among, scores, whole_errors
from mangetamain.questions.aggregates.values import rows_of, say_alike, say_nothing
from mangetamain.questions.comparison import WHOLE, Comparison, Pair
from mangetamain.questions.distribution import bars
from mangetamain.questions.question import Question
from mangetamain.warehouse import Columns, Executes, query

SHARES = {"recipes": N_("Share of recipes"), "reviews": N_("Share of reviews")}
NAMES: tuple[charts.Text, ...] = (*map(str, STARS), say("none given"))


@dataclass(frozen=True, kw_only=True)
class Stars(Finding):
    """Ratings of 1 to 5 in `counts`, reviews without one in `unrated`; `five` and `low` (2 or less) are percentages."""

    counts: Annotated[tuple[int, ...], N_("Counts")]
    unrated: Annotated[int, N_("Without a rating")]
    mean: Estimate
    five: Estimate
    low: Estimate


@dataclass(frozen=True, kw_only=True)
class Unrated(Finding):
    """Reviews, and how many of them give no rating."""

    unrated: Annotated[int, N_("Without a rating")]


@dataclass(frozen=True, kw_only=True)
class Spread(Finding):
    """The middle of a measure's values, the quarters around it and the tenths at the ends."""

    mean: float
    median: float
    lower_quartile: Annotated[float, N_("Lower quartile")]
    upper_quartile: Annotated[float, N_("Upper quartile")]
    tenth: Annotated[float, N_("Lowest tenth ends at")]
    ninetieth: Annotated[float, N_("Highest tenth begins at")]
    minimum: Annotated[float, N_("Least value")]
    maximum: Annotated[float, N_("Largest value")]


Side = Stars | Unrated | Spread | Alike | Nothing
Found = Side | Comparison[Side, bars.Apart | bars.TooFewToCompare]


def table(
    con: Executes,
    *,
    of: Of = "rating",
    years: Years = ALL,
    source: Source = "full",
    among: Among = (),
    against: Against = None,
) -> Columns:
    """Count the values of a measure: each rating, or bars of equal width.

    Reads the view `recipes`, or `cube_ratings` and `cube_clusters` for a measure of reviews; of a selection,
    `cube_recipe_ratings`, `reviews` and `repeated_reviews`.

    Returns
    -------
    Columns
        Of a measure of recipes, one row a bar, in order: value (float, where it begins), upto (float, where it ends,
        not included; the last one holds all the rest), n (int, recipes), share (float, of them), and the same on each
        row: mean, median, lower_quartile, upper_quartile, tenth, ninetieth, minimum, maximum (float, in the measure's
        unit).
        Of a measure of reviews, six rows, ratings 1 to 5 and then 0, which stands for "none given": rating (int), n
        (int, reviews), share (float, of all ratings in [0, 1], unknown for 0), and the same on each row: rating_se,
        five_se, low_se (float, standard errors of the mean in stars, of the share of 5 and of that of 2 or less in %,
        clustered by users and by recipes; unknown with fewer than two of either).
        Against a second selection, its rows follow those of the first, `selection` (str) comes first, and last, the
        same on each row, centre (float, the measure's usual centre in the row's selection) and gap_se (float, the
        standard error of the difference of the two, clustered by cooks, or by users and by recipes; unknown with
        fewer than 100 values in either, or values all alike).
    """
    measure = MEASURES[of]
    stars = partial(_stars, con, years, source)
    if measure.starred and against is None:
        return stars(among)
    pair = Pair(among, against)
    values, other = pair.read(con, partial(held, con, of, "0", years=years, source=source))
    if other is None:
        return bars.counted(con, values)
    both = values, other
    found = [described(con, each, centre=measure.centre) for each in both]
    # A few values, or values all alike, would seem to be known exactly.
    enough = all((side["n"] >= THIN).any() and (side["sd"] > 0).any() for side in found)
    gap_se = difference_error(con, *both, measure.centre) if enough else np.nan
    sides: list[Columns] = []
    for each, rest, whole, selection in zip(both, both[::-1], found, pair.both, strict=True):
        columns = stars(selection) if measure.starred else bars.counted(con, each, rest)
        same = {"centre": whole["centre"][0] if len(whole["centre"]) else np.nan, "gap_se": gap_se}
        sides.append(columns | {name: np.full(len(columns["n"]), number).round(9) for name, number in same.items()})
    first, second = sides
    return pair.stacked(first, second)


def _stars(con: Executes, years: tuple[int, int], source: str, among: Conditions) -> Columns:
    rows = rows_of(con, "reviews", years=years, source=source, among=among)
    if among:
        n, errors = counted_among(con, rows)
    else:
        sql = (
            f"SELECT coalesce(rating, 0)::TINYINT AS rating, ({rows.number})::BIGINT AS n FROM {rows.sql} GROUP BY ALL"
        )
        found = query(con, sql, rows.bound)
        n = np.roll(np.bincount(found["rating"].astype(int), weights=found["n"], minlength=6).astype(int), -1)
        errors = whole_errors(con, rows, n[:5])
    share = np.append(n[:5] / max(int(n[:5].sum()), 1), np.nan)
    repeated = {f"{of}_se": np.full(6, error) for of, error in errors.items()}
    return {"rating": np.array([*STARS, 0]), "n": n, "share": share, **repeated}


def judge(table: Columns, *, of: Of = "rating", pair: Pair = WHOLE) -> Found:
    """Sum up the middle and the ends, or for stars the mean and the shares of best and worst.

    Against a second selection, judge the difference of the centres.
    """
    alone, difference = partial(_judge, of=of), partial(bars.apart, measure=MEASURES[of])
    return pair.judged(table, alone, difference)


def _judge(table: Columns, *, of: str) -> Side:
    starred = MEASURES[of].starred
    total = int((table["n"][:5] if starred and of != "unrated" else table["n"]).sum())
    if not total:
        return Nothing()
    if not starred:
        middle: dict[str, Any] = {name: float(table[name][0]) for name in bars.MIDDLE}
        least = middle["minimum"]
        alike = total > 1 and least == middle["maximum"]
        return Alike(n=total, value=least) if alike else Spread(n=total, **middle)
    *counts, unrated = table["n"].tolist()
    if of == "unrated":
        return Unrated(n=total, unrated=unrated)
    mean, five, low = (_estimate(table, each) for each in VALUES)
    return Stars(n=total, counts=tuple(counts), unrated=unrated, mean=mean, five=five, low=low)


def _estimate(table: Columns, of: str) -> Estimate:
    """Put an interval around a mean; where its error is unknown, all that the scale allows."""
    score, error = scores(of), float(table[f"{of}_se"][0])
    value, half = float(table["share"][:5] @ score), np.inf if np.isnan(error) else 1.96 * error
    return Estimate(value, max(value - half, float(score.min())), min(value + half, float(score.max())))


def draw(table: Columns, finding: Found, *, of: Of = "rating", pair: Pair = WHOLE) -> charts.Figure:
    """Draw a bar a value; reviews without a rating stand apart. Of two selections, draw the shares."""
    measure = MEASURES[of]
    axes = (say("Rating (stars)"), say("Reviews")) if measure.starred else (measure.axis, say(SHARES[measure.view]))
    if pair.against is not None:
        figure = charts.canvas(axes[0], say("Share of ratings") if measure.starred else axes[1])
        sides = [side for side in pair.drawn(table, axes[1]) if side[0]["n"].any()]
        bars.draw_stars(figure, sides) if measure.starred else bars.draw_sides(figure, sides, measure)
        charts.percentages(figure, "yaxis")
        return figure
    figure = charts.canvas(*axes)
    if not table["n"].any():
        return figure
    if not measure.starred:
        _draw_bars(figure, table, finding, measure)
        return figure
    charts.bars(figure, np.array(STARS), table["n"][:5], say("Rating"), "count")
    figure.update_traces(text=charts.percents(table["share"][:5], 1), textposition="outside")
    charts.bars(figure, np.array([6]), table["n"][5:], say("No rating given"), "mute")
    charts.ticks(figure, range(1, 7), NAMES)
    tooltips.tell(figure, 0, Inside(say("Reviews")), named=False)
    return figure


def _draw_bars(figure: charts.Figure, table: Columns, finding: Finding, measure: Measure) -> None:
    """Draw the bars, the median as a line through them; the last bar holds all that comes after."""
    bars.draw_sides(figure, [(table, say(SHARES[measure.view]), "count")], measure, named=False)
    charts.percentages(figure, "yaxis")
    if isinstance(finding, Spread):
        top = float(100 * table["share"].max())
        bare: charts.Spec = {"named": False, "hoverinfo": "skip"}
        charts.line(figure, [finding.median] * 2, [0, top], say("Median"), "trend", dash="dash", **bare)
        median = say("Median: {value}", value=amount(measure.quantile(finding.median), tooltips.behind(measure.unit)))
        charts.write(figure, [finding.median], [top], [median], "top right")


RATED = plural(
    "Of {n} rating, {five} have five stars and {low} two or less; the mean is {mean} stars (95% interval {least} to "
    "{most}). {unrated}",
    "Of {n} ratings, {five} have five stars and {low} two or less; the mean is {mean} stars (95% interval {least} to "
    "{most}). {unrated}",
)
NO_STARS = plural(
    "Of {n} review, {share} give no rating ({unrated}).", "Of {n} reviews, {share} give no rating ({unrated})."
)
UNRATED = plural("{n} more review gives no rating.", "{n} more reviews give no rating.")
EVERY_RATED = N_("Every review gives a rating.")
SPREAD = N_(
    "{subject}: the middle half of the {n} values runs from about {lower_quartile} to about {upper_quartile}, "
    "around a median of about {median}; the middle four fifths from about {tenth} to about {ninetieth}."
)
# With fewer values, a quarter of them is next to none, and no part of them is a share.
FEWEST_FOR_SHARES = 10
FEW = N_("{subject}: only {n} values, from {minimum} to {maximum}, around a median of about {median}.")
SINGLE = N_("{subject}: a single value, {value}.")


def sentence(finding: Found, *, of: Of = "rating", pair: Pair = WHOLE) -> Message:
    """Say the middle and how wide it is; of stars the mean, the share of five and of two or less."""
    measure = MEASURES[of]
    return pair.said(finding, partial(_say, measure), partial(bars.say_apart, measure=measure, pair=pair))


def _say(measure: Measure, finding: Side) -> Message:
    match finding:
        case Stars(mean=mean, five=five, low=low):
            return say(
                RATED, n=finding.n,
                unrated=say(UNRATED, n=finding.unrated) if finding.unrated else say(EVERY_RATED),
                five=Number(five.value / 100, 1, percent=True), low=Number(low.value / 100, 1, percent=True),
                mean=Number(mean.value, 3), least=Number(mean.low, 3), most=Number(mean.high, 3),
            )  # fmt: skip
        case Unrated(n=n, unrated=unrated):
            return say(NO_STARS, n=n, unrated=unrated, share=Number(unrated / n, 1, percent=True))
        case Alike():
            return say_alike(say(measure.subject), measure, finding)
        case Spread(n=n):
            text = SPREAD if n >= FEWEST_FOR_SHARES else FEW if n > 1 else SINGLE
            words: dict[str, Value] = {name: measure.quantile(getattr(finding, name)) for name in bars.MIDDLE}
            # The unit is said once, behind the first span.
            ends = ("upper_quartile", "maximum")
            words |= {name: with_unit(measure, measure.quantile(getattr(finding, name))) for name in ends}
            value = measure.amount(finding.median)
            return say(text, subject=say(measure.subject), n=n, value=value, **words)
        case Nothing():
            return say_nothing(measure)


def with_unit(measure: Measure, number: Number) -> Message:
    """Write a number with the unit of its axis behind it, a percentage as one: 40% of daily value."""
    if measure.unit == DAILY_VALUE:
        return say("{share} of daily value", share=replace(number, value=number.value / 100, percent=True))
    return amount(number, say(measure.unit))


METHOD = N_(
    "How many recipes have each value, in bars of equal width; quantiles are those of the mid-distribution, which "
    "moves smoothly where values heap on round numbers (Ma, Genton and Parzen 2011), said with the decimals that a "
    "single value has. Of stars, every rating of 1 "
    "to 5, as given. A review stored with rating 0 gives none: it is kept as a review and missing as a rating. The "
    "same users rate many recipes and the same recipes are rated by many, so the intervals admit both (two-way "
    "cluster-robust; Cameron, Gelbach and Miller 2011). Against a second selection, the difference of the two "
    "centres is judged: the mean, or of most measures of recipes the mean of the middle 80%. Its error is "
    "clustered by cook, or by user and by recipe; what belongs to both selections enters it as it is shared."
)
distribution = Question("distribution", N_("How is a measure spread?"), METHOD, table, judge, draw, sentence)
