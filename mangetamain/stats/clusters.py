"""Group means of values whose authors and subjects repeat, and honest differences between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.finding import Estimate
from mangetamain.stats._mixtures import Floats

Codes = NDArray[np.integer]


class Means(Protocol):
    """Means of groups that can be compared, whatever their errors are."""

    @property
    def mean(self) -> Floats:
        """The means, by group."""
        ...

    @property
    def n(self) -> NDArray[np.int64]:
        """How much there is of each group."""
        ...

    def differences(self, pairs: Sequence[tuple[int, int]], *, confidence: float = ...) -> list[tuple[Estimate, float]]:
        """Give the first group's mean less the second's, with its own interval and p, for each two groups asked."""
        ...


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


@dataclass(frozen=True)
class Pair:
    """The mean of group `a` less that of group `b`; interval and p hold for all pairs together."""

    a: int
    b: int
    difference: Estimate
    p: float


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
    found = [_one_way(influence, group, code, groups) for code in clusters]
    one_way = tuple(matrix for matrix, _ in found)
    covariance = one_way[0]
    if len(clusters) == 2:
        covariance = one_way[0] + one_way[1] - _both(influence, group, clusters, groups)
    return GroupMeans(mean, n, covariance, one_way, min(count for _, count in found) - 1)


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


def _both(influence: Floats, group: Codes, clusters: Sequence[Codes], groups: int) -> Floats:
    """Give the covariance for the crossing of two clusterings.

    Hardly any user reviews a recipe twice: rows alone in their crossing need squares only, and the few others
    (with rows that share their last 16 bits, so that no search is needed) are summed as clusters.
    """
    first, second = clusters
    key = first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second
    ordered = np.sort(key)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    bucket = np.zeros(1 << 16, dtype=np.bool_)
    bucket[repeated & 0xFFFF] = True
    some = bucket[key & 0xFFFF]
    alone = np.bincount(group[~some], weights=influence[~some] ** 2, minlength=groups)
    shared = np.unique(key[some], return_inverse=True)[1]
    count = len(key) - len(repeated)
    return (np.diag(alone) + _gram(influence[some], group[some], shared, groups)) * (count / max(count - 1, 1))


def pairwise(means: Means, *, confidence: float = 0.95) -> list[Pair]:
    """Compare every two groups, with intervals that hold for all of them at once.

    Returns
    -------
    list[Pair]
        Higher mean first within a pair; pairs by falling difference, so the first is the best against the worst.

    References
    ----------
    Šidák (1967), doi:10.1080/01621459.1967.10482935: holds for any correlation between the differences.
    """
    order = [int(g) for g in np.argsort(-means.mean, kind="stable") if means.n[g]]
    pairs = list(combinations(order, 2))
    each = means.differences(pairs, confidence=confidence ** (1 / max(len(pairs), 1)))
    result = []
    for (a, b), (apart, alone) in zip(pairs, each, strict=True):
        p = float(-np.expm1(len(pairs) * np.log1p(-alone))) if alone < 1 else 1.0
        apart = replace(apart, confidence=confidence)
        # Where errors differ by pair, its own estimate may turn a near tie round.
        result.append(Pair(b, a, apart.times(-1), p) if apart.value < 0 else Pair(a, b, apart, p))
    return sorted(result, key=lambda pair: -pair.difference.value)


def equal_means(means: GroupMeans) -> tuple[float, float]:
    """Test that all groups share one mean: Wald's F and its p.

    Where the two-way matrix is not positive on some contrast, the sum of the one-way ones stands in; where that
    is not either (values that never vary), nothing can be told and p is 1.
    """
    from scipy.special import fdtrc

    use = np.flatnonzero(means.n)
    q = len(use) - 1
    if q < 1 or means.df < 1:
        return 0.0, 1.0
    contrast = np.eye(q, q + 1) - np.eye(q, q + 1, 1)
    difference = contrast @ means.mean[use]
    for matrix in (means.covariance, sum(means.one_way, start=np.zeros_like(means.covariance))):
        v = contrast @ matrix[np.ix_(use, use)] @ contrast.T
        if np.linalg.eigvalsh(v)[0] > 0:
            f = float(difference @ np.linalg.solve(v, difference)) / q
            return f, float(fdtrc(q, means.df, f))
    return 0.0, 1.0
