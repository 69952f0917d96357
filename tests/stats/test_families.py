"""Families of yearly shares that learn their scatter together."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.stats import norm

from mangetamain.stats import Scatter, family_scatter, family_slopes, family_steps
from mangetamain.stats.families import BELIEF, SCATTERS, SLOPES, _grid_fit, _Shares, belief
from tests.stats.planted import RECIPES, Floats, remembered

YEARS = np.arange(2000, 2018.0)


def drawn(
    rng: np.random.Generator, terms: int, sigma: float, *, rho: float = 0.0, moving: float = 0.0
) -> tuple[Floats, Floats]:
    """Draw counts of terms from one recipe in two to one in 2,000; one in ten moves by a part of itself a decade."""
    base = np.geomspace(0.5, 0.0005, terms)
    slope = np.where(rng.random(terms) < 0.1, moving * rng.choice([-1, 1], terms), 0.0)
    line = base[:, None] * (1 + slope[:, None] * (YEARS - 2008.5) / 10)
    share = line * np.exp(sigma * remembered(rng, terms, 18, rho) - sigma**2 / 2)
    counts = rng.binomial(RECIPES.astype(int), np.clip(share, 0, 0.98)).astype(float)
    common = counts.sum(axis=1) >= 50
    return counts[common], (slope * base / 10)[common]


def only(sigma: float, rho: float, slope: int = -1) -> tuple[Scatter, float, float]:
    """Make the family whose terms all have the pair nearest to this one, and slopes of one deviation."""
    all_pairs = belief()
    at = np.argmin(np.abs(np.log(all_pairs.sigma / sigma)) + np.abs(all_pairs.rho - rho))
    sigma, rho = float(all_pairs.sigma[at]), float(all_pairs.rho[at])
    weight, slopes = np.full_like(all_pairs.weight, 1e-12), np.zeros_like(all_pairs.slopes)
    weight[at], slopes[sigma == SCATTERS, slope] = 1, 1
    return Scatter(all_pairs.sigma, all_pairs.rho, weight, slopes), sigma, rho


def by_statsmodels(
    years: Floats, counts: Floats, n: Floats, sigma: float, rho: float, level: Floats, at: int = 0
) -> tuple[float, float]:
    """Fit one term by generalised least squares, its covariance written out: the last coefficient and its error."""
    share = (counts.sum() + 0.5) / (n.sum() + 1)
    unit = share * (1 - share)
    lag = np.abs(years[:, None] - years) / np.diff(years).min()
    covariance = np.diag(unit * level / n) + np.outer(unit * level, unit * level) * sigma**2 * rho**lag
    steps = [(np.arange(len(years)) >= at).astype(float)] if at else []
    design = np.column_stack([np.ones(len(n)), years - 2008, *steps])
    fit = sm.GLS(counts / n, design, covariance).fit(cov_type="fixed scale")
    return float(fit.params[-1]), float(fit.bse[-1])


@pytest.mark.parametrize("years", [YEARS, np.array([2000, 2001, 2003, 2004, 2008.0])])
@pytest.mark.parametrize("slopes", [3, 5, 8])
def test_given_the_family_a_slope_is_that_of_generalised_least_squares_drawn_to_none(
    years: Floats, slopes: int
) -> None:
    n = RECIPES[: len(years)]
    counts = np.array([[0.1], [0.004], [0.6]]) * n * (1 + 0.05 * np.cos(np.arange(len(years))))
    scatter, sigma, rho = only(0.1, 0.4, slopes)
    fit = family_slopes(years, counts, n, scatter)
    for row, value, p, ends in zip(counts, fit.mean(), fit.p(), fit.estimates(0.9), strict=True):
        slope, error = by_statsmodels(years, row, n, sigma, rho, np.ones(len(years)))
        share = (row.sum() + 0.5) / (n.sum() + 1)
        prior = SLOPES[slopes] * share * (1 - share) / (np.ptp(years) / 2)
        kept = prior**2 / (prior**2 + error**2)
        slope, error = kept * slope, np.sqrt(kept) * error
        assert value == pytest.approx(slope)
        assert p == pytest.approx(2 * norm.sf(abs(slope) / error))
        assert (ends.low, ends.high) == pytest.approx((slope - 1.6448536 * error, slope + 1.6448536 * error))


def test_the_years_of_a_rising_term_have_the_errors_of_their_level() -> None:
    """A term that moves by 60 % of itself over half the years, which is one of the tilts."""
    time = (YEARS - YEARS @ RECIPES / RECIPES.sum()) / 8.5
    level = np.clip(1 + 0.6 * time, 0.25, 4)
    row = 0.01 * RECIPES * (1 + 0.61 * time)
    scatter, sigma, rho = only(0.1, 0.4)
    slope, error = by_statsmodels(YEARS, row, RECIPES, sigma, rho, level)
    fit = family_slopes(YEARS, row[None], RECIPES, scatter)
    # Drawn to none by so little that it is hardly seen.
    assert fit.mean()[0] == pytest.approx(slope, rel=3e-3)
    assert fit.deviation[0, scatter.slopes.argmax()] == pytest.approx(error, rel=3e-3)


def test_given_the_scatter_the_step_is_that_of_generalised_least_squares() -> None:
    rows = np.array([0.1, 0.2])[:, None] * RECIPES * (1 + 0.3 * (YEARS >= 2006) + 0.02 * np.cos(YEARS))
    scatter, sigma, rho = only(0.05, 0.2)
    fit = family_steps(YEARS, rows, RECIPES, [6, 9], scatter)
    time = (YEARS - YEARS @ RECIPES / RECIPES.sum()) / 8.5
    for i, at in enumerate((6, 9)):
        share = (rows[i].sum() + 0.5) / (RECIPES.sum() + 1)
        slope = (rows[i] / RECIPES - share) @ (RECIPES * time) / (RECIPES @ time**2)
        nearest = round((1 - 2 * share) * slope / (share * (1 - share)) / 0.3) * 0.3
        size, error = by_statsmodels(YEARS, rows[i], RECIPES, sigma, rho, np.clip(1 + nearest * time, 0.25, 4), at)
        assert fit.mean()[i] == pytest.approx(size)
        assert fit.deviation[i, scatter.weight.argmax()] == pytest.approx(error)


def test_what_is_learned_is_the_most_credible_of_all() -> None:
    """The first derivatives of likelihood and belief are equal for every pair, as they are at the top alone."""
    counts, _ = drawn(np.random.default_rng(3), 80, 0.1)
    likelihood = _grid_fit(_Shares.of(YEARS, counts, RECIPES))[2]
    weight = family_scatter(YEARS, counts, RECIPES).weight
    uphill = (likelihood / (likelihood @ weight)[:, None]).sum(axis=0) + BELIEF * belief().weight / weight
    assert weight.sum() == pytest.approx(1)
    assert weight @ np.abs(uphill / (BELIEF + len(counts)) - 1) < 0.02


@pytest.mark.parametrize(("sigma", "rho"), [(0.05, 0.0), (0.1, 0.0), (0.3, 0.0), (0.1, 0.8)])
def test_the_scatter_of_a_family_is_learned(sigma: float, rho: float) -> None:
    counts, _ = drawn(np.random.default_rng(1), 300, sigma, rho=rho)
    found = family_scatter(YEARS, counts, RECIPES)
    assert np.exp(found.weight @ np.log(found.sigma)) == pytest.approx(sigma, rel=0.25 if rho == 0 else 0.5)
    assert found.weight @ found.rho == pytest.approx(rho, abs=0.15)


def test_nothing_is_learned_from_no_terms() -> None:
    empty: NDArray[np.float64] = np.empty((0, 18))
    found = family_scatter(YEARS, empty, RECIPES)
    assert found.weight == pytest.approx(belief().weight)
    assert family_slopes(YEARS, empty, RECIPES, found).p().shape == (0,)


def test_terms_that_never_vary_have_no_slope() -> None:
    rows = np.stack([RECIPES, np.zeros(18), RECIPES / 4])
    fit = family_slopes(YEARS, rows, RECIPES, family_scatter(YEARS, rows, RECIPES))
    assert fit.mean() == pytest.approx([0, 0, 0], abs=1e-9)
    assert fit.p() == pytest.approx([1, 1, 1], abs=1e-3)


def test_time_turned_round_turns_the_slopes() -> None:
    counts, _ = drawn(np.random.default_rng(2), 40, 0.1, moving=0.3)
    forth, back = (
        family_slopes(YEARS, rows, n, family_scatter(YEARS, rows, n))
        for rows, n in ((counts, RECIPES), (counts[:, ::-1], RECIPES[::-1]))
    )
    assert back.mean() == pytest.approx(-forth.mean())
    assert back.p() == pytest.approx(forth.p())


def test_two_years_make_no_trend() -> None:
    with pytest.raises(ValueError, match="at least three points, got 2"):
        family_scatter([2000, 2001], [[1, 2]], [9, 9])


def _family(seed: int, sigma: float, **planted: float) -> tuple[NDArray[np.bool_], Floats, NDArray[np.bool_]]:
    """Tell which intervals of a family's terms exclude zero, the planted slopes, and which intervals hold them."""
    counts, truth = drawn(np.random.default_rng(seed), 300, sigma, **planted)
    fit = family_slopes(YEARS, counts, RECIPES, family_scatter(YEARS, counts, RECIPES))
    z = (truth[:, None] - fit.centre) / fit.deviation
    return fit.p() < 0.05, truth, np.abs((fit.weight * norm.cdf(z)).sum(axis=1) - 0.5) < 0.475


def test_what_moves_is_found_under_mild_scatter() -> None:
    found, truth, holds = _family(0, 0.1, moving=0.5)
    assert found[truth != 0].mean() > 0.5
    assert holds.mean() > 0.9


def test_a_slope_that_is_drawn_to_none_is_one_that_may_be_luck() -> None:
    """Of terms that are all still, none is left of what each seems to do by itself; of one that surely moves, all."""
    counts, _ = drawn(np.random.default_rng(4), 300, 0.1)
    alone, _, _ = only(0.1, 0.0)
    counts[0] *= np.linspace(0.4, 1.0, 18)
    scatter = family_scatter(YEARS, counts, RECIPES)
    each, drawn_to_none = (family_slopes(YEARS, counts, RECIPES, known).mean() for known in (alone, scatter))
    assert np.abs(drawn_to_none[1:]).sum() < 0.2 * np.abs(each[1:]).sum()
    assert drawn_to_none[0] > 0.85 * each[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sigma", "rho", "power"), [(0.1, 0.0, 0.36), (0.0, 0.0, 0.55), (0.1, 0.5, 0.11), (0.3, 0.0, 0.0)]
)
def test_false_discoveries_power_and_coverage(sigma: float, rho: float, power: float) -> None:
    """One term in ten moves by 30 % of itself a decade."""
    rates, powers, covered, picked = [], [], [], []
    for seed in range(60):
        found, truth, holds = _family(seed, sigma, rho=rho, moving=0.3)
        rates.append((found & (truth == 0)).sum() / max(found.sum(), 1))
        powers.append(found[truth != 0].mean())
        covered.append(holds.mean())
        picked += holds[found].tolist()
    # One family's false discovery proportion scatters by .2 at most where few are found.
    assert np.mean(rates) <= 0.05 + 2 * np.std(rates) / np.sqrt(60)
    assert np.mean(powers) >= power
    assert 0.94 <= np.mean(covered) <= 0.99
    assert np.mean(picked) >= 0.92 - 2 * np.sqrt(0.05 * 0.95 / len(picked))


@pytest.mark.slow
@pytest.mark.parametrize(("sigma", "rho"), [(0.0, 0.0), (0.1, 0.0), (0.2, 0.0), (0.3, 0.0), (0.2, 0.7)])
def test_hardly_a_family_without_trends_shows_one(sigma: float, rho: float) -> None:
    shown = [_family(seed, sigma, rho=rho)[0].any() for seed in range(100)]
    assert np.mean(shown) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)
