"""Stars as they are given: what each counts for in a measure, and errors that admit who gives them and to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mangetamain.questions.aggregates.clustered import by_pair, clustered
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


# Of a row of numbers of reviews by stars: how many count in a measure, and the sums of their values and squares.
RATED = "(one + two + three + four + five)"
SUMS = {
    "rating": (RATED, "one + 2 * two + 3 * three + 4 * four + 5 * five",
               "one + 4 * two + 9 * three + 16 * four + 25 * five"),
    "five": (RATED, "1e2 * five", "1e4 * five"),
    "low": (RATED, "1e2 * (one + two)", "1e4 * (one + two)"),
    "unrated": (f"{RATED} + unrated", "1e2 * unrated", "1e4 * unrated"),
}  # fmt: skip
# All that recipes tell: how many reviews give so many stars, and how those of one recipe hang together.
OF_RECIPES = f"""
    SELECT {", ".join(f"coalesce(sum({name}), 0)::BIGINT AS {name}" for name in (*COUNTS, "unrated"))},
        count(*) FILTER (n > 0)::DOUBLE AS clusters, sum(n * n) AS n_2,
        {", ".join(f"sum(n * {of}_sum) AS {of}_n, sum({of}_sum * {of}_sum) AS {of}_2" for of in VALUES)}
    FROM (
        SELECT *, {RATED} AS n, {SUMS["rating"][1]} AS rating_sum, five AS five_sum, one + two AS low_sum
        FROM (
            SELECT {", ".join(f"sum({name}::DOUBLE) AS {name}" for name in (*COUNTS, "unrated"))}
            FROM cube_recipe_ratings JOIN (SELECT id AS recipe FROM recipes WHERE {{chosen}}) AS chosen USING (recipe)
            WHERE source = $source AND year BETWEEN $first AND $last GROUP BY recipe
        ) AS stars
    ) AS recipes"""


def counted_among(con: Executes, rows: Rows) -> tuple[np.ndarray, dict[str, float]]:
    """Count the ratings of a selection, and give the standard error of the mean of each measure of ratings.

    Reads the views `cube_recipe_ratings`, `reviews` and `repeated_reviews`; what comes back are sums.

    Parameters
    ----------
    con
        Where to ask.
    rows
        The reviews, one by one.

    Returns
    -------
    tuple[ndarray, dict]
        Ratings of one to five stars and reviews without one; for each of `VALUES` the error, in the measure's unit,
        clustered by users and by recipes: NaN with fewer than two users or recipes, or values all alike.
    """
    found = query(con, OF_RECIPES.format(chosen=rows.selection.recipes), rows.bound)
    counts = np.concatenate([found[name] for name in (*COUNTS, "unrated")])
    sql = f"WITH rows AS (SELECT user_code AS a, recipe_code AS b, rating FROM {rows.sql} AND rating IS NOT NULL)"
    values = {of: scores(of) / SCALE[of] for of in VALUES}
    n = [counts[:5].sum()]
    alone = {of: Clusters.alone(n, [counts[:5] @ value], [counts[:5] @ value**2]) for of, value in values.items()}
    users, pairs = clustered(con, sql, rows.bound, VALUES, "a"), by_pair(con, sql, rows.bound, VALUES, alone)
    return counts, _errors([users, _clusters(found, counts), pairs])


def _clusters(sums: Columns, counts: np.ndarray) -> dict[str, Clusters]:
    """Give the sums of each measure of ratings over clusters, `counts` being the ratings of one to five stars."""
    n = np.array([counts[:5].sum()])
    return {
        of: Clusters(
            n, sums["clusters"], sums["n_2"], counts[:5] @ scores(of)[:, None] / SCALE[of],
            sums[f"{of}_n"], sums[f"{of}_2"],
        )
        for of in VALUES
    }  # fmt: skip


SUMMED = ("clusters", "n_2", *(f"{of}_{by}" for of in VALUES for by in ("n", "2")))
KINDS = "user", "recipe", "pair"
WHOLE = f"""
    SELECT cluster, {", ".join(f"sum({name})::DOUBLE AS {name}" for name in SUMMED)}
    FROM cube_clusters WHERE source = $source AND year >= $first AND other <= $last
    GROUP BY cluster ORDER BY cluster"""


def whole_errors(con: Executes, rows: Rows, counts: np.ndarray) -> dict[str, float]:
    """Give the same where all reviews of the years are looked at, from the view `cube_clusters`."""
    found = query(con, WHOLE, rows.bound)
    kind = found.pop("cluster")
    clusters = ({name: column[kind == one].sum(keepdims=True) for name, column in found.items()} for one in KINDS)
    return _errors([_clusters(sums, counts) for sums in clusters])


def _errors(ways: Sequence[Mapping[str, Clusters]]) -> dict[str, float]:
    """Join the variances of the three ways."""
    found = {of: two_way(*(way[of].variance() for way in ways)) for of in VALUES}
    errors = {of: SCALE[of] * float(np.sqrt(variance[0])) for of, variance in found.items()}
    return {of: error or float("nan") for of, error in errors.items()}
