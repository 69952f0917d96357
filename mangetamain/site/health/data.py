"""A cheap look at the data: which warehouse stands, and whether its file is still the one that was opened."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mangetamain.errors import NoWarehouse, UserError, why
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
# After it failed: what failed may have been the machine, as where memory or room was short.
AGAIN_SECONDS = 30.0
# What kernels and queries need at least for their temporary files.
ROOM_BYTES = 1_000_000
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


class NoRoom(UserError):
    """No temporary file can be written."""


class BeingRead(NoWarehouse):
    """A warehouse that is read whole before it is served: whether it is well is not known yet."""


class Watch:
    """Looks at the warehouse of a connection, time and again; each version is read whole once before it is well."""

    def __init__(self, con: Warehouse) -> None:
        self.con = con
        self._seen: tuple[Path, Signature] | None = None
        self._wrong: Future[str] = Future()  # with what was seen
        self._since = 0.0
        # Two: a version whose reading hangs does not keep the next from being read.
        self._readers = ThreadPoolExecutor(2, "mangetamain-reading")

    def look(self) -> Standing:
        """Return what stands.

        Raises
        ------
        NoWarehouse
            When there is none, it cannot be read, a part of it is damaged, or it is being read whole still; and where
            nothing can be made of it, for want of room.
        """
        see_room()
        info, path = self.con.info, self.con.path
        try:
            seen = path, signature(path)
        except OSError as error:
            raise _unreadable(path, why(error).lower()) from None
        if seen != self._seen:
            self._wrong = self._readers.submit(read_whole, self.con.home, self.con.version)
            self._seen, self._since = seen, time.monotonic()
        try:
            wrong = self._wrong.result(LOOK_SECONDS)
        except TimeoutError:
            text = N_("The warehouse {version} is being read whole before it is served.")
            raise BeingRead(text, version=path.stem) from None
        except OSError:  # no process could be started; the next look tries again
            self._seen = None
            raise
        if wrong:
            self._seen = self._seen if time.monotonic() - self._since < AGAIN_SECONDS else None
            raise _unreadable(path, wrong)
        return Standing(path.stem, info.fingerprint, info.source, info.synthetic)


def read_whole(home: Path, version: str) -> str:
    """Have another process read all of a warehouse, and return what is wrong with it; nothing where all is well."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-P", "-c", READ_WHOLE, str(home), version], timeout=READ_SECONDS, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"it could not be read within {READ_SECONDS} s"
    return (done.stderr.strip().splitlines() or ["it does not open"])[-1] if done.returncode else ""


def see_room() -> None:
    """Raise `NoRoom` where there is none for temporary files; it is asked every second, so that nothing is written."""
    try:
        if shutil.disk_usage(tempfile.gettempdir()).free < ROOM_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        raise NoRoom("There is no room for temporary files: {reason}.", reason=why(error).lower()) from None


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
