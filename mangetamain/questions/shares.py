"""The share of recipes that hold a term: what the questions on ingredients and tags have in common."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts
from mangetamain.conditions import Conditions, write
from mangetamain.errors import BadInput
from mangetamain.finding import Nothing, TooFew
from mangetamain.language import N_, Message, plural, quoted, say
from mangetamain.measures import PARTIAL_YEARS, THIN
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.refusals import SHOWN
from mangetamain.safe_text import shortened, visible
from mangetamain.selection import where
from mangetamain.warehouse import Columns, Executes, query
from mangetamain.warehouse.tables.term_ratings import LEAST as LEAST

# A line through fewer years would be a guess: two of them fix it, and from a single one left over nobody can tell how
# much years differ beyond chance. (The published regressions draw one through three.)
FEWEST_YEARS = 4
# Nobody can tell how far one recipe is from the next that could have been posted in its year.
LONE = 2
COUNTED = {
    "ingredient": plural("{n} ingredient", "{n} ingredients"),
    "tag": plural("{n} tag", "{n} tags"),
}
# The name, the role and the rows of a side of a figure.
Side = tuple[charts.Text, charts.Role, np.ndarray]
# Said in the figure of a family of terms of which none is shown.
NONE_STANDS_OUT = say("Nothing stands out from chance.")
# Percentage points per decade: one recipe in a hundred more or less after ten years; nobody would notice less in a
# kitchen. For a rare term half of its share is enough: kale in 3 % instead of 1 % of recipes is no trifle.
SMALLEST, SMALLEST_PART = 1.0, 0.5


@dataclass(frozen=True, kw_only=True)
class FewYears(TooFew):
    """Recipes there are, but too few years of them to draw a line through.

    `least` is the number of recipes that a year needs: 100 where it must be a whole one, 0 by the published method.
    """

    years: int
    least: Annotated[int, N_("Least number")]


FEW_WHOLE = plural(
    "A trend needs at least {fewest} whole years of {least} recipes or more; here there is {n}.",
    "A trend needs at least {fewest} whole years of {least} recipes or more; here there are {n}.",
)
FEW = plural(
    "A trend needs at least {fewest} years of {least} recipes or more; here there is {n}.",
    "A trend needs at least {fewest} years of {least} recipes or more; here there are {n}.",
)
FEW_PUBLISHED = plural(
    "The published line needs at least 3 years; here there is {n}.",
    "The published line needs at least 3 years; here there are {n}.",
)


def say_nothing(finding: FewYears | Nothing) -> Message:
    """Say why there is no answer."""
    match finding:
        case FewYears(least=least, years=years):
            text = FEW_WHOLE if least == THIN else FEW if least else FEW_PUBLISHED
            return say(text, fewest=FEWEST_YEARS, least=least, n=years)
        case Nothing():
            return say("There is nothing to count in these years.")


# A row of a term and year names the term once.
NAMED = "CASE WHEN year = first THEN term END AS term"
# The terms of a recipe, of the kind asked for.
CODES = "CASE $kind WHEN 'tag' THEN tag_codes ELSE ingredient_codes END"


@dataclass(frozen=True)
class Held:
    """How many recipes of each year hold each term of a kind: SQL of `code`, `year`, `recipes`, and what it binds.

    `given` are the terms that the selection of the recipes demands or forbids: all of them hold such a term, or none.
    """

    sql: str
    bound: dict[str, object]
    given: tuple[str, ...]

    @property
    def free(self) -> Held:
        """The terms of which there is something to find: all but those given."""
        if not self.given:
            return self
        given = "SELECT code FROM term_codes WHERE kind = $kind AND term IN (SELECT unnest($given))"
        sql = f"(SELECT * FROM {self.sql} AS every WHERE code NOT IN ({given}))"
        return Held(sql, {**self.bound, "given": list(self.given)}, ())


def held_by_year(
    con: Executes, kind: str, years: tuple[int, int], among: Conditions, part: str = "", parts: int = 0
) -> Held:
    """Count the recipes of a selection that hold each term, in each year that has some, and in its `parts`.

    Reads the view `cube_term_years`, or `recipes` for a selection. The number of a part, from 0, is SQL of a row of
    `recipes`, and how many of these lie in it is called `part0` and so on, but for the last part, which is the rest; of
    all recipes there are lists instead, of numbers by month and by weekday: `months`, `weekdays`.

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown.
    """
    chosen = where(con, among)
    bound: dict[str, object] = {"kind": kind, "first": years[0], "last": years[1], **chosen.values}
    lists = ", months, weekdays" if part else ""
    sql = f"SELECT code, year, recipes{lists} FROM cube_term_years WHERE kind = $kind AND year BETWEEN $first AND $last"
    if among:
        cut = f", {part} AS part" if part else ""
        counts = "".join(f", count(*) FILTER (part = {i}) AS part{i}" for i in range(parts - 1))
        sql = f"""
            SELECT code, year, count(*) AS recipes{counts}
            FROM (
                SELECT unnest({CODES}) AS code, year{cut}
                FROM recipes WHERE year BETWEEN $first AND $last AND {chosen.recipes}
            ) AS chosen
            GROUP BY code, year
        """
    return Held(f"({sql})", bound, tuple(term for of_kind, term in chosen.terms if of_kind == kind))


def placed(rows: Columns, years: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Give the terms by their places, from 0, and where each row belongs: the place of its term and of its year.

    A term is named in the row of its `first` year alone: texts cost more than numbers.
    """
    terms = np.empty(int(rows["place"].max(initial=-1)) + 1, dtype=object)
    named = rows["year"] == rows["first"]
    terms[rows["place"][named]] = rows["term"][named]
    return terms, (rows["place"], np.searchsorted(years, rows["year"]))


def no_terms() -> Columns:
    """Give the table of a family of terms of which nothing can be told."""
    return {"term": np.empty(0, dtype=object)}


def rounded(columns: Columns) -> Columns:
    """Round numbers to six decimals, but `q` to three digits that count."""
    found = {name: column.round(6) if column.dtype.kind == "f" else column for name, column in columns.items()}
    if "q" in columns:  # most are equal
        q, place = np.unique(columns["q"], return_inverse=True)
        found["q"] = np.array([float(f"{value:.3g}") for value in q.tolist()])[place]
    return found


def spelled(among: Conditions) -> None:
    """Refuse a selection where spellings are counted as published: they are kept of all recipes alone."""
    if among:
        text = N_(
            "{name} cannot be {value} with the published method: it counts the spellings of all recipes; expected "
            "method=robust, or no {name}."
        )
        raise BadInput(text, name="among", value=quoted(shortened(write(among), SHOWN)))


def recipes_by_year(con: Executes, years: tuple[int, int], among: Conditions = ()) -> Columns:
    """Count the recipes of each year, or those of a selection.

    Reads the view `cube_recipes`, or `recipes` for a selection.

    Returns
    -------
    Columns
        One row a year, in order: year (int), n (int, recipes), partial (bool), thin (bool, under 100 recipes).

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown.
    """
    chosen = rows_of(con, "recipes", years=years, source="", among=among)
    every = "sum(n) AS n FROM cube_recipes WHERE measure = 'minutes' AND year BETWEEN $first AND $last"
    counts = f"count(*) AS n FROM {chosen.sql}" if among else every
    columns = query(con, f"SELECT year, n::BIGINT AS n FROM (SELECT year, {counts} GROUP BY year) ORDER BY year",
                    chosen.bound)  # fmt: skip
    return columns | {"partial": np.isin(columns["year"], PARTIAL_YEARS), "thin": columns["n"] < THIN}


def fitted(years: Columns, fit_all: bool) -> np.ndarray:
    """Tell which points of time enter a fit: whole ones of enough recipes, or all but those of a lone recipe."""
    return years["n"] >= LONE if fit_all else ~(years["partial"] | years["thin"])


def too_few(n: int, years: int, fit_all: bool) -> FewYears:
    """Say that a trend has too few years."""
    return FewYears(n=n, years=years, least=LONE if fit_all else THIN, verdict="undecided")


def smallest_change(share: float) -> float:
    """Return the smallest change that matters for a term of such a share: percentage points per decade."""
    return min(SMALLEST, 100 * SMALLEST_PART * share)


def ranking(figure: charts.Figure, rows: Columns, x: str, name: charts.Text, role: charts.Role) -> None:
    """Draw lying bars of column `x` by term, with whiskers from `low` to `high` where the rows have them."""
    terms, values = rows["term"], rows[x]
    if "low" not in rows:
        charts.bars(figure, values, terms, name, role, flat=True)
        return
    ends = np.column_stack([rows["low"], rows["high"]])
    charts.bars(figure, values, terms, name, role, flat=True, customdata=ends)
    error = {"type": "data", "symmetric": False, "array": rows["high"] - values, "arrayminus": values - rows["low"]}
    look: charts.Spec = {"marker": {"size": 1}, "hoverinfo": "skip"}
    charts.dots(figure, values, terms, say("Interval"), "trend", error_x=error, **look)


def draw_sides(
    figure: charts.Figure, table: Columns, x: str, sides: Sequence[Side], *, named: bool = True
) -> charts.Figure:
    """Draw the shown terms of each side that has some, in its colour and under its name; or say that there are none."""
    shown = [(name, role, rows & table["shown"]) for name, role, rows in sides]
    for name, role, rows in shown:
        if rows.any():
            part = {key: column[rows] for key, column in table.items()}
            ranking(figure, part, x, name, role)
            if named:  # beside the first of them, on the empty side of zero
                beside = "middle left" if part[x][0] > 0 else "middle right"
                text = Message("\u00a0{name}\u00a0", {"name": name})
                charts.write(figure, [0], part["term"][:1], [text], beside, role)
    name_bars(figure, table["term"][table["shown"]])
    return figure if figure.data else charts.note(figure, NONE_STANDS_OUT)


def name_bars(figure: charts.Figure, terms: np.ndarray) -> None:
    """Lay the terms out from top to bottom, long names on several lines so that a phone has room for the bars."""
    named = {
        "type": "category", "categoryorder": "array", "categoryarray": list(terms), "autorange": "reversed",
        "tickmode": "array", "tickvals": list(terms), "ticktext": wrapped(terms),
    }  # fmt: skip
    figure.update_layout(barmode="overlay", height=120 + 24 * max(len(terms), 6), yaxis=named)


def wrapped(terms: np.ndarray) -> list[str]:
    """Write names on several lines where they are long."""
    return ["\n".join(textwrap.wrap(shortened(visible(term), charts.MOST_CHARACTERS), 22)) for term in terms]
