"""Centres of two selections that hold values in common."""

import numpy as np
import pytest

from mangetamain.stats import shared_correlation
from mangetamain.stats.counts import Counts


def counts(values, group=None, groups=1):
    group = np.zeros(len(values), int) if group is None else group
    found, n = np.unique(np.stack([group, values]), axis=1, return_counts=True)
    return Counts(found[0].astype(int), found[1], n, groups)


def test_means_of_nested_values_correlate_by_the_root_of_their_part():
    values = np.array([1.0, 3.0] * 8)  # the first four have the mean and the deviation of all sixteen
    assert shared_correlation(counts(values[:4]), counts(values), counts(values[:4]), "mean") == pytest.approx([0.5])


def test_a_group_without_common_or_varied_values_has_no_correlation():
    one, other = counts([1.0, 2.0, 5.0, 5.0], [0, 0, 1, 1], 2), counts([1.0, 4.0, 5.0, 5.0], [0, 0, 1, 1], 2)
    both = counts([5.0, 5.0], [1, 1], 2)
    assert shared_correlation(one, other, both, "mean").tolist() == [0, 0]


def test_groups_may_share_one_deviation():
    # What the second group has in `one` does not vary: alone it would have no correlation. Squares of 0.5 over four
    # values and of 2 over eight, products of 0.5 over four: 2 * 0.125 / (2 * 0.125 * 4 * 0.25) ** 0.5.
    group = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    values = np.array([0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    one, other = counts(values[[0, 1, 4, 5]], group[[0, 1, 4, 5]], 2), counts(values, group, 2)
    assert shared_correlation(one, other, one, "mean", pooled=True) == pytest.approx([0.5] * 2)


# The correlation over 600 draws of 400 skewed values each, of which the first selection holds the odd half, the second
# four in five; the Monte-Carlo error of the coverage is 0.9 %. Taken as independent, intervals cover all.
@pytest.mark.slow
@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("centre", ["mean", "trimmed", "median"])
def test_the_difference_of_two_overlapping_selections_is_covered(centre: str) -> None:
    rng = np.random.default_rng(3)
    first, second = np.arange(400) % 2 == 1, np.arange(400) % 5 > 0
    shift = 5.0 * (first & ~second) + 2.0 * (~first & second)  # the selections differ where they are not one
    population = np.round(rng.lognormal(3.5, 0.6, 400_000)) + np.tile(shift, 1000)
    true = float(
        np.subtract(*(counts(population[np.tile(held, 1000)]).centre(centre)[0][0] for held in (first, second)))
    )
    found, covered, alone = [], [], []
    for _ in range(600):
        values = np.round(rng.lognormal(3.5, 0.6, 400)) + shift
        one, other, both = (counts(values[held]) for held in (first, second, first & second))
        (a, made_a), (b, made_b) = one.centre(centre), other.centre(centre)
        errors = one.error(centre, one.spread(made_a))[0], other.error(centre, other.spread(made_b))[0]
        shared = shared_correlation(one, other, both, centre)[0]
        error = np.sqrt(errors[0] ** 2 + errors[1] ** 2 - 2 * shared * errors[0] * errors[1])
        found.append((a[0], b[0], shared))
        covered.append(abs(a[0] - b[0] - true) <= 1.96 * error)
        alone.append(1.96 * np.hypot(*errors) / (1.96 * error))
    a, b, shared = np.array(found).T
    assert shared.mean() == pytest.approx(np.corrcoef(a, b)[0, 1], abs=0.08)
    assert np.mean(covered) >= 0.93
    assert np.mean(alone) > 1.2  # what independence would have cost
