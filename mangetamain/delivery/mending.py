"""What ended midway, is missing, hung or changed: the recorded pair serves again, or one sentence says why not."""

from __future__ import annotations

from dataclasses import replace

from mangetamain.delivery.containers import images
from mangetamain.delivery.containers.engine import service
from mangetamain.delivery.containers.settings import settings
from mangetamain.delivery.delivery import Delivery
from mangetamain.delivery.desk import Desk
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.probe import look
from mangetamain.delivery.records import journal, state
from mangetamain.delivery.records.journal import Attempt
from mangetamain.delivery.records.ledger import Ledger
from mangetamain.delivery.records.state import Served
from mangetamain.environment import DEPLOYED
from mangetamain.language import N_, in_english, say


def mend(desk: Desk, environment: str, *, wholly: bool) -> None:
    """Finish what a killed command left: forward where the new pair serves already, else back to the recorded one.

    Somebody serves all the time, and the standby goes once the main service does.

    Parameters
    ----------
    desk
        Which is open.
    environment
        Which one.
    wholly
        Whether to hold the site against its record even where no command was killed, and to record one that has none.
    """
    last = journal.unfinished(desk.ledger, environment)
    standby = desk.engine.container(service(environment, standby=True))
    served = _record(desk, environment) if wholly else state.read(desk.ledger, environment)
    half = last is not None or standby is not None or (served is not None and served.coming is not None)
    if last:
        desk.tell(left_unfinished(last))
    pair = _wanted(desk, environment, served) if served else None
    if pair is None or not (half or wholly):
        if half:  # nothing was deployed yet, and nothing came of the first one
            desk.engine.remove(service(environment, standby=True))
        if last:
            Attempt(desk.ledger, environment, "mend", Pair(last.image, last.warehouse)).note(
                "came to nothing", "failed"
            )
        return
    delivery = Delivery(desk, environment, "mend", pair)
    if not half and delivery.well():
        delivery.secure(served.previous if served else None)
        desk.tell(str(say("{environment}: nothing to mend, {pair}", environment=environment, pair=pair.short)))
        return
    delivery.attempt.note("started", "started")
    try:
        delivery.settle()
    except BaseException as error:
        delivery.attempt.note("not mended", "failed", in_english(error))
        raise
    delivery.attempt.note("mended", "mended")
    desk.tell(str(say("{environment}: mended, {pair}", environment=environment, pair=pair.short)))


def _wanted(desk: Desk, environment: str, served: Served) -> Pair | None:
    """Return the pair that should serve: what is coming where it serves already, or nothing else is there."""
    if served.coming is None or served.pair is None:
        return served.coming or served.pair
    # Nothing but a proven pair ever came to the main service.
    return served.coming if Delivery(desk, environment, "mend", served.coming).serves() else served.pair


def recordless(desk: Desk, environment: str) -> bool:
    """Whether a site serves healthily of which no record says that it should."""
    served, main = state.read(desk.ledger, environment), desk.engine.container(service(environment))
    if (served and (served.pair or served.coming)) or main is None or not main.running:
        return False
    return look(main.url, environment).health == "healthy"


def _record(desk: Desk, environment: str) -> Served | None:
    """Return the record; where there is none, or a torn one, of what runs, or else was deployed last."""
    try:
        served = state.read(desk.ledger, environment)
    except state.Torn as error:
        desk.tell(str(error))
        served = None
    main = desk.engine.container(service(environment))
    lines = [line for line in journal.lines(desk.ledger) if line.environment == environment]
    done = [Pair(line.image, line.warehouse) for line in reversed(lines) if line.outcome in journal.SERVES_OUTCOMES]
    if (served and (served.pair or served.coming)) or not (main or done):
        return served
    found = main.pair if main else done[0]
    if main and not found.warehouse:
        found = replace(found, warehouse=look(main.url, environment).warehouse)
    if not found.warehouse:
        raise DeliveryFailed(
            N_("It runs {image} without a record, on unknown data: remove its container, and deploy anew."),
            image=found.short,
        )  # fmt: skip
    before = next((complete(desk, environment, pair) for pair in done if not pair.same(found)), None)
    adopted = Served(complete(desk, environment, found), journal.now(), before)
    state.write(desk.ledger, environment, adopted)
    pair = found.short
    desk.tell(str(say("{environment}: recorded what runs, {pair}", environment=environment, pair=pair)))
    return adopted


def complete(desk: Desk, environment: str, pair: Pair, before: Pair | None = None) -> Pair:
    """Return a pair with the proxy, compose file and settings of now; a setting that nobody names stays as it was."""
    engine = desk.engine
    known = settings(engine.text, engine.file, before.settings if before else None)
    image = images.resolve_proxy(engine, environment, known) or (before.proxy if before else "")
    return replace(pair, proxy=image, compose=engine.text, settings=known)


def left_unfinished(last: journal.Line) -> str:
    """Say what a killed command left."""
    return str(
        say(
            "{environment}: the last {command}, by {who}, was ended midway at {time}, after the step: {step}",
            environment=last.environment, command=last.command, who=last.who, time=last.time, step=last.step,
        )
    )  # fmt: skip


def unfinished_lines(ledger: Ledger) -> list[str]:
    """Say what killed commands left, unless one is at work right now."""
    left = [last for name in DEPLOYED if (last := journal.unfinished(ledger, name))]
    return [] if left and ledger.busy else [left_unfinished(last) for last in left]
