"""What the commands' options have in common."""

from __future__ import annotations

from typing import Annotated

import typer

from mangetamain.errors import BadInput

Lang = Annotated[str, typer.Option(help="Language of sentences and numbers: en or fr.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Given = Annotated[list[str] | None, typer.Option("-p", metavar="NAME=VALUE", help="A parameter; may be repeated.")]


def given_parameters(pairs: list[str] | None) -> dict[str, object]:
    """Read ``name=value`` options."""
    given: dict[str, object] = {}
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise BadInput("A parameter is written name=value, as in years=2002-2010; {pair} is not.", pair=repr(pair))
        if name in given:
            raise BadInput("The parameter {name} is given twice.", name=repr(name))
        given[name] = value
    return given


def echo(text: str) -> None:
    """Print a line of output."""
    typer.echo(text)
