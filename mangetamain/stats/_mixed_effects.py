"""Least squares where points carry known sampling errors, a common deviation beyond them and autocorrelation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

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

    Shapes: `coefficient` and `variance` (coefficients, series, pairs), `covariance` (coefficients twice, series,
    pairs), `weight` and `tau` (series, pairs), `likelihood` (series): the logarithm of the greatest over the pairs,
    not restricted, so that it compares designs.
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

    def each(self, count: int, series: int = 0) -> Mixture:
        """Give the first coefficients of a series, one mixture a coefficient."""
        weight = np.broadcast_to(self.weight[series], (count, self.weight.shape[1]))
        return Mixture(self.coefficient[:count, series], np.sqrt(self.variance[:count, series]), weight)

    def apart(self, a: NDArray[np.int64], b: NDArray[np.int64], series: int = 0) -> Mixture:
        """Give differences between coefficients of a series, one mixture a difference."""
        covariance = self.covariance[:, :, series]
        variance = covariance[a, a] + covariance[b, b] - 2 * covariance[a, b]
        weight = np.broadcast_to(self.weight[series], variance.shape)
        return Mixture(self.coefficient[a, series] - self.coefficient[b, series], np.sqrt(variance), weight)

    def mean(self, which: int) -> Floats:
        """Average a coefficient over the grid, one value a series."""
        return self.of(which).mean()

    def p(self, which: int) -> Floats:
        """Give the two-sided probability of a coefficient's sign being the other one."""
        return self.of(which).p()

    def quantile(self, which: int, probability: float) -> Floats:
        """Give a coefficient's quantile, one value a series."""
        return self.of(which).quantile(probability)


@dataclass(frozen=True)
class Products:
    """Cross products of columns, the series last of them, in the metric of each pair's errors.

    Shapes: `cross` (columns twice, series, pairs); `logdet` of the errors, `log_prior` and `tau` (series, pairs).
    """

    cross: Floats
    logdet: Floats
    log_prior: Floats
    tau: Floats
    rho: Floats

    def posterior(self, design: Sequence[int]) -> Posterior:
        """Regress the series on some of the columns, and weigh the pairs by restricted likelihood."""
        p, kept = len(design), [*design, len(self.cross) - 1]
        cross = self.cross[np.ix_(kept, kept)]
        information = np.zeros_like(self.logdet)
        for j in range(p):
            information += np.log(cross[j, j])
            sweep(cross, j)
        weight = normalised(self.log_prior - 0.5 * (self.logdet + information + cross[p, p]))
        variance = np.stack([cross[j, j] for j in range(p)])
        likelihood = -0.5 * (self.logdet + cross[p, p]).min(axis=1)
        return Posterior(cross[:p, p], variance, weight, self.tau, self.rho, cross[:p, :p], likelihood)


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
    return products(time, design, y, se, pairs).posterior(range(len(design)))


def products(time: Floats, columns: Floats, y: Floats, se: Floats, pairs: Grid, base: int | None = None) -> Products:
    """Reckon the cross products that any choice among the columns can be fitted from, as `fit` does.

    The deviations of the grid count in residual deviations of the first `base` columns, all if not given.
    """
    s2 = se**2
    tau = _scale(columns[:base], y, s2)[:, None] * pairs.tau
    known = np.sqrt(1 / np.mean(1 / np.maximum(s2, 1e-300), axis=1))[:, None]
    log_prior = np.log(pairs.weight * tau / (tau + known))
    cross, logdet = _filtered(time, columns, y, s2, tau**2, pairs.rho)
    return Products(cross, logdet, log_prior, tau, pairs.rho)


def normalised(log: Floats) -> Floats:
    """Turn logarithms of weights into weights that add up to one along the last axis."""
    weight = np.exp(log - log.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True), dtype=np.float64)


def _scale(design: Floats, y: Floats, s2: Floats) -> Floats:
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


def _filtered(time: Floats, columns: Floats, y: Floats, s2: Floats, tau2: Floats, rho: Floats) -> tuple[Floats, Floats]:
    """Cross products of [columns, y] in the metric of the errors' inverse covariance, and its log determinant.

    What the points before it leave of a point follows from what they left of the last one. The many pairs lie along the
    last axis, where arithmetic is quickest.
    """
    gap = np.diff(time)
    phi = rho ** (np.append(gap, gap[-1]) / gap.min())[:, None, None]
    values = np.concatenate([np.broadcast_to(columns[:, None], (len(columns), *y.shape)), y[None]])
    values, s2 = np.moveaxis(values, -1, 0)[..., None], s2.T[..., None]
    k, c = values.shape[:2]
    left, total = np.empty((k, c, *tau2.shape)), np.empty((k, *tau2.shape))
    left[0], variance, fresh = values[0], tau2, tau2 * (1 - phi**2)
    for t in range(k):
        total[t] = variance + s2[t]
        damped = phi[t] * s2[t] / total[t]
        variance = phi[t] * damped * variance + fresh[t]
        if t + 1 < k:
            np.multiply(damped, left[t], out=left[t + 1])
            left[t + 1] += values[t + 1] - phi[t] * values[t]
    cross = np.empty((c, c, *tau2.shape))
    for i in range(c):
        cross[i, i:] = cross[i:, i] = np.einsum("t...,tj...->j...", left[:, i] / total, left[:, i:])
    return cross, np.log(total).sum(axis=0)


def sweep(matrix: Floats, j: int) -> None:
    """Regress on column j in place: coefficients, inverse and residual sum stand where they belong after all j."""
    pivot = matrix[j, j].copy()
    column = matrix[:, j].copy()
    row = matrix[j] / pivot
    matrix -= column[:, None] * row
    matrix[j] = row
    matrix[:, j] = -column / pivot
    matrix[j, j] = 1 / pivot
