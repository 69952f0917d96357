from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from mangetamain.stats import trend
from mangetamain.stats._mixtures import Mixture


def mixture(*parts: tuple[float, float, float]) -> Mixture:
    centre, deviation, weight = np.array(parts).T
    return Mixture(centre[None], deviation[None], weight[None] / weight.sum())


normals = st.tuples(st.floats(-100, 100), st.floats(1e-4, 1e4), st.floats(1e-12, 1))
probabilities = st.floats(1e-9, 0.5) | st.floats(0.5, 1 - 1e-9)


@given(st.lists(normals, min_size=1, max_size=6), probabilities)
def test_quantiles_invert_the_mixture(parts: list[tuple[float, float, float]], probability: float) -> None:
    mixed = mixture(*parts)
    at = mixed.quantile(probability)[0]
    below = mixed.weight[0] @ norm.cdf(at, mixed.centre[0], mixed.deviation[0])
    assert below == pytest.approx(probability, rel=1e-9, abs=1e-12)


def test_quantiles_are_those_of_a_bracketing_solver() -> None:
    """A few wide normals in the tail of narrow ones: where a Newton step alone overflows."""
    mixed = mixture((-0.31, 0.01, 0.96), (-0.2, 0.05, 0.03), (0.0, 30.0, 0.01), (5.0, 0.001, 1e-6))

    def missed(x: float, probability: float) -> float:
        return float(mixed.weight[0] @ norm.cdf(x, mixed.centre[0], mixed.deviation[0]) - probability)

    for probability in (1e-6, 0.003, 0.004, 0.025, 0.5, 0.975, 0.996, 1 - 1e-6):
        at = brentq(missed, -1e3, 1e3, args=(probability,), xtol=1e-13)
        assert mixed.quantile(probability)[0] == pytest.approx(at, rel=1e-7, abs=1e-9)


def test_several_probabilities_are_asked_at_once() -> None:
    mixed = Mixture(
        np.array([[0.0, 3.0], [1.0, 9.0]]), np.array([[1.0, 2.0], [0.1, 4.0]]), np.array([[0.5, 0.5], [0.9, 0.1]])
    )
    found = mixed.quantile([0.025, 0.5, 0.975])
    for row, probability in zip(found, (0.025, 0.5, 0.975), strict=True):
        np.testing.assert_allclose(row, mixed.quantile(probability), rtol=1e-12)


def test_one_normal_is_itself_and_series_do_not_disturb_each_other() -> None:
    alone = mixture((3.0, 2.0, 1.0))
    np.testing.assert_allclose(alone.quantile(0.975), 3 + 2 * norm.ppf(0.975), rtol=1e-12)
    np.testing.assert_allclose(alone.p(), 2 * norm.cdf(-1.5), rtol=1e-12)
    hard = mixture((-0.31, 0.01, 0.99), (0.0, 1e9, 0.01))
    both = Mixture(*(np.concatenate([getattr(m, f) for m in (hard, hard)]) for f in ("centre", "deviation", "weight")))
    np.testing.assert_array_equal(both.quantile(0.004), np.repeat(hard.quantile(0.004), 2))


def test_the_mean_and_p_are_those_of_all_normals() -> None:
    mixed = mixture((1.0, 0.5, 0.7), (1.5, 2.0, 0.25), (9.0, 0.1, 0.05))
    assert mixed.mean() == pytest.approx(0.7 + 0.375 + 0.45)
    assert mixed.p() == pytest.approx(2 * mixed.weight[0] @ norm.cdf(0, mixed.centre[0], mixed.deviation[0]))


def test_a_series_of_years_that_made_the_interval_overflow() -> None:
    x = np.arange(2000.0, 2018.0)
    y = [
        37.8, 37.45, 37.1, 36.75, 36.4, 36.05, 35.7, 35.35, 35.0, 34.65, 34.3, 33.95, 33.6, 33.25, 33.84, 37.2, 30.82,
        36.4,
    ]  # fmt: skip
    se = [
        1.530152, 0.295782, 0.132001, 0.138321, 0.145528, 0.121283, 0.113976, 0.099967, 0.103066, 0.12141, 0.165735,
        0.212157, 0.244774, 0.276776, 1.792596, 1.248625, 1.804023, 0.881219,
    ]  # fmt: skip
    slope = trend(x, y, se).slope
    assert -1 < slope.low < slope.value < slope.high < 0
