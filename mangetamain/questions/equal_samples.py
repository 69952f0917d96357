"""Different terms of each year in samples of equal size: what the question on diversity counts."""

from __future__ import annotations

import numpy as np

from mangetamain import stats
from mangetamain.questions.shares import fitted, recipes_by_year
from mangetamain.warehouse import Columns, Executes, query

# How many terms are held by how many recipes: all that rarefaction needs.
HELD = """
    WITH yearly AS (
        SELECT year, term, sum(recipes)::BIGINT AS held
        FROM cube_terms
        WHERE kind = $kind AND year BETWEEN $first AND $last
        GROUP BY year, term
    )
    SELECT year, held, count(*) AS terms FROM yearly GROUP BY year, held ORDER BY year, held
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


def equal_samples(con: Executes, kind: str, years: tuple[int, int], fit_all: bool) -> Columns:
    """Count the different terms of each year, and expect those of equally many recipes and of equally many terms."""
    posted = recipes_by_year(con, years)
    bound = {"kind": kind, "first": years[0], "last": years[1]}
    held, spelled = query(con, HELD, bound), query(con, SPELLED, bound)
    year, n, kept = posted["year"], posted["n"], fitted(posted, fit_all)
    counts = [np.repeat(held["held"][rows], held["terms"][rows]) for rows in (held["year"] == one for one in year)]
    named = np.array([one.sum() for one in counts], dtype=float)
    able = (kept if kept.any() else np.ones(len(n), bool)) & (named > 0)
    sample = int(n[able].min(initial=n.max(initial=0)))
    equal = n * named[able].min(initial=named.max(initial=0.0)) / np.maximum(named, 1)
    se, per_recipe_se = _errors(con, {**bound, "sample": sample}, posted)
    spellings = dict(zip(spelled["year"].tolist(), spelled["spellings"].tolist(), strict=True))
    return {
        "year": year,
        "n": n,
        "spellings": np.array([spellings.get(one, 0) for one in year.tolist()], dtype=int),
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


def _errors(con: Executes, bound: dict[str, object], posted: Columns) -> np.ndarray:
    """Give the errors of each year's expected terms and of its terms per recipe, by what its cooks have in common."""
    lost = query(con, LOST, bound)
    at = np.searchsorted(posted["year"], lost["year"])
    n, errors = posted["n"][at], np.full((2, len(posted["n"])), np.nan)
    cooks = {"sizes": lost["sizes"], "cooks": lost["cooks"], "recipes": n}
    errors[0, at] = stats.rarefaction_error(lost["losses"], lost["squares"], lost["products"], **cooks)
    errors[1, at] = stats.rarefaction_error(lost["named"], lost["named_squares"], lost["named_products"], **cooks) / n
    return errors
