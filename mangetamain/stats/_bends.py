"""Lines with one bend, their knot averaged over in the same error model as their slopes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangetamain.stats._mixed_effects import Grid, normalised, products, sweep
from mangetamain.stats._mixtures import Floats, Mixture

# Fewest points on either side of a knot, and most knots tried: between neighbours of a long series nothing changes.
SIDE, KNOTS = 3, 24


@dataclass(frozen=True)
class Bends:
    """Every knot's bend in every pair of the error model.

    Shapes: `slope` and `slope_variance` (series, pairs), of the line alone; `hinge`, `hinge_variance`, `on_line` (the
    slope of each hinge's own line) and `log` (weights; knots, series, pairs); `p` (series), of a bend against the line,
    the search among knots paid; `likelihood` (series), the greatest logarithm of the likelihood.
    """

    knots: Floats
    slope: Floats
    slope_variance: Floats
    hinge: Floats
    hinge_variance: Floats
    on_line: Floats
    log: Floats
    p: Floats
    likelihood: Floats

    def weight(self) -> Floats:
        """Give the weight of each knot, shape (series, knots)."""
        weight = normalised(_flat(self.log)).reshape(self.log.shape[1], len(self.knots), -1)
        return np.asarray(weight.sum(axis=-1), dtype=np.float64)

    def change(self, start: float, stop: float) -> Mixture:
        """Give the change of the bent line between two places, one mixture a series, over knots and pairs."""
        bent = np.maximum(stop - self.knots, 0) - np.maximum(start - self.knots, 0)
        part = bent[:, None, None] - (stop - start) * self.on_line
        centre = (stop - start) * self.slope + part * self.hinge
        variance = (stop - start) ** 2 * self.slope_variance + part**2 * self.hinge_variance
        return Mixture(_flat(centre), np.sqrt(_flat(variance)), normalised(_flat(self.log)))


def _flat(values: Floats) -> Floats:
    """Lay knots and pairs along one last axis, behind the series."""
    return np.moveaxis(values, 0, 1).reshape(values.shape[1], -1)


def knots(x: Floats) -> Floats:
    """Choose where a line may bend: at points that leave enough of them on either side."""
    side = max(SIDE, len(x) // 10)
    inner = np.arange(side, len(x) - side)
    if len(inner) > KNOTS:
        inner = np.unique(np.linspace(inner[0], inner[-1], KNOTS).round().astype(int))
    return np.asarray(x[inner], dtype=np.float64)


def bends(x: Floats, y: Floats, se: Floats, at: Floats, pairs: Grid) -> Bends:
    """Fit a line and a hinge at each knot for each pair of the error model.

    The hinge is regressed on beside the line (Frisch, Waugh and Lovell), so all knots come from one set of products.
    A knot's weight is its restricted likelihood, the hinge counted in units of its own information: a knot near an end,
    where little is known of the hinge, is neither favoured nor barred by that.

    References
    ----------
    Muggeo (2003), doi:10.1002/sim.1545 (a line with an unknown knot); Berger & Yang (1994), Econometric Theory 10,
    461-482 (1 / sqrt(1 - rho ** 2), the reference prior of autoregression).
    """
    design = np.concatenate([[np.ones(len(x)), x], np.maximum(x - at[:, None], 0)])
    found = products(x, design, y, se, pairs, base=2)
    cross, information = found.cross.copy(), np.zeros_like(found.logdet)
    for j in (0, 1):
        information += np.log(cross[j, j])
        sweep(cross, j)
    k = range(2, len(design))
    own, with_y, rest = cross[k, k], cross[2:-1, -1], cross[-1, -1]
    squares = with_y**2 / own
    alone = found.log_prior - 0.5 * (found.logdet + information + rest)
    usual = (normalised(alone) * np.log(own)).sum(axis=-1, keepdims=True)
    log = alone + 0.5 * squares - 0.5 * (np.log(own) - usual)
    # A drift can pass for a bend: the test, unlike the intervals, gives persistence the weight of its reference prior.
    weight = normalised(_flat(log - 0.5 * np.log1p(-(pairs.rho**2)))).reshape(len(y), len(at), -1).sum(axis=1)
    near = cross[k[:-1], k[1:]] / np.sqrt(own[:-1] * own[1:])
    p = (weight * _searched(np.sqrt(squares.max(axis=0)), near)).sum(axis=-1)
    likelihood = -0.5 * (found.logdet + rest - squares).min(axis=(0, 2))
    return Bends(at, cross[1, -1], cross[1, 1], with_y / own, 1 / own, cross[1, 2:-1], log, p, likelihood)


def _searched(highest: Floats, near: Floats) -> Floats:
    """Bound the probability that the highest of correlated normal deviates is as high as that.

    The hinges' unit vectors are a path on the sphere; around it lies a tube of directions that give so high a deviate.

    References
    ----------
    Davies (1987), doi:10.1093/biomet/74.1.33; Hotelling (1939), doi:10.2307/2371512.
    """
    from scipy.special import ndtr

    length = np.arccos(np.clip(near, -1, 1)).sum(axis=0)
    return np.asarray(np.minimum(1.0, 2 * ndtr(-highest) + length / np.pi * np.exp(-(highest**2) / 2)))
