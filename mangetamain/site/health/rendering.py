"""Asks for a page as a visitor does, looks into its kernel for figures, and ends that kernel whatever happened."""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.simple_httpclient import HTTPTimeoutError

log = logging.getLogger(__name__)
KERNEL = re.compile(rb'"kernelId": ?"([0-9a-f-]{36})"')
CHECK_HEADER = "Mangetamain-Check"  # a header: the site itself is asking, and no reader
# A page is about 40 kB; what goes on beyond this is no page of ours.
PAGE_BYTES = 5_000_000


@dataclass(frozen=True)
class Rendered:
    """What a page turned out to hold: how many figures with data, or one sentence on what is wrong."""

    figures: int = 0
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether a reader would be served."""
        return not self.reason


@dataclass
class Visit:
    """One visit to a page.

    Parameters
    ----------
    name, url
        The page.
    panels
        How many panels its notebook asks for.
    headers
        What lets the visitor in.
    kernels
        The server's own kernel manager.
    """

    name: str
    url: str
    panels: int
    headers: dict[str, str]
    kernels: Any
    body: bytearray = field(default_factory=bytearray)

    async def render(self, seconds: float) -> Rendered:
        """Render the page in at most some seconds; what goes wrong becomes the result's reason."""
        try:
            async with asyncio.timeout(seconds):
                return await self._look(seconds)
        except (TimeoutError, HTTPTimeoutError):
            return Rendered(reason=f"The page {self.name} was not rendered within {seconds:.0f} s.")
        except Exception:
            log.exception("the page %s could not be checked", self.name)
            return Rendered(reason=f"The page {self.name} could not be rendered; the log says why.")
        finally:
            await self._leave()

    async def _look(self, seconds: float) -> Rendered:
        status = await self._fetch(seconds)
        if status != 200:
            return Rendered(reason=f"The page {self.name} answers with status {status}.")
        if self.kernel is None:
            return Rendered(reason=f"The page {self.name} came without a kernel.")
        return judged(self.name, self.panels, await widget_states(self.kernels.get_kernel(self.kernel)))

    async def _fetch(self, seconds: float) -> int:
        client = AsyncHTTPClient(force_instance=True)
        # Its own timeout closes the connection, at which the server ends the kernel of a page that said none.
        request = HTTPRequest(
            self.url, headers={**self.headers, CHECK_HEADER: self.name}, follow_redirects=False,
            connect_timeout=seconds, request_timeout=seconds, streaming_callback=self._read,
        )  # fmt: skip
        try:
            return int((await client.fetch(request, raise_error=False)).code)
        finally:
            client.close()

    def _read(self, chunk: bytes) -> None:
        if len(self.body) < PAGE_BYTES:
            self.body += chunk

    @property
    def kernel(self) -> str | None:
        """The page's kernel, as soon as so much of the page has come."""
        found = KERNEL.search(self.body)
        return found[1].decode() if found else None

    async def _leave(self) -> None:
        kernel = self.kernel
        if kernel is None or kernel not in self.kernels:
            return
        try:
            await asyncio.wait_for(self.kernels.shutdown_kernel(kernel, now=True), 20)
        except Exception:
            log.exception("the kernel of a check of %s could not be ended", self.name)


async def widget_states(manager: Any) -> dict[str, Any]:  # noqa: ANN401 - jupyter_client has no types
    """Ask a kernel for the state of each of its widgets, as a front end that comes late does."""
    client, comm = manager.client(), uuid.uuid4().hex
    client.start_channels(stdin=False, hb=False)
    try:
        await client.wait_for_ready()
        opened = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
        asked = {"comm_id": comm, "data": {"method": "request_states"}}
        for kind, content in (("comm_open", opened), ("comm_msg", asked)):
            client.shell_channel.send(client.session.msg(kind, content, metadata={"version": "1.0.0"}))
        while True:
            message = await client.get_iopub_msg(timeout=None)
            said = message["content"]
            if said.get("comm_id") != comm:
                continue
            if message["msg_type"] == "comm_close":  # nobody there to ask: the page made no widget at all
                return {}
            if said["data"].get("method") == "update_states":
                return {name: model["state"] for name, model in said["data"]["states"].items()}
    finally:
        client.stop_channels()


def judged(name: str, panels: int, states: dict[str, Any]) -> Rendered:
    """Say what a page's widgets amount to: each panel is there, none failed, and one figure at least has data."""
    charts = [state for state in states.values() if {"spec", "alt"} <= state.keys()]
    figures = sum(bool(state["spec"].get("data")) for state in charts)
    faults = sum("mm-fault" in str(state.get("value", "")) for state in states.values())
    if len(charts) < panels:
        return Rendered(figures, f"The page {name} has {len(charts)} of its {panels} panels: a cell of it failed.")
    if faults:
        return Rendered(figures, f"{faults} of the {panels} panels of the page {name} failed; the log says why.")
    if not figures:
        return Rendered(figures, f"The page {name} shows no figure.")
    return Rendered(figures)
