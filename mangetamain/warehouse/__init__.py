"""The warehouse: raw Food.com files to one read-only DuckDB file, built once, that everything reads."""

from __future__ import annotations

from mangetamain.warehouse.build import build
from mangetamain.warehouse.cleaning.thresholds import Cleaning
from mangetamain.warehouse.home import data_home, state_home
from mangetamain.warehouse.info import BuildInfo
from mangetamain.warehouse.reader.warehouse import Columns, Executes, Warehouse, connect, query
from mangetamain.warehouse.status import Status, status

__all__ = [
    "BuildInfo",
    "Cleaning",
    "Columns",
    "Executes",
    "Status",
    "Warehouse",
    "build",
    "connect",
    "data_home",
    "query",
    "state_home",
    "status",
]
