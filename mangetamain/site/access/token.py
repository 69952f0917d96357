"""The guard of a site that is not for everybody: without its token nothing answers but health and readiness."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError, RequestHandler, stream_request_body

from mangetamain.environment import HEALTH, READY
from mangetamain.errors import BadInput
from mangetamain.language import say
from mangetamain.site.pages.html import Pages

COOKIE = "mangetamain"
COOKIE_DAYS = 30
CLOSED_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def read_token(path: Path | None) -> str:
    """Read the token of a site; none where no file is named.

    A file that cannot be read or holds none raises `BadInput`: a site that should be guarded is never open by mistake.
    """
    if path is None:
        return ""
    try:
        token = path.read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise BadInput(
            "The token cannot be read from {file}: {reason}.",
            file=str(path), reason=(getattr(error, "strerror", None) or "").lower() or say("it is no text"),
        ) from None  # fmt: skip
    if not token:
        raise BadInput("The token file {file} is empty: write a token into it.", file=str(path))
    return token


class Guard:
    """Knows who brings a site's token: as ``?token=...`` once, which leaves a cookie, or as a bearer each time.

    A site without one stops nobody.
    """

    def __init__(self, token: str, base_url: str) -> None:
        self.token = token.encode()
        # The cookie is not the token: browsers send it to every port of the host, whoever listens there.
        self.cookie = hmac.new(self.token, COOKIE.encode(), hashlib.sha256).hexdigest()
        self.open = {f"{base_url}{HEALTH}", f"{base_url}{READY}"}

    def stops(self, request: HTTPServerRequest) -> bool:
        """Say whether a request may not pass, or brings the token in its address."""
        if not self.token or (request.method in ("GET", "HEAD") and request.path in self.open):
            return False
        return self.brings(request) or not self.known(request)

    def brings(self, request: HTTPServerRequest) -> bool:
        """Say whether the address of a request holds the token."""
        return self.right(request.query_arguments.get("token", [b""])[-1])

    def known(self, request: HTTPServerRequest) -> bool:
        """Say whether a request comes from someone who had the token."""
        given = request.cookies.get(COOKIE)
        by_cookie = hmac.compare_digest((given.value if given else "").encode(), self.cookie.encode())
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        return by_cookie or (scheme.lower() == "bearer" and self.right(bearer.strip().encode()))

    def right(self, token: bytes) -> bool:
        """Compare with the token in a time that tells nothing: not even its length, for digests are of one."""
        return hmac.compare_digest(hashlib.sha256(token).digest(), hashlib.sha256(self.token).digest())


@stream_request_body
class Closed(RequestHandler):
    """Shows the one page there is for who may not come in; what a stranger sends is not even read."""

    status, words = 403, "locked"

    def initialize(self, pages: Pages, guard: Guard | None = None) -> None:
        """Take what the handlers need."""
        self.pages, self.guard = pages, guard

    async def prepare(self) -> None:
        """Answer whatever was asked, by whatever method."""
        raise HTTPError(self.status)

    def data_received(self, chunk: bytes) -> None:
        """Drop it."""

    def set_default_headers(self) -> None:
        """Keep an answer from being stored, framed, or telling its address to anybody."""
        for name, value in CLOSED_HEADERS.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401 - tornado's own
        """Say why, whatever was asked."""
        self.set_status(self.status)
        self.finish(self.pages.closed(self.words))


class GuardHandler(Closed):
    """Lets in who brings the token, and says so to who does not."""

    async def prepare(self) -> None:
        """Let in who comes with the token."""
        if self.guard and self.request.method in ("GET", "HEAD") and self.guard.brings(self.request):
            self.welcome(self.guard.cookie)
        else:
            await super().prepare()

    def welcome(self, cookie: str) -> None:
        """Leave a cookie, and send the visitor to the address without the token."""
        secure = "https" in (self.request.protocol, self.request.headers.get("X-Forwarded-Proto", ""))
        self.set_cookie(
            COOKIE, cookie, path=self.pages.base_url, max_age=COOKIE_DAYS * 24 * 3600,
            httponly=True, samesite="Lax", secure=secure,
        )  # fmt: skip
        # One slash: two would name another host.
        path = re.sub(r"^[/\\]*", "/", self.request.path)
        rest = urlencode([pair for pair in parse_qsl(self.request.query, keep_blank_values=True) if pair[0] != "token"])
        self.redirect(f"{path}?{rest}" if rest else path)
