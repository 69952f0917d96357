"""What the site answers by itself, without a kernel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from voila.static_file_handler import MultiStaticFileHandler

from mangetamain.assets import DRAWING, STYLE
from mangetamain.environment import HEALTH, READY, identity
from mangetamain.site.health.readiness import Readiness
from mangetamain.site.pages.data import Source
from mangetamain.site.pages.html import Pages
from mangetamain.site.requests.error_pages import Files, Mannered, language

T = TypeVar("T")
FOR_A_YEAR = f"public, max-age={365 * 24 * 3600}, immutable"
MISSING = {"status_code": 404}
# One thread reads for all visitors: what it reads is small, and kept.
_reader = ThreadPoolExecutor(1, "mangetamain-site")


def read(function: Callable[..., T], *arguments: object) -> Awaitable[T]:
    """Run a blocking read off the event loop."""
    return asyncio.get_running_loop().run_in_executor(_reader, function, *arguments)


class Handler(Mannered, JupyterHandler):
    """What the site's own handlers share."""

    def initialize(self, pages: Pages, source: Source, readiness: Readiness) -> None:
        """Take what the handlers need."""
        self.pages, self.source, self.readiness = pages, source, readiness

    def tell(self, data: dict[str, object]) -> None:
        """Answer a machine, which is to ask anew each time."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(data, ensure_ascii=False))


class LandingHandler(Handler):
    """The first page."""

    @web.authenticated
    async def get(self) -> None:
        """Show the main question, its answers and the way to each theme."""
        landing = await read(self.source.landing)
        self.set_status(503 if landing.problem else 200)
        self.set_header("Cache-Control", "no-cache")
        self.finish(self.pages.landing(landing.about, landing.headlines, landing.problem, language(self.request)))


class SnapshotHandler(Handler):
    """A notebook's first figures as JSON, from the answer store."""

    @web.authenticated
    async def get(self, notebook: str) -> None:
        """Send the stored answers; tornado adds their digest, and 304 where the reader's copy is still good."""
        body = await read(self.source.snapshot, notebook)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(body)


class HealthHandler(Handler):
    """Whether the server is alive: no data, no kernel."""

    def get(self) -> None:
        """Say so."""
        self.tell({"ok": True, **identity()})


class ReadyHandler(Handler):
    """Whether each page can be rendered: what the server's own checks found, without a kernel for who asks."""

    async def get(self) -> None:
        """Say so."""
        await self.readiness.look()
        report = self.readiness.report()
        self.set_status(200 if report["ready"] else 503)
        self.tell(report)


class OldAddressHandler(Handler):
    """Other addresses of a page: Voilà's own, one with a slash too many, and what stands before the site's path."""

    def get(self, name: str = "") -> None:
        """Send the reader to the page, with what she asked for."""
        address, asked = self.pages.address(name), self.request.query
        self.redirect(f"{address}?{asked}" if asked else address)


class MissingHandler(Mannered, web.ErrorHandler):
    """Everything else, whatever the method."""


class StaticHandler(Files, web.StaticFileHandler):
    """Our own files: kept for long where the address holds a version, else asked for again."""

    def set_extra_headers(self, path: str) -> None:
        """Say how long a copy is good."""
        lasting = "v" in self.request.arguments or path.endswith(".woff2")
        self.set_header("Cache-Control", FOR_A_YEAR if lasting else "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")


class LibraryHandler(StaticHandler, MultiStaticFileHandler):
    """Voilà's own scripts, at an address that changes with Voilà's version."""

    def set_extra_headers(self, path: str) -> None:
        """Let a copy be kept for long."""
        super().set_extra_headers(path)
        self.set_header("Cache-Control", FOR_A_YEAR)


def handlers(base: str, tools: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the site's own routes, to stand before Voilà's; `tools` are what a `Handler` takes."""
    page = names(tools["pages"])
    return [
        (base, LandingHandler, tools),
        (f"{base}{HEALTH}", HealthHandler, tools),
        (f"{base}{READY}", ReadyHandler, tools),
        (rf"{base}snapshot/({page})\.json", SnapshotHandler, tools),
        (f"{base}assets/(.*)", StaticHandler, {"path": str(STYLE)}),
        (f"{base}voila/labextensions/mangetamain/static/(.*)", StaticHandler, {"path": str(DRAWING)}),
        (rf"{base}voila/render/({page})\.ipynb", OldAddressHandler, tools),
        (f"{base}({page})/", OldAddressHandler, tools),
        (f"{base}voila/templates/mangetamain/static/(.*)", StaticHandler, {"path": str(STYLE)}),
        # Voilà's listing of files and its other ways to them are not for the public.
        (rf"{base}voila/(?:render|tree|files|templates|api/contents)(?:/.*)?", MissingHandler, MISSING),
    ]


def last(base: str, tools: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the route for all that no other took, to stand after Voilà's."""
    home = [] if base == "/" else [(f"(?:/|{base.rstrip('/')})", OldAddressHandler, tools)]
    return [*home, (".*", MissingHandler, MISSING)]


def names(pages: Pages) -> str:
    """Return a pattern of the notebooks' names."""
    return "|".join(notebook.name for notebook in pages.notebooks) or "(?!)"
