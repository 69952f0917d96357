"""Voilà with our pages around it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from typing import Any

from jupyter_core.utils import ensure_async, run_sync
from tornado import web
from tornado.ioloop import IOLoop, PeriodicCallback
from voila.app import Voila

from mangetamain import stopping
from mangetamain.site.access.hosts import addressed
from mangetamain.site.access.token import guarded
from mangetamain.site.health.readiness import Readiness
from mangetamain.site.health.rendering import Visit
from mangetamain.site.notebook import NotebookHandler
from mangetamain.site.pages.data import Source
from mangetamain.site.pages.html import Pages, library
from mangetamain.site.requests.error_pages import PAGES_SETTING, mannered
from mangetamain.site.requests.handlers import LibraryHandler, handlers, last, names
from mangetamain.themes import themes

LOOK_MILLISECONDS = 1000  # milliseconds between two looks at the data, and between two thoughts of rendering the pages


def reached(ip: str, port: int) -> str:
    """Return the root of the addresses at which a server that listens so is reached from its own machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(ip, ip)  # noqa: S104 - where such a server is reached
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class Site(Voila):
    """Voilà, with a landing page that starts no kernel, snapshots, and kernels that follow the data."""

    pages: Pages
    source: Source
    readiness: Readiness
    secret: str  # Voilà has a `token` of its own, which lets everybody have the files
    names: frozenset[str]  # of hosts, besides its own

    def init_handlers(self) -> list[Any]:
        """Put the site's routes before Voilà's, and the friendly "no such page" after them."""
        # The last put in stands first: who asks under another name does not learn that there is a token.
        if self.secret:
            self.app.default_router.rules.insert(0, guarded(self.secret, self.pages))
        self.app.default_router.rules.insert(0, addressed(self.names, self.pages))
        self.app.settings[PAGES_SETTING] = self.pages
        tools = {"pages": self.pages, "source": self.source, "readiness": self.readiness}
        settings = {"template_paths": self.template_paths, "config": self.config}
        page = (
            f"{self.base_url}({names(self.pages)})",
            NotebookHandler,
            {**settings, "voila_configuration": self.voila_configuration},
        )
        scripts = (f"{self.base_url}{library()}/(.*)", LibraryHandler, {"paths": self.static_paths})
        theirs = [(path, mannered(handler), *rest) for path, handler, *rest in super().init_handlers()]
        return [*handlers(self.base_url, tools), page, scripts, *theirs, *last(self.base_url, tools)]

    @property
    def connection_url(self) -> str:
        """Where a browser on this machine finds the site."""
        return f"{reached(self.ip, self.port)}{self.base_url}"

    def start(self) -> None:
        """Serve; told to stop at any moment, end the kernels that started and the files by which they were reached."""
        with stopping.removing(self.forget_connections):
            try:
                super().start()
            finally:
                stopping.end_children()  # those that just start would write there again
                self.forget_connections()

    def _handle_signal_stop(self, sig: int, frame: object) -> None:
        """Take a signal as every command does: Voilà's own way needs a loop, which may not run yet."""
        stopping.take(sig, frame)

    def listen(self) -> None:
        """Say where the site is, and serve until told to stop."""
        print(f"Mangetamain is served at {self.connection_url} - Ctrl-C ends it", flush=True)  # noqa: T201 - its one line
        self.seen = self.source.fingerprint()
        # A callback that still runs is not called again: there is never more than one check.
        PeriodicCallback(self.follow, LOOK_MILLISECONDS).start()
        PeriodicCallback(self.prove, LOOK_MILLISECONDS).start()
        # The loop ends between two callbacks, and the exit code says by which signal.
        with stopping.instead(lambda: IOLoop.current().add_callback_from_signal(IOLoop.current().stop)):
            super().listen()

    def stop(self) -> None:
        """End the kernels at once: an interrupt, Jupyter's way, has those that just start complain on the terminal."""
        run_sync(self._end_all)()

    def forget_connections(self) -> None:
        """Remove the files by which kernels were reached."""
        shutil.rmtree(self.connection_dir, ignore_errors=True)

    async def _end_all(self) -> None:
        manager = self.kernel_manager
        for _ in range(100):  # one that a check or a page left ends itself at this moment is gone in a moment
            if not (running := manager.list_kernel_ids()):
                break
            ends = (ensure_async(manager.shutdown_kernel(kernel, now=True)) for kernel in running)
            await asyncio.gather(*ends, return_exceptions=True)
            await asyncio.sleep(0.05)
        with contextlib.suppress(web.HTTPError, KeyError):
            await manager.shutdown_all(now=True)

    async def prove(self) -> None:
        """Render each page when it is time to, never with kernels that wait for data that are gone."""
        await self.follow()
        await self.readiness.check()

    def visits(self) -> list[Visit]:
        """Return a visit to each page, by the way that readers come."""
        root = reached(self.ip, self.port)
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return [
            Visit(name, root + self.pages.address(name), len(theme.asked), headers, self.kernel_manager)
            for name, theme in themes().items()
        ]

    async def follow(self) -> None:
        """Replace waiting kernels whose pages were made of data that are gone."""
        await self.readiness.look()
        standing = self.readiness.standing
        fingerprint = standing.fingerprint if standing else ""
        if fingerprint == self.seen or self.readiness.reading:
            return
        self.seen = fingerprint
        pools: dict[str, list[Any]] = getattr(self.kernel_manager, "_pools", {})
        # Voilà 0.5 has no word for it: pools are emptied and filled anew before those who waited are ended, so that a
        # reader who comes now waits for a kernel of the new data in place of getting one of the old.
        waiting = dict(pools)
        for name in waiting:
            pools[name] = []
            self.kernel_manager.fill_if_needed(delay=0, notebook_name=name)
        for name, tasks in waiting.items():
            await self._end(name, tasks)

    async def _end(self, notebook: str, waiting: list[Any]) -> None:
        for task in waiting:
            try:
                await self.kernel_manager.shutdown_kernel((await task)["kernel_id"], now=True)
            except Exception:
                self.log.exception("a waiting kernel of %s could not be ended", notebook)
