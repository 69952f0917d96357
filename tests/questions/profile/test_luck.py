"""How often luck alone has a profile name a measure."""

import numpy as np
import pytest

from mangetamain.measures import MEASURES, PROFILES
from mangetamain.questions.courses import Fit, fit_course
from mangetamain.questions.group_levels import Series, levels_together
from mangetamain.questions.profile import CONFIDENCE
from tests.stats.planted import remembered

OF = PROFILES["all"]
EACH, ALONE = CONFIDENCE ** (1 / len(OF)), CONFIDENCE
PROFILES_DRAWN = 200


def named_by_year(seed, rho, confidence):
    """Tell whether any of eleven measures that stand still, but for years of their own, seems to have changed."""
    rng, years = np.random.default_rng(seed), np.arange(2000, 2018)
    noise = 0.3 * remembered(rng, len(OF), len(years), rho) + 0.1 * rng.normal(size=(len(OF), len(years)))
    for of, row in zip(OF, noise, strict=True):
        points = {
            "year": years, "n": np.full(18, 1000), "centre": 40 + row, "se": np.full(18, 0.1), "sd": np.full(18, 3.0),
            "partial": np.zeros(18, bool), "thin": np.zeros(18, bool),
        }  # fmt: skip
        fit = fit_course(points, of=of, confidence=confidence)
        assert isinstance(fit, Fit)
        if fit.main.change.excludes_zero:
            return True
    return False


def named_by_season(seed, rho, confidence):
    """Tell whether any of eleven measures that rise or fall, but have no season, seems to differ between seasons."""
    rng, month = np.random.default_rng(seed), np.arange(144)
    noise = 0.3 * remembered(rng, len(OF), 144, rho) + 0.1 * rng.normal(size=(len(OF), 144))
    noise += np.linspace(-2, 2, len(OF))[:, None] * month / 144
    series = [Series(month, month // 3 % 4, row, np.full(144, 0.1)) for row in noise]
    return any((found["gap_low"] > 0).any() for found in levels_together(series, 4, confidence))


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.5])
@pytest.mark.parametrize("named", [named_by_year, named_by_season])
def test_where_nothing_changes_or_differs_luck_names_a_measure_in_one_profile_of_twenty_at_most(named, rho):
    together = np.mean([named(seed, rho, EACH) for seed in range(PROFILES_DRAWN)])
    assert together <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / PROFILES_DRAWN)


@pytest.mark.slow
def test_were_each_judged_by_itself_luck_would_name_one_oftener():
    assert np.mean([named_by_year(seed, 0.5, ALONE) for seed in range(50)]) > 0.15


def test_of_eleven_measures_each_has_an_interval_of_two_hundred():
    assert len(OF) == 11
    assert {*OF} <= MEASURES.keys()
    assert pytest.approx(0.9953, abs=1e-4) == EACH
