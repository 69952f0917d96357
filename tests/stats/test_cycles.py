"""The cycle that years have in common, on series with a known one."""

from dataclasses import replace

import numpy as np
import pytest

from mangetamain.stats import YearlyCycles, cycle, waves, yearly_cycles
from tests.stats.planted import remembered

PEAK = 0.05
# The weeks that a holiday lifts, and that nothing does.
LIFTED, LEFT = slice(354, 361), slice(180, 187)


def world(seed, *, swing=0.0, years=16, lift=0.0, slope=0.0, scatter=2.0, jumps=0.0):
    """Make days of years that scatter about a slope, whose months share what they share and resemble the last.

    Of the slope a part `jumps` comes each 1 January, and the rest within the years.
    """
    rng = np.random.default_rng(seed)
    year, day = np.divmod(np.arange(years * 365), 365)
    place = (day + 0.5) / 365
    n = rng.poisson(10 * np.exp(rng.normal(0, 0.5, years))[year]).astype(float)
    windows = np.zeros((len(day), 2), dtype=bool)
    for column, held in enumerate((LIFTED, LEFT)):
        windows[:, column] = (day >= held.start) & (day < held.stop)
    shared = remembered(rng, 1, years * 12, 0.6)[0][year * 12 + (place * 12).astype(int)]
    level = rng.normal(0, scatter, years)[year] + slope * (year + place + jumps * (0.5 - place))
    value = level + swing / 2 * np.cos(2 * np.pi * (place - PEAK)) + shared + lift * windows[:, 0]
    return year + 2000, place, n, value + rng.normal(0, 4, len(day)) / np.sqrt(np.maximum(n, 1)), windows


def found(seed, **planted):
    return cycle(yearly_cycles(*world(seed, **planted))[0])


def covers(estimate, place):
    """Tell whether an interval around the year holds a place of it."""
    return any(estimate.low <= place + turn <= estimate.high for turn in (-1, 0, 1))


def test_harmonics_without_noise_are_exact():
    year, place, n, _, windows = world(1)
    wave = 2 * np.cos(2 * np.pi * (place - 0.2)) + np.sin(4 * np.pi * place)
    value = wave + 3 * windows[:, 0] - windows[:, 1] + 0.7 * (year + place) + 10
    fitted, rest = yearly_cycles(year, place, n, value, windows)
    angle = 2 * np.pi * 0.2
    expected = [2 * np.cos(angle), 2 * np.sin(angle), 0, 1, 3, -1]
    assert fitted.coefficient[:, 1:] == pytest.approx(np.tile(expected, (16, 1)), abs=2e-3)
    assert rest == pytest.approx(value - 0.7 * (year + place) - 10, abs=0.01)
    assert waves(np.array([0.0, 0.25])) == pytest.approx(np.array([[1, 0, 1, 0], [0, 1, -1, 0]]))


def test_years_with_a_clear_cycle_tell_its_swing_its_dates_and_what_stands_out_of_it():
    seen = found(1, swing=6.0, lift=4.0)
    assert seen.swing.low <= 6 <= seen.swing.high
    assert seen.p < 0.001
    assert covers(seen.peak, PEAK)
    assert covers(seen.trough, PEAK + 0.5)
    assert max(seen.peak.high - seen.peak.low, seen.trough.high - seen.trough.low) < 0.2
    assert seen.windows[0].low <= 4 <= seen.windows[0].high
    assert seen.windows_p[0] < 0.001 < seen.windows_p[1]
    middle, low, high = seen.curve(np.array([PEAK, PEAK + 0.5]))
    assert low[0] < middle[0] < high[0]
    assert middle[0] - middle[1] == pytest.approx(6, abs=1)
    assert found(1, swing=6.0, lift=4.0).swing == seen.swing  # drawn from the same dice


def test_a_slope_is_no_cycle_and_a_window_without_days_no_trouble():
    year, place, n, value, windows = world(3, slope=5.0, scatter=0.2)
    n[windows[:, 1]] = 0
    seen = cycle(yearly_cycles(year, place, n, value, windows)[0])
    assert seen.swing.low == 0
    assert seen.windows[1].high - seen.windows[1].low > 100


@pytest.mark.parametrize("taken", [False, True])
def test_a_trend_is_told_from_its_jumps(taken):
    """Half of a trend that jumps, and a whole one, leave flat years, also where all of it was taken out before."""
    for jumps in (0.0, 0.5, 1.0):
        year, place, n, value, windows = world(5, slope=200.0, jumps=jumps)
        slope = np.full(len(place), 200.0) if taken else None
        given = value - 200 * (place - 0.5) if taken else value
        fitted, rest = yearly_cycles(year, place, n, given, windows, slope)
        flat, expected = yearly_cycles(*world(5)[:4], windows)
        assert fitted.coefficient[:, 1:].mean(axis=0) == pytest.approx(flat.coefficient[:, 1:].mean(axis=0), abs=2)
        assert np.abs(rest - expected).max() < 5


def test_a_trend_that_jumps_each_january_is_no_cycle():
    seen = found(6, slope=4.0, scatter=0.3, jumps=1.0)
    assert seen.swing.low == 0
    # Eight years know less of how their trend runs, and say so.
    one, _ = yearly_cycles(*world(7, slope=1.0, scatter=0.1, years=8))
    assert np.ptp(waves(np.arange(52) / 52) @ one.shared[0, 1:5]) > 0.1


def test_what_two_series_share_cancels():
    year, place, n, value, windows = world(4, swing=8.0)
    one, _ = yearly_cycles(year, place, n, value + np.cos(2 * np.pi * place), windows)
    other, _ = yearly_cycles(year, place, n, value, windows)
    other = replace(other, year=other.year + 2)
    assert len(one.less(other).year) == 14
    seen = cycle(one.less(replace(other, year=one.year)))
    assert seen.swing.value == pytest.approx(2.0, abs=0.1)
    assert covers(seen.peak, 0.0)


def test_years_that_happen_to_cancel_do_not_rule_every_swing_out():
    """Chance alone would swing further than the mean of these years does: that is luck, not knowledge."""
    year = np.arange(2000, 2008)
    for left in (0.0, 1e-3):
        apart = np.resize([1.0, -1.0], 8)[:, None] + left
        swing = cycle(YearlyCycles(year, np.repeat(apart, 5, axis=1), np.full((8, 5), 0.25), np.zeros((1, 5)))).swing
        assert (swing.low, swing.value) == (0, 0)
        assert 1 < swing.high < 10


@pytest.mark.slow
@pytest.mark.parametrize(("years", "swing"), [(4, 0.0), (4, 1.0), (6, 0.5), (16, 0.0)])
def test_without_a_cycle_to_speak_of_the_upper_end_comes_from_the_noise(years, swing):
    found_ones = [found(seed, years=years, swing=swing).swing for seed in range(200)]
    assert np.mean([one.low <= swing <= one.high for one in found_ones]) >= 0.94
    assert np.mean([one.low > 0 for one in found_ones]) <= 0.05
    # No sample is so lucky as to know three times as much as the others.
    ends = [one.high for one in found_ones]
    assert min(ends) > np.median(ends) / 3
    assert all(one.low <= one.value <= one.high for one in found_ones)


@pytest.mark.slow
@pytest.mark.parametrize(
    "planted",
    [
        {}, {"years": 8}, *({"slope": 2.0, "scatter": 0.3, "jumps": jumps} for jumps in (0.0, 0.5, 1.0)),
        {"slope": 4.0, "scatter": 0.3, "jumps": 1.0, "years": 8},
    ],
    ids=str,
)  # fmt: skip
def test_a_cycle_is_seen_where_there_is_one_and_covered(planted):
    reps = 250
    still = [found(seed, **planted) for seed in range(reps)]
    assert np.mean([one.swing.low > 0 for one in still]) <= 0.05
    assert np.mean([one.windows_p[0] < 0.05 for one in still]) <= 0.08
    moved = [found(seed, swing=3.0, lift=1.0, **planted) for seed in range(reps)]
    sure = [one for one in moved if one.swing.low > 0]
    assert np.mean([one.swing.low <= 3 <= one.swing.high for one in moved]) >= 0.92
    assert len(sure) >= (0.75 if "years" in planted else 0.95) * reps
    assert np.mean([covers(one.peak, PEAK) for one in sure]) >= 0.92
    assert np.mean([one.windows[0].low <= 1 <= one.windows[0].high for one in moved]) >= 0.92
    assert abs(np.median([one.swing.value for one in moved]) - 3) < 0.2
