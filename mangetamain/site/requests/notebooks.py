"""The pages as they are served: composed for who asks, and kept where everybody gets the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mangetamain.site.answering.answers import Answers, read
from mangetamain.site.pages.data import Source
from mangetamain.site.pages.html import Landing, Pages
from mangetamain.site.pages.notebook import composed
from mangetamain.site.pages.rendered import Rendered, Renderings
from mangetamain.site.requests.sending import HTML, Content

# Pages that are kept: of each notebook, in each language, under each name of the site.
MOST_KEPT = 100
Key = tuple[str, str, str]
# That a reader waits for the first rendering of a page, after the server has started: with the answers that are waited
# for, less than a proxy waits for a site that hangs.
FIRST_SECONDS = 5.0


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
        text, whole = await composed(
            self.pages, name, rendered, "" if bare else query, lang, about,
            lambda asked: self.answers.reply(asked, client), origin=origin,
        )  # fmt: skip
        content = await read(Content.of, HTML, text)
        if bare and whole:
            self._keep((name, lang, origin), (rendered, about), content)
        return content

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
