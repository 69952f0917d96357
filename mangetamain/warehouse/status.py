"""What stands in the warehouse: its card, its tables, its rejects and its cleaning audit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mangetamain.warehouse import sql
from mangetamain.warehouse.cleaning.rules import Step
from mangetamain.warehouse.info import BuildInfo, read_info
from mangetamain.warehouse.ingest import readings
from mangetamain.warehouse.ingest.readings import Reading
from mangetamain.warehouse.ingest.rejects import Reject
from mangetamain.warehouse.reader.warehouse import Warehouse
from mangetamain.warehouse.reader.warehouse_errors import explained, whole

if TYPE_CHECKING:
    pass

REJECTS_SHOWN = 10  # rejects


@dataclass(frozen=True)
class Status:
    """The state of a warehouse.

    Parameters
    ----------
    info
        Its card.
    tables
        The rows of each table, the raw ones as ``raw.NAME``.
    rejects
        How many records were rejected.
    first_rejects
        The first ten of them, by file and line.
    cleaning
        What each cleaning rule removed and left, in the order they ran.
    readings
        What was read otherwise than it stood in a file.
    """

    info: BuildInfo
    tables: dict[str, int]
    rejects: int
    first_rejects: tuple[Reject, ...]
    cleaning: tuple[Step, ...]
    readings: tuple[Reading, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the state as JSON can hold it."""
        return {**asdict(self), "info": self.info.as_dict()}


def status(home: Path | None = None, pin: str | None = None) -> Status:
    """Look at the warehouse of a data folder, and read all of it; `home` and `pin` say which, as for `Warehouse`.

    Raises
    ------
    NoWarehouse
        When there is none, or it cannot be read.
    """
    warehouse = Warehouse(home, pin)
    con, path = warehouse.refresh(), warehouse.path
    whole(con, path)
    with explained(path):
        info = read_info(con)
        return Status(
            info=info,
            tables={f"raw.{table}": rows for table, rows in sql.counts(con, "raw").items()} | sql.counts(con, "main"),
            rejects=sum(file.rejected for file in info.row_counts),
            first_rejects=sql.select(con, Reject, f"FROM rejects ORDER BY ALL LIMIT {REJECTS_SHOWN}"),
            cleaning=sql.select(con, Step, "FROM cleaning ORDER BY step"),
            readings=readings.read(con),
        )
