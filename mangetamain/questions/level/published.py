"""The level as the predecessor published it: years of recipes, months of ratings, and their regressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.calendars import PERIODS
from mangetamain.finding import AsPublished, TooFew
from mangetamain.language import N_, Message, Number, probability, say
from mangetamain.measures import Measure
from mangetamain.questions.aggregates.values import say_nothing
from mangetamain.questions.effects import HERE
from mangetamain.warehouse import Columns

# The points that each kind of measure was published by.
PUBLISHED_PERIODS = {"recipes": "year", "reviews": "month"}
FEWEST_PUBLISHED = 3


@dataclass(frozen=True, kw_only=True)
class PublishedLevel(AsPublished):
    """Two regressions on all years, weighted by the number of recipes."""

    first: str
    last: str
    weighted_mean: Annotated[float, N_("Weighted mean")]
    mean: stats.Regression
    median: stats.Regression
    spearman: Annotated[float, N_("Spearman’s correlation")]


@dataclass(frozen=True, kw_only=True)
class PublishedMonths(AsPublished):
    """Numbers of the months of at least 100 ratings, which weigh their square root; deviations divide by n.

    `bias` is the change of slope by weighting, as a share; `margin` is the published half width of the mean's
    interval, whose formula has no meaning as one.
    """

    first: str
    last: str
    points: Annotated[int, N_("Points")]
    left_out: Annotated[int, N_("Left out of the fit")]
    mean_volume: Annotated[float, N_("Mean count")]
    variation: Annotated[float, N_("Coefficient of variation")]
    max_min: Annotated[float, N_("Largest over smallest")]
    ols: Annotated[stats.Regression, N_("Unweighted line")]
    wls: Annotated[stats.Regression, N_("Weighted line")]
    bias: Annotated[float, N_("Change of slope by weighting")]
    kendall: Annotated[float, N_("Kendall’s tau")]
    kendall_p: Annotated[float, N_("p-value of Kendall’s tau")]
    spearman_time: Annotated[float, N_("Spearman’s correlation with time")]
    mean: float
    weighted_mean: Annotated[float, N_("Weighted mean")]
    sd: float
    weighted_sd: Annotated[float, N_("Weighted standard deviation")]
    margin: Annotated[float, N_("Margin of the mean")]
    volume_spearman: Annotated[float, N_("Spearman’s correlation with the count")]
    volume_spearman_p: Annotated[float, N_("p-value of Spearman’s correlation with the count")]
    volume_spearman_weighted: Annotated[float, N_("Spearman’s correlation with the count, weighted")]


@dataclass(frozen=True, kw_only=True)
class TooFewPublished(TooFew):
    """Nothing that a line could be drawn through, or nothing that varies."""

    points: Annotated[int, N_("Points")]


Published = PublishedLevel | PublishedMonths | TooFewPublished


def published_level(table: Columns, measure: Measure) -> Published:
    """Compute the published numbers of a table by years, or by months."""
    by = PUBLISHED_PERIODS[measure.view]
    kept = ~table["thin"] if by == "month" else table["n"] > 0
    n, mean, points = table["n"][kept].astype(float), table["mean"][kept], PERIODS[by].names(table[by][kept])
    total, few = int(table["n"].sum()), len(n) < FEWEST_PUBLISHED
    if few or (by == "month" and not (np.ptp(n) and np.ptp(mean))):
        return TooFewPublished(n=total, points=len(n))
    if by == "year":
        return _years(total, points, n, mean, table["median"][kept])
    return _months(total, points, n, mean, int((~kept).sum()))


def _years(total: int, points: np.ndarray, n: np.ndarray, mean: np.ndarray, median: np.ndarray) -> PublishedLevel:
    years = points.astype(float)
    return PublishedLevel(
        n=total,
        first=str(points[0]),
        last=str(points[-1]),
        weighted_mean=float(np.average(mean, weights=n)),
        mean=stats.wls(years, mean, n),
        median=stats.wls(years, median, n),
        spearman=stats.weighted_spearman(years, mean, n),
    )


def _months(total: int, points: np.ndarray, n: np.ndarray, mean: np.ndarray, left_out: int) -> PublishedMonths:
    from scipy.stats import kendalltau, spearmanr

    index, weight, even = np.arange(len(n), dtype=float), np.sqrt(n), np.ones(len(n))
    ols, wls = stats.wls(index, mean, even), stats.wls(index, mean, weight)
    # The normal limit, as published; scipy's own choice for a short series without ties is the exact distribution.
    kendall, volume = kendalltau(index, mean, method="asymptotic"), spearmanr(n, mean)
    middle = float(np.average(mean, weights=weight))
    spread = float(np.sqrt(np.average((mean - middle) ** 2, weights=weight)))
    return PublishedMonths(
        n=total,
        first=str(points[0]),
        last=str(points[-1]),
        points=len(points),
        left_out=left_out,
        mean_volume=float(n.mean()),
        variation=float(n.std() / n.mean()),
        max_min=float(n.max() / n.min()),
        ols=ols,
        wls=wls,
        bias=abs(wls.slope - ols.slope) / abs(ols.slope) if ols.slope else 0.0,
        kendall=float(kendall.statistic),
        kendall_p=float(kendall.pvalue),
        spearman_time=stats.weighted_spearman(index, mean, weight),
        mean=float(mean.mean()),
        weighted_mean=middle,
        sd=float(mean.std()),
        weighted_sd=spread,
        margin=1.96 * spread / float(np.sqrt(weight.sum())),
        volume_spearman=float(volume.statistic),
        volume_spearman_p=float(volume.pvalue),
        volume_spearman_weighted=stats.weighted_spearman(n, mean, weight),
    )


def draw_published(figure: charts.Figure, table: Columns, finding: Published) -> None:
    """Draw means, and medians of years, with their lines."""
    match finding:
        case PublishedLevel(mean=mean, median=median):
            span, year = (int(finding.first), int(finding.last)), table["year"]
            charts.yearly(figure, year, table["mean"], say("Mean"), "centre", mode="lines+markers")
            charts.trend(figure, span, mean.intercept, mean.slope, say("Trend of the mean"), "centre")
            charts.yearly(figure, year, table["median"], say("Median"), "other", mode="lines+markers")
            charts.trend(figure, span, median.intercept, median.slope, say("Trend of the median"), "other")
        case PublishedMonths(wls=wls):
            month, kept = PERIODS["month"], ~table["thin"]
            days = month.axis(table["month"][kept])
            charts.dots(figure, days, table["mean"][kept], say("Mean"), "centre")
            ends = wls.intercept + wls.slope * np.array([0, finding.points - 1])
            charts.line(figure, days[[0, -1]], ends, say("Trend"), "trend", dash="dash")


def say_published(finding: Published, measure: Measure) -> Message:
    """Say the published regressions."""
    words = {"subject": say(measure.subject), "unit": say(measure.change_unit)}
    said = PERIODS[PUBLISHED_PERIODS[measure.view]].said
    match finding:
        case PublishedLevel(mean=mean, median=median):
            return say(
                "{subject}, {first} to {last}: the published regressions give {mean} {unit} a year for the mean "
                "(R² {r2}) and {median} for the median.",
                **words, first=said(finding.first), last=said(finding.last), r2=Number(mean.r2, 4),
                mean=Number(mean.slope, 4, signed=True), median=Number(median.slope, 4, signed=True),
            )  # fmt: skip
        case PublishedMonths(wls=wls):
            return say(
                "{subject}, {first} to {last}: the published regression gives {slope} {unit} a year "
                "(R² {r2}, p {p}) over {months} months.",
                **words, first=said(finding.first), last=said(finding.last), months=finding.points,
                slope=Number(12 * wls.slope, 4, signed=True), r2=Number(wls.r2, 4), p=probability(wls.p),
            )  # fmt: skip
        case TooFewPublished(n=0):
            return say_nothing(measure)
        case TooFewPublished():
            text = N_("{subject}: the published line needs at least {fewest} points that differ; {here}.")
            here = say(HERE, n=finding.points)
            return say(text, subject=say(measure.subject), fewest=FEWEST_PUBLISHED, here=here)
