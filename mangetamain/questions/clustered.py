"""Sums over the cooks, or users and recipes, that rows belong to, and errors that admit both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mangetamain.stats import Clusters
from mangetamain.warehouse import Executes, query

# Hardly any user rates a recipe twice.
REPEATED = "(a, b) IN (SELECT (user_code, recipe_code) FROM repeated_reviews WHERE source = $source)"


@dataclass(frozen=True)
class ClusteredRows:
    """Rows that belong to clusters.

    Parameters
    ----------
    sql
        A WITH clause that ends in `rows`, which know their clusters: `a` is the cook, or of reviews the user and `b`
        the recipe.
    bound
        What it binds.
    part
        SQL of the part that a row lies in, from 0.
    parts
        How many there are.
    """

    sql: str
    bound: Mapping[str, object]
    part: str = "0"
    parts: int = 1

    def sums(self, con: Executes, key: str, values: Mapping[str, str], kept: str = "TRUE") -> dict[str, Clusters]:
        """Sum some values, SQL by name, over the clusters of each part; see `stats.Clusters`."""
        each = ", ".join(f"sum({sql})::DOUBLE AS {name}" for name, sql in values.items())
        over = ", ".join(f"sum({x}) AS {x}_total, sum(n * {x}) AS {x}_n, sum({x} * {x}) AS {x}_2" for x in values)
        found = query(
            con,
            f"""{self.sql},
            clusters AS (
                SELECT {self.part} AS part, count(*)::DOUBLE AS n, {each} FROM rows WHERE {kept} GROUP BY part, {key}
            )
            SELECT part, sum(n) AS n, count(*)::DOUBLE AS clusters, sum(n * n) AS n_2, {over}
            FROM clusters GROUP BY part ORDER BY part
            """,
            self.bound,
        )
        place = found.pop("part").astype(int)
        columns = {name: np.zeros(self.parts) for name in found}
        for name, column in found.items():
            columns[name][place] = column
        sizes = [columns[name] for name in ("n", "clusters", "n_2")]
        return {x: Clusters(*sizes, *(columns[f"{x}_{name}"] for name in ("total", "n", "2"))) for x in values}

    def pairs(self, con: Executes, values: Mapping[str, str], alone: Mapping[str, Clusters]) -> dict[str, Clusters]:
        """Sum the same over pairs of user and recipe, from the sums of all rows, each as if `alone` in its pair."""
        squares = {f"{name}_squared": f"({sql}) * ({sql})" for name, sql in values.items()}
        few = self.sums(con, "a, b", {**values, **squares}, REPEATED)
        return {name: alone[name].regrouped(few[name], few[f"{name}_squared"].total) for name in values}
