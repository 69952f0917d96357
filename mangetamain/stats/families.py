"""Families of yearly shares: the scatter between years that they have in common, and what each does beyond it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.stats._mixed_effects import TOP_RHO, Floats
from mangetamain.stats._mixtures import Mixture

# Scatters of a term's odds between years (a standard deviation on the log scale), from what nobody could see in 20,000
# recipes a year to odds that go up and down fivefold; and how many resemblances of neighbours.
SCATTERS = np.geomspace(0.005, 1.5, 12)
RESEMBLANCES = 4
# Deviations of slopes from none, in log odds over half of the years: from what is none to odds that rise 170-fold.
SLOPES = np.geomspace(0.01, 2.56, 9)
# What is believed before any term is seen: any scatter below this, on the scale itself, and few far above it, and any
# slope. The belief weighs as much as so many terms, so that a family of two or three does not claim to know its own.
USUAL, BELIEF = 0.1, 4.0
# Of a larger family every second, third, ... term tells the scatter as well.
LEARNED_FROM, ROUNDS = 600, 20
# So many terms are fitted at once: what they need stays near the processor.
AT_ONCE = 256
# Years in which a term is twice as frequent are counted with other errors. By how much of itself a share moves over
# half of the years, for this purpose alone.
TILTS = np.array([-0.6, -0.3, 0.0, 0.3, 0.6])
# Coefficients, their deviations, and their likelihoods as shares of the best.
Fit = tuple[Floats, Floats, Floats]


@dataclass(frozen=True)
class Scatter:
    """How often terms of a family scatter so much between years and resemble the year before, and how far they move.

    One entry a pair: `sigma` (standard deviation of log odds beyond sampling), `rho` (autocorrelation) and `weight`
    (they add up to one). `slopes` says how often a term has each sigma of SCATTERS and a slope of each of SLOPES.
    """

    sigma: Floats
    rho: Floats
    weight: Floats
    slopes: Floats


@cache
def belief() -> Scatter:
    """Give the scatter believed before a family is seen."""
    nodes, weights = np.polynomial.legendre.leggauss(RESEMBLANCES)
    sigma, rho = np.meshgrid(SCATTERS, (nodes + 1) * TOP_RHO / 2, indexing="ij")
    weight = sigma / (sigma + USUAL) * weights
    weight /= weight.sum()
    slopes = np.repeat(weight.sum(axis=1, keepdims=True) / len(SLOPES), len(SLOPES), axis=1)
    return Scatter(sigma.ravel(), rho.ravel(), weight.ravel(), slopes)


def family_scatter(x: ArrayLike, counts: ArrayLike, n: ArrayLike) -> Scatter:
    """Learn from the terms of a family how much they differ between years beyond their lines, and how far these lead.

    Parameters
    ----------
    x
        Years, increasing, at least three.
    counts
        Shape (terms, years): the recipes that hold the term. Without terms nothing is learned.
    n
        Recipes a year, none of them zero.

    Returns
    -------
    Scatter
        The distribution over the terms, for `family_slopes` and `family_steps`.

    Raises
    ------
    ValueError
        With fewer than three years.

    Notes
    -----
    The distributions are found by EM from the restricted likelihoods of the terms on a grid: first of the scatter,
    whatever the slopes, then of the slopes at each scatter, for terms that go up and down often move, too. Of more than
    600 terms every second, third, ... is taken, so order them by what has nothing to do with either, as their names.

    References
    ----------
    Efron (2014), doi:10.1214/13-STS455 (empirical Bayes with many parallel cases); Varadhan & Roland (2008),
    doi:10.1111/j.1467-9469.2007.00585.x (EM in long steps); Harville (1974), doi:10.1093/biomet/61.2.383 (restricted
    likelihood).
    """
    return _learned(_grid_fit(_Shares.of(x, _some(np.asarray(counts, dtype=np.float64)), n)))


def _some(terms: Floats) -> Floats:
    """Take every second, third, ... row of a larger family, of a smaller one all."""
    return terms[:: max(1, -(-len(terms) // LEARNED_FROM))]


def family_slopes(x: ArrayLike, counts: ArrayLike, n: ArrayLike, scatter: Scatter) -> Mixture:
    """Fit the slope of each term, whose scatter between years, and whose slope, is one of its family's.

    Returns
    -------
    Mixture
        Slopes in share a unit of x, one mixture a term; arguments as in `family_scatter`.

    Notes
    -----
    A share p has the sampling variance p (1 - p) / n, and around the term's line a deviation of sigma p (1 - p), which
    is sigma on the scale of log odds, with autocorrelation rho ** lag. Slopes are a mixture of normals around none, of
    SLOPES on that scale. What is believed of a term averages over all of these, weighted by the family and by the
    term's own likelihood. So a slope is drawn towards none as far as the family's are small, and its interval holds
    for terms that are picked for being large as it does for any: where it excludes zero, the sign is wrong once in
    forty at most, and no further test of the family is needed. Measured on 300 terms in the published numbers of
    recipes, one in ten of which moves by 30 % of itself a decade, with a scatter of .1: false discoveries .01, power
    .37, and intervals that cover in .98, in .95 of those that exclude zero. (Flat slopes at q < .05 by Benjamini and
    Hochberg: .02, .43, and .93; where a year resembles the one before by .5, power .11 against .14 here.)

    References
    ----------
    Stephens (2017), doi:10.1093/biostatistics/kxw041 (false signs).
    """
    shares = _Shares.of(x, counts, n)
    return _slopes(shares, _grid_fit(shares), scatter)


def family_trends(x: ArrayLike, counts: ArrayLike, n: ArrayLike) -> tuple[Scatter, Mixture]:
    """Learn the scatter of a family and fit the slopes of its terms: both of the above, at the price of one."""
    shares = _Shares.of(x, counts, n)
    fit = _grid_fit(shares)
    scatter = _learned((_some(fit[0]), _some(fit[1]), _some(fit[2])))
    return scatter, _slopes(shares, fit, scatter)


def _learned(fit: Fit) -> Scatter:
    """Learn the scatter, then the slopes at each sigma, from the fits of some terms."""
    all_pairs = belief()
    scatter = replace(all_pairs, weight=learned(fit[2], all_pairs.weight))
    mean, variance, likelihood = _by_sigma(fit, scatter)
    likelihood = _of_slopes(mean, variance + SLOPES**2, likelihood).reshape(-1, all_pairs.slopes.size)
    likelihood /= likelihood.max(axis=1, keepdims=True)
    return replace(scatter, slopes=learned(likelihood, all_pairs.slopes.ravel()).reshape(all_pairs.slopes.shape))


def _by_sigma(fit: Fit, scatter: Scatter) -> tuple[Floats, Floats, Floats]:
    """Take the fits of each sigma together, over the resemblances: mean, variance, likelihood, (terms, sigmas, 1)."""
    shape = (len(SCATTERS), RESEMBLANCES)
    coefficient, deviation, likelihood = (each.reshape(-1, *shape) for each in fit)
    weight = scatter.weight.reshape(shape)
    # A sigma that a term rules out has its resemblances all the same.
    likelihood = np.maximum(likelihood, 1e-290) * weight
    every = likelihood.sum(axis=2, keepdims=True)
    share = likelihood / every
    mean = (share * coefficient).sum(axis=2, keepdims=True)
    variance = (share * (deviation**2 + (coefficient - mean) ** 2)).sum(axis=2, keepdims=True)
    return mean, variance, every / weight.sum(axis=1)[:, None]


def _of_slopes(mean: Floats, spread: Floats, likelihood: Floats) -> Floats:
    """Give the likelihood of each sigma and deviation of slopes, which lead to such variances of fitted slopes."""
    return np.asarray(likelihood / np.sqrt(spread) * np.exp(-0.5 * mean**2 / spread))


def _slopes(shares: _Shares, fit: Fit, scatter: Scatter) -> Mixture:
    """Draw the slopes towards none, in share a unit of x."""
    mean, variance, likelihood = _by_sigma(fit, scatter)
    spread, unit = variance + SLOPES**2, (shares.unit / shares.half)[:, None, None]
    weight = _of_slopes(mean, spread, likelihood) * scatter.slopes
    weight /= weight.sum(axis=(1, 2), keepdims=True)
    kept = SLOPES**2 / spread
    drawn = mean * unit * kept, np.sqrt(variance * unit**2 * kept), weight
    return Mixture(*(each.reshape(-1, scatter.slopes.size) for each in drawn))


def family_steps(x: ArrayLike, counts: ArrayLike, n: ArrayLike, at: ArrayLike, scatter: Scatter) -> Mixture:
    """Fit one step beside the line of each term, from the year `at` (an index, one a term) on.

    Returns
    -------
    Mixture
        Sizes of the steps in share; other arguments as in `family_scatter`, the model as in `family_slopes`.
    """
    shares = _Shares.of(x, counts, n)
    after = np.arange(len(shares.time)) >= np.asarray(at)[:, None]
    coefficient, deviation, likelihood = _grid_fit(shares, after.astype(np.float64))
    unit = shares.unit[:, None]
    weight = likelihood * scatter.weight
    return Mixture(coefficient * unit, deviation * unit, weight / weight.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class _Shares:
    """Deviations of yearly shares from each term's own, `unit` = p (1 - p) of it, and its tilt (index in TILTS)."""

    gap: Floats
    time: Floats
    half: float
    n: Floats
    rest: Floats
    unit: Floats
    tilt: NDArray[np.int64]

    @classmethod
    def of(cls, x: ArrayLike, counts: ArrayLike, n: ArrayLike) -> _Shares:
        x, counts, n = (np.asarray(values, dtype=np.float64) for values in (x, counts, n))
        if len(x) < 3:
            raise ValueError(f"a trend needs at least three points, got {len(x)}")
        half = float(np.ptp(x)) / 2
        time = (x - x @ n / n.sum()) / half
        # Half a recipe with and half a one without keep a term of all recipes, or none, off the ends.
        share = ((counts.sum(axis=1) + 0.5) / (n.sum() + 1))[:, None]
        unit, rest = share * (1 - share), counts / n - share
        tilt = (1 - 2 * share) / unit * (rest @ (n * time) / (time**2 @ n))[:, None]
        gap = np.abs(x[:, None] - x) / np.diff(x).min()
        return cls(gap, time, half, n, rest, unit[:, 0], np.abs(tilt - TILTS).argmin(axis=1))


def _grid_fit(shares: _Shares, extra: Floats | None = None) -> Fit:
    """Fit every term for each pair of the grid.

    Returns the last coefficient and its deviation in units of p (1 - p), and the restricted likelihood of each pair as
    a share of the term's best: (terms, pairs).
    """
    line, rest = np.stack([np.ones_like(shares.time), shares.time]), shares.rest / shares.unit[:, None]
    own = np.stack([rest] if extra is None else [extra, rest])[:, None]
    rhos = np.unique(belief().rho)[:, None, None]
    found = np.empty((3, len(rest), len(belief().rho)))
    for tilt in np.unique(shares.tilt):
        rows = np.flatnonzero(shares.tilt == tilt)
        level = np.clip(1 + TILTS[tilt] * shares.time, 0.25, 4)
        root = np.sqrt(shares.n * level)
        size, axes = np.linalg.eigh(root[:, None] * rhos**shares.gap * root)
        size, axes = np.maximum(size, 0), (root / level)[:, None] * axes
        for some in np.array_split(rows, -(-len(rows) // AT_ONCE)):
            found[:, some] = _fitted(line @ axes, own[:, :, some] @ axes, size, shares.unit[some])
    coefficient, information, log = found
    return coefficient, 1 / np.sqrt(shares.unit[:, None] * information), np.exp(log - log.max(axis=1, keepdims=True))


def _fitted(line: Floats, own: Floats, size: Floats, unit: Floats) -> Floats:
    """Regress the last of each term's own columns [extra, rest] on those before and on the line, for each pair.

    In units of p (1 - p), errors have covariance sigma ** 2 rho ** lag plus 1 / (p (1 - p) n): the columns, those of
    the line (rhos, columns, axes) and own ones (columns, rhos, terms, axes), are rotated to where both are diagonal,
    for all sigma, and their sizes are sigma ** 2 and 1 / unit.

    Returns the last coefficient, its information and the logarithm of the restricted likelihood: (terms, pairs).
    """
    weight = np.multiply.outer(size, np.multiply.outer(unit, SCATTERS**2))
    weight += 1
    np.reciprocal(weight, out=weight)
    columns = [*line.swapaxes(0, 1)[:, :, None], *own]
    last = len(columns) - 1
    pairs = list(combinations_with_replacement(range(last + 1), 2))
    products = {(a, b): columns[a] * columns[b] for a, b in pairs}
    # The line is that of all terms: its products are summed for all of them at once.
    shared, mine = ([pair for pair in pairs if (pair[1] < line.shape[1]) == of_all] for of_all in (True, False))
    sums = np.concatenate([products[pair] for pair in shared], axis=1) @ weight.reshape(*size.shape, -1)
    cross = dict(zip(shared, sums.swapaxes(0, 1).reshape(len(shared), len(size), *weight.shape[2:]), strict=True))
    sums = np.stack([products[pair] for pair in mine], axis=2) @ weight.swapaxes(1, 2)
    cross |= dict(zip(mine, np.moveaxis(sums, 2, 0).copy(), strict=True))
    determinant = 1 / weight.prod(axis=1)
    for j in range(last):
        determinant *= cross[j, j]
        for a, b in combinations_with_replacement(range(j + 1, last + 1), 2):
            cross[a, b] -= cross[j, a] / cross[j, j] * cross[j, b]
    information = cross[last - 1, last - 1]
    log = -0.5 * (np.log(determinant) + unit[:, None] * cross[last, last])
    found = np.stack([cross[last - 1, last] / information, information, log])
    return np.moveaxis(found, 1, 3).reshape(3, len(unit), -1)


def learned(likelihood: Floats, believed: Floats) -> Floats:
    """Find by EM how often the terms have each property, taking long steps (SQUAREM) where they lead uphill.

    Of each term the likelihood of each property, and the weights believed before, which add up to one, as what is
    learned does.
    """
    prior = BELIEF * believed

    def step(weight: Floats) -> Floats:
        expected = weight * ((1 / (likelihood @ weight)) @ likelihood)
        return np.asarray((prior + expected) / (BELIEF + len(likelihood)), dtype=np.float64)

    def height(weight: Floats) -> float:
        return float(np.log(likelihood @ weight).sum() + prior @ np.log(weight))

    weight = believed
    for _ in range(ROUNDS):
        one = step(weight)
        two = step(one)
        first, second = np.log(one / weight), np.log(two * weight / one**2)
        length = np.linalg.norm(first) / max(float(np.linalg.norm(second)), 1e-9)
        far = weight * np.exp(np.clip(2 * length * first + length**2 * second, -50, 50))
        far = step(far / far.sum())
        weight = far if height(far) > height(two) else two
    return weight
