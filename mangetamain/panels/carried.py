"""Panels without a kernel or a server: the answers that lie in or beside a page, one control away or two."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from mangetamain.errors import UserError
from mangetamain.panels.view import PARTS, differing, reply
from mangetamain.parameters import Choice, Span, Switch
from mangetamain.questions import QUESTIONS, Question
from mangetamain.warehouse import Warehouse

# Under this type an executed notebook says which panel stood here, for a page that asks its answers itself.
PANEL_MIME = "application/vnd.mangetamain.panel+json"
# Of an answer beside the page, what only its page's first paint needs.
PAGE_ALONE = ("pictures",)
# What no file carries: it would be half as large again.
LEFT_OUT = ("parquet",)
Values = Mapping[str, str]
Reply = Mapping[str, Any]


@dataclass(frozen=True)
class Placed:
    """A panel of a page: its key in the address, its question, and each parameter's text as the notebook has it."""

    key: str
    name: str
    base: Values

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Placed:
        """Read what an executed notebook says under `PANEL_MIME`."""
        own = QUESTIONS[told["question"]].parameters
        return cls(told["key"], told["question"], {name: told["base"][name] for name in own})

    @property
    def question(self) -> Question:
        """The question itself."""
        return QUESTIONS[self.name]


def address(panel: Placed, values: Values, lang: str) -> str:
    """Write the address of an answer as the page's script does: what differs from the question's own defaults."""
    # As URLSearchParams writes it.
    given = urlencode([*differing(panel.question, values), ("lang", lang)], safe="*").replace("~", "%7E")
    return f"{panel.name}?{given}"


def moves(panel: Placed, years: Iterable[str] = (), *, deep: bool = False) -> Iterator[Values]:
    """Yield the values that are to be had: the notebook's, and those of one control moved or, where `deep`, of two.

    Of the spans of years those that are named can be chosen.
    """
    near = [(name, text) for name in panel.base for text in _choices(panel, name, years)]
    yield panel.base
    for name, text in near:
        yield {**panel.base, name: text}
    if deep:
        for (one, text), (other, more) in itertools.combinations(near, 2):
            if one != other:
                yield {**panel.base, one: text, other: more}


def _choices(panel: Placed, name: str, years: Iterable[str]) -> list[str]:
    """List what a control can be moved to; words and selections without end are left out."""
    kind, _ = panel.question.parameters[name]
    match kind:
        case Choice():
            texts: Iterable[str] = kind.values
        case Switch():
            texts = ("no", "yes")
        case Span():
            texts = (kind.text(kind.parse(name, each)) for each in years)
        case _:
            texts = ()
    return [text for text in texts if text != panel.base[name]]


def replies(panel: Placed, con: Warehouse, values: Values, lang: str) -> dict[str, Reply]:
    """Give all parts of an answer by their addresses.

    Returns
    -------
    dict
        Empty for two values that do not go together: the page says so itself.

    Raises
    ------
    UserError
        When the answer cannot be had.
    """
    place, found = address(panel, values, lang), dict[str, Reply]()
    for part in (each for each in PARTS if each not in LEFT_OUT):
        told = reply(panel.question, con, values, lang, part)
        if told.keys() & {"fault", "later"}:
            raise UserError("The answer {answer} could not be had: {reason}", answer=place, reason=told["trouble"])
        if "trouble" in told:
            return {}
        kept = {name: value for name, value in told.items() if name not in PAGE_ALONE}
        found[place + ("" if part == "answer" else f"&part={part}")] = kept
    return found
