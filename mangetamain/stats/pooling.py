"""Sampling errors from a deviation that many small groups share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mangetamain.stats._mixtures import Floats


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
