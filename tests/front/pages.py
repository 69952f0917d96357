"""A page of panels as the front end is promised it, and the two ways by which it has its answers without a kernel."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from tornado import httpserver, netutil, web

from mangetamain import assets, charter
from mangetamain.language import LANGS
from mangetamain.panels.terms import told_terms
from mangetamain.panels.view import FILES, defaults, frame, held_in, reply
from mangetamain.questions import QUESTIONS
from mangetamain.themes import Asked, theme
from mangetamain.warehouse import Warehouse

VERSION = "v1"
Answers = dict[str, dict[str, Any]]


def as_json(value: object) -> str:
    """Write a value so that it may stand in a script element."""
    return json.dumps(value).replace("<", "\\u003c")


def model(asked: Asked, con: Warehouse, given: dict[str, str], lang: str) -> dict[str, Any]:
    """Say what a panel's front end begins with."""
    question = asked.question
    base = question.texts(question.read({**question.defaults(con), **asked.given}))
    values = {name: given.get(f"{asked.key}.{name}", given.get(name, text)) for name, text in base.items()}
    return {
        "key": asked.key, "question": question.name, "lang": lang, "base": base,
        "frames": {each: frame(question, each) for each in LANGS},
        "reply": reply(question, con, values, lang),
    }  # fmt: skip


def section(state: dict[str, Any]) -> str:
    """Write a panel as a server does."""
    said, key, badge = state["reply"], state["key"], ""
    if "verdict" in said:
        badge = f' <span class="mm-verdict" data-verdict="{said["verdict"]}">{escape(said["word"])}</span>'
    pictures = "".join(f'<div class="mm-{name}">{picture}</div>' for name, picture in said["pictures"].items())
    return f"""<section class="mm-cell" data-panel="{key}"><div class="mm-panel mm-key-{key}">
<h3 class="mm-heading">{escape(state["frames"][state["lang"]]["title"])}</h3>
<p class="mm-sentence">{escape(said["sentence"])}{badge}</p><div class="mm-figure">{pictures}</div></div>
<script type="application/json" class="mm-model">{as_json(state)}</script></section>"""


def page(name: str, con: Warehouse, given: dict[str, str], *, draw: str, answers: Answers | None = None) -> str:
    """Write a notebook's panels as one page: its script beside it, or with its answers in it."""
    lang = given.get("lang", "en")
    sections = "".join(section(model(asked, con, given, lang)) for asked in theme(name).asked)
    style, script = (
        '<link rel="stylesheet" href="/assets/page.css">',
        '<script type="module" src="/assets/page.js"></script>',
    )
    if answers is not None:
        style, script = f"<style>{assets.style()}</style>", f'<script type="module">{assets.page_script()}</script>'
        script = f'<script type="application/json" class="mm-answers">{as_json(answers)}</script>{script}'
    told = f'lang="{lang}" data-lang="{lang}" data-mm data-base="/" data-version="{VERSION}" data-draw="{draw}"'
    return f"""<!DOCTYPE html><html {told}><head><meta charset="utf-8"><title>Mangetamain</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>{charter.css()}</style>{style}</head><body class="mm-page"><header class="mm-header"><div class="mm-tools">
<button class="mm-button" data-mm-lang><span lang="en">Français</span><span lang="fr">English</span></button>
<button class="mm-button" data-mm-theme>◐</button></div></header>
<div class="mm-pagebar" role="region" aria-label="Bar"></div>
<main id="mm-main" class="mm-main"><h1>{name}</h1>{sections}</main>{script}</body></html>"""


def address(question: str, given: dict[str, str], lang: str) -> str:
    """Write the canonical address of an answer."""
    own = defaults(QUESTIONS[question])
    changed = [(name, given[name]) for name, text in own.items() if given.get(name, text) != text]
    return f"{question}?{urlencode([*changed, ('lang', lang)])}"


class Site:
    """The HTTP host, as far as panels need one; a test may make it fail, be slow, or speak of other data."""

    def __init__(self, con: Warehouse) -> None:
        self.con, self.asked = con, list[str]()
        self.version, self.seconds, self.failing = VERSION, 0.0, list[int]()
        self.url = ""
        self.workers = ThreadPoolExecutor(1)  # one connection, one question at a time

    def answered(self, question: str, query: str) -> tuple[int, dict[str, Any]]:
        """Answer a question; return the status too."""
        given = dict(parse_qsl(query, keep_blank_values=True))
        lang, part = given.pop("lang", "en"), given.pop("part", "answer")
        given.pop("v", None)
        said = reply(QUESTIONS[question], self.con, given, lang, part)
        return (200 if "values" in said else 500 if "fault" in said else 400), {**said, "version": self.version}

    def page(self, name: str, given: dict[str, str]) -> str:
        """Write a page for what its address asks."""
        return page(name, self.con, given, draw="/draw/draw.js")

    def app(self) -> web.Application:
        """Return the web application."""
        site = self

        class Answer(web.RequestHandler):
            async def get(self, question: str) -> None:
                site.asked.append(f"{question}?{self.request.query}")
                if site.failing:
                    self.set_status(site.failing.pop(0))
                    self.finish({"trouble": "Too many ask at this moment."})
                    return
                await asyncio.sleep(site.seconds)
                loop = asyncio.get_running_loop()
                status, said = await loop.run_in_executor(site.workers, site.answered, question, self.request.query)
                self.set_status(status)
                if status == 200 and parse_qs(self.request.query).get("part", [""])[0] in FILES:
                    self.set_header("Content-Type", said["kind"])
                    self.set_header("Content-Disposition", f'attachment; filename="{said["name"]}"')
                    self.finish(held_in(said))
                else:
                    self.finish(said)

        class Terms(web.RequestHandler):
            async def get(self) -> None:
                given = [self.get_query_argument(name) for name in ("like", "kind", "lang")]
                loop = asyncio.get_running_loop()
                self.finish(await loop.run_in_executor(site.workers, told_terms, site.con, *given))

        class Page(web.RequestHandler):
            async def get(self, name: str) -> None:
                given = dict(parse_qsl(self.request.query, keep_blank_values=True))
                loop = asyncio.get_running_loop()
                self.finish(await loop.run_in_executor(site.workers, site.page, name, given))

        class Asset(web.RequestHandler):
            def get(self, name: str) -> None:
                self.set_header("Content-Type", {"js": "text/javascript", "css": "text/css"}[name])
                self.finish(assets.page_script() if name == "js" else assets.page_style())

        return web.Application([
            (r"/answer/(\w+)", Answer), (r"/terms", Terms), (r"/assets/page.(js|css)", Asset),
            (r"/assets/fonts/(.*)", web.StaticFileHandler, {"path": assets.STYLE / "fonts"}),
            (r"/draw/(.*)", web.StaticFileHandler, {"path": assets.DRAWING}), (r"/(\w+)", Page),
        ])  # fmt: skip


@contextlib.contextmanager
def serving(con: Warehouse) -> Iterator[Site]:
    """Serve panels over HTTP on a free loopback port until the block ends."""
    site, ready = Site(con), threading.Event()
    loop = asyncio.new_event_loop()
    [socket] = netutil.bind_sockets(0, "127.0.0.1")

    def run() -> None:
        asyncio.set_event_loop(loop)
        httpserver.HTTPServer(site.app()).add_socket(socket)
        ready.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    site.url = f"http://127.0.0.1:{socket.getsockname()[1]}"
    yield site
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    site.workers.shutdown()


def copy_of(name: str, con: Warehouse, folder: Path, moves: dict[str, list[dict[str, str]]]) -> Path:
    """Write a page as files that hold the answers to some moves, one in the page and the others beside it."""
    answers, beside = Answers(), Answers()
    for asked in theme(name).asked:
        base = model(asked, con, {}, "en")["base"]
        for place, move in enumerate([{}, *moves.get(asked.key, [])]):
            for lang in LANGS:
                given = {**base, **move}
                said = reply(asked.question, con, given, lang)
                (beside if place > 1 else answers)[address(asked.question.name, given, lang)] = said
    (folder / "answers").mkdir(parents=True)
    (folder / "answers" / "more.js").write_text(f"mangetamainAnswers({json.dumps(beside)});", "utf-8")
    path = folder / f"{name}.html"
    held = {**answers, **dict.fromkeys(beside, "answers/more.js")}
    path.write_text(page(name, con, {}, draw=(assets.DRAWING / "draw.js").as_uri(), answers=held), "utf-8")
    return path
