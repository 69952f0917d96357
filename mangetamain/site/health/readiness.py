"""Whether the site can serve: the data looked at often and cheaply, each page and an answer tried now and then."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from mangetamain.environment import identity
from mangetamain.errors import UserError
from mangetamain.language import in_english
from mangetamain.site.health.data import BeingRead, Standing, Watch

log = logging.getLogger(__name__)
# Seconds, as all here. A check of pages that were rendered takes a tenth of one; rendering them may take a slow machine
# a minute.
CHECK_SECONDS = 240.0  # that a check may take
RETRY_SECONDS = 5.0  # between checks while something is wrong
# Between looks at the data, however many ask: a little less than the site's own second, whose look is never left out.
FRESH_SECONDS = 0.9
GRACE_SECONDS = 30.0  # that a check may be later than its period and its pages explain, before it proves nothing
# One thread looks, so that one reader of the warehouse is open for it.
_eye = ThreadPoolExecutor(1, "mangetamain-watch")


@dataclass(frozen=True)
class Proof:
    """What a page turned out to hold: how many figures with data, or one sentence on what is wrong."""

    figures: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Proofs:
    """What a check found: of each page, and of an answer that had to be computed."""

    pages: dict[str, Proof] = field(default_factory=dict)
    answer: str = ""  # why there was none

    @property
    def reason(self) -> str:
        """What is wrong first of all; nothing where all is well."""
        return self.answer or next(filter(None, (page.reason for page in self.pages.values())), "")


@dataclass(frozen=True)
class Check:
    """One try of every page."""

    proofs: Proofs
    fingerprint: str
    checked: str
    seconds: float
    ended: float  # on the monotonic clock


class Readiness:
    """Knows how the site is; to ask it costs nothing."""

    def __init__(self, watch: Watch, prove: Callable[[], Awaitable[Proofs]], period: float) -> None:
        self.watch, self.prove = watch, prove
        self.period = period  # seconds between two checks while all is well
        self.last: Check | None = None
        self.standing: Standing | None = None
        self.trouble = ""
        self.needs_help = False  # where waiting changes nothing: the data cannot be read
        self._looked = 0.0
        self._looking = asyncio.Lock()

    async def look(self) -> None:
        """See whether the data can be read, unless that was seen just now."""
        async with self._looking:
            if self._looked and time.monotonic() - self._looked < FRESH_SECONDS:
                return
            try:
                self.standing = await asyncio.get_running_loop().run_in_executor(_eye, self.watch.look)
                self.trouble, self.needs_help = "", False
            except UserError as error:
                self.standing, self.trouble = None, in_english(error)
                self.needs_help = not isinstance(error, BeingRead)
            except Exception:
                log.exception("the warehouse could not be looked at")
                self.standing, self.needs_help = None, False
                self.trouble = "The warehouse cannot be looked at; the log says why."
            self._looked = time.monotonic()

    def due(self) -> bool:
        """Say whether it is time to try the pages again."""
        if self.standing is None:
            return False
        if self.last is None:
            return True
        well = not self.last.proofs.reason and self.last.fingerprint == self.standing.fingerprint
        return time.monotonic() - self.last.ended >= (self.period if well else min(RETRY_SECONDS, self.period))

    async def check(self) -> None:
        """Try each page and an answer, if it is time to."""
        if not self.due() or self.standing is None:
            return
        before, fingerprint, started = self.reason(), self.standing.fingerprint, time.monotonic()
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                proofs = await self.prove()
        except Exception:
            log.exception("the pages could not be checked")
            proofs = Proofs(answer="The pages could not be checked; the log says why.")
        ended = time.monotonic()
        self.last = Check(
            proofs, fingerprint, datetime.now(UTC).isoformat(timespec="seconds"), round(ended - started, 2), ended
        )
        if (reason := self.reason()) != before:
            log.log(logging.ERROR if reason else logging.INFO, reason or "ready")

    def reason(self) -> str:
        """Say in one sentence why the site is not ready; nothing where it is."""
        if self.standing is None:
            return self.trouble or "The site is starting: its data have not been looked at yet."
        if self.last is None:
            return "The site is starting: no page has been looked at yet."
        age = time.monotonic() - self.last.ended
        if age > self.period + CHECK_SECONDS + GRACE_SECONDS:
            return f"The last check of the pages is {age:.0f} s old."
        return self.last.proofs.reason

    def report(self) -> dict[str, object]:
        """Tell how the site is, as JSON can hold it."""
        reason, last = self.reason(), self.last
        return {
            "ready": not reason,
            **identity(),
            "warehouse": asdict(self.standing) if self.standing else None,
            "checked": last.checked if last else None,
            "seconds": last.seconds if last else None,
            "pages": {n: {"ok": not page.reason, **asdict(page)} for n, page in last.proofs.pages.items()}
            if last
            else {},
            "reason": reason,
            "needs_help": self.needs_help,
        }
