"""A notebook's page: rendered in a kernel of its own, which ends with a page that fails or that nobody waits for."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from jupyter_core.utils import ensure_async
from tornado import web
from tornado.ioloop import IOLoop
from voila.tornado.handler import TornadoVoilaHandler

from mangetamain.site.requests.error_pages import Mannered

log = logging.getLogger(__name__)
# What Voilà says of each page.
HEADERS = {
    "Content-Type": "text/html",
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Pragma": "no-cache",
    "Expires": "0",
}


class Kernels:
    """The server's kernel manager, as one page sees it: it remembers which kernels it gave out."""

    def __init__(self, manager: Any, given: list[str]) -> None:  # noqa: ANN401 - Jupyter's own
        self.manager, self.given = manager, given

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.manager, name)

    async def start_kernel(self, **settings: Any) -> str:  # noqa: ANN401
        """Start a kernel."""
        self.given.append(await ensure_async(self.manager.start_kernel(**settings)))
        return self.given[-1]

    async def get_rendered_notebook(self, **settings: Any) -> Any:  # noqa: ANN401
        """Take a kernel that waits, and what it has rendered.

        It may have waited for longer than a kernel may idle, which Voilà forgives only while it waits: the sweep that
        comes before its reader's websocket would end it under her page. Its idling begins now.
        """
        found = await self.manager.get_rendered_notebook(**settings)
        self.given.append(found[2])
        self.manager.get_kernel(found[2]).last_activity = datetime.now(UTC)
        return found


class NotebookHandler(Mannered, TornadoVoilaHandler):
    """A notebook's page; its address is the notebook's name."""

    def initialize(self, **settings: Any) -> None:  # noqa: ANN401 - Voilà's own
        """Take what the handler needs."""
        super().initialize(**settings)
        self.given: list[str] = []

    @property
    def kernel_manager(self) -> Any:  # noqa: ANN401 - Jupyter's own
        """The kernels."""
        return Kernels(super().kernel_manager, self.given)

    @web.authenticated
    async def get(self, name: str) -> None:
        """Render the notebook in a kernel of its own."""
        try:
            await ensure_async(super().get(path=f"{name}.ipynb"))
        except Exception:
            await self.end()
            raise

    @web.authenticated
    def head(self, name: str) -> None:
        """Say what a visit would be answered with; it is worth no kernel."""
        for header, value in HEADERS.items():
            self.set_header(header, value)
        self.flush()  # before the end, at which tornado would write down a length of 0

    def on_connection_close(self) -> None:
        """End the kernel of a page that is left before it is whole: no script of it is there to do so."""
        super().on_connection_close()
        IOLoop.current().add_callback(self.end)

    async def end(self) -> None:
        """End the page's kernel."""
        for kernel in self.given:
            if kernel in self.kernel_manager.manager:
                try:
                    await self.kernel_manager.shutdown_kernel(kernel, now=True)
                except Exception:
                    log.exception("the kernel of a page that was left could not be ended")
