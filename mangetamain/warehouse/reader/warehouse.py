"""Readers: a locked-down, read-only connection that follows the current warehouse."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import duckdb
import numpy as np

from mangetamain.errors import BadInput, NoWarehouse
from mangetamain.language import quoted
from mangetamain.warehouse.home import data_home, read_path
from mangetamain.warehouse.info import BuildInfo
from mangetamain.warehouse.reader.binding import without_pandas
from mangetamain.warehouse.reader.connection import stoppable
from mangetamain.warehouse.reader.contents import Contents, as_html, as_text, contents
from mangetamain.warehouse.reader.opening import Version
from mangetamain.warehouse.reader.warehouse_errors import (
    FAULTS,
    closed,
    explained,
    missing,
    mistaken,
    unreadable,
)
from mangetamain.warehouse.versions.listing import NAME, folder_of, names, newest
from mangetamain.warehouse.versions.pins import pinned

Parameters = Sequence[Any] | Mapping[str, Any] | None
Columns = dict[str, np.ndarray]

PIN = "MANGETAMAIN_WAREHOUSE"


class Executes(Protocol):
    """What a query can be put to: a connection, or a warehouse."""

    def execute(self, query: str, parameters: Parameters = None, /) -> duckdb.DuckDBPyConnection:
        """Run SQL with bound parameters."""
        ...


class Warehouse:
    """The current warehouse of a data folder; it is opened at the first query, and again when a new one appears.

    Threads may share it: each gets its own cursor. After a fork, make a new one.

    Parameters
    ----------
    home
        The data folder; without it, that of `data_home`.
    pin
        The one version to read, such as ``food-1763925000000000000``; empty to follow the newest. Without it, what the
        environment variable ``MANGETAMAIN_WAREHOUSE`` says.
    """

    def __init__(self, home: Path | str | None = None, pin: str | None = None) -> None:
        self.home = read_path(os.fspath(home)) if home else data_home()
        self.folder = folder_of(self.home)
        self.pin = (os.environ.get(PIN, "") if pin is None else pin).strip()
        self._lock = threading.Lock()
        self._mine = threading.local()  # what each thread has open
        self._version: Version | None = None

    def refresh(self) -> duckdb.DuckDBPyConnection:
        """Give this thread's connection to the current warehouse.

        A connection got earlier keeps reading the version it was opened on: take one, and put to it all the queries
        that must agree.

        Returns
        -------
        DuckDBPyConnection
            Read-only, one thread; ``FROM recipes`` and ``FROM raw.RAW_recipes`` work.

        Raises
        ------
        NoWarehouse
            When there is none, or it cannot be read.
        """
        return self._current()[1]

    def execute(self, query: str, parameters: Parameters = None, /) -> duckdb.DuckDBPyConnection:
        """Run SQL with bound parameters on the current warehouse."""
        version, con = self._current()
        # What is wrong with a query is for its author to read, in the engine's words.
        with without_pandas(), explained(self.folder / version.target, FAULTS):
            return con.execute(query, parameters)

    def sql(self, query: str, parameters: Parameters = None, /) -> duckdb.DuckDBPyRelation:
        """Give the rows of a query as a DuckDB relation, which shows itself and goes on to ``filter``, ``df``, ``pl``.

        It runs when its rows are asked for, on the version that is current now, and cannot change anything. What is
        wrong with a value is found then, and told in the engine's words.

        Parameters
        ----------
        query
            SQL that gives rows, such as ``FROM recipes WHERE minutes <= $most``; ``SHOW TABLES`` lists the tables.
        parameters
            The values bound in it.

        Raises
        ------
        BadInput
            When the engine does not understand the query, or it gives no rows.
        NoWarehouse
            When there is none, or it cannot be read.
        """
        version, con = self._current()
        with mistaken(), without_pandas(), explained(self.folder / version.target, FAULTS):
            relation = con.sql(query, params=parameters) if parameters else con.sql(query)
        if relation is None:
            raise BadInput("The query {query} gives no rows; one that begins with {example} does.",
                           query=f"“{query}”", example="FROM recipes")  # fmt: skip
        return relation

    def __repr__(self) -> str:
        """Show source and tables; where there is no warehouse, say so."""
        try:
            return self._shown(as_text)
        except NoWarehouse as error:
            return str(error)

    def _repr_html_(self) -> str | None:
        """Show the same in a notebook, each table opening to its columns."""
        with contextlib.suppress(NoWarehouse):
            return self._shown(as_html)
        return None

    def _shown(self, write: Callable[[BuildInfo, list[Contents]], str]) -> str:
        version, con = self._current()
        with explained(self.folder / version.target):
            return write(version.info, contents(con))

    def current(self) -> tuple[duckdb.DuckDBPyConnection, BuildInfo]:
        """Give this thread's connection and the card of the very warehouse it reads."""
        version, connection = self._current()
        return connection, version.info

    @property
    def info(self) -> BuildInfo:
        """The card of the current warehouse."""
        return self._current()[0].info

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the current warehouse: equal data, cleaning and code have equal ones."""
        return self.info.fingerprint

    @property
    def path(self) -> Path:
        """The file of the version in use."""
        return self.folder / self._current()[0].target

    @property
    def version(self) -> str:
        """The name of the version in use, as `pin` and ``MANGETAMAIN_WAREHOUSE`` take it."""
        return self.path.stem

    def held(self) -> set[str]:
        """Return the fingerprints of the versions that some environment holds on to.

        Raises
        ------
        BadInput
            When what an environment holds on to cannot be read.
        """
        found = set()
        for name in pinned(self.folder):
            with contextlib.suppress(NoWarehouse):
                found.add(Warehouse(self.home, name).fingerprint)
        return found

    def _current(self) -> _Open:
        target = self._target()
        mine: _Open | None = getattr(self._mine, "open", None)
        if mine is None or mine[0].target != target:
            self._mine.open = mine = self._follow(target)
        return mine

    def _target(self) -> str:
        if self.pin:
            return self._pinned()
        try:
            target = newest(self.folder)
        except OSError as error:
            raise closed(self.folder, error) from None
        if not target:
            raise missing(self.folder)
        return target

    def _pinned(self) -> str:
        target = f"{self.pin}.duckdb"
        # A name and no path: nothing outside the folder can be meant.
        if not NAME.fullmatch(self.pin) or not os.path.exists(f"{self.folder}/{target}"):  # noqa: PTH110 - as above
            raise NoWarehouse(
                "The warehouse version {given} that {variable} asks for is not in {folder}; it holds: {known}.",
                given=quoted(self.pin), variable=PIN, folder=str(self.folder), known=names(self.folder))  # fmt: skip
        return target

    def _follow(self, target: str) -> _Open:
        # Between the listing and the opening, two builds may have come and swept the file away.
        while True:
            try:
                return self._open(target)
            except duckdb.Error as error:
                before, target = target, self._target()
                if target == before:
                    raise unreadable(self.folder / target, error) from error

    def _open(self, target: str) -> _Open:
        with self._lock:
            if self._version is None or self._version.target != target:
                self._version = Version(target, self.folder / target)
            return self._version, stoppable(self._version.connection.cursor())


_Open = tuple[Version, duckdb.DuckDBPyConnection]


def connect(home: Path | str | None = None) -> Warehouse:
    """Point at the warehouse of a data folder; nothing is opened, or missed, before the first query."""
    return Warehouse(home)


def query(con: Executes, sql: str, params: Parameters = None) -> Columns:
    """Run one query, its values bound as ``$name`` or ``?``, and give its columns as numpy arrays.

    Returns
    -------
    dict of str to ndarray
        Missing numbers are NaN (their column is then float64), missing texts and booleans None (object), missing
        days NaT.
    """
    with without_pandas(), explained(con, FAULTS):
        columns = cast("dict[str, np.ndarray]", con.execute(sql, params).fetchnumpy())
    return {name: _filled(values) for name, values in columns.items()}


def _filled(values: np.ndarray) -> np.ndarray:
    if not isinstance(values, np.ma.MaskedArray):
        return values
    kind, missing = values.dtype.kind, np.ma.getmaskarray(values)
    filled = values.data.astype(np.float64 if kind in "iuf" else values.dtype if kind == "M" else object)
    filled[missing] = np.nan if kind in "iuf" else np.datetime64("NaT") if kind == "M" else None
    return filled
