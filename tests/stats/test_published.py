from __future__ import annotations

import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats as scipy_stats

from mangetamain.stats import (
    anova_from_moments,
    kruskal,
    mann_whitney,
    weighted_spearman,
    wls,
)


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, Any]:
    """Published figures by name."""
    text = (shared_data.parent / "reference" / "published_figures.json").read_text(encoding="utf-8")
    return {entry["id"]: entry["value"] for entry in json.loads(text)["entries"]}


def by_year(published: dict[str, Any], name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = published["trend.volume.by_year"]
    years = sorted(n)
    return np.array(years, float), np.array([published[name][y] for y in years]), np.array([n[y] for y in years])


@pytest.mark.parametrize("seed", range(5))
def test_wls_is_that_of_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y, w = np.arange(1999.0, 2019), rng.normal(40, 3, 20), rng.integers(100, 30000, 20)
    found, reference = wls(x, y, w), sm.WLS(y, sm.add_constant(x), weights=w).fit()
    expected = (reference.params[1], reference.params[0], reference.rsquared, reference.pvalues[1])
    np.testing.assert_allclose(astuple(found), expected, rtol=1e-6)


def test_weighted_spearman() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 8, 60), rng.integers(0, 8, 60)
    assert weighted_spearman(x, y, np.ones(60)) == pytest.approx(scipy_stats.spearmanr(x, y).statistic)
    w = rng.integers(1, 5, 60)
    cov = np.cov(scipy_stats.rankdata(x), scipy_stats.rankdata(y), fweights=w)
    assert weighted_spearman(x, y, w) == pytest.approx(cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1]))


def ranked(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Numbers, sums of ranks and ties of groups (rows) that hold rising values so often."""
    times = table.sum(axis=0)
    return table.sum(axis=1), table @ (np.cumsum(times) - (times - 1) / 2), float((times**3 - times).sum())


def test_kruskal() -> None:
    rng = np.random.default_rng(2)
    groups = [rng.integers(1, 6, n) for n in (40, 55, 70)]
    table = np.array([np.bincount(g, minlength=7) for g in groups])  # with values that never occur
    np.testing.assert_allclose(kruskal(*ranked(table)), scipy_stats.kruskal(*groups))


def test_mann_whitney() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.integers(1, 6, 40), rng.integers(2, 6, 55)
    counts = [np.bincount(g, minlength=7) for g in (first, second)]
    np.testing.assert_allclose(
        mann_whitney(*counts), scipy_stats.mannwhitneyu(first, second, method="asymptotic"), rtol=1e-9
    )
    assert mann_whitney([0, 3], [0, 4]) == (6.0, 1.0)
    assert mann_whitney([1, 1], [1, 1]) == (2.0, 1.0)


def test_anova_from_moments() -> None:
    rng = np.random.default_rng(3)
    groups = [rng.normal(m, 1, n) for m, n in ((0, 30), (0.4, 50), (0.1, 20))]
    found = anova_from_moments(*([f(g) for g in groups] for f in (len, np.mean, lambda g: np.var(g, ddof=1))))
    np.testing.assert_allclose(found[:2], scipy_stats.f_oneway(*groups))
    every = np.concatenate(groups)
    within = sum(((g - g.mean()) ** 2).sum() for g in groups)
    assert found.eta2 == pytest.approx(1 - within / ((every - every.mean()) ** 2).sum())


def test_yearly_medians_exactly(published: dict[str, Any]) -> None:
    years, median, n = by_year(published, "trend.duration.median_by_year")
    found, expected = wls(years, median, n), published["trend.duration.wls_median"]
    assert found.slope == pytest.approx(expected["slope"], abs=5e-5)
    assert found.r2 == pytest.approx(expected["r2"], abs=5e-4)
    assert found.p == pytest.approx(published["trend.duration.wls_median_p"]["p"], abs=5e-6)
    assert found.intercept == pytest.approx(published["trend.duration.wls_median_p"]["intercept"], abs=5e-4)


@pytest.mark.parametrize(
    ("series", "line", "rel"),
    [
        ("trend.duration.mean_by_year", "trend.duration.wls_mean", 0.02),
        ("trend.complexity.mean_by_year", "trend.complexity.wls", 0.02),
        ("trend.steps.mean_by_year", "trend.steps.wls", 0.02),
        ("trend.ingredients_n.mean_by_year", "trend.ingredients_n.wls", 0.02),
    ],
)
def test_yearly_means_as_far_as_pixels_tell(published: dict[str, Any], series: str, line: str, rel: float) -> None:
    found = wls(*by_year(published, series))
    assert found.slope == pytest.approx(published[line]["slope"], rel=rel)
    assert found.r2 == pytest.approx(published[line]["r2"], rel=rel)


def test_weighted_spearman_of_minutes(published: dict[str, Any]) -> None:
    years, minutes, n = by_year(published, "trend.duration.mean_by_year")
    for one, other in ((2009, 2013), (2007, 2015)):  # too close for pixels to tell which is longer
        pair = [one - 1999, other - 1999]
        minutes[pair] = minutes[pair[::-1]]
    assert weighted_spearman(years, minutes, n) == pytest.approx(published["trend.duration.spearman_w"], abs=5e-5)


def test_diversity_has_no_trend_and_its_right_r2(published: dict[str, Any]) -> None:
    found = wls(*by_year(published, "trend.ing.diversity_by_year"))
    assert found.r2 == pytest.approx(published["trend.ing.diversity_r2_correct"], abs=0.001)


def test_seasons_of_ratings(published: dict[str, Any]) -> None:
    n, mean, sd = np.array(list(published["rating.season"].values())).T
    found = anova_from_moments(n, mean, sd**2)
    assert found.f == pytest.approx(published["rating.season.anova"]["F"], abs=0.01)
    assert found.eta2 == pytest.approx(0.00024, abs=5e-6)


def test_weekdays_of_ratings(published: dict[str, Any]) -> None:
    n, mean, sd = np.array(list(published["rating.weekday"].values())).T
    found = anova_from_moments(n, mean, sd**2)
    assert found.f == pytest.approx(published["rating.weekday.anova"]["F"], abs=0.005)
    assert found.p == pytest.approx(published["rating.weekday.anova"]["p"], abs=5e-5)


def test_kruskal_of_the_seasons_from_counts_that_their_moments_imply(published: dict[str, Any]) -> None:
    table = []
    for season, (n, mean, sd) in published["rating.season"].items():
        five = n * published["rating.season.pct5"][season] / 100
        bad = n * published["rating.season.pctneg"][season] / 100
        squares = (n - 1) * sd**2 + n * mean**2
        equations = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 2, 3, 4], [1, 4, 9, 16]])
        rest = np.linalg.solve(equations, [bad, n - five - bad, n * mean - 5 * five, squares - 25 * five])
        table.append([*rest, five])
    np.testing.assert_allclose(np.sum(table, axis=0), list(published["rating.dist"].values())[:5], rtol=0.02)
    assert kruskal(*ranked(np.array(table)))[0] == pytest.approx(published["rating.season.anova"]["H"], rel=0.02)
