"""The ratings' numbers as the predecessor published them, to set beside ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from mangetamain import stats
from mangetamain.finding import Finding, Record
from mangetamain.language import N_
from mangetamain.questions.rating_distribution import scores
from mangetamain.warehouse import Columns

COUNTS = ("one", "two", "three", "four", "five")


@dataclass(frozen=True, kw_only=True)
class PublishedRatingLevel(Finding):
    """The predecessor's numbers; months weigh the square root of their ratings, deviations divide by n.

    `bias` is the change of slope by weighting, as a share; `margin` is the published half width of the mean's
    interval, whose formula has no meaning as one.
    """

    of: str
    months: Annotated[int, N_("Months")]
    left_out: Annotated[int, N_("Left out of the fit")]
    first: str
    last: str
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


@dataclass(frozen=True)
class PublishedGroup(Record):
    """One group as published: sample deviation, shares of 5 and of 2 or less in %."""

    group: Annotated[str, N_("Group")]
    n: int
    mean: float
    sd: float
    median: float
    five: float
    low: float


@dataclass(frozen=True)
class WeekendSplit(Record):
    """Weekend against weekdays: Mann and Whitney's U of the weekend, and Cohen's d on the mean of the variances."""

    weekday: PublishedGroup
    weekend: Annotated[PublishedGroup, N_("Weekend")]
    u: Annotated[float, N_("Mann and Whitney’s U")]
    p: Annotated[float, N_("p-value")]
    difference: Annotated[float, N_("Difference")]
    d: Annotated[float, N_("Cohen’s d")]


@dataclass(frozen=True, kw_only=True)
class PublishedContrast(Finding):
    """The predecessor's tests, which take ratings as independent; `variation` and `max_min` are of the volumes."""

    by: str
    of: str
    groups: Annotated[tuple[PublishedGroup, ...], N_("Group")]
    f: Annotated[float, N_("F")]
    f_p: Annotated[float, N_("p-value of F")]
    eta2: Annotated[float, N_("Share of variance explained")]
    h: Annotated[float, N_("Kruskal and Wallis’s H")]
    h_p: Annotated[float, N_("p-value of Kruskal and Wallis’s H")]
    range: Annotated[float, N_("Range of the means")]
    variation: Annotated[float, N_("Coefficient of variation")]
    max_min: Annotated[float, N_("Largest over smallest")]
    split: Annotated[WeekendSplit | None, N_("Weekend against weekdays")]


def published_level(table: Columns, span: dict[str, Any]) -> PublishedRatingLevel:
    """Compute the published numbers of a monthly table with at least three months that are not thin."""
    from scipy.stats import kendalltau, spearmanr

    kept = ~table["thin"]
    n, mean = table["n"][kept].astype(float), table["mean"][kept]
    index, weight, even = np.arange(len(n), dtype=float), np.sqrt(n), np.ones(len(n))
    ols, wls = stats.wls(index, mean, even), stats.wls(index, mean, weight)
    # The normal limit, as published; scipy's own choice for a short series without ties is the exact distribution.
    kendall, volume = kendalltau(index, mean, method="asymptotic"), spearmanr(n, mean)
    middle = float(np.average(mean, weights=weight))
    spread = float(np.sqrt(np.average((mean - middle) ** 2, weights=weight)))
    return PublishedRatingLevel(
        n=int(table["n"].sum()),
        **span,
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


def published_contrast(table: Columns, by: str, of: str) -> PublishedContrast:
    """Compute the published tests of a table with at least two groups of two ratings."""
    part = {name: column[table["n"] > 1] for name, column in table.items()}
    n, counts = part["n"], np.stack([part[name] for name in COUNTS], axis=1)
    anova = stats.anova_from_moments(n, part["mean"], part["sd"] ** 2)
    h, h_p = stats.kruskal_from_counts(counts)
    return PublishedContrast(
        n=int(table["n"].sum()),
        by=by,
        of=of,
        groups=tuple(_group(str(name), row, of) for name, row in zip(part[by], counts, strict=True)),
        f=anova.f,
        f_p=anova.p,
        eta2=anova.eta2,
        h=h,
        h_p=h_p,
        range=float(np.ptp(part["mean"])),
        variation=float(n.std() / n.mean()),
        max_min=float(n.max() / n.min()),
        split=_split(part["weekday"] >= 6, counts, of) if by == "weekday" else None,
    )


def _group(name: str, counts: np.ndarray, of: str) -> PublishedGroup:
    score = scores(of)
    n = int(counts.sum())
    mean, sd, _ = stats.mean_se(n, counts @ score, counts @ score**2)
    five, low = (100 * float(part) / n for part in (counts[4], counts[:2].sum()))
    return PublishedGroup(name, n, float(mean), float(sd), float(medians(counts[None])[0]), five, low)


def _split(weekend: np.ndarray, counts: np.ndarray, of: str) -> WeekendSplit | None:
    from scipy.special import ndtr

    days, ends = counts[~weekend].sum(axis=0), counts[weekend].sum(axis=0)
    n, m = int(days.sum()), int(ends.sum())
    if not n or not m:
        return None
    first, second, ties = _group("weekday", days, of), _group("weekend", ends, of), (days + ends).astype(float)
    rank_sum = float(ends @ (np.cumsum(ties) - (ties - 1) / 2))
    u, total = rank_sum - m * (m + 1) / 2, float(n + m)
    variance = n * m / 12 * (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1)))
    # Normal limit with ties and the continuity correction, as in scipy.
    z = max(abs(u - n * m / 2) - 0.5, 0.0) / np.sqrt(variance) if variance else 0.0
    spread, difference = np.sqrt((first.sd**2 + second.sd**2) / 2), second.mean - first.mean
    d = float(difference / spread) if spread else 0.0
    return WeekendSplit(first, second, u, float(2 * ndtr(-z)), difference, d)


def medians(counts: np.ndarray) -> np.ndarray:
    """Find the middle rating of each row of counts, half way between two where they differ."""
    upto, n = counts.cumsum(axis=1), counts.sum(axis=1, keepdims=True)
    middle = [(upto < rank).sum(axis=1) + 1 for rank in ((n + 1) // 2, n // 2 + 1)]
    return np.asarray((middle[0] + middle[1]) / 2)
