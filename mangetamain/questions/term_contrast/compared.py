"""What a group of a calendar is compared with, and what a term's share there amounts to."""

from __future__ import annotations

import numpy as np

from mangetamain import stats
from mangetamain.finding import Estimate, verdict
from mangetamain.warehouse import Columns

# As many as a reader takes in at a glance.
SHOWN_TERMS = 16
# Percentage points: of a hundred recipes of a season, one more or less with the term; nobody who leafs through them
# would notice less. For a rarer term a quarter of its share is enough: five recipes where there were four.
SMALLEST, SMALLEST_PART = 1.0, 0.25
# What is a hundred times as frequent in one of two groups is as good as never met in the other.
NEVER = 0.01


def part_of(expected: np.ndarray) -> np.ndarray:
    """Give the part of each group that is not what it is compared with.

    Of several groups each is compared with all, of two with the other one: beside all, the larger of them could never
    be much more frequent.
    """
    part = expected / np.maximum(expected.sum(axis=1, keepdims=True), NEVER)
    return part if expected.shape[1] == 2 else np.zeros_like(part)


def times_of(ratio: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Turn ratios to the usual share into ratios to what a group is compared with."""
    return np.asarray(ratio * (1 - part) / np.maximum(1 - part * ratio, NEVER * (1 - part)))


def concentrated(
    found: stats.Gatherings, part: np.ndarray, belongs: np.ndarray, nearest: np.ndarray
) -> tuple[np.ndarray, int]:
    """Put the terms first that are in one group the most times as frequent at least, so many as are shown.

    At least is what the interval's lower end says: the largest ratios are those of rare terms by luck.
    """
    able = np.flatnonzero(belongs.any(axis=1))
    at = able, nearest[able]
    least = times_of(np.maximum(found.roots(*at).quantile(0.025), 0) ** 2, part[at])
    first = able[np.argsort(-least, kind="stable")][:SHOWN_TERMS]
    return np.append(first, np.setdiff1d(np.arange(len(belongs)), first)), len(first)


def intervals(
    found: stats.Gatherings, part: np.ndarray, row: tuple[np.ndarray, np.ndarray], usual: np.ndarray, shown: np.ndarray
) -> Columns:
    """Give the intervals of the shown shares, and what each amounts to in percentage points."""
    ends, judged = np.full((2, len(usual)), np.nan), np.full(len(usual), None, dtype=object)
    roots, part = found.roots(row[0][shown], row[1][shown]), part[row]
    ends[:, shown] = [np.maximum(roots.quantile(end), 0) ** 2 for end in (0.025, 0.975)]
    gaps = 100 * usual * (np.stack([found.ratio()[row], *ends]) - 1) / (1 - part)
    for i in np.flatnonzero(shown).tolist():
        judged[i] = verdict(Estimate(*gaps[:, i].tolist()), smallest_gap(float(usual[i])))
    (low, high), (times_low, times_high) = usual * ends, times_of(ends, part)
    return {"low": low, "high": high, "times_low": times_low, "times_high": times_high, "verdict": judged}


def smallest_gap(share: float) -> float:
    """Return the smallest difference that matters for a term of such a usual share: percentage points."""
    return min(SMALLEST, 100 * SMALLEST_PART * share)
