"""What can be asked for: deploy to preprod, promote to prod, roll back, and mend."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from mangetamain.delivery.containers import images
from mangetamain.delivery.containers.engine import Container, service
from mangetamain.delivery.containers.settings import settings
from mangetamain.delivery.delivery import Delivery
from mangetamain.delivery.desk import Desk
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.mending import complete, mend, recordless
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.probe import Seen, look
from mangetamain.delivery.proof import evidence
from mangetamain.delivery.proof.evidence import Evidence
from mangetamain.delivery.proof.notebooks import notebooks
from mangetamain.delivery.records import state
from mangetamain.environment import DEPLOYED
from mangetamain.errors import BadInput
from mangetamain.language import N_, quoted, say

Confirm = Callable[[str], bool]


@contextlib.contextmanager
def _open(desk: Desk, command: str, environment: str) -> Iterator[None]:
    """Open the desk for a command that changes an environment; what a killed one left is mended first."""
    with desk.open(command, environment):
        for name in DEPLOYED:
            try:
                mend(desk, name, wholly=False)
            except DeliveryFailed as error:  # what serves is left; the command that comes now may be the cure
                desk.tell(f"{name}: {error}")
        if recordless(desk, environment):
            raise DeliveryFailed(
                N_("{environment} serves without a record of what was deployed: {command} makes one of what runs."),
                environment=environment, command="mangetamain mend",
            )  # fmt: skip
        yield


def mend_all(desk: Desk) -> None:
    """Have each environment serve what is recorded; raise `DeliveryFailed` where one cannot."""
    with desk.open("mend", "-"):
        failed = False
        for name in DEPLOYED:
            try:
                mend(desk, name, wholly=True)
            except DeliveryFailed as error:
                desk.tell(f"{name}: {error}")
                failed = True
        if failed:
            raise DeliveryFailed(N_("Not everything could be mended."))


def deploy_preprod(desk: Desk, image: str, warehouse: str) -> Delivery:
    """Deploy an image of this host and a version of the warehouse to preprod."""
    identity, revision = images.resolve_image(image)
    with _open(desk, "deploy", "preprod"):
        engine, before = desk.engine, state.read(desk.ledger, "preprod")
        pair = Pair(identity, images.resolve_warehouse(engine, identity, warehouse), revision)
        pair = complete(desk, "preprod", pair, before.pair if before else None)
        delivery = Delivery(desk, "preprod", "deploy", pair)

        def prove(container: Container, seen: Seen) -> None:
            proof = Evidence(pair, seen, evidence.pages(container, seen))
            desk.show(evidence.evidence_text(proof))

        delivery.run(prove)
        return delivery


def deploy_prod(desk: Desk, image: str | None, warehouse: str | None, confirm: Confirm) -> Delivery:
    """Promote to prod what preprod serves healthily now, and nothing else."""
    with _open(desk, "deploy", "prod"):
        engine, before = desk.engine, state.read(desk.ledger, "prod")
        pair = promotable(desk)
        _same(pair, image, warehouse)
        # Preprod's proxy and compose file were proven with it; the settings are prod's own.
        own = settings(pair.compose, engine.file, before.pair.settings if before and before.pair else None)
        pair = replace(pair, settings=own)
        delivery = Delivery(desk, "prod", "deploy", pair)

        def prove(container: Container, seen: Seen) -> None:
            opened = evidence.pages(container, seen)
            proof = Evidence(pair, seen, opened, notebooks(desk.ledger, pair.image, desk.tell))
            desk.show(evidence.evidence_text(proof))
            _compare(desk, delivery, proof)
            if not confirm("prod"):
                raise DeliveryFailed(N_("The promotion was not confirmed."))
            if not pair.same(promotable(desk)):
                raise DeliveryFailed(N_("preprod no longer serves what was proven."))

        delivery.run(prove)
        return delivery


def promotable(desk: Desk) -> Pair:
    """Return the pair that preprod serves healthily now.

    Raises
    ------
    DeliveryFailed
        When preprod is missing or unhealthy, or does not run what was deployed to it.
    """
    served, container = state.read(desk.ledger, "preprod"), desk.engine.container(service("preprod"))
    if served is None or served.pair is None:
        raise DeliveryFailed(N_("Nothing has been deployed to preprod yet: prod only gets what preprod serves."))
    if container is None or not container.running:
        raise DeliveryFailed(N_("preprod is not running: prod only gets what preprod serves."))
    if not container.pair.same(served.pair):
        raise DeliveryFailed(
            N_("preprod runs {found} though {expected} was deployed to it: deploy to preprod again."),
            found=container.pair.short, expected=served.pair.short,
        )  # fmt: skip
    seen = look(container.url, "preprod")
    if seen.health != "healthy" or seen.warehouse != served.pair.warehouse:
        reason = seen.reason or f"{seen.warehouse or '-'} / {served.pair.warehouse}"
        raise DeliveryFailed(N_("preprod is not healthy, so nothing goes to prod: {reason}"), reason=reason)
    return served.pair


def _same(pair: Pair, image: str | None, warehouse: str | None) -> None:
    """Refuse an image or a warehouse that preprod does not serve."""
    meant = image if image is None or images.resolve_image(image)[0] != pair.image else None
    for given, option in ((meant, "--image"), (warehouse if warehouse != pair.warehouse else None, "--warehouse")):
        if given is not None:
            raise BadInput(
                "prod only gets what preprod serves, not {given}: deploy that to preprod first, or leave {option} out.",
                given=quoted(given), option=option,
            )  # fmt: skip


def _compare(desk: Desk, delivery: Delivery, proof: Evidence) -> None:
    """Show and keep what will change for readers."""
    from mangetamain.delivery.proof import changes  # brings every question with it

    engine, before = delivery.engine, delivery.before.pair if delivery.before else None
    after = changes.recorded(engine, delivery.standby, delivery.pair)
    comparisons: changes.Comparisons = {}
    if before is None:
        text = str(say("This is the first deploy to prod: there is nothing to compare with."))
    else:
        try:
            old = changes.recorded(engine, delivery.main, before)
        except DeliveryFailed as error:
            # A prod that cannot even say its answers must not keep its cure out.
            told = N_("What prod says now cannot be read, so nothing can be compared: {reason}")
            text = str(say(told, reason=error.message))
        else:
            comparisons, lines = changes.compared(old, after)
            text = changes.changes_text(comparisons, lines)
    place = changes.keep(delivery.attempt.key, proof, comparisons, text)
    head, kept = say("What will change for readers"), say("Kept in {folder}", folder=str(place))
    desk.show(f"\n{head}\n\n{text}\n\n{kept}")


def roll_back(desk: Desk, environment: str) -> Delivery:
    """Bring an environment's previous pair back; nothing is built and nothing is fetched."""
    with _open(desk, "rollback", environment):
        served = state.read(desk.ledger, environment)
        if served is None or served.pair is None or served.previous is None:
            raise DeliveryFailed(
                N_("{environment} has nothing to go back to: it has served one pair at most."), environment=environment
            )
        images.still_there(desk.engine, environment, served.previous)
        delivery = Delivery(desk, environment, "rollback", served.previous)
        delivery.run(lambda *_: None)
        desk.notifier.tell("rolled back", environment, f"{served.pair.short} -> {served.previous.short}")
        return delivery
