"""Sums over the users that rate, and over users and recipes together, of reviews: what errors that admit both need."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mangetamain.stats import Clusters
from mangetamain.warehouse import Executes, query

# Hardly any user rates a recipe twice.
ANY_REPEATED = "SELECT count(*) AS n FROM repeated_reviews WHERE source = $source"
REPEATED = "(a, b) IN (SELECT (user_code, recipe_code) FROM repeated_reviews WHERE source = $source)"


def clustered(
    con: Executes, rows: str, bound: Mapping[str, object], values: Mapping[str, str], key: str,
    *, part: str = "0", parts: int = 1, kept: str = "TRUE",
) -> dict[str, Clusters]:  # fmt: skip
    """Sum values over the clusters of reviews, by parts; what comes back are sums.

    Parameters
    ----------
    con
        Where to ask.
    rows, bound
        A WITH clause that ends in `rows`, whose `a` is the user and `b` the recipe, and what it binds.
    values
        SQL of each value by its name.
    key, kept
        SQL of a row's cluster, and of whether it counts.
    part, parts
        SQL of the part that a row lies in, from 0, and how many there are.

    Returns
    -------
    dict
        The sums of each value, one entry a part.
    """
    # Doubles, for whole numbers are added up as 128 bits.
    sums = ", ".join(f"sum(({sql})::DOUBLE) AS {x}" for x, sql in values.items())
    over = ", ".join(f"sum({x}) AS {x}_total, sum(n * {x}) AS {x}_n, sum({x} * {x}) AS {x}_2" for x in values)
    sql = f"""{rows}
        SELECT part, sum(n) AS n, count(*)::DOUBLE AS clusters, sum(n * n) AS n_2, {over}
        FROM (
            SELECT {part} AS part, count(*)::DOUBLE AS n, {sums} FROM rows WHERE {kept} GROUP BY part, {key}
        ) AS clusters
        GROUP BY part ORDER BY part"""
    found = query(con, sql, bound)
    place, columns = found.pop("part").astype(int), {name: np.zeros(parts) for name in found}
    for name, column in found.items():
        columns[name][place] = column
    of_all = [columns[name] for name in ("n", "clusters", "n_2")]
    return {x: Clusters(*of_all, *(columns[f"{x}_{sum_}"] for sum_ in ("total", "n", "2"))) for x in values}


def by_pair(
    con: Executes, rows: str, bound: Mapping[str, object], values: Mapping[str, str], alone: Mapping[str, Clusters],
    *, part: str = "0", parts: int = 1,
) -> Mapping[str, Clusters]:  # fmt: skip
    """Put together what one user says of one recipe; `alone` are the sums of all reviews, each by itself."""
    if not query(con, ANY_REPEATED, {"source": bound["source"]})["n"][0]:  # no row need be read to see that
        return alone
    squares = {f"{x}_squares": f"({sql}) * ({sql})" for x, sql in values.items()}
    few = clustered(con, rows, bound, {**values, **squares}, "a, b", part=part, parts=parts, kept=REPEATED)
    return {x: alone[x].regrouped(few[x], few[f"{x}_squares"].total) for x in values}
