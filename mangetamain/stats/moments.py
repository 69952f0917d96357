"""Means and shares, each with its sampling error."""

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
