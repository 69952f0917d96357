"""Stars as they are given: what each counts for in a measure, and errors that admit who gives them and to what."""

from __future__ import annotations

import numpy as np

from mangetamain.questions.clustered import ClusteredRows
from mangetamain.questions.values import Rows
from mangetamain.stats import Clusters, two_way
from mangetamain.warehouse import Executes

STARS = (1, 2, 3, 4, 5)
# Columns of the numbers of ratings of one to five stars.
COUNTS = ("one", "two", "three", "four", "five")
# The measures of ratings as SQL of one rating; whole numbers, so that no order of adding matters.
VALUES = {"rating": "rating", "five": "(rating = 5)::INT", "low": "(rating <= 2)::INT"}
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
        For each of `VALUES`, in the measure's unit; NaN with fewer than two users or recipes.
    """
    sql = f"WITH rows AS (SELECT user_code AS a, recipe_code AS b, rating FROM {rows.sql} AND rating IS NOT NULL)"
    given = ClusteredRows(sql, rows.bound)
    values = {of: scores(of) / SCALE[of] for of in VALUES}
    n = [counts.sum()]
    alone = {of: Clusters.alone(n, [counts @ value], [counts @ value**2]) for of, value in values.items()}
    users, recipes, pairs = given.sums(con, "a", VALUES), given.sums(con, "b", VALUES), given.pairs(con, VALUES, alone)
    found = {of: two_way(*(each[of].variance() for each in (users, recipes, pairs))) for of in VALUES}
    return {of: SCALE[of] * float(np.sqrt(variance[0])) for of, variance in found.items()}
