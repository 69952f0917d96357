from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from mangetamain.stats import calendar_means, calendar_means_together, paired_means, pairwise, within_years
from tests.stats.planted import remembered
from tests.stats.routes import cluster_contrasts, pooled_se

MONTHS = np.arange(207)
MONTH = (MONTHS + 8) % 12
SEASON = (MONTH + 1) % 12 // 3
#: What each season adds to the mean rating, as published: 4.6479, 4.6683, 4.6763, 4.6543 in winter, spring and so on.
PUBLISHED = np.array([-0.0136, 0.0068, 0.0148, -0.0072])
#: Errors of monthly mean ratings, a hundred to eight thousand ratings a month.
ERRORS = 0.95 / np.sqrt(np.exp(np.interp(MONTHS, [0, 30, 80, 130, 206], np.log([100, 2500, 8000, 4000, 120]))))


def ratings(rng: np.random.Generator, tau: float, rho: float) -> np.ndarray:
    return 4.66 + rng.normal(size=207) * ERRORS + tau * remembered(rng, 1, 207, rho)[0]


def test_levels_beside_a_line_are_those_of_least_squares() -> None:
    rng = np.random.default_rng(0)
    y = 4.66 + 0.001 * MONTHS + PUBLISHED[SEASON] + 0.03 * rng.normal(size=207)
    found = calendar_means(MONTHS, SEASON, y, np.zeros(207), groups=4)
    plain = sm.OLS(y, np.column_stack([np.eye(4)[SEASON], MONTHS - 103])).fit()
    np.testing.assert_allclose(found.mean, plain.params[:4], atol=0.002)
    for pair in pairwise(found):
        unit = np.eye(5)[pair.a] - np.eye(5)[pair.b]
        reference = plain.t_test(unit)
        assert pair.difference.value == pytest.approx(reference.effect.item(), abs=0.002)
        # Six pairs at once are 2.66 deviations instead of 1.97; neighbours that might resemble each other widen it.
        width = np.diff(reference.conf_int(0.05)[0]).item() * 2.66 / 1.97
        assert pair.difference.high - pair.difference.low == pytest.approx(width, rel=0.2)
    own = found.estimates()[1]
    assert own.value == pytest.approx(found.mean[1])
    assert own.low < plain.params[1] < own.high


def test_groups_without_months_and_months_without_values() -> None:
    rng = np.random.default_rng(1)
    y = ratings(rng, 0.01, 0.3)
    y[SEASON == 2] = np.nan
    found = calendar_means(MONTHS, SEASON, y, ERRORS, groups=4)
    assert found.n.tolist() == [51, 51, 0, 54]
    assert np.isnan([found.mean[2], found.estimates()[2].value]).all()
    assert {p.a for p in pairwise(found)} | {p.b for p in pairwise(found)} == {0, 1, 3}
    kept = SEASON != 2
    cut = calendar_means(MONTHS[kept], SEASON[kept], y[kept], ERRORS[kept], groups=4)
    assert pairwise(cut) == pairwise(found)
    alone = calendar_means(MONTHS, np.zeros(207, int), ratings(rng, 0, 0), ERRORS, groups=1)
    assert (alone.p, pairwise(alone)) == (1, [])
    with pytest.raises(ValueError, match="4 groups and a line need 7 points, got 6"):
        calendar_means(MONTHS[:6], [0, 1, 2, 3, 0, 1], y[:6], ERRORS[:6], groups=4)


def test_series_are_compared_together_as_each_by_itself() -> None:
    rng = np.random.default_rng(5)
    y, se = rng.normal(0, [[0.1], [3.0], [0.5]], (3, 207)), rng.uniform(0.02, 0.05, (3, 207))
    for i, found in enumerate(calendar_means_together(MONTHS, SEASON, y, se, groups=4)):
        assert pairwise(found) == pairwise(calendar_means(MONTHS, SEASON, y[i], se[i], groups=4))


def test_what_a_month_shares_cancels_between_its_weekdays() -> None:
    rng = np.random.default_rng(2)
    se = rng.uniform(0.02, 0.05, (3, 60))
    y = 4.6 + np.array([0.0, 0.1, -0.05])[:, None] + se * rng.normal(size=(3, 60))
    plain, shared = paired_means(range(60), y, se), paired_means(range(60), y + rng.normal(size=60), se)
    for a, b in zip(pairwise(plain), pairwise(shared), strict=True):
        assert (a.a, a.b) == (b.a, b.b)
        assert a.difference.value == pytest.approx(b.difference.value, abs=1e-9)
        assert a.difference.high == pytest.approx(b.difference.high, abs=1e-9)
    widest = pairwise(plain)[0]
    assert (widest.a, widest.b) == (1, 2)
    assert widest.difference.low < 0.15 < widest.difference.high
    assert plain.differences([(2, 1)])[0][0] == plain.differences([(1, 2)])[0][0].times(-1)
    weights = 1 / (se[1] ** 2 + se[2] ** 2)
    assert widest.difference.value == pytest.approx(np.average(y[1] - y[2], weights=weights), abs=0.01)
    assert plain.p < 1e-4


def test_months_that_lack_a_weekday_are_left_out() -> None:
    rng = np.random.default_rng(3)
    y, se = rng.normal(size=(2, 30)), np.full((2, 30), 0.3)
    y[1, 4] = np.nan
    kept = np.delete(np.arange(30), 4)
    assert pairwise(paired_means(range(30), y, se)) == pairwise(paired_means(kept, y[:, kept], se[:, kept]))
    assert paired_means(range(30), y, se).n.tolist() == [29, 29]
    with pytest.raises(ValueError, match="at least three months of all groups, got 2"):
        paired_means(range(2), y[:, :2], se[:, :2])


# 300 replications: the Monte-Carlo error of 5 % is 1.3 %. Errors clustered by users and recipes, which know of no
# month, called 67 to 100 % of such series different by season.
@pytest.mark.slow
@pytest.mark.parametrize(("tau", "rho"), [(0.01, 0.5), (0.03, 0.5), (0.03, 0.8), (0.05, 0.0)])
@pytest.mark.parametrize(("group", "groups"), [(SEASON, 4), (MONTH, 12)], ids=["season", "month"])
def test_months_that_share_a_deviation_make_few_false_contrasts(
    group: np.ndarray, groups: int, tau: float, rho: float
) -> None:
    rng = np.random.default_rng(4)
    found = [pairwise(calendar_means(MONTHS, group, ratings(rng, tau, rho), ERRORS, groups=groups)) for _ in range(300)]
    assert np.mean([pairs[0].difference.excludes_zero for pairs in found]) <= 0.07
    assert np.mean([any(pair.p < 0.05 for pair in pairs) for pairs in found]) <= 0.07


# Power at the published gap of 0.028 stars between summer and winter, where months deviate by so much.
@pytest.mark.slow
@pytest.mark.parametrize(("tau", "rho", "power"), [(0.01, 0.5, 0.97), (0.03, 0.5, 0.75), (0.03, 0.8, 0.88)])
@pytest.mark.parametrize("course", ["level", "steps"])
def test_published_seasons_are_found_and_covered(tau: float, rho: float, power: float, course: str) -> None:
    rng = np.random.default_rng(5)
    base = np.interp(MONTHS, [6, 7, 58, 59, 78, 79], [-0.2, 0.05, 0.05, -0.05, -0.05, 0.05]) * (course == "steps")
    excluded, covered = [], []
    for _ in range(200):
        found = pairwise(
            calendar_means(MONTHS, SEASON, ratings(rng, tau, rho) + base + PUBLISHED[SEASON], ERRORS, groups=4)
        )
        excluded.append(found[0].difference.excludes_zero)
        covered.append(all(p.difference.low <= PUBLISHED[p.a] - PUBLISHED[p.b] <= p.difference.high for p in found))
    assert np.mean(excluded) >= power
    assert np.mean(covered) >= 0.93


def week(rng: np.random.Generator, effect: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Simulate ratings whose users have tastes and days of their own and stay for a year; months share a deviation."""
    user = (3000 * rng.random(40_000) ** 2).astype(int)
    start, stay, habit = rng.integers(0, 100, 3000), rng.exponential(12, 3000), rng.integers(0, 7, 3000)
    month = np.minimum(start[user] + rng.random(40_000) * stay[user], 99).astype(int)
    day = np.where(rng.random(40_000) < 0.5, habit[user], rng.integers(0, 7, 40_000))
    taste, shared = rng.normal(0, 0.4, 3000), rng.normal(0, 0.03, 100)
    return 4.6 + taste[user] + shared[month] + effect[day] + rng.normal(0, 0.7, 40_000), day, month


# 200 replications: the Monte-Carlo error of 5 % is 1.5 %. Power at 0.2 stars, about the width of an interval here.
@pytest.mark.slow
@pytest.mark.parametrize("sunday", [0.0, 0.2])
def test_weekdays_of_people_with_habits_are_honest(sunday: float) -> None:
    rng, effect = np.random.default_rng(6), np.r_[np.zeros(6), sunday]
    excluded, covered = [], []
    for _ in range(200):
        value, day, month = week(rng, effect)
        n, total, squares = (np.bincount(day * 100 + month, w, 700) for w in (None, value, value**2))
        with np.errstate(invalid="ignore"):
            mean = (total / n).reshape(7, 100)
        found = pairwise(paired_means(range(100), mean, pooled_se(n, total, squares).reshape(7, 100)))
        excluded.append(found[0].difference.excludes_zero)
        covered.append(all(p.difference.low <= effect[p.a] - effect[p.b] <= p.difference.high for p in found))
    assert np.mean(covered) >= 0.93
    assert np.mean(excluded) >= 0.9 if sunday else np.mean(excluded) <= 0.07


def test_a_shared_month_misleads_clusters_that_do_not_know_it() -> None:
    """Why seasons go through months: the same ratings, clustered by their users, differ by season without a reason."""
    rng = np.random.default_rng(7)
    month, misled, honest = np.repeat(MONTHS, 200), [], []
    for _ in range(20):
        user = rng.integers(0, 8000, len(month))
        value = (4.66 + 0.05 * rng.normal(size=207))[month] + rng.normal(0, 0.5, len(month))
        misled.append(pairwise(cluster_contrasts(value, SEASON[month], [user], groups=4))[0].difference.excludes_zero)
        n, total, squares = (np.bincount(month, w) for w in (None, value, value**2))
        levels = calendar_means(MONTHS, SEASON, total / n, pooled_se(n, total, squares), groups=4)
        honest.append(pairwise(levels)[0].difference.excludes_zero)
    assert np.mean(misled) >= 0.4
    assert np.mean(honest) <= 0.1


def test_a_month_is_set_against_the_two_years_around_it():
    rng, time = np.random.default_rng(3), np.arange(24000, 24060)
    y = rng.normal(size=60)
    years = pd.Series(y).rolling(24, center=True).mean()
    around = (years + years.shift(-1)) / 2
    assert within_years(time, y) == pytest.approx(y - around.to_numpy(), nan_ok=True)
    # A line leaves nothing, a season stays, and a missing month is missed by all that need it.
    season = np.sin(2 * np.pi * time / 12)
    assert within_years(time, 0.1 * time + season)[12:-12] == pytest.approx(season[12:-12])
    gone = np.delete(np.arange(60), 30)
    left = within_years(time[gone], y[gone])
    assert np.isfinite(left).tolist() == [12 <= month < 18 or 42 < month < 48 for month in gone]
    assert len(within_years([], [])) == 0
