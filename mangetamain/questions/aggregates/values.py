"""The rows that a question about a measure looks at."""

from __future__ import annotations

from dataclasses import dataclass

from mangetamain.conditions import Conditions
from mangetamain.finding import Alike
from mangetamain.language import N_, Message, say
from mangetamain.measures import Measure
from mangetamain.selection import Where, where
from mangetamain.warehouse import Executes

NOTHING = {
    "recipes": N_("There is no recipe in this selection."),
    "reviews": N_("There is no review in this selection."),
    "ratings": N_("There is no rating in this selection."),
}


def say_nothing(measure: Measure) -> Message:
    """Say that there is nothing of which a measure could be looked at."""
    view = "ratings" if measure.starred else measure.view
    return say(NOTHING[view])


# By whether every value is the same one.
ALIKE = {
    True: N_("{subject}: all {n} values are alike, {value}."),
    False: N_("{subject} is {value} throughout: most of the {n} values are alike."),
}


def say_alike(subject: Message, measure: Measure, finding: Alike) -> Message:
    """Say that values of a measure are the same one, all or most of them."""
    return say(ALIKE[finding.every], subject=subject, n=finding.n, value=measure.amount(finding.value))


@dataclass(frozen=True)
class Rows:
    """The rows of a measure's view that are looked at: their SQL behind FROM, and what it binds.

    A further condition may follow `sql` AND. `number` counts the rows: such as are counted already say by what. `day`
    is the column of a row's day. `every` is the SQL of what they were chosen from by `chosen`, a condition, which
    `selection` has of recipes.
    """

    sql: str
    every: str
    chosen: str
    number: str
    bound: dict[str, object]
    day: str
    selection: Where


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
    values: dict[str, object] = {**bound, **chosen.values}
    conditions = "year BETWEEN $first AND $last"
    if view == "recipes":
        every = f"recipes WHERE {conditions}"
        return Rows(f"{every} AND {chosen.recipes}", every, chosen.recipes, "count(*)", values, "submitted", chosen)
    cube, rows = ("cube_ratings", "sum(n)", "day"), ("reviews", "count(*)", "date")
    table, number, day = cube if counts and not among else rows
    of_source = f"WHERE source = $source AND {conditions}"
    # A join looks the recipes up by their number, where IN would hash them.
    selected = f"JOIN (SELECT id AS recipe_id FROM recipes WHERE {chosen.recipes}) AS chosen USING (recipe_id)"
    sql = f"{table} {selected} {of_source}" if among else f"{table} {of_source}"
    return Rows(sql, f"{table} {of_source}", chosen.reviews, number, {"source": source, **values}, day, chosen)
