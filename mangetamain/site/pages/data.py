"""What the site reads of the warehouse and the answer store for its first page and its footers."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlencode

from markupsafe import Markup

from mangetamain.errors import UserError
from mangetamain.language import LANGS, Message
from mangetamain.pictures.svg import NARROW
from mangetamain.questions import QUESTIONS, Answer, headlines
from mangetamain.safe_text import unbroken
from mangetamain.site.pages.html import About, Headline, Landing, Notebook
from mangetamain.site.pages.words import plain, spoken
from mangetamain.themes import Place, place_of, themes
from mangetamain.warehouse import Warehouse, connect

log = logging.getLogger(__name__)
# What a page asks of all its panels at once, as address.js has it.
SHARED = ("years", "among")
# The panels that say what changed most: among the measures, and among the ingredients.
MOST = (("trends", "profile"), ("trends", "term_changes"))


def notebooks() -> list[Notebook]:
    """Return the site's pages, in their own order, with the words of each notebook."""
    return [
        Notebook(
            name,
            {lang: theme.title(lang) for lang in LANGS},
            {lang: plain_text(theme.summary(lang)) for lang in LANGS},
            " ".join(each for each in SHARED if any(each in asked.question.parameters for asked in theme.asked)),
        )
        for name, theme in themes().items()
    ]


def plain_text(markdown: str) -> str:
    """Drop the marks of emphasis, code and links from a line of Markdown."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"[*_`]", "", text).split())


class Source:
    """Reads through one connection, and remembers the first page of the present data."""

    def __init__(self, con: Warehouse | None = None) -> None:
        self.con = con or connect()
        self._landing = Landing()

    def about(self) -> About:
        """Return the card of the current warehouse; raise `NoWarehouse` where there is none."""
        info, built = self.con.info, f"{self.con.info.built_at:%Y-%m-%d %H:%M} UTC"
        return About(info.source, info.synthetic, info.fingerprint, info.package_version, built, known=True)

    def known(self) -> About:
        """Return the card of the current warehouse; an empty one where there is none."""
        try:
            return self.about()
        except UserError:
            return About()

    def landing(self) -> Landing:
        """Return the headline answers; whatever goes wrong becomes a sentence."""
        try:
            about = self.about()
            if about != self._landing.about:
                answered = headlines(self.con)
                three = [_headline(asked, answer, _link(place_of(answer))) for asked, answer in answered]
                preview: dict[str, str] = {lang: answer.svg(lang) for _, answer in answered[:1] for lang in LANGS}
                self._landing = Landing(about, three, self._most(), preview)
        except UserError as error:
            return Landing(problem=spoken(error.message))
        except Exception:
            log.exception("the first page could not be made")
            return Landing(problem=plain("broken_text"))
        return self._landing

    def _most(self) -> list[Headline]:
        """Answer what the panels that say what changed most ask, as far as there are such; what changed goes first."""
        panels = {(name, asked.key): asked for name, theme in themes().items() for asked in theme.asked}
        asked = [(name, panels[name, key]) for name, key in MOST if (name, key) in panels]
        answers = [(name, each, each.first_answer(self.con)) for name, each in asked]
        told = [
            _headline(_heading(one), one, (name, f"#{each.key}"), pictured=False) for name, each, one in answers if one
        ]
        return sorted(told, key=lambda each: each.verdict not in ("clear", "real"))


def _heading(answer: Answer) -> Message:
    question = QUESTIONS[answer.question]
    return question.heading(question.read(answer.parameters))


def _headline(asked: Message, answer: Answer, place: tuple[str, str], *, pictured: bool = True) -> Headline:
    pictures = {lang: answer.svg(lang, NARROW, preview=True) for lang in LANGS} if pictured else {}
    return Headline(
        {lang: unbroken(text) for lang, text in spoken(asked).items()},
        {lang: unbroken(answer.headline(lang)) for lang in LANGS},
        answer.verdict,
        {lang: Markup(picture) for lang, picture in pictures.items()},  # noqa: S704 - escaped where it is drawn
        *place,
        {lang: answer.sentence(lang) for lang in LANGS},
    )


def _link(place: Place) -> tuple[str, str]:
    """Return a place's notebook, and what its address asks of it."""
    anchor = f"#{place.panel.key}"
    return place.page, f"?{urlencode(place.asked)}{anchor}" if place.moved else anchor
