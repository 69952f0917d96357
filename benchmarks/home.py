"""A data folder for a benchmark of the site: the tests' warehouse, and no answers but those that a build leaves."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mangetamain.themes import fill
from mangetamain.warehouse import connect

ROOT = Path(__file__).parent.parent


@contextlib.contextmanager
def fresh_home() -> Iterator[Path]:
    """Make the folder for the warehouse of MANGETAMAIN_DATA, or that of the tests, and remove it at the end."""
    data = Path(os.environ.get("MANGETAMAIN_DATA", ROOT / ".data" / "test"))
    with tempfile.TemporaryDirectory(prefix="benchmark-home-") as folder:
        home = Path(folder)
        (home / "warehouse").symlink_to((data / "warehouse").resolve())
        fill(connect(home))
        yield home
