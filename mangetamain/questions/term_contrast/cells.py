"""How many recipes hold each term in each group of a calendar, year by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.measures import PARTIAL_YEARS, THIN
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.questions.shares import LEAST, NAMED, held_by_year, placed
from mangetamain.warehouse import Executes, query
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
