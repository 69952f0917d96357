"""Families of terms in the groups of a calendar: what each group holds beyond its share of each year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.stats._mixed_effects import Floats
from mangetamain.stats._mixtures import Mixture
from mangetamain.stats.families import SCATTERS, belief, learned

# Half a count more or less is what whole numbers are rough by: with three eighths added, roots are nearest to normal.
ROUGH = 0.375
# Below any real one: where a term was met in a single year, nothing is known of how its years differ.
NOTHING = 1e-6
# Twice the shape of a gamma law is its degrees of freedom: eighteen years of twelve months have 187.
MOST = 200.0


@dataclass(frozen=True)
class Gatherings:
    """What groups hold of each term, against what they would if each year's recipes were alike: (terms, groups).

    `observed` and `expected` are counts, `chance` and `spread` the parts of the variance of what is observed, by chance
    and a unit of the squared `sigma`, by which a group's own odds differ between years; `weight` (terms, sigmas) says
    how likely each sigma is.
    """

    observed: Floats
    expected: Floats
    chance: Floats
    spread: Floats
    sigma: Floats
    weight: Floats

    def ratio(self) -> Floats:
        """Give how many times its expected count each group holds; NaN for a group without recipes."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.observed / self.expected, dtype=np.float64)

    def p(self) -> Floats:
        """Give the probability of a ratio so high, were it one; 1 for a group without recipes.

        A count of variance a m + b m ** 2 about its mean m is taken to where that is one: by chance alone that is the
        root, by scatter alone the logarithm.
        """
        from scipy.special import ndtr

        size = np.maximum(self.expected, NOTHING)
        chance = np.maximum(self.chance / size, NOTHING)[..., None]
        root = np.maximum(np.sqrt(self.spread) / size, NOTHING)[..., None] * self.sigma
        ends = (np.arcsinh(root * np.sqrt((count[..., None] + ROUGH) / chance)) for count in (size, self.observed))
        below = ndtr(np.subtract(*ends) * 2 / root)
        return np.where(self.expected > 0, np.minimum((self.weight[:, None] * below).sum(axis=-1), 1.0), 1.0)

    def roots(self, term: NDArray[np.int64], group: NDArray[np.int64]) -> Mixture:
        """Give the square roots of some terms' ratios in a group each, which are nearly normal.

        A negative root stands for a ratio of nothing.
        """
        at = term, group
        size = np.maximum(self.expected[at], NOTHING)
        ratio = self.observed[at] / size
        deviation = _deviation(self.chance[at] / size, self.spread[at] / size * ratio, self.sigma)
        scale = np.sqrt(size + ROUGH)[:, None]
        centre = np.broadcast_to(np.sqrt(self.observed[at] + ROUGH)[:, None] / scale, deviation.shape)
        return Mixture(centre, deviation / scale, self.weight[term])


def _deviation(chance: Floats, spread: Floats, sigma: Floats) -> Floats:
    """Give the deviation of a count's root, whose variance is a quarter of the count's, as a part of the count."""
    return np.asarray(np.sqrt(np.maximum(chance[..., None] + spread[..., None] * sigma**2, NOTHING)) / 2)


def family_gatherings(cells: ArrayLike, posted: ArrayLike, moment: ArrayLike) -> Gatherings:
    """Compare the groups of a calendar within each year, for every term of a family.

    Parameters
    ----------
    cells
        Shape (terms, years, groups): the recipes that hold the term, none of the terms without any.
    posted
        Shape (years, groups): all recipes.
    moment
        Shape (years, groups): when in time these were posted, on average, in years; any number where there are none.

    Returns
    -------
    Gatherings
        Counts, expectations and their errors, one row a term.

    Notes
    -----
    Each year is a stratum, as in Mantel and Haenszel's test: a group is expected to hold its part of the year's recipes
    with the term, and the line of the term's yearly share moves that within the year. Around it, chance makes what a
    hypergeometric count would, and the odds of each group in each year have a deviation of sigma on the log scale, one
    of the term. Pearson's statistic of a term's years, within its groups, tells that sigma, its law a gamma one of the
    same mean and variance; how often terms have each sigma is learned from all of them (empirical Bayes), so that a
    term of few recipes is not taken for one without scatter, and a single odd year widens the interval of its term.

    References
    ----------
    Mantel & Haenszel (1959), doi:10.1093/jnci/22.4.719; Haldane (1937), doi:10.1093/biomet/29.1-2.133 (moments of
    Pearson's statistic where counts are few); Anscombe (1948), doi:10.1093/biomet/35.3-4.246 (roots of counts);
    Efron (2014), doi:10.1214/13-STS455.
    """
    cells, posted, moment = (np.asarray(values, dtype=np.float64) for values in (cells, posted, moment))
    strata = _Strata.of(cells, posted)
    observed, even = cells.sum(axis=1), strata.held @ strata.part
    likelihood = _likelihood(cells, observed, even, strata)
    weight = likelihood * learned(likelihood, belief().slopes.sum(axis=1))
    drift = _slopes(strata.held, posted, moment)[:, None] * _leads(posted, moment)
    return Gatherings(
        observed,
        np.clip(even + drift, even / 2, even * 2),
        strata.chance,
        strata.spread,
        SCATTERS,
        weight / weight.sum(axis=1, keepdims=True),
    )


@dataclass(frozen=True)
class _Strata:
    """Years: what terms hold in each, how freely chance and scatter move that, and the part that each group has of it.

    `mixed` is the variance of a group's deviation less the year's own, in parts of that of a single group.
    """

    held: Floats
    loose: Floats
    odd: Floats
    part: Floats
    mixed: Floats

    @classmethod
    def of(cls, cells: Floats, posted: Floats) -> _Strata:
        held, year = cells.sum(axis=2), posted.sum(axis=1)
        part = posted / year[:, None]
        others = 1 - held / year
        loose = held * others * year / np.maximum(year - 1, 1)
        # Two recipes are what a year needs to show that its odds are other than usual.
        odd = held * np.maximum(held - 1, 0) * others**2
        return cls(held, loose, odd, part, 1 - 2 * part + (part**2).sum(axis=1)[:, None])

    @property
    def chance(self) -> Floats:
        """The variance of what is observed in each group, by chance."""
        return np.asarray(self.loose @ (self.part * (1 - self.part)), dtype=np.float64)

    @property
    def spread(self) -> Floats:
        """The same by a scatter of one."""
        return np.asarray(self.odd @ (self.part**2 * self.mixed), dtype=np.float64)


def _likelihood(cells: Floats, observed: Floats, even: Floats, strata: _Strata) -> Floats:
    """Tell how likely each scatter makes Pearson's statistic of each term, as a share of the best: (terms, sigmas).

    A term's own ratios multiply what is expected in its groups; they are as many lost degrees of freedom.
    """
    from scipy.special import gammaln

    part, held = strata.part, np.maximum(strata.held, 1)
    there, groups = part > 0, (part > 0).sum(axis=1)
    over = np.divide(1, part, out=np.zeros_like(part), where=there)
    size = np.maximum(even, NOTHING)
    ratio, twice = observed / size, observed * (observed - 1) / size**2
    pearson = ((cells**2 * over).sum(axis=2) / held).sum(axis=1) - (observed**2 / size).sum(axis=1)
    chance = strata.loose / held * (ratio @ (there * (1 - part)).T)
    moved = strata.odd / held * (twice @ (part * strata.mixed).T)
    lost = (ratio * strata.chance / size).sum(axis=1), (twice * strata.spread / size).sum(axis=1)
    sigma2 = SCATTERS**2
    whole = chance.sum(axis=1)[:, None] + sigma2 * moved.sum(axis=1)[:, None]
    mean = np.maximum(whole - lost[0][:, None] - sigma2 * lost[1][:, None], NOTHING)
    freedom = np.maximum(groups - 1, 1)
    squares = [
        (2 * a * b / freedom).sum(axis=1)[:, None] for a, b in ((chance, chance), (chance, moved), (moved, moved))
    ]
    square = squares[0] + 2 * sigma2 * squares[1] + sigma2**2 * squares[2]
    few = (over.sum(axis=1) - groups**2 - 2 * groups + 2) * (strata.held > 0) / held
    variance = np.maximum((square + few.sum(axis=1)[:, None]) * mean / np.maximum(whole, NOTHING), mean**2 / MOST)
    shape, rate = mean**2 / variance, mean / variance
    at = np.maximum(pearson, NOTHING)[:, None]
    log = shape * np.log(rate) - gammaln(shape) + (shape - 1) * np.log(at) - rate * at
    return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)), dtype=np.float64)


def _slopes(held: Floats, posted: Floats, moment: Floats) -> Floats:
    """Give the slope of each term's yearly share, a unit of time."""
    n, middle = posted.sum(axis=1), _middles(posted, moment)
    time = middle - middle @ n / n.sum()
    return np.asarray(held @ time / max(float(time**2 @ n), NOTHING), dtype=np.float64)


def _leads(posted: Floats, moment: Floats) -> Floats:
    """Give how far each group's recipes lie behind their years' middles, all added up."""
    return np.asarray((posted * (moment - _middles(posted, moment)[:, None])).sum(axis=0), dtype=np.float64)


def _middles(posted: Floats, moment: Floats) -> Floats:
    return np.asarray((posted * moment).sum(axis=1) / posted.sum(axis=1), dtype=np.float64)
