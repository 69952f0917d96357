"""Locks that the system frees when the process that holds one ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def file_lock(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold the lock of a file, which is made where it is not there.

    Raises
    ------
    BlockingIOError
        When another process holds it, unless it is to be waited for.
    """
    import fcntl  # here, for readers on systems without it

    path.parent.mkdir(parents=True, exist_ok=True)
    # A file, for a network share has no locks on folders; a pipe in its place would be waited for without O_NONBLOCK.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
