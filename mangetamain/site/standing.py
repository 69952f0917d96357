"""A cheap look at the data: which warehouse stands, and whether its file is still the one that was opened."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mangetamain.errors import NoWarehouse
from mangetamain.warehouse import Warehouse

# DuckDB shares an open file within a process, so that only another process sees what is in it now.
PROBE = """
import sys
from pathlib import Path
from mangetamain.errors import UserError
from mangetamain.warehouse import Warehouse
try:
    con = Warehouse(Path(sys.argv[1]), sys.argv[2])
    con.execute("SELECT count(*) AS n FROM recipes").fetchall()
except UserError as error:
    sys.exit(str(error))
"""
PROBE_SECONDS = 120  # it ends a hang: on a slow machine Python and DuckDB alone take several
Signature = tuple[int, int, int]


@dataclass(frozen=True)
class Standing:
    """The warehouse that a site reads."""

    version: str
    fingerprint: str
    source: str
    synthetic: bool


class Watch:
    """Looks at the warehouse of a connection, time and again."""

    def __init__(self, con: Warehouse) -> None:
        self.con = con
        self._known: tuple[Path, Signature, str] | None = None  # and what is wrong with it

    def look(self) -> Standing:
        """Return what stands.

        Raises
        ------
        NoWarehouse
            When there is none, it cannot be read, or its file was changed into something that is none.
        """
        info, path = self.con.info, self.con.path
        try:
            found = signature(path)
        except OSError as error:
            raise _unreadable(path, error.strerror or str(error)) from None
        if self._known is None or self._known[0] != path:
            self._known = path, found, ""  # this process has just opened it
        elif self._known[1] != found:
            self._known = path, found, self._probed()
        if self._known[2]:
            raise _unreadable(path, self._known[2])
        return Standing(path.stem, info.fingerprint, info.source, info.synthetic)

    def _probed(self) -> str:
        """Say what is wrong with the file, by another process's eyes; nothing where it can be read."""
        command = [sys.executable, "-c", PROBE, str(self.con.home), self.con.pin]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and words
                command, capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return "it does not open"
        return (done.stderr.strip().splitlines() or ["it does not open"])[-1] if done.returncode else ""


def signature(path: Path) -> Signature:
    """Return what changes when a file is written or replaced; opening it shows that it can be."""
    with path.open("rb") as file:
        file.read(16)
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _unreadable(path: Path, reason: str) -> NoWarehouse:
    return NoWarehouse(
        "The warehouse {version} cannot be read: {reason}.", version=path.stem, reason=reason.rstrip(".")
    )
