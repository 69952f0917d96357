"""The published warehouses of a data folder, and those that an environment holds on to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mangetamain import kept
from mangetamain.errors import BadInput
from mangetamain.language import Value, say

NAME = re.compile(r"food-[0-9]{1,20}")
FILE = re.compile(rf"{NAME.pattern}\.duckdb")
ENVIRONMENT = re.compile(r"[a-z][a-z0-9_-]{0,31}")
PIN_BYTES = 100_000


def newest(folder: Path) -> str:
    """Return the file name of the current warehouse, the published one of the highest number; nothing where none is.

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
    return (published(found) or [""])[-1]


def versions(folder: Path) -> list[Path]:
    """List the published warehouses of a folder, the oldest first."""
    found = os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208 - no pattern, whatever the folder is called
    return [folder / name for name in published(found)]


def published(found: Iterable[str]) -> list[str]:
    """Return those of a folder's names that are published warehouses, the newest last."""
    return sorted(filter(FILE.fullmatch, found), key=_number)


def _number(name: str) -> tuple[int, str]:
    return int(name.removeprefix("food-").removesuffix(".duckdb")), name


def names(folder: Path) -> Value:
    """Say which versions a folder holds, the newest first."""
    return ", ".join(path.stem for path in reversed(versions(folder))) or say("none")


def pinned(folder: Path) -> set[str]:
    """Return the versions that some environment serves or may go back to: publishing leaves them alone.

    Raises
    ------
    BadInput
        When what an environment holds on to cannot be read: then nothing may be removed.
    """
    lines: list[str] = []
    for path in _pins(folder / "pins"):
        try:
            lines += kept.text(path, PIN_BYTES).splitlines()
        except FileNotFoundError:
            continue  # let go just now
        except kept.Damaged as error:
            kept.forgotten(path, error)
            raise _unknown(path.name, path) from None
    return {line.strip() for line in lines if NAME.fullmatch(line.strip())}


def _pins(place: Path) -> list[Path]:
    try:
        return [place / name for name in sorted(os.listdir(place)) if not name.startswith(".")]  # noqa: PTH208 - as above
    except FileNotFoundError:
        return []
    except OSError as error:
        kept.forgotten(place, error)
        raise _unknown("*", place) from None


def _unknown(environment: str, path: Path) -> BadInput:
    return BadInput(
        "What {environment} holds on to cannot be read from {file}: remove that file, and pin anew.",
        environment=environment, file=str(path),
    )  # fmt: skip


@contextmanager
def settled(folder: Path) -> Iterator[None]:
    """Keep pins from changing while old versions go, and versions from going while a pin is set."""
    import fcntl  # here, for readers on systems without it

    folder.mkdir(parents=True, exist_ok=True)
    # A file: a network share has no locks on folders.
    with lock_file(folder / "pins.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def lock_file(path: Path) -> IO[bytes]:
    """Open a file to lock, made where it is not there; whatever lies there is not waited for."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o666), "rb", buffering=0)


def pin(folder: Path, environment: str, chosen: Sequence[str]) -> None:
    """Let an environment hold on to some versions and no others; none at all frees what it held.

    Raises
    ------
    BadInput
        When the environment cannot be a name, a version is not in the folder, or it cannot be written there.
    """
    if not ENVIRONMENT.fullmatch(environment):
        raise BadInput(
            "An environment cannot be called {given}: a name is small letters, digits and dashes, such as {example}.",
            given=repr(environment), example="preprod",
        )  # fmt: skip
    try:
        with settled(folder):
            known = {path.stem for path in versions(folder)}
            for given in chosen:
                if given not in known:
                    raise BadInput(
                        "There is no warehouse version {given} in {folder}; it holds: {known}.",
                        given=repr(given), folder=str(folder), known=names(folder),
                    )  # fmt: skip
            _write(folder / "pins" / environment, list(dict.fromkeys(chosen)))
    except OSError as error:
        raise BadInput(
            "What {environment} holds on to cannot be written in {folder}: {reason}.",
            environment=environment, folder=str(folder), reason=(error.strerror or str(error)).lower(),
        ) from error  # fmt: skip


def _write(path: Path, lines: list[str]) -> None:
    if not lines:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    with fresh.open("w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
