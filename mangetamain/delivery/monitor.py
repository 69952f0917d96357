"""Looks at every environment, remembers how each was, and says when a site goes down or comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace

from mangetamain import state_files
from mangetamain.delivery.addresses import environments, named
from mangetamain.delivery.containers.engine import Engine, service
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.folder import folder, put
from mangetamain.delivery.notify import Notifier
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.probe import Seen, look
from mangetamain.delivery.records import state
from mangetamain.delivery.records.ledger import Ledger
from mangetamain.environment import DEPLOYED
from mangetamain.language import N_, say

MONITOR_FILE = "monitor.json"


def places(engine: Engine | None) -> dict[str, str]:
    """Return where each environment answers: as the operator says, else where the engine publishes it, else by rule."""
    known = environments()
    if engine and not named():
        known |= {name: url for name in DEPLOYED if (url := engine.address(name))}
    return known


def look_at_all(places: Mapping[str, str]) -> dict[str, Seen]:
    """Look at every environment at once: a dead one does not keep the others waiting."""
    with ThreadPoolExecutor(max_workers=min(32, len(places))) as pool:
        # A thread does not know by itself which language this one speaks.
        looks = {name: pool.submit(copy_context().run, look, url, name) for name, url in places.items()}
    return {name: one.result() for name, one in looks.items()}


def held_to_records(sites: Mapping[str, Seen], ledger: Ledger) -> dict[str, Seen]:
    """Say what the records of the engine here know of each site; one that serves another pair is not healthy."""
    return {name: _held(name, seen, ledger) if name in DEPLOYED else seen for name, seen in sites.items()}


def _held(name: str, seen: Seen, ledger: Ledger) -> Seen:
    try:
        served = state.read(ledger, name)
    except DeliveryFailed as error:
        return replace(seen, health="unhealthy", reason=str(error)) if seen.health == "healthy" else seen
    serving, expected = Pair(seen.image, seen.warehouse), served.pair if served else None
    if serving.same(expected) or ledger.busy:
        return seen  # during a delivery either pair may answer
    if seen.health == "healthy" and expected:
        told = N_("it serves {found} though {expected} was deployed to it; {command} brings that back")
        return replace(seen, health="unhealthy", reason=_said(told, found=serving.short, expected=expected.short))
    there = ledger.engine.container(service(name)) is not None
    if seen.health == "healthy" and there:  # else it was deployed elsewhere
        told = N_("it serves {found}, and nothing is recorded; {command} records it")
        return replace(seen, health="unhealthy", reason=_said(told, found=serving.short))
    if seen.health == "missing" and expected and not there:
        return replace(seen, reason=_said(N_("its container was removed, and no restart but {command} brings it back")))
    return seen


def _said(text: str, **details: str) -> str:
    return str(say(text, **details, command="mangetamain mend"))


def notify_changes(sites: Mapping[str, Seen], notifier: Notifier) -> dict[str, bool]:
    """Tell which sites went down or came back since the last look, and remember how they are.

    Returns
    -------
    dict
        Environment to whether it is up now, for those that changed.
    """
    said = state_files.known(folder() / MONITOR_FILE) or {}
    before = {name: up for name, up in said.items() if isinstance(up, bool)}
    now = {name: seen.health == "healthy" for name, seen in sites.items()}
    # A site that is seen for the first time is thought to have been well.
    changed = {name: up for name, up in now.items() if up != before.get(name, True)}
    for name, up in changed.items():
        seen = sites[name]
        text = f"{seen.url}: {seen.reason}" if seen.reason else f"{seen.url} {seen.version} {seen.warehouse}"
        notifier.tell("site back" if up else "site down", name, text)
    heard = notifier.finish()
    if heard or not changed:
        put(folder() / MONITOR_FILE, json.dumps({**before, **now}, indent=2) + "\n")
    return changed
