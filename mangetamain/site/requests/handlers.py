"""What the site answers by itself, without a kernel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from voila.static_file_handler import MultiStaticFileHandler

from mangetamain.assets import DRAWING, STYLE
from mangetamain.identity import HEALTH, READY, identity
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

    def check_page(self, name: str) -> None:
        """Refuse what is none of our pages."""
        if name not in {known.name for known in self.pages.notebooks}:
            raise web.HTTPError(404)

    def tell(self, data: dict[str, object]) -> None:
        """Answer a machine, which is to ask anew each time."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(data, ensure_ascii=False))

    def lead(self, address: str) -> None:
        """Send the reader to another address of the site, with what she asked for."""
        self.redirect(f"{address}?{self.request.query}" if self.request.query else address)


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
        self.check_page(notebook)
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
    """Other addresses of a notebook: Voilà's own, and the page's with a slash too many."""

    def get(self, name: str) -> None:
        """Send the reader to the page, if it is one of ours."""
        self.check_page(name)
        self.lead(self.pages.address(name))


class HomeHandler(Handler):
    """What stands before the path of the site."""

    def get(self) -> None:
        """Send the reader to the first page."""
        self.lead(self.pages.base_url)


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
    return [
        (base, LandingHandler, tools),
        (f"{base}{HEALTH}", HealthHandler, tools),
        (f"{base}{READY}", ReadyHandler, tools),
        (rf"{base}snapshot/([\w-]+)\.json", SnapshotHandler, tools),
        (f"{base}assets/(.*)", StaticHandler, {"path": str(STYLE)}),
        (f"{base}voila/labextensions/mangetamain/static/(.*)", StaticHandler, {"path": str(DRAWING)}),
        (rf"{base}voila/render/([\w-]+)\.ipynb", OldAddressHandler, tools),
        (rf"{base}([\w-]+)/", OldAddressHandler, tools),
        (f"{base}voila/templates/mangetamain/static/(.*)", StaticHandler, {"path": str(STYLE)}),
        # Voilà's listing of files and its other ways to them are not for the public.
        (rf"{base}voila/(?:render|tree|files|templates|api/contents)(?:/.*)?", MissingHandler, MISSING),
    ]


def last(base: str, tools: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the route for all that no other took, to stand after Voilà's."""
    home = [] if base == "/" else [(f"(?:/|{base.rstrip('/')})", HomeHandler, tools)]
    return [*home, (".*", MissingHandler, MISSING)]


def names(folder: Path) -> str:
    """Return a pattern of the notebooks' names."""
    return "|".join(sorted(path.stem for path in folder.glob("*.ipynb"))) or "(?!)"
