"""The site's own HTML: head, header and footer of every page, the landing page, and the cards for what went wrong."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mangetamain import charter
from mangetamain.assets import DRAWING, STYLE, page_script, page_style
from mangetamain.environment import DEPLOYED, DOCS_VARIABLE, environment
from mangetamain.language import LANGS, say
from mangetamain.panels.view import MEANINGS
from mangetamain.site.answering.asked import version
from mangetamain.site.pages import words
from mangetamain.site.pages.reading import sections

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2 import Environment
    from markupsafe import Markup

# The page that says how to read the others; where the pictures of pages are, for who shows a link to one.
READING, PREVIEWS = "how-to-read", "preview/"
LOCALES = {"en": "en_GB", "fr": "fr_FR"}
PAPER = {
    "title": "Generating Personalized Recipes from Historical User Preferences", "place": "EMNLP 2019",
    "address": "https://doi.org/10.18653/v1/D19-1613",
}  # fmt: skip
# Where the drawing scripts are, as plain Voilà has them.
DRAWINGS = "voila/labextensions/mangetamain/static/"
FIRST_SCRIPT = (Path(__file__).parent / "templates" / "first.js").read_text("utf-8")
# The site's files by the name below ``assets/``, and what is made of several: a page's looks and its script are one
# file each, so that the version in its address holds for all of it.
ASSETS = {str(path.relative_to(STYLE)): path for path in STYLE.rglob("*") if path.is_file()}
MADE: dict[str, Callable[[], str]] = {"page.css": page_style, "page.js": page_script}


@dataclass(frozen=True)
class About:
    """What a page says of the data it speaks from; all empty where there are none."""

    source: str = ""
    synthetic: bool = False
    fingerprint: str = ""
    version: str = ""
    built: str = ""
    known: bool = False


@dataclass(frozen=True)
class Notebook:
    """A page's own words, by language, and what its bar asks of all its panels."""

    name: str
    title: dict[str, str]
    summary: dict[str, str]
    takes: str = ""


@dataclass(frozen=True)
class Headline:
    """One answer as the landing page shows it."""

    asked: dict[str, str]
    said: dict[str, str]
    verdict: str | None
    picture: dict[str, Markup]
    notebook: str  # where its panel is, and what the page's address asks
    asks: str
    sentence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pages:
    """Makes the site's HTML."""

    base_url: str  # path under which the site is served, with a slash at both ends; empty for a copy
    notebooks: list[Notebook] = field(default_factory=list)
    copied: bool = False  # whether it is files alone, without a server

    def landing(
        self, about: About, headlines: Sequence[Headline], problem: dict[str, str] | None, lang: str, *,
        most: Sequence[Headline] = (), origin: str = "",
    ) -> str:  # fmt: skip
        """Make the first page: the main question, its answers, what changed most, and the way to each notebook.

        Here and below, the `origin` is the site's scheme and host, as its reader has them.
        """
        said = " ".join(each.asked[lang] for each in headlines) or words.plain("lead")[lang]
        image = f"{PREVIEWS}index.svg" if headlines else ""
        told = {"headlines": headlines, "most": most, "problem": problem, "title": _titled(words.plain("question"))}
        return self._render("landing.html", about, lang, self._shown(about, lang, said, self.home, origin, image), told)

    def reading(self, about: About, example: Headline | None, lang: str, *, origin: str = "") -> str:
        """Make the page that says how the others are read, by one answer for example."""
        shown = self._shown(about, lang, words.plain("reading_text")[lang], self.address(READING), origin)
        told = {"title": _titled(words.plain("reading")), "sections": sections(), "example": example}
        return self._render("reading.html", about, lang, shown, told)

    def notice(self, title: str, text: str, lang: str) -> str:
        """Make a page that says one thing, such as that there is no such page."""
        told = {"title": _titled(words.plain(title)), "heading": title, "text": text}
        return self._render("notice.html", About(), lang, {"description": words.plain(text)[lang]}, told)

    def closed(self, words: str) -> str:
        """Make the one page there is for who may not come in; it loads nothing."""
        return self._render("closed.html", About(), LANGS[0], {}, {"words": words})

    def notebook(
        self, name: str, parts: Sequence[Markup], notes: Sequence[str], whole: bool, about: About, lang: str, *,
        headline: str = "", answers: str = "", origin: str = "",
    ) -> str:  # fmt: skip
        """Make a notebook's page of its parts, of what is to be said of its address, and of whether it is whole.

        The first answer's `headline` is what a link to it says. A copy's page holds the `answers` that lie beside it,
        as JSON.
        """
        page = next(each for each in self.notebooks if each.name == name)
        image = f"{PREVIEWS}{name}.svg" if headline else ""
        shown = self._shown(about, lang, headline or page.summary[lang], self.address(name), origin, image)
        told = {"parts": parts, "notes": notes, "whole": whole, "answers": answers, "title": _titled(page.title)}
        return self._render("notebook.html", about, lang, shown, {"page": name, **told})

    def _shown(
        self, about: About, lang: str, said: str, address: str, origin: str, image: str = ""
    ) -> dict[str, Any]:  # fmt: skip
        """Return what a link to a page is shown with: what it says first of all, its one address, and a picture."""
        caution = f"{words.plain('synthetic')[lang]}. " if about.synthetic else ""

        def canonical(each: str) -> str:
            return address if self.copied else f"{origin}{address}?lang={each}"

        # A picture is shown by its whole address alone, which a copy does not know.
        picture = f"{origin}{self.base_url}{image}?lang={lang}" if image and origin else ""
        return {"description": f"{caution}{said}", "canonical": canonical, "image": picture}

    def _render(
        self, name: str, about: About, lang: str, shown: Mapping[str, Any], told: Mapping[str, Any]
    ) -> str:  # fmt: skip
        known = {
            "base": self.base_url, "notebooks": self.notebooks, "environment": environment(), "site": self, "page": "",
            "answers": "", "canonical": None, "image": "", "docs": os.environ.get(DOCS_VARIABLE, ""),
            "about": about, "lang": lang, "version": version(about.fingerprint),
        }  # fmt: skip
        return _environment().get_template(name).render({**known, **shown, **told})

    def asset(self, name: str) -> str:
        """Return the address of one of the site's files; it changes with the content, so it may be kept for long."""
        if self.copied:
            return f"assets/{name}"
        return f"{self.base_url}assets/{name}?v={_asset_version(name)}"

    def drawing(self, name: str) -> str:
        """Return the address of the drawing script or of what it loads."""
        return f"drawing/{name}" if self.copied else f"{self.base_url}{DRAWINGS}{name}?v={drawing_version()}"

    def address(self, notebook: str) -> str:
        """Return the address of a notebook's page."""
        return f"{notebook}.html" if self.copied else f"{self.base_url}{notebook}"

    @property
    def home(self) -> str:
        """The address of the first page."""
        return "index.html" if self.copied else self.base_url

    @property
    def script(self) -> Markup:
        """The page's own script, for a copy: opened from a disk, a page may import no module."""
        from markupsafe import Markup

        return Markup(page_script())  # noqa: S704 - our own file


def _titled(title: Mapping[str, str]) -> dict[str, str]:
    """Return what a browser calls a page, in every language."""
    return {lang: f"{text} · Mangetamain" for lang, text in title.items()}


@cache
def drawing_version() -> str:
    """Return a version of the drawing scripts, which load one another and so share it."""
    return _digest(b"".join(path.read_bytes() for path in sorted(DRAWING.iterdir())))


@cache
def _asset_version(name: str) -> str:
    return _digest(MADE[name]().encode() if name in MADE else ASSETS[name].read_bytes())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    env = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(word=words.word, plain=words.plain, both=words.both, css=Markup(charter.css()))  # noqa: S704 - our own
    env.globals.update(languages=LANGS, locales=LOCALES, badges=("local", *DEPLOYED), reading=READING, paper=PAPER)
    env.globals["verdicts"] = {name: words.spoken(say(text)) for name, text in MEANINGS.items()}
    env.globals["first_script"] = Markup(FIRST_SCRIPT)  # noqa: S704 - our own file
    env.globals["logo"] = Markup((STYLE / "logo.svg").read_text("utf-8"))  # noqa: S704 - our own file
    return env
