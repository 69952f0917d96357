"""Opens one version of a warehouse, locked down: read-only, one thread, little memory, nothing outside the file."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from functools import cache
from pathlib import Path

import duckdb

from mangetamain.warehouse.info import read_info
from mangetamain.warehouse.reader.warehouse_errors import Unreadable, left_beside, refuse_irregular

Config = dict[str, str | bool | int | float | list[str]]

# Many kernels share a machine: each gets one thread and little memory (DuckDB's own default is 80 % of it).
READER_CONFIG: Config = {
    "threads": 1,
    "memory_limit": "256MB",
    "enable_external_access": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}


class Version:
    """One version's file, open; it closes when the last cursor on it goes."""

    def __init__(self, target: str, path: Path) -> None:
        self.target = target
        refuse_irregular(path)
        self.connection = _opened(path)
        if reason := left_beside(path):
            raise Unreadable(path, reason)  # it would be read with that, and say that it is what was built
        self.info = read_info(self.connection.cursor())


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    config = {**READER_CONFIG, "temp_directory": _spill(path.parent)}
    if "?" not in os.path.realpath(path):
        return duckdb.connect(path, read_only=True, config=config)
    # DuckDB takes a question mark for the end of a file's name, and looks beside that for a log of changes: it may
    # not look anywhere only once it has.
    late = {name: config.pop(name) for name in ("enable_external_access", "lock_configuration")}
    connection = duckdb.connect(path, read_only=True, config=config)
    with contextlib.suppress(duckdb.InvalidInputException):  # a reader of this process has locked it already
        for name, value in late.items():
            connection.execute(f"SET {name} = {value}")
    return connection


@cache
def _spill(folder: Path) -> str:
    # One a process (DuckDB refuses a file twice under unlike settings), and of no other process on a shared volume.
    # Made only when a query outgrows its memory; where the data folder is read-only the system's has to do.
    writable = os.access(folder, os.W_OK)
    return str((folder if writable else Path(tempfile.gettempdir())) / f"spill-{os.getpid()}-{time.time_ns()}")
