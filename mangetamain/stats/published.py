"""The definitions behind the published figures, to set beside ours."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.stats._mixed import Floats


class Wls(NamedTuple):
    """A weighted line: slope, intercept, weighted share of variance, and the slope's two-sided p."""

    slope: float
    intercept: float
    r2: float
    p: float


class Statistic(NamedTuple):
    """A test statistic and its p."""

    value: float
    p: float


class Anova(NamedTuple):
    """One-way analysis of variance: F, p, and the share of the variance that lies between groups."""

    f: float
    p: float
    eta2: float


def wls(x: ArrayLike, y: ArrayLike, w: ArrayLike) -> Wls:
    """Fit a line with weights, errors taken as independent and of variance 1 / w up to a common factor."""
    from scipy.special import stdtr

    x, y, w = (np.asarray(v, dtype=np.float64) for v in (x, y, w))
    mx, my = np.average(x, weights=w), np.average(y, weights=w)
    sxx, sxy, syy = (w * (x - mx) ** 2).sum(), (w * (x - mx) * (y - my)).sum(), (w * (y - my) ** 2).sum()
    if not syy:  # one value everywhere: no line could explain it better, or worse
        return Wls(0.0, float(my), 0.0, 1.0)
    slope = sxy / sxx
    rest, df = max(syy - slope * sxy, 0.0), len(x) - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = slope / np.sqrt(rest / df / sxx)
        r2 = 1 - rest / syy
    return Wls(float(slope), float(my - slope * mx), float(r2), float(2 * stdtr(df, -abs(t))))


def ranks(values: ArrayLike) -> Floats:
    """Rank values from 1, ties sharing their average."""
    _, inverse, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[inverse], dtype=np.float64)


def weighted_spearman(x: ArrayLike, y: ArrayLike, w: ArrayLike) -> float:
    """Correlate the unweighted ranks of x and y with weights."""
    w = np.asarray(w, dtype=np.float64)
    a, b = (r - np.average(r, weights=w) for r in (ranks(x), ranks(y)))
    scale = float(np.sqrt((w * a**2).sum() * (w * b**2).sum()))
    return float((w * a * b).sum()) / scale if scale else 0.0


def kruskal_from_counts(table: ArrayLike) -> Statistic:
    """Give Kruskal and Wallis' H, corrected for ties, from counts by group (rows) and increasing value (columns)."""
    counts = np.asarray(table, dtype=np.float64)
    ties = np.asarray(counts.sum(axis=0), dtype=np.float64)
    return _h(counts @ (np.cumsum(ties) - (ties - 1) / 2), counts.sum(axis=1), ties)


def kruskal(values: ArrayLike, group: NDArray[np.integer]) -> Statistic:
    """Give Kruskal and Wallis' H, corrected for ties, from values and the codes of their groups."""
    ties = np.unique(np.asarray(values), return_counts=True)[1].astype(np.float64)
    n = np.asarray(np.bincount(group), dtype=np.float64)
    sums = np.asarray(np.bincount(group, weights=ranks(values)), dtype=np.float64)
    return _h(sums, n, ties)


def _h(rank_sum: Floats, n: Floats, ties: Floats) -> Statistic:
    from scipy.special import chdtrc

    rank_sum, n = rank_sum[n > 0], n[n > 0]
    total = n.sum()
    h = 12 / (total * (total + 1)) * (rank_sum**2 / n).sum() - 3 * (total + 1)
    h /= 1 - (ties**3 - ties).sum() / (total**3 - total)
    return Statistic(float(h), float(chdtrc(len(n) - 1, h)))


def anova_from_moments(n: ArrayLike, mean: ArrayLike, var: ArrayLike) -> Anova:
    """Compare group means from counts, means and variances (n - 1)."""
    from scipy.special import fdtrc

    n, mean, var = (np.asarray(v, dtype=np.float64) for v in (n, mean, var))
    between = float((n * (mean - np.average(mean, weights=n)) ** 2).sum())
    within = float(((n - 1) * var).sum())
    d1, d2 = len(n) - 1, float(n.sum()) - len(n)
    f = between / d1 / (within / d2)
    return Anova(f, float(fdtrc(d1, d2, f)), between / (between + within))


def kendall_tau(x: ArrayLike, y: ArrayLike) -> Statistic:
    """Give Kendall's tau-b and its p by the normal limit with ties."""
    from scipy.special import ndtr

    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    n = len(x)
    s = float((np.sign(x[:, None] - x) * np.sign(y[:, None] - y)).sum()) / 2
    tx, ty = (np.unique(v, return_counts=True)[1].astype(np.float64) for v in (x, y))
    pairs = n * (n - 1) / 2
    one, two = (float((t * (t - 1)).sum()) / 2 for t in (tx, ty))
    three = [float((t * (t - 1) * (t - 2)).sum()) for t in (tx, ty)]
    v0, vx, vy = (float((t * (t - 1) * (2 * t + 5)).sum()) for t in (np.array([float(n)]), tx, ty))
    variance = (v0 - vx - vy) / 18 + 2 * one * two / (n * (n - 1)) + three[0] * three[1] / (9 * n * (n - 1) * (n - 2))
    return Statistic(s / np.sqrt((pairs - one) * (pairs - two)), float(2 * ndtr(-abs(s) / np.sqrt(variance))))


def chi2_uniform(counts: ArrayLike) -> Statistic:
    """Test that all counts come from one rate."""
    from scipy.special import chdtrc

    counts = np.asarray(counts, dtype=np.float64)
    statistic = float(((counts - counts.mean()) ** 2).sum() / counts.mean())
    return Statistic(statistic, float(chdtrc(len(counts) - 1, statistic)))
