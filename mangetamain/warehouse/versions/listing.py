"""Which warehouses stand in a data folder: each is a file of its own, and the highest number is the current one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from mangetamain.language import Value, say

NAME = re.compile(r"food-[0-9]{1,20}")
FILE = re.compile(rf"{NAME.pattern}\.duckdb")
LINK = "current.duckdb"  # what earlier versions of this program followed


def folder_of(home: Path) -> Path:
    """Name the folder of the warehouse files."""
    return home / "warehouse"


def newest(folder: Path) -> str:
    """Return the file name of the current warehouse, the version of the highest number; nothing where none is.

    Readers ask this before every query: it lists a handful of names and looks at no file.

    Raises
    ------
    OSError
        When the folder is there and cannot be listed.
    """
    try:
        found = os.listdir(folder)  # noqa: PTH208 - a third of the time
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return (versions_among(found) or [""])[-1]


def versions(folder: Path) -> list[Path]:
    """List the warehouses of a folder, the oldest first."""
    found = os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208 - no pattern, whatever the folder is called
    return [folder / name for name in versions_among(found)]


def versions_among(found: Iterable[str]) -> list[str]:
    """Return those of a folder's names that are warehouses, the newest last."""
    return sorted(filter(FILE.fullmatch, found), key=lambda name: (number_of(name), name))


def number_of(name: str) -> int:
    """Return the number of a version, the time in nanoseconds at which it became the current one."""
    # As a number: as texts, 9 would be newer than 10.
    return int(name.removeprefix("food-").removesuffix(".duckdb"))


def names(folder: Path) -> Value:
    """Say which versions a folder holds, the newest first."""
    return ", ".join(path.stem for path in reversed(versions(folder))) or say("none")
