"""The errors a user can cause: one clear sentence each, in either language."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from mangetamain.language import Plural, Value, say


class UserError(Exception):
    """A mistake that its user can mend, told in one sentence.

    Parameters
    ----------
    text
        The English sentence, with ``{name}`` placeholders; it is the key of its translation.
    **values
        What fills the placeholders.
    """

    exit_code = 2  # of a command that ends with it

    def __init__(self, text: str | Plural, /, **values: Value) -> None:
        self.message = say(text, **values)
        super().__init__(self.message.text)

    def __str__(self) -> str:
        return str(self.message)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class BadInput(UserError):
    """A value that is not among those expected."""


class BadSource(UserError):
    """Raw files that cannot be read, or whose content cannot be trusted."""


class NoWarehouse(UserError):
    """No warehouse has been built yet, or the one there cannot be opened."""


def why(error: BaseException) -> str:
    """Return what the system says of a refusal, else what the error itself says."""
    return getattr(error, "strerror", None) or str(error)


def suggestion(value: str, known: Iterable[str], cutoff: float = 0.5) -> Value:
    """End a sentence about a value that is none of the known ones: with the one most like it, where one is.

    Parameters
    ----------
    value, known
        What was given, and what would have been right.
    cutoff
        How alike two words must be, from 0 to 1.
    """
    names = list(known)
    turned = "-".join(reversed(value.split("-")))  # a range whose larger end comes first
    near = [turned] if turned in names else difflib.get_close_matches(value, names, n=1, cutoff=cutoff)
    return say("; did you mean {near}?", near=near[0]) if near else say(".")
