from __future__ import annotations

import numpy as np
import pytest

from mangetamain.stats import level_shifts
from tests.stats.planted import remembered


def months(rng: np.random.Generator, k: int, tau: float, rho: float) -> tuple[np.ndarray, np.ndarray]:
    se = rng.uniform(0.01, 0.03, k)
    return 4.7 + rng.normal(size=k) * se + tau * remembered(rng, 1, k, rho)[0], se


def test_finds_a_drop_and_its_end() -> None:
    y, se = months(np.random.default_rng(1), 120, 0.01, 0.3)
    y[59:77] -= 0.12
    down, up = level_shifts(y, se)
    assert abs(down.index - 59) <= 1
    assert abs(up.index - 77) <= 1
    assert down.before == pytest.approx(4.7, abs=0.02)
    assert down.after == up.before == pytest.approx(4.58, abs=0.02)
    assert down.size.value == pytest.approx(down.after - down.before)
    assert down.size.low < -0.12 < down.size.high < 0 < up.size.low < 0.12 < up.size.high
    assert max(down.p, up.p) < 0.001


def test_months_left_out_keep_their_place() -> None:
    y, se = months(np.random.default_rng(2), 100, 0.0, 0.0)
    y[50:] += 0.15
    y[[3, 20, 21, 70]] = np.nan
    (found,) = level_shifts(y, se)
    assert found.index == 50


def test_series_too_short_or_still() -> None:
    assert level_shifts([1.0] * 5 + [2.0] * 6, [0.01] * 11) == []
    assert level_shifts(np.full(50, 4.7), np.full(50, 0.01)) == []
    assert level_shifts([], []) == []
    (found,) = level_shifts([1.0] * 6 + [2.0] * 6, [0.01] * 12)
    assert found.index == 6


def test_at_most_as_many_as_asked() -> None:
    y, se = months(np.random.default_rng(3), 90, 0.0, 0.0)
    y[30:60] += 0.3
    assert [len(level_shifts(y, se, most=most)) for most in (1, 2, 5)] == [1, 2, 2]
    assert all(s.index >= 20 for s in level_shifts(y, se, min_size=20))


# 300 replications: the Monte-Carlo error of 5 % is 1.3 %; the rates met are about 2.5 %.
@pytest.mark.slow
@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize(("tau", "rho"), [(0.0, 0.0), (0.02, 0.5), (0.1, 0.5), (0.1, 0.8)])
def test_no_shift_gives_few_alarms(tau: float, rho: float) -> None:
    rng = np.random.default_rng(4)
    assert np.mean([bool(level_shifts(*months(rng, 75, tau, rho))) for _ in range(300)]) <= 0.05


@pytest.mark.slow
@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize(("tau", "rho"), [(0.0, 0.0), (0.01, 0.5), (0.02, 0.5)])
def test_planted_shifts_are_found_near_their_place_and_covered(tau: float, rho: float) -> None:
    rng, near, covered, spare = np.random.default_rng(5), [], [], []
    for _ in range(100):
        start, stop = 36, int(rng.integers(54, 94))
        y, se = months(rng, 120, tau, rho)
        y[start:stop] -= 0.08
        found = level_shifts(y, se)
        for place, size in ((start, -0.08), (stop, 0.08)):
            hit = [s for s in found if abs(s.index - place) <= 2]
            near.append(len(hit) == 1)
            covered += [s.size.low <= size <= s.size.high for s in hit]
        spare.append(len(found) > 2)
    assert np.mean(near) >= 0.9
    assert np.mean(covered) >= 0.95
    assert np.mean(spare) <= 0.05
