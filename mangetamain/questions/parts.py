"""Recipes, or reviews, in parts of about equal number by one measure, and the level of another in each."""

from __future__ import annotations

import numpy as np

from mangetamain.conditions import Conditions
from mangetamain.measures import MEASURES
from mangetamain.questions.centres import described, held
from mangetamain.questions.values import rows_of
from mangetamain.warehouse import Columns, Executes, query

PARTS = 10
# Two parts make a difference, no line; a part of equal values may hold several.
FEWEST_PARTS = 3
# Of a measure with absurd entries, values beyond these quantiles count as the quantiles.
ENDS = 0.01, 0.99


def parted(con: Executes, of: str, to: str, years: tuple[int, int], source: str, among: Conditions) -> Columns:
    """Part rows by a measure of their recipe, and give the level of another in each part; see `relation`."""
    rows, given = _rows(con, of, to, years, source, among)
    low, high, n, total, squares = query(con, rows + CUT, {**given, "parts": PARTS}).values()
    parts, edges, mean = len(n), low[1:].tolist(), total / np.maximum(n, 1)
    alone = squares - n * mean**2  # of rows, as if each were a cluster of its own
    weight = _weights(parts)
    keys = ("a",) if MEASURES[of].view == "recipes" else ("a", "b")
    found = [_clustered(con, rows, given, edges, mean, weight / np.maximum(n, 1), key) for key in keys]
    pull, own = _variances(found, alone, weight, n)
    columns = {
        "mean": mean,
        "se": np.sqrt(own),
        "gap": np.full(parts, weight @ mean),
        "gap_se": np.full(parts, pull**0.5),
    }
    return {"low": low, "high": high, "n": n, **{name: column.round(9) for name, column in columns.items()}}


def _rows(
    con: Executes, of: str, to: str, years: tuple[int, int], source: str, among: Conditions
) -> tuple[str, dict[str, object]]:
    """Write the rows to look at: `x` to part them by, `y` to measure, and the clusters `a` and `b` they belong to."""
    chosen = rows_of(con, MEASURES[of].view, years=years, source=source, among=among, counts=False)
    given = dict(chosen.bound)
    y, x = MEASURES[of], MEASURES[to]
    value = f"({y.sql})::DOUBLE"
    if y.centre == "trimmed":
        whole = described(con, held(con, of, "0", years=years, source=source, among=among), band=ENDS)
        given["least"], given["most"] = (float(np.append(whole[name], 0.0)[0]) for name in ("low", "high"))
        value = f"least(greatest({value}, $least), $most)"
    if y.view == "recipes":
        return (
            f"""
        WITH rows AS (
            SELECT ({x.sql})::DOUBLE AS x, {value} AS y, coalesce(contributor_id, -id) AS a, id AS b
            FROM {chosen.sql} AND ({x.sql}) IS NOT NULL AND ({y.sql}) IS NOT NULL
        )""",
            given,
        )
    return (
        f"""
        WITH review AS (
            SELECT recipe_id, {value} AS y, user_code AS a, recipe_code AS b
            FROM {chosen.sql} AND ({y.sql}) IS NOT NULL
        ),
        recipe AS (SELECT id AS recipe_id, ({x.sql})::DOUBLE AS x FROM recipes WHERE ({x.sql}) IS NOT NULL),
        rows AS (SELECT x, y, a, b FROM review JOIN recipe USING (recipe_id))""",
        given,
    )


# Values that rise, in parts of about equal number; equal values stay together, and a part that they leave empty goes.
CUT = """,
    equal AS (SELECT x, count(*) AS n, sum(y) AS total, sum(y * y) AS squares FROM rows GROUP BY x),
    placed AS (
        SELECT *, (2 * sum(n) OVER (ORDER BY x ROWS UNBOUNDED PRECEDING) - n)::DOUBLE AS twice_middle FROM equal
    )
    SELECT min(x) AS low, max(x) AS high, sum(n)::BIGINT AS n, sum(total) AS total, sum(squares) AS squares
    FROM placed GROUP BY floor($parts * twice_middle / (SELECT 2 * sum(n) FROM equal)) ORDER BY low"""


def _weights(parts: int) -> np.ndarray:
    """Give what each part counts for in the rise of a straight line through them from the first to the last."""
    if parts < FEWEST_PARTS:
        return np.full(parts, np.nan)
    place = np.arange(parts) - (parts - 1) / 2
    return np.asarray(place / (place @ place) * (parts - 1))


def _clustered(
    con: Executes, rows: str, given: dict[str, object], edges: list[float], mean: np.ndarray, pull: np.ndarray, key: str
) -> tuple[float, np.ndarray]:
    """Sum the squares of what clusters pull the line, and of what they pull each part's sum, off the mean."""
    bound = {f"edge{i}": edge for i, edge in enumerate(edges)}
    part = " ".join(f"WHEN x < $edge{i} THEN {i}" for i in range(len(edges)))
    held = query(
        con,
        f"""{rows},
        parted AS (
            SELECT {key} AS cluster, {f"CASE {part} ELSE {len(edges)} END" if edges else "0"} AS part,
                count(*) AS n, sum(y) AS total
            FROM rows GROUP BY ALL
        ),
        known AS (SELECT unnest(range($parts)) AS part, unnest($mean) AS mean, unnest($pull) AS pull),
        off AS (SELECT cluster, part, total - n * mean AS off, pull FROM parted JOIN known USING (part)),
        lines AS (SELECT sum(pull * off) AS pull FROM off GROUP BY cluster)
        SELECT part, sum(off * off) AS squares, (SELECT sum(pull * pull) FROM lines) AS line,
            (SELECT count(*) FROM lines)::DOUBLE AS clusters
        FROM off GROUP BY part ORDER BY part
        """,
        {**given, **bound, "parts": len(mean), "mean": mean.tolist(), "pull": pull.tolist()},
    )
    if not len(mean):
        return float("nan"), mean
    clusters = float(held["clusters"][0])
    factor = clusters / (clusters - 1) if clusters > 1 else float("nan")
    return factor * float(held["line"][0]), factor * held["squares"]


def _variances(
    found: list[tuple[float, np.ndarray]], alone: np.ndarray, weight: np.ndarray, n: np.ndarray
) -> tuple[float, np.ndarray]:
    """Join the clusterings: two add up, less that of single rows, and are never below either alone.

    Returns
    -------
    tuple[float, numpy.ndarray]
        The variance of what the line rises, and of each part's level.
    """
    own = [squares / np.maximum(n, 1) ** 2 for _, squares in found]
    lines = [line for line, _ in found]
    if len(found) > 1:
        row = alone / np.maximum(n, 1) ** 2
        own.append(own[0] + own[1] - row)
        lines.append(lines[0] + lines[1] - float(weight**2 @ row))
    return float(np.max(lines, initial=0.0)), np.asarray(np.max(own, axis=0))
