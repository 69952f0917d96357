"""The centre of a measure in each group of rows, with its error, and quantiles: all of it reckoned in the engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangetamain.conditions import Conditions
from mangetamain.measures import MEASURES
from mangetamain.questions.aggregates.values import Rows, rows_of
from mangetamain.stats.clusters import ClusterSums
from mangetamain.warehouse import Columns, Executes, query

# How often each value occurs in each group. Recipes are looked up once, for their cooks are asked for again.
COUNTS = {
    "recipes": """
    WITH chosen AS MATERIALIZED (
        SELECT {cut} AS cut, ({value})::DOUBLE AS value, coalesce(contributor_id, -id) AS cook
        FROM {rows} AND ({value}) IS NOT NULL
    ), counts AS (
        SELECT cut, value, count(*) AS n FROM chosen GROUP BY cut, value
    )""",
    "reviews": """
    WITH counts AS (
        SELECT {cut} AS cut, ({value})::DOUBLE AS value, ({number})::BIGINT AS n
        FROM {rows} AND ({value}) IS NOT NULL
        GROUP BY ALL
    )""",
}
# The running number over all groups gives every rank of each.
PLACED = """, placed AS (
        SELECT *, (sum(n) OVER (ORDER BY cut, value ROWS UNBOUNDED PRECEDING))::BIGINT AS place FROM counts
    ), sizes AS (
        SELECT cut, sum(n)::BIGINT AS size, max(place) - sum(n)::BIGINT AS start, sum(n * value) / sum(n) AS mean,
            sum(n)::BIGINT // 10 AS cut_off
        FROM placed GROUP BY cut
    ), known AS (
        SELECT cut, value, n, size, mean, cut_off, place - start - n AS before, place - start AS upto,
            2 * (place - start) - n AS twice_middle
        FROM placed JOIN sizes USING (cut)
    )"""
# A value holds the rank r, from 0, where r lies between the number before it and that up to it. Trimmed means leave out
# the lowest and highest tenth; the mid-median lies between the neighbours whose mid-distribution encloses a half.
DESCRIBED = """, points AS (
        SELECT cut, any_value(size) AS n, any_value(mean) AS mean, sum(n * (value - mean) * (value - mean)) AS squares,
            sum(value * greatest(least(upto, size - cut_off) - greatest(before, cut_off), 0))
                / any_value(size - 2 * cut_off) AS trimmed,
            max(value) FILTER (before <= cut_off) AS lowest,
            max(value) FILTER (before < size - cut_off) AS highest,
            max(value) FILTER (before <= floor($low * (size - 1) + 0.5)) AS low,
            max(value) FILTER (before <= floor($high * (size - 1) + 0.5)) AS high,
            max(value) FILTER (2 * before <= size - 1) AS lower,
            max(value) FILTER (2 * before <= size) AS upper,
            max(value) FILTER (twice_middle <= size) AS left_value,
            min(value) FILTER (twice_middle > size) AS right_value,
            max(twice_middle) FILTER (twice_middle <= size) AS left_middle,
            min(twice_middle) FILTER (twice_middle > size) AS right_middle
        FROM known GROUP BY cut
    ), ends AS (
        SELECT cut, mean, lowest, highest, coalesce(left_value, right_value) AS below,
            coalesce(right_value, left_value) AS above,
            coalesce((n - left_middle) / (right_middle - left_middle), 0) AS weight
        FROM points
    )"""
# What to make of a value so that the mean of these has the error of a centre (Yuen 1974; Ma, Genton and Parzen 2011).
MADE = {
    "mean": "value - mean",
    "trimmed": "least(greatest(value, lowest), highest) - lowest",
    "median": (
        "CASE WHEN value < below THEN 1 WHEN value = below THEN (1 + weight) / 2 WHEN value = above THEN weight / 2 "
        "ELSE 0 END"
    ),
}
# Recipes hang together by their cook, each without one by itself; reviews are taken one by one.
CLUSTERS = {
    "recipes": """, clusters AS (
        SELECT cut, 1 AS times, count(*) AS n, sum({made}) AS total, sum(({made}) * ({made})) AS squares
        FROM chosen JOIN ends USING (cut) GROUP BY cut, cook
    )""",
    "reviews": """, clusters AS (
        SELECT cut, n AS times, 1 AS n, {made} AS total, ({made}) * ({made}) AS squares
        FROM counts JOIN ends USING (cut)
    )""",
}
SUMS = """, sums AS (
        SELECT cut, sum(times)::DOUBLE AS clusters, sum(times * n * n)::DOUBLE AS n_2,
            sum((times * n * n)::DOUBLE * n) AS n_3, sum(times * total) AS total, sum(times * squares) AS rows_2,
            sum(times * n * total) AS n_total, sum(times * total * total) AS total_2
        FROM clusters GROUP BY cut
    )
    SELECT points.*, clusters, n_2, n_3, total, rows_2, n_total, total_2
    FROM points JOIN sums USING (cut) ORDER BY cut"""


@dataclass(frozen=True)
class Held:
    """The values of a measure in each group of a cut of time: what statements on them are written from.

    Parameters
    ----------
    of
        The measure.
    cut
        SQL of a row's group, one of a calendar's or a period's.
    rows
        The rows that are looked at.
    """

    of: str
    cut: str
    rows: Rows

    def sql(self, *parts: str, made: str = "") -> str:
        """Write a statement: what `known` tells of each value, and the parts that go on from it."""
        measure = MEASURES[self.of]
        words = {"cut": self.cut, "value": measure.sql, "rows": self.rows.sql, "number": self.rows.number}
        return "".join((COUNTS[measure.view], PLACED, *parts)).format(**words, made=made)


def held(
    con: Executes, of: str, cut: str, *, years: tuple[int, int], source: str = "full", among: Conditions = (),
    name: str = "among",
) -> Held:  # fmt: skip
    """Choose the values of a measure, in groups of a cut of time; rows without a value are left out.

    `name` is the parameter that the selection was given for.
    """
    view, counts = MEASURES[of].view, MEASURES[of].starred
    return Held(of, cut, rows_of(con, view, years=years, source=source, among=among, name=name, counts=counts))


def described(
    con: Executes, values: Held, *, centre: str = "mean", band: tuple[float, float] = (0.25, 0.75), small: bool = False
) -> Columns:
    """Describe the values of each group: their centres, the chosen one's standard error, two quantiles.

    Reads the view `recipes` or `cube_ratings`, or `reviews` for a selection or a measure of its texts.

    Parameters
    ----------
    con
        Where to ask.
    values
        The values, by group.
    centre
        `mean`, `trimmed` or `median`.
    band
        Probabilities of the quantiles.
    small
        Whether the groups are too small to know deviations of their own: then they share one. Those of stars always
        do.

    Returns
    -------
    Columns
        One row a group that has values, in order: cut (as its SQL gives it), n (int, values), mean, sd (sample), median
        (the plain one), trimmed (mean of the middle 80 %), centre (the chosen one), se (its standard error, for recipes
        clustered by cook; NaN where it cannot be known), low, high (nearest-rank quantiles; all float, in the measure's
        unit).
    """
    measure = MEASURES[values.of]
    sql = values.sql(DESCRIBED, CLUSTERS[measure.view], SUMS, made=MADE[centre])
    found = query(con, sql, {**values.rows.bound, "low": band[0], "high": band[1]})
    n = found["n"]
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.where(n > 1, np.sqrt(found["squares"] / (n - 1)), np.nan)
    sums = ClusterSums(
        n, *(found[name] for name in ("clusters", "n_2", "total", "n_total", "total_2", "n_3", "rows_2"))
    )
    spread = sums.shared() if small or measure.starred else sums.errors()
    numbers = {
        "mean": found["mean"], "sd": sd, "median": (found["lower"] + found["upper"]) / 2, "trimmed": found["trimmed"],
    }  # fmt: skip
    middle, error = _centre(con, values, centre, numbers, found["cut"], n, spread)
    return {
        "cut": found["cut"],
        "n": n,
        **numbers,
        "centre": middle,
        "se": error,
        "low": found["low"],
        "high": found["high"],
    }


def _centre(
    con: Executes, values: Held, kind: str, numbers: Columns, cut: np.ndarray, n: np.ndarray, spread: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give the chosen centre, and its error from that of the mean of what was made of the values."""
    if kind == "median":
        steps = [side * np.nan_to_num(spread) for side in (-1, 0, 1)]
        low, middle, high = (mid_quantiles(con, values, cut, 0.5 + step) for step in steps)
        return middle, np.where(np.isfinite(spread), (high - low) / 2, np.nan)
    return numbers[kind], spread * (n / (n - 2 * (n // 10)) if kind == "trimmed" else 1.0)


QUANTILES = """
    SELECT max(value) FILTER (before <= floor($low * (size - 1) + 0.5)) AS low,
        max(value) FILTER (before <= floor($high * (size - 1) + 0.5)) AS high
    FROM known GROUP BY cut ORDER BY cut"""


def quantiles(con: Executes, values: Held, band: tuple[float, float]) -> Columns:
    """Give two nearest-rank quantiles of each group, as `described` does: low, high."""
    return query(con, values.sql(QUANTILES), {**values.rows.bound, "low": band[0], "high": band[1]})


MOVED = """
    SELECT cut, sum(times * n)::BIGINT AS n, any_value(mean) AS mean, any_value(lowest) AS lowest,
        any_value(highest) AS highest, any_value(below) AS below, any_value(above) AS above,
        any_value(weight) AS weight,
        sum(times * total) / sum(times * n) AS made
    FROM ends JOIN clusters USING (cut) GROUP BY cut ORDER BY cut"""


def moved(con: Executes, values: Held, centre: str) -> Columns:
    """Give what `MADE` makes of the values of each group from, and the mean of what is made of them.

    Returns
    -------
    Columns
        One row a group that has values, in order: cut, n (int), mean, lowest, highest, below, above, weight, made.
    """
    clusters = CLUSTERS[MEASURES[values.of].view]
    return query(
        con,
        values.sql(DESCRIBED, clusters, MOVED, made=MADE[centre]),
        {**values.rows.bound, "low": 0.0, "high": 1.0},
    )


BETWEEN = """, asked AS (SELECT unnest($cuts) AS cut, unnest($q) AS q, unnest(range($number)) AS i),
    neighbours AS (
        SELECT i, any_value(2 * q * size) AS twice, max(value) FILTER (twice_middle <= 2 * q * size) AS left_value,
            min(value) FILTER (twice_middle > 2 * q * size) AS right_value,
            max(twice_middle) FILTER (twice_middle <= 2 * q * size) AS left_middle,
            min(twice_middle) FILTER (twice_middle > 2 * q * size) AS right_middle
        FROM known JOIN asked USING (cut) GROUP BY i
    )
    SELECT coalesce(left_value + (right_value - left_value) * (twice - left_middle) / (right_middle - left_middle),
        left_value, right_value) AS value
    FROM neighbours ORDER BY i"""


def mid_quantiles(con: Executes, values: Held, cuts: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Give a quantile of each group asked for, by the mid-distribution function.

    Minutes heap on multiples of five, so the plain median sits still while the distribution moves. The mid-distribution
    P(X < v) + P(X = v) / 2, joined by straight lines between the values that occur, moves smoothly and has a normal
    limit.

    Parameters
    ----------
    con
        Where to ask.
    values
        The values, by group.
    cuts, q
        Groups that have values, and a probability for each.

    References
    ----------
    Ma, Genton & Parzen (2011), doi:10.1007/s10463-009-0215-z
    """
    bound = {"cuts": cuts.tolist(), "q": q.tolist(), "number": len(q)}
    return query(con, values.sql(BETWEEN), {**values.rows.bound, **bound})["value"]
