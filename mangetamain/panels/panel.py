"""A question with controls, in JupyterLab and Voilà; in a run without a front end it shows the answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Any
from weakref import WeakKeyDictionary

import ipywidgets as widgets

from mangetamain import logs
from mangetamain.answers.answer import ANSWER_MIME
from mangetamain.connection import connected, lang_of
from mangetamain.errors import BadInput, UserError, suggestion
from mangetamain.language import N_, say
from mangetamain.measures import LANGUAGE
from mangetamain.panels import actions
from mangetamain.panels.chart import Chart
from mangetamain.panels.controls import control, relabel
from mangetamain.panels.page import Page
from mangetamain.questions import QUESTIONS, Answer, Question, answer_html
from mangetamain.refusals import SHOWN
from mangetamain.safe_text import shortened
from mangetamain.warehouse import Warehouse, state_home

log = logging.getLogger(__name__)
BROKEN = N_("This answer could not be worked out; the log says why.")
EXAMPLE = "mm.panel(mm.level, mm.connect())"


class Panel(widgets.VBox):
    """One question: its controls, sentence, figure, table and method."""

    def __init__(self, question: Question, con: Warehouse, page: Page, given: Mapping[str, object]) -> None:
        self.question, self.con, self.page = question, con, page
        self.base = question.read({**question.defaults(con), **given})
        self.answer: Answer | None = None
        self.complaints: list[UserError] = []
        self.busy = False
        self.controls = {name: control(kind, self.base[name]) for name, (kind, _) in question.parameters.items()}
        for name, (kind, _) in question.parameters.items():
            self.controls[name].add_class("mm-wide" if kind.wide else "mm-half")
        self.heading, self.card, self.sentence = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.chart = Chart(lang=page.lang)
        self.buttons = {label: widgets.ToggleButton() for label in (answer_html.TABLE, answer_html.METHOD)}
        self.more = widgets.HTML()
        bar, foot = widgets.Box(list(self.controls.values())), widgets.Box(list(self.buttons.values()))
        for box, name in ((bar, "mm-controls"), (foot, "mm-details"), (self.chart, "mm-chart")):
            box.add_class(name)
        super().__init__([self.heading, bar, self.card, self.sentence, self.chart, foot, self.more])
        self.add_class("mm-panel")
        self.key = page.join(self)
        self.add_class(f"mm-key-{self.key}")
        for widget in self.controls.values():
            widget.observe(self._moved, "value")
        for button in self.buttons.values():
            button.observe(self._opened, "value")
        self.show()

    def values(self) -> dict[str, Any]:
        """Return what the controls say, checked: their state belongs to the browser."""
        return self.question.read({name: widget.value for name, widget in self.controls.items()})

    def changed(self) -> dict[str, str]:
        """Return the parameters that differ from the notebook's, as text."""
        base = self.question.texts(self.base)
        try:
            now = self.question.texts(self.values())
        except UserError:
            return {}
        return {name: text for name, text in now.items() if text != base[name]}

    def restore(self, given: Mapping[str, Any], complaints: list[UserError]) -> None:
        """Set the controls to given values, the others to the notebook's, and show the answer and what is amiss."""
        self.complaints = complaints
        with self._quiet():
            for name, value in {**self.base, **given}.items():
                widget, (kind, _) = self.controls[name], self.question.parameters[name]
                widget.value = kind.text(value) if isinstance(widget, widgets.Text) else value
        self.show()

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Let us set controls without answering at each."""
        self.busy = True
        try:
            yield
        finally:
            self.busy = False

    def _moved(self, change: Mapping[str, Any]) -> None:
        if not self.busy:
            self.complaints = []
            self.show()
            self.page.write()
            # Last, so that no reader waits for the log.
            name = next(name for name, widget in self.controls.items() if widget is change["owner"])
            actions.moved(self.key, self.question.name, name, self.question.parameters[name][0], change["new"])

    def _opened(self, change: Mapping[str, Any]) -> None:
        if change["new"]:
            for button in self.buttons.values():
                if button is not change["owner"]:
                    button.value = False
        self._show_more()
        if change["new"]:
            part = next(label for label, button in self.buttons.items() if button is change["owner"])
            actions.opened(self.key, self.question.name, part)

    def show(self) -> None:
        """Answer and show; a mistake becomes a card, and a fault goes to the log."""
        lang = self.page.lang
        try:
            self.answer = self.question(self.con, **self.values())
            self._show_answer(self.answer, lang)
            troubles = self.complaints
        except UserError as error:
            self.answer, troubles = None, [error]
        except Exception:
            log.exception("%s failed", self.question.name)
            self.answer, troubles = None, [UserError(BROKEN)]
        self._show_frame(lang, troubles)

    def _show_answer(self, answer: Answer, lang: str) -> None:
        self.sentence.value = answer_html.sentence(answer, lang)
        self.chart.alt = answer.sentence(lang)
        self.chart.lang = lang
        self.chart.spec = answer.figure_spec(lang)

    def _show_frame(self, lang: str, troubles: list[UserError]) -> None:
        self.heading.value = f"<h3>{escape(say(self.question.title).render(lang))}</h3>"
        with self._quiet():
            for name, widget in self.controls.items():
                relabel(widget, self.question.parameters[name][0], lang)
        for label, button in self.buttons.items():
            button.description = say(label).render(lang)
        self.card.value = "".join(_card(trouble, lang) for trouble in troubles)
        for part in (self.sentence, self.chart, self.more, *self.buttons.values()):
            part.layout.display = "" if self.answer else "none"
        self._show_more()

    def _show_more(self) -> None:
        """Fill what the reader opened: a closed table costs nothing."""
        answer, lang = self.answer, self.page.lang
        if answer and self.buttons[answer_html.TABLE].value:
            self.more.value = answer_html.download(answer, lang) + answer_html.table(answer.columns, lang)
        elif answer and self.buttons[answer_html.METHOD].value:
            self.more.value = answer_html.method(self.question, answer, lang)
        else:
            self.more.value = ""

    def record(self, answer: Answer) -> dict[str, Any]:
        """Give the answer as data, for the registry of reports and for comparing two of them."""
        lang = self.page.lang
        return answer.record(self.key, say(self.question.title).render(lang), lang)

    def __repr__(self) -> str:
        return repr(self.answer) if self.answer else str(self.card.value)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - the display protocol's own
        """Offer the live widget, and for a run without a front end the answer as HTML and text."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs) or {}
        bundle["text/plain"] = repr(self)
        if self.answer:
            bundle[ANSWER_MIME] = self.record(self.answer)
        bundle["text/html"] = (
            answer_html.fragment(self.question, self.answer, self.page.lang) if self.answer else self.card.value
        )
        return bundle


# The panels of one connection share a page.
_pages: WeakKeyDictionary[Warehouse, Page] = WeakKeyDictionary()


def _card(trouble: UserError, lang: str) -> str:
    # Ours to mend, and no reader's: the site's own checks look for it.
    fault = " mm-fault" if trouble.message.text == BROKEN else ""
    return f'<div class="mm-card{fault}" role="alert">{escape(trouble.message.render(lang))}</div>'


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
    page = _pages.get(con) or _pages.setdefault(con, Page(spoken))
    return Panel(question, con, page, parameters)
