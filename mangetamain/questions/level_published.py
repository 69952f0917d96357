"""The level as the predecessor published it: two regressions on all years, weighted by the number of recipes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.finding import Finding
from mangetamain.language import N_, say
from mangetamain.warehouse import Columns


@dataclass(frozen=True, kw_only=True)
class PublishedLevel(Finding):
    """The predecessor's two regressions on all years, weighted by the number of recipes."""

    of: str
    first: int
    last: int
    weighted_mean: Annotated[float, N_("Weighted mean")]
    mean: stats.Regression
    median: stats.Regression
    spearman: Annotated[float, N_("Spearman’s correlation")]


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
    return PublishedLevel(
        n=int(n.sum()),
        of=of,
        first=int(years[0]),
        last=int(years[-1]),
        weighted_mean=float(np.average(table["mean"], weights=n)),
        mean=stats.wls(years, table["mean"], n),
        median=stats.wls(years, table["median"], n),
        spearman=stats.weighted_spearman(years, table["mean"], n),
    )


def draw_published(figure: charts.Figure, table: Columns, finding: PublishedLevel) -> None:
    """Draw mean and median with their lines."""
    span, year, mean, median = (finding.first, finding.last), table["year"], finding.mean, finding.median
    charts.yearly(figure, year, table["mean"], say("Mean"), "centre", mode="lines+markers")
    charts.trend(figure, span, mean.intercept, mean.slope, say("Trend of the mean"), "centre")
    charts.yearly(figure, year, table["median"], say("Median"), "other", mode="lines+markers")
    charts.trend(figure, span, median.intercept, median.slope, say("Trend of the median"), "other")
