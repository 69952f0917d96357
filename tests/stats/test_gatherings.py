"""Terms in the groups of a calendar, compared within years."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, false_discovery_control, norm
from scipy.stats.contingency import expected_freq
from statsmodels.stats.contingency_tables import StratifiedTable

from mangetamain.stats import Gatherings, family_gatherings
from mangetamain.stats.gatherings import _likelihood, _Strata
from tests.stats.planted import RECIPES, Floats

YEARS = np.arange(2000, 2018.0)
PARTS = {4: np.full(4, 0.25), 12: np.full(12, 1 / 12), 2: np.array([0.84, 0.16])}


def world(
    rng: np.random.Generator, groups: int, sigma: float | Floats, *, terms: int = 300, times: float = 1.0,
    slope: float = 0.0,
) -> tuple[Floats, Floats, Floats, Floats]:  # fmt: skip
    """Draw recipes and terms of 18 years; one term in ten is so many times as frequent in one group.

    Gives the cells of terms in 50 recipes, all recipes, when they were posted, and the true ratios.
    """
    posted = np.maximum(np.round(RECIPES[:, None] * rng.dirichlet(400 * PARTS[groups], 18)), 1)
    base, factor = np.geomspace(0.4, 0.0006, terms), np.ones((terms, groups))
    chosen = np.flatnonzero(rng.random(terms) < 0.1)
    factor[chosen, rng.integers(0, groups, len(chosen))] = times
    moment = YEARS[:, None] + (np.arange(groups) + 0.5) / groups
    odds = np.broadcast_to(sigma, terms)[:, None, None] * rng.normal(size=(terms, 18, groups))
    share = base[:, None, None] * factor[:, None] * np.exp(odds + slope * (moment - 2009))
    cells = rng.binomial(posted.astype(int), np.minimum(share, 0.95)).astype(float)
    common = cells.sum(axis=(1, 2)) >= 50
    held, part = cells.sum(axis=2), posted / posted.sum(axis=1, keepdims=True)
    usual = (held * (factor[:, None] * part).sum(axis=2)).sum(axis=1) / held.sum(axis=1)
    return cells[common], posted, moment, (factor / usual[:, None])[common]


def q_values(found: Gatherings) -> Floats:
    p = found.p()
    return np.asarray(false_discovery_control(p.ravel()).reshape(p.shape))


def everywhere(found: Gatherings) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number all terms and groups."""
    term, group = np.indices(found.observed.shape).reshape(2, -1)
    return term, group


def test_expected_counts_are_those_of_each_year_added_up() -> None:
    rng = np.random.default_rng(1)
    cells, posted, moment, _ = world(rng, 4, 0.1)
    still = np.zeros_like(moment)  # without a place in the year there is no course to take off
    found = family_gatherings(cells, posted, still)
    by_year = sum(expected_freq(np.stack([cells[7, y], posted[y] - cells[7, y]]))[0] for y in range(18))
    assert found.expected[7] == pytest.approx(by_year)
    assert found.observed[7] == pytest.approx(cells[7].sum(axis=0))


def test_chance_is_that_of_mantel_and_haenszel() -> None:
    cells, posted, moment, _ = world(np.random.default_rng(2), 2, 0.0)
    found = family_gatherings(cells, posted, np.zeros_like(moment))
    tables = [np.stack([cells[5, y], posted[y] - cells[5, y]]) for y in range(18)]
    test = StratifiedTable(tables).test_null_odds(correction=False)
    z = (found.observed[5, 0] - found.expected[5, 0]) / np.sqrt(found.chance[5, 0])
    assert z**2 == pytest.approx(test.statistic)


def test_pearsons_statistic_of_years_within_groups_tells_the_scatter() -> None:
    """The sum over years and groups of squared deviations over what is expected, written out."""
    cells, posted, _, _ = world(np.random.default_rng(3), 4, 0.2)
    strata = _Strata.of(cells, posted)
    observed, even = cells.sum(axis=1), strata.held @ strata.part
    likely = _likelihood(cells, observed, even, strata)
    expected = strata.held[9][:, None] * strata.part * (observed[9] / even[9])
    pearson = ((cells[9] - expected) ** 2 / (strata.held[9][:, None] * strata.part)).sum()
    assert pearson > 1.5 * 51  # (18 - 1) (4 - 1) degrees of freedom, by chance alone
    assert likely[9].argmax() > 0


def test_a_uniform_term_is_usual_everywhere() -> None:
    posted = np.full((5, 4), 1000.0)
    found = family_gatherings(np.full((1, 5, 4), 40.0), posted, np.zeros((5, 4)))
    assert found.ratio() == pytest.approx(np.ones((1, 4)))
    assert found.p() == pytest.approx(np.full((1, 4), 0.5), abs=1e-6)


def test_a_group_without_recipes_tells_nothing() -> None:
    posted, cells = np.full((5, 3), 1000.0), np.full((2, 5, 3), 40.0)
    posted[:, 2] = cells[:, :, 2] = 0
    cells[1, :, 0] = 80
    found = family_gatherings(cells, posted, np.zeros((5, 3)))
    assert np.isnan(found.ratio()[:, 2]).all()
    assert found.p()[:, 2] == pytest.approx(1)
    assert found.ratio()[1, :2] == pytest.approx([80 / 60, 40 / 60])


def test_one_odd_year_does_not_carry_a_term() -> None:
    """The same excess, in one year or in all: only the second is a season."""
    rng = np.random.default_rng(4)
    posted = np.full((12, 4), 3000.0)
    cells = rng.poisson(30, (200, 12, 4)).astype(float)
    cells[0, 5, 2] += 130
    cells[1, :, 2] += 11
    found = family_gatherings(cells, posted, np.zeros((12, 4)))
    q = q_values(found)
    assert q[0, 2] > 0.05
    assert q[1, 2] < 0.01
    assert found.weight[0] @ found.sigma > 3 * found.weight[1] @ found.sigma


@pytest.mark.parametrize("groups", [2, 4, 12])
@pytest.mark.parametrize("sigma", [0.1, 0.2, 0.3])
def test_the_scatter_is_recovered_where_chance_is_as_large(groups: int, sigma: float) -> None:
    cells, posted, moment, _ = world(np.random.default_rng(9), groups, sigma)
    found = family_gatherings(cells, posted, moment)
    held = cells.sum(axis=(1, 2))
    some = (held > 500) & (held < 3000)
    assert sigma <= np.sqrt(found.weight @ found.sigma**2)[some].mean() <= 1.25 * sigma


def test_a_recipe_a_year_tells_nothing_of_the_scatter() -> None:
    cells, posted, moment, _ = world(np.random.default_rng(10), 4, 0.3)
    cells[0] = np.eye(4)[np.arange(18) % 4]
    strata = _Strata.of(cells, posted)
    likely = _likelihood(cells, cells.sum(axis=1), strata.held @ strata.part, strata)
    assert likely[0] == pytest.approx(np.ones(12))
    assert family_gatherings(cells, posted, moment).weight[0, 7:9].sum() > 0.7  # as the others, near 0.3


def test_a_rare_term_is_not_taken_for_one_without_scatter() -> None:
    cells, posted, moment, _ = world(np.random.default_rng(5), 4, 0.3)
    found = family_gatherings(cells, posted, moment)
    rarest = cells.sum(axis=(1, 2)).argsort()[:20]
    assert (found.weight @ found.sigma)[rarest].mean() > 0.2


@pytest.mark.parametrize("groups", [4, 12])
def test_what_rises_within_the_year_is_no_season(groups: int) -> None:
    """A share that grows by a twentieth a year is higher in December than in January, and belongs to neither."""
    cells, posted, moment, _ = world(np.random.default_rng(6), groups, 0.02, slope=0.05)

    def risen(moment: Floats) -> float:
        ratio = family_gatherings(cells, posted, moment).ratio()[:60]
        return float((ratio[:, -1] - ratio[:, 0]).mean())

    assert risen(moment) == pytest.approx(0, abs=0.005)
    assert risen(np.zeros_like(moment)) == pytest.approx(0.05 * (1 - 1 / groups), abs=0.01)


def test_two_groups_are_the_two_sides_of_one_test() -> None:
    cells, posted, moment, _ = world(np.random.default_rng(7), 2, 0.1, times=1.5)
    z = norm.isf(family_gatherings(cells, posted, moment).p())
    common = cells.sum(axis=(1, 2)) > 2000
    assert z[common, 0] == pytest.approx(-z[common, 1], abs=0.3, rel=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("groups", [2, 4, 12])
@pytest.mark.parametrize("sigma", [0.1, 0.2, 0.3])
def test_false_discoveries_power_and_coverage_are_as_stated(groups: int, sigma: float) -> None:
    false, power, missed, alarms = [], [], [], []
    for seed in range(30):
        rng = np.random.default_rng([groups, int(10 * sigma), seed])
        null = family_gatherings(*world(rng, groups, sigma)[:3])
        alarms.append((q_values(null) < 0.05).any())
        *given, truth = world(rng, groups, sigma, times=2.0)
        found = family_gatherings(*given)
        above = (q_values(found) < 0.05) & (found.ratio() > 1)
        false.append((above & (truth <= 1.0001)).sum() / max(above.sum(), 1))
        power.append(above[truth > 1.3].mean())
        roots = found.roots(*everywhere(found))
        low, high = (np.maximum(roots.quantile(end), 0) ** 2 for end in (0.025, 0.975))
        missed.append(((truth.ravel() < low) | (high < truth.ravel())).mean())
    print(f"{groups} groups, scatter {sigma}: alarms {np.mean(alarms):.2f}, false {np.mean(false):.3f}, "
          f"power {np.mean(power):.2f}, missed {np.mean(missed):.3f}")  # fmt: skip
    assert np.mean(alarms) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 30)
    assert np.mean(false) <= 0.05 + 2 * np.std(false) / np.sqrt(30)
    assert np.mean(missed) == pytest.approx(0.05, abs=0.012)
    assert np.mean(power) >= 0.6


def test_without_years_that_differ_the_test_is_nearly_that_of_chi_squared() -> None:
    """One stratum repeated, and a scatter that the family shows to be small."""
    rng = np.random.default_rng(8)
    posted = np.full((10, 2), 2000.0)
    cells = rng.binomial(2000, 0.05, (400, 10, 2)).astype(float)
    cells[0] = [115, 100]
    p = family_gatherings(cells, posted, np.zeros((10, 2))).p()[0, 0]
    plain = chi2_contingency([[1150, 1000], [18850, 19000]], correction=False).pvalue
    assert norm.isf(p) == pytest.approx(norm.isf(plain / 2), rel=0.1)
