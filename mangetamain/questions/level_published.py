"""The level as the predecessor published it: two regressions on all years, weighted by the number of recipes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mangetamain import charts, stats
from mangetamain.finding import Finding, Record
from mangetamain.language import say
from mangetamain.warehouse import Columns

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True)
class Regression(Record):
    """A weighted regression line as the predecessor published it."""

    slope: float
    intercept: float
    r2: float
    p: float


@dataclass(frozen=True, kw_only=True)
class PublishedLevel(Finding):
    """The predecessor's two regressions on all years, weighted by the number of recipes."""

    of: str
    first: int
    last: int
    weighted_mean: float
    mean: Regression
    median: Regression
    spearman: float


@dataclass(frozen=True, kw_only=True)
class TooFewYears(Finding):
    """Nothing that a line could be drawn through."""

    of: str
    years: int


def published_level(table: Columns, of: str) -> Finding:
    """Compute the published numbers of a yearly table."""
    years, n = table["year"].astype(float), table["n"].astype(float)
    if len(years) < 3:
        return TooFewYears(n=int(n.sum()), of=of, years=len(years))
    mean, median = stats.wls(years, table["mean"], n), stats.wls(years, table["median"], n)
    return PublishedLevel(
        n=int(n.sum()),
        of=of,
        first=int(years[0]),
        last=int(years[-1]),
        weighted_mean=float(np.average(table["mean"], weights=n)),
        mean=Regression(mean.slope, mean.intercept, mean.r2, mean.p),
        median=Regression(median.slope, median.intercept, median.r2, median.p),
        spearman=stats.weighted_spearman(years, table["mean"], n),
    )


def draw_published(figure: go.Figure, table: Columns, finding: PublishedLevel) -> None:
    """Draw mean and median with their lines."""
    span, year, mean, median = (finding.first, finding.last), table["year"], finding.mean, finding.median
    charts.yearly(figure, year, table["mean"], say("Mean"), "centre", mode="lines+markers")
    charts.trend(figure, span, mean.intercept, mean.slope, say("Trend of the mean"), "centre")
    charts.yearly(figure, year, table["median"], say("Median"), "other", mode="lines+markers")
    charts.trend(figure, span, median.intercept, median.slope, say("Trend of the median"), "other")
