"""The weeks of the year and the holidays, on the curve that years have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangetamain import stats
from mangetamain.holidays import HOLIDAYS, around
from mangetamain.questions.comparison import apart_names
from mangetamain.questions.cycle.days import Days
from mangetamain.questions.shares import FEWEST_YEARS
from mangetamain.stats import YearlyCycles
from mangetamain.warehouse import Columns

WEEKS = 52
# Days of a year are numbered as in a leap year.
DAYS = 366
# A date whose interval is as long as a season, or longer, says little: where a curve is flat, its end is any day.
SEASON_DAYS = DAYS / 4
ENDS = ("swing", "peak", "trough")
COLUMNS = (
    "level", "curve", "low", "high", "q",
    *(f"{name}{end}" for name in ENDS for end in ("", "_low", "_high")), "p", "years",
)  # fmt: skip
# What a column is called for what one selection is above another.
APART = apart_names(COLUMNS)
KEYS = np.array([None] * WEEKS + list(HOLIDAYS), dtype=object)
MIDDLES = (np.arange(WEEKS) + 0.5) / WEEKS


@dataclass(frozen=True)
class Weeks:
    """What was read of a selection: how many rows each week and holiday has, its level, and each year's cycle.

    `place` is the middle of each week, and of each holiday over the years. The cycles are None where years are too few,
    or all values are alike.
    """

    place: np.ndarray
    n: np.ndarray
    level: np.ndarray
    yearly: YearlyCycles | None


def weeks(days: Days) -> Weeks:
    """Fit each year by itself, and describe the weeks beside the levels and trends of the years."""
    whole = days.whole
    able = len(np.unique(whole.year)) >= FEWEST_YEARS and np.ptp(whole.value[whole.n > 0]) > 0
    used = whole if able else days
    windows, yearly, rest = around(used.day), None, used.value
    if able:
        yearly, rest = stats.yearly_cycles(
            used.year, used.place, used.weight, used.value, windows, used.taken
        )  # fmt: skip
        rest = rest + yearly.coefficient[:, 0].mean()
    within = np.minimum((used.place * WEEKS).astype(int), WEEKS - 1)
    belongs = np.column_stack([within[:, None] == np.arange(WEEKS), windows]).astype(float)
    weight = used.weight @ belongs
    with np.errstate(invalid="ignore"):
        place = np.append(MIDDLES, (used.place @ belongs / belongs.sum(axis=0))[WEEKS:])
        return Weeks(place, used.n @ belongs, (used.weight * rest) @ belongs / weight, yearly)


def columns(found: Weeks, more: Columns | None = None) -> Columns:
    """Give the table of a selection, with more columns behind; it has no rows where there is nothing."""
    day = np.floor(np.nan_to_num(found.place) * DAYS).astype(int) + 1
    rows = {"day": day, "holiday": KEYS, "n": found.n.astype(np.int64)}
    rows |= numbers(found.place, found.level, found.yearly) | (more or {})
    return rows if found.n.any() else {name: column[:0] for name, column in rows.items()}


def numbers(place: np.ndarray, level: np.ndarray, yearly: YearlyCycles | None) -> Columns:
    """Give what years have in common, at the weeks and at the holidays, as `COLUMNS`; NaN where that is not known."""
    found = {name: np.full(len(place), np.nan) for name in COLUMNS} | {"level": level}
    if yearly is None or len(yearly.year) < FEWEST_YEARS:
        return {name: column.round(9) for name, column in found.items()}
    from scipy.stats import false_discovery_control

    cycle = stats.cycle(yearly)
    found["curve"], found["low"], found["high"] = cycle.curve(place)
    for i, one in enumerate(cycle.windows, WEEKS):
        for name, add in (("level", one.value), ("low", one.low), ("high", one.high)):
            found[name][i] = found["curve"][i] + add
    found["q"][WEEKS:] = false_discovery_control(cycle.windows_p)
    for name, scale in zip(ENDS, (1, DAYS, DAYS), strict=True):
        one = getattr(cycle, name)
        for end, value in (("", one.value), ("_low", one.low), ("_high", one.high)):
            found[name + end][:] = value if scale == 1 else np.floor(value * scale) + 1
    found["p"][:], found["years"][:] = cycle.p, len(yearly.year)
    return {name: column.round(9) for name, column in found.items()}


def apart(one: Weeks, other: Weeks) -> Columns:
    """Give what the first selection is above the second, from the years that both have."""
    both = None if one.yearly is None or other.yearly is None else one.yearly.less(other.yearly)
    found = numbers(one.place, one.level - other.level, both)
    return {APART[name]: column for name, column in found.items()}
