"""The published warehouses of a data folder, and those that an environment holds on to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mangetamain.errors import BadInput
from mangetamain.language import Value, say

NAME = re.compile(r"food-[0-9]{1,20}")
ENVIRONMENT = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def versions(folder: Path) -> list[Path]:
    """List the published warehouses of a folder, the oldest first."""
    found = [path for path in folder.glob("food-*.duckdb") if NAME.fullmatch(path.stem)]
    return sorted(found, key=lambda path: int(path.stem.removeprefix("food-")))


def names(folder: Path) -> Value:
    """Say which versions a folder holds, the newest first."""
    return ", ".join(path.stem for path in reversed(versions(folder))) or say("none")


def pinned(folder: Path) -> set[str]:
    """Return the versions that some environment serves or may go back to: publishing leaves them alone."""
    return {
        line.strip()
        for path in (folder / "pins").glob("[!.]*")
        for line in path.read_text("utf-8").splitlines()
        if NAME.fullmatch(line.strip())
    }


@contextmanager
def settled(folder: Path) -> Iterator[None]:
    """Keep pins from changing while old versions go, and versions from going while a pin is set."""
    import fcntl  # here, for readers on systems without it

    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def pin(folder: Path, environment: str, chosen: Sequence[str]) -> None:
    """Let an environment hold on to some versions and no others; none at all frees what it held.

    Raises
    ------
    BadInput
        When the environment cannot be a name, or a version is not in the folder.
    """
    if not ENVIRONMENT.fullmatch(environment):
        raise BadInput(
            "An environment cannot be called {given}: a name is small letters, digits and dashes, such as {example}.",
            given=repr(environment), example="preprod",
        )  # fmt: skip
    with settled(folder):
        known = {path.stem for path in versions(folder)}
        for given in chosen:
            if given not in known:
                raise BadInput(
                    "There is no warehouse version {given} in {folder}; it holds: {known}.",
                    given=repr(given), folder=str(folder), known=names(folder),
                )  # fmt: skip
        _write(folder / "pins" / environment, list(dict.fromkeys(chosen)))


def _write(path: Path, lines: list[str]) -> None:
    if not lines:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_name(f".{path.name}")
    with fresh.open("w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
