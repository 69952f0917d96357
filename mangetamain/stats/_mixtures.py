"""Mixtures of normals: what is left of a coefficient once the deviations behind it are averaged over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.finding import Estimate

Floats = NDArray[np.float64]
# Newton's step on the normal scale is nearly exact; halving a bracket of any width takes about sixty.
MOST_STEPS = 200


@dataclass(frozen=True)
class Mixture:
    """Mixtures along the last axis: `centre`, `deviation` and `weight` (which adds up to one) of each normal."""

    centre: Floats
    deviation: Floats
    weight: Floats

    def part(self, which: slice | Sequence[int]) -> Mixture:
        """Give some of the mixtures."""
        return Mixture(self.centre[which], self.deviation[which], self.weight[which])

    def shifted(self, by: float) -> Mixture:
        """Add a number."""
        return Mixture(self.centre + by, self.deviation, self.weight)

    def times(self, factor: float) -> Mixture:
        """Multiply by a positive number."""
        return Mixture(self.centre * factor, self.deviation * factor, self.weight)

    def blurred(self, deviation: Floats) -> Mixture:
        """Add a normal error to each of a row of mixtures, of its own deviation."""
        return Mixture(self.centre, np.hypot(self.deviation, deviation[:, None]), self.weight)

    def mean(self) -> Floats:
        """Average the normals."""
        return np.asarray((self.weight * self.centre).sum(axis=-1), dtype=np.float64)

    def draws(self, dice: np.random.Generator, number: int) -> Floats:
        """Draw from each of a row of mixtures, independently: one row a mixture."""
        upto, rows = self.weight.cumsum(axis=-1), np.arange(len(self.weight))[:, None]
        chosen = (dice.random((len(upto), number))[..., None] > upto[:, None, :-1]).sum(axis=-1)
        drawn = self.centre[rows, chosen] + self.deviation[rows, chosen] * dice.normal(size=chosen.shape)
        return np.asarray(drawn, dtype=np.float64)

    def deviations(self) -> Floats:
        """Give the standard deviation of each mixture."""
        off = self.centre - self.mean()[..., None]
        return np.asarray(np.sqrt((self.weight * (self.deviation**2 + off**2)).sum(axis=-1)), dtype=np.float64)

    def p(self) -> Floats:
        """Give the two-sided probability of the sign being the other one."""
        from scipy.special import ndtr

        way = np.sign(self.mean())[..., None]
        other = (self.weight * ndtr(-way * self.centre / self.deviation)).sum(-1)
        return np.asarray(2 * np.minimum(other, 1 - other), dtype=np.float64)

    def estimates(self, confidence: float = 0.95) -> list[Estimate]:
        """Give the mean of each mixture with its interval of equal tails."""
        low, high = self.quantile([(1 - confidence) / 2, (1 + confidence) / 2]).reshape(2, -1).tolist()
        ends = zip(np.atleast_1d(self.mean()).tolist(), low, high, strict=True)
        return [Estimate(value, start, end, confidence) for value, start, end in ends]

    def estimate(self, confidence: float = 0.95) -> Estimate:
        """Give the mean of a single mixture with its interval of equal tails."""
        (only,) = self.estimates(confidence)
        return only

    def quantile(self, probability: ArrayLike) -> Floats:
        """Invert the mixtures at a probability, or at several, of which each is a row of what is found.

        Newton steps go on the normal scale, where mixtures are almost lines, inside a bracket. A mixture's quantile
        lies between those of its normals; a step that leaves what is known to hold it (where a few wide normals stand
        in the tail of narrow ones) is replaced by halving.
        """
        from scipy.special import ndtri

        asked = np.asarray(probability, dtype=np.float64)
        asked = asked.reshape(asked.shape + (1,) * (self.centre.ndim - 1))
        target = ndtri(asked)
        ends = np.where(self.weight > 0, self.centre + target[..., None] * self.deviation, np.nan)
        low, high = np.nanmin(ends, axis=-1), np.nanmax(ends, axis=-1)
        at = np.clip(self.mean() + target * self.deviations(), low, high)
        for _ in range(MOST_STEPS):
            below, density = self._below(at)
            missed = below - asked
            low, high = np.where(missed <= 0, at, low), np.where(missed >= 0, at, high)
            # At 0 and 1 the normal scale has no end, and a step from there would have none.
            here = ndtri(np.clip(below, 1e-15, 1 - 1e-15))
            step = at + (target - here) * np.exp(-0.5 * here**2) / np.maximum(density, 1e-300)
            step = np.where((step > low) & (step < high), step, low + (high - low) / 2)
            exact = np.abs(missed) <= 1e-11 * np.minimum(asked, 1 - asked) + 1e-16
            step = np.where(exact, at, step)
            if np.array_equal(step, at):
                break
            at = step
        return np.asarray(at, dtype=np.float64)

    def _below(self, at: Floats) -> tuple[Floats, Floats]:
        """Give the probability below a place, and the density there times sqrt(2 pi)."""
        from scipy.special import ndtr

        z = (at[..., None] - self.centre) / self.deviation
        return (self.weight * ndtr(z)).sum(-1), (self.weight * np.exp(-0.5 * z**2) / self.deviation).sum(-1)
