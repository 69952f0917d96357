"""What the site reads of the warehouse and the answer store without a kernel."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mangetamain.errors import UserError
from mangetamain.language import LANGS, say
from mangetamain.parameters import rows
from mangetamain.site.pages.html import About, Headline, Notebook
from mangetamain.site.pages.words import WORDS, plain, spoken
from mangetamain.warehouse import Warehouse, connect

if TYPE_CHECKING:
    from mangetamain.questions import Answer, Question

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Landing:
    """All that the first page shows; `problem` says why it shows less."""

    about: About = field(default_factory=About)
    headlines: list[Headline] = field(default_factory=list)
    problem: dict[str, str] | None = None


def notebooks() -> list[Notebook]:
    """Return the site's pages, in their own order, with the words of each notebook."""
    from mangetamain.themes import themes

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
        self._made: dict[str, Any] = {}  # by page, "" for the first one
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
        try:
            found: Landing = self._once("", lambda about: Landing(about, self._headlines()))
        except UserError as error:
            return Landing(problem=spoken(error.message))
        except Exception:
            log.exception("the first page could not be made")
            return Landing(problem=plain("broken_text"))
        return found

    def snapshot(self, notebook: str) -> str:
        """Return a notebook's first answers as JSON, in every language."""
        try:
            return str(self._once(notebook, lambda about: self._snapshot(notebook, about)))
        except UserError as error:
            return json.dumps({"problem": spoken(error.message)})
        except Exception:
            log.exception("the snapshot of %s could not be made", notebook)
            return json.dumps({"problem": plain("broken_text")})

    def _once(self, page: str, make: Callable[[About], Any]) -> Any:  # noqa: ANN401 - a first page, or JSON
        about = self.about()
        if about.fingerprint != self._made_of:
            self._made, self._made_of = {}, about.fingerprint
        if page not in self._made:
            self._made[page] = make(about)
        return self._made[page]

    def _headlines(self) -> list[Headline]:
        from mangetamain.questions import headlines

        return [
            Headline(spoken(asked), {lang: answer.sentence(lang) for lang in LANGS}, answer.verdict)
            for asked, answer in headlines(self.con)
        ]

    def _snapshot(self, notebook: str, about: About) -> str:
        from mangetamain.themes import theme

        figures = {asked.key: _panel(asked.question, asked.answer(self.con)) for asked in theme(notebook).asked}
        return json.dumps({"about": vars(about), "figures": figures}, ensure_ascii=False, separators=(",", ":"))


def _panel(question: Question, answer: Answer) -> dict[str, Any]:
    kinds = [kind for kind, _ in question.parameters.values()]
    shown: dict[str, Any] = {lang: _shown(question.title, answer, lang) for lang in LANGS}
    return {"controls": len(kinds), "rows": rows(kinds), **shown}


def _shown(title: str, answer: Answer, lang: str) -> dict[str, Any]:
    verdict = answer.verdict
    return {
        "title": say(title).render(lang),
        "sentence": answer.sentence(lang),
        "verdict": verdict,
        "word": say(WORDS[verdict]).render(lang) if verdict else "",
        "spec": answer.figure_spec(lang),
    }
