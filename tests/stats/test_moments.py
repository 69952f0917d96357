from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as scipy_stats
from statsmodels.stats.proportion import proportion_confint

from mangetamain.stats import mean_se, wilson
from tests.stats.routes import mid_quantile, trimmed_mean

#: Minutes as people give them: heaped on fives, tens and hours.
MINUTES = np.array([5, 10, 12, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 70, 75, 80, 90, 120])
SHARES = np.array([4, 8, 1, 8, 10, 7, 14, 7, 8, 8, 4, 3, 9, 2, 2, 1, 3, 1]) / 100


def test_mean_se_from_sums() -> None:
    values = [np.array([3.0, 4, 8]), np.array([5.0]), np.array([])]
    n, total, squares = ([float(f(v)) for v in values] for f in (len, np.sum, lambda v: np.sum(v**2)))
    mean, sd, se = mean_se(n, total, squares)
    np.testing.assert_allclose(mean, [5, 5, np.nan])
    np.testing.assert_allclose(sd, [np.sqrt(7), np.nan, np.nan])
    np.testing.assert_allclose(se, [np.sqrt(7 / 3), np.nan, np.nan])
    assert mean_se([3], [0.3], [0.03])[1] == pytest.approx(0, abs=1e-8)  # never the root of a negative


def test_mid_quantile_by_hand() -> None:
    # Mid-distribution: 1 -> .1, 2 -> .4, 3 -> .8; the median lies a quarter of the way from 2 to 3.
    assert mid_quantile([1, 1, 2, 2, 2, 2, 3, 3, 3, 3], 0.5)[0] == pytest.approx(2.25)
    assert mid_quantile([3, 1, 2, 3, 2, 1, 2, 3, 2, 3], 0.5)[0] == pytest.approx(2.25)
    assert mid_quantile([7, 7, 7], 0.5) == (7, 0)
    assert np.isnan(mid_quantile([], 0.5)).all()


@pytest.mark.parametrize("q", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("n", [134, 4000])
def test_quantile_error_of_heaped_minutes_is_the_spread_over_samples(q: float, n: int) -> None:
    rng = np.random.default_rng(n)
    draws = rng.choice(MINUTES, p=SHARES, size=(400, n))
    found = np.array([mid_quantile(row, q) for row in draws])
    # Where two heaps of unequal height meet, the slope differs on either side: hence the room.
    assert np.median(found[:, 1]) == pytest.approx(found[:, 0].std(), rel=0.25)
    assert found[0, 1] > 0
    truth = mid_quantile(np.repeat(MINUTES, (SHARES * 1e4).round().astype(int)), q)[0]
    assert np.mean(np.abs(found[:, 0] - truth) < 1.96 * found[:, 1]) >= 0.9


def test_quantile_error_of_continuous_values() -> None:
    values = np.random.default_rng(2).normal(size=20000)
    expected = np.sqrt(0.25 / 20000) / scipy_stats.norm.pdf(0)
    assert mid_quantile(values, 0.5)[1] == pytest.approx(expected, rel=0.15)
    assert mid_quantile(values, 0.5)[0] == pytest.approx(np.median(values), abs=1e-3)


def test_trimmed_mean() -> None:
    values = np.sort(np.random.default_rng(3).lognormal(6, 1.5, 1013))
    mean, se = trimmed_mean(values, 0.1)
    assert mean == pytest.approx(scipy_stats.trim_mean(values, 0.1))
    assert se == pytest.approx(scipy_stats.mstats.trimmed_stde(values, limits=(0.1, 0.1)), rel=0.002)
    assert trimmed_mean([1, 2, 3, 4, 1000], 0.2)[0] == 3
    assert trimmed_mean([4.0], 0.1)[0] == 4
    assert np.isnan([trimmed_mean([4.0], 0.1)[1], *trimmed_mean([], 0.1), *trimmed_mean([1, 2], 0.5)]).all()


@pytest.mark.slow
def test_trimmed_mean_error_covers_with_wild_tails() -> None:
    rng = np.random.default_rng(4)
    truth = trimmed_mean(np.sort(rng.lognormal(6, 1.5, 4_000_000)), 0.1)[0]
    found = np.array([trimmed_mean(np.sort(row), 0.1) for row in rng.lognormal(6, 1.5, (1000, 400))])
    assert np.mean(np.abs(found[:, 0] - truth) < 1.96 * found[:, 1]) >= 0.93


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_wilson(level: float) -> None:
    s, n = np.array([0, 3, 10, 500]), np.array([10, 10, 10, 701])
    np.testing.assert_allclose(
        wilson(s, n, level), proportion_confint(s, n, 1 - level, method="wilson"), rtol=1e-9, atol=1e-12
    )
    assert [float(v) for v in wilson(0, 0)] == [0, 1]
