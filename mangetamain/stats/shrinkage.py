"""Families of values of which each is drawn towards what all of them are like, and places in their order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.stats._mixed_effects import Floats
from mangetamain.stats._mixtures import Mixture

# Deviations of the true values: so many, from what no error lets see to twice as far apart as the values are.
DEVIATIONS, ROUNDS = 14, 50
# Of a larger family every second, third, ... value tells them as well.
LEARNED_FROM = 500
# Of what is believed of one value, the quantiles at which its rank is reckoned.
QUANTILES = (np.arange(20) + 0.5) / 20


def shrunk(value: ArrayLike, error: ArrayLike) -> Mixture:
    """Learn from a family of values how far apart the true ones are, and draw each towards the others accordingly.

    Parameters
    ----------
    value, error
        The values and their standard errors, none of them zero.

    Returns
    -------
    Mixture
        What is believed of each true value, one mixture a value.

    Notes
    -----
    True values are a mixture of normals around one centre, their deviations a grid; weights and centre are found by EM.
    Intervals hold on average over the family, and still do for members that are picked for being large.

    References
    ----------
    Stephens (2017), doi:10.1093/biostatistics/kxw041 (adaptive shrinkage); Efron (2014), doi:10.1214/13-STS455.
    """
    value, error = (np.asarray(each, dtype=np.float64)[:, None] for each in (value, error))
    some = slice(None, None, max(1, -(-len(value) // LEARNED_FROM)))
    centre = float((value / error**2).sum() / (1 / error**2).sum())
    least = float(error.min()) / 10
    prior = np.geomspace(least, max(2 * float(np.abs(value - centre).max()), 2 * least), DEVIATIONS) ** 2
    weight, spread = np.full(DEVIATIONS, 1 / DEVIATIONS), prior + error**2
    few, wide = value[some], np.ascontiguousarray(spread[some])
    density = 1 / np.sqrt(wide)
    for _ in range(ROUNDS):
        belongs = _belongs((few - centre) ** 2 / wide, weight * density)
        weight, pull = belongs.mean(axis=0), belongs / wide
        centre = float((pull * few).sum() / pull.sum())
    kept = prior / spread
    belongs = _belongs((value - centre) ** 2 / spread, weight / np.sqrt(spread))
    return Mixture(centre + kept * (value - centre), np.sqrt(kept) * error, belongs)


def greatest_deviation(value: ArrayLike, error: ArrayLike) -> float:
    """Give the upper end of a 95 % interval of the deviation between the true values of a family.

    Returns
    -------
    float
        In the unit of the values; infinite for a single value, zero where errors alone would lead to wider ones.
        Arguments as in `shrunk`.

    References
    ----------
    Viechtbauer (2007), doi:10.1002/sim.2514 (Q-profile).
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2

    value, variance = np.asarray(value, dtype=np.float64), np.asarray(error, dtype=np.float64) ** 2
    if len(value) < 2:
        return float(np.inf)
    expected = chi2.ppf(0.025, len(value) - 1)

    def excess(between: float) -> float:
        weight = 1 / (variance + between)
        return float((weight * (value - weight @ value / weight.sum()) ** 2).sum() - expected)

    if excess(0.0) <= 0:
        return 0.0
    return float(np.sqrt(brentq(excess, 0.0, ((value - value.mean()) ** 2).sum() / expected)))


def _belongs(off: Floats, density: Floats) -> Floats:
    """Give the probability that a true value is of each of the normals, the widest of which is the last."""
    likelihood = density * np.exp(0.5 * (off[:, -1:] - off))
    return np.asarray(likelihood / likelihood.sum(axis=1, keepdims=True), dtype=np.float64)


def family_ranks(
    family: Mixture, which: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Give the expected rank of some members of a family, 1 being the highest, and a 95 % interval of it.

    Notes
    -----
    How many others are above a value is a sum of independent events, taken as normal, and so is what is believed of
    each of the others; that is averaged over what is believed of the member's own value.
    """
    from scipy.special import ndtr

    mean, deviation = family.mean(), family.deviations()
    own = np.stack([np.atleast_1d(family.part(which).quantile(each)) for each in QUANTILES.tolist()], axis=1)
    above = ndtr((mean - own[:, :, None]) / deviation)
    above[np.arange(len(which)), :, list(which)] = 0.0
    scatter = np.sqrt((above * (1 - above)).sum(axis=-1)) + 1e-6
    rank = Mixture(1 + above.sum(axis=-1), scatter, np.full(scatter.shape, 1 / len(QUANTILES)))
    middle, low, high = (
        np.clip(np.rint(np.atleast_1d(each)), 1, len(mean)).astype(np.int64)
        for each in (rank.mean(), rank.quantile(0.025), rank.quantile(0.975))
    )
    return middle, low, high
