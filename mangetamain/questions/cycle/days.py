"""What is looked at of each day: a measure's mean, a volume against its year, or the share that holds a term."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from mangetamain.conditions import Conditions
from mangetamain.language import N_
from mangetamain.measures import MEASURES, PARTIAL_YEARS, THIN, Effect, Measure
from mangetamain.parameters import Choice, Selection
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.questions.volume.rows import COVERED, SPANS
from mangetamain.selection import where
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
VALUES = """
    WITH chosen AS (
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
