"""A notebook's page as one reader gets it: its prose, and each panel with the answer that her address asks for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from mangetamain.language import LANGS
from mangetamain.panels.view import frame
from mangetamain.site.answering.answers import read
from mangetamain.site.answering.asked import Asked, Reply
from mangetamain.site.pages import address
from mangetamain.site.pages.address import Placed
from mangetamain.site.pages.html import About, Pages, Panel
from mangetamain.site.pages.rendered import Rendered

# That an answer may take before the page goes without it: a page that its reader alone gets, and one for everybody.
PATIENCE_SECONDS, SHARED_SECONDS = 0.4, 10.0
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
    shown = {
        panel.key: shown_panel(panel, given, lang, *answer)
        for panel, given, answer in zip(panels, values, answers, strict=True)
    }
    parts = [shown[part.key] if isinstance(part, Placed) else Markup(part) for part in rendered.parts]  # noqa: S704 - our own notebooks
    said = [note.message.render(lang) for note in notes]
    text = await read(lambda: pages.notebook(name, parts, said, rendered.whole, about, lang, beside, origin=origin))
    return text, rendered.whole and all(reply is not None and reply.status == 200 for reply, _ in answers)


async def _answered(asked: Asked, replies: Replies) -> tuple[Reply | None, str]:
    """Get an answer and its table, or nothing where the page's own script is to ask again."""
    reply = await replies(asked)
    if reply.status == 503 and not reply.version:  # the pool is full; where there are no data, they are named
        return None, ""
    table = await replies(replace(asked, part="table"))
    return reply, str(table.told.get("html", ""))


def shown_panel(panel: Placed, given: Mapping[str, str], lang: str, reply: Reply | None, table: str) -> Panel:
    """Make what a template shows of a panel, and the model that the page's script makes it live with."""
    frames: dict[str, dict[str, Any]] = {each: frame(panel.question, each) for each in LANGS}
    told = reply.told if reply else {}
    # Its pictures stand in the page.
    model = {
        "key": panel.key, "question": panel.name, "lang": lang, "base": dict(panel.base), "frames": frames,
        "given": dict(given),
        "reply": {name: value for name, value in told.items() if name != "pictures"} or None,
    }  # fmt: skip
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Panel(panel.key, frames[lang]["title"], told, frames[lang]["labels"], Markup(table), Markup(text))  # noqa: S704 - escaped where it was made
