"""A DuckDB connection that a signal interrupts between two of DuckDB's own steps.

An exception raised by a signal's handler while DuckDB runs a query leaves it spinning for ever, once in a few times.
So while one runs the handler asks DuckDB to end it, and `KeyboardInterrupt` is raised when it has.
"""

from __future__ import annotations

import threading
from typing import Any, cast

import duckdb

from mangetamain import stopping


def stoppable(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return the connection with queries that Ctrl-C and SIGTERM end."""
    return cast("duckdb.DuckDBPyConnection", _Stoppable(con))


class _Stoppable:
    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the connection has
        return getattr(self._con, name)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        return stoppable(self._con.cursor())

    def execute(self, *words: Any) -> duckdb.DuckDBPyConnection:  # noqa: ANN401 - as DuckDB's own
        if threading.current_thread() is not threading.main_thread():
            return self._con.execute(*words)  # no signal reaches it
        with stopping.instead(self._con.interrupt):
            try:
                return self._con.execute(*words)
            finally:
                stopping.raise_if_stopped()
