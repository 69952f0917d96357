"""What a field offers while a reader types: measures and terms, each with its kind and how common it is."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from mangetamain.conditions import KINDS
from mangetamain.errors import BadInput, NoWarehouse, UserError
from mangetamain.language import N_, Message, plural, quoted, say
from mangetamain.measures import RECIPE_MEASURES
from mangetamain.parameters import Choice
from mangetamain.refusals import SHOWN
from mangetamain.safe_text import shortened, shown
from mangetamain.vocabulary import offered
from mangetamain.warehouse import Warehouse

MOST, LONGEST = 8, 80  # offered at once, and characters of what they are like
KIND = Choice("", dict.fromkeys(("all", *KINDS), ""))
WORDS = MappingProxyType({"tag": N_("tag"), "ingredient": N_("ingredient"), "measure": N_("measure")})
HELD = plural("{kind}, {n} recipe", "{kind}, {n} recipes")


def told_terms(con: Warehouse, like: str, kind: str, lang: str, most: int = MOST) -> dict[str, Any]:
    """Offer what may be meant, or say in one sentence why nothing is, as `view.reply` does of an answer.

    Parameters
    ----------
    con
        Where words are looked up.
    like
        The beginning of a word.
    kind
        Tag or ingredient; of all, measures of recipes too.
    lang
        Language of what is told.
    most
        How many are offered.

    Returns
    -------
    dict
        ``terms``, each with its ``word``, the ``text`` that a selection writes for it, and what is ``told`` of it; or
        ``trouble``.
    """
    try:
        return {"terms": terms(con, like, kind, lang, most)}
    except UserError as error:
        return {"trouble": error.message.render(lang), **({"later": True} if isinstance(error, NoWarehouse) else {})}


def terms(con: Warehouse, like: str, kind: str, lang: str, most: int) -> list[dict[str, str]]:
    """Offer what may be meant; raise `UserError` for a kind that is none, for a text that no word is as long as."""
    KIND.parse("kind", kind)
    only = next((one for one in KINDS if one == kind), None)
    if len(like) > LONGEST:
        raise BadInput("No word is as long as {value}.", value=quoted(shortened(like, SHOWN)))
    begun = like.strip().lower()
    measures = [] if only or not begun else [
        _told(name, f"{name}<=", say("{kind}, {label}", kind=say(WORDS["measure"]), label=say(measure.label)), lang)
        for name, measure in RECIPE_MEASURES.items()
        if any(word.startswith(begun) for word in (name, *say(measure.label).render(lang).lower().split()))
    ]  # fmt: skip
    found = [
        _told(one.term.word, str(one), say(HELD, kind=say(WORDS[str(one.term.kind)]), n=one.recipes), lang)
        for one in offered(con.current()[0], begun, only, most)
    ]
    # A few measures may begin so, and many terms.
    return [*measures[:2], *found, *measures[2:]][:most]


def _told(word: str, text: str, told: Message, lang: str) -> dict[str, str]:
    return {"word": word, "text": text, "name": shown(word, SHOWN), "told": told.render(lang)}
