"""A cheap look at the data: which warehouse stands, and whether its file is still the one that was opened."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from mangetamain.errors import NoWarehouse
from mangetamain.language import N_
from mangetamain.warehouse import Warehouse

# DuckDB shares an open file within a process, so that only another process sees what is in it now.
READ_WHOLE = """
import sys
from pathlib import Path
from mangetamain.errors import UserError
from mangetamain.warehouse import Warehouse
from mangetamain.warehouse.reader.warehouse_errors import Unreadable, whole
try:
    con = Warehouse(Path(sys.argv[1]), sys.argv[2])
    whole(con.refresh(), con.path)
except Unreadable as error:
    sys.exit(str(error.reason))
except UserError as error:
    sys.exit(str(error).rstrip("."))
"""
# Half a second for the real data, and as much to start; a slow machine takes longer, and may.
READ_SECONDS = 600
# A look waits so long for the reading of a new version, and says that it is under way after that.
LOOK_SECONDS = 2.0
Signature = tuple[int, int, int]


@dataclass(frozen=True)
class Standing:
    """The warehouse that a site reads."""

    version: str
    fingerprint: str
    source: str
    synthetic: bool


class BeingRead(NoWarehouse):
    """A warehouse that is read whole before it is served: whether it is well is not known yet."""


class Watch:
    """Looks at the warehouse of a connection, time and again; each version is read whole once before it is well."""

    def __init__(self, con: Warehouse) -> None:
        self.con = con
        self._seen: tuple[Path, Signature] | None = None
        self._wrong: str | None = None  # with what was seen; not known yet while it is read
        self._reading: _Reading | None = None

    def look(self) -> Standing:
        """Return what stands.

        Raises
        ------
        NoWarehouse
            When there is none, it cannot be read, a part of it is damaged, or it is being read whole still.
        """
        info, path = self.con.info, self.con.path
        try:
            seen = path, signature(path)
        except OSError as error:
            raise _unreadable(path, (error.strerror or str(error)).lower()) from None
        if seen != self._seen:
            self.stop()
            self._seen, self._wrong, self._reading = seen, None, _Reading(self.con)
        if self._reading and (wrong := self._reading.fault(LOOK_SECONDS)) is not None:
            self._wrong, self._reading = wrong, None
        if self._wrong is None:
            raise BeingRead(N_("The warehouse {version} is being read whole before it is served."), version=path.stem)
        if self._wrong:
            raise _unreadable(path, self._wrong)
        return Standing(path.stem, info.fingerprint, info.source, info.synthetic)

    def stop(self) -> None:
        """End what is being read."""
        if self._reading:
            self._reading.stop()
            self._reading = None


class _Reading:
    """Another process that reads all of a warehouse."""

    def __init__(self, con: Warehouse) -> None:
        self._ends = time.monotonic() + READ_SECONDS
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-P", "-c", READ_WHOLE, str(con.home), con.version],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def fault(self, seconds: float) -> str | None:
        """Say what is wrong, nothing where all is well, or None when that is not known within some seconds."""
        try:
            said = self._process.communicate(timeout=seconds)[1]
        except subprocess.TimeoutExpired:
            if time.monotonic() < self._ends:
                return None
            self.stop()
            return f"it could not be read within {READ_SECONDS} s"
        if not self._process.returncode:
            return ""
        return (said.strip().splitlines() or ["it does not open"])[-1]

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def signature(path: Path) -> Signature:
    """Return what changes when a file is written or replaced; opening it shows that it can be."""
    with path.open("rb") as file:
        file.read(16)
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns


def _unreadable(path: Path, reason: str) -> NoWarehouse:
    return NoWarehouse(
        "The warehouse {version} cannot be read: {reason}.", version=path.stem, reason=reason.rstrip(".")
    )
