"""How did a measure move? Its level through the years, or the months."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, assert_never

import numpy as np

from mangetamain import charts
from mangetamain.calendars import PERIODS, Period
from mangetamain.finding import Finding
from mangetamain.language import N_, Message, plural, say
from mangetamain.measures import (
    ALL,
    MEASURES,
    PARTIAL_YEARS,
    THIN,
    Against,
    Among,
    Band,
    Centre,
    FitAll,
    Measure,
    Method,
    Of,
    Source,
    Through,
    Years,
)
from mangetamain.questions import comparison, published_cut
from mangetamain.questions.aggregates.centres import Held, described, held
from mangetamain.questions.aggregates.covariances import correlations
from mangetamain.questions.aggregates.values import say_nothing
from mangetamain.questions.comparison import Comparison
from mangetamain.questions.level.pair import differences, draw_both
from mangetamain.questions.level.published import (
    PUBLISHED_PERIODS,
    Published,
    PublishedLevel,
    PublishedMonths,
    TooFewPublished,
    draw_published,
    published_level,
    say_published,
)
from mangetamain.questions.level.shape import LevelFinding, draw_shape, judged, say_shape, say_stretches
from mangetamain.questions.question import Question
from mangetamain.questions.shares import LONE
from mangetamain.warehouse import Columns, Executes


@dataclass(frozen=True, kw_only=True)
class TooFewPoints(Finding):
    """Too few years, or months, of `least` values to draw a line through; `least` is 100 where they must be whole."""

    by: str
    points: Annotated[int, N_("Points")]
    least: Annotated[int, N_("Least number")]


Side = LevelFinding | TooFewPoints
Found = Side | Published | Comparison[Side, Side]


def table(
    con: Executes,
    *,
    of: Of = "minutes",
    by: Through = "year",
    years: Years = ALL,
    centre: Centre = "usual",
    band: Band = "25-75",
    source: Source = "full",
    among: Among = (),
    against: Against = None,
    method: Method = "robust",
) -> Columns:
    """Describe a measure's distribution in each year, or month.

    Reads the view `recipes`, or `cube_ratings` for a measure of reviews. The published method has points of its own:
    years of recipes, months of reviews.

    Returns
    -------
    Columns
        One row a point that has values, in order: year (int) or month (date, its first day), n (int, recipes or
        reviews), mean, sd (sample), median, trimmed (mean of the middle 80 %), centre (the one chosen), se (its
        standard error, of recipes clustered by cook; unknown where no point has two cooks), low, high (the chosen
        band's nearest-rank quantiles; all float, in the measure's unit), partial (bool, a year that is not whole), thin
        (bool, fewer than 100 of n). Against a second selection, its rows follow those of the first; then `selection`
        (str) comes first and `shared` (float, the correlation of the point's two centres from what belongs to both, and
        to cooks of both) last.
    """
    measure = MEASURES[of]
    if method == "published":
        published_cut.only(PUBLISHED_PERIODS[measure.view], by)
    kind = measure.middle(centre)
    read = functools.partial(held, con, of, PERIODS[by].sql, years=years, source=source)
    describe = functools.partial(_described, con, by=by, kind=kind, band=band)
    if against is None:
        return describe(read(among=among))
    comparison.check_apart(con, among, against)
    one, other = read(among=among), read(among=against, name="against")
    rows = describe(one), describe(other)
    points, shared = correlations(con, one, other, kind, pooled=measure.starred)
    for side in rows:
        side["shared"] = np.zeros(len(side["n"]))
        side["shared"][np.isin(side[by], points.astype(side[by].dtype))] = shared.round(9)
    return comparison.stacked(rows[0], rows[1], among, against)


def _described(con: Executes, values: Held, *, by: str, kind: str, band: str) -> Columns:
    """Describe the values of each point."""
    low, high = (int(part) / 100 for part in band.split("-"))
    numbers = described(con, values, centre=kind, band=(low, high))
    points, n = numbers.pop("cut"), numbers.pop("n")
    partial = np.isin(points, PARTIAL_YEARS) if by == "year" else np.zeros(len(points), dtype=bool)
    return {
        by: points.astype(int) if by == "year" else points.astype("datetime64[D]"), "n": n,
        **{name: column.round(9) for name, column in numbers.items()},
        "partial": partial, "thin": n < THIN,
    }  # fmt: skip


def _points(table: Columns) -> tuple[Period, np.ndarray]:
    """Tell by what a table goes through time, and its points."""
    by = "year" if "year" in table else "month"
    return PERIODS[by], table[by]


def _fitted(table: Columns, fit_all: bool) -> np.ndarray:
    """Tell which points enter a fit: whole ones of enough values, or all but those of a lone value."""
    known = np.isfinite(table["se"])  # not where one cook posted everything
    return known & (table["n"] >= LONE if fit_all else ~(table["partial"] | table["thin"]))


def judge(
    table: Columns,
    *,
    of: Of = "minutes",
    among: Among = (),
    against: Against = None,
    fit_all: FitAll = False,
    method: Method = "robust",
) -> Found:
    """Fit a trend through the points and judge its change per decade; find the months where the level steps.

    Against a second selection the same is done to what the first is above it, point by point.
    """
    if method == "published":
        return published_level(table, MEASURES[of])
    alone = functools.partial(_judge, of=of, fit_all=fit_all)
    if against is None:
        return alone(table)
    one, other = comparison.sides(table, among, against)
    return comparison.compared(alone, one, other, alone(differences(one, other)))


def _judge(table: Columns, *, of: str, fit_all: bool) -> Side:
    (period, points), kept, total = _points(table), _fitted(table, fit_all), int(table["n"].sum())
    if kept.sum() < period.fewest:
        return TooFewPoints(
            n=total,
            by="year" if "year" in table else "month",
            points=int(kept.sum()),
            least=LONE if fit_all else THIN,
            verdict="undecided" if total else None,
        )
    part = {name: column[kept] for name, column in table.items()}
    return judged(period, points[kept], part, MEASURES[of], int((~kept).sum()), total)


def draw(
    table: Columns,
    finding: Found,
    *,
    of: Of = "minutes",
    among: Among = (),
    against: Against = None,
    fit_all: FitAll = False,
) -> charts.Figure:
    """Draw what lies around the centre, the centre, the points outside the fit pale, the line and its steps.

    Of two selections, draw the points of either and its line.
    """
    measure, period = MEASURES[of], _points(table)[0]
    figure = charts.canvas(say(period.axes[measure.view]), measure.axis)
    if isinstance(finding, Published):
        draw_published(figure, table, finding)
        return figure
    if isinstance(finding, Comparison) and against is not None:
        sides = comparison.sides(table, among, against)
        fitted = [_fitted(side, fit_all) for side in sides]
        draw_both(figure, period, sides, fitted, finding, (comparison.label(among), comparison.label(against)))
        return figure
    kept = _fitted(table, fit_all)
    _draw_middle(figure, table, measure, period, kept)
    if isinstance(finding, LevelFinding):
        draw_shape(figure, finding, period)
    return figure


INTERVALS = {
    "recipes": N_("95% interval, clustered by cook"),
    "reviews": N_("95% interval, were all independent"),
}


def _draw_middle(figure: charts.Figure, table: Columns, measure: Measure, period: Period, kept: np.ndarray) -> None:
    """Draw each point's centre, with the middle of its values, or its interval where the values are but a few."""
    points, centre, half = period.axis(_points(table)[1]), table["centre"], 1.96 * table["se"]
    place = period.places(_points(table)[1])
    if measure.centre == "trimmed" and period.unit == "Y":
        charts.band(figure, points, table["low"], table["high"], say("Middle of recipes"))
        charts.yearly(figure, points, centre, say("Centre"), "centre")
    elif kept.any():
        label = say(INTERVALS[measure.view])
        low, high = (centre - half)[kept], (centre + half)[kept]
        charts.band(figure, points[kept], low, high, label, place=place[kept])
    if kept.any():
        error = {"low": (centre - half)[kept], "high": (centre + half)[kept]} if period.unit == "Y" else {}
        charts.dots(figure, points[kept], centre[kept], say("Point of the fit"), "centre", **error)
    if not kept.all():
        charts.dots(figure, points[~kept], centre[~kept], say("Point outside the fit"), "mute")
        # A month of a handful swings from end to end and would flatten all the rest; the legend brings it back.
        figure.data[-1].visible = "legendonly" if period.unit == "M" else None


def sentence(finding: Found, *, of: Of = "minutes", among: Among = (), against: Against = None) -> Message:
    """Say the change per decade and what it amounts to, and where one line is not the shape of it."""
    measure = MEASURES[of]
    subject = say(measure.subject)
    match finding:
        case PublishedLevel() | PublishedMonths() | TooFewPublished():
            return say_published(finding, measure, PERIODS[PUBLISHED_PERIODS[measure.view]])
        case Comparison():
            against = against or ()
            difference = _say(finding.difference, measure, comparison.relative(measure.subject, among, against))
            one, other = (_say(side, measure, subject, brief=True) for side in (finding.one, finding.other))
            return comparison.say_comparison(finding, among, against, difference, one, other)
        case TooFewPoints(n=0):
            return say_nothing(measure)
        case LevelFinding() | TooFewPoints():
            return _say(finding, measure, subject)
        case _:
            assert_never(finding)


TOO_FEW = plural(
    "{subject}: a trend needs at least {fewest} {points} of {least} values or more; here there is {n}.",
    "{subject}: a trend needs at least {fewest} {points} of {least} values or more; here there are {n}.",
)
# By period, and whether they must be whole and of enough values.
POINTS = {
    # Translators: what a trend needs so many of
    ("year", True): N_("whole years"), ("year", False): N_("years"),
    ("month", True): N_("months"), ("month", False): N_("months"),
}  # fmt: skip


def _say(finding: Side, measure: Measure, subject: Message, *, brief: bool = False) -> Message:
    match finding:
        case LevelFinding():
            return (say_stretches if brief else say_shape)(finding, measure, subject)
        case TooFewPoints():
            return say(
                TOO_FEW, subject=subject, fewest=PERIODS[finding.by].fewest, least=finding.least, n=finding.points,
                points=say(POINTS[finding.by, finding.least == THIN]),
            )  # fmt: skip
        case _:
            assert_never(finding)


level = Question(
    "level",
    N_("How did a measure change?"),
    N_(
        "The centre of each point, a year or a month, with its standard error, which takes cooks for the sample where "
        "recipes are measured, since one cook's recipes are alike; a line through the whole points of at least 100 "
        "recipes or ratings, weighted by precision, with an interval that admits differences between "
        "points beyond chance and resemblance of neighbours. Means of nutrition are fragile (a few entries of "
        "hundreds of thousands of kcal), so the usual centre of a measure of recipes is the mean of the middle 80% "
        "of them. A bend, and through months lasting steps, are looked for at every point and told where they pass "
        "a test that pays for the search; the changes before and after a bend are averaged over where it may lie "
        "(Muggeo 2003). A review without a rating (stored as 0) counts as missing. The published method regresses "
        "yearly means and medians of recipes on all years, weighted by their number, and monthly means of ratings "
        "on the number of the month, weighted by the square root of the number of ratings. Against a second selection, "
        "the difference of the two centres at each point is judged like a level: what a point shares cancels. Its "
        "error takes off what the two centres have in common through recipes that belong to both, or cooks of both; "
        "what they share through users is not taken off, so that intervals are wider than they need be, if anything."
    ),
    table,
    judge,
    draw,
    sentence,
)
