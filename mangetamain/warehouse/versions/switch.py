"""Publishing: a new warehouse appears whole or not at all, and the one before it stays until then."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mangetamain import stopping
from mangetamain.errors import BadInput, UserError
from mangetamain.warehouse.versions.listing import lock_file, pinned, settled, versions

LINK = "current.duckdb"  # what earlier versions followed
# How some file systems say that folders are not to be written out by name: their renames need no more.
UNSYNCED = (errno.EINVAL, errno.EBADF, errno.ENOTSUP, errno.ENOSYS, errno.EACCES)
SPILL_SECONDS = 24 * 3600
KEPT = 2  # a reader may still be opening the one before
log = logging.getLogger(__name__)
Note = Callable[[str], object]


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
    with lock_file(folder / "build.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
    with _writable_by_duckdb(folder) as place:
        try:
            with stopping.removing(lambda: _sweep(folder)):
                yield place / f"draft-{os.getpid()}-{time.time_ns()}.duckdb"
        finally:
            _sweep(folder)


@contextmanager
def _writable_by_duckdb(folder: Path) -> Iterator[Path]:
    """Give the folder itself, or one of the system's: DuckDB takes a question mark for the end of a file's name."""
    if "?" not in os.path.realpath(folder):
        yield folder
    else:
        with tempfile.TemporaryDirectory(prefix="mangetamain-") as place:
            yield Path(place)


def publish(draft: Path, folder: Path, note: Note = log.info) -> Path:
    """Make a closed draft the current warehouse, and forget all but the newest two and those that are pinned.

    It is published by one renaming: the file of the highest number is the current one. What fails before that leaves
    all as it was; what fails after it is a note.

    Returns
    -------
    Path
        The versioned file that it became.
    """
    if draft.with_name(draft.name + ".wal").exists():
        raise UserError("The new warehouse in {folder} was not closed cleanly; build again.", folder=str(folder))
    if draft.parent != folder:
        draft = Path(shutil.copyfile(draft, folder / draft.name))
    sync(draft)
    with settled(folder):
        held = _held(folder, note)
        published = folder / f"food-{_next_version(folder)}.duckdb"
        draft.rename(published)
        _noted(note, f"{published.stem} may be lost if the machine stops now", sync, folder)
        for old in _old(folder, held):
            _noted(note, f"The old version {old.stem} stays", old.unlink, True)
        if (folder / LINK).is_symlink():
            _noted(note, f"The link {LINK}, which nothing follows any more, stays", (folder / LINK).unlink)
    return published


def _held(folder: Path, note: Note) -> set[str] | None:
    """Return the pinned versions, or None where they cannot be known."""
    try:
        return pinned(folder)
    except BadInput as error:
        note(f"No old version is removed. {error}")
        return None


def _old(folder: Path, held: set[str] | None) -> list[Path]:
    return [] if held is None else [path for path in versions(folder)[:-KEPT] if path.stem not in held]


def _noted(note: Note, what: str, step: Callable[..., object], *words: object) -> None:
    """Do what no longer decides anything; tell what did not go."""
    try:
        step(*words)
    except OSError as error:
        log.warning("%s", what, exc_info=True)
        note(f"{what}: {error.strerror or error}")


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
    except OSError as error:
        if error.errno not in UNSYNCED or not path.is_dir():
            raise
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    for path in folder.glob("draft-*"):
        _remove(path)
    # What killed readers spilled; a living one's is younger (no process can be asked: it may be in a container).
    for path in folder.glob("spill-*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - SPILL_SECONDS:
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):  # a folder in the way, or no right to: it harms nobody
            path.unlink(missing_ok=True)
