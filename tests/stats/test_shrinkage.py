"""Families drawn together: intervals and ranks hold on planted truths, for the largest members too."""

import numpy as np
import pytest

from mangetamain import stats

# Most terms hardly differ, some do; errors from those of a term of fifty ratings to those of one of a hundred thousand.
TERMS, FAMILIES = 800, 12


def planted(seed):
    dice = np.random.default_rng(seed)
    wide = dice.random(TERMS) < 0.2
    truth = 0.02 + np.where(wide, 0.12, 0.02) * dice.standard_normal(TERMS)
    error = np.geomspace(0.1, 0.003, TERMS)
    return truth, truth + error * dice.standard_normal(TERMS), error


@pytest.fixture(scope="module")
def families():
    return [(truth, value, error, stats.shrunk(value, error)) for truth, value, error in map(planted, range(FAMILIES))]


def covered(truth, family, which):
    low, high = (family.quantile(edge)[which] for edge in (0.025, 0.975))
    return (low <= truth[which]) & (truth[which] <= high)


def test_intervals_hold_for_all_and_for_those_that_are_picked_for_their_size(families):
    every = [covered(truth, family, slice(None)) for truth, _, _, family in families]
    largest = [covered(truth, family, np.argsort(-np.abs(family.mean()))[:40]) for truth, _, _, family in families]
    assert np.mean(every) == pytest.approx(0.95, abs=0.02)
    assert np.mean(largest) == pytest.approx(0.95, abs=0.03)


def test_raw_values_miss_more(families):
    """What is drawn towards the others is nearer to the truth, by a third at the least."""
    far = [np.mean((value - truth) ** 2) for truth, value, _, _ in families]
    near = [np.mean((family.mean() - truth) ** 2) for truth, _, _, family in families]
    assert np.mean(near) < np.mean(far) / 1.5


def test_rank_intervals_hold_and_are_no_wider_than_needed(families):
    held, wide = [], []
    for truth, _, _, family in families:
        which = np.argsort(-family.mean())[:10].tolist()
        rank = (-truth).argsort().argsort() + 1
        _, low, high = stats.family_ranks(family, which)
        held += ((low <= rank[which]) & (rank[which] <= high)).tolist()
        wide += (high - low).tolist()
    assert np.mean(held) >= 0.9
    assert np.median(wide) < TERMS / 10


def test_the_order_of_what_is_known_for_sure_is_the_order():
    family = stats.shrunk([3.0, 1.0, 2.0], [1e-3, 1e-3, 1e-3])
    for found in stats.family_ranks(family, [0, 1, 2]):
        assert found.tolist() == [1, 3, 2]


def test_values_that_differ_by_chance_alone_are_drawn_together():
    value = np.random.default_rng(3).standard_normal(500)
    family = stats.shrunk(value, np.ones(500))
    assert np.abs(family.mean()).max() < np.abs(value).max() / 4
    _, low, high = stats.family_ranks(family, [int(value.argmax())])
    assert low[0] < 20
    assert high[0] > 300


def test_one_posterior_by_hand():
    """Of two groups of values, those without any doubt are left where they are."""
    truth = np.tile([-1.0, 1.0], 200)
    assert stats.shrunk(truth, np.full(400, 1e-4)).mean() == pytest.approx(truth, abs=1e-4)


@pytest.mark.parametrize("deviation", [0.0, 0.03])
def test_the_deviation_between_true_values_has_an_upper_limit_that_holds(deviation):
    dice, error = np.random.default_rng(7), np.geomspace(0.1, 0.01, 100)
    worlds = deviation * dice.standard_normal((400, 100)) + error * dice.standard_normal((400, 100))
    limits = np.array([stats.greatest_deviation(world, error) for world in worlds])
    assert (limits >= deviation).mean() >= 0.96  # 0.975, less four errors of 400 worlds
    assert np.median(limits) < deviation + 0.03
    assert stats.greatest_deviation([1.0], [0.1]) == np.inf
