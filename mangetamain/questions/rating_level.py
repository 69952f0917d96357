"""Are recipes better or worse liked than before? The level of ratings, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import numpy as np

from mangetamain import charts, stats
from mangetamain.finding import Estimate, Finding, Record, outcome, verdict
from mangetamain.language import N_, Day, Listing, Message, Number, exact, say
from mangetamain.measures import ALL, RATING_MEASURES, THIN, Method, RatingOf, RatingSource, Years
from mangetamain.questions.level import TRENDS
from mangetamain.questions.question import Question
from mangetamain.questions.rating_published import PublishedRatingLevel, published_level
from mangetamain.warehouse import Columns, Executes, query

# Fewer than two years of months, and a season could pass for a trend.
FEWEST_MONTHS = 24
DECADE = 120


@dataclass(frozen=True)
class RatingShift(Record):
    """A lasting change of level: `month` ("2006-07") is the first of the new level; `p` admits every place searched."""

    month: str
    before: Annotated[float, N_("Level before")]
    after: Annotated[float, N_("Level after")]
    size: Annotated[Estimate, N_("Size")]
    p: Annotated[float, N_("p-value")]


@dataclass(frozen=True, kw_only=True)
class RatingLevelFinding(Finding):
    """A trend and its shifts: `change` is per decade, `slope` a month, `intercept` the line's value at `first`.

    `drift` is the slope a month between shifts, beside them; 0 where the level stays between them.
    """

    of: str
    months: Annotated[int, N_("Months")]
    left_out: Annotated[int, N_("Left out of the fit")]
    first: str
    last: str
    slope: Annotated[Estimate, N_("Slope")]
    intercept: Annotated[float, N_("Intercept")]
    change: Annotated[Estimate, N_("Change")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    tau: Annotated[float, N_("Spread beyond chance (tau)")]
    rho: Annotated[float, N_("Correlation of neighbours (rho)")]
    shifts: Annotated[tuple[RatingShift, ...], N_("Shift")]
    drift: Annotated[float, N_("Slope between shifts")]


@dataclass(frozen=True, kw_only=True)
class TooFewMonths(Finding):
    """Nothing that a line could be drawn through."""

    of: str
    months: Annotated[int, N_("Months")]


def table(con: Executes, *, years: Years = ALL, of: RatingOf = "mean", source: RatingSource = "full") -> Columns:
    """Describe the ratings of each month.

    Reads the view `cube_ratings`; reviews without a rating are left out.

    Returns
    -------
    Columns
        One row a month that has ratings, in order: month (date, its first day), n (int, ratings), mean, sd (sample),
        se (sd / sqrt(n): it takes ratings as independent; what users who repeat add is left to the deviation between
        months; all float, in the measure's unit), thin (bool, under 100 ratings).
    """
    score = RATING_MEASURES[of].sql
    rows = query(
        con,
        f"""
        SELECT make_date(year, month, 1) AS month, sum(n)::BIGINT AS n,
            sum(n * ({score}))::DOUBLE AS total, sum(n * ({score}) ** 2)::DOUBLE AS squares
        FROM cube_ratings
        WHERE source = $source AND rating IS NOT NULL AND year BETWEEN $first AND $last
        GROUP BY year, month ORDER BY year, month
        """,
        {"source": source, "first": years[0], "last": years[1]},
    )
    n = rows["n"].astype(int)
    mean, sd, se = stats.mean_se(n, rows["total"], rows["squares"])
    return {"month": rows["month"].astype("datetime64[D]"), "n": n, "mean": mean, "sd": sd, "se": se, "thin": n < THIN}


def judge(table: Columns, *, of: RatingOf = "mean", method: Method = "robust") -> Finding:
    """Fit a trend through the months and judge its change per decade; find the months where the level shifts."""
    kept = ~table["thin"]
    total, months = int(table["n"].sum()), int(kept.sum())
    if not total:
        return Finding(n=0)
    if method == "published":
        varied = months > 2 and np.ptp(table["n"][kept]) and np.ptp(table["mean"][kept])
        return published_level(table, _span(table, of)) if varied else TooFewMonths(n=total, of=of, months=months)
    if months < FEWEST_MONTHS:
        return TooFewMonths(n=total, of=of, months=months, verdict="undecided")
    place = places(table["month"][kept])
    fit = stats.trend(place.astype(float), table["mean"][kept], table["se"][kept])
    smallest, change = RATING_MEASURES[of].smallest, fit.slope.times(DECADE)
    shifts, drift = _shifts(table["month"][kept], table["mean"][kept], table["se"][kept])
    return RatingLevelFinding(
        n=total,
        verdict=verdict(change, smallest),
        **_span(table, of),
        slope=fit.slope,
        intercept=fit.intercept,
        change=change,
        smallest=smallest,
        tau=fit.tau,
        rho=fit.rho,
        shifts=shifts,
        drift=drift,
    )


def places(months: np.ndarray) -> np.ndarray:
    """Count months from the first one, gaps included."""
    number = months.astype("datetime64[M]").astype(int)
    return np.asarray(number - number[0])


def _span(table: Columns, of: str) -> dict[str, Any]:
    thin = table["thin"]
    names = table["month"][~thin].astype("datetime64[M]").astype(str)
    return {
        "of": of,
        "months": len(names),
        "left_out": int(thin.sum()),
        "first": str(names[0]),
        "last": str(names[-1]),
    }


def _shifts(months: np.ndarray, mean: np.ndarray, se: np.ndarray) -> tuple[tuple[RatingShift, ...], float]:
    found = stats.level_shifts(mean, se, x=places(months))
    names = months.astype("datetime64[M]").astype(str)
    shifts = (RatingShift(str(names[s.index]), s.before, s.after, s.size, s.p) for s in found.shifts)
    return tuple(shifts), found.slope.value if found.sloped else 0.0


def draw(table: Columns, finding: Finding) -> charts.Figure:
    """Draw the months with their intervals, the trend, and the levels between shifts as steps."""
    figure = charts.canvas(say("Month of the rating"), RATING_MEASURES[getattr(finding, "of", "mean")].axis)
    month, mean, thin = table["month"].astype(str), table["mean"], table["thin"]
    if (~thin).any():
        half = 1.96 * table["se"][~thin]
        place = places(table["month"][~thin])
        label = say("95% interval, were ratings independent")
        charts.band(figure, month[~thin], mean[~thin] - half, mean[~thin] + half, label, place=place)
        charts.dots(figure, month[~thin], mean[~thin], say("Month"), "centre")
    if thin.any():
        charts.dots(figure, month[thin], mean[thin], say("Month of fewer than 100 ratings"), "mute")
        # A handful of ratings swings from 1 to 5 and would flatten all the rest; the legend brings them back.
        figure.data[-1].visible = "legendonly"
    match finding:
        case RatingLevelFinding():
            _draw_line(figure, finding, finding.intercept, finding.slope.value)
            if finding.shifts:
                charts.line(figure, *_steps(finding), say("Level between shifts"), "other")
        case PublishedRatingLevel():
            _draw_line(figure, finding, finding.wls.intercept, finding.wls.slope)
    return figure


def _draw_line(
    figure: charts.Figure, finding: RatingLevelFinding | PublishedRatingLevel, intercept: float, slope: float
) -> None:
    ends = np.array([finding.first, finding.last], dtype="datetime64[M]")
    charts.line(figure, _days(ends), intercept + slope * places(ends), say("Trend"), "trend", dash="dash")


def _steps(finding: RatingLevelFinding) -> tuple[np.ndarray, np.ndarray]:
    starts = np.array([finding.first, *(shift.month for shift in finding.shifts)], dtype="datetime64[M]")
    stops = np.append(starts[1:] - 1, np.datetime64(finding.last, "M"))
    first = finding.shifts[0]
    lead = int(np.diff(starts[:2]).astype(int)[0])
    levels = np.array([first.before - finding.drift * lead, *(shift.after for shift in finding.shifts)])
    ends = levels + finding.drift * (stops - starts).astype(int)
    return _days(np.stack([starts, stops], axis=1).ravel()), np.stack([levels, ends], axis=1).ravel()


def _days(months: np.ndarray) -> np.ndarray:
    return months.astype("datetime64[D]").astype(str)


def sentence(finding: Finding) -> Message:
    """Say the change per decade, and the months in which the level shifts."""
    match finding:
        case PublishedRatingLevel():
            return say(
                "{subject}, {first} to {last}: the published regression gives {slope} {unit} a year "
                "(R² {r2}, p {p}) over {months} months.",
                subject=say(RATING_MEASURES[finding.of].subject), unit=say(RATING_MEASURES[finding.of].change_unit),
                first=_month(finding.first), last=_month(finding.last), months=finding.months,
                slope=Number(12 * finding.wls.slope, 4, signed=True),
                r2=Number(finding.wls.r2, 4), p=Number(finding.wls.p, 4),
            )  # fmt: skip
        case RatingLevelFinding(shifts=()):
            return _say_trend(finding)
        case RatingLevelFinding():
            return say("{trend} {shifts}", trend=_say_trend(finding), shifts=_say_shifts(finding))
        case TooFewMonths():
            return say(
                "{subject}: {months} months with enough ratings are too few to speak of a trend.",
                subject=say(RATING_MEASURES[finding.of].subject), months=finding.months,
            )  # fmt: skip
    return say("There is no rating in this selection.")


def _say_trend(finding: RatingLevelFinding) -> Message:
    measure, change = RATING_MEASURES[finding.of], finding.change
    return say(
        TRENDS[outcome(finding.verdict, change)],
        subject=say(measure.subject), unit=say(measure.change_unit),
        first=_month(finding.first), last=_month(finding.last),
        size=Number(abs(change.value), measure.digits), change=Number(change.value, measure.digits, signed=True),
        smallest=exact(finding.smallest), **change.limits(measure.digits),
    )  # fmt: skip


def _say_shifts(finding: RatingLevelFinding) -> Message:
    digits = RATING_MEASURES[finding.of].digits
    shifts = (
        say("{month} ({size})", month=_month(shift.month), size=Number(shift.size.value, digits, signed=True))
        for shift in finding.shifts
    )
    return say("This straight line hides steps: the level shifts in {shifts}.", shifts=Listing(tuple(shifts)))


def _month(name: str) -> Day:
    return Day(date.fromisoformat(f"{name}-01"), "MMMM y")


rating_level = Question(
    "rating_level",
    N_("Are recipes better or worse liked than before?"),
    N_(
        "The level of each calendar month of at least 100 ratings, with its standard error; a line weighted by "
        "precision, with an interval that admits differences between months beyond chance (users rate many recipes, "
        "seasons differ) and resemblance of neighbouring months. Lasting shifts of the level are looked for at every "
        "month, and their p-values and intervals pay for the search: where there are any, the line is a summary and "
        "not the shape of the change. A review without a rating (stored as 0) counts as missing. The published method "
        "regresses the monthly means on the number of the month, weighted by the square root of the number of ratings."
    ),
    table,
    judge,
    draw,
    sentence,
)
