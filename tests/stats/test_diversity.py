from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest

from mangetamain.stats import rarefy

RECIPES = [{"salt", "egg"}, {"salt", "flour"}, {"salt"}, {"egg", "milk", "flour"}, {"salt", "basil"}, {"egg"}, {"rice"}]
TERMS = sorted(set().union(*RECIPES))
COUNTS = [sum(term in recipe for recipe in RECIPES) for term in TERMS]


@pytest.mark.parametrize("m", range(1, 8))
def test_expected_terms_equal_the_mean_over_every_draw(m: int) -> None:
    draws = [len(set().union(*draw)) for draw in combinations(RECIPES, m)]
    assert rarefy(COUNTS, 7, m)[0] == pytest.approx(np.mean(draws))


def test_error_by_the_formula_written_out() -> None:
    # Seen once: basil, milk, rice; twice: flour; so Chao's estimate is 6 + 6/7 * 9/2.
    alpha = [comb(7 - n, 3) / comb(7, 3) for n in COUNTS]
    expected = sum(1 - a for a in alpha)
    variance = sum((1 - a) ** 2 for a in alpha) - expected**2 / (6 + 6 / 7 * 9 / 2)
    assert rarefy(COUNTS, 7, 3)[1] == pytest.approx(np.sqrt(variance))


def test_edges() -> None:
    assert rarefy(COUNTS, 7, 0) == (0, 0)
    assert rarefy([], 7, 3) == (0, 0)
    assert rarefy([0, 0], 7, 3) == (0, 0)
    assert rarefy([7, 7], 7, 3) == (2, 0)
    assert rarefy([1, 1, 3], 5, 5)[0] == 3  # nothing seen twice: Chao's other form
    with pytest.raises(ValueError, match="cannot draw 8 of 7"):
        rarefy(COUNTS, 7, 8)


def test_sample_size_no_longer_matters() -> None:
    rng = np.random.default_rng(5)
    chance = np.minimum(0.3 / np.arange(1, 3001) ** 0.9, 1)
    small, large = (rarefy(rng.binomial(n, chance), n, 134) for n in (134, 20000))
    assert small[0] == pytest.approx(large[0], abs=3 * small[1])
    raw = [np.count_nonzero(rng.binomial(n, chance)) for n in (134, 20000)]
    assert raw[1] > 3 * raw[0]


@pytest.mark.slow
@pytest.mark.usefixtures("unmeasured")
def test_error_covers_the_spread_over_collections() -> None:
    rng = np.random.default_rng(6)
    chance = np.minimum(0.3 / np.arange(1, 1501) ** 0.9, 1)
    found = np.array([rarefy(rng.binomial(600, chance), 600, 134) for _ in range(400)])
    truth = (1 - (1 - chance) ** 134).sum()
    assert found[:, 0].mean() == pytest.approx(truth, rel=0.005)
    assert np.mean(np.abs(found[:, 0] - truth) < 1.96 * found[:, 1]) >= 0.93
