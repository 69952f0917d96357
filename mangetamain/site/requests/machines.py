"""What machines ask of the site: whether it lives, whether it or another is to be asked, and what they may read."""

from __future__ import annotations

from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from mangetamain.environment import environment, identity
from mangetamain.site.health.readiness import Readiness
from mangetamain.site.requests.base import Handler
from mangetamain.site.requests.sending import TEXT, Content

# What a proxy sends that can ask another site, with this value; docker/proxy/nginx.conf does.
ONLY_WHEN, WHEN_READY = "Only-When", "ready"
# A proxy takes it as if the site were not there. The site has no other use for it: 503 is an answer for the reader.
ASK_ANOTHER = 502


class MachineHandler(Handler):
    """What machines ask, each time anew."""

    def initialize(self, readiness: Readiness) -> None:
        """Take what the handlers need."""
        self.readiness = readiness

    def tell(self, data: dict[str, Any]) -> None:
        """Answer a machine."""
        self.set_header("Cache-Control", "no-store")
        self.finish(data)


class HealthHandler(MachineHandler):
    """Whether the server is alive: no data, no answer."""

    def get(self) -> None:
        """Say so."""
        self.tell({"ok": True, **identity()})


class ReadyHandler(MachineHandler):
    """Whether each page and an answer can be had: what the server's own checks found, at no cost for who asks."""

    async def get(self) -> None:
        """Say so."""
        await self.readiness.look()
        report = self.readiness.report()
        self.set_status(200 if report["ready"] else 503)
        self.tell(report)


class RobotsHandler(Handler):
    """What machines that read the web may read: the pages of the public site, and no answer that costs work."""

    def get(self) -> None:
        """Say so."""
        base = self.pages.base_url
        public = f"Disallow: {base}answer/\nDisallow: {base}*?\nAllow: {base}*?lang=\nDisallow: {base}*?*&\n"
        self.send(Content.of(TEXT, f"User-agent: *\n{public if environment() == 'PROD' else 'Disallow: /'}\n"))


def unready(request: HTTPServerRequest, readiness: Readiness) -> bool:
    """Say whether a request asks a ready site alone, and this one is not."""
    return request.headers.get(ONLY_WHEN) == WHEN_READY and bool(readiness.reason())


class UnreadyHandler(RequestHandler):
    """Sends a proxy to another site."""

    def prepare(self) -> None:
        """Answer whatever was asked."""
        self.set_status(ASK_ANOTHER)
        self.finish()
