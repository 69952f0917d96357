"""What each environment should serve, what it served before, and what is about to take its place."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from mangetamain import state_files
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.records.ledger import Ledger
from mangetamain.language import N_


class Torn(DeliveryFailed):
    """A record that says nothing any more."""


@dataclass(frozen=True)
class Served:
    """One environment's record.

    Parameters
    ----------
    pair
        What it should serve; None while its first pair is about to be.
    since
        When that was recorded.
    previous
        What it served before.
    coming
        What was proven and is taking over: a delivery that ends midway leaves it here.
    """

    pair: Pair | None
    since: str
    previous: Pair | None = None
    coming: Pair | None = None


def read(ledger: Ledger, environment: str) -> Served | None:
    """Return what an environment should serve, or None before its first deploy.

    Raises
    ------
    DeliveryFailed
        When the record is there and cannot be read: `Torn` where that is no reason to keep it.
    """
    name = f"{environment}.json"
    text = ledger.files().get(name)
    if text is None:
        return None
    try:
        data = state_files.parsed(text, dict)
    except state_files.Damaged:
        raise Torn(N_("The record {file} in the volume {volume} is torn: {command} records what runs."),
                   file=name, volume=ledger.volume, command="mangetamain mend") from None  # fmt: skip
    try:
        if data.keys() != Served.__dataclass_fields__.keys():
            raise ValueError(sorted(data))
        pairs = {field: Pair.parse(data[field]) if data[field] else None for field in ("pair", "previous", "coming")}
        return Served(since=str(data["since"]), **pairs)
    except (ValueError, TypeError, AttributeError):
        raise DeliveryFailed(
            N_("The record {file} in the volume {volume} is of another release of Mangetamain: deploy with that one."),
            file=name, volume=ledger.volume,
        ) from None  # fmt: skip


def write(ledger: Ledger, environment: str, served: Served) -> None:
    """Record what an environment should serve from now on."""
    ledger.write(f"{environment}.json", json.dumps(asdict(served), indent=2) + "\n")
