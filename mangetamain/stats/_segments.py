"""Least squares of a series cut into pieces that have levels of their own and one slope in common."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from mangetamain.stats._mixtures import Floats

# Slopes that the search starts from, in deviations of the series over its whole width: a steeper line does not fit into
# it, and from the nearest of these a few turns lead to the best.
STARTS = np.linspace(-4, 4, 9)
TURNS = 3


class Segments:
    """Weighted squares and products of t (of width 1) and y about their means, for every piece [start, stop).

    They lie as [stop, start], for the best start of each stop is sought. A piece that is too short costs all there is.
    """

    def __init__(self, t: Floats, y: Floats, w: Floats, min_size: int) -> None:
        def sums(v: Floats) -> Floats:
            total = np.concatenate([[0.0], np.cumsum(v)])
            return np.asarray(total[:, None] - total)

        t, y = t - t.mean(), y - y.mean()
        n, st, sy = sums(w), sums(w * t), sums(w * y)
        with np.errstate(divide="ignore", invalid="ignore"):
            self.tt = sums(w * t * t) - st**2 / n
            self.ty = sums(w * t * y) - st * sy / n
            self.yy = sums(w * y * y) - sy**2 / n
        index = np.arange(len(y) + 1)
        short = index[:, None] - index < min_size
        self.tt[short], self.ty[short], self.yy[short] = 0, 0, np.inf
        self.starts = STARTS * y.std()

    def split(self, slope: float, most: int) -> list[list[int]]:
        """Find the best places of 1, 2, ... cuts about a given slope, by dynamic programming."""
        cost = self.yy - 2 * slope * self.ty + slope**2 * self.tt
        best, origin, found = cost[:, 0], [], []
        for _ in range(most):
            total = best + cost
            origin.append(total.argmin(axis=1))
            best = total.min(axis=1)
            stop, breaks = len(cost) - 1, []
            for last in reversed(origin):
                stop = int(last[stop])
                breaks.append(stop)
            found.append(breaks[::-1])
        return found

    def slope(self, breaks: list[int]) -> float:
        """Fit the common slope of given pieces."""
        tt, ty, _ = self._within(breaks)
        return ty / tt

    def rest(self, breaks: list[int]) -> float:
        """Sum the squares that are left by levels and the common slope."""
        tt, ty, yy = self._within(breaks)
        return yy - ty**2 / tt

    def _within(self, breaks: list[int]) -> tuple[float, float, float]:
        pieces = list(pairwise([0, *breaks, len(self.tt) - 1]))
        tt, ty, yy = (sum(float(part[stop, start]) for start, stop in pieces) for part in (self.tt, self.ty, self.yy))
        return tt, ty, yy

    def best(self, most: int) -> list[list[int]]:
        """Find the best places of 1, 2, ... cuts with the slope that suits each."""
        plans = [self.split(slope, most) for slope in self.starts]
        best = [min((plan[m] for plan in plans), key=self.rest) for m in range(most)]
        for m, breaks in enumerate(best):
            for _ in range(TURNS):
                turned = self.split(self.slope(breaks), m + 1)[m]
                if self.rest(turned) >= self.rest(breaks):
                    break
                breaks = best[m] = turned
        return best
