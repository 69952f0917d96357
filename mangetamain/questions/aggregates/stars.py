"""Stars as they are given: what each counts for in a measure, and errors that admit who gives them and to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mangetamain.questions.aggregates.clustered import PAIRS, RECIPES, USERS, ClusteredRows
from mangetamain.questions.aggregates.values import Rows
from mangetamain.stats import Clusters, ClusterSums, mean_se, two_way
from mangetamain.warehouse import Columns, Executes, query

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


def medians(counts: np.ndarray, of: str = "rating") -> np.ndarray:
    """Find the middle score of each row of counts, half way between two where they differ."""
    upto, n = counts.cumsum(axis=1), counts.sum(axis=1, keepdims=True)
    middle = [scores(of)[(upto < rank).sum(axis=1)] for rank in ((n + 1) // 2, n // 2 + 1)]
    return np.asarray((middle[0] + middle[1]) / 2)


def counted(con: Executes, rows: Rows, cut: str) -> tuple[np.ndarray, np.ndarray]:
    """Give the groups of a cut of time that have ratings, in order, and how many there are of each of five stars."""
    counts = ", ".join(f"coalesce(sum(n) FILTER (rating = {star}), 0)::BIGINT AS {COUNTS[star - 1]}" for star in STARS)
    sql = f"""
        WITH stars AS (
            SELECT {cut} AS cut, rating, {rows.number} AS n FROM {rows.sql} AND rating IS NOT NULL GROUP BY ALL
        )
        SELECT cut, {counts} FROM stars GROUP BY cut ORDER BY cut
        """
    found = query(con, sql, rows.bound)
    return found["cut"], np.stack([found[name] for name in COUNTS], axis=1)


def described(counts: np.ndarray, of: str) -> Columns:
    """Describe groups of counts of stars, as `centres.described` does by the mean; the groups share one deviation."""
    score, n = scores(of), counts.sum(axis=1)
    total, squares = counts @ score, counts @ score**2
    mean, sd, _ = mean_se(n, total, squares)
    se = ClusterSums(n, n, n, total, total, squares, n, squares).shared()
    return {"n": n, "mean": mean, "sd": sd, "median": medians(counts, of), "centre": mean, "se": se}


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
        For each of `VALUES`, in the measure's unit; NaN with fewer than two users or recipes, or values all alike.
    """
    sql = f"WITH rows AS (SELECT user_code AS a, recipe_code AS b, rating FROM {rows.sql} AND rating IS NOT NULL)"
    given = ClusteredRows(sql, rows.bound)
    values = {of: scores(of) / SCALE[of] for of in VALUES}
    n = [counts.sum()]
    alone = {of: Clusters.alone(n, [counts @ value], [counts @ value**2]) for of, value in values.items()}
    return _errors(given.sums(con, VALUES, alone, USERS, RECIPES, PAIRS))


SUMMED = ("clusters", "n_2", *(f"{of}_{by}" for of in VALUES for by in ("n", "2")))
WHOLE = f"""
    SELECT cluster, {", ".join(f"sum({name})::DOUBLE AS {name}" for name in SUMMED)}
    FROM cube_clusters WHERE source = $source AND year >= $first AND other <= $last
    GROUP BY cluster ORDER BY cluster"""


def whole_errors(con: Executes, rows: Rows, counts: np.ndarray) -> dict[str, float]:
    """Give the same where all reviews of the years are looked at, from the view `cube_clusters`."""
    found = query(con, WHOLE, rows.bound)
    kind, n = found.pop("cluster"), np.array([counts.sum()])
    ways = []
    for cluster in ("user", "recipe", "pair"):
        sums = {name: column[kind == cluster].sum(keepdims=True) for name, column in found.items()}
        ways.append({
            of: Clusters(
                n, sums["clusters"], sums["n_2"], counts @ scores(of)[:, None] / SCALE[of],
                sums[f"{of}_n"], sums[f"{of}_2"],
            )
            for of in VALUES
        })  # fmt: skip
    return _errors(ways)


def _errors(ways: Sequence[Mapping[str, Clusters]]) -> dict[str, float]:
    """Join the variances of the three ways."""
    found = {of: two_way(*(way[of].variance() for way in ways)) for of in VALUES}
    errors = {of: SCALE[of] * float(np.sqrt(variance[0])) for of, variance in found.items()}
    return {of: error or float("nan") for of, error in errors.items()}
