"""The rows that a question about a measure looks at."""

from __future__ import annotations

from dataclasses import dataclass

from mangetamain.conditions import Conditions
from mangetamain.language import N_, Message, say
from mangetamain.measures import Measure
from mangetamain.selection import where
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


def say_alike(subject: Message, measure: Measure, n: int, value: float) -> Message:
    """Say that all values of a measure are the same one."""
    text = N_("{subject}: all {n} values are alike, {value}.")
    return say(text, subject=subject, n=n, value=measure.amount(value))


@dataclass(frozen=True)
class Rows:
    """The rows of a measure's view that are looked at: their SQL behind FROM, and what it binds.

    `number` counts them: rows that are counted already say by what. `day` is the column of a row's day. `every` is the
    SQL of what they were chosen from by `chosen`, a condition.
    """

    every: str
    chosen: str
    number: str
    bound: dict[str, object]
    day: str

    @property
    def sql(self) -> str:
        """The chosen rows, behind FROM; a further condition may follow AND."""
        return f"{self.every} AND {self.chosen}"


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
        return Rows(f"recipes WHERE {conditions}", chosen.recipes, "count(*)", {**bound, **chosen.values}, "submitted")
    cube, rows = ("cube_ratings", "sum(n)", "day"), ("reviews", "count(*)", "date")
    table, number, day = cube if counts and not among else rows
    every = f"{table} WHERE source = $source AND {conditions}"
    return Rows(every, chosen.reviews, number, {"source": source, **bound, **chosen.values}, day)
