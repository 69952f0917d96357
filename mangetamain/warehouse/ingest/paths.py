"""A path is a name, never a pattern: what DuckDB is told of it."""

from __future__ import annotations

from pathlib import Path


def literal(path: Path) -> str:
    """Write a path as an SQL text that DuckDB takes for this one file, whatever characters its name has."""
    # In a glob, a class of one character is that character.
    name = "".join(f"[{mark}]" if mark in "*?[" else mark for mark in str(path))
    return "'" + name.replace("'", "''") + "'"
