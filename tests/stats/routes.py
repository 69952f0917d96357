"""Estimates from the values themselves, one by one: the independent routes to what the engine makes of sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.finding import Estimate

Floats = NDArray[np.float64]
Codes = NDArray[np.integer]


def mid_quantile(values: ArrayLike, q: float) -> tuple[float, float]:
    """Give a quantile of tied values and its standard error, by the mid-distribution function.

    Minutes heap on multiples of five, so the plain median sits still while the distribution moves, and its
    order-statistic interval collapses to a point. The mid-distribution P(X < v) + P(X = v) / 2, joined by
    straight lines between the values that occur, moves smoothly and has a normal limit.

    Parameters
    ----------
    values
        The values, in any order.
    q
        The probability, 0.5 for the median.

    Returns
    -------
    tuple[float, float]
        The quantile, and half the width of its one-sigma interval q ± sqrt(q (1 - q) / n).

    References
    ----------
    Ma, Genton & Parzen (2011), doi:10.1007/s10463-009-0215-z
    """
    distinct, counts = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)
    n = counts.sum()
    if not n:
        return float("nan"), float("nan")
    mid = (np.cumsum(counts) - counts / 2) / n
    step = np.sqrt(q * (1 - q) / n)
    low, value, high = np.interp([q - step, q, q + step], mid, distinct)
    return float(value), float(high - low) / 2


def trimmed_mean(ordered: ArrayLike, cut: float = 0.1) -> tuple[float, float]:
    """Give the mean without the lowest and highest `cut` of increasing values, and its standard error.

    References
    ----------
    Tukey & McLaughlin (1963), Sankhyā A 25; Yuen (1974), doi:10.1093/biomet/61.1.165: the deviation of the winsorised
    values, divided by (1 - 2 cut) sqrt(n).
    """
    ordered = np.asarray(ordered, dtype=np.float64)
    n = len(ordered)
    g = int(cut * n)
    if n - 2 * g < 1:
        return float("nan"), float("nan")
    kept = ordered[g : n - g]
    if n < 2:
        return float(kept.mean()), float("nan")
    winsorised = np.clip(ordered, kept[0], kept[-1])
    return float(kept.mean()), float(winsorised.std(ddof=1) / ((1 - 2 * g / n) * np.sqrt(n)))


@dataclass(frozen=True)
class GroupMeans:
    """Means of groups with covariance; `one_way` holds the covariance for each clustering alone.

    `df` is the smallest number of clusters less one.
    """

    mean: Floats
    n: NDArray[np.int64]
    covariance: Floats
    one_way: tuple[Floats, ...]
    df: int

    def variance(self, contrast: Floats) -> float:
        """Give the variance of a contrast, never below that of either clustering alone.

        The two-way matrix subtracts, so it can fall below either, even below zero, by chance.
        """
        return max(float(contrast @ v @ contrast) for v in (self.covariance, *self.one_way))

    def differences(
        self, pairs: Sequence[tuple[int, int]], *, confidence: float = 0.95
    ) -> list[tuple[Estimate, float]]:
        """Give the first group's mean less the second's, with its own interval and p, for each two groups asked."""
        unit = np.eye(len(self.mean))
        return [self._student(float(self.mean[a] - self.mean[b]), unit[a] - unit[b], confidence) for a, b in pairs]

    def estimates(self, *, confidence: float = 0.95) -> list[Estimate]:
        """Give each group's mean with its own interval; NaN for a group without values."""
        own = zip(self.mean.tolist(), np.eye(len(self.mean)), strict=True)
        return [self._student(mean, unit, confidence)[0] for mean, unit in own]

    def _student(self, value: float, contrast: Floats, confidence: float) -> tuple[Estimate, float]:
        """Give a contrast's value with its interval and p, by Student's t."""
        from scipy.special import stdtr, stdtrit

        se = float(np.sqrt(self.variance(contrast)))
        half = float(stdtrit(self.df, (1 + confidence) / 2)) * se
        p = min(2 * float(stdtr(self.df, -abs(value) / se)), 1.0) if se else float(value == 0)
        return Estimate(value, value - half, value + half, confidence), p


def cluster_contrasts(values: ArrayLike, group: Codes, clusters: Sequence[Codes], *, groups: int) -> GroupMeans:
    """Estimate group means with a covariance that admits repeating users, recipes, or both.

    Parameters
    ----------
    values
        One value a row, finite.
    group
        The row's group, 0 to `groups` - 1.
    clusters
        One or two codings of the rows by dense integers from 0, such as users and recipes.
    groups
        Number of groups.

    Returns
    -------
    GroupMeans
        Means and the covariance V(first) + V(second) - V(both), each with the factor C / (C - 1); NaN where
        there are not two clusters.

    References
    ----------
    Cameron, Gelbach & Miller (2011), doi:10.1198/jbes.2010.07136
    """
    n = np.bincount(group, minlength=groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(group, weights=np.asarray(values), minlength=groups) / n
        share = 1.0 / n
    influence = (np.asarray(values) - mean[group]) * share[group]
    codes = [*clusters, np.unique(np.stack(clusters), axis=1, return_inverse=True)[1].ravel()]
    found = [_one_way(influence, group, code, groups) for code in codes]
    one_way = tuple(matrix for matrix, _ in found[: len(clusters)])
    covariance = one_way[0] + one_way[1] - found[2][0] if len(clusters) == 2 else one_way[0]
    return GroupMeans(mean, n, covariance, one_way, min(count for _, count in found[: len(clusters)]) - 1)


def _one_way(influence: Floats, group: Codes, code: Codes, groups: int) -> tuple[Floats, int]:
    """Give the covariance of the means for one clustering, with its number of clusters."""
    count = int(np.count_nonzero(np.bincount(code)))
    factor = count / (count - 1) if count > 1 else np.nan
    return _gram(influence, group, code, groups) * factor, count


def _gram(influence: Floats, group: Codes, code: Codes, groups: int) -> Floats:
    """Sum influences by cluster and group, and add the products over clusters."""
    size = int(code.max(initial=-1)) + 1
    cell = code.astype(np.int64) * groups + group
    sums = np.bincount(cell, weights=influence, minlength=size * groups).reshape(size, groups)
    return np.asarray(sums.T @ sums, dtype=np.float64)


def pooled_se(n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> Floats:
    """Give the standard error of each group's mean, from the deviation within all groups together.

    A group's own deviation is unreliable where values are rare or skewed, and goes with its mean: a month without a
    single low rating would look perfectly known and pull any line through itself; one with many would count for
    little. A common deviation leaves weights that do not know the values.

    Parameters
    ----------
    n, total, squares
        Number of values, their sum and their sum of squares in each group; for a share, `squares` is `total`.

    Returns
    -------
    Floats
        Pooled deviation / sqrt(n) of each group; NaN for a group without values, and everywhere where no group has two.
    """
    n, total, squares = (np.asarray(v, dtype=np.float64) for v in (n, total, squares))
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.where(n > 0, np.maximum(squares - total**2 / n, 0.0), 0.0)
        return np.asarray(np.sqrt(within.sum() / np.maximum(n - 1, 0).sum() / np.where(n > 0, n, np.nan)))
