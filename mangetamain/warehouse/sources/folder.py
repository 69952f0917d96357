"""The entries of a folder, and of those in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mangetamain.warehouse.sources.official import Entry, choose

MOST_FOLDERS_DEEP = 3  # folders in folders: a table's parts lie one deeper than its file, partitions deeper still


def files(folder: Path) -> dict[str, list[Path]]:
    """Find the official files of a folder, or of one in it.

    Raises
    ------
    BadSource
        One is missing, or it is in doubt which is meant.
    """
    chosen = choose(_entries(str(folder), ""), str(folder))
    return {table: [folder / entry.path for entry in entries] for table, entries in chosen.items()}


def _entries(folder: str, inside: str, depth: int = 0) -> Iterator[Entry]:
    with os.scandir(folder) as found:
        for each in sorted(found, key=lambda entry: entry.name):
            path = f"{inside}{each.name}"
            if not each.is_dir():
                yield Entry(path, regular=each.is_file())
            elif depth < MOST_FOLDERS_DEEP and os.access(each.path, os.R_OK | os.X_OK):
                yield from _entries(each.path, f"{path}/", depth + 1)
