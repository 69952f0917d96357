"""What this account keeps of deliveries, beside the records that all share: settings, comparisons, what it last saw."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from mangetamain import state_files
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.errors import why
from mangetamain.language import N_
from mangetamain.warehouse import data_home
from mangetamain.warehouse.home import read_path

FOLDER_VARIABLE = "MANGETAMAIN_DELIVERY"
COMPARISONS_FOLDER = "comparisons"
COMPARISONS_KEPT = 20


def folder() -> Path:
    """Return the folder: what `MANGETAMAIN_DELIVERY` names, else one in the data folder."""
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    return read_path(named) if named else data_home() / "delivery"


def put(path: Path, text: str) -> None:
    """Write a file for people, or what was last seen, in the place of whatever stands there.

    Raises
    ------
    DeliveryFailed
        When it cannot be written.
    """
    try:
        state_files.write(path, text)
    except OSError as error:
        raise DeliveryFailed(
            N_("The folder {folder}, of what deliveries leave here, cannot be used: {reason}"),
            folder=str(folder()), reason=why(error).lower(),
        ) from error  # fmt: skip


def kept(key: str) -> Path:
    """Name a folder for what one delivery shows people, and let the oldest of the others go."""
    place = folder() / COMPARISONS_FOLDER
    for old in sorted(place.glob("*"))[: -COMPARISONS_KEPT + 1]:
        state_files.remove(old)
    return place / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{key}"
