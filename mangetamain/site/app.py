"""The site as a whole: its parts, their routes, and the server's life from listening to its end."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.ioloop import PeriodicCallback
from tornado.routing import Matcher
from tornado.web import Application

from mangetamain import stopping
from mangetamain.site.access.hosts import MisdirectedHandler, misdirected
from mangetamain.site.access.token import Guard, GuardHandler
from mangetamain.site.answering.answers import Answers, read
from mangetamain.site.answering.asked import Asked, Reply
from mangetamain.site.answering.pool import Pool
from mangetamain.site.health.data import Watch
from mangetamain.site.health.readiness import Proof, Proofs, Readiness
from mangetamain.site.pages.data import Source
from mangetamain.site.pages.html import FIRST_SCRIPT, Pages
from mangetamain.site.pages.rendered import Renderings
from mangetamain.site.requests.base import Requests
from mangetamain.site.requests.handlers import routes
from mangetamain.site.requests.log import logs_requests
from mangetamain.site.requests.machines import UnreadyHandler, unready
from mangetamain.site.requests.notebooks import Notebooks
from mangetamain.themes import themes

LOOK_MILLISECONDS = 1000  # between two looks at the data, and between two thoughts of trying the pages
FINISH_SECONDS = 2.0  # that requests under way have when the site is told to end; less than `stopping.END_SECONDS`
SEND_SECONDS = 10.0  # that what was answered then has to reach its readers
PROOF_SECONDS = 120.0  # that a check waits for a page to be rendered
_SCRIPT = base64.b64encode(hashlib.sha256(FIRST_SCRIPT.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'self'; script-src 'self' 'sha256-{_SCRIPT}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'self'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
log = logging.getLogger(__name__)


def reached(ip: str, port: int) -> str:
    """Return the root of the addresses at which a server that listens so is reached from its own machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(ip, ip)  # noqa: S104 - where such a server is reached
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class Where(Matcher):
    """Takes the requests of which something is so, and leaves others to the routes that follow."""

    def __init__(self, so: Callable[[HTTPServerRequest], bool]) -> None:
        self.so = so

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Take a request, or leave it."""
        return {} if self.so(request) else None


class Site:
    """A running site.

    Parameters
    ----------
    pages, source
        Its HTML and its data.
    secret, names
        The token that visitors need, empty for an open site; hosts, besides its own.
    workers, answer_seconds
        Processes that compute answers, and what one may take.
    ready_seconds
        How long a check counts as proof that the site is ready.
    """

    def __init__(
        self, pages: Pages, source: Source, secret: str, names: frozenset[str], workers: int, answer_seconds: float,
        ready_seconds: float,
    ) -> None:  # fmt: skip
        self.source = source
        self.pool = Pool(source.con.home, workers, answer_seconds)
        self.renderings = Renderings()
        self.notebooks = Notebooks(pages, source, Answers(source.con, self.pool), self.renderings)
        self.readiness = Readiness(Watch(source.con), self.prove, ready_seconds)
        self.requests = Requests()
        guard = Guard(secret, pages.base_url)
        # The name goes first: who asks under another one does not learn that there is a token.
        gates: list[tuple[Any, ...]] = [
            (Where(partial(misdirected, names=names)), MisdirectedHandler, {"pages": pages}),
            (Where(guard.stops), GuardHandler, {"pages": pages, "guard": guard}),
            (Where(partial(unready, readiness=self.readiness)), UnreadyHandler),
        ]
        self.app = Application(
            [*gates, *routes(pages, self.notebooks, self.readiness)], headers=HEADERS, pages=pages,
            requests=self.requests, log_function=logs_requests(pages.base_url, [each.name for each in pages.notebooks]),
        )  # fmt: skip

    async def serve(self, sockets: Sequence[socket.socket]) -> None:
        """Serve on sockets that listen until the process is told to stop."""
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        server = HTTPServer(self.app)
        # A callback that still runs is not called again: there is never more than one check.
        turns = [PeriodicCallback(turn, LOOK_MILLISECONDS) for turn in (self.follow, self.readiness.check)]
        with stopping.instead(lambda: loop.call_soon_threadsafe(told.set)):
            stopping.listen()
            server.add_sockets(sockets)
            for turn in turns:
                turn.start()
            # Of the data as they are found: whether they are whole is known later, and who waits for a page waits less.
            self.renderings.follow((await read(self.source.known)).fingerprint)
            await told.wait()
        for turn in turns:
            turn.stop()
        server.stop()  # new visitors are refused
        await self.requests.finish(FINISH_SECONDS)
        await self.renderings.stop()
        self.pool.stop()
        self.requests.put_off()  # who asks from here on, too
        with stopping.in_peace():
            await self.requests.sent(SEND_SECONDS)

    async def follow(self) -> None:
        """See which data there are, and have the notebooks rendered anew where they are others."""
        await self.readiness.look()
        if self.readiness.standing:
            self.renderings.follow(self.readiness.standing.fingerprint)

    async def prove(self) -> Proofs:
        """Try what readers come for: each page, and an answer that is computed though it be known."""
        pages = {name: await self._proof(name, len(theme.asked)) for name, theme in themes().items()}
        reply = await self.pool.ask(Asked("volume", fresh=True), "")
        told = reply.told.get("trouble") or ("" if figure(reply) else "Its figure is empty.")
        return Proofs(pages, f"The pool gave no answer to a question: {told}" if told else "")

    async def _proof(self, name: str, panels: int) -> Proof:
        """Look at a page's panels: each is there, none failed, and one figure at least has data."""
        rendered = await self.notebooks.rendered(name, PROOF_SECONDS)
        if rendered is None:
            return Proof(reason=f"The page {name} was not rendered within {PROOF_SECONDS:.0f} s.")
        if rendered.foreign:
            return Proof()
        if not rendered.whole or len(rendered.panels) < panels:
            there = f"has {len(rendered.panels)} of its {panels} panels"
            return Proof(reason=f"The page {name} {there}: a cell of it failed; the log says why.")
        asked = [Asked.of(panel.question, panel.base, "en") for panel in rendered.panels]
        replies = [await self.notebooks.answers.reply(each) for each in asked]
        figures, faults = sum(map(figure, replies)), sum("fault" in reply.told for reply in replies)
        if faults:
            return Proof(figures, f"{faults} of the {panels} panels of the page {name} failed; the log says why.")
        return Proof(figures, "" if figures or not panels else f"The page {name} shows no figure.")


def figure(reply: Reply) -> bool:
    """Say whether an answer has a figure with data in it."""
    return any(trace.get("x") or trace.get("y") for trace in reply.told.get("spec", {}).get("data", ()))
