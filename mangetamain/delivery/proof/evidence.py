"""What speaks for a pair: the site is ready, and its pages open in a browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mangetamain.delivery.containers.docker import docker
from mangetamain.delivery.containers.engine import Container, Engine
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.probe import Seen, look
from mangetamain.delivery.proof.browser import Opened, open_pages
from mangetamain.environment import TOKEN_FILE_VARIABLE
from mangetamain.language import N_, Number, plural, say

Tell = Callable[[str], object]
# A site makes its check anew some seconds after one that failed: two are no accident of a busy machine.
FAILED_CHECKS = 2
# As long a site may say that it needs help: one look at data that are replaced at that moment proves nothing.
HELPLESS_SECONDS = 5.0


@dataclass(frozen=True)
class Evidence:
    """What was seen of a pair before the switch."""

    pair: Pair
    ready: Seen
    pages: Sequence[Opened]
    notebooks: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON can hold it."""
        return {**asdict(self), "ready": self.ready.as_dict()}


def await_ready(engine: Engine, name: str, environment: str, pair: Pair, seconds: float) -> tuple[Container, Seen]:
    """Wait until a service's container serves a pair healthily.

    Raises
    ------
    DeliveryFailed
        When it ends, serves something else, finds itself unready several times, cannot become ready by itself, or the
        time is up.
    """
    until, failed, seen = time.monotonic() + seconds, set[str](), None
    helped = time.monotonic()  # when it last needed no help
    while time.monotonic() < until:
        container = engine.container(name)
        _alive(engine, name, container, pair)
        looked = time.monotonic() + 2  # between two looks at the container, several at the site
        while container and container.ip and time.monotonic() < min(looked, until):
            seen = look(container.url, environment, seconds=15)
            if seen.health == "healthy" and seen.warehouse == pair.warehouse:
                return container, seen
            failed |= {seen.checked} if seen.health == "unhealthy" and seen.checked else set()
            helped = helped if seen.needs_help else time.monotonic()
            if len(failed) >= FAILED_CHECKS or time.monotonic() - helped > HELPLESS_SECONDS:
                raise DeliveryFailed(N_("{service} is not ready: {reason}"), service=name, reason=seen.reason)
            time.sleep(0.25)
    reason = (seen.reason or seen.warehouse) if seen else "-"
    text = N_("{service} was not ready within {seconds} s: {reason}")
    raise DeliveryFailed(text, service=name, seconds=round(seconds), reason=reason)


def _alive(engine: Engine, name: str, container: Container | None, pair: Pair) -> None:
    if container is None or not container.running or container.restarts:
        reason = engine.last_words(container) if container else "-"
        raise DeliveryFailed(N_("{service} ended as soon as it was started: {reason}"), service=name, reason=reason)
    if not container.pair.same(pair):
        raise DeliveryFailed(
            N_("{service} runs {found}, not {expected}."), service=name, found=container.pair.short, expected=pair.short
        )


def pages(container: Container, seen: Seen) -> list[Opened]:
    """Open every page that a site has in a browser.

    Raises
    ------
    DeliveryFailed
        When a page shows no figure or the browser complains, or the site has no page.
    """
    file = container.environment.get(TOKEN_FILE_VARIABLE, "")
    # What visitors are asked for is read where the site reads it.
    token = docker("exec", container.id, "cat", file).strip() if file else ""
    opened = open_pages(container.url, [name for name, _ in seen.pages], token)
    for page in opened:
        if not page.fine:
            reason = page.troubles[0] if page.troubles else "-"
            text = plural(
                "The page {page} shows {n} figure in a browser: {reason}",
                "The page {page} shows {n} figures in a browser: {reason}",
            )
            raise DeliveryFailed(text, page=page.page, n=page.figures, reason=reason)
    if not opened:
        raise DeliveryFailed(N_("The site has no page to open."))
    return opened


def evidence_text(evidence: Evidence) -> str:
    """Write what was seen as lines for a terminal."""
    figures = ", ".join(
        str(say("{page} {figures} in {seconds} s", page=page.page, figures=page.figures,
                seconds=Number(page.seconds, 1)))
        for page in evidence.pages
    )  # fmt: skip
    revision, ready = evidence.pair.revision[:12] or "-", evidence.ready.checked or say("yes")
    browser = N_("figures in a browser:")
    lines = [
        # Translators: an image and the data that it serves, as one thing that is deployed
        (N_("pair"), say("{pair} (revision {revision})", pair=evidence.pair.short, revision=revision)),
        (N_("ready"), say("{ready}, data {fingerprint}", ready=ready, fingerprint=evidence.ready.fingerprint)),
        (N_("pages"), f"{say(browser)} {figures}"),
        *([(N_("notebooks"), evidence.notebooks)] if evidence.notebooks else []),
    ]
    return "\n".join(f"{say(label)!s:<11}{text}" for label, text in lines)
