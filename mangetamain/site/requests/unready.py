"""A site that is not ready leaves readers to another, where who asks for them says that there may be one."""

from __future__ import annotations

from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher, Rule
from tornado.web import RequestHandler

from mangetamain.site.health.readiness import Readiness

# What a proxy sends that can ask another site, with this value; docker/proxy/nginx.conf does.
ONLY_WHEN, READY = "Only-When", "ready"
# A proxy takes it as if the site were not there. The site has no other use for it: 503 is an answer for the reader.
ASK_ANOTHER = 502


class Unready(Matcher):
    """Takes what is asked of a ready site alone while this one is not."""

    def __init__(self, readiness: Readiness) -> None:
        self.readiness = readiness

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Take a request, or leave it to the routes."""
        return {} if request.headers.get(ONLY_WHEN) == READY and self.readiness.reason() else None


class UnreadyHandler(RequestHandler):
    """Sends a proxy to another site."""

    def prepare(self) -> None:
        """Answer whatever was asked."""
        self.set_status(ASK_ANOTHER)
        self.finish()


def leaving(readiness: Readiness) -> Rule:
    """Return the rule that stands before the routes."""
    return Rule(Unready(readiness), UnreadyHandler)
