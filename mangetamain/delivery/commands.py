"""What can be asked for: deploy to preprod, promote to prod, roll back, and mend what a killed command left."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mangetamain.delivery.containers import images
from mangetamain.delivery.containers.engine import Container, Engine, service
from mangetamain.delivery.delivery import Delivery
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.notify import Notifier
from mangetamain.delivery.probe import Seen, look
from mangetamain.delivery.proof import changes, evidence
from mangetamain.delivery.proof.evidence import Evidence, Tell
from mangetamain.delivery.records import journal, state
from mangetamain.delivery.records.state import Pair
from mangetamain.environment import DEPLOYED
from mangetamain.errors import BadInput
from mangetamain.language import N_, in_english, quoted, say

MENDED = N_("{environment}: mended, {pair}")
Show = Callable[[str], object]
Confirm = Callable[[str], bool]


@dataclass
class Desk:
    """Who asks: where lines and results go, and how long a site may take to become ready; its tools once it is open."""

    tell: Tell
    show: Show
    compose: Path
    wait: float = 180.0
    engine: Engine = field(init=False)
    notifier: Notifier = field(init=False)

    @contextlib.contextmanager
    def open(self, command: str, environment: str) -> Iterator[None]:
        """Have the engine and the channels for one command at a time; what a killed one left is mended first."""
        with state.locked(f"{command} {environment}, {journal.who()}, {journal.now()}") as lock:
            self.engine, self.notifier = Engine(self.compose, lock), Notifier(self.tell)
            failed: list[DeliveryFailed] = []
            try:
                for name in DEPLOYED:
                    try:
                        mend(self, name)
                        if command == "mend":
                            bring_back(self, name)
                    except DeliveryFailed as error:
                        # What serves is left; the command that comes now, or the other's turn, may be the cure.
                        self.tell(f"{name}: {error}")
                        failed.append(error)
                if failed and command == "mend":
                    raise DeliveryFailed(N_("Not everything could be mended."))
                yield
            finally:
                self.notifier.finish()

    def delivery(self, environment: str, command: str, pair: Pair) -> Delivery:
        """Set a delivery up."""
        return Delivery(self.engine, self.notifier, self.tell, environment, command, pair, self.wait)


def deploy_preprod(desk: Desk, image: str, warehouse: str) -> Delivery:
    """Deploy an image of this host and a version of the warehouse to preprod."""
    with desk.open("deploy", "preprod"):
        engine = desk.engine
        identity, revision = images.resolve_image(engine, image)
        standby = service("preprod", standby=True)
        engine.assign(standby, Pair(identity, "", revision))
        pair = Pair(identity, images.resolve_warehouse(engine, standby, warehouse), revision)
        delivery = desk.delivery("preprod", "deploy", pair)

        def prove(container: Container, seen: Seen) -> None:
            proof = Evidence(pair, seen, evidence.pages(engine, container, seen))
            desk.show(evidence.evidence_text(proof))

        delivery.run(prove)
        return delivery


def deploy_prod(desk: Desk, image: str | None, warehouse: str | None, confirm: Confirm) -> Delivery:
    """Promote to prod what preprod serves healthily now, and nothing else."""
    with desk.open("deploy", "prod"):
        engine = desk.engine
        pair = promotable(engine)
        _same(engine, pair, image, warehouse)
        delivery = desk.delivery("prod", "deploy", pair)

        def prove(container: Container, seen: Seen) -> None:
            opened = evidence.pages(engine, container, seen)
            proof = Evidence(pair, seen, opened, evidence.notebooks(engine, pair.image, desk.tell))
            desk.show(evidence.evidence_text(proof))
            _compare(desk, delivery, proof)
            if not confirm("prod"):
                raise DeliveryFailed(N_("The promotion was not confirmed."))
            if not pair.same(promotable(engine)):
                raise DeliveryFailed(N_("preprod no longer serves what was proven."))

        delivery.run(prove)
        return delivery


def promotable(engine: Engine) -> Pair:
    """Return the pair that preprod serves healthily now.

    Raises
    ------
    DeliveryFailed
        When preprod is missing or unhealthy, or does not run what was deployed to it.
    """
    served, container = state.read("preprod"), engine.container(service("preprod"))
    if served is None:
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


def _same(engine: Engine, pair: Pair, image: str | None, warehouse: str | None) -> None:
    """Refuse an image or a warehouse that preprod does not serve."""
    meant = image if image is None or images.resolve_image(engine, image)[0] != pair.image else None
    for given, option in ((meant, "--image"), (warehouse if warehouse != pair.warehouse else None, "--warehouse")):
        if given is not None:
            raise BadInput(
                "prod only gets what preprod serves, not {given}: deploy that to preprod first, or leave {option} out.",
                given=quoted(given), option=option,
            )  # fmt: skip


def _compare(desk: Desk, delivery: Delivery, proof: Evidence) -> None:
    """Show and keep what will change for readers."""
    engine, before = delivery.engine, delivery.before
    after = changes.recorded(engine, delivery.standby, delivery.pair)
    comparisons: changes.Comparisons = {}
    if before is None:
        text = str(say("This is the first deploy to prod: there is nothing to compare with."))
    else:
        try:
            old = changes.recorded(engine, delivery.main, before.pair)
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
    with desk.open("rollback", environment):
        served = state.read(environment)
        if served is None or served.previous is None:
            raise DeliveryFailed(
                N_("{environment} has nothing to go back to: it has served one pair at most."), environment=environment
            )
        images.still_there(desk.engine, environment, served.previous)
        delivery = desk.delivery(environment, "rollback", served.previous)
        delivery.run(lambda *_: None)
        desk.notifier.tell("rolled back", environment, f"{served.pair.short} -> {served.previous.short}")
        return delivery


def mend(desk: Desk, environment: str) -> None:
    """Finish what a killed command left: forward where the new pair serves already, else back to the recorded one.

    Either way somebody serves all the time, and the standby goes once the main service does.
    """
    last = journal.unfinished(environment)
    if last is None:
        return
    desk.tell(left_unfinished(last))
    served, main = state.read(environment), desk.engine.container(service(environment))
    running = main.pair if main and main.running and look(main.url, environment).health == "healthy" else None
    wanted = Pair(last.image, last.warehouse)
    # Nothing but a proven pair ever came to the main service.
    forward = running is not None and running.same(wanted)
    delivery = desk.delivery(environment, "mend", running if forward and running else served.pair if served else wanted)
    if forward:
        delivery.commit()
    elif served and not served.pair.same(running):
        delivery.take_over(served.pair)
    if forward or served:
        delivery.stand_down()
    delivery.attempt.note("mended", "mended", f"{last.command} {last.attempt}")
    desk.tell(str(say(MENDED, environment=environment, pair=delivery.pair.short)))


def bring_back(desk: Desk, environment: str) -> None:
    """Have an environment serve its recorded pair again, where its container is gone or somebody changed it by hand."""
    served, main = state.read(environment), desk.engine.container(service(environment))
    if served is None or (main and main.running and main.pair.same(served.pair)):
        return
    images.still_there(desk.engine, environment, served.pair)
    delivery = desk.delivery(environment, "mend", served.pair)
    delivery.attempt.note("started", "started")
    try:
        desk.engine.ensure_proxy()
        delivery.take_over(served.pair)
    except BaseException as error:
        delivery.attempt.note("not brought back", "failed", in_english(error))
        raise
    delivery.attempt.note("brought back", "mended")
    desk.tell(str(say(MENDED, environment=environment, pair=served.pair.short)))


def left_unfinished(last: journal.Line) -> str:
    """Say what a killed command left."""
    return str(
        say(
            "{environment}: the last {command}, by {who}, was ended midway at {time}, after the step: {step}",
            environment=last.environment, command=last.command, who=last.who, time=last.time, step=last.step,
        )
    )  # fmt: skip


def unfinished_lines() -> list[str]:
    """Say what killed commands left, unless one is at work right now."""
    left = [last for name in DEPLOYED if (last := journal.unfinished(name))]
    return [] if left and state.busy() else [left_unfinished(last) for last in left]
