"""The site's own HTML: head, header and footer of every page, the landing page, and the cards for what went wrong."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mangetamain import charter
from mangetamain.assets import DRAWING, STYLE, page_script, page_style
from mangetamain.environment import DEPLOYED, DOCS_VARIABLE, environment
from mangetamain.language import LANGS, say
from mangetamain.panels.view import MEANINGS
from mangetamain.site.answering.asked import version
from mangetamain.site.pages import words
from mangetamain.site.pages.reading import sections

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
ASSETS: dict[str, Path | Callable[[], str]] = {
    **{str(path.relative_to(STYLE)): path for path in STYLE.rglob("*") if path.is_file()},
    "page.css": page_style,
    "page.js": page_script,
}


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
class Landing:
    """All that the first page shows, and the picture that a link to it does; `problem` says why it shows less."""

    about: About = field(default_factory=About)
    headlines: list[Headline] = field(default_factory=list)
    most: list[Headline] = field(default_factory=list)
    preview: dict[str, str] = field(default_factory=dict)
    problem: dict[str, str] | None = None


@dataclass(frozen=True)
class Pages:
    """Makes the site's HTML."""

    base_url: str  # path under which the site is served, with a slash at both ends; empty for a copy
    notebooks: list[Notebook] = field(default_factory=list)
    copied: bool = False  # whether it is files alone, without a server

    def landing(self, landing: Landing, lang: str, origin: str = "") -> str:
        """Make the first page: the main question, its answers, what changed most, and the way to each notebook.

        Here and below, the `origin` is the site's scheme and host, as its reader has them.
        """
        said = " ".join(each.asked[lang] for each in landing.headlines) or words.plain("lead")[lang]
        shown = {"address": self.home, "origin": origin, "picture": "index" if landing.headlines else ""}
        title = words.plain("question")
        return self._render("landing.html", landing.about, lang, title, said, **shown, landing=landing)

    def reading(self, landing: Landing, lang: str, origin: str = "") -> str:
        """Make the page that says how the others are read, with an answer for example where there is one."""
        title, said = words.plain("reading"), words.plain("reading_text")[lang]
        return self._render(
            "reading.html", landing.about, lang, title, said, address=self.address(READING), origin=origin,
            sections=sections(), example=next(iter(landing.headlines), None),
        )  # fmt: skip

    def notice(self, key: str, lang: str) -> str:
        """Make a page that says one thing, such as that there is no such page."""
        title, said = words.plain(key), words.plain(f"{key}_text")[lang]
        return self._render("notice.html", About(), lang, title, said, words=key)

    def closed(self, key: str) -> str:
        """Make the one page there is for who may not come in; it loads nothing."""
        return self._render("closed.html", About(), LANGS[0], {}, words=key)

    def notebook(
        self, name: str, parts: Sequence[Markup], notes: Sequence[str], whole: bool, about: About, lang: str, *,
        headline: str = "", answers: str = "", origin: str = "",
    ) -> str:  # fmt: skip
        """Make a notebook's page of its parts, of what is to be said of its address, and of whether it is whole.

        The first answer's `headline` is what a link to it says. A copy's page holds the `answers` that lie beside it,
        as JSON.
        """
        page = next(each for each in self.notebooks if each.name == name)
        shown = {"address": self.address(name), "origin": origin, "picture": name if headline else ""}
        return self._render(
            "notebook.html", about, lang, page.title, headline or page.summary[lang], **shown, page=name, parts=parts,
            notes=notes, whole=whole, answers=answers,
        )  # fmt: skip

    def _render(
        self, template: str, about: About, lang: str, title: Mapping[str, str], said: str = "", *,
        address: str = "", origin: str = "", picture: str = "", **told: object,
    ) -> str:  # fmt: skip
        """Make a page of what is told; links to its `address` show what it says first, and a picture."""
        caution = f"{words.plain('synthetic')[lang]}. " if about.synthetic else ""

        def canonical(each: str) -> str:
            return address if self.copied else f"{origin}{address}?lang={each}"

        known = {
            "base": self.base_url, "notebooks": self.notebooks, "environment": environment(), "site": self, "page": "",
            "answers": "", "docs": os.environ.get(DOCS_VARIABLE, ""), "about": about, "lang": lang,
            "version": version(about.fingerprint),
            "title": {each: f"{text} · Mangetamain" for each, text in title.items()},
            "description": f"{caution}{said}", "canonical": canonical if address else None,
            # A picture is shown by its whole address alone, which a copy does not know.
            "image": f"{origin}{self.base_url}{PREVIEWS}{picture}.svg?lang={lang}" if picture and origin else "",
        }  # fmt: skip
        return _environment().get_template(template).render({**known, **told})

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
        return Markup(page_script())  # noqa: S704 - our own file


@cache
def drawing_version() -> str:
    """Return a version of the drawing scripts, which load one another and so share it."""
    return _digest(b"".join(path.read_bytes() for path in sorted(DRAWING.iterdir())))


@cache
def _asset_version(name: str) -> str:
    return _digest(bytes_of(ASSETS[name]))


def bytes_of(source: Path | Callable[[], str]) -> bytes:
    """Return what is in a file, or what is made of several."""
    return source.read_bytes() if isinstance(source, Path) else source().encode()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:12]


@cache
def _environment() -> Environment:
    loader = PackageLoader(__package__)
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env.globals.update(word=words.word, plain=words.plain, both=words.both, css=Markup(charter.css()))  # noqa: S704 - our own
    env.globals.update(languages=LANGS, locales=LOCALES, badges=("local", *DEPLOYED), reading=READING, paper=PAPER)
    env.globals["verdicts"] = {name: words.spoken(say(text)) for name, text in MEANINGS.items()}
    env.globals["first_script"] = Markup(FIRST_SCRIPT)  # noqa: S704 - our own file
    env.globals["logo"] = Markup((STYLE / "logo.svg").read_text("utf-8"))  # noqa: S704 - our own file
    return env
