"""The switch: a new warehouse becomes the current one whole or not at all, and the one before serves until then."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from mangetamain.errors import BadInput, UserError
from mangetamain.warehouse.versions.listing import LINK, number_of, versions
from mangetamain.warehouse.versions.pins import pinned, pins_locked

# How some file systems say that folders are not to be written out by name: their renames need no more.
UNSYNCED = (errno.EINVAL, errno.EBADF, errno.ENOTSUP, errno.ENOSYS, errno.EACCES)
# Beside the new one: a reader that listed the folder just now is still opening it. What a reader has open it keeps,
# whatever is removed, and one that lost a race against two builds lists the folder again.
OLD_VERSIONS_KEPT = 1
log = logging.getLogger(__name__)
Note = Callable[[str], object]


def make_current(draft: Path, folder: Path, note: Note = log.info) -> Path:
    """Make a closed draft the current warehouse, and forget all but the newest two and those that are pinned.

    One renaming does it: the file of the highest number is the current one. What fails before that leaves all as it
    was; what fails after it is a note.

    Returns
    -------
    Path
        The versioned file that it became.
    """
    # A log of changes beside it holds what is not in the file yet, and would not be renamed along.
    if draft.with_name(draft.name + ".wal").exists():
        raise UserError("The new warehouse in {folder} was not closed cleanly; build again.", folder=str(folder))
    if draft.parent != folder:
        draft = Path(shutil.copyfile(draft, folder / draft.name))
    sync(draft)  # before the name: after a crash a version is whole or not there
    with pins_locked(folder):
        outdated = _outdated(folder, note)
        # A clock that was set back must not make the newest look old.
        number = max([time.time_ns(), *(number_of(path.name) + 1 for path in versions(folder))])
        current = folder / f"food-{number}.duckdb"
        draft.rename(current)
        _noted(note, f"{current.stem} may be lost if the machine stops now", sync, folder)
        for old in outdated:
            _noted(note, f"The old version {old.stem} stays", old.unlink, True)
        if (folder / LINK).is_symlink():
            _noted(note, f"The link {LINK}, which nothing follows any more, stays", (folder / LINK).unlink)
    return current


def _outdated(folder: Path, note: Note) -> list[Path]:
    """List the versions to remove once there is one more; none where it cannot be known which are pinned."""
    try:
        held = pinned(folder)
    except BadInput as error:
        note(f"No old version is removed. {error}")
        return []
    return [path for path in versions(folder)[:-OLD_VERSIONS_KEPT] if path.stem not in held]


def _noted(note: Note, what: str, step: Callable[..., object], *words: object) -> None:
    """Do what no longer decides anything; tell what did not go."""
    try:
        step(*words)
    except OSError as error:
        log.warning("%s", what, exc_info=True)
        note(f"{what}: {error.strerror or error}")


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
