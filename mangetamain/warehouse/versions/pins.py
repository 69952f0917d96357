"""Pins: the versions that an environment serves or may go back to, so that no build removes them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from mangetamain import state_files
from mangetamain.errors import BadInput
from mangetamain.language import quoted
from mangetamain.warehouse.versions.listing import NAME, names, versions
from mangetamain.warehouse.versions.locks import file_lock

ENVIRONMENT = re.compile(r"[a-z][a-z0-9_-]{0,31}")
MOST_PIN_BYTES = 100_000  # thousands of versions; more was not written by us


def pinned(folder: Path) -> set[str]:
    """Return the versions that some environment holds on to.

    Raises
    ------
    BadInput
        When what an environment holds on to cannot be read: then nothing may be removed.
    """
    lines: list[str] = []
    for path in _pins(folder / "pins"):
        try:
            lines += state_files.text(path, MOST_PIN_BYTES).splitlines()
        except FileNotFoundError:
            continue  # let go just now
        except state_files.Damaged as error:
            state_files.forgotten(path, error)
            raise _unknown(path.name, path) from None
    return {line.strip() for line in lines if NAME.fullmatch(line.strip())}


def _pins(place: Path) -> list[Path]:
    try:
        return [place / name for name in sorted(os.listdir(place)) if not name.startswith(".")]  # noqa: PTH208 - no pattern
    except FileNotFoundError:
        return []
    except OSError as error:
        state_files.forgotten(place, error)
        raise _unknown("*", place) from None


def _unknown(environment: str, path: Path) -> BadInput:
    return BadInput(
        "What {environment} holds on to cannot be read from {file}: remove that file, and pin anew.",
        environment=environment, file=str(path),
    )  # fmt: skip


def pins_locked(folder: Path) -> AbstractContextManager[None]:
    """Keep pins from changing while old versions go, and versions from going while a pin is set."""
    return file_lock(folder / "pins.lock", wait=True)


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
            given=quoted(environment), example="preprod",
        )  # fmt: skip
    try:
        with pins_locked(folder):
            known = {path.stem for path in versions(folder)}
            for given in chosen:
                if given not in known:
                    raise BadInput(
                        "There is no warehouse version {given} in {folder}; it holds: {known}.",
                        given=quoted(given), folder=str(folder), known=names(folder),
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
    # Readers take no lock: they see the old pins or the new ones. The dot keeps the fresh file from being one of them.
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    with fresh.open("w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
