"""Images and warehouses: what the operator names becomes the one thing that it means now, and stays that."""

from __future__ import annotations

import contextlib
import json
import re

from mangetamain.delivery.containers.engine import REVISION_LABEL, Engine, service
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.records.state import Pair, Served
from mangetamain.errors import BadInput, suggestion
from mangetamain.language import N_, quoted
from mangetamain.warehouse.versions.listing import versions_among

DEFAULT_IMAGE = "mangetamain:latest"
CURRENT = "current"
# A container that ended at once was once not heard on a busy machine, and its volume seemed empty: a list that comes
# without its end is asked for again.
END, TRIES = "that is all", 3
LISTING = f"ls -1 /data/warehouse 2>/dev/null; echo {END}"


def resolve_image(engine: Engine, reference: str) -> tuple[str, str]:
    """Return the id and the revision of an image on this host; one named by its digest is fetched first.

    Raises
    ------
    BadInput
        When there is no such image.
    """
    if not re.fullmatch(r"[A-Za-z0-9][\w.:/@-]{0,400}", reference):
        raise BadInput("{image} is not the name of an image.", image=quoted(reference[:100]))
    inspected = _inspect(engine, reference)
    if inspected is None and "@sha256:" in reference:
        # Only a digest says which image comes; a mistyped tag must not bring somebody else's.
        with contextlib.suppress(DeliveryFailed):
            engine.docker("pull", "--quiet", reference, seconds=1800)
        inspected = _inspect(engine, reference)
    if inspected is None:
        raise BadInput(
            "There is no image {image} on this machine: build it, or name one by its digest.", image=quoted(reference)
        )
    return inspected


def _inspect(engine: Engine, reference: str) -> tuple[str, str] | None:
    try:
        inspected = json.loads(engine.docker("image", "inspect", reference))[0]
    except DeliveryFailed as error:
        if any(word in str(error).lower() for word in ("no such", "invalid reference")):
            return None
        raise
    return str(inspected["Id"]), str((inspected["Config"].get("Labels") or {}).get(REVISION_LABEL, ""))


def resolve_warehouse(engine: Engine, name: str, wanted: str) -> str:
    """Return a version of the warehouse that is in the data volume; `current` means the newest.

    Parameters
    ----------
    engine
        Has an image assigned to the service.
    name
        The service through whose read-only mount to look.
    wanted
        A version, or `current`.

    Raises
    ------
    BadInput
        When there is no such version, or none at all.
    """
    known = _stored(engine, name)
    chosen = known[-1] if wanted == CURRENT and known else wanted
    if chosen in known:
        return chosen
    if not known:
        raise BadInput(
            "There is no warehouse in the data volume yet: build one with the command {command}.",
            command="docker compose run build",
        )
    raise BadInput(
        "There is no warehouse {version} in the data volume: it holds {known}{hint}",
        version=quoted(chosen[:100]), known=", ".join(known), hint=suggestion(chosen, known, 0.3),
    )  # fmt: skip


def _stored(engine: Engine, name: str) -> list[str]:
    """Return all published versions that the data volume holds, as a service sees it, the newest last."""
    for _ in range(TRIES):
        *names, last = engine.run(name, "sh", "-c", LISTING).splitlines() or [""]
        if last == END:
            return [file.removesuffix(".duckdb") for file in versions_among(names)]
    raise DeliveryFailed(N_("The data volume does not say what it holds."))


def pin(engine: Engine, environment: str, *pairs: Pair | None) -> None:
    """Have the data volume keep the warehouses of some pairs, whatever is built next; what is lost is let go."""
    versions = dict.fromkeys(pair.warehouse for pair in pairs if pair)
    try:
        engine.run("build", "mangetamain", "pin", environment, *versions)
    except DeliveryFailed:
        known = _stored(engine, "build")
        if versions.keys() <= set(known):
            raise
        engine.run("build", "mangetamain", "pin", environment, *(each for each in versions if each in known))


def keep(engine: Engine, environment: str, served: Served) -> None:
    """Give the images of both pairs names, so that a sweep of nameless images leaves the way back open."""
    container = engine.container(service(environment))
    name = f"{container.project if container else 'mangetamain'}:{environment}"
    engine.docker("tag", served.pair.image, name)
    if served.previous:
        with contextlib.suppress(DeliveryFailed):  # gone already: `rollback` will say so
            engine.docker("tag", served.previous.image, f"{name}-previous")


def still_there(engine: Engine, environment: str, pair: Pair) -> None:
    """See that a pair can be started; raise `DeliveryFailed` when its image or warehouse is gone."""
    if _inspect(engine, pair.image) is None:
        raise DeliveryFailed(
            N_("The image {image} of {environment} is no longer on this machine."),
            image=pair.image[:19], environment=environment,
        )  # fmt: skip
    if pair.warehouse not in _stored(engine, "build"):
        raise DeliveryFailed(
            N_("The warehouse {version} of {environment} is no longer in the data volume."),
            version=pair.warehouse, environment=environment,
        )  # fmt: skip
