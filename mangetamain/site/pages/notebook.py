"""A notebook's page as one reader gets it: its prose, and each panel with the answer that her address asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from markupsafe import Markup

from mangetamain.panels.carried import Placed
from mangetamain.panels.painted import painted
from mangetamain.site.answering.answers import read
from mangetamain.site.answering.asked import Asked, Reply
from mangetamain.site.pages import address
from mangetamain.site.pages.html import About, Pages
from mangetamain.site.pages.rendered import Rendered

# That an answer may take before the page goes without it: a page that its reader alone gets, and one for everybody.
PATIENCE_SECONDS, SHARED_SECONDS = 0.4, 3.0
Replies = Callable[[Asked], Awaitable[Reply]]


async def composed(
    pages: Pages, name: str, rendered: Rendered, query: str, lang: str, about: About, replies: Replies,
    beside: str = "", origin: str = "",
) -> tuple[str, bool]:  # fmt: skip
    """Compose a page.

    Parameters
    ----------
    pages, name, rendered
        The site's HTML, which page it is, and what Voilà made of it.
    query, lang
        What its address asks, and the language of answers.
    about
        What is said of the data.
    replies
        Where answers come from.
    beside
        The answers that lie beside the page of a copy, as JSON.
    origin
        The site's scheme and host, as its reader has them.

    Returns
    -------
    text, whole
        The page, and whether each of its panels has an answer: then it may be kept for the next reader.
    """
    panels = rendered.panels
    values, notes = address.read(query, panels)
    asked = [Asked.of(panel.question, given, lang) for panel, given in zip(panels, values, strict=True)]
    tasks = [asyncio.create_task(_answered(each, replies)) for each in asked]
    if tasks:
        await asyncio.wait(tasks, timeout=PATIENCE_SECONDS if query else SHARED_SECONDS)
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
    text = await read(lambda: pages.notebook(name, parts, wrong, whole, about, lang, **more))
    return text, whole and all(reply is not None and reply.status == 200 for reply, _ in answers)


async def _answered(asked: Asked, replies: Replies) -> tuple[Reply | None, str]:
    """Get an answer and its table, or nothing where the page's own script is to ask again."""
    reply = await replies(asked)
    if reply.status == 503 and not reply.version:  # the pool is full; where there are no data, they are named
        return None, ""
    table = await replies(replace(asked, part="table"))
    return reply, str(table.told.get("html", ""))
