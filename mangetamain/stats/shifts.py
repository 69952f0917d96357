"""Sudden and lasting changes of level in a monthly series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.finding import Estimate
from mangetamain.stats._mixed_effects import Floats, Posterior, fit, grid


@dataclass(frozen=True)
class Shift:
    """A change of level at `index`, the first point of the new level; interval and p hold for every possible place."""

    index: int
    before: float
    after: float
    size: Estimate
    p: float


def level_shifts(
    mean: ArrayLike, se: ArrayLike, *, min_size: int = 6, confidence: float = 0.95, most: int = 5
) -> list[Shift]:
    """Find the places where the level of a series changes.

    Parameters
    ----------
    mean
        The series, one value a month; months that are not finite are passed over, and count as gaps.
    se
        Sampling error of each value.
    min_size
        Fewest points of a level.
    confidence
        Level of confidence of the intervals; under no change a series shows none with at least this probability.
    most
        Most shifts looked for.

    Returns
    -------
    list[Shift]
        In order of time; the largest set whose weakest member still excludes zero.

    Notes
    -----
    The best places for 1 to `most` shifts come from dynamic programming on weighted squares. Each set is
    then fitted with a deviation between months and autocorrelation (see `_mixed_effects.fit`), and p-values are
    multiplied by the number of places and by m (m + 1) for m shifts: the chances spent on 1, 2, ... shifts then add up
    to one level.

    References
    ----------
    Bai & Perron (2003), doi:10.1002/jae.659; Chakar et al. (2017), doi:10.3150/15-BEJ782 (differences give
    a deviation that the shifts themselves do not inflate).
    """
    mean, se = np.asarray(mean, dtype=np.float64), np.asarray(se, dtype=np.float64)
    use = np.flatnonzero(np.isfinite(mean) & np.isfinite(se))
    y, s = mean[use], se[use]
    places = len(y) - 2 * min_size + 1
    if places < 1 or not np.ptp(y):
        return []
    pairs = grid(taus=24, rhos=8, low=0.1, high=8.0)
    for breaks in reversed(_partitions(y, _weights(y, s), min_size, most)):
        steps = np.arange(len(y)) >= np.array([0, *breaks])[:, None]
        post = fit(use.astype(np.float64), steps.astype(np.float64), (y - y.mean())[None], s[None], pairs)
        searched = places * len(breaks) * (len(breaks) + 1)
        p = [min(1.0, float(post.p(j)[0]) * searched) for j in range(1, len(breaks) + 1)]
        if max(p) <= 1 - confidence:
            return _shifts(post, use[breaks], float(y.mean()), (1 - confidence) / 2 / searched, confidence, p)
    return []


def _shifts(
    post: Posterior, at: NDArray[np.int64], origin: float, tail: float, confidence: float, p: list[float]
) -> list[Shift]:
    """Word a fitted set of steps as shifts."""
    steps = [float(post.mean(j)[0]) for j in range(len(p) + 1)]
    levels = origin + np.cumsum(steps)
    low, high = ([float(post.quantile(j, q)[0]) for j in range(1, len(steps))] for q in (tail, 1 - tail))
    sizes = [Estimate(step, start, end, confidence) for step, start, end in zip(steps[1:], low, high, strict=True)]
    return [Shift(int(at[j]), float(levels[j]), float(levels[j + 1]), sizes[j], p[j]) for j in range(len(p))]


def _weights(y: Floats, s: Floats) -> Floats:
    """Inverse variances of points, that between months taken from neighbours so that shifts do not enter."""
    # A normal variable's median deviation is 0.6745 standard deviations, and a difference has two points' variance.
    neighbours = (np.median(np.abs(np.diff(y))) / 0.6745) ** 2 / 2
    between = max(float(neighbours - np.median(s**2)), 0.0)
    return np.asarray(1 / (s**2 + between + 1e-12 * y.var()), dtype=np.float64)


def _partitions(y: Floats, w: Floats, min_size: int, most: int) -> list[list[int]]:
    """Best places of 1, 2, ... shifts by weighted squares, as far as the series is long enough."""
    k = len(y)
    sums = [np.concatenate([[0.0], np.cumsum(v)]) for v in (w, w * (y - y.mean()), w * (y - y.mean()) ** 2)]
    n, t, q = (v[None, :] - v[:, None] for v in sums)  # [start, stop]
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = q - t**2 / n
    index = np.arange(k + 1)
    cost[index[None, :] - index[:, None] < min_size] = np.inf
    best, origin, found = cost[0], [], []
    for _ in range(min(most, k // min_size - 1)):
        total = best[:, None] + cost
        origin.append(total.argmin(axis=0))
        best = total.min(axis=0)
        stop, breaks = k, []
        for last in reversed(origin):
            stop = int(last[stop])
            breaks.append(stop)
        found.append(breaks[::-1])
    return found
