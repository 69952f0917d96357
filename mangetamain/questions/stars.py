"""Stars as they are given: what each counts for in a measure, and errors that admit who gives them and to what."""

from __future__ import annotations

import numpy as np

from mangetamain.questions.values import Rows
from mangetamain.warehouse import Executes, query

STARS = (1, 2, 3, 4, 5)
# Columns of the numbers of ratings of one to five stars.
COUNTS = ("one", "two", "three", "four", "five")
# The measures of ratings, as SQL of sums over a cluster's ratings; whole numbers, so that no order of adding matters.
SUMS = {"rating": "sum(rating)", "five": "count(*) FILTER (rating = 5)", "low": "count(*) FILTER (rating <= 2)"}
SCALE = {"rating": 1.0, "five": 100.0, "low": 100.0}


def scores(of: str) -> np.ndarray:
    """Give what each of the five ratings counts for in a measure."""
    rating = np.array(STARS, dtype=float)
    values: dict[str, np.ndarray] = {"rating": rating, "five": 100.0 * (rating == 5), "low": 100.0 * (rating <= 2)}
    return values[of]


def medians(counts: np.ndarray) -> np.ndarray:
    """Find the middle rating of each row of counts, half way between two where they differ."""
    upto, n = counts.cumsum(axis=1), counts.sum(axis=1, keepdims=True)
    middle = [(upto < rank).sum(axis=1) + 1 for rank in ((n + 1) // 2, n // 2 + 1)]
    return np.asarray((middle[0] + middle[1]) / 2)


def clustered_errors(con: Executes, rows: Rows, counts: np.ndarray) -> dict[str, float]:
    """Give the standard error of the mean of each measure of ratings, clustered by users and by recipes.

    Reads the views `reviews` and `repeated_reviews`; what comes back are sums.

    Parameters
    ----------
    con
        Where to ask.
    rows
        The reviews.
    counts
        Ratings of one to five stars.

    Returns
    -------
    dict
        For each of `SUMS`, in the measure's unit; NaN with fewer than two users or recipes.

    References
    ----------
    Cameron, Gelbach & Miller (2011), doi:10.1198/jbes.2010.07136: V(users) + V(recipes) - V(pairs), each with the
    factor C / (C - 1), and the larger of the first two where that is less.
    """
    total = int(counts.sum())
    users, recipes = (_squares(con, rows, key) for key in ("user_code", "recipe_code"))
    if min(users["clusters"], recipes["clusters"]) < 2:
        return dict.fromkeys(SUMS, float("nan"))
    pairs = _pairs(con, rows, counts)
    errors: dict[str, float] = {}
    for of in SUMS:
        mean = float(counts @ scores(of)) / total / SCALE[of]
        first, second, both = (_variance(sums, of, mean) for sums in (users, recipes, pairs))
        errors[of] = SCALE[of] * float(np.sqrt(max(first + second - both, first, second))) / total
    return errors


def _squares(con: Executes, rows: Rows, key: str, within: str = "TRUE") -> dict[str, float]:
    """Sum the squares and products of the clusters' numbers and sums."""
    sums = ", ".join(f"({sql})::HUGEINT AS {of}" for of, sql in SUMS.items())
    products = ", ".join(f"sum({of} * n)::DOUBLE AS {of}_n, sum({of} * {of})::DOUBLE AS {of}_2" for of in SUMS)
    found = query(
        con,
        f"""
        WITH clusters AS (
            SELECT count(*) AS n, {sums}
            FROM {rows.sql} AND rating IS NOT NULL AND {within}
            GROUP BY {key}
        )
        SELECT count(*) AS clusters, sum(n)::DOUBLE AS rows, sum(n * n)::DOUBLE AS n_2, {products} FROM clusters
        """,
        rows.bound,
    )
    return {name: float(np.nan_to_num(column[0])) for name, column in found.items()}


def _pairs(con: Executes, rows: Rows, counts: np.ndarray) -> dict[str, float]:
    """Sum the same of pairs of user and recipe: hardly any user rates a recipe twice."""
    twice = "(user_code, recipe_code) IN (SELECT (user_code, recipe_code) FROM repeated_reviews WHERE source = $source)"
    few = _squares(con, rows, "user_code, recipe_code", twice)
    sql = f"SELECT rating::INT AS rating, count(*) AS n FROM {rows.sql} AND rating IS NOT NULL AND {twice} GROUP BY ALL"
    alone = query(con, sql, rows.bound)
    n = counts - np.bincount(alone["rating"], weights=alone["n"], minlength=6)[1:]
    sums = {"clusters": n.sum() + few["clusters"], "n_2": n.sum() + few["n_2"]}
    for of in SUMS:
        score = scores(of) / SCALE[of]
        sums |= {f"{of}_n": n @ score + few[f"{of}_n"], f"{of}_2": n @ score**2 + few[f"{of}_2"]}
    return {name: float(value) for name, value in sums.items()}


def _variance(sums: dict[str, float], of: str, mean: float) -> float:
    """Add up the squares of clusters' deviations from the mean."""
    squares = sums[f"{of}_2"] - 2 * mean * sums[f"{of}_n"] + mean**2 * sums["n_2"]
    return squares * sums["clusters"] / max(sums["clusters"] - 1, 1)
