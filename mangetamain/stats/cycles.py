"""A cycle that comes again every year: its swing, its peak, and what holidays add to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mangetamain.finding import Estimate
from mangetamain.stats._mixed_effects import Floats, Grid, fit, normalised
from mangetamain.stats._mixtures import Mixture

HARMONICS = 2
# Of what years might have in common; the same ones every time.
DRAWS, SEED = 2000, 366
# Places of the year at which a drawn curve is looked at, three days apart.
PLACES = np.arange(122) / 122
# Swings that are tried for the interval.
TRIED = 17
# Shares of a trend that are tried for what of it runs within years.
SHARES = np.linspace(0, 1, 51)
# Beside the weight of all years, what keeps a window without days from having any coefficient.
RIDGE = 1e-9


def waves(place: Floats) -> Floats:
    """Give the cosines and sines of the harmonics at places of the year in [0, 1), one row a place."""
    angle = 2 * np.pi * np.multiply.outer(place, np.arange(1, HARMONICS + 1))
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1).reshape(len(place), -1)


@dataclass(frozen=True)
class YearlyCycles:
    """What least squares found in each year: its level, its harmonics and what its windows are above them.

    Shapes: `year` (years), `coefficient` and its sampling `variance` (years, coefficients), `shared` (series,
    coefficients): the deviation of an error that all years share, which moves all coefficients together.
    """

    year: NDArray[np.int64]
    coefficient: Floats
    variance: Floats
    shared: Floats

    def less(self, other: YearlyCycles) -> YearlyCycles:
        """Subtract another series' coefficients in the years that both have: what a year does to both cancels."""
        year, a, b = np.intersect1d(self.year, other.year, return_indices=True)
        coefficient, variance = self.coefficient[a] - other.coefficient[b], self.variance[a] + other.variance[b]
        return YearlyCycles(year, coefficient, variance, np.vstack([self.shared, other.shared]))


def yearly_cycles(
    year: NDArray[np.int64],
    place: Floats,
    n: Floats,
    value: Floats,
    windows: NDArray[np.bool_],
    taken: Floats | None = None,
) -> tuple[YearlyCycles, Floats]:
    """Fit the harmonics of each year by itself.

    Parameters
    ----------
    year, place
        Of each day the year, of two or more, and the place in it, in [0, 1).
    n, value
        How much a day counts, and its mean.
    windows
        Shape (days, windows): which days lie in each window, whose mean may be anything.
    taken
        Of each day what a year adds, where that is taken out of the values already as a line through each year.

    Returns
    -------
    tuple of YearlyCycles and ndarray
        The coefficients; and of each day what is left without the level and the trend of its year.

    Notes
    -----
    A line within a year looks much like a sine, and is not told from it by that year. The trend from year to year is
    that between the levels of the neighbours. It may run within the years or jump between them: which share of it runs
    within is what the lines that the harmonics leave in all years have in common with their trends, and how little that
    is known is an error that all years share. The errors of a year's days are half its own and half those of all
    years, so that a year in which a rare thing never occurs is not taken to be exact.
    """
    columns = np.column_stack([np.ones(len(place)), waves(place), windows])
    years, code = np.unique(year, return_inverse=True)
    both = np.column_stack([value, place - 0.5])
    parts = [(columns[at], n[at], both[at]) for at in (code == i for i in range(len(years)))]
    normal = np.stack([(x.T * w) @ x for x, w, _ in parts]) + RIDGE * n.sum() * np.eye(columns.shape[1])
    inverse = np.linalg.inv(normal)
    fits = inverse @ np.stack([(x.T * w) @ y for x, w, y in parts])
    off, line = (both - np.einsum("dc,dcv->dv", columns, fits[code])).T
    lines = np.bincount(code, n * line**2)
    tilt = np.bincount(code, n * line * off) / lines
    squares = np.bincount(code, n * (off - tilt[code] * line) ** 2)
    freedom = np.maximum(np.bincount(code, n > 0) - columns.shape[1] - 1, 1)
    error = (squares / freedom + squares.sum() / freedom.sum()) / 2
    trend = np.gradient(fits[:, 0, 0], years) if taken is None else np.bincount(code, taken) / np.bincount(code)
    out = 0.0 if taken is None else 1.0
    share, deviation = _share_within(tilt + out * trend, trend, error / lines)
    slope = (share - out) * trend
    coefficient = fits[..., 0] - slope[:, None] * fits[..., 1]
    variance = error[:, None] * np.diagonal(inverse, axis1=1, axis2=2)
    shared = deviation * (trend[:, None] * fits[..., 1]).mean(axis=0, keepdims=True)
    rest = value - slope[code] * (place - 0.5) - coefficient[code, 0]
    return YearlyCycles(years, coefficient, variance, shared), rest


def _share_within(tilt: Floats, trend: Floats, variance: Floats) -> tuple[float, float]:
    """Estimate which share of their trends runs within years, from the lines left in them; and its deviation.

    Any share is as likely beforehand; each year is one draw, whose errors have a common scale that is not known.
    """
    weight = 1 / (variance + np.median(variance))
    misfit = (weight * (tilt - np.multiply.outer(SHARES, trend)) ** 2).sum(axis=1)
    chance = normalised(-len(trend) / 2 * np.log(misfit + 1e-300))
    share = float(chance @ SHARES)
    return share, float(chance @ (SHARES - share) ** 2) ** 0.5


@dataclass(frozen=True)
class Cycle:
    """What years have in common.

    `swing` is the greatest value less the least, `p` that of any cycle at all; `peak` and `trough` are places of the
    year, whose intervals may lie across its end; `windows` is what each window is above the harmonics, `windows_p`
    its p. `level` and `harmonics` are coefficients, `errors` draws of the harmonics' errors (coefficients, draws).
    """

    level: float
    harmonics: Floats
    errors: Floats
    swing: Estimate
    p: float
    peak: Estimate
    trough: Estimate
    windows: list[Estimate]
    windows_p: Floats

    def curve(self, place: Floats) -> tuple[Floats, Floats, Floats]:
        """Give the curve at places of the year, with its 95 % interval at each."""
        at = waves(place)
        middle = self.level + at @ self.harmonics
        low, high = np.quantile(at @ self.errors, (0.025, 0.975), axis=1)
        return middle, middle + low, middle + high


def cycle(yearly: YearlyCycles) -> Cycle:
    """Judge what the cycles of at least three years have in common; each year is one draw.

    Notes
    -----
    Each coefficient is averaged over the years with a deviation between them that is averaged over, too (see
    `_mixed_effects.fit`). An estimated swing is too large, the more so the smaller the true one: chance alone has a
    peak. So the interval holds those swings s for which the estimate is none of the 2.5 % least or greatest ones that
    a curve of this shape and swing s would give; it reaches to zero unless chance alone would hardly swing as far.
    The value is the s whose estimates lie half below. An estimate that is smaller than half of chance's own swings is
    so by luck: it is taken as the middle one of these, for no swing at all might be left, and a swing that the years
    could not have shown would be ruled out. Intervals of dates are those of the peaks of the estimate with errors
    drawn.

    References
    ----------
    Cowan, Cranmer, Gross & Vitells (2011), doi:10.48550/arXiv.1105.3166 (power-constrained limits).
    """
    found = _pooled(yearly)
    mean, each = found.mean(), 1 + 2 * HARMONICS
    dice = np.random.default_rng(SEED)
    errors = found.draws(dice, DRAWS) - mean[:, None]
    errors += yearly.shared.T @ dice.normal(size=(len(yearly.shared), DRAWS))
    windows = found.blurred(np.sqrt((yearly.shared**2).sum(axis=0))).part(slice(each, None))
    errors, at = errors[1:each], waves(PLACES)
    curve, noise = at @ mean[1:each], at @ errors
    swing, p = _swing(curve[::2], noise[::2])
    drawn = np.ascontiguousarray(noise.T)  # the top of each is found quickest where its places lie side by side
    drawn += curve
    return Cycle(
        level=float(mean[0]),
        harmonics=mean[1:each],
        errors=errors,
        swing=swing,
        p=p,
        peak=_moved(curve.argmax(), drawn.argmax(axis=1)),
        trough=_moved(curve.argmin(), drawn.argmin(axis=1)),
        windows=windows.estimates(),
        windows_p=windows.p(),
    )


def _pooled(yearly: YearlyCycles) -> Mixture:
    """Average each coefficient over the years, which are no more alike for being neighbours."""
    pairs = Grid(np.geomspace(0.05, 8.0, 24), np.zeros(24), np.full(24, 1 / 24))
    y, se = yearly.coefficient.T, np.sqrt(yearly.variance.T)
    return fit(yearly.year.astype(float), np.ones((1, y.shape[1])), y, se, pairs).of(0)


def _swing(curve: Floats, noise: Floats) -> tuple[Estimate, float]:
    """Find the swings that the curve's own would be no surprise from, and its p were there none."""
    own, chance = float(np.ptp(curve)), np.ptp(noise, axis=0)
    seen = max(own, float(np.median(chance)))
    # Errors move a swing by no more than they themselves swing.
    most = float(np.quantile(chance, 0.98))
    tried = np.linspace(max(seen - most, 0.0), seen + most, TRIED)
    # Of no curve at all, a plain wave.
    shape = (curve / own if own else waves(PLACES[::2])[:, 0] / 2)[:, None]
    made = np.empty_like(noise)
    below = [(np.ptp(np.add(shape * swing, noise, out=made), axis=0) <= seen).mean() for swing in tried]
    low, value, high = np.interp((-0.975, -0.5, -0.025), -np.minimum.accumulate(below), tried).tolist()
    return Estimate(value, low, high), float((1 + (chance >= own).sum()) / (1 + len(chance)))


def _moved(seen: np.intp, drawn: NDArray[np.intp]) -> Estimate:
    """Tell where in the year something is (an index of PLACES), and how far from it errors would move that."""
    top = float(PLACES[seen])
    away = (PLACES[drawn] - top + 0.5) % 1 - 0.5
    low, high = np.quantile(away, (0.025, 0.975)).tolist()
    return Estimate(top, top + min(low, 0.0), top + max(high, 0.0))
