"""How far the centre of one selection is from that of another, with an error that admits what both share."""

from __future__ import annotations

import numpy as np

from mangetamain.conditions import Conditions
from mangetamain.measures import MEASURES
from mangetamain.questions.values import rows_of
from mangetamain.selection import where
from mangetamain.stats.counts import Counts
from mangetamain.warehouse import Executes, query

# Whose recipes, or whose reviews and of which recipe, resemble one another.
CLUSTERS = {"recipes": ("contributor_id",), "reviews": ("user_code", "recipe_code")}


def difference_error(
    con: Executes,
    of: str,
    counts: tuple[Counts, Counts],
    *,
    years: tuple[int, int],
    source: str,
    among: Conditions,
    against: Conditions,
) -> float:
    """Give the standard error of the difference of two selections' centres, clustered by what the rows belong to.

    Reads the view `recipes` or `reviews`; what comes back are sums of squares of clusters' sums.

    Parameters
    ----------
    con
        Where to ask.
    of
        The measure, whose usual centre is compared.
    counts
        The values of either selection.
    years, source, among, against
        First and last year; which reviews; the two selections.

    Returns
    -------
    float
        In the measure's unit; NaN where a cluster is all of a selection.

    Notes
    -----
    Each row pulls at the difference by its deviation in the first selection, over the number there, less that in the
    second: a row of both, and the other rows of its cook, user or recipe, enter as they are shared. Each cluster is
    left out in turn (the jackknife; a few cooks hold much of a small selection, and squares of plain sums fall short).
    Recipes are clustered by cook; reviews by user and by recipe (V(users) + V(recipes) - V(rows), and the larger of the
    first two where that is less; Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136).
    """
    view = MEASURES[of].view
    found = [_clustered(con, of, key, counts, years, source, (among, against)) for key in CLUSTERS[view]]
    own = [variance for variance, _ in found]
    joined = [own[0] + own[1] - found[0][1]] if len(own) > 1 else []
    return float(np.sqrt(np.max([*own, *joined]))) if np.isfinite(own).all() else float("nan")


def _clustered(
    con: Executes,
    of: str,
    key: str,
    counts: tuple[Counts, Counts],
    years: tuple[int, int],
    source: str,
    selections: tuple[Conditions, Conditions],
) -> tuple[float, float]:
    """Sum the squares of what the difference changes by without each cluster, and of what single rows pull."""
    measure, rows = MEASURES[of], rows_of(con, MEASURES[of].view, years=years, source=source, among=(), counts=False)
    bound: dict[str, object] = dict(rows.bound)
    held = []
    for name, each, selection in zip(("among", "against"), counts, selections, strict=True):
        chosen = where(con, selection, name=name)
        held.append(chosen.recipes if measure.view == "recipes" else chosen.reviews)
        bound |= {**chosen.values, **_bounds(name, each, measure.centre)}
    one, other = (_pull(name) for name in ("among", "against"))
    sums = query(
        con,
        f"""
        WITH rows AS (
            SELECT {key} AS cluster, ({measure.sql})::DOUBLE AS y, {held[0]} AS one, {held[1]} AS other
            FROM {rows.sql} AND ({measure.sql}) IS NOT NULL
        ),
        pulls AS (
            SELECT cluster, one, other, CASE WHEN one THEN {one} ELSE 0 END AS up,
                CASE WHEN other THEN {other} ELSE 0 END AS down
            FROM rows WHERE one OR other
        ),
        clusters AS (
            SELECT sum(up) AS up, sum(down) AS down, sum((up - down) * (up - down)) AS alone,
                1 - count(*) FILTER (one) / $among_n AS without,
                1 - count(*) FILTER (other) / $against_n AS without_other
            FROM pulls GROUP BY cluster
        )
        SELECT count(*) AS n, sum(alone) AS alone, min(least(without, without_other)) AS least,
            sum((up / nullif(without, 0) - down / nullif(without_other, 0)) ** 2) AS squares
        FROM clusters
        """,
        bound,
    )
    n, squares, alone, least = (float(np.nan_to_num(sums[name][0])) for name in ("n", "squares", "alone", "least"))
    return squares * (n - 1) / n if least > 0 else float("nan"), alone


def _bounds(name: str, counts: Counts, centre: str) -> dict[str, float]:
    """Bind what turns a value into its pull: the ends that it is cut to, the mean of cut values, a row's weight.

    And the number of values, by which a cluster is weighed.
    """
    transform = counts.centre(centre)[1]
    mean = float((counts.n * counts.made(transform)).sum() / counts.size[0])
    weight = float(counts.error(centre, np.ones(1))[0] / counts.size[0])
    return {
        f"{name}_least": float(transform.low[0]), f"{name}_most": float(transform.high[0]),
        f"{name}_mean": mean, f"{name}_weight": weight, f"{name}_n": float(counts.size[0]),
    }  # fmt: skip


def _pull(name: str) -> str:
    return f"(least(greatest(y, ${name}_least), ${name}_most) - ${name}_mean) * ${name}_weight"
