"""Different terms of each year in samples of equal size: what the question on diversity counts."""

from __future__ import annotations

import numpy as np

from mangetamain import stats
from mangetamain.conditions import Conditions
from mangetamain.questions.shares import CODES, fitted, held_by_year, recipes_by_year
from mangetamain.selection import where
from mangetamain.warehouse import Columns, Executes, query

# How many terms are held by how many recipes: all that rarefaction needs.
HELD = """
    SELECT year, recipes AS held, count(*) AS terms FROM {held} AS counted GROUP BY year, held ORDER BY year, held
"""
SPELLED = """
    SELECT year, count(DISTINCT spelling) AS spellings
    FROM cube_spellings
    WHERE kind = $kind AND year BETWEEN $first AND $last
    GROUP BY year ORDER BY year
"""
# What hangs on each cook, summed: all that the errors need.
LOST = """
    SELECT year, losses, squares, products, named, named_squares, named_products, sizes, cooks
    FROM cube_variety
    WHERE kind = $kind AND sample = $sample AND year BETWEEN $first AND $last
    ORDER BY year
"""
# The same for the recipes of a selection, as `warehouse.tables.variety` makes it for all: what a cook alone brings to
# the sample is the chance to miss the other recipes that hold a term, less that to miss all of them. Terms that
# are met whoever leaves (up to exp(-25)) are left out.
MISSED = """CASE WHEN recipes - {held} < $sample THEN 0.0::DOUBLE
            ELSE exp(lgamma(recipes - {held} + 1) - lgamma(recipes - {held} - $sample + 1)
                - lgamma(recipes + 1) + lgamma(recipes - $sample + 1)) END"""
LOST_AMONG = f"""
    WITH chosen AS MATERIALIZED (
        SELECT year, coalesce(contributor_id, -id) AS cook, {CODES} AS codes
        FROM recipes WHERE year BETWEEN $first AND $last AND {{chosen}}
    ), cooks AS (
        SELECT year, cook, count(*) AS posted, coalesce(sum(len(codes)), 0)::BIGINT AS terms
        FROM chosen GROUP BY year, cook
    ), years AS (
        SELECT year, sum(posted)::BIGINT AS recipes, sum(posted * posted)::BIGINT AS sizes, count(*) AS cooks,
            max(posted) AS largest
        FROM cooks GROUP BY year HAVING sum(posted) >= $sample
    ), rare AS (
        SELECT year, code, every
        FROM (
            SELECT year, code, count(*) AS every
            FROM (SELECT year, unnest(codes) AS code FROM chosen) AS held GROUP BY year, code) AS met
            JOIN years USING (year)
        WHERE (every - largest) * $sample < 25 * recipes
    ), shared AS MATERIALIZED (
        SELECT year, cook, any_value(every) AS every, count(*) AS own
        FROM (SELECT year, cook, unnest(codes) AS code FROM chosen) AS held JOIN rare USING (year, code)
        GROUP BY year, cook, code
    ), lost AS (
        SELECT year, own, every, {MISSED.format(held="(every - own)")} - {MISSED.format(held="every")} AS loss
        FROM (SELECT DISTINCT year, own, every FROM shared) AS kinds JOIN years USING (year)
    ), by_cook AS (
        SELECT year, cook, sum(loss) AS loss FROM shared JOIN lost USING (year, own, every) GROUP BY year, cook
    ), of_cook AS (
        SELECT year, posted, coalesce(loss, 0.0) AS loss, terms FROM cooks LEFT JOIN by_cook USING (year, cook)
    )
    SELECT year, round(sum(loss), 6) AS losses, round(sum(loss * loss), 6) AS squares,
        round(sum(loss * posted), 6) AS products, sum(terms)::BIGINT AS named,
        sum(terms * terms)::BIGINT AS named_squares, sum(terms * posted)::BIGINT AS named_products,
        any_value(sizes) AS sizes, any_value(years.cooks) AS cooks
    FROM of_cook JOIN years USING (year) GROUP BY year ORDER BY year
"""


def equal_samples(con: Executes, kind: str, years: tuple[int, int], fit_all: bool, among: Conditions = ()) -> Columns:
    """Count the different terms of each year, and expect those of equally many recipes and of equally many terms."""
    posted, counted = recipes_by_year(con, years, among), held_by_year(con, kind, years, among)
    held = query(con, HELD.format(held=counted.sql), counted.bound)
    year, n, kept = posted["year"], posted["n"], fitted(posted, fit_all)
    counts = [np.repeat(held["held"][rows], held["terms"][rows]) for rows in (held["year"] == one for one in year)]
    named = np.array([one.sum() for one in counts], dtype=float)
    spelled = {} if among else query(con, SPELLED, counted.bound)
    of_year = dict(zip(*(column.tolist() for column in spelled.values()), strict=True))
    spellings = {} if among else {"spellings": np.array([of_year.get(one, 0) for one in year.tolist()], dtype=int)}
    able = (kept if kept.any() else np.ones(len(n), bool)) & (named > 0)
    sample = int(n[able].min(initial=n.max(initial=0)))
    equal = n * named[able].min(initial=named.max(initial=0.0)) / np.maximum(named, 1)
    lost = LOST_AMONG.format(chosen=where(con, among).recipes) if among else LOST
    se, per_recipe_se = _errors(query(con, lost, {**counted.bound, "sample": sample}), posted)
    return {
        "year": year,
        "n": n,
        **spellings,
        "terms": np.array([len(one) for one in counts], dtype=int),
        "sample": np.full(len(n), sample),
        "expected": _rarefied(counts, n, np.full(len(n), float(sample))).round(6),
        "se": se.round(6),
        "per_recipe": (named / n).round(6),
        "per_recipe_se": per_recipe_se.round(6),
        "at_equal_terms": _rarefied(counts, n, equal).round(6),
        "partial": posted["partial"],
        "thin": posted["thin"],
    }


def _rarefied(counts: list[np.ndarray], n: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Expect the terms of so many recipes of each year; a year of fewer has no number."""
    years = zip(counts, n.tolist(), drawn.tolist(), strict=True)
    return np.array([stats.rarefy(held, size, m) if m <= size else np.nan for held, size, m in years], dtype=float)


def _errors(lost: Columns, posted: Columns) -> np.ndarray:
    """Give the errors of each year's expected terms and of its terms per recipe, by what its cooks have in common."""
    at = np.searchsorted(posted["year"], lost["year"])
    n, errors = posted["n"][at], np.full((2, len(posted["n"])), np.nan)
    cooks = {"sizes": lost["sizes"], "cooks": lost["cooks"], "recipes": n}
    errors[0, at] = stats.rarefaction_error(lost["losses"], lost["squares"], lost["products"], **cooks)
    errors[1, at] = stats.rarefaction_error(lost["named"], lost["named_squares"], lost["named_products"], **cooks) / n
    return errors
