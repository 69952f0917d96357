"""How often each value of a measure occurs, group by group: what every question about a measure starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangetamain.conditions import Conditions
from mangetamain.language import N_
from mangetamain.measures import MEASURES
from mangetamain.selection import where
from mangetamain.stats.counts import Counts
from mangetamain.warehouse import Executes, query

NOTHING = {
    "recipes": N_("There is no recipe in this selection."),
    "reviews": N_("There is no rating in this selection."),
}


@dataclass(frozen=True)
class Rows:
    """The rows of a measure's view that are looked at: their SQL behind FROM, and what it binds.

    `number` counts them: rows that are counted already say by what. `day` is the column of a row's day.
    """

    sql: str
    number: str
    bound: dict[str, object]
    day: str


def rows_of(
    con: Executes, view: str, *, years: tuple[int, int], source: str, among: Conditions, name: str = "among",
    counts: bool = True,
) -> Rows:  # fmt: skip
    """Choose the recipes of a selection, or their reviews of a source, in a span of years.

    Parameters
    ----------
    con
        Where a selection's words are looked up.
    view
        `recipes` or `reviews`.
    years, source, among
        First and last year; which reviews; the selection of recipes.
    name
        The parameter that the selection was given for.
    counts
        Whether reviews without a selection may come counted, as `cube_ratings` has them by day and rating.

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown.
    """
    chosen, bound = where(con, among, name=name), {"first": years[0], "last": years[1]}
    conditions = "year BETWEEN $first AND $last"
    if view == "recipes":
        sql = f"recipes WHERE {conditions} AND {chosen.recipes}"
        return Rows(sql, "count(*)", {**bound, **chosen.values}, "submitted")
    cube, rows = ("cube_ratings", "sum(n)", "day"), ("reviews", "count(*)", "date")
    table, number, day = cube if counts and not among else rows
    sql = f"{table} WHERE source = $source AND {conditions} AND {chosen.reviews}"
    return Rows(sql, number, {"source": source, **bound, **chosen.values}, day)


def counted(
    con: Executes, of: str, cut: str, *, years: tuple[int, int], source: str = "full", among: Conditions = (),
    name: str = "among",
) -> tuple[np.ndarray, Counts]:  # fmt: skip
    """Count the values of a measure in each group of a cut of time.

    Reads the view `recipes` or `cube_ratings`; rows without a value are left out.

    Parameters
    ----------
    con
        Where to ask.
    of
        The measure.
    cut
        SQL of a row's group, one of a calendar's or a period's.
    years, source, among
        First and last year; which reviews; the selection of recipes.
    name
        The parameter that the selection was given for.

    Returns
    -------
    tuple[numpy.ndarray, Counts]
        The groups that have values, in order, and the counts of these.
    """
    measure = MEASURES[of]
    rows = rows_of(con, measure.view, years=years, source=source, among=among, name=name, counts=measure.starred)
    found = query(
        con,
        f"""
        SELECT {cut} AS cut, ({measure.sql})::DOUBLE AS value, ({rows.number})::BIGINT AS n
        FROM {rows.sql} AND ({measure.sql}) IS NOT NULL
        GROUP BY ALL ORDER BY ALL
        """,
        rows.bound,
    )
    groups, place = np.unique(found["cut"], return_inverse=True)
    return groups, Counts(place, found["value"], found["n"], len(groups))
