from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import norm

from mangetamain.stats import shape, trend, without_each
from mangetamain.stats._bends import bends, knots
from mangetamain.stats._mixed_effects import Grid, fit, grid
from tests.stats.planted import RECIPES, remembered

YEARS = np.arange(2000.0, 2018.0)
ERRORS = 31 / np.sqrt(RECIPES)
# The published yearly means of minutes, read off its figures, with the recipes of each year.
MINUTES = np.array([
    47.0, 45.04, 43.94, 44.83, 44.25, 43.61, 42.82, 41.55, 40.81, 41.02, 40.7, 40.22, 41.34, 40.91, 42.45, 41.49, 38.11,
    46.68,
])  # fmt: skip
POSTED = np.array([
    689, 3974, 17523, 15625, 14381, 20909, 23667, 29790, 26763, 19597, 10308, 6549, 4361, 3181, 853, 241, 172, 228,
])  # fmt: skip


def bent(x: np.ndarray, before: float, after: float, knot: float) -> np.ndarray:
    return 40 + before * np.minimum(x - knot, 0) + after * np.maximum(x - knot, 0)


def test_every_bend_is_dense_generalised_least_squares() -> None:
    rng = np.random.default_rng(0)
    x = (np.array([0.0, 1, 2, 4, 5, 6, 7, 9, 10, 11, 12]) - 6) / 12
    y, se, at = rng.normal(size=11), rng.uniform(0.2, 1, 11), x[3:8]
    found = bends(x, y[None], se[None], at, Grid(np.array([0.8]), np.array([0.4]), np.ones(1)))
    single = Grid(np.array([0.8]), np.array([0.4]), np.ones(1))
    tau = fit(x, np.stack([np.ones(11), x]), y[None], se[None], single).tau[0, 0]
    v = tau**2 * 0.4 ** (np.abs(x[:, None] - x) * 12) + np.diag(se**2)
    likelihoods, z = [], []
    for i, knot in enumerate(at):
        dense = sm.GLS(y, np.column_stack([np.ones(11), x, np.maximum(x - knot, 0)]), sigma=v).fit()
        variance = dense.normalized_cov_params
        assert found.hinge[i, 0, 0] == pytest.approx(dense.params[2])
        assert found.hinge_variance[i, 0, 0] == pytest.approx(variance[2, 2])
        change = found.change(x[0], x[6])
        contrast = np.array([0, x[6] - x[0], max(x[6] - knot, 0)])
        assert change.centre[0, i] == pytest.approx(contrast @ dense.params)
        assert change.deviation[0, i] ** 2 == pytest.approx(contrast @ variance @ contrast)
        rest = y - dense.fittedvalues
        likelihoods.append(-0.5 * (np.linalg.slogdet(v)[1] + rest @ np.linalg.solve(v, rest)))
        z.append(dense.params[2] / np.sqrt(variance[2, 2]))
    assert found.likelihood[0] == pytest.approx(max(likelihoods))
    # With a single pair the weights are the profile likelihoods, and the search costs the angles between the hinges.
    np.testing.assert_allclose(found.weight()[0], np.exp(likelihoods) / np.exp(likelihoods).sum(), rtol=1e-9)
    white = np.linalg.inv(np.linalg.cholesky(v))
    line = white @ np.column_stack([np.ones(11), x])
    hinges = white @ np.maximum(x[:, None] - at, 0)
    hinges -= line @ np.linalg.lstsq(line, hinges)[0]
    hinges /= np.linalg.norm(hinges, axis=0)
    length = sum(np.arccos(a @ b) for a, b in pairwise(hinges.T))
    highest = np.abs(z).max()
    assert found.p[0] == pytest.approx(2 * norm.sf(highest) + length / np.pi * np.exp(-(highest**2) / 2))


def test_the_published_minutes_bend() -> None:
    found = shape(YEARS, MINUTES, 31 / np.sqrt(POSTED), kinds=["bend"])
    assert found.kind == "bend"
    assert found.knot is not None
    assert (found.knot.low, found.knot.value, found.knot.high) == (2007, 2011, 2013)
    before, after = found.pieces
    assert (before.first, before.last, after.first, after.last) == (2000, 2011, 2011, 2017)
    assert before.slope.high < 0 < after.slope.value
    assert -5.5 < 10 * before.slope.value < -4
    # Were 2011 known to be the year: -5.2 (-7.3 to -3.1) a decade before, and +6.0 (+0.8 to +11.2) after.
    x, y, se = (YEARS - 2008.5) / 17, (MINUTES - MINUTES.mean())[None], 31 / np.sqrt(POSTED)
    known = bends(x, y, se[None], x[11:12], grid(taus=24, rhos=8, low=0.05, high=8.0))
    for span, years, expected in (((0, 11), 11, [-5.2, -7.3, -3.1]), ((11, 17), 6, [6.0, 0.8, 11.2])):
        (change,) = known.change(x[span[0]], x[span[1]]).estimates()
        per_decade = change.times(10 / years)
        assert [per_decade.value, per_decade.low, per_decade.high] == pytest.approx(expected, abs=0.07)


def test_a_line_is_the_trend() -> None:
    rng = np.random.default_rng(1)
    y = 40 - 0.46 * (YEARS - 2000) + rng.normal(size=18) * ERRORS
    y[17] = np.nan
    found, line = shape(YEARS, y, ERRORS), trend(YEARS, y, ERRORS)
    assert (found.kind, found.shifts, found.knot) == ("line", (), None)
    (whole,) = found.pieces
    assert (whole.first, whole.last) == (2000, 2016)
    assert whole.slope.low == pytest.approx(line.slope.low)
    np.testing.assert_array_equal(found.fitted, line.line)
    assert found.p.keys() == {"bend", "steps"}


def test_a_bend_is_drawn_through_its_points() -> None:
    rng = np.random.default_rng(2)
    y = bent(YEARS, -0.8, 0.6, 2009) + 0.1 * rng.normal(size=18)
    found = shape(YEARS, y, np.full(18, 0.1))
    assert found.kind == "bend"
    np.testing.assert_allclose(found.fitted, bent(YEARS, -0.8, 0.6, 2009), atol=0.3)
    larger = shape(YEARS - 2000, 1000 * y + 5, np.full(18, 100.0))
    assert larger.pieces[0].change.low == pytest.approx(1000 * found.pieces[0].change.low)
    assert larger.p["bend"] == pytest.approx(found.p["bend"])


def test_months_with_steps_are_steps() -> None:
    rng = np.random.default_rng(3)
    y = 4.7 - 0.12 * ((np.arange(120) >= 59) & (np.arange(120) < 80)) + 0.02 * rng.normal(size=120)
    found = shape(range(120), y, np.full(120, 0.02))
    assert found.kind == "steps"
    assert [abs(shift.index - at) <= 1 for shift, at in zip(found.shifts, (59, 80), strict=True)] == [True, True]
    assert [piece.first for piece in found.pieces] == [0, *(shift.index for shift in found.shifts)]
    assert found.pieces[-1].last == 119
    assert all(piece.change.low < 0 < piece.change.high for piece in found.pieces)


def test_too_short_and_still_series_are_lines() -> None:
    assert shape(range(5), [1.0, 2, 1, 3, 2], np.full(5, 0.1)).kind == "line"
    still = shape(YEARS, np.full(18, 35.0), ERRORS)
    assert (still.kind, still.pieces[0].change.value) == ("line", 0)
    assert len(knots(np.arange(6.0))) == 0
    assert len(knots(np.arange(220.0))) == 24
    with pytest.raises(ValueError, match="at least three points"):
        shape([0, 1], [1.0, 2.0], [0.1, 0.1])


@pytest.mark.parametrize("after", [-0.46, 0.9])
def test_a_year_left_out_is_a_fit_without_it(after: float) -> None:
    rng = np.random.default_rng(4)
    y = bent(YEARS, -0.46, after, 2009) + rng.normal(size=18) * ERRORS / 3
    found = shape(YEARS, y, ERRORS / 3, kinds=["bend"])
    assert found.kind == ("line" if after < 0 else "bend")
    left = without_each(YEARS, y, ERRORS / 3, found)
    assert [year for year, _ in left] == YEARS.tolist()
    for i in (0, 9, 17):
        kept = np.delete(np.arange(18), i)
        cut = trend(YEARS[kept], y[kept], ERRORS[kept] / 3).slope.times(17)
        if after < 0:
            (change,) = left[i][1]
            width = cut.high - cut.low
            assert [change.value, change.low, change.high] == pytest.approx(
                [cut.value, cut.low, cut.high], abs=0.05 * width
            )
    assert all(len(changes) == len(found.pieces) for _, changes in left)


def test_the_year_that_an_answer_hangs_on_is_named() -> None:
    rng = np.random.default_rng(5)
    y, se = 40 + 0.2 * rng.normal(size=18), np.full(18, 0.2)
    y[17] += 2.5
    found = shape(YEARS, y, se, kinds=[])
    (whole,) = found.pieces
    without = {year: changes[0] for year, changes in without_each(YEARS, y, se, found)}
    assert abs(without[2017].value) < 0.4 * whole.change.value
    assert all(abs(change.value - whole.change.value) < 0.5 for year, change in without.items() if year < 2017)


def test_steps_left_one_point_out_keep_their_places() -> None:
    rng = np.random.default_rng(6)
    y = 4.7 + 0.2 * (np.arange(40) >= 20) + 0.02 * rng.normal(size=40)
    found = shape(range(40), y, np.full(40, 0.02))
    assert found.kind == "steps"
    left = without_each(range(40), y, np.full(40, 0.02), found)
    assert all(abs(changes[1].value - found.pieces[1].change.value) < 0.02 for _, changes in left)


# 400 lines at once: the Monte-Carlo error of 5 % is 1.1 %. A slope changes nothing, see `test_trends`.
@pytest.mark.slow
@pytest.mark.parametrize(("first", "last"), [(0, 18), (1, 16)])
@pytest.mark.parametrize(("tau", "rho"), [(0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.5, 0.8), (3.0, 0.5)])
def test_lines_of_years_are_seldom_bent(first: int, last: int, tau: float, rho: float) -> None:
    rng, se = np.random.default_rng(7), ERRORS[first:last]
    x = np.linspace(-0.5, 0.5, last - first)
    y = rng.normal(size=(400, last - first)) * se + tau * remembered(rng, 400, last - first, rho)
    parts = [
        bends(x, part, np.broadcast_to(se, part.shape), knots(x), grid(24, 8, 0.05, 8.0)).p for part in np.split(y, 20)
    ]
    assert np.mean(np.concatenate(parts) <= 0.05) <= 0.06


# 200 replications: the Monte-Carlo error of 5 % is 1.5 %.
@pytest.mark.slow
@pytest.mark.parametrize("line", [0.0, 0.1])
@pytest.mark.parametrize(("k", "tau", "rho"), [(150, 0.0, 0.0), (150, 0.03, 0.5), (220, 0.03, 0.8)])
def test_lines_of_months_are_seldom_anything_else(k: int, tau: float, rho: float, line: float) -> None:
    rng, kinds = np.random.default_rng(8), []
    for _ in range(200):
        se = rng.uniform(0.01, 0.03, k)
        y = np.linspace(4.6, 4.6 + line, k) + rng.normal(size=k) * se + tau * remembered(rng, 1, k, rho)[0]
        kinds.append(shape(range(k), y, se).kind)
    assert np.mean([kind != "line" for kind in kinds]) <= 0.065


# 200 replications. Minutes that fall by 5 a decade until 2011 and rise by 6 after it, with the real years' errors.
@pytest.mark.slow
@pytest.mark.parametrize(("tau", "rho", "power"), [(0.0, 0.0, 0.97), (0.3, 0.3, 0.85), (0.7, 0.5, 0.45)])
def test_planted_bends_are_found_and_covered(tau: float, rho: float, power: float) -> None:
    rng, seen, near, covered = np.random.default_rng(9), [], [], []
    for _ in range(200):
        y = bent(YEARS, -0.5, 0.6, 2011) + rng.normal(size=18) * ERRORS + tau * remembered(rng, 1, 18, rho)[0]
        found = shape(YEARS, y, ERRORS, kinds=["bend"])
        seen.append(found.kind == "bend")
        if found.knot:
            near.append(found.knot.low <= 2011 <= found.knot.high)
            truth = [np.diff(bent(np.array([p.first, p.last]), -0.5, 0.6, 2011)).item() for p in found.pieces]
            covered += [p.change.low <= t <= p.change.high for p, t in zip(found.pieces, truth, strict=True)]
    assert np.mean(seen) >= power
    assert np.mean(near) >= 0.93
    assert np.mean(covered) >= 0.93


# 100 replications: which of two shapes that are no line, months of 0.01 to 0.03.
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bend", "steps"])
def test_bends_and_steps_are_told_apart(kind: str) -> None:
    rng, kinds, x = np.random.default_rng(10), [], np.arange(150.0)
    for _ in range(100):
        se, start = rng.uniform(0.01, 0.03, 150), rng.integers(40, 70)
        truth = {"steps": -0.1 * ((x >= start) & (x < start + 30)), "bend": 0.002 * np.abs(x - start)}[kind]
        y = 4.6 + truth + rng.normal(size=150) * se + 0.015 * remembered(rng, 1, 150, 0.5)[0]
        kinds.append(shape(x, y, se).kind)
    assert np.mean([found == kind for found in kinds]) >= 0.9
