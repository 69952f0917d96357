"""What is written for those who have no server of ours: the site as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mangetamain.cli.options import echo
from mangetamain.language import LANGS, say
from mangetamain.measures import LANGUAGE
from mangetamain.safe_text import tell

exports = typer.Typer(no_args_is_help=True, help="Write the site as files that need no server.")


@exports.callback()
def several() -> None:
    """Write the site as files that need no server."""


@exports.command(epilog="mangetamain export site copy/ --lang fr --years 2002-2012")
def site(
    place: Annotated[Path, typer.Argument(help="Folder that is not there yet.", metavar="DIR")],
    lang: Annotated[
        list[str] | None, typer.Option(help="Language of the answers; repeat. The first is that of the pages.")
    ] = None,
    years: Annotated[list[str] | None, typer.Option(help="Years that can be chosen, as in 2002-2012; repeat.")] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Answers for any two controls moved, not for one alone.")
    ] = False,
) -> None:
    """Write the whole site as static files, with the answers that are one control away."""
    from mangetamain.site.copying import export

    langs = [LANGUAGE.parse("lang", each) for each in lang or LANGS]
    count = export(place, langs=langs, years=years or (), deep=deep, progress=lambda line: tell(str(line)))
    echo(say("{count} answers beside the pages: open {page}", count=count, page=str(place / "index.html")))
