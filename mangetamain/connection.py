"""The warehouse as a notebook asks it: also for the very recipes and reviews of a selection."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import duckdb

from mangetamain.conditions import Conditions
from mangetamain.parameters import Selection
from mangetamain.selection import where
from mangetamain.warehouse import Warehouse
from mangetamain.warehouse.reader.binding import without_pandas
from mangetamain.warehouse.reader.warehouse_errors import FAULTS, explained

AMONG = Selection("")


class Connection(Warehouse):
    """The current warehouse of a data folder, with the rows behind an answer."""

    def recipes(self, among: str | Conditions = "") -> duckdb.DuckDBPyRelation:
        """Give the recipes of a selection, as a DuckDB relation that goes on to ``filter``, ``order``, ``df``.

        Parameters
        ----------
        among
            What every question takes: ``"vegetarian, ingredient:chicken, not desserts, minutes<=30"``; empty for all.

        Returns
        -------
        DuckDBPyRelation
            Rows of the view `recipes`, in the order of posting; read when they are asked for.

        Raises
        ------
        BadInput
            When the selection is none, or holds a word or a measure that is unknown.
        NoWarehouse
            When there is none, or it cannot be read.
        """
        return self._rows("recipes", among)

    def reviews(self, among: str | Conditions = "") -> duckdb.DuckDBPyRelation:
        """Give the reviews of the recipes of a selection, as `recipes` gives these; without one, of all recipes.

        Returns
        -------
        DuckDBPyRelation
            Rows of the view `reviews`, of each source by day.

        Raises
        ------
        BadInput, NoWarehouse
            As for `recipes`.
        """
        return self._rows("reviews", among)

    def _rows(self, view: Literal["recipes", "reviews"], among: str | Conditions) -> duckdb.DuckDBPyRelation:
        # One version for the words and for the rows; and a cursor of its own, for other work on a connection ends a
        # result of it that is being read (DuckDB 1.5) or is refused (2).
        con = self.refresh().cursor()
        found = where(con, AMONG.parse("among", among) or ())
        condition = found.recipes if view == "recipes" else found.reviews
        with without_pandas(), explained(con, FAULTS):
            return con.sql(f"FROM {view} WHERE {condition}", params=dict(found.values) or None)


def connect(home: Path | None = None) -> Connection:
    """Point at the warehouse of a data folder; nothing is opened, or missed, before the first query."""
    return Connection(home)
