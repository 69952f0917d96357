"""Asks a site how it is. What answers is not trusted: bounded in time and size, no redirect followed, texts cleaned."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from mangetamain.environment import HEALTH, READY
from mangetamain.errors import UserError
from mangetamain.language import N_, say
from mangetamain.safe_text import shown

LOOK_SECONDS = 10.0
# A site's report has some hundred bytes, and as many for each page.
ANSWER_BYTES = 64_000
TEXT_CHARACTERS = 200
Health = Literal["healthy", "unhealthy", "missing"]


@dataclass(frozen=True)
class Seen:
    """What a site says of itself, or why it says nothing.

    Parameters
    ----------
    url
        The address that was asked.
    health
        ``missing`` where no site of ours answers, ``unhealthy`` where one answers that it cannot show its pages.
    reason
        One sentence; empty for a healthy site.
    environment, version, revision, image
        Of the site that answered.
    warehouse, fingerprint
        What it reads.
    pages
        How many figures the readiness check found on each page.
    checked
        When the site last made that check.
    needs_help
        Whether it says that waiting changes nothing.
    """

    url: str
    health: Health
    reason: str = ""
    environment: str = ""
    version: str = ""
    revision: str = ""
    image: str = ""
    warehouse: str = ""
    fingerprint: str = ""
    pages: tuple[tuple[str, int], ...] = ()
    checked: str = ""
    needs_help: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON can hold it."""
        return {**asdict(self), "pages": dict(self.pages)}


class Unanswered(UserError):
    """No usable answer came."""


def look(url: str, expected: str = "", seconds: float = LOOK_SECONDS) -> Seen:
    """Ask a site's liveness, then its readiness.

    Parameters
    ----------
    url
        A checked address.
    expected
        The environment that should answer there; another one's answer is a fault.
    seconds
        How long the whole look may take.
    """
    until = time.monotonic() + seconds
    health: Health = "missing"
    try:
        ask(f"{url}/{HEALTH}", until)
        health = "unhealthy"  # it lives, so a site is there
        report = ask(f"{url}/{READY}", until)
    except Unanswered as error:
        return Seen(url, health, str(error))
    return _seen(url, report, expected)


def _seen(url: str, report: Mapping[str, Any], expected: str) -> Seen:
    data, pages = report.get("warehouse"), report.get("pages")
    warehouse = data if isinstance(data, dict) else {}
    counted = pages if isinstance(pages, dict) else {}
    texts = {name: clean(report.get(name)) for name in ("environment", "version", "revision", "image", "checked")}
    other = expected and texts["environment"].lower() != expected.lower()
    if report.get("ready") is True and not other:
        reason = ""
    elif other:
        reason = str(say("{environment} answers where {expected} should", environment=texts["environment"] or "?",
                         expected=expected.upper()))  # fmt: skip
    else:
        reason = clean(report.get("reason")) or str(say("it is not ready"))
    figures = [(clean(name), page.get("figures")) for name, page in counted.items() if isinstance(page, dict)]
    return Seen(
        url, "unhealthy" if reason else "healthy", reason, **texts,
        warehouse=clean(warehouse.get("version")), fingerprint=clean(warehouse.get("fingerprint")),
        pages=tuple((name, n if isinstance(n, int) else 0) for name, n in figures[:50]),
        needs_help=report.get("needs_help") is True,
    )  # fmt: skip


def clean(value: object) -> str:
    """Return a text from elsewhere as it may be shown; anything else is no text."""
    return shown(value.strip(), TEXT_CHARACTERS) if isinstance(value, str) else ""


def ask(url: str, until: float) -> dict[str, Any]:
    """Get a JSON object over HTTP, whatever its status; raise `Unanswered` when none came in time.

    A peer that sends a byte now and then never lets a socket's own timeout pass: the clock is held from outside.
    """
    got: list[dict[str, Any] | Unanswered] = []
    asking = threading.Thread(target=lambda: got.append(_asked(url, until)), daemon=True)
    asking.start()
    asking.join(max(0.0, until - time.monotonic()))
    answer = got[0] if got else Unanswered(N_("it did not answer in time"))
    if isinstance(answer, Unanswered):
        raise answer
    return answer


def _asked(url: str, until: float) -> dict[str, Any] | Unanswered:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(str(parts.hostname), parts.port, timeout=max(0.1, until - time.monotonic()))
    try:
        connection.request("GET", parts.path or "/", headers={"Accept": "application/json", "Connection": "close"})
        response = connection.getresponse()
        return _decoded(response.status, response.read(ANSWER_BYTES + 1))
    except TimeoutError:
        return Unanswered(N_("it did not answer in time"))
    except ssl.SSLError:
        return Unanswered(N_("its certificate or encryption cannot be trusted"))
    except socket.gaierror:
        return Unanswered(N_("its host is not known"))
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return Unanswered(N_("it does not answer ({reason})"), reason=str(reason).lower())
    finally:
        connection.close()


def _decoded(status: int, body: bytes) -> dict[str, Any] | Unanswered:
    if 300 <= status < 400:
        return Unanswered(N_("it sends to another address (status {status}), which is not followed"), status=status)
    if status == 421:
        return Unanswered(N_("it does not answer to that name: give it with {option}"), option="--host")
    if len(body) > ANSWER_BYTES:
        return Unanswered(N_("its answer is too long to be a site of ours"))
    try:
        report = json.loads(body)
    except (ValueError, RecursionError):
        report = None
    if not isinstance(report, dict):
        return Unanswered(N_("no site of ours answers there (status {status})"), status=status)
    return report
