"""The rows that a question about a measure looks at."""

from __future__ import annotations

from dataclasses import dataclass

from mangetamain.conditions import Conditions
from mangetamain.language import N_
from mangetamain.selection import where
from mangetamain.warehouse import Executes

NOTHING = {
    "recipes": N_("There is no recipe in this selection."),
    "reviews": N_("There is no rating in this selection."),
}


@dataclass(frozen=True)
class Rows:
    """The rows of a measure's view that are looked at: their SQL behind FROM, and what it binds.

    `number` counts them: rows that are counted already say by what.
    """

    sql: str
    number: str
    bound: dict[str, object]


def rows_of(
    con: Executes, view: str, *, years: tuple[int, int], source: str, among: Conditions, counts: bool = True
) -> Rows:
    """Choose the recipes of a selection, or their reviews of a source, in a span of years.

    Parameters
    ----------
    con
        Where a selection's words are looked up.
    view
        `recipes` or `reviews`.
    years, source, among
        First and last year; which reviews; the selection of recipes.
    counts
        Whether reviews without a selection may come counted, as `cube_ratings` has them by day and rating.

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown.
    """
    chosen, bound = where(con, among), {"first": years[0], "last": years[1]}
    conditions = "year BETWEEN $first AND $last"
    if view == "recipes":
        return Rows(f"recipes WHERE {conditions} AND {chosen.recipes}", "count(*)", {**bound, **chosen.values})
    table, number = ("cube_ratings", "sum(n)") if counts and not among else ("reviews", "count(*)")
    sql = f"{table} WHERE source = $source AND {conditions} AND {chosen.reviews}"
    return Rows(sql, number, {"source": source, **bound, **chosen.values})
