"""By which names a site may be asked: its own alone, so that none that is bound anew to it opens it to another site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from tornado.httputil import HTTPServerRequest

from mangetamain.errors import BadInput
from mangetamain.language import quoted
from mangetamain.site.access.token import Closed

ANY_HOST = "*"
LOCAL = "localhost"
# A name or an address, and a port.
HOST_PATTERN = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)\.?)(?::\d{1,5})?", re.ASCII)


def host_of(written: str) -> str:
    """Return the name or address that a ``Host`` header holds, without its port; nothing where it holds none."""
    match = HOST_PATTERN.fullmatch(written.lower())
    if match is None:
        return ""
    if match[2]:
        return str(_address(match[2]) or match[2])
    literal = _address(match[1])
    return str(literal) if literal and ":" in match[1] else ""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        literal = ip_address(text)
    except ValueError:
        return None
    return getattr(literal, "ipv4_mapped", None) or literal


def answers_to(written: str, reached: str, names: frozenset[str]) -> bool:
    """Say whether a site answers what was sent to a host.

    Parameters
    ----------
    written
        What the ``Host`` header holds.
    reached
        The site's own address at which the connection came in.
    names
        Further names and addresses; ``*`` for every one.
    """
    host = host_of(written)
    literal = _address(host)
    own = host == LOCAL or host == str(_address(reached)) or (literal is not None and literal.is_loopback)
    return bool(host) and (own or host in names or ANY_HOST in names)


def read_hosts(given: Iterable[str]) -> frozenset[str]:
    """Read the names that a site answers to besides its own, several in one text too; raise `BadInput` for no name."""
    words = [word for text in given for word in text.replace(",", " ").split()]
    return frozenset(word if word == ANY_HOST else _named(word) for word in words)


def _named(word: str) -> str:
    host = host_of(f"[{word}]" if word.count(":") > 1 and "[" not in word else word)
    if not host:
        raise BadInput(
            "The site cannot answer to {given}: a host is a name or an address, as in {example}, or {any} for all.",
            given=quoted(word[:100]), example="food.example.org", any=ANY_HOST,
        )  # fmt: skip
    return host


def misdirected(request: HTTPServerRequest, names: frozenset[str]) -> bool:
    """Say whether a request does not name one host, the site."""
    connection: Any = request.connection  # tornado's own over HTTP/1, which knows its socket
    place = connection.stream.socket.getsockname()
    reached = str(place[0]) if isinstance(place, tuple) else ""
    asked = request.headers.get_list("Host")
    return len(asked) != 1 or not answers_to(asked[0], reached, names)


class MisdirectedHandler(Closed):
    """Says that the site does not answer to that name, and nothing else."""

    status, words = 421, "misdirected"
