"""Levels of the groups of a calendar, from series whose months share what clusters cannot see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangetamain.finding import Estimate
from mangetamain.stats._mixed_effects import fit, grid
from mangetamain.stats._mixtures import Floats, Mixture


@dataclass(frozen=True)
class SeriesMeans:
    """Levels of groups, NaN for one without points; `n` counts points, `p` is that of the clearest difference (Šidák).

    `own` holds the levels of the groups that have points, in order, and `apart` the first group's level less the
    second's for each two of `places`; all are mixtures. `pairwise` compares them.
    """

    mean: Floats
    n: NDArray[np.int64]
    p: float
    own: Mixture
    apart: Mixture
    places: tuple[tuple[int, int], ...]

    def differences(
        self, pairs: Sequence[tuple[int, int]], *, confidence: float = 0.95
    ) -> list[tuple[Estimate, float]]:
        """Give the first group's level less the second's, with its own interval and p, for each two groups asked."""
        if not pairs:
            return []
        part = self.apart.part([self.places.index((min(pair), max(pair))) for pair in pairs])
        found = zip(pairs, part.estimates(confidence), part.p().tolist(), strict=True)
        return [(apart if a < b else apart.times(-1), p) for (a, b), apart, p in found]

    def estimates(self, *, confidence: float = 0.95) -> list[Estimate]:
        """Give each group's level with its own interval; NaN for a group without points."""
        found, unknown = iter(self.own.estimates(confidence)), Estimate(np.nan, np.nan, np.nan, confidence)
        return [next(found) if n else unknown for n in self.n]


def calendar_means(time: ArrayLike, group: ArrayLike, mean: ArrayLike, se: ArrayLike, *, groups: int) -> SeriesMeans:
    """Estimate the level of each season, month of the year or other group of a regular series, beside a line.

    What a month shares (who happened to rate, what was in fashion, how the site stood) is one draw for all its ratings,
    however many: seasons are compared among so many months, not among so many ratings.

    Parameters
    ----------
    time
        Month numbers, increasing.
    group
        The group of each month, 0 to `groups` - 1.
    mean, se
        The series and its sampling errors; months that are not finite are left out.
    groups
        Number of groups.

    Returns
    -------
    SeriesMeans
        Levels at the middle of the series.

    Raises
    ------
    ValueError
        With fewer than two points more than coefficients.

    Notes
    -----
    A line and a level for each group are fitted with a deviation between months and autocorrelation; see
    `_mixed_effects.fit`. A slow course that is no line goes into the autocorrelation, of which seasons hold little.
    """
    y, s = np.asarray(mean, dtype=np.float64), np.asarray(se, dtype=np.float64)
    use = np.isfinite(y) & np.isfinite(s)
    x, code = np.asarray(time)[use], np.asarray(group)[use]
    return calendar_means_together(x, code, y[None, use], s[None, use], groups=groups)[0]


def calendar_means_together(
    time: ArrayLike, group: ArrayLike, mean: ArrayLike, se: ArrayLike, *, groups: int
) -> list[SeriesMeans]:
    """Estimate the same of several series of the same months, in much less time.

    Parameters
    ----------
    time, group, groups
        As of a single series.
    mean, se
        Shape (series, months), all of them finite.
    """
    x, code = np.asarray(time, dtype=np.float64), np.asarray(group)
    y, s = np.asarray(mean, dtype=np.float64), np.asarray(se, dtype=np.float64)
    n = np.bincount(code, minlength=groups)
    present = np.flatnonzero(n)
    if len(x) < len(present) + 3:
        raise ValueError(f"{len(present)} groups and a line need {len(present) + 3} points, got {len(x)}")
    line = (x - x.mean()) / np.ptp(x)
    design = np.stack([*(code == g for g in present), line]).astype(np.float64)
    middle = y.mean(axis=1)
    post = fit(x, design, y - middle[:, None], s, grid(taus=24, rhos=8, low=0.05, high=8.0))
    two = np.array(list(combinations(range(len(present)), 2)), dtype=int).reshape(-1, 2)
    first, second = two.T
    places = [(int(a), int(b)) for a, b in present[two]]
    return [
        _compared(n, post.each(len(present), i).shifted(float(middle[i])), post.apart(first, second, i), places)
        for i in range(len(y))
    ]


def within_years(time: ArrayLike, values: ArrayLike) -> Floats:
    """Take the course of the years out of a monthly series: each month less the mean of the two years around it.

    Numbers that double and halve from year to year have no line, and what they do in between passes for a season.

    Parameters
    ----------
    time
        Month numbers, increasing.
    values
        The series; of numbers, their logarithms.

    Returns
    -------
    Floats
        NaN for a month that has not twelve months on either side.

    References
    ----------
    Macaulay (1931), The Smoothing of Time Series: a moving mean of whole years, half a month at either end, is blind to
    seasons and follows a line. Two years rather than one: where neighbouring months resemble each other, a year's mean
    takes so much of their likeness along that seasons seem to differ in 10 % of 400 null series instead of 3 %.
    """
    x, y = np.asarray(time, dtype=np.int64), np.asarray(values, dtype=np.float64)
    if not len(x):
        return y
    line = np.full(int(np.ptp(x)) + 25, np.nan)
    line[x - x[0] + 12] = y
    around = np.convolve(line, np.array([0.5, *[1.0] * 23, 0.5]) / 24, mode="valid")
    return np.asarray(y - around[x - x[0]], dtype=np.float64)


def _compared(n: NDArray[np.int64], own: Mixture, apart: Mixture, places: Sequence[tuple[int, int]]) -> SeriesMeans:
    """Set levels beside the groups that have them, and test the clearest difference, the search paid."""
    mean = np.full(len(n), np.nan)
    mean[n > 0] = own.mean()
    clearest = float(apart.p().min(initial=1.0))
    p = float(-np.expm1(len(places) * np.log1p(-clearest))) if clearest < 1 else 1.0
    return SeriesMeans(mean, n, p, own, apart, tuple(places))


def paired_means(time: ArrayLike, mean: ArrayLike, se: ArrayLike) -> SeriesMeans:
    """Estimate the level of each weekday, or other group that every month holds, from differences within months.

    Parameters
    ----------
    time
        Month numbers, increasing.
    mean, se
        Shape (groups, months). A month that lacks a group is left out.

    Returns
    -------
    SeriesMeans
        Levels at the middle of the series.

    Raises
    ------
    ValueError
        With fewer than three months that have all groups.

    Notes
    -----
    What a month shares cancels in the difference of two groups. The differences of each two groups are a series of
    their own, with a deviation between months and autocorrelation (people who come on the same day month after month
    resemble themselves); see `_mixed_effects.fit`.
    """
    y, s = np.asarray(mean, dtype=np.float64), np.asarray(se, dtype=np.float64)
    use = (np.isfinite(y) & np.isfinite(s)).all(axis=0)
    x, y, s = np.asarray(time, dtype=np.float64)[use], y[:, use], s[:, use]
    groups, k = y.shape
    if k < 3:
        raise ValueError(f"differences within months need at least three months of all groups, got {k}")
    places = list(combinations(range(groups), 2))
    first, second = np.array(places, dtype=int).reshape(-1, 2).T
    design = np.stack([np.ones(k), (x - x.mean()) / np.ptp(x)])
    values = np.concatenate([y - y.mean(), y[first] - y[second]])
    errors = np.concatenate([s, np.hypot(s[first], s[second])])
    post = fit(x, design, values, errors, grid(taus=12, rhos=6, low=0.1, high=6.0)).of(0)  # dozens of series
    own, apart = post.part(slice(groups)).shifted(float(y.mean())), post.part(slice(groups, None))
    return _compared(np.full(groups, k), own, apart, places)
