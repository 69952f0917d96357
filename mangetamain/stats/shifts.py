"""Sudden and lasting changes of level in a series that may also follow a line."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.finding import Estimate
from mangetamain.stats._mixed_effects import Floats, Posterior, grid, products
from mangetamain.stats._segments import Segments

# How much likelier steps without a line must be than a line, after what each costs: stairs follow a weak slope closely.
# With 100, straight lines are seen as steps as rarely as if there were no such choice; with 20 somewhat more often.
ODDS = 100


@dataclass(frozen=True)
class Shift:
    """A change of level at `index`, the first point of the new level; interval and p hold for every possible place.

    `before` and `after` are the two levels at that very point.
    """

    index: int
    before: float
    after: float
    size: Estimate
    p: float


@dataclass(frozen=True)
class Steps:
    """A line broken by shifts, in order of time.

    `slope` is the one common to all pieces, a unit of x, where a line is fitted beside the shifts; `sloped` tells
    whether the pieces follow it, or are level; `line` is what is fitted at every x given; `p` is that of the weakest
    shift (1 without any), `likelihood` the greatest logarithm of the likelihood, which compares shapes of one series.
    """

    shifts: tuple[Shift, ...]
    slope: Estimate
    sloped: bool
    line: Floats
    p: float
    likelihood: float


def level_shifts(
    mean: ArrayLike,
    se: ArrayLike,
    *,
    x: ArrayLike | None = None,
    min_size: int = 6,
    confidence: float = 0.95,
    alarms: float | None = None,
    most: int = 5,
) -> Steps:
    """Find the places where the level of a series changes, apart from a line that it may follow.

    Parameters
    ----------
    mean
        The series, one value a month; months that are not finite are passed over, and count as gaps.
    se
        Sampling error of each value.
    x
        Where the values stand, increasing; 0, 1, 2 and so on if not given.
    min_size
        Fewest points of a level.
    confidence
        Level of confidence of the intervals.
    alarms
        Highest probability that a series without shifts shows any; 1 - confidence if not given.
    most
        Most shifts looked for.

    Returns
    -------
    Steps
        The largest set of shifts whose weakest member still excludes zero, and the line that they break.

    Notes
    -----
    What steps are held against is a line. The best places for 1 to `most` shifts come from dynamic programming on
    weighted squares, about a level and about a line of the slope that suits. Each set is then fitted with a deviation
    between months and autocorrelation (see `_mixed_effects.fit`), and p-values are multiplied by the number of places
    and by m (m + 1) for m shifts: the chances spent on 1, 2, ... shifts then add up to one level. Steps beside a line
    hold by that alone. Steps that leave no slope are fitted without one, which finds more of them, where their
    likelihood beats the line's by Schwarz's criterion and by odds of a hundred.

    References
    ----------
    Bai & Perron (1998), doi:10.2307/2998540 (partial structural change: a common slope beside shifting levels), and
    (2003), doi:10.1002/jae.659; Chakar et al. (2017), doi:10.3150/15-BEJ782 (differences give a deviation that the
    shifts themselves do not inflate).
    """
    mean, se = np.asarray(mean, dtype=np.float64), np.asarray(se, dtype=np.float64)
    place = np.arange(len(mean), dtype=np.float64) if x is None else np.asarray(x, dtype=np.float64)
    use = np.flatnonzero(np.isfinite(mean) & np.isfinite(se))
    if len(use) < 3 or not np.ptp(mean[use]):
        still = float(mean[use].mean()) if len(use) else np.nan
        return Steps((), Estimate(0.0, 0.0, 0.0, confidence), True, np.full(len(mean), still), 1.0, 0.0)
    search = _Search(place[use], mean[use], se[use], min_size, most)
    plan = search.found(1 - confidence if alarms is None else alarms)
    return _steps(search, plan, place, use, confidence)


@dataclass(frozen=True)
class _Plan:
    """A set of places, by position among the points in use, with or without a line through all pieces."""

    breaks: tuple[int, ...]
    line: bool


class _Search:
    """Candidate sets of shifts of one series, all fitted from the same cross products."""

    def __init__(self, x: Floats, y: Floats, s: Floats, min_size: int, most: int) -> None:
        self.x, self.origin = x, float(y.mean())
        self.places = len(y) - 2 * min_size + 1
        most = max(min(most, len(y) // min_size - 1), 0)
        segments = Segments(x / np.ptp(x), y, _weights(y, s), min_size)
        both = zip(segments.split(0.0, most), segments.best(most), strict=True)
        self.plans = [
            _Plan(tuple(breaks), line) for pair in both for breaks, line in zip(pair, (False, True), strict=True)
        ]
        self.breaks = sorted({at for plan in self.plans for at in plan.breaks})
        pairs = grid(taus=24, rhos=8, low=0.05, high=8.0)
        self.products = products(x, self.design(x), (y - self.origin)[None], s[None], pairs, base=2)

    def design(self, x: Floats) -> Floats:
        """Level, line and steps at every x; the line is nought at the middle of the points in use and one wide."""
        steps = x >= self.x[np.array(self.breaks, dtype=int)][:, None]
        return np.stack([np.ones(len(x)), (x - self.x.mean()) / np.ptp(self.x), *steps.astype(np.float64)])

    def columns(self, plan: _Plan) -> list[int]:
        """Name the columns of a plan: its steps in order of time, the level, and the line if it has one."""
        return [*(2 + self.breaks.index(at) for at in plan.breaks), 0, *([1] if plan.line else [])]

    def fit(self, plan: _Plan) -> Posterior:
        """Fit a plan with a deviation between points and autocorrelation."""
        return self.products.posterior(self.columns(plan))

    def searched(self, plan: _Plan) -> int:
        """Count the chances that the plan's p-values and intervals pay for."""
        return max(self.places * len(plan.breaks) * (len(plan.breaks) + 1), 1)

    def p(self, plan: _Plan) -> list[float]:
        """Give the p of each shift, the search paid."""
        post = self.fit(plan)
        return [min(1.0, float(post.p(j)[0]) * self.searched(plan)) for j in range(len(plan.breaks))]

    def holds(self, plan: _Plan, level: float) -> bool:
        """Tell whether every shift excludes zero, and, where steps stand alone, whether no line is in the story.

        Steps alone must beat the line alone by what their levels and places cost and by odds of a hundred, and leave
        it no slope.
        """
        if max(self.p(plan)) > level:
            return False
        if plan.line:
            return True
        m = len(plan.breaks)
        better = self.fit(plan).likelihood - self.fit(_Plan((), line=True)).likelihood
        slope = self.fit(_Plan(plan.breaks, line=True)).p(1 + m)
        return bool(better[0] > (2 * m - 1) / 2 * np.log(len(self.x)) + np.log(ODDS) and slope[0] > level)

    def found(self, level: float) -> _Plan:
        """Choose the largest set that holds, without a line where both do."""
        held = (plan for plan in sorted(self.plans, key=lambda plan: (-len(plan.breaks), plan.line)))
        return next((plan for plan in held if self.holds(plan, level)), _Plan((), line=True))


def _weights(y: Floats, s: Floats) -> Floats:
    """Inverse variances of points, that between months taken from neighbours so that shifts do not enter."""
    # A normal variable's median deviation is 0.6745 standard deviations, and a difference has two points' variance.
    neighbours = (np.median(np.abs(np.diff(y))) / 0.6745) ** 2 / 2
    between = max(float(neighbours - np.median(s**2)), 0.0)
    return np.asarray(1 / (s**2 + between + 1e-12 * y.var()), dtype=np.float64)


def _steps(search: _Search, plan: _Plan, x: Floats, use: NDArray[np.int64], confidence: float) -> Steps:
    """Word a fitted set of steps: the sizes' intervals pay for the search, the slope's has nothing to pay."""
    post, p = search.fit(plan), search.p(plan)
    coefficients = np.array([float(post.mean(j)[0]) for j in range(len(post.variance))])
    line = search.origin + coefficients @ search.design(x)[search.columns(plan)]
    shifts = []
    for j, place in enumerate(use[list(plan.breaks)].tolist()):
        size = replace(post.of(j).estimate(1 - (1 - confidence) / search.searched(plan)), confidence=confidence)
        after = float(line[place])
        shifts.append(Shift(place, after - size.value, after, size, p[j]))
    sloped = search.fit(_Plan(plan.breaks, line=True)).of(1 + len(shifts))
    slope = sloped.estimate(confidence).times(1 / float(np.ptp(search.x)))
    return Steps(tuple(shifts), slope, plan.line, line, max(p, default=1.0), float(post.likelihood[0]))
