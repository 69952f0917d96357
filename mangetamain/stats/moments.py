"""Means, medians, trimmed means and shares, each with its sampling error."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mangetamain.stats._mixed_effects import Floats


def mean_se(n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Give mean, standard deviation (n - 1) and standard error from counts, sums and sums of squares.

    Means of nothing, and deviations of fewer than two values, are NaN.
    """
    n, total, squares = (np.asarray(v, dtype=np.float64) for v in (n, total, squares))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        variance = np.where(n > 1, np.maximum(squares - total * mean, 0.0) / (n - 1), np.nan)
        return mean, np.sqrt(variance), np.sqrt(variance / n)


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


def wilson(successes: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Give the Wilson score interval of shares; the whole of [0, 1] where there is nothing.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953
    """
    from scipy.special import ndtri

    s, n = np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z2 = ndtri((1 + confidence) / 2) ** 2
    centre = (s + z2 / 2) / (n + z2)
    half = np.sqrt(z2 * (np.where(n > 0, s * (n - s) / np.maximum(n, 1), 0) + z2 / 4)) / (n + z2)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def share_se(successes: ArrayLike, n: ArrayLike) -> Floats:
    """Give standard errors of shares, after two more successes and two more failures, so that none is zero.

    References
    ----------
    Agresti & Coull (1998), doi:10.1080/00031305.1998.10480550
    """
    s, n = np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64)
    share = (s + 2) / (n + 4)
    return np.asarray(np.sqrt(share * (1 - share) / (n + 4)), dtype=np.float64)
