"""A question with controls: one widget, whose front end asks for answers and draws them.

The same front-end modules (`panel.js`) draw the panel in JupyterLab, on the site and in a file; here it is given its
answers by the kernel. In a run without a front end the panel shows its first answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import anywidget
import traitlets

from mangetamain import assets, charter, logs
from mangetamain.answers.answer import ANSWER_MIME
from mangetamain.connection import connected, lang_of
from mangetamain.errors import BadInput, suggestion
from mangetamain.language import LANGS, say
from mangetamain.measures import LANGUAGE
from mangetamain.panels.carried import PANEL_MIME
from mangetamain.panels.terms import told_terms
from mangetamain.panels.view import frame, reply
from mangetamain.questions import QUESTIONS, Answer, Question, answer_html
from mangetamain.questions.panel_keys import key_for
from mangetamain.refusals import SHOWN
from mangetamain.safe_text import shortened
from mangetamain.warehouse import Warehouse, state_home

EXAMPLE = "mm.panel(mm.level, mm.connect())"
# Of a message from a browser, so many values are read.
MOST_VALUES = 40


class Panel(anywidget.AnyWidget):
    """One question: its controls, sentence, figure, table and method."""

    _esm = assets.panel_script()
    _css = charter.css() + Path(__file__).with_name("panel.css").read_text("utf-8")
    # What the front end is given: the panel's own key, its question, the language and the values that it begins with,
    # how it is framed in each language, and the first reply. It asks for more by messages.
    key = traitlets.Unicode().tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    lang = traitlets.Unicode().tag(sync=True)
    base = traitlets.Dict().tag(sync=True)
    frames = traitlets.Dict().tag(sync=True)
    reply = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Question, con: Warehouse, key: str, lang: str, given: Mapping[str, object]) -> None:
        self.asked, self.con, self.values = asked, con, asked.read({**asked.defaults(con), **given})
        super().__init__(
            key=key,
            question=asked.name,
            lang=lang,
            base=asked.texts(self.values),
            frames={lang: frame(asked, lang) for lang in LANGS},
            reply=reply(asked, con, self.values, lang),
        )
        self.on_msg(self._heard)

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        """Answer what the front end asks, under the number it gave its question."""
        if not isinstance(content, dict):
            return
        lang = str(content.get("lang") if content.get("lang") in LANGS else self.lang)
        if isinstance(content.get("terms"), str):
            said = told_terms(self.con, content["terms"], str(content.get("kind", "all")), lang)
        elif isinstance(content.get("given"), dict):
            given = {str(name): value for name, value in list(content["given"].items())[:MOST_VALUES]}
            said = reply(self.asked, self.con, given, lang, str(content.get("part", "answer")))
        else:
            return
        self.send({"id": content.get("id"), **said})

    @cached_property
    def answer(self) -> Answer | None:
        """The first answer, or nothing where there is none."""
        return None if "trouble" in self.reply else self.asked(self.con, **self.values)

    def record(self, answer: Answer) -> dict[str, Any]:
        """Give the answer as data, for the registry of reports and for comparing two of them."""
        return answer.record(self.key, say(self.asked.title).render(self.lang), self.lang)

    def __repr__(self) -> str:
        return repr(self.answer) if self.answer else str(self.reply["trouble"])

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - Jupyter's own
        """Offer the live widget, and for a run without a front end the answer as HTML and text."""
        bundle, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        answer = self.answer
        bundle["text/plain"] = repr(self)
        bundle[PANEL_MIME] = {"key": self.key, "question": self.question, "base": self.base}
        if answer:
            bundle[ANSWER_MIME] = self.record(answer)
        bundle["text/html"] = (
            answer_html.fragment(self.asked, answer, self.lang) if answer else _card(self.reply["trouble"])
        )
        return bundle, metadata


# The keys of one connection's panels.
_keys: WeakKeyDictionary[Warehouse, list[str]] = WeakKeyDictionary()


def _card(trouble: str) -> str:
    return f'<div class="mm-card" role="alert">{escape(trouble)}</div>'


def panel(
    question: Question | None = None, con: Warehouse | None = None, *, lang: str | None = None, **parameters: object
) -> Panel:  # fmt: skip
    """Show a question with controls made from its parameters' annotations.

    Parameters
    ----------
    question
        What to ask.
    con
        Where to ask it; the panels of one connection share a page and its address.
    lang
        Language of texts and numbers, en or fr, until the reader chooses another; the connection's without it.
    **parameters
        Values that differ from the connection's defaults and the question's own.

    Returns
    -------
    Panel
        A widget; in papermill or nbval, which have no front end, its output is the answer's text and HTML.

    Raises
    ------
    BadInput
        When the question, the connection, the language, a parameter, its value or the log's level is not one of ours.
    """
    if not isinstance(question, Question):
        raise BadInput(
            "A panel shows a question, as in {example}; given: {value}{hint}",
            example=EXAMPLE, value=say("nothing") if question is None else shortened(repr(question), SHOWN),
            hint=suggestion(str(question), [f"mm.{name}" for name in QUESTIONS]),
        )  # fmt: skip
    con = connected(con, EXAMPLE)
    spoken = LANGUAGE.parse("lang", lang_of(con) if lang is None else lang)
    logs.start("kernel", state_home(con.home) / "logs")
    question.read(parameters)
    keys = _keys.setdefault(con, [])
    keys.append(key_for(question.name, keys))
    return Panel(question, con, keys[-1], spoken, parameters)
