"""The site's way to an answer: what it has sent already, what is in the store, and the pool for the rest."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from mangetamain.errors import NoWarehouse
from mangetamain.panels.terms import told_terms
from mangetamain.panels.view import told
from mangetamain.site.answering.asked import Asked, Reply, version
from mangetamain.site.answering.pool import Pool
from mangetamain.warehouse import Warehouse

T = TypeVar("T")
MOST_BYTES = 32_000_000  # of replies that are kept, some 3,000 of them


class Like(NamedTuple):
    """What a reader types: the beginning of a word, the kind of terms that it may be, and her language."""

    begun: str
    kind: str
    lang: str


# One thread reads for all visitors: what it reads is small, and kept.
_reader = ThreadPoolExecutor(1, "mangetamain-site")


def read(function: Callable[..., T], *arguments: object) -> Awaitable[T]:
    """Run what blocks off the event loop, in the one thread for that."""
    return asyncio.get_running_loop().run_in_executor(_reader, function, *arguments)


class Answers:
    """Replies by what was asked and the version of data and code."""

    def __init__(self, con: Warehouse, pool: Pool) -> None:
        self.con, self.pool = con, pool
        self._kept: OrderedDict[tuple[Asked | Like, str], Reply] = OrderedDict()  # touched by the one thread alone
        self._bytes = 0

    async def reply(self, asked: Asked, client: str = "") -> Reply:
        """Answer what a client asks."""
        known = await read(self._known, asked)
        if known is None:
            known = await self.pool.ask(asked, client)
            await read(self._keep, asked, known)
        return known

    async def terms(self, like: Like) -> Reply:
        """Offer the terms that a reader may mean."""
        return await read(self._terms, like)

    def _terms(self, like: Like) -> Reply:
        try:
            of = version(self.con.fingerprint)
        except NoWarehouse:
            of = version("")
        return self._kept.get((like, of)) or self._keep(like, Reply.of(told_terms(self.con, *like), of))

    def _known(self, asked: Asked) -> Reply | None:
        try:
            fingerprint = self.con.fingerprint
        except NoWarehouse as error:
            return Reply.of({"trouble": error.message.render(asked.lang), "later": True}, version(""))
        key, question = (asked, version(fingerprint)), asked.question
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        try:
            answer = question.known(self.con, question.read(dict(asked.given)))
        except Exception:  # who computes it will say what is wrong, in one sentence
            return None
        if answer is None:
            return None
        said = told(question, lambda: answer, asked.lang, asked.part)
        return self._keep(asked, Reply.of(said, version(answer.fingerprint)))

    def _keep(self, asked: Asked | Like, reply: Reply) -> Reply:
        key = asked, reply.version
        if reply.status == 200 and key not in self._kept:
            self._kept[key] = reply
            self._bytes += len(reply.zipped)
            while self._bytes > MOST_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1].zipped)
        return reply
