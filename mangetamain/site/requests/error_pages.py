"""How the site answers what no page of ours asks: by a friendly page, and in the log by one line."""

from __future__ import annotations

import contextlib
import logging
from functools import cache
from types import TracebackType
from typing import Any

from jupyter_core.utils import ensure_async
from tornado import web
from tornado.httputil import HTTPServerRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from mangetamain.language import LANGS

log = logging.getLogger(__name__)
PAGES_SETTING = "mangetamain_pages"  # the application's setting that holds them
UNREADABLE_CODE = 1007  # of a websocket: what was sent makes no sense (RFC 6455, 7.4.1)
GONE_ERRORS = (StreamClosedError, WebSocketClosedError)


def preferred(header: str) -> str:
    """Choose among our languages by an Accept-Language header, such as ``fr-CH, fr;q=0.9, en;q=0.8``."""
    likings: dict[str, float] = {}
    for part in header.split(","):
        name, _, quality = part.strip().partition(";q=")
        with contextlib.suppress(ValueError):
            likings.setdefault(name[:2].lower(), float(quality or 1))
    ours = {lang: likings[lang] for lang in LANGS if likings.get(lang)}
    return max(ours, key=lambda lang: ours[lang]) if ours else LANGS[0]


def language(request: HTTPServerRequest) -> str:
    """Return the language asked for in the address, else the one the browser likes best, whatever else stands there."""
    asked = request.query_arguments.get("lang", [b""])[-1].decode("ascii", "replace").strip()
    return asked if asked in LANGS else preferred(request.headers.get("Accept-Language", ""))


class Mannered(web.RequestHandler):
    """Says in one sentence, in the reader's language, what went wrong; only a fault of ours has its traceback told."""

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401 - tornado's own
        """Answer with a page that says one thing."""
        self.set_status(status_code)
        for name, value in {**self.settings["headers"], "Content-Type": "text/html; charset=UTF-8"}.items():
            self.set_header(name, value)
        key = "missing" if status_code == 404 else "odd" if status_code < 500 else "broken"
        page = self.settings[PAGES_SETTING].notice(key, f"{key}_text", language(self.request))
        web.RequestHandler.finish(self, page)  # not by a subclass's own way, which may call it JSON

    def log_exception(
        self, typ: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Leave a visitor's mistake to the request's own line, which says neither who asked nor for what."""
        if not isinstance(value, (web.HTTPError, *GONE_ERRORS)):
            log.error("a request failed", exc_info=(typ, value, tb) if typ and value else None)

    def head(self, *args: Any, **settings: Any) -> Any:  # noqa: ANN401 - as `get` of each
        """Answer as to `GET`; tornado leaves the body out."""
        return self.get(*args, **settings)

    def options(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        """Refuse: no other site's script has anything to ask here."""
        raise web.HTTPError(405)


class Files(Mannered):
    """Serves files; whatever names none is a page that does not exist."""

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send a file."""
        try:
            await ensure_async(super().get(path, include_body))
        except web.HTTPError as error:  # 403 is tornado's for a folder, and for what lies outside ours
            raise (web.HTTPError(404) if error.status_code == 403 else error) from None
        except (ValueError, OSError):  # a null byte, or a name that is too long
            raise web.HTTPError(404) from None

    def head(self, path: str) -> Any:  # noqa: ANN401
        """Say what the file is, without reading it."""
        return self.get(path, include_body=False)


class Sockets(Mannered, WebSocketHandler):
    """A websocket: what cannot be read on it ends it, with one line."""

    async def prepare(self) -> None:
        """Let nobody in to a kernel that has ended."""
        kernel = self.path_kwargs.get("kernel_id", self.path_args[0] if self.path_args else "")
        if kernel not in self.settings["kernel_manager"]:
            raise web.HTTPError(404)
        if waiting := super().prepare():
            await waiting

    def head(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        """Refuse: there is nothing to look at."""
        raise web.HTTPError(405)

    def on_message(self, message: str | bytes) -> None:
        """Pass on what a page says, if it can be read."""
        try:
            super().on_message(message)
        except Exception as error:
            log.warning("a page's message could not be read (%s)", type(error).__name__)
            self.close(UNREADABLE_CODE)


@cache
def mannered(handler: type[web.RequestHandler]) -> type[web.RequestHandler]:
    """Return a handler of Voilà's or Jupyter's with the site's manners."""
    kinds = {web.StaticFileHandler: Files, WebSocketHandler: Sockets, web.RequestHandler: Mannered}
    manner = next(manner for kind, manner in kinds.items() if issubclass(handler, kind))
    return handler if issubclass(handler, Mannered) else type(handler.__name__, (manner, handler), {})
