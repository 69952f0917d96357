"""Whether two series in time go together, by rank."""

from __future__ import annotations

import numpy as np

from mangetamain.finding import Estimate
from mangetamain.stats.published import weighted_spearman


def rank_correlation(place: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[Estimate, float]:
    """Correlate the ranks of two autocorrelated series.

    Parameters
    ----------
    place
        Where each value stands in time, increasing whole numbers; gaps are allowed.
    x, y
        The series.

    Returns
    -------
    tuple[Estimate, float]
        Spearman's rho with its 95 % interval, and the number of independent points that the series are worth.

    References
    ----------
    Pyper & Peterman (1998), doi:10.1139/f98-104: effective number of points, from lags up to a fifth of the length.
    Fieller, Hartley & Pearson (1957), doi:10.1093/biomet/44.3-4.470: variance 1.06 / (n - 3) of Fisher's z of rho.
    """
    from scipy.special import stdtrit
    from scipy.stats import rankdata

    a, b = rankdata(x), rankdata(y)
    rho = weighted_spearman(x, y, np.ones(len(x)))
    lags, size = np.arange(1, len(a) // 5 + 1), len(a)
    product = _autocorrelation(place, a, lags) * _autocorrelation(place, b, lags)
    # Shares below 1 / n would say that a point is worth more than itself.
    share = max(1 / size + 2 / size * float(((1 - lags / size) * product).sum()), 1 / size)
    effective = max(1 / share, 4.0)  # Fisher's z has no variance from three points on down
    half = float(stdtrit(effective - 2, 0.975)) * float(np.sqrt(1.06 / (effective - 3)))
    z = np.arctanh(np.clip(rho, -1 + 1e-12, 1 - 1e-12))
    return Estimate(rho, float(np.tanh(z - half)), float(np.tanh(z + half))), effective


def _autocorrelation(place: np.ndarray, values: np.ndarray, lags: np.ndarray) -> np.ndarray:
    """Correlate a series with itself at each lag, over the pairs of points that are there."""
    line, there = np.zeros(place[-1] + 1), np.zeros(place[-1] + 1)
    line[place], there[place] = values - values.mean(), 1.0
    variance = line @ line / there.sum()
    pairs = [max(there[lag:] @ there[:-lag], 1.0) for lag in lags]
    return np.asarray([line[lag:] @ line[:-lag] for lag in lags] / (np.array(pairs) * variance))
