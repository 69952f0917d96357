"""Whether the site can serve: the data looked at often and cheaply, each page rendered now and then as proof."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from mangetamain.environment import identity
from mangetamain.errors import UserError
from mangetamain.language import in_english
from mangetamain.site.health.data import BeingRead, Standing, Watch
from mangetamain.site.health.rendering import Rendered, Visit

log = logging.getLogger(__name__)
# Seconds, as all here. What a page needs on a machine at rest is some two: there is room for one that is very slow.
PAGE_SECONDS = 120.0  # that one page may take in a check
RETRY_SECONDS = 5.0  # between checks while something is wrong
# Between looks at the data, however many ask: a little less than the site's own second, whose look is never left out.
FRESH_SECONDS = 0.9
GRACE_SECONDS = 30.0  # that a check may be later than its period and its pages explain, before it proves nothing
# One thread looks, so that one reader of the warehouse is open for it.
_eye = ThreadPoolExecutor(1, "mangetamain-watch")


@dataclass(frozen=True)
class Check:
    """One rendering of every page."""

    pages: dict[str, Rendered]
    fingerprint: str
    checked: str
    seconds: float
    ended: float  # on the monotonic clock

    @property
    def ok(self) -> bool:
        """Whether each page was there."""
        return all(page.ok for page in self.pages.values())


class Readiness:
    """Knows how the site is; what is asked of it starts no kernel."""

    def __init__(self, watch: Watch, visits: Callable[[], list[Visit]], period: float) -> None:
        self.watch, self.visits = watch, visits
        self.period = period  # seconds between two checks while all is well
        self.last: Check | None = None
        self.standing: Standing | None = None
        self.trouble = ""
        self.reading = False  # the data: then nothing is known to have changed
        self._looked = 0.0
        self._looking = asyncio.Lock()

    async def look(self) -> None:
        """See whether the data can be read, unless that was seen just now."""
        async with self._looking:
            if self._looked and time.monotonic() - self._looked < FRESH_SECONDS:
                return
            try:
                self.standing = await asyncio.get_running_loop().run_in_executor(_eye, self.watch.look)
                self.trouble, self.reading = "", False
            except UserError as error:
                self.standing, self.trouble, self.reading = None, in_english(error), isinstance(error, BeingRead)
            except Exception:
                log.exception("the warehouse could not be looked at")
                self.standing, self.reading = None, False
                self.trouble = "The warehouse cannot be looked at; the log says why."
            self._looked = time.monotonic()

    def due(self) -> bool:
        """Say whether it is time to render the pages again."""
        if self.standing is None:
            return False
        if self.last is None:
            return True
        well = self.last.ok and self.last.fingerprint == self.standing.fingerprint
        return time.monotonic() - self.last.ended >= (self.period if well else min(RETRY_SECONDS, self.period))

    async def check(self) -> None:
        """Render each page, one after the other, if it is time to."""
        if not self.due() or self.standing is None:
            return
        before, fingerprint, started = self.reason(), self.standing.fingerprint, time.monotonic()
        pages: dict[str, Rendered] = {}
        try:
            for visit in self.visits():
                pages[visit.name] = await visit.render(PAGE_SECONDS)
        except Exception:
            log.exception("the pages could not be checked")
            pages["notebooks"] = Rendered(reason="The notebooks cannot be read; the log says why.")
        ended = time.monotonic()
        self.last = Check(
            pages, fingerprint, datetime.now(UTC).isoformat(timespec="seconds"), round(ended - started, 2), ended
        )
        if (reason := self.reason()) != before:
            log.log(logging.ERROR if reason else logging.INFO, reason or "ready")

    def reason(self) -> str:
        """Say in one sentence why the site is not ready; nothing where it is."""
        if self.standing is None:
            return self.trouble or "The site is starting: its data have not been looked at yet."
        if self.last is None:
            return "The site is starting: no page has been rendered yet."
        age = time.monotonic() - self.last.ended
        if age > self.period + PAGE_SECONDS * len(self.last.pages) + GRACE_SECONDS:
            return f"The last check of the pages is {age:.0f} s old."
        return next((page.reason for page in self.last.pages.values() if not page.ok), "")

    def report(self) -> dict[str, object]:
        """Tell how the site is, as JSON can hold it."""
        reason, last = self.reason(), self.last
        return {
            "ready": not reason,
            **identity(),
            "warehouse": asdict(self.standing) if self.standing else None,
            "checked": last.checked if last else None,
            "seconds": last.seconds if last else None,
            "pages": {name: {"ok": page.ok, **asdict(page)} for name, page in last.pages.items()} if last else {},
            "reason": reason,
        }
