"""What all handlers of the site share: its manners, its languages, and how a body is sent."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import time
from ipaddress import ip_address
from types import TracebackType
from typing import Any

from tornado import web
from tornado.iostream import StreamClosedError

from mangetamain.language import LANGS
from mangetamain.site.pages.html import Pages
from mangetamain.site.requests.sending import HTML, Content

log = logging.getLogger(__name__)
RETRY_AFTER = "3"  # seconds
LANG_COOKIE = "mm-lang"


def preferred(header: str) -> str:
    """Choose among our languages by an Accept-Language header, such as ``fr-CH, fr;q=0.9, en;q=0.8``."""
    likings: dict[str, float] = {}
    for part in header.split(","):
        name, _, quality = part.strip().partition(";q=")
        with contextlib.suppress(ValueError):
            likings.setdefault(name[:2].lower(), float(quality or 1))
    ours = {lang: likings[lang] for lang in LANGS if likings.get(lang)}
    return max(ours, key=lambda lang: ours[lang]) if ours else LANGS[0]


class Handler(web.RequestHandler):
    """Says in one sentence, in the reader's language, what went wrong; only a fault of ours has its traceback told."""

    tag: str | None = None
    mistakes: tuple[type[BaseException], ...] = (web.HTTPError, StreamClosedError)  # a visitor's, not ours

    def prepare(self) -> None:
        """Be known as under way; where the site is ending, the connection ends with this request."""
        self.settings["requests"].begun(self)
        super().prepare()

    def finish(self, chunk: str | bytes | dict[str, Any] | None = None) -> asyncio.Future[None]:
        """Be known as answered, and the answer as on its way until its last byte is sent."""
        sent = super().finish(chunk)
        self.settings["requests"].answered(self, sent)
        return sent

    def on_connection_close(self) -> None:
        """Be waited for by nobody, for the reader is gone."""
        self.settings["requests"].ended(self)

    @property
    def pages(self) -> Pages:
        """The site's HTML."""
        pages: Pages = self.settings["pages"]
        return pages

    @property
    def lang(self) -> str:
        """The language asked for in the address, else the one chosen before, else what the browser likes best."""
        asked = self.request.query_arguments.get("lang", [b""])[-1].decode("ascii", "replace").strip()
        liked = preferred(self.request.headers.get("Accept-Language", ""))
        return next(lang for lang in (asked, self.get_cookie(LANG_COOKIE, ""), liked) if lang in LANGS)

    @property
    def client(self) -> str:
        """What tells one client from another, to be fair to each; a proxy beside the site says whom it speaks for."""
        place = str(self.request.remote_ip)
        spoken = self.request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        try:
            return spoken or place if ip_address(place).is_private else place
        except ValueError:  # a socket that has no address
            return place

    @property
    def origin(self) -> str:
        """The site's scheme and host, as its reader has them."""
        request = self.request
        secure = "https" in (request.protocol, request.headers.get("X-Forwarded-Proto", ""))
        return f"{'https' if secure else 'http'}://{request.host}"

    def set_default_headers(self) -> None:
        """Say what no page of ours may do."""
        for name, value in self.settings["headers"].items():
            self.set_header(name, value)

    def compute_etag(self) -> str | None:
        """Return the digest of what is sent as it is; of anything else there is none."""
        return self.tag

    def send(self, content: Content, kept: str = "no-cache") -> None:
        """Send a body, compressed where it may be; tornado makes it 304 where the reader's copy is still good."""
        self.set_header("Content-Type", content.kind)
        self.set_header("Cache-Control", kept)
        self.add_header("Vary", "Accept-Encoding")
        self.tag = content.tag
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(content.zipped)
        else:
            self.finish(gzip.decompress(content.zipped))

    def send_page(self, page: Content) -> None:
        """Send a page in the reader's language."""
        self.set_header("Vary", "Accept-Language, Cookie")
        self.send(page)

    def notice(self, key: str, status: int) -> None:
        """Answer with a page that says one thing."""
        self.set_status(status)
        self.send_page(Content.of(HTML, self.pages.notice(key, self.lang)))

    def put_off(self) -> None:
        """Send a reader away whose request is not finished by a site that ends.

        A proxy whose connection just ends asks the site that takes over; who has none in between is told.
        """
        if "X-Forwarded-For" in self.request.headers:
            self.detach().close()
            return
        self.clear()
        self.set_header("Connection", "close")
        self.set_header("Retry-After", RETRY_AFTER)
        self.say_ending()

    def say_ending(self) -> None:
        """Say that the site ends."""
        self.notice("ending", 503)

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401 - tornado's own
        """Say it in a page."""
        self.notice("missing" if status_code == 404 else "odd" if status_code < 500 else "broken", status_code)

    def log_exception(
        self, typ: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Leave a visitor's mistake to the request's own line, which says neither who asked nor for what."""
        if not isinstance(value, self.mistakes):
            log.error("a request failed", exc_info=(typ, value, tb) if typ and value else None)

    def head(self, *args: Any) -> Any:  # noqa: ANN401 - as `get` of each
        """Answer as to `GET`; tornado leaves the body out."""
        return self.get(*args)


class Requests:
    """The requests under way: a site that ends finishes them before its parts end, and puts off who would wait long."""

    def __init__(self) -> None:
        self._handlers: set[Handler] = set()
        self._sending: set[asyncio.Future[None]] = set()
        self._ending = self._over = False

    def begun(self, handler: Handler) -> None:
        """Know a request."""
        self._handlers.add(handler)
        if self._over:
            handler.put_off()
        elif self._ending:
            handler.set_header("Connection", "close")

    def answered(self, handler: Handler, sent: asyncio.Future[None]) -> None:
        """Know an answer that is being sent."""
        self.ended(handler)
        self._sending.add(sent)
        sent.add_done_callback(self._sending.discard)

    def ended(self, handler: Handler) -> None:
        """Forget a request."""
        self._handlers.discard(handler)

    async def finish(self, seconds: float) -> None:
        """Wait until none is under way, some seconds at most."""
        self._ending, until = True, time.monotonic() + seconds
        while self._handlers and time.monotonic() < until:
            await asyncio.sleep(0.02)

    def put_off(self) -> None:
        """Send away who still waits, or comes now; tornado tells them of a fault when the loop ends their work."""
        self._over = True
        for handler in tuple(self._handlers):
            handler.put_off()

    async def sent(self, seconds: float) -> None:
        """Wait until the last byte of each answer is sent, some seconds at most."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)
