"""Levels of a calendar's groups, by the months that hold them."""

from __future__ import annotations

import numpy as np
import pytest

from mangetamain.questions.contrast_levels import LEVELS, ROOM, levels


def cells_of(months: int, groups: int) -> np.ndarray:
    return (np.arange(months)[:, None] * ROOM + np.arange(groups)).ravel()


def test_the_two_that_are_widest_apart_are_so_by_their_differences() -> None:
    """Levels of weekdays and their differences are series of their own, and may not agree on which is the lowest."""
    months, rng = 60, np.random.default_rng(4)
    shared = rng.normal(size=months)
    # The first day is the higher one within most months; a few wild months of its own pull its level below.
    first, second = shared + 0.02, shared.copy()
    first[:6] -= 3.0
    middle = np.stack([first, second], axis=1).ravel()
    error = np.full((months, 2), 0.05)
    error[:6, 0] = 30.0
    size = np.full(2, 1000)
    found = levels(cells_of(months, 2), middle, error.ravel(), size, (-np.inf, np.inf))
    higher = int(found["gap"].argmax())
    assert found["gap"][higher] > 0
    assert (found["gap"][1 - higher], found["gap_high"][1 - higher]) == (0, 0)
    assert found["level"][higher] - found["level"][1 - higher] == pytest.approx(found["gap"][higher])


def test_levels_lie_between_the_least_and_the_greatest_value() -> None:
    """A share that rises from nothing, and is none in one season, is not below nothing there."""
    rng = np.random.default_rng(5)
    month = np.arange(96)
    season = month // 3 % 4
    share = np.where(season == 2, 0.0, 0.4 + 0.004 * month + 0.2 * rng.normal(size=96))
    size = np.full(4, 1000)
    free, held = (
        levels(month * ROOM + season, share, np.full(96, 0.2), size, ends)
        for ends in ((-np.inf, np.inf), (0.0, 100.0))
    )
    assert free["level"].min() < 0
    assert all((held[name] >= 0).all() for name in ("level", "low", "high"))
    assert held["level"].argmin() == 2
    for name in set(LEVELS) - {"level", "low", "high"}:
        np.testing.assert_array_equal(held[name], free[name])
