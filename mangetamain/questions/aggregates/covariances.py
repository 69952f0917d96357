"""What the centres of two selections have in common: the values of both, and their cooks, users or recipes."""

from __future__ import annotations

import numpy as np

from mangetamain.measures import MEASURES
from mangetamain.questions.aggregates.centres import ENDS, Held, moved
from mangetamain.warehouse import Columns, Executes, query
from mangetamain.warehouse.tables.centres import MADE

# Whose recipes resemble one another, each without a cook by itself; whose reviews do, and of which recipe.
COOKS = "coalesce(contributor_id, -id)"
CLUSTERS = {"recipes": (COOKS,), "reviews": ("user_code", "recipe_code")}
# How far each value pulls at either centre, off the mean of its selection; a value that it does not hold pulls nothing.
PULLS = """
    WITH one_ends AS (SELECT {one_ends}), other_ends AS (SELECT {other_ends}),
    rows AS (
        SELECT {cut} AS cut, ({value})::DOUBLE AS value, {cluster} AS cluster, {one} AS one, {other} AS other,
            count(*) AS n
        FROM {rows} AND ({value}) IS NOT NULL AND (({one}) OR ({other}))
        GROUP BY ALL
    ), firsts AS (
        SELECT rows.*, CASE WHEN one THEN ({made}) - made ELSE 0 END AS a FROM rows JOIN one_ends USING (cut)
    ), pulled AS (
        SELECT firsts.cut, cluster, n, one, other, a, CASE WHEN other THEN ({made}) - made ELSE 0 END AS b
        FROM firsts JOIN other_ends USING (cut)
    )"""
ALONE = ", clusters AS (SELECT cut, n AS times, a, b FROM pulled)"
TOGETHER = ", clusters AS (SELECT cut, 1 AS times, sum(n * a) AS a, sum(n * b) AS b FROM pulled GROUP BY cut, cluster)"
# How far the centres move without each cluster: a few cooks hold much of a small selection.
LEFT_OUT = """, sizes AS (
        SELECT cut, sum(n) FILTER (one) AS ones, sum(n) FILTER (other) AS others FROM pulled GROUP BY cut
    ), clusters AS (
        SELECT cut, 1 AS times,
            sum(n * a) / nullif(1 - coalesce(sum(n) FILTER (one), 0) / any_value(ones), 0) AS a,
            sum(n * b) / nullif(1 - coalesce(sum(n) FILTER (other), 0) / any_value(others), 0) AS b
        FROM pulled JOIN sizes USING (cut) GROUP BY cut, cluster
    )"""
SUMS = """
    SELECT cut, bool_and(a IS NOT NULL AND b IS NOT NULL) AS known, sum(times)::DOUBLE AS clusters,
        sum(times * a * a) AS one, sum(times * b * b) AS other, sum(times * a * b) AS shared
    FROM clusters GROUP BY cut ORDER BY cut"""


def pulls(
    con: Executes,
    one: Held,
    other: Held,
    ends: tuple[Columns, Columns],
    centre: str,
    cluster: str | None,
    *,
    left_out: bool = False,
) -> Columns:
    """Sum the squares and products of what clusters pull at the centres of two selections.

    Parameters
    ----------
    con
        Where to ask.
    one, other
        The values of either selection, by the same groups; they bind their conditions by names of their own.
    ends
        What either is `moved` from.
    centre
        `mean`, `trimmed` or `median`.
    cluster
        SQL of a row's cluster; None takes rows one by one.
    left_out
        Whether a cluster pulls by how far a centre would move without it.

    Returns
    -------
    Columns
        One row a group that both hold values of, in order: cut, known (bool, whether no cluster that is left out is all
        of a selection), clusters (float, their number), one, other (float, sums
        over clusters of the square of what each pulls at a selection's centre), shared (of the product of both).
    """
    # Counted rows are of no selection, and there are two: the rows of the other are single ones.
    single = one if one.rows.number == "count(*)" else other
    bound = {**one.rows.bound, **other.rows.bound}
    for name, side in zip(("one", "other"), ends, strict=True):
        bound |= {f"{name}_{end}": side[end].tolist() for end in ENDS[centre]}
    sql = "".join((PULLS, (LEFT_OUT if left_out else TOGETHER) if cluster else ALONE, SUMS)).format(
        cut=one.cut, value=MEASURES[one.of].sql, cluster=cluster or "0", rows=single.rows.every, made=MADE[centre],
        one=one.rows.chosen, other=other.rows.chosen,
        **{f"{name}_ends": ", ".join(f"unnest(${name}_{end}) AS {end}" for end in ENDS[centre])
           for name in ("one", "other")},
    )  # fmt: skip
    return query(con, sql, bound)


def correlations(
    con: Executes, one: Held, other: Held, centre: str, *, pooled: bool
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Give the groups that both selections have values of, and the correlation of their centres there.

    Where `pooled`, all groups share one, as where values are but a few. It is in [-1, 1], and 0 where nothing is shared
    or nothing varies. A centre is, to first order, a mean of what is made of the values (`MADE`); the covariance of two
    is the sum of what their clusters, recipes' cooks or single reviews, pull at both.
    """
    ends = moved(con, one, centre), moved(con, other, centre)
    sums = pulls(con, one, other, ends, centre, COOKS if MEASURES[one.of].view == "recipes" else None)
    a, b, shared = sums["one"], sums["other"], sums["shared"]
    if pooled:
        a, b, shared = (np.full(len(each), each.sum()) for each in (a, b, shared))
    scale = np.sqrt(a * b)
    return sums["cut"], np.clip(np.divide(shared, scale, out=np.zeros(len(scale)), where=scale > 0), -1.0, 1.0)


def difference_error(con: Executes, one: Held, other: Held, centre: str) -> float:
    """Give the standard error of the difference of two selections' centres, clustered by what the rows belong to.

    Reads the view `recipes` or `reviews`; what comes back are sums.

    Parameters
    ----------
    con
        Where to ask.
    one, other
        The values of either selection, all in one group.
    centre
        `mean` or `trimmed`.

    Returns
    -------
    float
        In the measure's unit; NaN where a selection holds nothing, or a cluster is all of one.

    Notes
    -----
    Each row pulls at the difference by its deviation in the first selection, over the number there, less that in the
    second: a row of both, and the other rows of its cook, user or recipe, enter as they are shared. Each cluster is
    left out in turn (the jackknife; a few cooks hold much of a small selection, and squares of plain sums fall short).
    Recipes are clustered by cook; reviews by user and by recipe (V(users) + V(recipes) - V(rows), and the larger of the
    first two where that is less; Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136).
    """
    ends = moved(con, one, centre), moved(con, other, centre)
    # A trimmed mean is over four fifths of the values.
    a, b = (n - 2 * (n // 10) if centre == "trimmed" else n for n in (int(side["n"].sum()) for side in ends))

    def variance(cluster: str | None) -> float:
        sums = pulls(con, one, other, ends, centre, cluster, left_out=True)
        if not len(sums["cut"]) or not sums["known"][0] or sums["clusters"][0] < 2:
            return float("nan")
        squares = float(sums["one"][0] / a**2 + sums["other"][0] / b**2 - 2 * sums["shared"][0] / a / b)
        return squares * (1 - 1 / float(sums["clusters"][0]) if cluster else 1.0)

    own = [variance(key) for key in CLUSTERS[MEASURES[one.of].view]]
    joined = [sum(own) - variance(None)] if len(own) > 1 else []
    return float(np.sqrt(np.max([*own, *joined]))) if np.isfinite(own).all() else float("nan")
