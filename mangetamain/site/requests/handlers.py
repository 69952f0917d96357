"""The site's routes: its first page, pages, answers, files, and how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tornado import web

from mangetamain.assets import DRAWING
from mangetamain.environment import HEALTH, READY
from mangetamain.errors import BadInput, UserError, suggestion
from mangetamain.language import LANGS, quoted, say
from mangetamain.measures import LANGUAGE
from mangetamain.panels.view import BROKEN, FILES, held_in, part_of
from mangetamain.parameters import unknown
from mangetamain.questions import QUESTIONS
from mangetamain.site.answering.answers import Like, read
from mangetamain.site.answering.asked import Asked, Reply
from mangetamain.site.health.readiness import Readiness
from mangetamain.site.pages.address import ADDRESS_CHARACTERS
from mangetamain.site.pages.html import ASSETS, DRAWINGS, PREVIEWS, READING, Pages
from mangetamain.site.pages.words import WORDS
from mangetamain.site.requests.base import RETRY_AFTER, Handler
from mangetamain.site.requests.log import log_answer
from mangetamain.site.requests.machines import HealthHandler, ReadyHandler, RobotsHandler
from mangetamain.site.requests.notebooks import Notebooks
from mangetamain.site.requests.sending import FOR_A_YEAR, HTML, JSON, SVG, Content, file_content


class PagesHandler(Handler):
    """What shows pages."""

    def initialize(self, site: Notebooks) -> None:
        """Take what the handlers need."""
        self.site = site


class LandingHandler(PagesHandler):
    """The first page."""

    async def get(self) -> None:
        """Show the main question, its answers and the way to each theme."""
        landing = await read(self.site.source.landing)
        self.set_status(503 if landing.problem else 200)
        self.send_page(await self.site.own(self.pages.landing, landing, self.lang, self.origin))


class ReadingHandler(PagesHandler):
    """How to read the other pages."""

    async def get(self) -> None:
        """Show it, with an answer for example where there is one."""
        landing = await read(self.site.source.landing)
        self.send_page(await self.site.own(self.pages.reading, landing, self.lang, self.origin))


class PreviewHandler(PagesHandler):
    """The picture of a page, for who shows a link to it: of the first page, or of a notebook's first panel."""

    async def get(self, name: str) -> None:
        """Send it, where the page has one."""
        picture = ""
        if name == "index":
            picture = (await read(self.site.source.landing)).preview.get(self.lang, "")
        elif (rendered := await self.site.rendered(name)) and rendered.panels:
            first = rendered.panels[0]
            reply = await self.site.answers.reply(Asked.of(first.question, first.base, self.lang, "svg"), self.client)
            picture = reply.told.get("text", "")
        if not picture:
            raise web.HTTPError(404)
        self.send(Content.of(SVG, picture))


class NotebookHandler(PagesHandler):
    """A notebook's page; its address is the notebook's name."""

    async def get(self, name: str) -> None:
        """Show it with the answers that its address asks for."""
        rendered = await self.site.rendered(name)
        if rendered is None:
            self.set_header("Retry-After", RETRY_AFTER)
            self.set_header("Refresh", RETRY_AFTER)
            self.notice("soon", 503)
        elif rendered.foreign:
            self.notice("foreign", 404)
        else:
            asked = (self.request.query, self.lang, self.client, self.origin)
            self.send_page(await self.site.page(name, rendered, *asked))

    def head(self, name: str) -> None:
        """Say what a visit would be answered with; it is worth no answer."""
        self.set_header("Vary", "Accept-Language, Cookie")
        self.set_header("Content-Type", HTML)
        self.set_header("Cache-Control", "no-cache")
        self.add_header("Vary", "Accept-Encoding")


class ReplyHandler(PagesHandler):
    """What is told as JSON, or as a file of it, refusals too."""

    mistakes = (*Handler.mistakes, UserError)

    def write_error(self, status_code: int, **settings: Any) -> None:  # noqa: ANN401 - tornado's own
        """Say what cannot be asked, or what a fault of ours is, in one sentence as any other reply."""
        _, error, _ = settings.get("exc_info", (None, None, None))
        if isinstance(error, UserError):
            self.tell(Reply.of({"trouble": error.message.render(self.lang)}))
        elif status_code < 500:
            super().write_error(status_code, **settings)
        else:
            self.tell(Reply.of({"trouble": say(BROKEN).render(self.lang), "fault": True}))

    def say_ending(self) -> None:
        """Say it as any other reply."""
        text = WORDS["ending_text"]
        self.tell(Reply.of({"trouble": say(text).render(self.lang), "later": True}))

    def tell(self, reply: Reply, part: str = "answer") -> None:
        """Send a reply; one of the version that is asked for is good for ever."""
        self.set_status(reply.status)
        if reply.status == 503:
            self.set_header("Retry-After", RETRY_AFTER)
        lasting = reply.status == 200 and self.get_query_argument("v", "") == reply.version
        content = Content(JSON, reply.zipped)
        if reply.status == 200 and part in FILES:
            told = reply.told
            content = Content.of(told["kind"], held_in(told))
            self.set_header("Content-Disposition", f'attachment; filename="{told["name"]}"')
        self.send(content, FOR_A_YEAR if lasting else "no-cache")


class AnswerHandler(ReplyHandler):
    """One answer, as JSON; or a file of it."""

    async def get(self, name: str) -> None:
        """Answer, or say in one sentence why not."""
        asked = read_asked(name, self.request.query)
        log_answer(asked)
        if self.request.method == "HEAD":
            self.set_header("Content-Type", JSON)
        else:
            self.tell(await self.site.answers.reply(asked, self.client), asked.part)


class TermsHandler(ReplyHandler):
    """The terms that a reader may mean who types a word."""

    async def get(self) -> None:
        """Offer them, or say in one sentence why not."""
        self.tell(await self.site.answers.terms(read_like(self.request.query)))


def read_asked(name: str, query: str) -> Asked:
    """Read an answer's address; raise `BadInput` for what is not ours."""
    if name not in QUESTIONS:
        raise BadInput(
            "There is no question {name}: the questions are {known}{hint}",
            name=quoted(name[:40]), known=", ".join(QUESTIONS), hint=suggestion(name, QUESTIONS),
        )  # fmt: skip
    given, lang = read_given(query)
    part = given.pop("part", "answer")
    part_of(part)
    return Asked.of(QUESTIONS[name], given, lang, part)


def read_like(query: str) -> Like:
    """Read what terms are asked for; raise `BadInput` for what is not ours."""
    given, lang = read_given(query)
    like, kind = given.pop("like", ""), given.pop("kind", "all")
    for name in given:
        raise unknown(name[:40], ["like", "kind", "lang"])
    return Like(like, kind, lang)


def read_given(query: str) -> tuple[dict[str, str], str]:
    """Read each parameter of an address once, and its language; raise `BadInput` where one is there twice."""
    pairs = parse_qsl(query[:ADDRESS_CHARACTERS], keep_blank_values=True)
    given = dict(pairs)
    for key, _ in pairs:
        if [each for each, _ in pairs].count(key) > 1:
            raise BadInput("The parameter {name} is given twice.", name=quoted(key[:40]))
    given.pop("v", None)
    return given, LANGUAGE.parse("lang", given.pop("lang", LANGS[0]))


class OldAddressHandler(Handler):
    """Other addresses of a page: one of old, one with a slash too many, and what stands before the site's path."""

    def get(self, name: str = "") -> None:
        """Send the reader to the page, with what she asked for."""
        address, asked = self.pages.address(name), self.request.query
        self.redirect(f"{address}?{asked}" if asked else address)


class MissingHandler(Handler, web.ErrorHandler):
    """Everything else, whatever the method."""


class FileHandler(Handler):
    """Our own files, each known by name: kept for long where the address holds a version, else asked for again."""

    def initialize(self, files: Mapping[str, Path | Callable[[], str]]) -> None:
        """Take what the handler needs: files, and what is made of some."""
        self.files = files

    async def get(self, name: str) -> None:
        """Send a file; whatever names none is a page that does not exist."""
        if name not in self.files:
            raise web.HTTPError(404)
        content = await asyncio.to_thread(file_content, name, self.files[name])
        lasting = "v" in self.request.query_arguments or name.endswith(".woff2")
        self.send(content, FOR_A_YEAR if lasting else "no-cache")


def routes(pages: Pages, site: Notebooks, readiness: Readiness) -> list[tuple[Any, ...]]:
    """Return the site's routes; what none of them takes is missing."""
    base, page = pages.base_url, "|".join(notebook.name for notebook in pages.notebooks) or "(?!)"
    drawing = {path.name: path for path in DRAWING.iterdir()}
    home = [] if base == "/" else [(f"(?:/|{base.rstrip('/')})", OldAddressHandler)]
    return [
        (base, LandingHandler, {"site": site}),
        (f"{base}{READING}", ReadingHandler, {"site": site}),
        (f"{base}{PREVIEWS}({page}|index)\\.svg", PreviewHandler, {"site": site}),
        (f"(?:{base}|/)robots\\.txt", RobotsHandler),
        (f"{base}{HEALTH}", HealthHandler, {"readiness": readiness}),
        (f"{base}{READY}", ReadyHandler, {"readiness": readiness}),
        (f"{base}({page})", NotebookHandler, {"site": site}),
        (f"{base}answer/([^/]*)", AnswerHandler, {"site": site}),
        (f"{base}terms", TermsHandler, {"site": site}),
        (f"{base}assets/(.*)", FileHandler, {"files": ASSETS}),
        (f"{base}{DRAWINGS}(.*)", FileHandler, {"files": drawing}),
        (rf"{base}voila/render/({page})\.ipynb", OldAddressHandler),
        (f"{base}({page})/", OldAddressHandler),
        *home,
        (".*", MissingHandler, {"status_code": 404}),
    ]
