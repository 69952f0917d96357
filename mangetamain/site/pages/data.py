"""What the site reads of the warehouse and the answer store without a kernel."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mangetamain.errors import UserError
from mangetamain.language import LANGS, say
from mangetamain.parameters import rows
from mangetamain.questions import Answer, Question, headlines
from mangetamain.site.pages.html import About, Headline, Notebook
from mangetamain.site.pages.words import WORDS, plain, spoken
from mangetamain.themes import theme, themes
from mangetamain.warehouse import Warehouse, connect

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Landing:
    """All that the first page shows; `problem` says why it shows less."""

    about: About = field(default_factory=About)
    headlines: list[Headline] = field(default_factory=list)
    problem: dict[str, str] | None = None


def notebooks() -> list[Notebook]:
    """Return the site's pages, in their own order, with the words of each notebook."""
    return [
        Notebook(
            name, {lang: theme.title(lang) for lang in LANGS}, {lang: plain_text(theme.summary(lang)) for lang in LANGS}
        )
        for name, theme in themes().items()
    ]


def plain_text(markdown: str) -> str:
    """Drop the marks of emphasis, code and links from a line of Markdown."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"[*_`]", "", text).split())


class Source:
    """Reads through one connection, and remembers what it read of the present data."""

    def __init__(self, con: Warehouse | None = None) -> None:
        self.con = con or connect()
        self._made: dict[str, Any] = {}
        self._made_of = ""

    def about(self) -> About:
        """Return the card of the current warehouse; raise `NoWarehouse` where there is none."""
        info, built = self.con.info, f"{self.con.info.built_at:%Y-%m-%d %H:%M} UTC"
        return About(info.source, info.synthetic, info.fingerprint, info.package_version, built, known=True)

    def fingerprint(self) -> str:
        """Return the current data's fingerprint, or nothing where there are none."""
        try:
            return self.con.fingerprint
        except UserError:
            return ""

    def landing(self) -> Landing:
        """Return the headline answers; whatever goes wrong becomes a sentence."""
        return self._made_once(
            "first page", lambda about: Landing(about, self._headlines()), lambda problem: Landing(problem=problem)
        )

    def snapshot(self, notebook: str) -> str:
        """Return a notebook's first answers as JSON, in every language."""
        return self._made_once(
            f"snapshot of {notebook}",
            lambda about: self._snapshot(notebook, about),
            lambda problem: json.dumps({"problem": problem}),
        )

    def _made_once(self, what: str, make: Callable[[About], T], excuse: Callable[[dict[str, str]], T]) -> T:
        try:
            about = self.about()
            if about.fingerprint != self._made_of:
                self._made, self._made_of = {}, about.fingerprint
            if what not in self._made:
                self._made[what] = make(about)
            made: T = self._made[what]
        except UserError as error:
            return excuse(spoken(error.message))
        except Exception:
            log.exception("the %s could not be made", what)
            return excuse(plain("broken_text"))
        return made

    def _headlines(self) -> list[Headline]:
        return [
            Headline(spoken(asked), {lang: answer.sentence(lang) for lang in LANGS}, answer.verdict)
            for asked, answer in headlines(self.con)
        ]

    def _snapshot(self, notebook: str, about: About) -> str:
        first = [(asked, asked.first_answer(self.con)) for asked in theme(notebook).asked]
        # One without an answer keeps its place: the page finds each by it.
        figures = {asked.key: answer and _panel(asked.question, answer) for asked, answer in first}
        return json.dumps({"about": vars(about), "figures": figures}, ensure_ascii=False, separators=(",", ":"))


def _panel(question: Question, answer: Answer) -> dict[str, Any]:
    kinds, verdict = [kind for kind, _ in question.parameters.values()], answer.verdict
    shown: dict[str, Any] = {
        lang: {
            "title": say(question.title).render(lang),
            "sentence": answer.sentence(lang),
            "verdict": verdict,
            "word": say(WORDS[verdict]).render(lang) if verdict else "",
            "spec": answer.figure_spec(lang),
        }
        for lang in LANGS
    }
    return {"controls": len(kinds), "rows": rows(kinds), **shown}
