"""What is kept of each request: method, path, status, time and page; nothing of who asked, nor of what they chose."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

from tornado.web import RequestHandler

from mangetamain.environment import HEALTH, READY
from mangetamain.site.health.rendering import CHECK_HEADER

log = logging.getLogger("mangetamain.requests")
# A path that nobody of ours wrote may be of any length.
LINE_CHARACTERS = 200
# What a page is made of and what machines ask for all day long is for finding faults, not for counting readers.
MINOR_PATHS = ("assets/", "voila/", "static/", "snapshot/", HEALTH, READY)


def logs_requests(base_url: str, pages: Collection[str]) -> Callable[[RequestHandler], None]:
    """Return what tornado calls after each request, for a site under a path with some pages.

    The address after ``?`` is left out, for it holds what the reader chose, words of her own among it, and perhaps a
    token; so are the reader's address, browser and cookies.
    """

    def log_request(handler: RequestHandler) -> None:
        path, status = handler.request.path, handler.get_status()
        inside = path.removeprefix(base_url)
        small = inside.startswith(MINOR_PATHS) or CHECK_HEADER in handler.request.headers
        level = logging.WARNING if status >= 500 else logging.DEBUG if small else logging.INFO
        fields = {
            "method": handler.request.method,
            "path": path[:LINE_CHARACTERS],
            "status": status,
            "ms": round(1000 * handler.request.request_time(), 1),
            "page": inside if inside in pages else "landing" if path == base_url else None,
        }
        log.log(level, "request", extra={name: value for name, value in fields.items() if value is not None})

    return log_request
