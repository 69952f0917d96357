"""A panel as its page shows it before any script runs, and what the page's script makes it live with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mangetamain.language import LANGS
from mangetamain.panels.carried import Placed
from mangetamain.panels.view import foremost, frame

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


def painted(
    panel: Placed, lang: str, told: Mapping[str, Any], table: str, given: Mapping[str, str] | None = None,
    langs: Iterable[str] = LANGS,
) -> Markup:  # fmt: skip
    """Paint a panel.

    Parameters
    ----------
    panel, lang
        Which panel, and the language it is in at first.
    told, table
        Its answer as `panels.view` tells it, or nothing where its script is to ask; its table as HTML.
    given
        What it was asked with; as the notebook has it without.
    langs
        The languages it can be turned to.
    """
    from markupsafe import Markup

    before = foremost(panel.question, panel.base)
    frames = {each: frame(panel.question, each) for each in langs}
    # Its pictures stand in the page.
    model = {
        "key": panel.key, "question": panel.name, "lang": lang, "base": dict(panel.base), "frames": frames,
        "given": dict(given or panel.base), "before": before,
        "reply": {name: value for name, value in told.items() if name != "pictures"} or None,
    }  # fmt: skip
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    words = {"before": before, "title": frames[lang]["title"], "labels": frames[lang]["labels"]}
    return Markup(_template().render(key=panel.key, told=told, table=table, model=text, **words))  # noqa: S704 - escaped where it is made


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return env.from_string(Path(__file__).with_name("panel.html").read_text("utf-8"))
