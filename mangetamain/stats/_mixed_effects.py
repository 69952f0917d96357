"""Least squares where points carry known sampling errors, a common deviation beyond them and autocorrelation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from mangetamain.stats._mixtures import Floats as Floats
from mangetamain.stats._mixtures import Mixture

# Strongest autocorrelation of neighbours that is considered; beyond it a trend and a drift look alike.
TOP_RHO = 0.95


@dataclass(frozen=True)
class Grid:
    """Candidate deviations `tau` (in residual deviations) and autocorrelations `rho`, with the weight of each pair."""

    tau: Floats
    rho: Floats
    weight: Floats


@cache
def grid(taus: int, rhos: int, low: float, high: float) -> Grid:
    """Lay deviations on a logarithmic scale against autocorrelations at Gauss and Legendre's nodes on [0, TOP_RHO]."""
    nodes, weights = np.polynomial.legendre.leggauss(rhos)
    tau, rho = np.meshgrid(np.geomspace(low, high, taus), (nodes + 1) * TOP_RHO / 2, indexing="ij")
    return Grid(tau.ravel(), rho.ravel(), np.broadcast_to(weights, tau.shape).ravel() / weights.sum())


@dataclass(frozen=True)
class Posterior:
    """Coefficients given each pair of the grid, and the weight the data leave to the pair.

    Shapes: `coefficient` and `variance` (coefficients, series, pairs), `covariance` (coefficients twice, series, pairs),
    `weight` and `tau` (series, pairs), `likelihood` (series): the logarithm of the greatest over the pairs, not
    restricted, so that it compares designs.
    """

    coefficient: Floats
    variance: Floats
    weight: Floats
    tau: Floats
    rho: Floats
    covariance: Floats
    likelihood: Floats

    def of(self, which: int) -> Mixture:
        """Give a coefficient, one mixture a series."""
        return Mixture(self.coefficient[which], np.sqrt(self.variance[which]), self.weight)

    def contrast(self, vector: Floats) -> Mixture:
        """Give a linear function of the coefficients, one mixture a series."""
        variance = np.einsum("i,ijsq,j->sq", vector, self.covariance, vector)
        # Rounding alone can make the variance of a contrast that is known exactly negative.
        deviation = np.sqrt(np.maximum(variance, 1e-300))
        return Mixture(np.tensordot(vector, self.coefficient, 1), deviation, self.weight)

    def mean(self, which: int) -> Floats:
        """Average a coefficient over the grid, one value a series."""
        return self.of(which).mean()

    def p(self, which: int) -> Floats:
        """Give the two-sided probability of a coefficient's sign being the other one."""
        return self.of(which).p()

    def quantile(self, which: int, probability: float) -> Floats:
        """Give a coefficient's quantile, one value a series."""
        return self.of(which).quantile(probability)


def fit(time: Floats, design: Floats, y: Floats, se: Floats, pairs: Grid) -> Posterior:
    """Fit `y` on `design` for each pair of deviation and autocorrelation, and weigh the pairs by restricted likelihood.

    Parameters
    ----------
    time
        Shape (k,), increasing; the autocorrelation over a gap d is rho ** (d / smallest gap).
    design
        Shape (coefficients, k).
    y, se
        Shape (series, k); the errors of each series are se ** 2 plus tau ** 2, autocorrelated as AR(1).
    pairs
        The candidates. The prior of tau is 1 / (tau + s), s the harmonic mean of the squared errors' root: flat
        where sampling explains the deviations, the classical 1 / tau (so Student's t) where it does not.

    Returns
    -------
    Posterior
        One mixture of normals for each coefficient and series.

    Notes
    -----
    The likelihood is the state-space one (a Kalman filter in O(k), vectorised over series and pairs).

    References
    ----------
    Harville (1974), doi:10.1093/biomet/61.2.383 (restricted likelihood as an integral over the coefficients);
    Jones (1980), doi:10.1080/00401706.1980.10486177 (autoregression with gaps and observation error);
    Röver (2020), doi:10.18637/jss.v093.i06 (mixture over the deviation between studies).
    """
    s2 = se**2
    tau = scale(design, y, s2)[:, None] * pairs.tau
    cross, logdet = _filtered(time, design, y, s2, tau**2, pairs.rho)
    p = len(design)
    information = np.zeros_like(logdet)
    for j in range(p):
        information += np.log(cross[j, j])
        _sweep(cross, j)
    log = log_prior(pairs, tau, s2) - 0.5 * (logdet + information + cross[p, p])
    variance = np.stack([cross[j, j] for j in range(p)])
    likelihood = -0.5 * (logdet + cross[p, p]).min(axis=1)
    return Posterior(cross[:p, p], variance, normalised(log), tau, pairs.rho, cross[:p, :p], likelihood)


def log_prior(pairs: Grid, tau: Floats, s2: Floats) -> Floats:
    """Give the prior of the pairs, 1 / (tau + known error) on a logarithmic scale, for each series."""
    known = np.sqrt(1 / np.mean(1 / np.maximum(s2, 1e-300), axis=1))[:, None]
    return np.asarray(np.log(pairs.weight * tau / (tau + known)), dtype=np.float64)


def normalised(log: Floats) -> Floats:
    """Turn logarithms of weights into weights that add up to one along the last axis."""
    weight = np.exp(log - log.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True), dtype=np.float64)


def scale(design: Floats, y: Floats, s2: Floats) -> Floats:
    """Weighted residual deviation of each series, the unit of the grid of deviations."""
    # The tiny terms keep the unit above zero where a series lies on its line or its errors are taken as known.
    w = 1 / (s2 + np.median(s2, axis=1, keepdims=True) + 1e-12 * y.var(axis=1, keepdims=True) + 1e-300)
    w = w / w.mean(axis=1, keepdims=True)
    normal = np.einsum("sk,ik,jk->sij", w, design, design)
    beta = np.linalg.solve(normal, np.einsum("sk,ik,sk->si", w, design, y)[..., None])[..., 0]
    rest = y - beta @ design
    k, p = y.shape[1], len(design)
    variance = (w * rest**2).sum(axis=1) / max(k - p, 1)
    tiny = 1e-24 * (y**2).mean(axis=1) + 1e-40
    return np.asarray(np.sqrt(variance + 1e-4 * np.median(s2, axis=1) + tiny), dtype=np.float64)


def _filtered(time: Floats, design: Floats, y: Floats, s2: Floats, tau2: Floats, rho: Floats) -> tuple[Floats, Floats]:
    """Cross products of [design, y] in the metric of the errors' inverse covariance, and its log determinant."""
    columns = len(design) + 1
    cross = np.zeros((columns, columns, *tau2.shape))
    logdet = np.zeros_like(tau2)
    values = np.concatenate([np.broadcast_to(design[:, None], (columns - 1, *y.shape)), y[None]])
    for new, scaled, total in innovations(time, values, s2, tau2, rho):
        for c in range(columns):
            cross[c, c:] += scaled[c] * new[c:]
        logdet += np.log(total)
    for c in range(columns):
        cross[c:, c] = cross[c, c:]
    return cross, logdet


def innovations(
    time: Floats, columns: Floats, s2: Floats, tau2: Floats, rho: Floats
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Filter columns (columns, series, k) point by point: what is new, the same over its variance, and the variance.

    The arrays (columns, series, pairs) hold until the next point. Products of what is new and what is scaled add up to
    the cross products of the columns in the metric of the errors' inverse covariance.
    """
    gap = np.diff(time)
    phi = rho ** (np.append(gap, gap[-1]) / gap.min())[:, None]
    state, variance = np.zeros((len(columns), *tau2.shape)), tau2.copy()
    for t in range(len(time)):
        total = variance + s2[:, t, None]
        new = columns[:, :, t, None] - state
        scaled = new / total
        yield new, scaled, total
        state = phi[t] * (state + variance * scaled)
        variance = phi[t] ** 2 * (variance * s2[:, t, None] / total) + tau2 * (1 - phi[t] ** 2)


def _sweep(matrix: Floats, j: int) -> None:
    """Regress on column j in place: coefficients, inverse and residual sum stand where they belong after all j."""
    pivot = matrix[j, j].copy()
    column = matrix[:, j].copy()
    row = matrix[j] / pivot
    matrix -= column[:, None] * row
    matrix[j] = row
    matrix[:, j] = -column / pivot
    matrix[j, j] = 1 / pivot
