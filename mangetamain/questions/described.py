"""A question as its caller reads it: signature and docstring, made of what its annotations specify."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mangetamain.language import N_, say, speaking
from mangetamain.parameters import Choice, Kind

if TYPE_CHECKING:
    from mangetamain.questions.question import Question

WIDTH = 96


class Described:
    """An attribute that is one thing on a class and another, made when it is asked for, on each of its instances."""

    def __init__(self, own: object, make: Callable[[Any], object]) -> None:
        self.own, self.make = own, make

    def __get__(self, instance: object, owner: type) -> Any:  # noqa: ANN401 - a text or a signature
        return self.own if instance is None else self.make(instance)


def signature(question: Question) -> inspect.Signature:
    """Return how a question is called: the first parameter by place or name, the others by name."""
    places = [inspect.Parameter.POSITIONAL_OR_KEYWORD] + [inspect.Parameter.KEYWORD_ONLY] * len(question.parameters)
    given = [
        inspect.Parameter(name, place, default=default)
        for place, (name, (_, default)) in zip(places, question.parameters.items(), strict=False)
    ]
    return inspect.Signature([inspect.Parameter("con", inspect.Parameter.POSITIONAL_ONLY), *given])


def values(parameters: Mapping[str, tuple[Kind, Any]]) -> dict[str, str]:
    """Say of each parameter what it may be and what it is where it is not given."""
    said = {}
    for name, (kind, default) in parameters.items():
        text = N_("{label}: {expected}; {usual} unless it is given.")
        usual = kind.text(default) or say("none")
        said[name] = str(say(text, label=say(kind.label), expected=kind.expected(), usual=usual))
    return said


def example(question: Question) -> str:
    """Return a call that is not the default one."""
    kind, _ = next(iter(question.parameters.values()))
    usual = [default for _, default in question.parameters.values()]
    others = [value for value in kind.values if value not in usual] if isinstance(kind, Choice) else []
    first = f'"{others[0]}", ' if others else ""
    return f'mm.{question.name}(con, {first}years="2002-2012")'


def docstring(question: Question) -> str:
    """Return what ``help`` says of a question: its parameters, the columns of its table, an example."""
    with speaking("en"):
        given = "\n".join(f"{name}\n{_indented(text)}" for name, text in values(question.parameters).items())
    return f"""{question.title}

Parameters
----------
con
    What `mangetamain.connect` gives; a default of its own goes before the question's.
{given}

Returns
-------
Answer
    With `.sentence()`, `.verdict`, `.finding`, `.figure`, `.sql` and `.table`, a DataFrame.
{_indented(_columns(question.table))}

Raises
------
BadInput
    When a parameter is unknown or its value is not among those expected.
NoWarehouse
    When nothing has been built yet, or what was built cannot be read.

Notes
-----
{textwrap.fill(question.method, WIDTH)}

Examples
--------
>>> import mangetamain as mm
>>> con = mm.connect()
>>> {example(question)}
"""


def _indented(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="    ", subsequent_indent="    ")


def _columns(table: Callable[..., Any]) -> str:
    """Return what the docstring of a table says that it returns."""
    found = re.search(r"^Returns\n-+\n\w+\n(.+?)(?=\n\n|\Z)", inspect.getdoc(table) or "", re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()) if found else ""
