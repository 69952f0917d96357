"""Distributions from counts by value: exact centres and quantiles of many groups at once, with their errors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.stats._mixed_effects import Floats
from mangetamain.stats.pooling import pooled_se

Integers = NDArray[np.int64]
# The share left out at each end of a trimmed mean: a few entries of hundreds of thousands of kcal move a plain one.
CUT = 0.10


@dataclass(frozen=True)
class Transform:
    """What to make of each value so that the mean of these has the error of a centre; one entry a group.

    A value below `low` counts as `below`, one above `high` as `above`, at either as `at_low` and `at_high`; between
    the two it counts as itself. A caller who knows where the rows are can sum them by cluster.
    """

    low: Floats
    high: Floats
    below: Floats
    at_low: Floats
    at_high: Floats
    above: Floats


class Counts:
    """How often each value occurs in each of some groups.

    Parameters
    ----------
    group
        Group of each row, 0 to `groups` - 1, not falling.
    value
        The value, rising within a group.
    n
        How often it occurs there, above 0.
    groups
        Number of groups; those without a row are empty, and what is asked of them is NaN.
    """

    def __init__(self, group: ArrayLike, value: ArrayLike, n: ArrayLike, groups: int) -> None:
        self.group = np.asarray(group, dtype=np.int64)
        self.value = np.asarray(value, dtype=np.float64)
        self.n = np.asarray(n, dtype=np.int64)
        self.groups = groups

    def sum(self, of: ArrayLike) -> Floats:
        """Sum a column by group."""
        weights = np.asarray(of, dtype=np.float64)
        return np.asarray(np.bincount(self.group, weights=weights, minlength=self.groups), dtype=np.float64)

    @cached_property
    def size(self) -> Integers:
        """Values a group."""
        return self.sum(self.n).astype(np.int64)

    @cached_property
    def mean(self) -> Floats:
        """Mean a group."""
        return _over(self.sum(self.n * self.value), self.size)

    @cached_property
    def sd(self) -> Floats:
        """Standard deviation (n - 1) a group; NaN for fewer than two values."""
        squares = self.sum(self.n * (self.value - self.mean[self.group]) ** 2)
        return np.sqrt(_over(squares, self.size - 1))

    @cached_property
    def before(self) -> Integers:
        """How many values of its group come before each row's."""
        upto = np.cumsum(self.n)
        first = np.searchsorted(self.group, np.arange(self.groups))
        start = np.concatenate([[0], upto])[first]
        return np.asarray(upto - self.n - start[self.group], dtype=np.int64)

    def nearest(self, q: float) -> Floats:
        """Give the nearest-rank quantile of each group, halves away from zero, as the predecessor's polars did."""
        return self.at(np.floor(q * (self.size - 1) + 0.5).astype(np.int64))

    def at(self, rank: Integers) -> Floats:
        """Give the value of a rank in each group, from 0."""
        start = np.cumsum(self.size) - self.size
        row = np.searchsorted(np.cumsum(self.n), start + rank, side="right")
        found = self.value[np.minimum(row, len(self.value) - 1)] if len(self.value) else np.zeros(self.groups)
        return np.where(self.size > 0, found, np.nan)

    def median(self) -> Floats:
        """Give the plain median of each group."""
        return (self.at(np.maximum(self.size - 1, 0) // 2) + self.at(self.size // 2)) / 2

    def centre(self, kind: str) -> tuple[Floats, Transform]:
        """Give the centre of each group, `mean`, `trimmed` or `median`, and the transform of its error."""
        return {"mean": self.means, "trimmed": self.trimmed, "median": self.mid_median}[kind]()

    def means(self) -> tuple[Floats, Transform]:
        """Give the mean of each group; each value counts as it is."""
        ends = np.full(self.groups, np.inf)
        return self.mean, Transform(-ends, ends, -ends, -ends, ends, ends)

    def trimmed(self) -> tuple[Floats, Transform]:
        """Give the mean of each group without its lowest and highest tenth; what is outside counts as the ends.

        References
        ----------
        Tukey & McLaughlin (1963), Sankhyā A 25; Yuen (1974), doi:10.1093/biomet/61.1.165: the deviation of the
        winsorised values, divided by (1 - 2 cut) sqrt(n).
        """
        out = self._out()
        first, last = out[self.group], (self.size - out)[self.group]
        kept = np.clip(self.before + self.n, first, last) - np.clip(self.before, first, last)
        low, high = self.at(out), self.at(np.maximum(self.size - out - 1, 0))
        return _over(self.sum(kept * self.value), self.size - 2 * out), Transform(low, high, low, low, high, high)

    def _out(self) -> Integers:
        """Count the values that are trimmed at each end."""
        return (CUT * self.size).astype(np.int64)

    def mid_median(self) -> tuple[Floats, Transform]:
        """Give the median of each group by the mid-distribution function; what is below counts one.

        Minutes heap on multiples of five, so the plain median sits still while the distribution moves. The
        mid-distribution P(X < v) + P(X = v) / 2, joined by straight lines between the values that occur, moves
        smoothly and has a normal limit.

        References
        ----------
        Ma, Genton & Parzen (2011), doi:10.1007/s10463-009-0215-z
        """
        q = np.full(self.groups, 0.5)
        left, right, weight = self._neighbours(q)
        low, high, nothing = self._values(left), self._values(right), np.zeros(self.groups)
        return self.mid_quantile(q), Transform(low, high, nothing + 1, (1 + weight) / 2, weight / 2, nothing)

    def mid_quantile(self, q: Floats) -> Floats:
        """Give a quantile of each group, one probability a group, on the line between two neighbouring values."""
        left, right, weight = self._neighbours(q)
        return self._values(left) * (1 - weight) + self._values(right) * weight

    def _neighbours(self, q: Floats) -> tuple[Integers, Integers, Floats]:
        """Find the rows of the two values of each group that a quantile lies between, and its place between them."""
        order = np.arange(self.groups)
        mid = (self.before + self.n / 2) / np.maximum(self.size, 1)[self.group]
        first = np.searchsorted(self.group, order)
        last = np.maximum(np.searchsorted(self.group, order, side="right") - 1, first)
        left = np.clip(np.searchsorted(self.group + mid, order + q, side="right") - 1, first, last)
        right = np.minimum(left + 1, last)
        there = np.append(mid, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            weight = np.clip((q - there[left]) / (there[right] - there[left]), 0, 1)
        return left, right, np.where(left < right, weight, 0.0)

    def _values(self, row: Integers) -> Floats:
        return np.where(self.size > 0, np.append(self.value, np.nan)[np.minimum(row, len(self.value))], np.nan)

    def spread(self, transform: Transform) -> Floats:
        """Give the standard error of the mean of the transformed values of each group, were all independent."""
        made = Counts(self.group, self.made(transform), self.n, self.groups)
        return _over(made.sd, np.sqrt(self.size))

    def pooled(self, transform: Transform) -> Floats:
        """Give the same from the deviation that all groups share, where values are but a few; see `pooled_se`."""
        made = self.made(transform)
        return pooled_se(self.size, self.sum(self.n * made), self.sum(self.n * made**2))

    def made(self, transform: Transform) -> Floats:
        """Transform the value of each row."""
        x = self.value
        low, high, below, at_low, at_high, above = (part[self.group] for part in vars(transform).values())
        return np.select([x < low, x == low, x > high, x == high], [below, at_low, above, at_high], x)

    def error(self, kind: str, spread: Floats) -> Floats:
        """Give the standard error of a centre from that of the mean of its transformed values."""
        if kind == "median":
            ends = [self.mid_quantile(0.5 + side * np.nan_to_num(spread)) for side in (-1, 1)]
            return (ends[1] - ends[0]) / 2
        return spread * _over(self.size, self.size - 2 * self._out()) if kind == "trimmed" else spread


def _over(part: ArrayLike, whole: ArrayLike) -> Floats:
    """Divide, with NaN where there is nothing to divide by."""
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)
