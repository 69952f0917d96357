"""Kinds of parameters: each knows its values, its label, and how to read and write one as text."""

from __future__ import annotations

import functools
import inspect
import typing
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ParamSpec, TypeVar

from mangetamain import conditions
from mangetamain.conditions import Conditions
from mangetamain.errors import BadInput, suggestion
from mangetamain.language import N_, Value, quoted, say

Given = ParamSpec("Given")
Returned = TypeVar("Returned")


@dataclass(frozen=True)
class Kind(ABC):
    """What a parameter may be; found as metadata of its annotation, and specified nowhere else."""

    label: str

    @abstractmethod
    def parse(self, name: str, value: object) -> Any:  # noqa: ANN401 - each kind has its own type
        """Read a value given as text or as itself; raise `BadInput` when it is not one of ours."""

    def text(self, value: Any) -> str:  # noqa: ANN401
        """Write a value as in the page's address and on the command line."""
        return str(value)

    @abstractmethod
    def expected(self) -> Value:
        """Say what the values may be, for a message or the help."""

    def refuse(self, name: str, value: object, hint: Value | None = None) -> BadInput:
        """Make the one sentence for a value that is not ours."""
        text = N_("{name} cannot be {value}: expected {expected}{hint}")
        return BadInput(text, name=name, value=quoted(value), expected=self.expected(), hint=hint or say("."))


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few known values, each with a label; of others that are often given, `hints` end the refusal."""

    values: Mapping[str, str]
    hints: Mapping[str, str] = field(default_factory=dict)

    def parse(self, name: str, value: object) -> str:
        """Return the value itself when it is known."""
        if isinstance(value, str) and value in self.values:
            return value
        known = self.hints.get(str(value))
        raise self.refuse(name, value, say(known) if known else suggestion(str(value), self.values))

    def expected(self) -> Value:
        """List the values."""
        return say("one of {values}", values=", ".join(self.values))


@dataclass(frozen=True)
class Span(Kind):
    """A first and a last whole number, written as in "2002-2010"."""

    first: int
    last: int

    def parse(self, name: str, value: object) -> tuple[int, int]:
        """Read "2002-2010", "2005" or a pair, and check bounds and order."""
        parts = value.split("-") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
        try:
            ends = [int(str(part).strip()) for part in parts]
        except ValueError:
            raise self.refuse(name, value) from None
        if len(ends) == 1:
            ends *= 2
        if len(ends) != 2:
            raise self.refuse(name, value)
        if ends != (near := sorted(min(max(end, self.first), self.last) for end in ends)):
            raise self.refuse(name, value, say("; did you mean {near}?", near=f"{near[0]}-{near[1]}"))
        return ends[0], ends[1]

    def text(self, value: tuple[int, int]) -> str:
        """Write the two ends."""
        return f"{value[0]}-{value[1]}"

    def expected(self) -> Value:
        """Name the widest span."""
        return say("first-last between {first} and {last}", first=str(self.first), last=str(self.last))


@dataclass(frozen=True)
class Switch(Kind):
    """Yes or no."""

    def parse(self, name: str, value: object) -> bool:
        """Read a boolean or the usual words for one."""
        word = str(value).strip().lower()
        if word in ("yes", "true", "1", "oui"):
            return True
        if word in ("no", "false", "0", "non"):
            return False
        raise self.refuse(name, value)

    def text(self, value: bool) -> str:
        """Write yes or no."""
        return "yes" if value else "no"

    def expected(self) -> Value:
        """Name the two words."""
        return "yes, no"


@dataclass(frozen=True)
class Words(Kind):
    """A few free words, separated by commas; which ones exist is known to the data alone."""

    most: int

    def parse(self, name: str, value: object) -> tuple[str, ...]:
        """Read words in lower case, without blanks around them and each once."""
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) and len(item) <= 80 for item in items):
            raise self.refuse(name, value)
        words = tuple(dict.fromkeys(item.strip().lower() for item in items if item.strip()))
        if len(words) > self.most:
            raise self.refuse(name, value)
        return words

    def text(self, value: tuple[str, ...]) -> str:
        """Write the words with commas between them."""
        return ",".join(value)

    def expected(self) -> Value:
        """Say how many words."""
        return say("at most {most} words separated by commas", most=self.most)


@dataclass(frozen=True)
class Selection(Kind):
    """A selection of recipes, as `mangetamain.conditions` reads it; which words exist is known to the data alone.

    Parameters
    ----------
    optional
        Whether there may be no selection at all: then an empty text says so, and "all" selects every recipe.
    """

    optional: bool = False

    def parse(self, name: str, value: object) -> Conditions | None:
        """Read a text, or conditions as they are, into the one order that a selection has."""
        if isinstance(value, tuple) and all(isinstance(item, conditions.Condition) for item in value):
            value = self.text(value)
        if self.optional and (value is None or (isinstance(value, str) and not value.strip(", "))):
            return None
        if not isinstance(value, str):
            raise self.refuse(name, value)
        return conditions.read(name, value)

    def text(self, value: Conditions | None) -> str:
        """Write the conditions with commas between them."""
        return conditions.write(value or ()) or (conditions.ALL if self.optional and value is not None else "")

    def expected(self) -> Value:
        """Say what may be written, by an example."""
        return say("conditions such as {example}", example=conditions.EXAMPLE)


def kind_of(annotation: object) -> Kind | None:
    """Return the kind that an annotation such as `mangetamain.measures.Years` carries."""
    return next((each for each in getattr(annotation, "__metadata__", ()) if isinstance(each, Kind)), None)


def kinds(*functions: Callable[..., Any]) -> dict[str, tuple[Kind, Any]]:
    """Read the parameters off functions' keyword-only arguments: name to its kind and default."""
    found: dict[str, tuple[Kind, Any]] = {}
    for function in functions:
        arguments = inspect.signature(function).parameters.items()
        # Of the others, and of what is returned, a type may be one that is not loaded, as plotly's figure.
        named = {name: each for name, each in arguments if each.kind is each.KEYWORD_ONLY}
        hints = typing.get_type_hints(
            SimpleNamespace(__annotations__={name: each.annotation for name, each in named.items()}),
            function.__globals__,
            include_extras=True,
        )
        for name, argument in named.items():
            if (kind := kind_of(hints.get(name))) is not None:
                found[name] = (kind, argument.default)
    return found


def refusing_unknown(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """Refuse a parameter that a function does not have in one sentence, in place of Python's own."""
    known = [name for name in inspect.signature(function).parameters if name != "self"]

    @functools.wraps(function)
    def called(*places: Given.args, **names: Given.kwargs) -> Returned:
        for name in names:
            if name not in known:
                raise unknown(name, known)
        return function(*places, **names)

    return called


def unknown(name: str, known: list[str]) -> BadInput:
    """Make the one sentence for a parameter that nobody declared."""
    text = N_("There is no parameter {name}: the parameters are {known}{hint}")
    return BadInput(text, name=quoted(name), known=", ".join(known), hint=suggestion(name, known))
