"""What each environment should serve, kept in one folder of the host: written whole or not at all, by one at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from mangetamain import state_files
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.environment import DEPLOYED
from mangetamain.language import N_
from mangetamain.warehouse import data_home
from mangetamain.warehouse.home import read_path
from mangetamain.warehouse.versions.switch import sync

T = TypeVar("T")
FOLDER_VARIABLE = "MANGETAMAIN_DELIVERY"
SAFE_WORD = re.compile(r"[\w.:/@+-]*")


@dataclass(frozen=True)
class Pair:
    """What a site serves: an image by its immutable id, and a version of the warehouse."""

    image: str
    warehouse: str
    revision: str = ""

    @property
    def short(self) -> str:
        """The pair as a line may hold it."""
        return f"{self.image.removeprefix('sha256:')[:12]} {self.warehouse or '-'}"

    def same(self, other: Pair | None) -> bool:
        """Whether both are the very same image and data."""
        return other is not None and (self.image, self.warehouse) == (other.image, other.warehouse)


@dataclass(frozen=True)
class Served:
    """What an environment should serve since when, and what it served before."""

    pair: Pair
    since: str
    previous: Pair | None = None


def folder() -> Path:
    """Return the folder of the delivery's own records: what `MANGETAMAIN_DELIVERY` names, else in the data folder."""
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    return read_path(named) if named else data_home() / "delivery"


@contextlib.contextmanager
def usable() -> Iterator[Path]:
    """Lend the folder; raise `DeliveryFailed` when it cannot be read or written."""
    try:
        yield folder()
    except (OSError, state_files.Damaged) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise DeliveryFailed(
            N_("The folder {folder}, where deliveries are recorded, cannot be used: {reason}"),
            folder=str(folder()), reason=reason.lower(),
        ) from error  # fmt: skip


def read(environment: str) -> Served | None:
    """Return what an environment should serve, or None before its first deploy.

    Raises
    ------
    DeliveryFailed
        When the record is there and cannot be read.
    """
    path = folder() / f"{environment}.json"
    try:
        data = state_files.data(path, dict)
        return Served(_pair(data), str(data["since"]), _pair(data["previous"]) if data.get("previous") else None)
    except FileNotFoundError:
        return None
    except (state_files.Damaged, ValueError, KeyError, TypeError) as error:
        state_files.forgotten(path, error)
        raise DeliveryFailed(
            N_("The record {file} cannot be read: mend it, or remove it and deploy anew."), file=str(path)
        ) from None


def _pair(data: dict[str, Any]) -> Pair:
    pair = Pair(data["image"], data["warehouse"], data.get("revision", ""))
    if not all(SAFE_WORD.fullmatch(text) for text in (pair.image, pair.warehouse, pair.revision)):
        raise ValueError(pair)  # these become lines of a file of variables
    return pair


def write(environment: str, served: Served) -> None:
    """Record what an environment should serve from now on."""
    previous = asdict(served.previous) if served.previous else None
    data = {**asdict(served.pair), "since": served.since, "previous": previous}
    put(folder() / f"{environment}.json", json.dumps(data, indent=2) + "\n")


def known(name: str, kind: type[T]) -> dict[str, T]:
    """Return what a JSON file of the folder says by name, as far as it is of a kind; an unreadable one says nothing."""
    data = state_files.known(folder() / name) or {}
    return {key: value for key, value in data.items() if isinstance(value, kind)}


def put(path: Path, text: str) -> None:
    """Write a file so that after a crash it is the old one or the new one."""
    with usable():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync(path.parent)


@contextlib.contextmanager
def locked(word: str) -> Iterator[int]:
    """Hold the one lock of all deliveries; give its descriptor, for children that change containers to hold it too.

    A killed deploy's last command may still be at work: the lock is free when that has ended as well.

    Raises
    ------
    DeliveryFailed
        When another delivery is under way.
    """
    with usable() as place:
        place.mkdir(parents=True, exist_ok=True)
        file = (place / "lock").open("a+", encoding="utf-8")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise DeliveryFailed(
                N_("Another delivery is under way ({word}): wait for its end, then try again."),
                word=file.read(200).strip() or "?",
            ) from None
        file.truncate(0)
        file.write(word)
        file.flush()
        for name in DEPLOYED:  # what a killed write left
            for left in folder().glob(f".{name}.json-*"):
                left.unlink(missing_ok=True)
        yield file.fileno()


def busy() -> bool:
    """Say whether a delivery is under way right now."""
    with usable() as place:
        try:
            with (place / "lock").open(encoding="utf-8") as file:  # to read is enough: who looks may not be who deploys
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
    return False
