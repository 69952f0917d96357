"""One delivery: a pair is proven beside the site, takes its place, and anything that goes wrong leads back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mangetamain import stopping
from mangetamain.delivery.addresses import environments
from mangetamain.delivery.containers import images
from mangetamain.delivery.containers.engine import Container, Engine, service
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.notify import Event, Notifier
from mangetamain.delivery.probe import Seen, look
from mangetamain.delivery.proof.evidence import Tell, await_ready
from mangetamain.delivery.records import journal, state
from mangetamain.delivery.records.journal import Attempt
from mangetamain.delivery.records.state import Pair, Served
from mangetamain.language import N_, Number, say, speaking

# The proxy asks for a service's new address every second or so.
PROXY_SECONDS = 60.0
# Readers whom the standby was answering get their answer before it goes.
DRAIN_SECONDS = 3.0
# Looks at the standby before the switch; raises `DeliveryFailed` against it.
Prove = Callable[[Container, Seen], None]


@dataclass
class Delivery:
    """One command at work on one environment."""

    engine: Engine
    notifier: Notifier
    tell: Tell  # who looks on
    environment: str
    command: str
    pair: Pair  # that is to be served
    wait: float  # seconds that a site may take to become ready
    attempt: Attempt = field(init=False)
    before: Served | None = field(init=False)
    touched: bool = False
    waited: float = 0.0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.attempt = Attempt(self.environment, self.command, self.pair)
        self.before = state.read(self.environment)
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
        self.tell(f"{self.environment}: {say(step)}" + (f": {_told(details)}" if details else ""))

    def ready(self, name: str, pair: Pair) -> tuple[Container, Seen]:
        """Wait until a service serves a pair healthily, and count the time."""
        began = time.monotonic()
        try:
            return await_ready(self.engine, name, self.environment, pair, self.wait)
        finally:
            self.waited += time.monotonic() - began

    def _prepare(self, prove: Prove) -> None:
        known = (self.before.pair, self.before.previous) if self.before else ()
        if self.pair.warehouse not in {pair.warehouse for pair in known if pair}:
            images.pin(self.engine, self.environment, self.pair, *known)
            self._note(N_("warehouse pinned"))
        self.engine.ensure_proxy(self.environment)
        self.engine.assign(self.standby, self.pair)
        self.engine.start(self.standby)
        self._note(N_("standby started"))
        container, seen = self.ready(self.standby, self.pair)
        self._note(N_("standby ready"))
        prove(container, seen)

    def _switch(self) -> None:
        self._note(N_("switching"))
        self.touched = True  # from here on a failure has to be led back
        self.take_over(self.pair)
        self.seconds = time.monotonic() - self.began  # readers have it now; what follows tidies up
        self._note(N_("main ready"))
        self.stand_down()
        self._note(N_("standby removed"))
        self.seen_from_outside()

    def take_over(self, pair: Pair) -> None:
        """Have the main service run a pair; until it is ready the proxy sends readers to the standby."""
        self.engine.assign(self.main, pair)
        self.engine.start(self.main)
        self.ready(self.main, pair)
        self.seen_from_outside()

    def stand_down(self) -> None:
        """Remove the standby, once the main service has taken its readers over."""
        time.sleep(DRAIN_SECONDS)
        self.engine.remove(self.standby)

    def seen_from_outside(self) -> None:
        """See that readers' own address leads to a healthy site; raise `DeliveryFailed` where it does not."""
        url = environments().get(self.environment)
        until = time.monotonic() + PROXY_SECONDS
        while url:
            seen = look(url, self.environment, seconds=15)
            if seen.health == "healthy":
                return
            if time.monotonic() > until:
                raise DeliveryFailed(N_("{url} does not show the site: {reason}"), url=url, reason=seen.reason)
            time.sleep(0.25)

    def commit(self) -> None:
        """Record that the pair is served from now on, and see that it and the one before stay at hand."""
        previous = self.before.pair if self.before else None
        if self.before and self.pair.same(previous):
            previous = self.before.previous  # the same pair again: the way back stays what it was
        served = Served(self.pair, journal.now(), previous)
        state.write(self.environment, served)
        self._note(N_("recorded"))
        try:
            images.keep(self.engine, self.environment, served)
            if self.before is None or served.previous != self.before.previous:
                images.pin(self.engine, self.environment, served.pair, served.previous)
        except DeliveryFailed as error:  # a site that serves is not given up for the way back
            self._note(N_("the way back is not secured"), "done", error)

    def _back(self, error: BaseException) -> None:
        """Lead back: the former pair serves again, the standby goes, and people hear of it."""
        reasons, outcome = [error], "failed"
        self._note(N_("failed"), "done", error)
        try:
            if self.touched and self.before:
                self.take_over(self.before.pair)
                state.write(self.environment, self.before)
                outcome = "rolled back"
                self.stand_down()
            else:
                for name in (self.main, self.standby) if self.touched else (self.standby,):
                    self.engine.remove(name)
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
