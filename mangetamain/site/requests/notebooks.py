"""The pages as they are served: composed for who asks, and kept where everybody gets the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from mangetamain.panels.carried import Placed
from mangetamain.panels.painted import painted
from mangetamain.site.answering.answers import Answers, read
from mangetamain.site.answering.asked import Asked, Reply
from mangetamain.site.pages import address
from mangetamain.site.pages.data import Source
from mangetamain.site.pages.html import About, Landing, Pages
from mangetamain.site.pages.rendered import Rendered, Renderings
from mangetamain.site.requests.sending import HTML, Content

# Pages that are kept: of each notebook, in each language, under each name of the site.
MOST_KEPT = 100
Key = tuple[str, str, str]
# That a reader waits for the first rendering of a page, after the server has started: with the answers that are waited
# for, less than a proxy waits for a site that hangs.
FIRST_SECONDS = 5.0
# That an answer may take before the page goes without it: a page that its reader alone gets, and one for everybody.
PATIENCE_SECONDS, SHARED_SECONDS = 0.4, 3.0


@dataclass
class Notebooks:
    """Makes pages of what was rendered, of the data, and of answers."""

    pages: Pages
    source: Source
    answers: Answers
    renderings: Renderings
    # By name, language and origin: what it was made of, and the page.
    _kept: dict[Key, tuple[object, Content]] = field(default_factory=dict)

    async def rendered(self, name: str, seconds: float | None = None) -> Rendered | None:
        """Return a notebook as it was rendered, once it is."""
        return await self.renderings.page(name, FIRST_SECONDS if seconds is None else seconds)

    async def page(
        self, name: str, rendered: Rendered, query: str, lang: str, client: str = "", origin: str = ""
    ) -> Content:
        """Return a page for what its address asks, in a language, as a reader of the site under its `origin` has it."""
        about, bare = await read(self.source.known), query in ("", f"lang={lang}")
        made_of, content = self._kept.get((name, lang, origin), (None, None))
        if bare and content and made_of == (rendered, about):
            return content
        asked, seconds = ("", SHARED_SECONDS) if bare else (query, PATIENCE_SECONDS)
        text, whole = await self.composed(name, rendered, asked, lang, about, seconds, client=client, origin=origin)
        content = await read(Content.of, HTML, text)
        if bare and whole:
            self._keep((name, lang, origin), (rendered, about), content)
        return content

    async def composed(
        self, name: str, rendered: Rendered, query: str, lang: str, about: About, seconds: float, *,
        client: str = "", origin: str = "", beside: str = "",
    ) -> tuple[str, bool]:  # fmt: skip
        """Compose a page.

        Parameters
        ----------
        name, rendered
            Which page it is, and what Voilà made of it.
        query, lang
            What its address asks, and the language of answers.
        about
            What is said of the data.
        seconds
            That its answers may take before it goes without them.
        client, origin
            Who asks, and the site's scheme and host as she has them.
        beside
            The answers that lie beside the page of a copy, as JSON.

        Returns
        -------
        text, whole
            The page, and whether each of its panels has an answer: then it may be kept for the next reader.
        """
        panels = rendered.panels
        values, notes = address.read(query, panels)
        asked = [Asked.of(panel.question, given, lang) for panel, given in zip(panels, values, strict=True)]
        tasks = [asyncio.create_task(self._answered(each, client)) for each in asked]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        answers = [task.result() if task.done() else (None, "") for task in tasks]
        told = [reply.told if reply else {} for reply, _ in answers]
        shown = {
            panel.key: painted(panel, lang, said, table, given)
            for panel, given, said, (_, table) in zip(panels, values, told, answers, strict=True)
        }
        headline = next((said["headline"] for said in told if "headline" in said), "")
        parts = [shown[part.key] if isinstance(part, Placed) else Markup(part) for part in rendered.parts]  # noqa: S704 - our own notebooks
        wrong = [note.message.render(lang) for note in notes]
        whole, more = rendered.whole, {"headline": headline, "answers": beside, "origin": origin}
        text = await read(lambda: self.pages.notebook(name, parts, wrong, whole, about, lang, **more))
        return text, whole and all(reply is not None and reply.status == 200 for reply, _ in answers)

    async def _answered(self, asked: Asked, client: str) -> tuple[Reply | None, str]:
        """Get an answer and its table, or nothing where the page's own script is to ask again."""
        reply = await self.answers.reply(asked, client)
        if reply.status == 503 and not reply.version:  # the pool is full; where there are no data, they are named
            return None, ""
        table = await self.answers.reply(replace(asked, part="table"), client)
        return reply, str(table.told.get("html", ""))

    async def own(self, make: Callable[[Landing, str, str], str], landing: Landing, lang: str, origin: str) -> Content:
        """Return a page of the site's own, made anew where the headline answers that it is made of are others."""
        key = make.__name__, lang, origin
        made_of, content = self._kept.get(key, (None, None))
        if content is None or made_of != landing:
            content = await read(lambda: Content.of(HTML, make(landing, lang, origin)))
            self._keep(key, landing, content)
        return content

    def _keep(self, key: Key, made_of: object, content: Content) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = made_of, content
