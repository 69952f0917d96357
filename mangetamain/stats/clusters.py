"""Errors of values that hang together in clusters, and honest differences between means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.finding import Estimate
from mangetamain.stats._mixtures import Floats

# With fewer clusters, or one of them that outweighs the rest, the error from their own sums is itself a guess.
FEWEST_CLUSTERS = 50


@dataclass(frozen=True)
class Clusters:
    """Sums over the clusters of each of some groups, such as the cooks of each year; one entry a group.

    Parameters
    ----------
    n
        Values.
    clusters, n_2
        Clusters, and the sum over them of the square of their number of values.
    total
        Sum of all values.
    n_total, total_2
        Sums over the clusters of number times sum, and of the square of the sum.
    """

    n: Floats
    clusters: Floats
    n_2: Floats
    total: Floats
    n_total: Floats
    total_2: Floats

    @classmethod
    def alone(cls, n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> Clusters:
        """Take each value for a cluster of its own, from their number, sum and sum of squares."""
        n, total, squares = (np.asarray(each, dtype=np.float64) for each in (n, total, squares))
        return cls(n, n, n, total, total, squares)

    def regrouped(self, few: Clusters, squares: Floats) -> Clusters:
        """Put some values, each alone until now, into clusters; `squares` is the sum of their squares."""
        return Clusters(
            self.n,
            self.clusters - few.n + few.clusters,
            self.n_2 - few.n + few.n_2,
            self.total,
            self.n_total - few.total + few.n_total,
            self.total_2 - squares + few.total_2,
        )

    @property
    def off(self) -> Floats:
        """Squares of the clusters' sums of what their values are off the group's mean."""
        mean = self.total / np.maximum(self.n, 1)
        return np.asarray(np.maximum(self.total_2 - 2 * mean * self.n_total + mean**2 * self.n_2, 0.0))

    def variance(self, clusters: ArrayLike | None = None) -> Floats:
        """Give the variance of each group's mean, with the factor C / (C - 1); NaN for a lone cluster.

        C counts the clusters of the group unless it is given.
        """
        count = np.asarray(self.clusters if clusters is None else clusters, dtype=np.float64)
        factor = np.where(count > 1, count / np.maximum(count - 1, 1), np.nan)
        return np.asarray(factor * self.off / np.maximum(self.n, 1) ** 2)


def two_way(first: ArrayLike, second: ArrayLike, both: ArrayLike) -> Floats:
    """Join the variances of two clusterings, such as users and recipes, with that of their crossing.

    Where the difference is less than either alone, which can only be by chance, the larger one stands.

    References
    ----------
    Cameron, Gelbach & Miller (2011), doi:10.1198/jbes.2010.07136
    """
    first, second, both = (np.asarray(each, dtype=np.float64) for each in (first, second, both))
    return np.asarray(np.maximum(np.maximum(first, second), first + second - both))


@dataclass(frozen=True)
class ClusterSums(Clusters):
    """The same with what tells deviations within clusters from those between.

    Parameters
    ----------
    n_3
        Sum over the clusters of the cube of their number of values.
    squares
        Sum of the squares of all values.
    """

    n_3: Floats
    squares: Floats

    def errors(self) -> Floats:
        """Give the standard error of each group's mean, clustered; where clusters are few or alike, the shared one.

        Clusters of unequal size are worth n ** 2 / sum(n_i ** 2) equal ones; under 50 are few. A group whose clusters
        do not differ would seem to be known exactly.

        References
        ----------
        Liang & Zeger (1986), doi:10.1093/biomet/73.1.13, with the factor C / (C - 1). Carter, Schnepel & Steigerwald
        (2017), doi:10.1162/REST_a_00639, and Cameron & Miller (2015), doi:10.3368/jhr.50.2.317, on few clusters.
        """
        own = self.variance()
        unsure = (self.n**2 < FEWEST_CLUSTERS * self.n_2) | (own == 0)
        return np.where(unsure, self.shared(), np.sqrt(own))

    def shared(self) -> Floats:
        """Give the same from deviations between and within clusters that all groups share.

        A group's own deviation is unreliable where values are few, rare or skewed, and goes with its mean: a month
        without a single low rating would look perfectly known and pull any line through itself. A common deviation
        leaves weights that know only how many values there are, and of how few clusters.

        Returns
        -------
        Floats
            Root of between * sum(n_i ** 2) / n ** 2 + within / n; NaN where no group has two clusters.

        References
        ----------
        Searle, Casella & McCulloch (1992), chapter 3: moments of the unbalanced one-way layout.
        """
        n, rows = self.n, np.maximum(self.squares - self.total**2 / self.n, 0.0)
        free, apart = float((n - 1).sum()), float((n - self.n_2 / n).sum())
        spread = float((self.n_2 - 2 * self.n_3 / n + (self.n_2 / n) ** 2).sum())
        if not apart:
            return np.full(len(n), np.nan)
        det = free * spread - apart**2
        between = max((free * self.off.sum() - apart * rows.sum()) / det, 0.0) if det > 1e-9 * free * spread else 0.0
        within = max(rows.sum() - apart * between, 0.0) / free
        return np.asarray(np.sqrt(between * self.n_2 / n**2 + within / n))


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
class Pair:
    """The mean of group `a` less that of group `b`; interval and p hold for all pairs together."""

    a: int
    b: int
    difference: Estimate
    p: float


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
