"""How did a measure move? Its level through the years, or the months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from mangetamain import charts, stats
from mangetamain.calendars import PERIODS, Period
from mangetamain.finding import Estimate, Finding, Record, verdict
from mangetamain.language import N_, Listing, Message, Number, Value, say
from mangetamain.measures import (
    ALL,
    MEASURES,
    PARTIAL_YEARS,
    THIN,
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
from mangetamain.questions.level_published import (
    PUBLISHED_PERIODS,
    Published,
    draw_published,
    published_level,
    say_published,
)
from mangetamain.questions.question import Question
from mangetamain.questions.shares import LONE
from mangetamain.questions.trends import DECADE, PACES, horizon, say_trend
from mangetamain.questions.values import NOTHING, counted
from mangetamain.stats.counts import Counts, Transform
from mangetamain.warehouse import Columns, Executes


@dataclass(frozen=True)
class Step(Record):
    """A lasting change of level: `at` ("2006-07") is the first of the new level; `p` admits every place searched."""

    at: Annotated[str, N_("First of the new level")]
    before: Annotated[float, N_("Level before")]
    after: Annotated[float, N_("Level after")]
    size: Annotated[Estimate, N_("Size")]
    p: Annotated[float, N_("p-value")]


@dataclass(frozen=True, kw_only=True)
class LevelFinding(Finding):
    """A trend: `change` is over `over` years; `slope` a point, and `intercept` the line's value at `first`.

    Once points differ beyond chance they count about equally; `by_size` is the change where each counts by its
    recipes or reviews. Where the two part, the points do not follow one line; nor where there are `steps`, between
    which the level goes on by `drift` a point, 0 where it stays.
    """

    first: str
    last: str
    points: Annotated[int, N_("Points")]
    left_out: Annotated[int, N_("Left out of the fit")]
    slope: Annotated[Estimate, N_("Slope")]
    intercept: Annotated[float, N_("Intercept")]
    over: Annotated[float, N_("Years of the change")]
    change: Annotated[Estimate, N_("Change")]
    by_size: Annotated[float, N_("Change where each point counts by its size")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    tau: Annotated[float, N_("Spread beyond chance (tau)")]
    rho: Annotated[float, N_("Correlation of neighbours (rho)")]
    steps: Annotated[tuple[Step, ...], N_("Step")]
    drift: Annotated[float, N_("Slope between steps")]


@dataclass(frozen=True, kw_only=True)
class TooFewPoints(Finding):
    """Nothing that a line could be drawn through."""

    points: Annotated[int, N_("Points")]


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
        standard error), low, high (the chosen band's nearest-rank quantiles; all float, in the measure's unit), partial
        (bool, a year that is not whole), thin (bool, fewer than 100 of n).
    """
    measure = MEASURES[of]
    by = PUBLISHED_PERIODS[measure.view] if method == "published" else by
    points, counts = counted(con, of, PERIODS[by].sql, years=years, source=source, among=among)
    kind = measure.centre if centre == "usual" else centre
    middle, transform = counts.centre(kind)
    low, high = (counts.nearest(int(part) / 100) for part in band.split("-"))
    numbers = {
        "mean": counts.mean, "sd": counts.sd, "median": counts.median(), "trimmed": counts.trimmed()[0],
        "centre": middle, "se": _errors(counts, kind, transform, measure.starred), "low": low, "high": high,
    }  # fmt: skip
    partial = np.isin(points, PARTIAL_YEARS) if by == "year" else np.zeros(len(points), dtype=bool)
    return {
        by: points.astype(int) if by == "year" else points.astype("datetime64[D]"), "n": counts.size,
        **{name: column.round(9) for name, column in numbers.items()},
        "partial": partial, "thin": counts.size < THIN,
    }  # fmt: skip


def _errors(counts: Counts, kind: str, transform: Transform, starred: bool) -> np.ndarray:
    """Give the error of each point's centre; where values are but a few, from the deviation that all points share."""
    if not starred:
        return counts.error(kind, counts.spread(transform))
    made = counts.made(transform)
    pooled = stats.pooled_se(counts.size, counts.sum(counts.n * made), counts.sum(counts.n * made**2))
    return counts.error(kind, pooled)


def _points(table: Columns) -> tuple[Period, np.ndarray]:
    """Tell by what a table goes through time, and its points."""
    by = "year" if "year" in table else "month"
    return PERIODS[by], table[by]


def _fitted(table: Columns, fit_all: bool) -> np.ndarray:
    """Tell which points enter a fit: whole ones of enough values, or all but those of a lone value."""
    return table["n"] >= LONE if fit_all else ~(table["partial"] | table["thin"])


def judge(table: Columns, *, of: Of = "minutes", fit_all: FitAll = False, method: Method = "robust") -> Finding:
    """Fit a trend through the points and judge its change per decade; find the months where the level steps."""
    if method == "published":
        return published_level(table, MEASURES[of])
    (period, points), kept, total = _points(table), _fitted(table, fit_all), int(table["n"].sum())
    if kept.sum() < period.fewest:
        return TooFewPoints(n=total, points=int(kept.sum()), verdict="undecided" if total else None)
    part = {name: column[kept] for name, column in table.items()}
    place, names = period.places(points[kept]).astype(float), period.names(points[kept])
    fit = stats.trend(place, part["centre"], part["se"])
    over = horizon(float(np.ptp(place)) * DECADE / period.decade)
    factor = over * period.decade / DECADE
    smallest, change = MEASURES[of].trend.size * over / DECADE, fit.slope.times(factor)
    return LevelFinding(
        n=total,
        verdict=verdict(change, smallest),
        first=str(names[0]),
        last=str(names[-1]),
        points=len(names),
        left_out=int((~kept).sum()),
        slope=fit.slope,
        intercept=fit.intercept,
        over=over,
        change=change,
        by_size=factor * stats.wls(place, part["centre"], part["n"]).slope,
        smallest=smallest,
        tau=fit.tau,
        rho=fit.rho,
        **_steps(place, names, part) if period.unit == "M" else {"steps": (), "drift": 0.0},
    )


def _steps(place: np.ndarray, names: np.ndarray, part: Columns) -> dict[str, Any]:
    found = stats.level_shifts(part["centre"], part["se"], x=place)
    steps = (Step(str(names[each.index]), each.before, each.after, each.size, each.p) for each in found.shifts)
    return {"steps": tuple(steps), "drift": found.slope.value if found.sloped else 0.0}


def draw(table: Columns, finding: Finding, *, of: Of = "minutes", fit_all: FitAll = False) -> charts.Figure:
    """Draw what lies around the centre, the centre, the points outside the fit pale, the line and its steps."""
    measure, period = MEASURES[of], _points(table)[0]
    figure = charts.canvas(say(period.axes[measure.view]), measure.axis)
    if isinstance(finding, Published):
        draw_published(figure, table, finding)
        return figure
    kept = _fitted(table, fit_all)
    _draw_middle(figure, table, measure, period, kept)
    if isinstance(finding, LevelFinding):
        ends = np.array([finding.first, finding.last], dtype=f"datetime64[{period.unit}]")
        line = finding.intercept + finding.slope.value * period.places(ends)
        charts.line(figure, _axis(period, ends), line, say("Trend"), "trend", dash="dash")
        if finding.steps:
            charts.line(figure, *_stairs(period, finding), say("Level between steps"), "other")
    return figure


def _axis(period: Period, moments: np.ndarray) -> np.ndarray:
    return moments.astype(str).astype(int) if period.unit == "Y" else period.axis(moments)


def _draw_middle(figure: charts.Figure, table: Columns, measure: Measure, period: Period, kept: np.ndarray) -> None:
    """Draw each point's centre, with the middle of its values, or its interval where the values are but a few."""
    points, centre, half = period.axis(_points(table)[1]), table["centre"], 1.96 * table["se"]
    place = period.places(_points(table)[1])
    if measure.centre == "trimmed" and period.unit == "Y":
        charts.band(figure, points, table["low"], table["high"], say("Middle of recipes"))
        charts.yearly(figure, points, centre, say("Centre"), "centre")
    elif kept.any():
        label = say("95% interval, were all independent")
        low, high = (centre - half)[kept], (centre + half)[kept]
        charts.band(figure, points[kept], low, high, label, place=place[kept])
    if kept.any():
        error = {"low": (centre - half)[kept], "high": (centre + half)[kept]} if period.unit == "Y" else {}
        charts.dots(figure, points[kept], centre[kept], say("Point of the fit"), "centre", **error)
    if not kept.all():
        charts.dots(figure, points[~kept], centre[~kept], say("Point outside the fit"), "mute")
        # A month of a handful swings from end to end and would flatten all the rest; the legend brings it back.
        figure.data[-1].visible = "legendonly" if period.unit == "M" else None


def _stairs(period: Period, finding: LevelFinding) -> tuple[np.ndarray, np.ndarray]:
    unit = f"datetime64[{period.unit}]"
    starts = np.array([finding.first, *(step.at for step in finding.steps)], dtype=unit)
    stops = np.append(starts[1:] - 1, np.array(finding.last, dtype=unit))
    lead = int(np.diff(starts[:2]).astype(int)[0])
    levels = np.array([finding.steps[0].before - finding.drift * lead, *(step.after for step in finding.steps)])
    ends = levels + finding.drift * (stops - starts).astype(int)
    return _axis(period, np.stack([starts, stops], axis=1).ravel()), np.stack([levels, ends], axis=1).ravel()


def sentence(finding: Finding, *, of: Of = "minutes") -> Message:
    """Say the change per decade and what it amounts to, and where one line is not the shape of it."""
    measure = MEASURES[of]
    match finding:
        case _ if isinstance(finding, Published):
            return say_published(finding, measure, PERIODS[PUBLISHED_PERIODS[measure.view]])
        case LevelFinding(steps=()) if finding.change.low <= finding.by_size <= finding.change.high:
            return _say_line(finding, measure)
        case LevelFinding():
            return _say_shape(finding, measure)
        case TooFewPoints(n=0):
            return say(NOTHING[measure.view])
        case TooFewPoints():
            return say(
                "{subject}: too few points with enough behind them ({points}) to speak of a trend.",
                subject=say(measure.subject), points=finding.points,
            )  # fmt: skip
    raise TypeError(finding)


def _said(name: str) -> Value:
    return PERIODS["year" if len(name) == len("2000") else "month"].said(name)


def _say_line(finding: LevelFinding, measure: Measure) -> Message:
    return say_trend(
        measure,
        finding.verdict,
        finding.change,
        finding.over,
        finding.smallest,
        _said(finding.first),
        _said(finding.last),
    )


def _say_shape(finding: LevelFinding, measure: Measure) -> Message:
    """Say a trend that is not the shape of the change."""
    if finding.steps:
        steps = tuple(
            say("{at} ({size})", at=_said(step.at), size=Number(step.size.value, measure.digits, signed=True))
            for step in finding.steps
        )
        text = N_("{trend} This straight line hides steps: the level shifts in {steps}.")
        return say(text, trend=_say_line(finding, measure), steps=Listing(steps))
    return say(
        "{trend} These years do not follow one line: where each counts by its recipes, the change is {by_size} {unit} "
        "{pace}.",
        trend=_say_line(finding, measure), by_size=Number(finding.by_size, measure.digits, signed=True),
        pace=say(PACES[finding.over == DECADE]),
        unit=say(measure.change_unit),
    )  # fmt: skip


level = Question(
    "level",
    N_("How did a measure change?"),
    N_(
        "The centre of each point, a year or a month, with its standard error; a line through the whole points of at "
        "least 100 recipes or ratings, weighted by precision, with an interval that admits differences between points "
        "beyond chance and resemblance of neighbours. Means of nutrition are fragile (a few entries of hundreds of "
        "thousands of kcal), so the usual centre of a measure of recipes is the mean of the middle 80% of them. "
        "Through months, lasting steps of the level are looked for at every month, and their p-values and intervals "
        "pay for the search. A review without a rating (stored as 0) counts as missing. The published method regresses "
        "yearly means and medians of recipes on all years, weighted by their number, and monthly means of ratings on "
        "the number of the month, weighted by the square root of the number of ratings."
    ),
    table,
    judge,
    draw,
    sentence,
)
