"""How many recipes hold each term in each group of a calendar, and what that amounts to beside the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangetamain import stats
from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.finding import Estimate, verdict
from mangetamain.measures import PARTIAL_YEARS, THIN
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.questions.shares import LEAST, NAMED, held_by_year, placed
from mangetamain.warehouse import Columns, Executes, query
from mangetamain.warehouse.tables.enrich import SEASONS

# The groups of each calendar: which list of `cube_term_years` has them, and which places of it make a group.
PLACES: dict[str, tuple[str, tuple[tuple[int, ...], ...]]] = {
    "season": ("month", tuple(SEASONS.values())),
    "month_of_year": ("month", tuple((month,) for month in range(1, 13))),
    "weekday": ("weekday", tuple((day,) for day in range(1, 8))),
    "weekend": ("weekday", ((1, 2, 3, 4, 5), (6, 7))),
}


@dataclass(frozen=True)
class Posted:
    """All recipes of each year by group, and when in time they were posted on average, in years: (years, groups)."""

    year: np.ndarray
    posted: np.ndarray
    moment: np.ndarray

    @property
    def whole(self) -> Posted:
        """Leave out partial years and those of fewer than 100 recipes."""
        kept = (self.posted.sum(axis=1) >= THIN) & ~np.isin(self.year, PARTIAL_YEARS)
        return Posted(self.year[kept], self.posted[kept], self.moment[kept])


def read_cells(
    con: Executes, kind: str, by: str, years: tuple[int, int], among: Conditions
) -> tuple[Posted, np.ndarray, np.ndarray]:
    """Count the recipes of a selection that hold each term in each group of the whole years of at least 100 recipes.

    Reads the views `cube_recipes` and `cube_term_years`, or `recipes` and `recipe_terms` for a selection.

    Returns
    -------
    tuple[Posted, ndarray, ndarray]
        All recipes; the terms that at least 50 of them hold, by name; their recipes, (terms, years, groups).

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown.
    """
    all_recipes = posted_by_year(con, by, years, among).whole
    calendar = CALENDARS[by]
    held = held_by_year(con, kind, years, among, calendar.place, len(calendar.values)).free
    # Of a selection, the recipes of terms are looked up once; a cube is read twice sooner than it is kept.
    kept = "MATERIALIZED" if among else "NOT MATERIALIZED"
    sql = TERMS.format(held=held.sql, counts=_counts(by, among), kept=kept)
    rows = query(con, sql, {**held.bound, "years": all_recipes.year.tolist()})
    terms, at = placed(rows, all_recipes.year)
    cells = np.zeros((len(terms), *all_recipes.posted.shape))
    cells[at] = np.stack([rows[f"g{i}"] for i in range(cells.shape[2])], axis=1)
    return all_recipes, terms, cells


def _counts(by: str, among: Conditions) -> str:
    """Write the recipes of a term and year in each group: counted already, or from the cube's lists."""
    part, places = PLACES[by]
    if among:
        groups = [f"part{i}" for i in range(len(places) - 1)]
        groups.append(" - ".join(["recipes", *groups]))
    else:
        groups = [" + ".join(f"{part}s[{at}]" for at in group) for group in places]
    return ", ".join(f"{group} AS g{i}" for i, group in enumerate(groups))


# In no order: places tell where each row belongs.
TERMS = f"""
    WITH held AS {{kept}} (
        SELECT * FROM {{held}} AS counted WHERE year IN (SELECT unnest($years))
    ), frequent AS (
        SELECT code, row_number() OVER (ORDER BY code) - 1 AS place, min(year) AS first
        FROM held GROUP BY code HAVING sum(recipes) >= {LEAST}
    ), cells AS (
        SELECT code, place, year, first, {{counts}} FROM held JOIN frequent USING (code)
    )
    SELECT {NAMED}, cells.* FROM cells JOIN term_codes USING (code)
"""


def posted_by_year(con: Executes, by: str, years: tuple[int, int], among: Conditions) -> Posted:
    """Count all recipes of a selection by year and group."""
    calendar = CALENDARS[by]
    chosen = rows_of(con, "recipes", years=years, source="", among=among)
    every = "cube_recipes WHERE measure = 'minutes' AND year BETWEEN $first AND $last"
    every = f"sum(n) AS n, sum(n * month) AS months FROM {every}"
    counts = f"count(*) AS n, sum(month) AS months FROM {chosen.sql}" if among else every
    sql = f"""
        SELECT year, place, n::BIGINT AS n, months::DOUBLE AS months
        FROM (SELECT year, {calendar.place} AS place, {counts} GROUP BY ALL) ORDER BY year, place
        """
    rows = query(con, sql, chosen.bound)
    year, at = np.unique(rows["year"], return_inverse=True)
    posted, months = np.zeros((2, len(year), len(calendar.values)))
    posted[at, rows["place"]], months[at, rows["place"]] = rows["n"], rows["months"]
    return Posted(year, posted, year[:, None] + (months / np.maximum(posted, 1) - 0.5) / 12)


# As many as a reader takes in at a glance.
SHOWN_TERMS = 16
# Percentage points: of a hundred recipes of a season, one more or less with the term; nobody who leafs through them
# would notice less. For a rarer term a quarter of its share is enough: five recipes where there were four.
SMALLEST, SMALLEST_PART = 1.0, 0.25
# What is a hundred times as frequent in one of two groups is as good as never met in the other.
NEVER = 0.01


def part_of(expected: np.ndarray) -> np.ndarray:
    """Give the part of each group that is not what it is compared with.

    Of several groups each is compared with all, of two with the other one: beside all, the larger of them could never
    be much more frequent.
    """
    part = expected / np.maximum(expected.sum(axis=1, keepdims=True), NEVER)
    return part if expected.shape[1] == 2 else np.zeros_like(part)


def times_of(ratio: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Turn ratios to the usual share into ratios to what a group is compared with."""
    return np.asarray(ratio * (1 - part) / np.maximum(1 - part * ratio, NEVER * (1 - part)))


def concentrated(
    found: stats.Gatherings, part: np.ndarray, belongs: np.ndarray, nearest: np.ndarray
) -> tuple[np.ndarray, int]:
    """Put the terms first that are in one group the most times as frequent at least, so many as are shown.

    At least is what the interval's lower end says: the largest ratios are those of rare terms by luck.
    """
    able = np.flatnonzero(belongs.any(axis=1))
    at = able, nearest[able]
    least = times_of(np.maximum(found.roots(*at).quantile(0.025), 0) ** 2, part[at])
    first = able[np.argsort(-least, kind="stable")][:SHOWN_TERMS]
    return np.append(first, np.setdiff1d(np.arange(len(belongs)), first)), len(first)


def intervals(
    found: stats.Gatherings, part: np.ndarray, row: tuple[np.ndarray, np.ndarray], usual: np.ndarray, shown: np.ndarray
) -> Columns:
    """Give the intervals of the shown shares, and what each amounts to in percentage points."""
    ends, judged = np.full((2, len(usual)), np.nan), np.full(len(usual), None, dtype=object)
    roots, part = found.roots(row[0][shown], row[1][shown]), part[row]
    ends[:, shown] = np.maximum(roots.quantile([0.025, 0.975]), 0) ** 2
    gaps = 100 * usual * (np.stack([found.ratio()[row], *ends]) - 1) / (1 - part)
    for i in np.flatnonzero(shown).tolist():
        judged[i] = verdict(Estimate(*gaps[:, i].tolist()), smallest_gap(float(usual[i])))
    (low, high), (times_low, times_high) = usual * ends, times_of(ends, part)
    return {"low": low, "high": high, "times_low": times_low, "times_high": times_high, "verdict": judged}


def smallest_gap(share: float) -> float:
    """Return the smallest difference that matters for a term of such a usual share: percentage points."""
    return min(SMALLEST, 100 * SMALLEST_PART * share)
