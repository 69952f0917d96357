"""What a reader does on a page, as the log keeps it: enough to see what is used, nothing of who uses it."""

from __future__ import annotations

import logging

from mangetamain.errors import UserError
from mangetamain.parameters import Kind, Selection, Words

log = logging.getLogger("mangetamain.actions")


def moved(panel: str, question: str, parameter: str, kind: Kind, value: object) -> None:
    """Log that a control was moved, and to what."""
    extra = {"question": question, "panel": panel, "parameter": parameter, **loggable(parameter, kind, value)}
    log.info("control moved", extra=extra)


def loggable(parameter: str, kind: Kind, value: object) -> dict[str, object]:
    """Return what may be kept of a value: itself, once it is found to be one of ours.

    A reader may type anything into a field of words, a name or an address as well as an ingredient, so that of words
    and conditions only their number and length are kept. A hash would be no better: whoever has a list of words undoes
    it.
    """
    try:
        known = kind.parse(parameter, value)
    except UserError:
        return {"refused": True}
    if isinstance(kind, Words | Selection):
        return {"words": len(known or ()), "characters": len(kind.text(known))}
    return {"value": kind.text(known)}


def opened(panel: str, question: str, part: str) -> None:
    """Log that a panel's table or method was opened."""
    log.info("details opened", extra={"question": question, "panel": panel, "part": part})


def downloaded(panel: str, question: str) -> None:
    """Log that a panel's table was saved as CSV."""
    log.info("csv downloaded", extra={"question": question, "panel": panel})


def spoke(lang: str) -> None:
    """Log that the page was turned to another language, by its reader or her browser."""
    log.info("language set", extra={"lang": lang})
