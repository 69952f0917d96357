"""What the commands' options have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from mangetamain.errors import BadInput
from mangetamain.language import quoted
from mangetamain.safe_text import json_text, redacted, visible

# Characters of a command's help in a list of commands.
LINE = 110
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Sample = Annotated[bool, typer.Option("--sample", help="Make the synthetic sample first, where there are no data.")]
Given = Annotated[list[str] | None, typer.Option("-p", metavar="NAME=VALUE", help="A parameter; may be repeated.")]


def given_parameters(pairs: list[str] | None) -> dict[str, object]:
    """Read ``name=value`` options."""
    given: dict[str, object] = {}
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise BadInput(
                "A parameter is written name=value, as in years=2002-2010; {pair} is not.", pair=quoted(pair)
            )
        if name in given:
            raise BadInput("The parameter {name} is given twice.", name=quoted(name))
        given[name] = value
    return given


def known_themes(incomplete: str) -> list[tuple[str, str]]:
    """Complete the name of a notebook for a shell."""
    from mangetamain.themes import themes

    return [(name, each.title("en")) for name, each in themes().items() if name.startswith(incomplete)]


def echo(text: object) -> None:
    """Print lines of output, a text or a message; what a terminal would obey is shown."""
    typer.echo(visible(str(text), "\n"))


def echo_json(data: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Print output as JSON."""
    typer.echo(json_text(data, indent=2))


@contextmanager
def _complaining_plainly() -> Iterator[None]:
    try:
        yield
    except typer.TyperException as error:
        if isinstance(said := getattr(error, "message", None), str):
            error.message = visible(redacted(said), "\n")
        raise


# Under which heading the help lists a command, in this order; those without one come last.
BEGIN, READ, DELIVER = "Begin here", "Answers, reports and data", "Delivery"


class Group(typer.core.TyperGroup):
    """Commands whose complaints about their own use repeat what was typed without secrets and in plain sight."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer keeps its click to itself
        """List the commands under their headings, each with its example; typer does so with rich alone."""
        for heading in (BEGIN, READ, DELIVER, None):
            rows: list[tuple[str, str]] = []
            for name, command in self.commands.items():
                if not command.hidden and getattr(command, "rich_help_panel", None) == heading:
                    rows.append((name, command.get_short_help_str(LINE)))
                    rows += [("", command.epilog)] if command.epilog else []
            if rows:
                with formatter.section(heading or "Commands"):
                    formatter.write_dl(rows)

    # The words of the group itself, then those of a command, which is run too.
    parse_args = _complaining_plainly()(typer.core.TyperGroup.parse_args)
    invoke = _complaining_plainly()(typer.core.TyperGroup.invoke)
