"""Images and warehouses: what the operator names becomes the one thing that it means now, and stays that."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping

from mangetamain.delivery.containers.docker import docker
from mangetamain.delivery.containers.engine import TITLE, Engine, proxy
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.pair import Pair
from mangetamain.errors import BadInput, suggestion
from mangetamain.language import N_, quoted
from mangetamain.warehouse.versions.listing import versions_among

REVISION_LABEL = "org.opencontainers.image.revision"
DEFAULT_IMAGE = "mangetamain:latest"
CURRENT = "current"
# A container that ended at once was once not heard on a busy machine, and its volume seemed empty: a list that comes
# without its end is asked for again.
END, TRIES = "that is all", 3
LISTING = f"ls -1 /data/warehouse 2>/dev/null; echo {END}"


def resolve_image(reference: str) -> tuple[str, str]:
    """Return the id and the revision of an image on this host; one named by its digest is fetched first.

    Raises
    ------
    BadInput
        When there is no such image.
    """
    if not re.fullmatch(r"[A-Za-z0-9][\w.:/@-]{0,400}", reference):
        raise BadInput("{image} is not the name of an image.", image=quoted(reference[:100]))
    inspected = _inspect(reference)
    if inspected is None and "@sha256:" in reference:
        # Only a digest says which image comes; a mistyped tag must not bring somebody else's.
        with contextlib.suppress(DeliveryFailed):
            docker("pull", "--quiet", reference, seconds=1800)
        inspected = _inspect(reference)
    if inspected is None:
        raise BadInput(
            "There is no image {image} on this machine: build it, or name one by its digest.", image=quoted(reference)
        )
    return inspected


def resolve_proxy(engine: Engine, environment: str, settings: Mapping[str, str]) -> str:
    """Return the id of the proxy's image that the settings name, else the compose file; empty where there is none."""
    reference = settings.get("PROXY_IMAGE") or str(engine.config["services"][proxy(environment)]["image"])
    try:
        return resolve_image(reference)[0]
    except BadInput:
        if "PROXY_IMAGE" in settings:
            raise
        return ""


def _inspect(reference: str) -> tuple[str, str] | None:
    try:
        inspected = json.loads(docker("image", "inspect", reference))[0]
    except DeliveryFailed as error:
        if any(word in str(error).lower() for word in ("no such", "invalid reference")):
            return None
        raise
    return str(inspected["Id"]), str((inspected["Config"].get("Labels") or {}).get(REVISION_LABEL, ""))


def resolve_warehouse(engine: Engine, image: str, wanted: str) -> str:
    """Return a version of the warehouse that is in the data volume; `current` means the newest.

    Parameters
    ----------
    engine
        Of the project whose volume it is.
    image
        With which to look.
    wanted
        A version, or `current`.

    Raises
    ------
    BadInput
        When there is no such version, or none at all.
    """
    known = _stored(engine, image)
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


def _stored(engine: Engine, image: str) -> list[str]:
    """Return all published versions that the data volume holds, the newest last."""
    for _ in range(TRIES):
        *names, last = engine.on_data(image, "sh", "-c", LISTING).splitlines() or [""]
        if last == END:
            return [file.removesuffix(".duckdb") for file in versions_among(names)]
    raise DeliveryFailed(N_("The data volume does not say what it holds."))


def pin(engine: Engine, environment: str, *pairs: Pair | None) -> None:
    """Have the data volume keep the warehouses of some pairs, whatever is built next; what is lost is let go."""
    kept = [pair for pair in pairs if pair]
    versions = dict.fromkeys(pair.warehouse for pair in kept)
    try:
        engine.on_data(kept[0].image, "mangetamain", "pin", environment, *versions)
    except DeliveryFailed:
        known = _stored(engine, kept[0].image)
        if versions.keys() <= set(known):
            raise
        engine.on_data(kept[0].image, "mangetamain", "pin", environment, *(each for each in versions if each in known))


def keep(engine: Engine, environment: str, pair: Pair, previous: Pair | None) -> None:
    """Give the images of both pairs names, and let go of those of ours that have neither name nor container."""
    for kept, end in ((pair, ""), (previous, "-previous")):
        if kept:
            with contextlib.suppress(DeliveryFailed):  # gone already: `rollback` will say so
                docker("tag", kept.image, f"{engine.project}:{environment}{end}")
                docker("tag", kept.proxy, f"{engine.project}:{environment}-proxy{end}")
    docker("image", "prune", "--force", "--filter", TITLE)


def still_there(engine: Engine, environment: str, pair: Pair) -> None:
    """See that a pair can be started; raise `DeliveryFailed` when an image of it or its warehouse is gone."""
    for image in (pair.image, pair.proxy):
        if _inspect(image) is None:
            raise DeliveryFailed(
                N_("The image {image} of {environment} is no longer on this machine."),
                image=image[:19], environment=environment,
            )  # fmt: skip
    if pair.warehouse not in _stored(engine, pair.image):
        raise DeliveryFailed(
            N_("The warehouse {version} of {environment} is no longer in the data volume."),
            version=pair.warehouse, environment=environment,
        )  # fmt: skip
