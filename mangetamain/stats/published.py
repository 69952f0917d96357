"""The definitions behind the published figures, to set beside ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mangetamain.finding import Record
from mangetamain.language import N_


@dataclass(frozen=True)
class Regression(Record):
    """A weighted line: slope, intercept, weighted share of variance, and the slope's two-sided p."""

    slope: Annotated[float, N_("Slope")]
    intercept: Annotated[float, N_("Intercept")]
    r2: Annotated[float, N_("R²")]
    p: Annotated[float, N_("p-value")]


class Anova(NamedTuple):
    """One-way analysis of variance: F, p, and the share of the variance that lies between groups."""

    f: float
    p: float
    eta2: float


def wls(x: ArrayLike, y: ArrayLike, w: ArrayLike) -> Regression:
    """Fit a line with weights, errors taken as independent and of variance 1 / w up to a common factor."""
    from scipy.special import stdtr

    x, y, w = (np.asarray(v, dtype=np.float64) for v in (x, y, w))
    mx, my = np.average(x, weights=w), np.average(y, weights=w)
    sxx, sxy, syy = (w * (x - mx) ** 2).sum(), (w * (x - mx) * (y - my)).sum(), (w * (y - my) ** 2).sum()
    if not syy:  # one value everywhere: no line could explain it better, or worse
        return Regression(0.0, float(my), 0.0, 1.0)
    slope = sxy / sxx
    rest, df = max(syy - slope * sxy, 0.0), len(x) - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = slope / np.sqrt(rest / df / sxx)
        r2 = 1 - rest / syy
    return Regression(float(slope), float(my - slope * mx), float(r2), float(2 * stdtr(df, -abs(t))))


def weighted_spearman(x: ArrayLike, y: ArrayLike, w: ArrayLike) -> float:
    """Correlate the unweighted ranks of x and y with weights."""
    from scipy.stats import rankdata

    w = np.asarray(w, dtype=np.float64)
    a, b = (rank - np.average(rank, weights=w) for rank in (rankdata(np.asarray(x)), rankdata(np.asarray(y))))
    scale = float(np.sqrt((w * a**2).sum() * (w * b**2).sum()))
    return float((w * a * b).sum()) / scale if scale else 0.0


def kruskal(n: ArrayLike, ranks: ArrayLike, ties: float) -> tuple[float, float]:
    """Give Kruskal and Wallis' H and its p, corrected for ties.

    Parameters
    ----------
    n, ranks
        Values of each group, and the sum of their ranks among all, equal ones sharing the mean of theirs.
    ties
        The sum of t³ - t over the values that occur, t times each.
    """
    from scipy.stats import chi2

    n, ranks = (np.asarray(v, dtype=np.float64) for v in (n, ranks))
    total = n.sum()
    h = 12 / (total * (total + 1)) * (ranks**2 / n).sum() - 3 * (total + 1)
    h /= 1 - ties / (total**3 - total)
    return float(h), float(chi2.sf(h, len(n) - 1))


def mann_whitney(first: ArrayLike, second: ArrayLike) -> tuple[float, float]:
    """Give Mann and Whitney's U of the first and its p, by the normal limit, from how often each rising value occurs.

    The limit is corrected for ties, and for U going by steps.
    """
    from scipy.stats import norm

    first, second = (np.asarray(v, dtype=np.float64) for v in (first, second))
    n, m, times = first.sum(), second.sum(), first + second
    u, total = float(first @ (np.cumsum(second) - second / 2)), n + m
    deviation = np.sqrt(n * m / 12 * (total + 1 - (times**3 - times).sum() / (total * (total - 1))))
    if not deviation:  # one value everywhere
        return u, 1.0
    z = (abs(u - n * m / 2) - 0.5) / deviation
    return u, min(1.0, float(2 * norm.sf(z)))


def anova_from_moments(n: ArrayLike, mean: ArrayLike, var: ArrayLike) -> Anova:
    """Compare group means from counts, means and variances (n - 1)."""
    from scipy.special import fdtrc

    n, mean, var = (np.asarray(v, dtype=np.float64) for v in (n, mean, var))
    between = float((n * (mean - np.average(mean, weights=n)) ** 2).sum())
    within = float(((n - 1) * var).sum())
    d1, d2 = len(n) - 1, float(n.sum()) - len(n)
    f = between / d1 / (within / d2)
    return Anova(f, float(fdtrc(d1, d2, f)), between / (between + within))
