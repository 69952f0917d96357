"""Sums over the cooks, or users and recipes, that rows belong to, and errors that admit both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mangetamain.stats import Clusters
from mangetamain.warehouse import Executes, query

# Hardly any user rates a recipe twice.
REPEATED = "(a, b) IN (SELECT (user_code, recipe_code) FROM repeated_reviews WHERE source = $source)"
# What rows are clustered by, and which of them.
USERS, PAIRS = ("a", "TRUE"), ("a, b", REPEATED)
Way = tuple[str, str]


@dataclass(frozen=True)
class ClusteredRows:
    """Reviews that belong to users and recipes.

    Parameters
    ----------
    sql
        A WITH clause that ends in `rows`, whose `a` is the user and `b` the recipe.
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

    def sums(
        self, con: Executes, values: Mapping[str, str], alone: Mapping[str, Clusters], *ways: Way
    ) -> list[dict[str, Clusters]]:
        """Sum values over the clusters of each part, all in one statement that reads the rows once.

        Parameters
        ----------
        con
            Where to ask.
        values
            SQL of each value by its name.
        alone
            For each value the sums of all rows as if each were a cluster: what pairs that come once are.
        ways
            Some of `USERS` and `PAIRS`.

        Returns
        -------
        list of dict
            For each way the sums of each value, one entry a part.
        """
        looked_at = [way for way in enumerate(ways) if way[1] != PAIRS or self._repeated(con)]
        if not looked_at:
            return [dict(alone) for _ in ways]
        every = " UNION ALL ".join(self._way(i, values, way) for i, way in looked_at)
        found = query(con, f"{self.sql} {every} ORDER BY way, part", self.bound)
        place = found.pop("way").astype(int), found.pop("part").astype(int)
        columns = {name: np.zeros((len(ways), self.parts)) for name in found}
        for name, column in found.items():
            columns[name][place] = column
        return [
            {x: self._sums({name: column[i] for name, column in columns.items()}, x, alone[x], way) for x in values}
            for i, way in enumerate(ways)
        ]

    def _repeated(self, con: Executes) -> bool:
        """Tell whether any user rates a recipe twice: else no row need be read to see that pairs come once."""
        sql = "SELECT count(*) AS n FROM repeated_reviews WHERE source = $source"
        return bool(query(con, sql, {"source": self.bound["source"]})["n"][0])

    def _way(self, i: int, values: Mapping[str, str], way: Way) -> str:
        """Write the sums over one way's clusters; squares of values are wanted for pairs alone."""
        (key, kept), square = way, "sum((({sql}) * ({sql}))::DOUBLE)" if way == PAIRS else "0e0"
        # Doubles, for whole numbers are added up as 128 bits.
        sums = ", ".join(
            f"sum(({sql})::DOUBLE) AS {x}, {square.format(sql=sql)} AS {x}_squared" for x, sql in values.items()
        )
        over = ", ".join(
            f"sum({x}) AS {x}_total, sum(n * {x}) AS {x}_n, sum({x} * {x}) AS {x}_2, sum({x}_squared) AS {x}_squared"
            for x in values
        )
        return f"""
            SELECT {i} AS way, part, sum(n) AS n, count(*)::DOUBLE AS clusters, sum(n * n) AS n_2, {over}
            FROM (
                SELECT {self.part} AS part, count(*)::DOUBLE AS n, {sums}
                FROM rows WHERE {kept} GROUP BY part, {key}
            ) AS clusters
            GROUP BY part"""

    def _sums(self, columns: Mapping[str, np.ndarray], value: str, alone: Clusters, way: Way) -> Clusters:
        names = ("n", "clusters", "n_2", f"{value}_total", f"{value}_n", f"{value}_2")
        sums = Clusters(*(columns[name] for name in names))
        return alone.regrouped(sums, columns[f"{value}_squared"]) if way == PAIRS else sums
