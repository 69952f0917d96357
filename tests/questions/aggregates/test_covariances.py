"""Centres of two selections that hold values, or cooks, in common."""

import numpy as np
import pandas as pd
import pytest

from mangetamain.conditions import read
from mangetamain.questions.aggregates.centres import described, held
from mangetamain.questions.aggregates.covariances import correlations, difference_error
from tests.questions.worlds import pantry

YEARS = (0, 999)
FIRST, SECOND = read("among", "steps<=1"), read("against", "ingredients<=1")


def selections(values, first, second, *, group=0, cooks=None):
    """Choose two selections of values in groups; each value is its own cook's unless told."""
    rows = pd.DataFrame({"calories": np.asarray(values, float), "id": np.arange(1, len(values) + 1)})
    rows["contributor_id"] = rows["id"] if cooks is None else cooks
    chosen = {"n_steps": np.where(first, 1, 2), "n_ingredients": np.where(second, 1, 2)}
    con = pantry(rows.assign(year=group, month=1, weekday=1, minutes=1.0, **chosen))
    sides = ({"among": FIRST}, {"among": SECOND, "name": "against"})
    return con, *(held(con, "calories", "year", years=YEARS, **side) for side in sides)


def correlation(*given, centre="mean", pooled=False, **more):
    return correlations(*selections(*given, **more), centre, pooled=pooled)[1]


def test_means_of_nested_values_correlate_by_the_root_of_their_part():
    values = [1.0, 3.0] * 8  # the first four have the mean and the deviation of all sixteen
    first = np.arange(16) < 4
    assert correlation(values, first, np.ones(16, bool)) == pytest.approx([0.5])


def test_a_group_without_common_or_varied_values_has_no_correlation():
    values, group = [1.0, 2.0, 1.0, 4.0, 5.0, 5.0], [0, 0, 0, 0, 1, 1]
    first, second = np.array([1, 1, 0, 0, 1, 1], bool), np.array([0, 0, 1, 1, 1, 1], bool)
    assert correlation(values, first, second, group=group).tolist() == [0, 0]


def test_a_group_that_one_selection_lacks_is_none():
    con, one, other = selections([1.0, 2.0, 3.0], [True, True, False], [True] * 3, group=[0, 0, 1])
    assert correlations(con, one, other, "mean", pooled=False)[0].tolist() == [0]


def test_selections_without_a_recipe_in_common_share_their_cooks():
    """Two cooks, one above and one below in both selections, whose numbers go up and down together."""
    cooks = [1, 2, 1, 2]
    assert correlation([10.0, 2.0, 6.0, 0.0], [1, 1, 0, 0], [0, 0, 1, 1], cooks=cooks) == pytest.approx([1.0])


def test_groups_may_share_one_correlation():
    # Neither group's values vary in the first selection, but together both selections know half of what there is.
    group, values = [0, 0, 0, 0, 1, 1, 1, 1], [0.0, 1.0, 0.0, 1.0, 5.0, 8.0, 5.0, 8.0]
    first = np.array([1, 1, 0, 0, 1, 1, 0, 0], bool)
    found = correlation(values, first, np.ones(8, bool), group=group, pooled=True)
    assert found == pytest.approx([0.5**0.5] * 2)


def test_an_error_without_two_clusters_is_unknown():
    con, one, other = selections([1.0, 2.0, 3.0], [1, 1, 0], [0, 1, 1], cooks=7)
    assert np.isnan(difference_error(con, one, other, "mean"))
    con, one, other = selections([1.0, 2.0], [1, 1], [0, 0])
    assert np.isnan(difference_error(con, one, other, "mean"))


# Six hundred groups of 400 skewed values each, of which the first selection holds the odd half, the second four in
# five; the Monte-Carlo error of the coverage is 0.9 %. Taken as independent, intervals would cover all.
@pytest.mark.slow
@pytest.mark.parametrize("centre", ["mean", "trimmed", "median"])
def test_the_difference_of_two_overlapping_selections_is_covered(centre):
    rng, groups, size = np.random.default_rng(3), 600, 400
    first, second = np.arange(size) % 2 == 1, np.arange(size) % 5 > 0
    shift = 5.0 * (first & ~second) + 2.0 * (~first & second)  # the selections differ where they are not one

    def sides(values, group):
        n = len(values) // size
        con, one, other = selections(values, np.tile(first, n), np.tile(second, n), group=group)
        return described(con, one, centre=centre), described(con, other, centre=centre), (con, one, other)

    a, b, _ = sides(np.round(rng.lognormal(3.5, 0.6, (1000, size)) + shift).ravel(), 0)
    true = a["centre"][0] - b["centre"][0]
    values = np.round(rng.lognormal(3.5, 0.6, (groups, size)) + shift).ravel()
    a, b, asked = sides(values, np.repeat(np.arange(groups), size))
    shared = correlations(*asked, centre, pooled=False)[1]
    error = np.sqrt(a["se"] ** 2 + b["se"] ** 2 - 2 * shared * a["se"] * b["se"])
    assert shared.mean() == pytest.approx(np.corrcoef(a["centre"], b["centre"])[0, 1], abs=0.08)
    assert np.mean(np.abs(a["centre"] - b["centre"] - true) <= 1.96 * error) >= 0.93
    assert np.mean(np.hypot(a["se"], b["se"]) / error) > 1.2  # what independence would have cost
