from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from mangetamain.stats import rarefaction_error, rarefy

RECIPES = [{"salt", "egg"}, {"salt", "flour"}, {"salt"}, {"egg", "milk", "flour"}, {"salt", "basil"}, {"egg"}, {"rice"}]
TERMS = sorted(set().union(*RECIPES))
COUNTS = [sum(term in recipe for recipe in RECIPES) for term in TERMS]
Held = NDArray[np.int64]


@pytest.mark.parametrize("m", range(1, 8))
def test_expected_terms_equal_the_mean_over_every_draw(m: int) -> None:
    draws = [len(set().union(*draw)) for draw in combinations(RECIPES, m)]
    assert rarefy(COUNTS, 7, m) == pytest.approx(np.mean(draws))


def test_edges() -> None:
    assert rarefy(COUNTS, 7, 0) == 0
    assert rarefy([], 7, 3) == 0
    assert rarefy([0, 0], 7, 3) == 0
    assert rarefy([7, 7], 7, 3) == 2
    assert rarefy([1, 1, 3], 5, 5) == 3
    with pytest.raises(ValueError, match="cannot draw 8 of 7"):
        rarefy(COUNTS, 7, 8)


def test_between_whole_numbers_of_recipes_it_is_between() -> None:
    whole = [rarefy(COUNTS, 7, m) for m in range(8)]
    assert rarefy(COUNTS, 7, 2.25) == pytest.approx(0.75 * whole[2] + 0.25 * whole[3])
    assert rarefy(COUNTS, 7, 6.5) == pytest.approx((whole[6] + whole[7]) / 2)


def test_sample_size_no_longer_matters() -> None:
    rng = np.random.default_rng(5)
    chance = np.minimum(0.3 / np.arange(1, 3001) ** 0.9, 1)
    small, large = (np.mean([rarefy(rng.binomial(n, chance), n, 134) for _ in range(9)]) for n in (134, 20000))
    assert small == pytest.approx(large, rel=0.03)
    raw = [np.count_nonzero(rng.binomial(n, chance)) for n in (134, 20000)]
    assert raw[1] > 3 * raw[0]


def summed(holds: NDArray[np.bool_], cook: Held, m: int) -> tuple[float, float]:
    """Reckon the expected terms of recipes (rows, in order of cooks), and their error from the sums over cooks."""
    n, every = len(holds), holds.sum(axis=0)
    sizes, expected = np.bincount(cook), rarefy(every, n, m)
    own = np.add.reduceat(holds, np.unique(cook, return_index=True)[1], axis=0, dtype=np.int64)
    found = np.array([rarefy([held], n, m) for held in range(every.max() + 1)])
    loss = expected - found[every - own].sum(axis=1)
    sums = loss.sum(), loss @ loss, loss @ sizes
    return expected, float(rarefaction_error(*sums, sizes=sizes @ sizes, cooks=len(sizes), recipes=n))


def test_of_whole_draws_the_error_is_that_of_the_terms_that_only_one_cook_has() -> None:
    cook = np.array([0, 0, 1, 1, 2, 2, 3])
    holds = np.array([[term in recipe for term in TERMS] for recipe in RECIPES])
    # Only the first cook has nothing alone; milk, flour's other half, basil and rice: 1 has milk, 2 basil, 3 rice.
    alone = np.array([0, 1, 1, 1])
    deviation = alone - np.bincount(cook) * 3 / 7
    assert summed(holds, cook, 7) == pytest.approx((6, np.sqrt(4 / 3 * deviation @ deviation)))


def test_where_each_recipe_is_a_cooks_own_it_is_the_error_of_recipes() -> None:
    rng = np.random.default_rng(8)
    holds = rng.random((60, 40)) < np.geomspace(0.5, 0.01, 40)
    every = holds.sum(axis=0)
    lost = np.array([rarefy([h], 60, 20) - rarefy([max(h - 1, 0)], 60, 20) for h in every])
    assert summed(holds, np.arange(60), 20)[1] == pytest.approx(np.sqrt(60) * np.std(holds @ lost, ddof=1))


def test_nobody_can_tell_the_error_of_one_cook() -> None:
    sums = {"sizes": [9, 5], "cooks": [1, 2], "recipes": [3, 3]}
    assert np.isnan(rarefaction_error([4, 4], [16, 10], [12, 7], **sums)).tolist() == [True, False]


def kitchens(rng: np.random.Generator, n: int, repeats: float, favourites: int) -> tuple[float, float]:
    """Post `n` recipes by cooks of unequal zeal, who take a part of their terms from favourites of their own."""
    terms = 1500
    chance = 1 / np.arange(1, terms + 1) ** 0.9
    chance /= chance.sum()
    zeal = np.minimum(np.ceil(rng.pareto(1.2, n) + 0.3), max(0.03 * n, 3)).astype(int)
    cook = np.repeat(np.arange(n), zeal)[:n]
    recipe = np.repeat(np.arange(n), rng.poisson(8, n).clip(1))
    own = rng.choice(terms, size=(n, favourites), p=chance**0.6 / (chance**0.6).sum())
    liked = own[cook[recipe], rng.integers(0, favourites, len(recipe))]
    term = np.where(rng.random(len(recipe)) < repeats, liked, rng.choice(terms, size=len(recipe), p=chance))
    holds = np.zeros((n, terms), dtype=bool)
    holds[recipe, term] = True
    return summed(holds, cook, 100)


@pytest.mark.slow
@pytest.mark.parametrize(("repeats", "favourites"), [(0.0, 1), (0.5, 40), (0.8, 20)])
@pytest.mark.parametrize("n", [100, 400])
def test_the_error_covers_the_spread_over_kitchens(n: int, repeats: float, favourites: int) -> None:
    rng = np.random.default_rng(6)
    expected, error = np.array([kitchens(rng, n, repeats, favourites) for _ in range(200)]).T
    # 200 replications know a deviation within 5 %, twice that here; where all recipes are drawn the jackknife is wide.
    assert 0.88 <= np.sqrt(np.mean(error**2)) / expected.std() <= (1.35 if n == 100 else 1.25)
    assert np.mean(np.abs(expected - expected.mean()) < 1.96 * error) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 200)
