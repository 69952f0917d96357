"""What this account keeps of deliveries, beside the records that all share: settings, comparisons, what it last saw."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from mangetamain import state_files
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.language import N_
from mangetamain.warehouse import data_home
from mangetamain.warehouse.home import read_path
from mangetamain.warehouse.versions.switch import sync

FOLDER_VARIABLE = "MANGETAMAIN_DELIVERY"
COMPARISONS_FOLDER = "comparisons"
COMPARISONS_KEPT = 20


def folder() -> Path:
    """Return the folder: what `MANGETAMAIN_DELIVERY` names, else one in the data folder."""
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
            N_("The folder {folder}, of what deliveries leave here, cannot be used: {reason}"),
            folder=str(folder()), reason=reason.lower(),
        ) from error  # fmt: skip


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


def kept(key: str) -> Path:
    """Name a folder for what one delivery shows people, and let the oldest of the others go."""
    place = folder() / COMPARISONS_FOLDER
    for old in sorted(place.glob("*"))[: -COMPARISONS_KEPT + 1]:
        state_files.remove(old)
    return place / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{key}"
