"""What is looked at of each day, and what years have in common: the weeks of the year and its holidays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from mangetamain import stats
from mangetamain.conditions import Conditions
from mangetamain.holidays import HOLIDAYS, around
from mangetamain.language import N_
from mangetamain.measures import MEASURES, PARTIAL_YEARS, THIN, Effect, Measure
from mangetamain.parameters import Choice, Selection
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.questions.comparison import apart_names
from mangetamain.questions.shares import FEWEST_YEARS
from mangetamain.questions.volume.groups import COVERED, SPANS
from mangetamain.selection import where
from mangetamain.stats import YearlyCycles
from mangetamain.volumes import DAILY, SMALLEST, VOLUMES
from mangetamain.warehouse import Columns, Executes, query

TENTH = Effect(100 * SMALLEST.size, SMALLEST.reason)
COUNTED = {
    name: Measure(
        VOLUMES[view].view, "", VOLUMES[view].axis, VOLUMES[view].subject, N_("% of the average day"), TENTH, TENTH,
        "mean", 1, N_("percent of an average day"),
    )
    for name, view in DAILY.items()
}  # fmt: skip
# The smallest effect of a share depends on how rare it is: see `smallest_change`.
TERM = Measure(
    "recipes", "100.0 * coalesce({held}, FALSE)::INT", N_("Share of recipes"), N_("The share of recipes"),
    N_("% of recipes"), TENTH, TENTH, "mean", 2, N_("percentage points"),
)  # fmt: skip
THINGS: dict[str, Measure] = {**MEASURES, **COUNTED, "term": TERM}
Thing = Annotated[str, Choice(N_("Measure"), {name: row.label for name, row in THINGS.items()})]
Held = Annotated[Conditions, Selection(N_("Share of"))]

# The part of the values at either end that a trimmed mean leaves out.
TRIMMED = 0.1
# Looked at twice where a mean is trimmed, which takes less than keeping two columns of every row would.
VALUES = """
    WITH chosen AS NOT MATERIALIZED (
        SELECT year, {day} AS day, ({value})::DOUBLE AS value, {number} AS n FROM {rows} AND ({value}) IS NOT NULL
    )"""
MEANS = """
    SELECT day, sum(n)::BIGINT AS n, sum(n * value) / sum(n) AS value FROM chosen GROUP BY day ORDER BY day"""
# What a value pulls at its year's trimmed mean, and that mean: moved all alike, the values move it by as much.
TRIMMED_MEANS = f""", ends AS (
        SELECT year, tenths[1] AS low, tenths[2] AS high
        FROM (SELECT year, quantile_disc(value, [{TRIMMED}, {1 - TRIMMED}]) AS tenths FROM chosen GROUP BY year)
    )
    SELECT day, count(*) AS n,
        avg(CASE WHEN value < low THEN low WHEN value > high THEN high ELSE value END - {TRIMMED} * (low + high))
            / {1 - 2 * TRIMMED} AS value
    FROM chosen JOIN ends USING (year) GROUP BY day ORDER BY day"""
NUMBERS = """
    WITH counted AS (SELECT {day} AS day, {number} AS n FROM {rows} GROUP BY {day})
    SELECT day, coalesce(n, 0)::DOUBLE AS n FROM ({covered}) AS covered LEFT JOIN counted USING (day) ORDER BY day"""


@dataclass(frozen=True)
class Days:
    """Of each day its year, its place in it in [0, 1), how many rows it has, how much it counts, and its value.

    `taken` is what a year adds to a value, where that is taken out of it already as a line through the year.
    """

    day: np.ndarray
    year: np.ndarray
    place: np.ndarray
    n: np.ndarray
    weight: np.ndarray
    value: np.ndarray
    taken: np.ndarray | None = None

    def of(self, kept: np.ndarray) -> Days:
        """Keep some of the days."""
        return replace(self, **{name: column[kept] for name, column in vars(self).items() if column is not None})

    @property
    def whole(self) -> Days:
        """The days of whole years of enough rows."""
        n = np.bincount(self.year, self.n)
        return self.of((n >= THIN)[self.year] & ~np.isin(self.year, PARTIAL_YEARS))


def read_days(
    con: Executes, of: str, term: Conditions, years: tuple[int, int], source: str, among: Conditions,
    name: str = "among",
) -> Days:  # fmt: skip
    """Look up a thing day by day, in the recipes of a selection or their reviews."""
    thing = THINGS[of]
    counts = thing.starred or of in COUNTED
    rows = rows_of(con, thing.view, years=years, source=source, among=among, name=name, counts=counts)
    words = {"day": rows.day, "rows": rows.sql, "value": thing.sql}
    if of in COUNTED:
        sql = NUMBERS.format(covered=COVERED.format(span=SPANS[thing.view]), number=rows.number, **words)
        return _against_year(_days(query(con, sql, rows.bound)))
    if of == "term":
        held = where(con, term, name="term")
        words["value"] = thing.sql.format(held=f"({held.recipes})")
        rows = replace(rows, bound={**rows.bound, **held.values})
    sql = VALUES.format(number="n" if "cube" in rows.sql else "1", **words)
    return _days(query(con, sql + (TRIMMED_MEANS if thing.centre == "trimmed" else MEANS), rows.bound))


def _days(found: Columns) -> Days:
    day = found["day"].astype("datetime64[D]")
    start = day.astype("datetime64[Y]")
    length = ((start + 1).astype("datetime64[D]") - start).astype(int)
    place = ((day - start).astype(int) + 0.5) / length
    return Days(day, start.astype(int) + 1970, place, found["n"], found["n"], found.get("value", found["n"]).round(9))


def _against_year(days: Days) -> Days:
    """Give each day's number in parts of what its year and the trend through it would lead to expect."""
    years, code = np.unique(days.year, return_inverse=True)
    usual = np.bincount(code, days.n) / np.bincount(code)
    kept = usual > 0
    growth = np.zeros(len(years))
    if kept.sum() > 1:
        growth[kept] = np.gradient(np.log(usual[kept]), years[kept])
    course = np.exp(growth[code] * (days.place - 0.5))
    expected = (usual * np.bincount(code) / np.bincount(code, course))[code] * course
    value = 100 * np.divide(days.n, expected, out=np.zeros(len(code)), where=expected > 0)
    return replace(days, weight=expected, value=value, taken=100 * growth[code])


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
