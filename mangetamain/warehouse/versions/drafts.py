"""Drafts: where a build writes before its warehouse is the current one, alone and without leaving anything behind."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mangetamain import state_files, stopping
from mangetamain.errors import UserError
from mangetamain.warehouse.versions.listing import folder_of
from mangetamain.warehouse.versions.locks import file_lock

# A reader that was killed leaves what it spilled to the disk. Which ones are dead cannot be asked, for a reader may run
# in another container; no query of ours writes for a day, so what was not touched for one is nobody's.
SPILL_SECONDS = 24 * 3600


@contextmanager
def building(home: Path) -> Iterator[Path]:
    """Hold the one build lock of a data folder, and give the folder of its warehouse files.

    Raises
    ------
    UserError
        When another build holds it.
    """
    folder = folder_of(home)
    with ExitStack() as stack:
        try:
            stack.enter_context(file_lock(folder / "build.lock", wait=False))
        except BlockingIOError:
            raise UserError(
                "Another build is running in {folder}: wait for its end, then try again.", folder=str(folder)
            ) from None
        yield folder


@contextmanager
def drafted(folder: Path) -> Iterator[Path]:
    """Give the path of a draft of a warehouse folder; whatever is left of it, and of drafts of dead builds, goes.

    Call it with the lock held: then any other draft belongs to a build that died.
    """
    _sweep(folder)
    with ExitStack() as stack:
        stack.callback(_sweep, folder)
        place = folder
        if "?" in os.path.realpath(folder):  # DuckDB takes a question mark for the end of a file's name
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mangetamain-")))
        stack.enter_context(stopping.removing(lambda: _sweep(folder)))
        yield place / f"draft-{os.getpid()}-{time.time_ns()}.duckdb"


def _sweep(folder: Path) -> None:
    for path in folder.glob("draft-*"):
        state_files.remove(path)
    for path in folder.glob("spill-*"):
        with contextlib.suppress(FileNotFoundError):  # its reader has ended, and removed it
            if path.stat().st_mtime < time.time() - SPILL_SECONDS:
                state_files.remove(path)
