"""A few processes that answer what is not known: each client in turn, a question that many ask once, none for ever."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import RLock
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from mangetamain import logs
from mangetamain.language import N_, say
from mangetamain.panels.view import BROKEN, told
from mangetamain.questions import Answer
from mangetamain.site.answering.asked import Asked, Reply, version
from mangetamain.warehouse import Warehouse, state_home

# Questions that may wait; at 50 ms each two processes are done with them in two seconds.
MOST_WAITING = 100
NICENESS = 5  # of the processes: the site itself goes first
FULL = N_("Too many questions are asked at this moment; please try again in a few seconds.")
LATE = N_("This answer takes too long to work out; please ask for less, or try again later.")
log = logging.getLogger(__name__)


class Spawning(SpawnContext):
    """Begins processes, not forked from one that has threads, and holds on to their locks.

    Pebble (5.2) lets the locks go before it ends its processes: one that is only starting looks for them by name, and
    prints a traceback where they are gone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.locks: list[RLock] = []

    def RLock(self) -> RLock:  # noqa: N802 - the context's own name
        """Return a lock that stays as long as this context."""
        self.locks.append(super().RLock())
        return self.locks[-1]


class Pool:
    """The processes and who waits for them.

    Parameters
    ----------
    home
        The data folder.
    workers
        How many processes.
    seconds
        That one answer may take; a process that takes longer is ended, and another takes its place.
    """

    def __init__(self, home: Path, workers: int, seconds: float) -> None:
        self.home, self.workers, self.seconds = home, workers, seconds
        self._processes = self._begun()
        self._lines: dict[str, deque[Asked]] = {}  # by client, the next one first
        self._replies: dict[Asked, asyncio.Future[Reply]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def _begun(self) -> ProcessPool:
        # None lives so long that what it keeps adds up.
        return ProcessPool(self.workers, 10_000, begin, (self.home,), Spawning())

    async def ask(self, asked: Asked, client: str) -> Reply:
        """Have a question answered; a client that leaves meanwhile leaves the answer to the next who asks."""
        if asked not in self._replies:
            if sum(map(len, self._lines.values())) >= MOST_WAITING and not self._make_room(client):
                return refused(FULL, asked)
            self._replies[asked] = asyncio.get_running_loop().create_future()
            self._lines.setdefault(client, deque()).append(asked)
            self._next()
        return await asyncio.shield(self._replies[asked])

    def _make_room(self, client: str) -> bool:
        """Send the last one of the longest line away, unless that is about as long as this client's own."""
        longest = max(self._lines.values(), key=len)
        if len(longest) <= len(self._lines.get(client, ())) + 1:
            return False
        asked = longest.pop()
        self._replies.pop(asked).set_result(refused(FULL, asked))
        return True

    def _next(self) -> None:
        while self._lines and len(self._running) < self.workers:
            client = next(iter(self._lines))
            line = self._lines.pop(client)
            task = asyncio.create_task(self._answer(line.popleft()))
            self._running.add(task)
            if line:
                self._lines[client] = line  # behind the others

    async def _answer(self, asked: Asked) -> None:
        try:
            try:
                reply = await self._computed(asked)
            except BrokenProcessPool:
                reply = await self._computed(asked)
        except TimeoutError:
            log.warning("an answer took too long", extra={"question": asked.name})
            reply = refused(LATE, asked)
        except ProcessExpired:
            log.exception("an answer could not be computed", extra={"question": asked.name})
            reply = Reply.of({"trouble": say(BROKEN).render(asked.lang), "fault": True})
        self._running.discard(asyncio.current_task())
        self._replies.pop(asked).set_result(reply)
        self._next()

    async def _computed(self, asked: Asked) -> Reply:
        if not self._processes.active:  # pebble gives up where all of them were ended from outside
            self._processes.join()
            self._processes = self._begun()
        job = self._processes.schedule(answered, (self.home, asked), timeout=self.seconds)
        return await asyncio.wrap_future(job)

    def stop(self) -> None:
        """End the processes."""
        self._processes.stop()
        self._processes.join()


def refused(text: str, asked: Asked) -> Reply:
    """Put off who asks, with one sentence."""
    return Reply.of({"trouble": say(text).render(asked.lang), "later": True})


def begin(home: Path) -> None:
    """Begin a process of the pool."""
    os.nice(NICENESS)
    logs.start("worker", state_home(home) / "logs")


@cache
def _warehouse(home: Path) -> Warehouse:
    return Warehouse(home)


def answered(home: Path, asked: Asked) -> Reply:
    """Answer a question; whatever goes wrong is one sentence."""
    con, question, of = _warehouse(home), asked.question, list[str]()

    def ask() -> Answer:
        if asked.fresh:
            connection, info = con.current()
            values = question.read(dict(asked.given))
            answer = question.answer(connection, values, info.fingerprint, info.synthetic)
        else:
            answer = question(con, **dict(asked.given))
        of.append(answer.fingerprint)
        return answer

    said = told(question, ask, asked.lang, asked.part)
    return Reply.of(said, version(of[0] if of else ""))
