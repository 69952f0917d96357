"""What a warehouse says of itself: where its data come from, with what they were built, and what was counted."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import duckdb

from mangetamain.language import N_
from mangetamain.safe_text import shown
from mangetamain.warehouse import sql
from mangetamain.warehouse.ingest.rejects import RowCount

# What every page, report and export says of a card that is synthetic; nowhere else is it worded.
SYNTHETIC = N_("Synthetic sample data — not real recipes")


@dataclass(frozen=True)
class BuildInfo:
    """The card of a warehouse: shown in every footer, and part of every stored answer's key.

    Parameters
    ----------
    kind
        ``foodcom`` for files, ``sample`` for made-up data.
    synthetic
        Whether the data are made up; every page, report and export must then say so.
    source
        The source as it may be shown to people; it holds no credentials.
    fingerprint
        Sixteen hexadecimal digits; equal for equal source content, cleaning parameters and warehouse code.
    recipes_full
        Whether these are the 231,637 recipes and 1,132,367 interactions of the published data set.
    package_version, duckdb_version
        With what it was built.
    cleaning_parameters
        The thresholds of the cleaning rules, as JSON.
    built_at
        When the build ended, in UTC.
    seconds
        How long the build took.
    row_counts
        The accounting of each file that was read.
    """

    kind: str
    synthetic: bool
    source: str
    fingerprint: str
    recipes_full: bool
    package_version: str
    duckdb_version: str
    cleaning_parameters: str
    built_at: datetime
    seconds: float
    row_counts: tuple[RowCount, ...] = ()

    def __post_init__(self) -> None:
        # A folder may be called anything, and every footer shows its name.
        object.__setattr__(self, "source", shown(self.source))

    def as_dict(self) -> dict[str, Any]:
        """Give the card as JSON can hold it."""
        return {**asdict(self), "built_at": self.built_at.isoformat(timespec="seconds") + "Z"}


def write_info(con: duckdb.DuckDBPyConnection, info: BuildInfo) -> None:
    """Write the card into a new warehouse; its row counts are already there."""
    sql.create(con, "build_info", BuildInfo)
    sql.insert(con, "build_info", [info])


def read_info(con: duckdb.DuckDBPyConnection) -> BuildInfo:
    """Read the card of the warehouse that a connection is open on."""
    cards = sql.select(con, BuildInfo, "FROM build_info")
    if not cards:
        raise duckdb.DataError("build_info is empty")
    return replace(cards[0], row_counts=read_counts(con))


def read_counts(con: duckdb.DuckDBPyConnection) -> tuple[RowCount, ...]:
    """Read the accounting of the files, ordered by table and file."""
    return sql.select(con, RowCount, "FROM row_counts ORDER BY tbl, file")
