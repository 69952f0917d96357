"""What is kept of each request: method, path, status, time and page; nothing of who asked, nor of words of her own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

from tornado.web import RequestHandler

from mangetamain.environment import HEALTH, READY
from mangetamain.errors import UserError
from mangetamain.parameters import Kind, Selection, Words
from mangetamain.site.answering.asked import Asked
from mangetamain.site.requests.machines import ASK_ANOTHER

log = logging.getLogger("mangetamain.requests")
# A path that nobody of ours wrote may be of any length.
LINE_CHARACTERS = 200
# What a page is made of and what machines ask for all day long is for finding faults, not for counting readers.
MINOR_PATHS = ("assets/", "voila/", HEALTH, READY)


def logs_requests(base_url: str, pages: Collection[str]) -> Callable[[RequestHandler], None]:
    """Return what tornado calls after each request, for a site under a path with some pages.

    The address after ``?`` is left out, for it holds what the reader chose, words of her own among it, and perhaps a
    token; so are the reader's address, browser and cookies.
    """

    def log_request(handler: RequestHandler) -> None:
        path, status = handler.request.path, handler.get_status()
        inside = path.removeprefix(base_url)
        level = logging.WARNING if status >= 500 else logging.DEBUG if inside.startswith(MINOR_PATHS) else logging.INFO
        level = logging.DEBUG if status == ASK_ANOTHER else level  # the other site has the line of it
        fields = {
            "method": handler.request.method,
            "path": path[:LINE_CHARACTERS],
            "status": status,
            "ms": round(1000 * handler.request.request_time(), 1),
            "page": inside if inside in pages else "landing" if path == base_url else None,
        }
        log.log(level, "request", extra={name: value for name, value in fields.items() if value is not None})

    return log_request


def log_answer(asked: Asked) -> None:
    """Log what is asked: enough to see what is used, nothing of who uses it."""
    kinds = asked.question.parameters
    given = {name: loggable(name, kinds[name][0], text) for name, text in asked.given}
    log.info("answer asked", extra={"question": asked.name, "part": asked.part, "lang": asked.lang, "given": given})


def loggable(parameter: str, kind: Kind, value: object) -> object:
    """Return what may be kept of a value: itself, once it is found to be one of ours.

    A reader may type anything into a field of words, a name or an address as well as an ingredient, so that of words
    and conditions only their number and length are kept. A hash would be no better: whoever has a list of words undoes
    it.
    """
    try:
        known = kind.parse(parameter, value)
    except UserError:
        return {"refused": True}
    if isinstance(kind, Words | Selection):
        return {"words": len(known or ()), "characters": len(kind.text(known))}
    return kind.text(known)
