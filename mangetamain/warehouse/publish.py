"""Publishing: a new warehouse appears whole or not at all, and the one before it stays until then."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mangetamain import stopping
from mangetamain.errors import UserError
from mangetamain.warehouse.versions import pinned, settled, versions

CURRENT = "current.duckdb"
SPILL_SECONDS = 24 * 3600
KEPT = 2  # a reader may still be opening the one before


def folder_of(home: Path) -> Path:
    """Name the folder of the warehouse files."""
    return home / "warehouse"


@contextmanager
def locked(home: Path) -> Iterator[Path]:
    """Hold the one build lock of a data folder, and give the folder of its warehouse files.

    The system frees the lock when its process ends, however it ends.

    Raises
    ------
    UserError
        When another build holds it.
    """
    import fcntl  # here, for readers on systems without it

    folder = folder_of(home)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "build.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                "Another build is running in {folder}: wait for its end, then try again.", folder=str(folder)
            ) from None
        yield folder


@contextmanager
def drafted(folder: Path) -> Iterator[Path]:
    """Give the path of a draft in a warehouse folder; whatever is left of it, and of drafts of dead builds, goes.

    Call it with the lock held: then any other draft belongs to a build that died.
    """
    _sweep(folder)
    try:
        with stopping.removing(lambda: _sweep(folder)):
            yield folder / f"draft-{os.getpid()}-{time.time_ns()}.duckdb"
    finally:
        _sweep(folder)


def publish(draft: Path) -> Path:
    """Make a closed draft the current warehouse, and forget all but the newest two and those that are pinned.

    Returns
    -------
    Path
        The versioned file that it became.
    """
    folder = draft.parent
    if draft.with_name(draft.name + ".wal").exists():
        raise UserError("The new warehouse in {folder} was not closed cleanly; build again.", folder=str(folder))
    sync(draft)
    published = folder / f"food-{_next_version(folder)}.duckdb"
    draft.rename(published)
    link = folder / f"draft-{os.getpid()}.link"
    link.symlink_to(published.name)
    sync(folder)
    link.replace(folder / CURRENT)
    sync(folder)
    with settled(folder):
        held = pinned(folder)
        for old in versions(folder)[:-KEPT]:
            if old.stem not in held:
                old.unlink(missing_ok=True)
    return published


def _next_version(folder: Path) -> int:
    # A clock that was set back must not make the newest look old.
    known = versions(folder)
    last = int(known[-1].stem.removeprefix("food-")) if known else 0
    return max(time.time_ns(), last + 1)


def sync(path: Path) -> None:
    """Have a file's content, or a folder's names, written to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    for path in folder.glob("draft-*"):
        _remove(path)
    # What killed readers spilled; a living one's is younger (no process can be asked: it may be in a container).
    for path in folder.glob("spill-*"):
        if path.stat().st_mtime < time.time() - SPILL_SECONDS:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
