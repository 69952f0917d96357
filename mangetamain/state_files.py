"""Files of the program itself: written whole or not at all, and read as if anybody had written them."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import stat
from pathlib import Path
from typing import Any, TypeVar

from mangetamain.errors import why

T = TypeVar("T")
MOST_BYTES = 64_000_000  # the largest that we write are the answers of a report, a few MB
log = logging.getLogger(__name__)


class Damaged(Exception):
    """A file that is there and is not what we write; its text says why, for the log."""


def text(path: Path, most: int = MOST_BYTES, errors: str = "strict") -> str:
    """Read a text file of ours: a regular one, of at most so many bytes, in UTF-8; `errors` are treated as by `decode`.

    Raises
    ------
    FileNotFoundError
        When it is not there.
    Damaged
        When it is something else, or may not be read.
    """
    try:
        # Without O_NONBLOCK a named pipe would be waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise Damaged(why(error)[:200]) from error
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise Damaged("it is no regular file")
        if state.st_size > most:
            raise Damaged(f"it has {state.st_size} bytes, {most} at most are expected")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(most).decode("utf-8", errors)
    except (OSError, UnicodeDecodeError) as error:
        raise Damaged(why(error)[:200]) from error
    finally:
        os.close(descriptor)


def parsed(content: str, kind: type[T]) -> T:
    """Read JSON of a kind; raise `Damaged` where it is none, or holds what could not be written again as text."""
    try:
        value = json.loads(content)
        if "\\u" in content:  # half a character, which no page, terminal or file could take
            json.dumps(value, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Damaged(f"it is no JSON: {why(error)[:200]}") from error
    if not isinstance(value, kind):
        raise Damaged(f"it holds a {type(value).__name__} in place of a {kind.__name__}")
    return value


def data(path: Path, kind: type[T], most: int = MOST_BYTES) -> T:
    """Read a JSON file of ours; it raises as `text` and `parsed` do."""
    return parsed(text(path, most), kind)


def known(path: Path, most: int = MOST_BYTES) -> dict[str, Any] | None:
    """Return what a JSON file of ours holds, or None where that is unknown; of a damaged one the log says why."""
    try:
        return data(path, dict, most)
    except FileNotFoundError:
        return None
    except Damaged as error:
        forgotten(path, error)
        return None


def forgotten(path: Path, why: object) -> None:
    """Say in the log that a file of ours counts as unknown."""
    log.warning("%s counts as unknown: %s", path.name, why)


def write(path: Path, content: str) -> None:
    """Write a text file, and its folder, in place of whatever file is there: readers see the old one or the new one.

    Raises
    ------
    OSError
        When it cannot be written; what was there stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        fresh.write_text(content, "utf-8")
        fresh.replace(path)
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder of ours, as far as that can be: what is left in the way harms nobody."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
