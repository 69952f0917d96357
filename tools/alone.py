"""Lets one process of the machine at a time install something: two would disturb one another."""

from __future__ import annotations

import contextlib
import fcntl
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def alone(what: str) -> Iterator[None]:
    """Wait until nobody else installs it, and keep others waiting until the block ends."""
    with (Path(tempfile.gettempdir()) / f"mangetamain-{what}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
