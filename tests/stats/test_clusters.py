from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.sandwich_covariance import cov_cluster, cov_cluster_2groups

from mangetamain.finding import Estimate
from mangetamain.stats import GroupMeans, cluster_contrasts, equal_means, pairwise

GROUPS = 4


def reviews(
    rng: np.random.Generator, effect: tuple[float, ...] = (0, 0, 0, 0), rows: int = 6000
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Ratings of users (a few write most) on recipes, both with tastes of their own and seasons of their own."""
    user = (600 * rng.random(rows) ** 1.5).astype(np.int32)
    recipe = (800 * rng.random(rows) ** 1.5).astype(np.int32)
    habit = rng.integers(0, GROUPS, 600)
    group = np.where(rng.random(rows) < 0.6, habit[user], rng.integers(0, GROUPS, rows))
    taste, worth = rng.normal(0, 0.4, 600), rng.normal(0, 0.3, 800)
    value = 4.6 + taste[user] + worth[recipe] + np.asarray(effect)[group] + rng.normal(0, 0.7, rows)
    return value, group, user, recipe


def test_covariance_is_that_of_statsmodels() -> None:
    value, group, user, recipe = reviews(np.random.default_rng(0))
    pair = np.unique(user.astype(np.int64) * 1000 + recipe, return_inverse=True)[1]
    assert len(np.unique(pair)) < len(value)  # some pairs do repeat
    found = cluster_contrasts(value, group, [user, recipe], groups=GROUPS)
    fit = sm.OLS(value, np.eye(GROUPS)[group]).fit()
    np.testing.assert_allclose(found.mean, fit.params)
    np.testing.assert_array_equal(found.n, np.bincount(group))

    def one(code: np.ndarray) -> np.ndarray:
        count = len(np.unique(code))
        return cov_cluster(fit, code, use_correction=False) * count / (count - 1)

    np.testing.assert_allclose(found.one_way, [one(user), one(recipe)], rtol=1e-8)
    np.testing.assert_allclose(found.covariance, one(user) + one(recipe) - one(pair), rtol=1e-6, atol=1e-12)
    near = cov_cluster_2groups(fit, user, recipe, use_correction=False)[0]
    np.testing.assert_allclose(np.diag(found.covariance), np.diag(near), rtol=0.01)
    assert found.df == min(len(np.unique(user)), len(np.unique(recipe))) - 1


def test_rows_that_are_their_own_crossing() -> None:
    rng = np.random.default_rng(1)
    cells = rng.choice(200 * 300, 5000, replace=False)
    user, recipe, group = cells // 300, cells % 300, rng.integers(0, 3, 5000)
    value = rng.normal(size=5000)
    found = cluster_contrasts(value, group, [user, recipe], groups=3)
    white = sm.OLS(value, np.eye(3)[group]).fit(cov_type="HC0").cov_params() * 5000 / 4999
    np.testing.assert_allclose(sum(found.one_way) - found.covariance, white, rtol=1e-6, atol=1e-12)


def test_one_row_a_cluster_is_the_plain_standard_error() -> None:
    value, group, _, _ = reviews(np.random.default_rng(2))
    found = cluster_contrasts(value, group, [np.arange(6000)], groups=GROUPS)
    plain = [value[group == g].std() / np.sqrt((group == g).sum()) for g in range(GROUPS)]
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), plain, rtol=1e-3)
    own = found.estimates(confidence=0.9)
    assert own[0].high - own[0].value == pytest.approx(1.645 * plain[0], rel=0.01)


def test_pairs_are_ordered_and_bounded_together() -> None:
    means = GroupMeans(np.array([1.0, 3.0, 2.0]), np.array([9, 9, 9]), np.eye(3) * 0.125, (np.eye(3) * 0.125,), 10_000)
    best = pairwise(means)[0]
    assert [(p.a, p.b) for p in pairwise(means)] == [(1, 0), (1, 2), (2, 0)]
    assert best.difference.value == 2
    assert best.difference.high - 2 == pytest.approx(0.5 * 2.388, rel=1e-3)  # Šidák's point for three
    alone = 6.334e-5  # two-sided normal beyond 4
    assert best.p == pytest.approx(1 - (1 - alone) ** 3, rel=0.02)
    f, p = equal_means(means)
    assert f == pytest.approx(2 / 0.125 / 2)
    assert p == pytest.approx(np.exp(-f), rel=0.01)  # F with 2 and many degrees


def test_a_pair_whose_own_difference_turns_it_round_is_turned() -> None:
    class Turned:
        mean, n = np.array([2.0, 1.0]), np.array([9, 9])

        def differences(self, pairs, *, confidence=0.95):
            assert list(pairs) == [(0, 1)]
            return [(Estimate(-0.5, -1.0, 0.25, confidence), 0.3)]

    (pair,) = pairwise(Turned())
    assert (pair.a, pair.b, pair.difference) == (1, 0, Estimate(0.5, -0.25, 1.0))
    assert pair.p == pytest.approx(0.3)


def test_empty_groups_and_equal_values() -> None:
    user = np.array([0, 0, 1, 1, 2, 2])
    found = cluster_contrasts(np.full(6, 5), np.array([0, 2, 0, 2, 0, 2]), [user], groups=3)
    assert np.isnan(found.mean[1])
    (only,) = pairwise(found)
    assert (only.difference.low, only.difference.high, only.p) == (0, 0, 1)
    assert np.isnan(found.estimates()[1].value)
    assert equal_means(found) == (0, 1)
    alone = cluster_contrasts(np.arange(6), np.zeros(6, int), [user], groups=2)
    assert equal_means(alone) == (0, 1)
    assert pairwise(alone) == []


def test_too_few_clusters_tell_nothing() -> None:
    none = np.array([], int)
    assert pairwise(cluster_contrasts(none, none, [none, none], groups=2)) == []
    one = cluster_contrasts(np.arange(6.0), np.array([0, 1] * 3), [np.zeros(6, int), np.arange(6)], groups=2)
    assert equal_means(one) == (0, 1)
    assert np.isnan(one.estimates()[0].low)
    assert not pairwise(one)[0].difference.excludes_zero


def test_a_subtraction_that_goes_too_far_falls_back() -> None:
    one, two = np.eye(2) * 0.04, np.eye(2) * 0.01
    means = GroupMeans(np.array([1.0, 0.0]), np.array([5, 5]), -np.eye(2), (one, two), 50)
    assert means.variance(np.array([1.0, -1.0])) == pytest.approx(0.08)
    assert equal_means(means)[0] == pytest.approx(1 / 0.1)


# 400 replications: the Monte-Carlo error of 5 % is 1.1 %.
@pytest.mark.slow
@pytest.mark.usefixtures("unmeasured")
def test_differences_cover_and_extremes_are_honest() -> None:
    rng = np.random.default_rng(7)
    effect = np.array([0.0, 0.05, -0.05, 0.1])
    together, alone, wald, best, naive = [], [], [], [], []
    for _ in range(400):
        value, group, user, recipe = reviews(rng)
        means = cluster_contrasts(value, group, [user, recipe], groups=GROUPS)
        wald.append(equal_means(means)[1] < 0.05)
        best.append(pairwise(means)[0].p < 0.05)
        rows = cluster_contrasts(value, group, [np.arange(len(value))], groups=GROUPS)
        naive.append(equal_means(rows)[1] < 0.05)
        moved = cluster_contrasts(value + effect[group], group, [user, recipe], groups=GROUPS)
        together.append(
            all(p.difference.low <= effect[p.a] - effect[p.b] <= p.difference.high for p in pairwise(moved))
        )
        alone.append([e.low <= 4.6 + t <= e.high for e, t in zip(moved.estimates(), effect, strict=True)])
    assert np.mean(wald) <= 0.07
    assert np.mean(best) <= 0.07
    assert np.mean(together) >= 0.93
    assert np.mean(alone) >= 0.93
    assert np.mean(naive) > 0.2  # the data do repeat: rows taken as independent mislead
