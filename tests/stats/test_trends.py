from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from mangetamain.stats import trend
from mangetamain.stats._mixed_effects import Grid, fit
from tests.stats.planted import RECIPES, remembered

YEARS = np.arange(2000.0, 2018.0)


def one_pair(tau: float, rho: float) -> Grid:
    return Grid(np.array([tau]), np.array([rho]), np.array([1.0]))


def test_fit_equals_dense_generalised_least_squares() -> None:
    rng = np.random.default_rng(0)
    time = np.array([0.0, 1, 2, 4, 5, 9, 10])
    design, y, se = np.stack([np.ones(7), time]), rng.normal(size=7), rng.uniform(0.1, 1, 7)
    logs = []
    for tau, rho in ((0.5, 0.3), (2.0, 0.8)):
        post = fit(time, design, y[None], se[None], one_pair(tau, rho))
        scatter = post.tau[0, 0]
        v = scatter**2 * rho ** np.abs(time[:, None] - time) + np.diag(se**2)
        dense = sm.GLS(y, design.T, sigma=v).fit()
        np.testing.assert_allclose(post.coefficient[:, 0, 0], dense.params, rtol=1e-9)
        np.testing.assert_allclose(post.variance[:, 0, 0], np.diag(dense.normalized_cov_params), rtol=1e-9)
        inverse = np.linalg.inv(v)
        rest = y - dense.params @ design
        known = np.sqrt(1 / np.mean(1 / se**2))
        logs.append(
            np.log(scatter / (scatter + known))
            - (np.linalg.slogdet(v)[1] + np.linalg.slogdet(design @ inverse @ design.T)[1] + rest @ inverse @ rest) / 2
        )
    both = fit(time, design, y[None], se[None], Grid(np.array([0.5, 2.0]), np.array([0.3, 0.8]), np.ones(2)))
    np.testing.assert_allclose(both.weight[0, 1] / both.weight[0, 0], np.exp(logs[1] - logs[0]), rtol=1e-9)


@pytest.mark.parametrize("k", [4, 12, 40])
def test_without_memory_or_sampling_error_the_interval_is_students(k: int) -> None:
    rng = np.random.default_rng(k)
    x, y = np.arange(k, dtype=float), rng.normal(size=k)
    pairs = Grid(np.geomspace(0.02, 200, 200), np.zeros(200), np.ones(200))
    post = fit(x, np.stack([np.ones(k), x]), y[None], np.zeros((1, k)), pairs)
    reference = sm.OLS(y, sm.add_constant(x)).fit()
    low, high = reference.conf_int(0.05)[1]
    ends = [post.quantile(1, 0.025)[0], post.quantile(1, 0.975)[0]]
    np.testing.assert_allclose(ends, [low, high], rtol=2e-3)
    np.testing.assert_allclose(post.p(1)[0], reference.pvalues[1], rtol=5e-3)


def test_trend_finds_a_planted_slope_and_draws_its_line() -> None:
    rng = np.random.default_rng(3)
    y = 40 - 0.46 * (YEARS - 2000) + rng.normal(size=18) * 31 / np.sqrt(RECIPES)
    found = trend(YEARS, y, 31 / np.sqrt(RECIPES))
    assert found.slope.low < -0.46 < found.slope.high < 0
    assert found.n == 18
    assert found.p < 0.01
    np.testing.assert_allclose(found.line, found.intercept + found.slope.value * YEARS)
    np.testing.assert_allclose(found.line[:12], 40 - 0.46 * (YEARS[:12] - 2000), atol=1.0)


def test_units_do_not_matter() -> None:
    rng = np.random.default_rng(4)
    y, se = rng.normal(size=18), np.full(18, 0.4)
    small, large = trend(YEARS, y, se), trend(YEARS - 2000, 1e6 * y + 7e6, 1e6 * se)
    np.testing.assert_allclose(
        [large.slope.value, large.slope.low, large.slope.high, large.tau],
        1e6 * np.array([small.slope.value, small.slope.low, small.slope.high, small.tau]),
        rtol=1e-6,
    )
    assert large.rho == pytest.approx(small.rho)
    assert large.p == pytest.approx(small.p)


def test_a_line_added_to_a_series_is_added_to_its_trend() -> None:
    """So what is simulated without a slope holds with any."""
    rng = np.random.default_rng(6)
    y, se = rng.normal(size=18), rng.uniform(0.1, 1, 18)
    level, falling = trend(YEARS, y, se), trend(YEARS, y - 0.2 * (YEARS - 2000), se)
    np.testing.assert_allclose(
        [falling.slope.value, falling.slope.low, falling.slope.high, falling.tau, falling.rho],
        [level.slope.value - 0.2, level.slope.low - 0.2, level.slope.high - 0.2, level.tau, level.rho],
        rtol=1e-6,
    )


def test_points_left_out_and_unknown_errors() -> None:
    rng = np.random.default_rng(5)
    y, se = rng.normal(size=18), np.full(18, 0.4)
    y[3] = np.nan
    kept = np.delete(np.arange(18), 3)
    whole, cut = trend(YEARS, y, se), trend(YEARS[kept], y[kept], se[kept])
    assert whole.slope == cut.slope
    assert whole.n == 17
    assert np.isfinite(whole.line).all()
    unknown = np.where(np.arange(18) == 9, np.nan, se)
    assert trend(YEARS, y, unknown).slope == whole.slope  # 0.4 is the worst of the others
    assert trend(YEARS, y, np.full(18, np.nan)).slope == trend(YEARS, y).slope == trend(YEARS, y, np.zeros(18)).slope


def test_series_without_noise_have_intervals_without_width() -> None:
    still = trend(YEARS, np.full(18, 35.0), np.zeros(18))
    assert (still.slope.value, still.p) == (0, pytest.approx(1))
    assert still.slope.high - still.slope.low < 1e-12
    exact = trend(YEARS, 3 * YEARS)
    assert exact.slope.value == pytest.approx(3)
    assert exact.slope.high - exact.slope.low < 1e-6
    assert exact.p < 1e-9
    flat = trend(YEARS, np.full(18, 35.0), np.full(18, 0.5))
    assert flat.slope.low < -0.01 < 0.01 < flat.slope.high


@pytest.mark.parametrize("y", [[1.0, 2.0], [1.0, np.nan, 2.0, np.nan]])
def test_two_points_are_no_trend(y: list[float]) -> None:
    with pytest.raises(ValueError, match="at least three points, got 2"):
        trend(range(len(y)), y)


def test_three_points_are_uncertain() -> None:
    found = trend([0, 1, 2], [0.0, 1.2, 1.9])
    assert found.slope.low < 0 < found.slope.value < found.slope.high
    assert np.isfinite([found.slope.low, found.slope.high, found.p]).all()


# 500 replications: the Monte-Carlo error of a rate of 5 % is 1 %, so 7 % is two of them away.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("tau", "rho"), [(0.0, 0.0), (0.5, 0.0), (3.0, 0.0), (0.5, 0.5), (3.0, 0.5)], ids=lambda v: str(v)
)
def test_trend_interval_covers_and_p_is_honest(tau: float, rho: float) -> None:
    rng, se = np.random.default_rng(18), 31 / np.sqrt(RECIPES)
    y = 40 + rng.normal(size=(500, 18)) * se + tau * remembered(rng, 500, 18, rho)
    fits = [trend(YEARS, row, se) for row in y]
    assert np.mean([f.slope.low <= 0 <= f.slope.high for f in fits]) >= 0.93
    assert np.mean([f.p < 0.05 for f in fits]) <= 0.07


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.5, 0.8])
def test_monthly_trend_interval_covers(rho: float) -> None:
    rng, months = np.random.default_rng(207), np.arange(120.0)  # ten years: the fit takes time in proportion
    se = rng.uniform(0.01, 0.03, 120)
    y = rng.normal(size=(400, 120)) * se + 0.03 * remembered(rng, 400, 120, rho)
    fits = [trend(months, row, se) for row in y]
    assert np.mean([f.slope.low <= 0 <= f.slope.high for f in fits]) >= 0.93
    assert np.mean([f.p < 0.05 for f in fits]) <= 0.07
    assert abs(np.mean([f.rho for f in fits]) - rho) < 0.15
