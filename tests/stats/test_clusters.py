from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.sandwich_covariance import cov_cluster, cov_cluster_2groups

from mangetamain.finding import Estimate
from mangetamain.stats import ClusterSums, level_shifts, pairwise, trend
from tests.stats.planted import remembered
from tests.stats.routes import GroupMeans, cluster_contrasts, pooled_se

GROUPS = 4
# Ratings of each month, as the real ones rose and fell: 100 to 8,000.
RATINGS = np.exp(np.interp(np.arange(200), [0, 30, 80, 130, 199], np.log([100, 2500, 8000, 4000, 120]))).astype(int)


def sums_of(value: np.ndarray, group: np.ndarray, cluster: np.ndarray) -> ClusterSums:
    """Sum values by group and cluster, as a statement would."""
    table = pd.DataFrame({"group": group, "cluster": cluster, "value": value, "square": value**2})
    part = table.groupby(["group", "cluster"]).agg(n=("value", "size"), s=("value", "sum"), q=("square", "sum"))
    part = part.assign(one=1.0, n_2=part.n**2, n_3=part.n**3, ns=part.n * part.s, s_2=part.s**2).astype(float)
    total = part.groupby("group").sum()
    return ClusterSums(*(total[name].to_numpy() for name in ("n", "one", "n_2", "s", "ns", "s_2", "n_3", "q")))


def singles(n: np.ndarray, total: np.ndarray, squares: np.ndarray) -> ClusterSums:
    """Sum values that are each a cluster of its own."""
    return ClusterSums(n, n, n, total, total, squares, n, squares)


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


def test_errors_from_sums_are_those_of_the_rows() -> None:
    value, group, user, _ = reviews(np.random.default_rng(8))
    found = sums_of(value, group, user).errors()
    for g in range(GROUPS):
        mine = group == g
        alone = cluster_contrasts(value[mine], np.zeros(mine.sum(), int), [user[mine]], groups=1)
        assert found[g] == pytest.approx(np.sqrt(alone.covariance[0, 0]))


def test_shared_errors_of_single_values_are_the_residual_deviation_of_a_mean_a_group() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(5), [2, 30, 7, 1, 60])
    value = rng.normal(group, 2.0)
    found = sums_of(value, group, np.arange(100)).shared()
    np.testing.assert_allclose(found, sm.OLS(value, np.eye(5)[group]).fit().bse)
    np.testing.assert_allclose(found, pooled_se(*(np.bincount(group, w) for w in (None, value, value**2))))


def test_shared_errors_of_equal_clusters_are_those_of_an_analysis_of_variance() -> None:
    rng = np.random.default_rng(1)
    value = (rng.normal(0, 2.0, (3, 20))[:, :, None] + rng.normal(0, 1.0, (3, 20, 5))).reshape(3, -1)
    group, cluster = np.repeat(np.arange(3), 100), np.repeat(np.arange(60), 5)
    found = sums_of(value.ravel(), group, cluster).shared()
    # Twenty cooks of five recipes: the mean's variance is that between the cooks' means, over twenty.
    means = value.reshape(3, 20, 5).mean(axis=2)
    np.testing.assert_allclose(found, np.sqrt(means.var(axis=1, ddof=1).mean() / 20))


def test_few_clusters_borrow_and_a_lone_one_is_known_by_the_others() -> None:
    rng = np.random.default_rng(2)
    cluster = np.r_[np.repeat(np.arange(60), 5), np.repeat(np.arange(60, 70), 5), np.full(50, 99)]
    group = np.repeat([0, 1, 2], [300, 50, 50])
    value = rng.normal(0, 2.0, 100)[cluster] + rng.normal(0, 1.0, 400)
    sums = sums_of(value, group, cluster)
    own, shared = sums.errors(), sums.shared()
    assert own[0] != pytest.approx(shared[0])
    assert own[1:].tolist() == shared[1:].tolist()
    assert shared[2] == pytest.approx(2.0, rel=0.25)  # fifty recipes of a cook know little more than one
    assert np.isnan(sums_of(value, group, group).errors()).all()  # a cook a year: nobody can tell
    assert sums_of(np.full(400, 5.0), group, cluster).errors().tolist() == [0, 0, 0]


def test_a_group_whose_clusters_do_not_differ_is_not_taken_to_be_exact() -> None:
    rng = np.random.default_rng(3)
    cluster, group = np.repeat(np.arange(120), 5), np.repeat([0, 1], 300)
    sums = sums_of(np.where(group == 0, 5.0, rng.normal(5, 1, 600)), group, cluster)
    assert sums.variance()[0] == 0
    assert sums.errors()[0] == sums.shared()[0] > 0
    assert sums.errors()[1] == pytest.approx(np.sqrt(sums.variance()[1]))


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
    alone = cluster_contrasts(np.arange(6), np.zeros(6, int), [user], groups=2)
    assert pairwise(alone) == []


def test_too_few_clusters_tell_nothing() -> None:
    none = np.array([], int)
    assert pairwise(cluster_contrasts(none, none, [none, none], groups=2)) == []
    one = cluster_contrasts(np.arange(6.0), np.array([0, 1] * 3), [np.zeros(6, int), np.arange(6)], groups=2)
    assert np.isnan(one.estimates()[0].low)
    assert not pairwise(one)[0].difference.excludes_zero


def test_a_subtraction_that_goes_too_far_falls_back() -> None:
    one, two = np.eye(2) * 0.04, np.eye(2) * 0.01
    means = GroupMeans(np.array([1.0, 0.0]), np.array([5, 5]), -np.eye(2), (one, two), 50)
    assert means.variance(np.array([1.0, -1.0])) == pytest.approx(0.08)


# 400 replications: the Monte-Carlo error of 5 % is 1.1 %.
@pytest.mark.slow
def test_differences_cover_and_extremes_are_honest() -> None:
    rng = np.random.default_rng(7)
    effect = np.array([0.0, 0.05, -0.05, 0.1])
    together, alone, best, naive = [], [], [], []
    for _ in range(400):
        value, group, user, recipe = reviews(rng)
        means = cluster_contrasts(value, group, [user, recipe], groups=GROUPS)
        best.append(pairwise(means)[0].p < 0.05)
        rows = cluster_contrasts(value, group, [np.arange(len(value))], groups=GROUPS)
        naive.append(pairwise(rows)[0].p < 0.05)
        moved = cluster_contrasts(value + effect[group], group, [user, recipe], groups=GROUPS)
        together.append(
            all(p.difference.low <= effect[p.a] - effect[p.b] <= p.difference.high for p in pairwise(moved))
        )
        alone.append([e.low <= 4.6 + t <= e.high for e, t in zip(moved.estimates(), effect, strict=True)])
    assert np.mean(best) <= 0.07
    assert np.mean(together) >= 0.93
    assert np.mean(alone) >= 0.93
    assert np.mean(naive) > 0.2  # the data do repeat: rows taken as independent mislead


# 200 replications: the Monte-Carlo error of 5 % is 1.5 %. By each month's own deviation a constant share of 2 % was
# covered in 79 %, seen to rise or fall in 21 % and to shift in 83 %. (Where months differ by 30 % of the share,
# shifts are seen in 7 to 9 %.)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "last", "tau", "rho"),
    [(0.02, 0.02, 0.0, 0.0), (0.05, 0.05, 0.0, 0.0), (0.03, 0.03, 0.2, 0.5), (0.02, 0.05, 0.0, 0.0)],
)
def test_trends_and_shifts_of_small_shares_are_honest(first: float, last: float, tau: float, rho: float) -> None:
    rng, months = np.random.default_rng(3), np.arange(200.0)
    covered, shifts = [], []
    for _ in range(200):
        wander = np.exp(tau * remembered(rng, 1, 200, rho)[0] - tau**2 / 2)
        held = rng.binomial(RATINGS, np.linspace(first, last, 200) * wander)
        se = singles(RATINGS, held, held).shared()
        slope = trend(months, held / RATINGS, se).slope
        covered.append(slope.low <= (last - first) / 199 <= slope.high)
        shifts.append(bool(level_shifts(held / RATINGS, se).shifts))
    assert np.mean(covered) >= 0.93
    assert np.mean(shifts) <= 0.06
