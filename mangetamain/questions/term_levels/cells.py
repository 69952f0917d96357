"""What terms' recipes, or the reviews of these, come to beside the others of their time: sums by term, never rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.measures import MEASURES
from mangetamain.questions.aggregates.centres import ENDS, held, moved
from mangetamain.questions.aggregates.covariances import CLUSTERS as KEYS
from mangetamain.questions.aggregates.stars import SUMS
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.questions.shares import CODES, LEAST
from mangetamain.warehouse import Columns, Executes, query
from mangetamain.warehouse.reader.binding import listed
from mangetamain.warehouse.tables.centres import MADE

# Parts that a year is cut into at most: years by parts are numbered apart.
ROOM = 4
BESIDE = "WITH ends AS (SELECT {ends}, unnest($n::BIGINT[]) AS size)"
# Of a term in a part of a year: how many values, and the sums of what they are off the level of all, and of squares.
CELLS_OF_STARS = """, cells AS (
        SELECT code, cut, n, size, total - n * mean AS total, squares - mean * (2 * total - n * mean) AS squares
        FROM counted JOIN ends USING (cut) WHERE n > 0
    )"""
COUNTED = """, counted AS (
        SELECT code, {cut} AS cut, sum(({number})::DOUBLE) AS n, sum(({total})::DOUBLE) AS total,
            sum(({squares})::DOUBLE) AS squares
        FROM {cube} WHERE kind = $kind AND year BETWEEN $first AND $last GROUP BY ALL
    )"""
# The stars of a selection, whose recipes each have one row a year, and what each recipe's are off the level of all.
STARS = """
        SELECT recipe, {cut} AS cut, ({number})::DOUBLE AS n, ({total})::DOUBLE AS total,
            ({squares})::DOUBLE AS squares
        FROM cube_recipe_ratings JOIN (SELECT id AS recipe FROM recipes WHERE {chosen}) AS chosen USING (recipe)
        WHERE source = $source AND year BETWEEN $first AND $last AND {number} > 0"""
LEVELS_OF_STARS = """
    SELECT cut, sum(n)::BIGINT AS n, sum(total) / sum(n) AS mean, 0e0 AS made
    FROM ({stars}) AS stars GROUP BY cut ORDER BY cut"""
PULLED_STARS = """
        SELECT recipe, cut, n, total - n * mean AS total, squares - mean * (2 * total - n * mean) AS squares
        FROM ({stars}) AS stars JOIN ends USING (cut)"""
# How far each value is off the level of all: what it pulls at a trimmed mean, a tenth of which is cut at either end.
PULLED = """, known AS {kept} (
        SELECT {recipe} AS recipe, {who} AS who, {cut} AS cut, ({value})::DOUBLE AS value
        FROM {some}{rows} AND ({value}) IS NOT NULL
    ), pulled AS (
        SELECT recipe, who, cut, (({made}) - made) * {borne} AS pull FROM known JOIN ends USING (cut)
    )"""
# Recipes of the terms that something is learned from: their rows are joined to no more than these before all else.
SOME = "(SELECT DISTINCT recipe AS {recipe} FROM pairs) AS few NATURAL JOIN "
PAIRS = f""", pairs AS MATERIALIZED (
        SELECT code, middle, recipe
        FROM (SELECT id AS recipe, unnest({CODES}) AS code FROM recipes WHERE {{chosen}}) AS held
        JOIN (SELECT unnest($some::INTEGER[]) AS code, unnest($middle::DOUBLE[]) AS middle) AS few USING (code)
    )"""
BORNE = {"mean": "1", "trimmed": "size / (size - 2 * (size // 10))"}
# The values of each recipe in a part of a year, summed; a measure of recipes has one.
SUMMED = {
    "recipes": "SELECT recipe, who, cut, 1 AS n, pull AS total, pull * pull AS squares FROM pulled",
    "reviews": "SELECT recipe, cut, count(*) AS n, sum(pull) AS total, sum(pull * pull) AS squares FROM pulled "
    "GROUP BY recipe, cut",
}
CELLS = f""", summed AS {{kept}} ({{summed}}), cells AS (
        SELECT cells.*, size FROM (
            SELECT code, cut, sum(n)::DOUBLE AS n, sum(total) AS total, sum(squares) AS squares
            FROM (SELECT unnest({CODES}) AS code, cut, n, total, squares FROM summed JOIN recipes ON id = recipe)
            AS held GROUP BY code, cut
        ) AS cells JOIN ends USING (cut)
    )"""
# Of each term that 50 recipes hold: how often two of its recipes share a cook, or two of its ratings a recipe.
KNOWN = {
    "recipes": "(cooks_2 - recipes) / (recipes::DOUBLE * recipes)",
    "reviews": "coalesce((recipes_2 - ratings) / nullif(ratings::DOUBLE * ratings, 0), 0)",
}
CLUSTERS = """, clusters AS (SELECT code, {alike} AS alike FROM cube_term_clusters WHERE kind = $kind)"""
CLUSTERED = """, clusters AS (
        SELECT code, (sum(n * n) - sum(n)) / (sum(n) * sum(n))::DOUBLE AS alike FROM ({sizes}) AS sizes
        GROUP BY code HAVING {recipes} >= {least}
    )"""
# Of the terms of a selection: how many recipes of each cook hold one, or the ratings of each recipe that does.
SIZES = {
    "recipes": f"""
            SELECT code, count(*) AS n
            FROM (SELECT unnest({CODES}) AS code, who FROM summed JOIN recipes ON id = recipe) AS held
            GROUP BY code, who""",
    "reviews": f"""
            SELECT unnest({CODES}) AS code, n
            FROM (SELECT recipe, sum(n) AS n FROM summed GROUP BY recipe) AS rated JOIN recipes ON id = recipe""",
}
RECIPES = {"recipes": "sum(n)", "reviews": "count(*)"}
FAMILY = """
    FROM {sums} JOIN clusters USING (code) JOIN term_codes USING (code)
    WHERE NOT list_contains($given::VARCHAR[], term) AND {enough}
    ORDER BY ALL"""
LEVELS = """(
        SELECT code, sum(n) AS n, sum(n * (1 - n / size)) AS free, sum(total) AS total, sum(squares) AS squares
        FROM cells GROUP BY code) AS sums"""
YEARS = f"""(
        SELECT code, cut // {ROOM} AS year, n, total, squares, sum(n) OVER (PARTITION BY code) AS every
        FROM cells) AS sums"""
# Each part of a year against the rest of it, weighed by the smaller.
CONTRASTS = f"""(
        SELECT code, part, sum(n) AS n, sum(weight) AS weight, sum(weight * apart) AS apart,
            sum(weight * apart * apart) AS apart_2, sum(weight * weight) AS weight_2, sum(squares) AS squares,
            sum(sum(squares)) OVER (PARTITION BY code) AS all_squares, sum(sum(n)) OVER (PARTITION BY code) AS all_n,
            count(*) AS cells
        FROM (
            SELECT *, total / n - (whole - total) / (rated - n) AS apart, n * (rated - n) / rated AS weight
            FROM (
                SELECT *, cut % {ROOM} AS part, sum(n) OVER (PARTITION BY code, cut // {ROOM}) AS rated,
                    sum(total) OVER (PARTITION BY code, cut // {ROOM}) AS whole
                FROM cells) AS parts
            WHERE rated > n) AS halves
        GROUP BY code, part) AS sums"""


@dataclass(frozen=True)
class Cells:
    """Terms in parts of years, as SQL.

    Parameters
    ----------
    sql
        A WITH clause that ends in `cells`.
    learned
        One that has `pairs`, the recipes of some terms with the `middle` of each term, and ends in `pulled`, the values
        of these recipes, with what they are clustered by.
    bound
        What either binds.
    view, share
        What is measured, `recipes` or `reviews`, and whether that is a share of them.
    """

    sql: str
    learned: str
    bound: dict[str, object]
    view: str
    share: bool

    def family(self, con: Executes, columns: str, sums: str, enough: str) -> Columns:
        """Add up the cells of the terms of which there are enough."""
        return self.ask(con, f"{self.sql} SELECT {columns} {FAMILY.format(sums=sums, enough=enough)}")

    def ask(self, con: Executes, sql: str, **more: object) -> Columns:
        """Run a statement, which binds what it names."""
        named = set(re.findall(r"\$(\w+)", sql))
        return query(con, sql, {name: each for name, each in {**self.bound, **more}.items() if name in named})


def cells(con: Executes, kind: str, of: str, by: str, years: tuple[int, int], among: Conditions) -> Cells:
    """Set the values of a measure beside the level of their part of the year.

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown.
    """
    measure, names = MEASURES[of], ENDS[MEASURES[of].centre]
    part = CALENDARS[by].place if by in CALENDARS else "0"
    values = held(con, of, f"(year::INT * {ROOM} + {part})", years=years, among=among)
    counted = dict(zip(("number", "total", "squares"), SUMS.get(of, ("", "", "")), strict=True))
    # Whole years of stars are kept in the warehouse.
    by_year, chosen = measure.starred and by not in CALENDARS, values.rows.selection.recipes
    stars = STARS.format(cut=values.cut, chosen=chosen, **counted) if among and by_year else ""
    of_stars = LEVELS_OF_STARS.format(stars=stars)
    ends = query(con, of_stars, values.rows.bound) if stars else moved(con, values, measure.centre)
    bound = {
        **values.rows.bound, **{name: listed(ends[name].tolist()) for name in (*names, "n")}, "kind": kind,
        "given": [term for of_kind, term in values.rows.selection.terms if of_kind == kind],
    }  # fmt: skip
    beside = BESIDE.format(ends=", ".join(f"unnest(${name}::DOUBLE[]) AS {name}" for name in names))
    single = values.rows
    if single.number != "count(*)":  # counted ones have no users
        single = rows_of(con, measure.view, years=years, source="full", among=among, counts=False)
    recipe = "id" if measure.view == "recipes" else "recipe_id"
    words = {
        "who": KEYS[measure.view][0], "made": MADE[measure.centre], "borne": BORNE[measure.centre], "recipe": recipe,
        "cut": values.cut, "value": measure.sql,
    }  # fmt: skip
    few = {"some": SOME.format(recipe=recipe), "rows": single.every, "kept": "MATERIALIZED"}
    learned = beside + PAIRS.format(chosen=single.selection.recipes) + PULLED.format(**words, **few)
    if stars:
        sums = _summed(PULLED_STARS.format(stars=stars), measure.view, among)
    elif measure.starred and not among:
        cube = "cube_term_year_ratings" if by_year else "cube_term_ratings"
        part = "is_weekend::INT" if by == "weekend" else part  # of the days, the cube keeps this alone
        sums = COUNTED.format(cut=f"year * {ROOM} + {part}", cube=cube, **counted) + CELLS_OF_STARS
        sums += CLUSTERS.format(alike=KNOWN[measure.view])
    else:
        sums = PULLED.format(**words, some="", rows=single.sql, kept="")
        sums += _summed(SUMMED[measure.view], measure.view, among)
    return Cells(beside + sums, learned, bound, measure.view, measure.share)


def _summed(summed: str, view: str, among: Conditions) -> str:
    """Write the sums of each term in parts of years, from those of each recipe, and how they hang together."""
    clusters = CLUSTERS.format(alike=KNOWN[view])
    if among:
        clusters = CLUSTERED.format(sizes=SIZES[view], recipes=RECIPES[view], least=LEAST)
    return CELLS.format(summed=summed, kept="MATERIALIZED" if among else "") + clusters
