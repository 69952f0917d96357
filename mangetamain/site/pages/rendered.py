"""The notebooks as Voilà rendered them, once for each version of the data, in a process that ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import logging
import re
import sys
import time
from dataclasses import dataclass

import psutil

from mangetamain.language import N_, say
from mangetamain.panels.carried import Placed
from mangetamain.safe_text import tell
from mangetamain.site.pages.kept import keep, kept
from mangetamain.themes import folder, themes

log = logging.getLogger(__name__)
MARKER = re.compile(r'<template data-mm-(?:panel="([^"]*)"|widget)></template>')
# A notebook's outputs are lines of some 15 kB; one of more than this ends its rendering.
LINE_BYTES = 50_000_000
RENDER = "from mangetamain.site.rendering import main; main()"
RETRY_SECONDS = 30.0  # after a rendering in which a notebook failed


@dataclass(frozen=True)
class Rendered:
    """A notebook in parts: prose and other outputs as HTML, and panels.

    Parameters
    ----------
    whole
        Whether all of its cells ran.
    foreign
        Whether it shows widgets of others, which need a kernel of their own.
    """

    parts: tuple[str | Placed, ...] = ()
    whole: bool = False
    foreign: bool = False

    @property
    def panels(self) -> list[Placed]:
        """The panels, in order."""
        return [part for part in self.parts if isinstance(part, Placed)]


def split(text: str, whole: bool = True) -> Rendered:
    """Split what Voilà rendered at its markers."""
    parts, place, foreign = list[str | Placed](), 0, False
    for marker in MARKER.finditer(text):
        parts.append(text[place : marker.start()])
        place = marker.end()
        if marker[1] is None:
            foreign = True
        else:
            parts.append(Placed.of(json.loads(html.unescape(marker[1]))))
    return Rendered((*parts, text[place:]), whole, foreign)


class Renderings:
    """Has notebooks rendered, and keeps the last rendering of each."""

    def __init__(self) -> None:
        self.of: str | None = None  # the data that they are rendered of
        self._pages: dict[str, Rendered] = {}
        self._come = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._ended = 0.0

    def follow(self, fingerprint: str) -> None:
        """Render anew where the data changed, or a while after a notebook failed; what there is is served meanwhile."""
        failed = not all(page.whole for page in self._pages.values())
        again = failed and time.monotonic() - self._ended > RETRY_SECONDS
        if (self._task is None or self._task.done()) and (fingerprint != self.of or again):
            self.of = fingerprint
            self._task = asyncio.create_task(self._render())

    async def page(self, name: str, seconds: float) -> Rendered | None:
        """Return a notebook; wait some seconds for the first rendering of it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._come:
                await self._come.wait_for(lambda: name in self._pages)
        return self._pages.get(name)

    async def stop(self) -> None:
        """End a rendering that is under way, with its kernels."""
        if self._task is None or self._process is None or self._task.done():
            return
        self._task.cancel()
        with contextlib.suppress(psutil.Error):
            family = psutil.Process(self._process.pid)
            for each in [*family.children(recursive=True), family]:
                each.kill()
        await asyncio.gather(self._task, self._process.wait(), return_exceptions=True)

    async def ended(self) -> None:
        """Wait for the end of the process that renders: its pages come before."""
        if self._task:
            await self._task

    async def _render(self) -> None:
        of = self.of or ""
        known = kept(of)
        if known.keys() == themes().keys():
            for name, text in known.items():
                await self._take(name, split(text))
        else:
            made = await self._made()
            if all(page.whole for page in self._pages.values()):
                keep(of, made)
        self._ended = time.monotonic()
        log.info("the notebooks are rendered", extra={"fingerprint": of})

    async def _made(self) -> dict[str, str]:
        """Have all of them rendered, take each as it comes, and return what came."""
        words, names, came = (sys.executable, "-P", "-c", RENDER), set(themes()), dict[str, str]()
        self._process = process = await asyncio.create_subprocess_exec(
            *words, *names, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, limit=LINE_BYTES
        )
        assert process.stdout  # noqa: S101 - a pipe was asked for
        try:
            async for line in process.stdout:
                made = json.loads(line)
                came[made["name"]] = made["html"]
                await self._take(made["name"], split(made["html"], made["whole"]))
                names.discard(made["name"])
        except ValueError:
            log.exception("what was rendered cannot be read")
            process.kill()
        await process.wait()
        for name in names:
            log.error("a notebook was not rendered", extra={"notebook": name})
            await self._take(name, self._pages.get(name) or Rendered())
        return came

    async def _take(self, name: str, page: Rendered) -> None:
        if page.foreign and not (name in self._pages and self._pages[name].foreign):
            text = N_("the notebook {name} shows widgets of others and is not served here; this serves it: {command}")
            tell(f"mangetamain: {say(text, name=name, command=f'voila {folder() / name}.ipynb')}")
        async with self._come:
            self._pages[name] = page
            self._come.notify_all()
