"""The one sentence for a selection, or a connection, that is none: what was given, and what was expected."""

from __future__ import annotations

import re

from mangetamain.errors import BadInput
from mangetamain.language import N_, Value, quoted, say
from mangetamain.safe_text import shortened

SHOWN = 60  # characters of what was written that a refusal repeats
# What joins two conditions in speech, in either language, or in other notations.
JOINED = re.compile(r" ?(;|(?<= )(?:or|ou|and|et|[&|+])(?= )) ?")
# What says "not" in speech and elsewhere.
DENIED = re.compile(r"(?:[-−~!]|(?:no|non|without|sans) )\s*(.+)", re.DOTALL)


def refusal(name: str, part: str, expected: Value, hint: Value | None = None) -> BadInput:
    """Make the one sentence for a condition that is not ours."""
    text = N_("{name} cannot hold {part}: expected {expected}{hint}")
    return BadInput(text, name=name, part=quoted(shortened(part, SHOWN)), expected=expected, hint=hint or say("."))


def instead(near: object) -> Value:
    """End a refusal with what may have been meant."""
    return say("; did you mean {near}?", near=str(near))


def contradictory(name: str, one: object, other: object) -> BadInput:
    """Make the one sentence for two conditions that no recipe can meet."""
    text = N_("{name} cannot hold both {one} and {other}: no recipe can meet the two; expected one of them.")
    return BadInput(text, name=name, one=str(one), other=str(other))


def denied(name: str, part: str, meant: object) -> BadInput:
    """Make the one sentence for a term that is denied otherwise than by "not"."""
    return refusal(name, part, say("not before what a recipe must not hold"), instead(meant))


def joined(name: str, part: str) -> BadInput:
    """Make the one sentence for conditions that words join."""
    first, *rest = JOINED.split(part)
    listed = ", ".join([first, *rest[1::2]])
    hint = instead(listed)
    if {"or", "ou", "|"} & {*rest[::2]}:
        hint = say("; for any of them, ask once for each: {listed}.", listed=listed)
    return refusal(name, part, say("commas between conditions, all of which hold"), hint)


def unasked(con: object, example: str) -> BadInput:
    """Make the one sentence for what was given where a connection is asked."""
    text = N_("A connection is asked, as in {example}; given: {value}.")
    return BadInput(text, example=example, value=say("nothing") if con is None else shortened(repr(con), SHOWN))
