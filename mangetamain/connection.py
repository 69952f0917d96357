"""The warehouse as a notebook asks it: with its own defaults, and for the very recipes and reviews of a selection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import duckdb

from mangetamain.conditions import Conditions
from mangetamain.errors import BadInput
from mangetamain.measures import LANGUAGE, Against, Among, Source, Years
from mangetamain.parameters import Selection, kind_of, refusing_unknown
from mangetamain.points import rows_behind
from mangetamain.refusals import unasked
from mangetamain.selection import where
from mangetamain.warehouse import Warehouse
from mangetamain.warehouse.reader.binding import without_pandas
from mangetamain.warehouse.reader.warehouse_errors import FAULTS, explained

if TYPE_CHECKING:
    from mangetamain.answers.answer import Answer

AMONG = Selection("")
# What a notebook may say once for all of its questions.
SHARED = {"years": kind_of(Years), "source": kind_of(Source), "among": kind_of(Among), "against": kind_of(Against)}


class Connection(Warehouse):
    """The current warehouse of a data folder, with a notebook's defaults and the rows behind an answer.

    Parameters
    ----------
    home
        The data folder; without it, that of `data_home`.
    lang
        Language of the notebook's panels.
    defaults
        Parameters by name, each read: what a question that has them is asked with where it is not told otherwise.
    """

    def __init__(
        self, home: Path | str | None = None, lang: str = "en", defaults: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(home)
        self.lang, self.defaults = lang, dict(defaults or {})

    @refusing_unknown
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

    @refusing_unknown
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

    def behind(self, answer: Answer, point: Mapping[str, object]) -> duckdb.DuckDBPyRelation:
        """Give the rows behind a point of an answer, as `Answer.rows` tells."""
        rows = rows_behind(answer.question, answer.parameters, answer.columns, point)
        if answer.fingerprint != self.fingerprint:
            raise BadInput("The data of this answer are gone, newer builds took their place: ask again.")
        return self._rows(rows.view, answer.parameters.get("among", ""), rows.condition, rows.values)

    def _rows(
        self,
        view: Literal["recipes", "reviews"],
        among: str | Conditions,
        condition: str = "TRUE",
        values: Mapping[str, object] | None = None,
    ) -> duckdb.DuckDBPyRelation:
        # One version for the words and for the rows; and a cursor of its own, for other work on a connection ends a
        # result of it that is being read (DuckDB 1.5) or is refused (2).
        con = self.refresh().cursor()
        found = where(con, AMONG.parse("among", among) or ())
        chosen = found.recipes if view == "recipes" else found.reviews
        bound = {**found.values, **(values or {})}
        with without_pandas(), explained(con, FAULTS):
            return con.sql(f"FROM {view} WHERE {condition} AND {chosen}", params=bound or None)


def connected(con: object, example: str) -> Warehouse:
    """Return what is asked, which a call such as `example` gives.

    Raises
    ------
    BadInput
        When it is no connection.
    """
    if hasattr(con, "current"):
        return cast("Warehouse", con)
    raise unasked(con, example)


def defaults_of(con: Warehouse) -> Mapping[str, Any]:
    """Return what a notebook said once for all of its questions; nothing where it asks a bare warehouse."""
    return con.defaults if isinstance(con, Connection) else {}


def lang_of(con: Warehouse) -> str:
    """Return the language of a notebook's panels."""
    return con.lang if isinstance(con, Connection) else "en"


@refusing_unknown
def connect(
    home: Path | str | None = None,
    *,
    lang: str = "en",
    years: str | tuple[int, int] | None = None,
    source: str | None = None,
    among: str | Conditions | None = None,
    against: str | Conditions | None = None,
) -> Connection:
    """Point at the warehouse of a data folder; nothing is opened, or missed, before the first query.

    Parameters
    ----------
    home
        The data folder; without it, that of ``MANGETAMAIN_DATA``, else the user's own.
    lang
        Language of the panels, en or fr, until a reader chooses another.
    years, source, among, against
        What every question that has this parameter is asked with, unless it is told otherwise: years of posting such as
        ``"2002-2010"``, which ratings (``full`` or ``train``), a selection such as ``"vegetarian, minutes<=30"``, and a
        second one that it is compared with, or ``"all"``.

    Returns
    -------
    Connection
        What each question and panel takes first; it shows itself in a notebook.

    Raises
    ------
    BadInput
        When a value is not among those expected; words of a selection are looked up when a question is asked.
    """
    given = {"years": years, "source": source, "among": among, "against": against}
    read = {name: kind.parse(name, given[name]) for name, kind in SHARED.items() if kind and given[name] is not None}
    return Connection(home, LANGUAGE.parse("lang", lang), read)
