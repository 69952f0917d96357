"""Recipes, or reviews, in parts of about equal number by one measure, and the level of another in each."""

from __future__ import annotations

import numpy as np

from mangetamain.conditions import Conditions
from mangetamain.measures import MEASURES
from mangetamain.questions.aggregates.centres import held
from mangetamain.questions.aggregates.clustered import by_pair
from mangetamain.questions.aggregates.stars import SUMS
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.stats import Clusters, two_way
from mangetamain.warehouse import Columns, Executes, query

PARTS = 10
# Two parts make a difference, no line; a part of equal values may hold several.
FEWEST_PARTS = 3
# Of a measure with absurd entries, values beyond these quantiles, in percent, count as the quantiles.
ENDS = 1, 99


def parted(con: Executes, of: str, to: str, years: tuple[int, int], source: str, among: Conditions) -> Columns:
    """Part rows by a measure of their recipe, and give the level of another in each part; see `relation`."""
    rows, held_rows, given = _rows(con, of, to, years, source, among)
    reviews, x = MEASURES[of].view == "reviews", f"({MEASURES[to].sql})::DOUBLE"
    found = query(con, held_rows.format(x=x) + CUT, {**given, "parts": PARTS})
    low, high, n, total, squares = (found[name] for name in ("low", "high", "n", "total", "squares"))
    mean, weight = total / np.maximum(n, 1), _weights(len(n))
    edges = {f"edge{i}": edge for i, edge in enumerate(low[1:].tolist())}
    cases = " ".join(f"WHEN {x} < ${edge} THEN {i}" for i, edge in enumerate(edges))
    part = f"CASE {cases} ELSE {len(edges)} END" if edges else "0"
    rows, bound = rows.format(x=part), {**given, **edges}
    variance = _crossing(con, rows, bound, n, mean, weight)
    if reviews:
        recipes = Clusters(n, *(found[name] for name in ("clusters", "n_2", "total", "n_total", "total_2")))
        alone = {"y": Clusters.alone(n, total, squares)}
        pairs = by_pair(con, rows, bound, {"y": "y"}, alone, part="x", parts=len(n))
        variance = two_way(variance, *(_within(each, weight) for each in (recipes, pairs["y"])))
    columns = {
        "mean": mean,
        "se": np.sqrt(variance[:-1]),
        "gap": np.full(len(n), weight @ mean),
        "gap_se": np.full(len(n), variance[-1] ** 0.5),
    }
    return {"low": low, "high": high, "n": n, **{name: column.round(9) for name, column in columns.items()}}


def _crossing(
    con: Executes, rows: str, bound: dict[str, object], n: np.ndarray, mean: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """Give the variance of each part's mean, and at last of the line, where a cook or user may be in many parts."""
    share = 1 / np.maximum(n, 1)
    known = {"mean": mean.tolist(), "share": share.tolist(), "pull": (weight * share).tolist(), "parts": len(n)}
    sums = query(con, rows + CROSSING, {**bound, **known})
    if not len(n):
        return np.array([np.nan])
    clusters = float(sums["clusters"][0])
    factor = clusters / (clusters - 1) if clusters > 1 else np.nan
    return np.asarray(factor * np.append(sums["own"], sums["line"][0]))


CROSSING = """,
    clusters AS (SELECT a, x AS part, count(*) AS n, sum(y) AS total FROM rows GROUP BY a, x),
    known AS (
        SELECT unnest(range($parts)) AS part, unnest($mean) AS mean, unnest($share) AS share, unnest($pull) AS pull
    ),
    off AS (
        SELECT a, part, share * (total - n * mean) AS own, pull * (total - n * mean) AS pulled
        FROM clusters JOIN known USING (part)
    ),
    lines AS (SELECT sum(pulled) AS pulled FROM off GROUP BY a)
    SELECT part, sum(own * own) AS own, (SELECT sum(pulled * pulled) FROM lines) AS line,
        (SELECT count(*) FROM lines)::DOUBLE AS clusters
    FROM off GROUP BY part ORDER BY part"""


def _within(sums: Clusters, weight: np.ndarray) -> np.ndarray:
    """Give the variance of each part's mean, and at last of the line, where a cluster lies in one part."""
    own = sums.variance(sums.clusters.sum())
    return np.append(own, weight**2 @ own)


def _rows(
    con: Executes, of: str, to: str, years: tuple[int, int], source: str, among: Conditions
) -> tuple[str, str, dict[str, object]]:
    """Write the rows to look at, and their sums by recipe, or by `x`.

    A row has `y`, what is measured, the clusters `a` and `b` that it belongs to, and what is to be its `x`: that is
    worked out of each recipe once, whatever the number of its reviews.
    """
    chosen = rows_of(con, MEASURES[of].view, years=years, source=source, among=among, counts=False)
    given = dict(chosen.bound)
    y, x = MEASURES[of], MEASURES[to]
    value = f"({y.sql})::DOUBLE"
    if y.centre == "trimmed":
        values = held(con, of, "0", years=years, source=source, among=among)
        whole = query(
            con, values.sql(" SELECT cut{quantiles} FROM known GROUP BY cut", percent=ENDS), values.rows.bound
        )
        given["least"], given["most"] = (float(np.append(whole[f"q{end}"], 0.0)[0]) for end in ENDS)
        value = f"least(greatest({value}, $least), $most)"
    if y.view == "recipes":
        rows = f"""
        WITH rows AS (
            SELECT {{x}} AS x, {value} AS y, coalesce(contributor_id, -id) AS a, id AS b
            FROM {chosen.sql} AND ({x.sql}) IS NOT NULL AND ({y.sql}) IS NOT NULL
        )"""
        return rows, rows + HELD["recipes"], given
    rows = f"""
        WITH review AS (
            SELECT recipe_id, {value} AS y, user_code AS a, recipe_code AS b
            FROM {chosen.sql} AND ({y.sql}) IS NOT NULL
        ),
        recipe AS (SELECT id AS recipe_id, {{x}} AS x FROM recipes WHERE ({x.sql}) IS NOT NULL),
        rows AS (SELECT x, y, a, b FROM review JOIN recipe USING (recipe_id))"""
    if not y.starred:
        return rows, rows + HELD["reviews"], given
    number, total, squares = SUMS[of]
    stars = HELD_STARS.format(
        x="{x}", known=x.sql, chosen=chosen.selection.recipes, number=number, total=total, squares=squares
    )
    return rows, stars, given


# A recipe has one value, so its reviews, a cluster of them, lie in one part.
HELD = {
    "recipes": ", held AS (SELECT x, count(*) AS n, sum(y) AS total, sum(y * y) AS squares FROM rows GROUP BY x)",
    "reviews": """,
    held AS (
        SELECT x, n, total, squares
        FROM recipe JOIN (
            SELECT recipe_id, count(*) AS n, sum(y) AS total, sum(y * y) AS squares FROM review GROUP BY recipe_id
        ) AS sums USING (recipe_id)
    )""",
}
# Stars of recipes are kept by year.
HELD_STARS = """
    WITH held AS (
        SELECT any_value(x) AS x, sum(n) AS n, sum(total) AS total, sum(squares) AS squares
        FROM (
            SELECT recipe, x, ({number})::DOUBLE AS n, ({total})::DOUBLE AS total, ({squares})::DOUBLE AS squares
            FROM cube_recipe_ratings
            JOIN (SELECT id AS recipe, {x} AS x FROM recipes WHERE {chosen} AND ({known}) IS NOT NULL) AS chosen
                USING (recipe)
            WHERE source = $source AND year BETWEEN $first AND $last AND {number} > 0) AS stars
        GROUP BY recipe
    )"""
# Values that rise, in parts of about equal number; equal values stay together, and a part that they leave empty goes.
CUT = """,
    equal AS (
        SELECT x, sum(n)::BIGINT AS n, count(*) AS clusters, sum(n * n) AS n_2, sum(total) AS total,
            sum(squares) AS squares, sum(n * total) AS n_total, sum(total * total) AS total_2
        FROM held GROUP BY x
    ),
    placed AS (
        SELECT *, (2 * sum(n) OVER (ORDER BY x ROWS UNBOUNDED PRECEDING) - n)::DOUBLE AS twice_middle FROM equal
    )
    SELECT min(x) AS low, max(x) AS high, sum(n)::BIGINT AS n, sum(clusters)::DOUBLE AS clusters,
        sum(n_2)::DOUBLE AS n_2, sum(total) AS total, sum(squares) AS squares, sum(n_total) AS n_total,
        sum(total_2) AS total_2
    FROM placed GROUP BY floor($parts * twice_middle / (SELECT 2 * sum(n) FROM equal)) ORDER BY low"""


def _weights(parts: int) -> np.ndarray:
    """Give what each part counts for in the rise of a straight line through them from the first to the last."""
    if parts < FEWEST_PARTS:
        return np.full(parts, np.nan)
    place = np.arange(parts) - (parts - 1) / 2
    return np.asarray(place / (place @ place) * (parts - 1))
