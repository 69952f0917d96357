"""One delivery: a pair is proven beside the site, takes its place, and anything that goes wrong leads back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from mangetamain import stopping
from mangetamain.delivery.containers import images
from mangetamain.delivery.containers.engine import Container, proxy, service
from mangetamain.delivery.desk import Desk
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.notify import Event
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.probe import Seen, look
from mangetamain.delivery.proof.evidence import await_ready
from mangetamain.delivery.records import journal, state
from mangetamain.delivery.records.journal import Attempt
from mangetamain.delivery.records.state import Served
from mangetamain.language import N_, Number, say, speaking

# In which readers find a pair: a proxy that is well asks for a new address every second or so.
PROXY_SECONDS, SETTLED_SECONDS = 60.0, 20.0
# Readers whom the standby was answering get their answer before it goes.
DRAIN_SECONDS = 3.0
# Looks at the standby before the switch; raises `DeliveryFailed` against it.
Prove = Callable[[Container, Seen], None]


@dataclass
class Delivery:
    """One command at work on one environment, at a desk that is open."""

    desk: Desk
    environment: str
    command: str
    pair: Pair  # that is to be served
    touched: bool = False
    waited: float = 0.0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.engine, self.ledger, self.notifier = self.desk.engine, self.desk.ledger, self.desk.notifier
        self.attempt = Attempt(self.ledger, self.environment, self.command, self.pair)
        self.before = state.read(self.ledger, self.environment)
        self.main, self.standby = service(self.environment), service(self.environment, standby=True)

    def run(self, prove: Prove) -> None:
        """Do it all, or go back and raise `DeliveryFailed`: it came to nothing, and the environment is as it was."""
        self.began = time.monotonic()
        self._note(N_("started"), "started")
        self.notifier.tell("started", self.environment, f"{self.pair.short}, {journal.who()}", command=self.command)
        try:
            self._prepare(prove)
            self._switch()
            self.commit()
        except BaseException as error:  # Ctrl-C too: nothing stays half done
            with stopping.in_peace():
                self._back(error)
            raise
        took = say("{seconds} s, {waited} s of them until ready",
                   seconds=Number(self.seconds, 1), waited=Number(self.waited, 1))  # fmt: skip
        self._note(N_("finished"), "succeeded", took)
        self.notifier.tell("succeeded", self.environment, self.summary, command=self.command)

    @property
    def summary(self) -> str:
        """Say what is served now, and what it took."""
        text = say(
            "{environment} serves {pair} after {seconds} s, {waited} s of them waiting for the site to be ready.",
            environment=self.environment, pair=self.pair.short, seconds=Number(self.seconds, 1),
            waited=Number(self.waited, 1),
        )  # fmt: skip
        return str(text)

    def _note(self, step: str, outcome: str = "done", *details: object) -> None:
        with speaking("en"):  # the journal is one for all; who looks on reads her own language
            self.attempt.note(step, outcome, _told(details))
        self.desk.tell(f"{self.environment}: {say(step)}" + (f": {_told(details)}" if details else ""))

    def ready(self, name: str, pair: Pair) -> tuple[Container, Seen]:
        """Wait until a service serves a pair healthily, and count the time."""
        began = time.monotonic()
        try:
            return await_ready(self.engine, name, self.environment, pair, self.desk.wait)
        finally:
            self.waited += time.monotonic() - began

    def _prepare(self, prove: Prove) -> None:
        known = (self.before.pair, self.before.previous) if self.before else ()
        if self.pair.warehouse not in {pair.warehouse for pair in known if pair}:
            images.pin(self.engine, self.environment, self.pair, *known)
            self._note(N_("warehouse pinned"))
        self._start(self.standby, self.pair)
        self._note(N_("standby started"))
        container, seen = self.ready(self.standby, self.pair)
        self._note(N_("standby ready"))
        self.engine.try_proxy(self.environment, self.pair)
        prove(container, seen)

    def _switch(self) -> None:
        self.ledger.must_be_held()
        now = self.before or Served(None, journal.now())
        state.write(self.ledger, self.environment, replace(now, coming=self.pair))
        self._note(N_("switching"))
        self.touched = True  # from here on a failure has to be led back
        self.take_over(self.pair)
        self.seconds = time.monotonic() - self.began  # readers have it now; what follows tidies up
        self._note(N_("main ready"))
        self.stand_down(self.pair)
        self._note(N_("standby removed"))
        self.seen_from_outside(self.pair)

    def _start(self, name: str, pair: Pair) -> None:
        self.ledger.must_be_held()
        self.engine.start(name, pair)

    def take_over(self, pair: Pair) -> None:
        """Have the main service run a pair; until it is ready the proxy sends readers to the standby."""
        self._start(self.main, pair)
        self.ready(self.main, pair)
        self.show(pair)

    def show(self, pair: Pair) -> None:
        """Have readers get a pair that is served: a proxy that is another one, hangs or lost its network goes."""
        if not self.shown(pair):
            self._start(proxy(self.environment), pair)
            self.seen_from_outside(pair)

    def stand_down(self, serving: Pair | None = None) -> None:
        """Remove the standby; where a pair has taken its readers over, only while that serves."""
        self.ledger.must_be_held()
        if serving and self.engine.container(self.standby):
            time.sleep(DRAIN_SECONDS)
            self.ready(self.main, serving)  # still: from here on readers have nobody else
        self.engine.remove(self.standby)

    def seen_from_outside(self, pair: Pair, patience: float = PROXY_SECONDS) -> None:
        """See that readers' own address leads to the very pair; raise `DeliveryFailed` where it does not."""
        until = time.monotonic() + patience
        while url := self.engine.address(self.environment):
            seen = look(url, self.environment, seconds=15)
            serving = Pair(seen.image, seen.warehouse)
            if seen.health == "healthy" and pair.same(serving):
                return
            if time.monotonic() > until:
                reason = seen.reason or serving.short
                raise DeliveryFailed(N_("{url} does not show the site: {reason}"), url=url, reason=reason)
            time.sleep(0.25)

    def serves(self) -> bool:
        """Whether the main service runs the pair as it was deployed, and is healthy."""
        if not self.engine.runs_as(self.main, self.pair):
            return False
        container = self.engine.container(self.main)
        seen = look(container.url, self.environment) if container else None
        return seen is not None and seen.health == "healthy" and self.pair.same(Pair(seen.image, seen.warehouse))

    def shown(self, pair: Pair) -> bool:
        """Whether readers get a pair, through the proxy that belongs to it."""
        if not self.engine.runs_as(proxy(self.environment), pair):
            return False
        try:
            self.seen_from_outside(pair, patience=SETTLED_SECONDS)
        except DeliveryFailed:
            return False
        return True

    def well(self) -> bool:
        """Whether there is nothing to do."""
        return self.serves() and self.shown(self.pair)

    def settle(self) -> None:
        """Have the environment serve the pair, whatever of it is missing, hung or something else, and record it."""
        images.still_there(self.engine, self.environment, self.pair)
        if self.serves():
            self.show(self.pair)
        else:
            self.take_over(self.pair)
        self.commit()
        self.stand_down(self.pair)

    def commit(self) -> None:
        """Record that the pair is served from now on."""
        since, previous = journal.now(), self.before.pair if self.before else None
        if self.before and self.pair == previous:  # the same again: since when, and the way back, stay what they were
            since, previous = self.before.since, self.before.previous
        state.write(self.ledger, self.environment, Served(self.pair, since, previous))
        self._note(N_("recorded"))
        try:
            self.secure(previous)
        except DeliveryFailed as error:  # a site that serves is not given up for the way back
            self._note(N_("the way back is not secured"), "done", error)

    def secure(self, previous: Pair | None) -> None:
        """See that the pair and the one before stay at hand, and that others go."""
        images.keep(self.engine, self.environment, self.pair, previous)
        images.pin(self.engine, self.environment, self.pair, previous)

    def _back(self, error: BaseException) -> None:
        """Lead back: the former pair serves again, the standby goes, and people hear of it."""
        reasons, outcome = [error], "failed"
        self._note(N_("failed"), "done", error)
        try:
            former = self.before.pair if self.before else None
            if self.touched and former:
                self.take_over(former)
                outcome = "rolled back"
            elif self.touched:
                self.engine.remove(self.main)
            if self.touched:
                state.write(self.ledger, self.environment, self.before or Served(None, journal.now()))
            self.stand_down(former if self.touched else None)
        except DeliveryFailed as worse:
            # Whatever still serves is left as it is; the next command mends it.
            reasons, outcome = [error, worse], "stuck"
        # Translators: a step of a delivery: what was deployed before serves again
        self._note(N_("back"), outcome, *reasons)
        event: Event = "rolled back" if outcome == "rolled back" else "failed"
        self.notifier.tell(event, self.environment, f"{self.pair.short}: {_told(reasons)}", command=self.command)


def _told(details: Iterable[object]) -> str:
    """Say one detail after the other; an error that says nothing is called by its kind."""
    return " / ".join(str(detail) or type(detail).__name__ for detail in details)
