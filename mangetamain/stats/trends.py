"""Slopes of yearly or monthly series, with intervals that hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mangetamain.finding import Estimate
from mangetamain.stats._mixed_effects import Floats, fit, grid


@dataclass(frozen=True)
class TrendFit:
    """A straight line through a series.

    `line` is fitted at every x given; `tau` is the standard deviation between points beyond sampling, `rho` the
    autocorrelation of neighbours, `p` two-sided for a zero slope, `n` the points used.
    """

    slope: Estimate
    intercept: float
    line: Floats
    tau: float
    rho: float
    p: float
    n: int


def trend(x: ArrayLike, y: ArrayLike, se: ArrayLike | None = None, *, confidence: float = 0.95) -> TrendFit:
    """Fit a line to a series whose points differ in precision, vary beyond it and are autocorrelated.

    Parameters
    ----------
    x
        Years or month numbers, increasing.
    y
        The series; points that are not finite are left out of the fit.
    se
        Standard error of each point; an unknown one (NaN) counts as the worst of the others, all unknown as zero.
    confidence
        Level of confidence of the interval.

    Returns
    -------
    TrendFit
        The slope a unit of x with its interval, the line, and what was found of `tau` and `rho`.

    Raises
    ------
    ValueError
        With fewer than three points.

    Notes
    -----
    Errors have covariance ``diag(se ** 2) + tau ** 2 * rho ** abs(lag)``. Restricted likelihood over
    (tau, rho) is integrated, not maximised, so that the interval stays honest with eight points as with twenty;
    see `_mixed_effects.fit` for references. With 18 points of real precision, 95 % intervals were seen to cover in 99 %
    of samples without autocorrelation, 96 % with rho 0.5 and 89 % with rho 0.8, where a drift can pass for a trend.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    use = np.isfinite(y)
    n = int(use.sum())
    if n < 3:
        raise ValueError(f"a trend needs at least three points, got {n}")
    centre, origin = float(x[use].mean()), float(y[use].mean())
    width, height = float(np.ptp(x[use])), float(np.ptp(y[use])) or 1.0
    errors = _errors(se, use) / height
    post = fit(
        x[use],
        np.stack([np.ones(n), (x[use] - centre) / width]),
        (y[use] - origin)[None] / height,
        errors[None],
        grid(taus=48, rhos=12, low=0.02, high=12.0),
    )
    unit = height / width
    b = float(post.mean(1)[0])
    low, high = (float(post.quantile(1, (1 + side * confidence) / 2)[0]) for side in (-1, 1))
    slope = Estimate(b * unit, low * unit, high * unit, confidence)
    intercept = origin + float(post.mean(0)[0]) * height - slope.value * centre
    tau, rho = (float((post.weight[0] * v).sum()) for v in (post.tau[0], post.rho))
    return TrendFit(slope, intercept, intercept + slope.value * x, tau * height, rho, float(post.p(1)[0]), n)


def _errors(se: ArrayLike | None, use: Floats) -> Floats:
    """Take the sampling errors of the points in use, unknown ones replaced by the worst known."""
    known = np.zeros(len(use)) if se is None else np.asarray(se, dtype=np.float64)
    known = np.broadcast_to(known, use.shape)[use]
    finite = known[np.isfinite(known)]
    return np.asarray(np.where(np.isfinite(known), known, finite.max(initial=0.0)), dtype=np.float64)
