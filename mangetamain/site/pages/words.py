"""The site's own words, each in both languages at once: the page shows the one its reader has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from mangetamain import assets
from mangetamain.finding import VERDICTS
from mangetamain.language import LANGS, N_, Message, say
from mangetamain.panels.view import LABELS

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "question": N_("Did home cooking become simpler, lighter and better liked?"),
        "lead": N_("Twenty years of home cooking on Food.com, 1999 to 2018, read as data: every answer comes with "
                   "its uncertainty, and says whether the change is large enough to matter."),
        "bar": LABELS["bar"],
        "skip": N_("Skip to the content"),
        "answers": N_("What the data say"),
        "most": N_("What changed most"),
        "themes": N_("Explore"),
        "open": N_("Open"),
        "local": N_("A site on somebody's own machine, for trying things out."),
        "preprod": N_("The rehearsal: what is seen here may be wrong, and goes to the public site once it is right."),
        "prod": N_("The public site."),
        "elsewhere": N_("Neither the rehearsal nor the public site."),
        "scheme": N_("Dark or light"),
        "cited": N_("Recipes and reviews:"),
        "authors": N_("Majumder, Li, Ni and McAuley,"),
        "licence": N_("The programs are free (MIT licence); the data are not ours to pass on."),
        "reading": N_("How to read this"),
        "reading_text": N_("What an interval, a verdict, a thin year and a selection mean on this site, by "
                           "an example."),
        "method": N_("Method"),
        # What a report says of its data, too.
        **{name: assets.WORDS[name] for name in ("synthetic", "source", "version", "built", "fingerprint")},
        **dict[str, str](VERDICTS.items()),
        "foreign": N_("This notebook is not shown here"),
        "foreign_text": N_("It holds widgets that need a kernel of their own, which this site gives to nobody."),
        "soon": N_("This page is being prepared"),
        "soon_text": N_("The site has just started; please try again in a moment."),
        "ending": N_("The site is being stopped"),
        "ending_text": N_("The site is being stopped and may be back at once; please try again in a few seconds."),
        "problem": N_("There is nothing to show yet"),
        "missing": N_("This page does not exist"),
        "missing_text": N_("The address may be mistyped, or the page may have moved."),
        "broken": N_("Something went wrong"),
        "broken_text": N_("The page could not be made; the server's log says why. Please try again in a moment."),
        "locked": N_("This site is not open to everybody"),
        "locked_text": N_("Open it by the address that holds its token; who runs the site can give it to you."),
        "misdirected": N_("This site does not answer to that name"),
        "misdirected_text": N_("Open it by its own address; who runs the site can have it answer to this name, too."),
        "odd": N_("This cannot be asked here"),
        "odd_text": N_("The request is not one that this site answers; the address may be mistyped."),
        "back": N_("Back to the first page"),
    }
)  # fmt: skip


def both(texts: Mapping[str, str]) -> Markup:
    """Write a text in every language, each marked with its own; the style sheet shows one."""
    spans = [Markup('<span lang="{}">{}</span>').format(lang, texts[lang]) for lang in LANGS]
    same = len({*texts.values()}) == 1
    return Markup("{}").format(texts[LANGS[0]]) if same else Markup("").join(spans)


def spoken(message: Message) -> dict[str, str]:
    """Say a message in every language."""
    return {lang: message.render(lang) for lang in LANGS}


def word(key: str) -> Markup:
    """Write one of the site's words in every language."""
    return both(spoken(say(WORDS[key])))


def plain(key: str) -> dict[str, str]:
    """Say one of the site's words in every language, without markup."""
    return spoken(say(WORDS[key]))
