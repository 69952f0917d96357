"""The command line: build, serve, lab, ask, answers, report, status."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from mangetamain import __version__, logs, stopping
from mangetamain.cli import ask, delivery, speech, terminal
from mangetamain.cli.export import exports
from mangetamain.cli.options import (
    BEGIN,
    DELIVER,
    READ,
    Given,
    Group,
    Json,
    Sample,
    echo,
    echo_json,
    given_parameters,
    known_themes,
)
from mangetamain.cli.reports import reports
from mangetamain.cli.speech import Lang, Spoken
from mangetamain.environment import BASE_URL_VARIABLE, SITE_PORT, TOKEN_FILE_VARIABLE
from mangetamain.errors import UserError
from mangetamain.language import say
from mangetamain.safe_text import tell
from mangetamain.warehouse import data_home, state_home
from mangetamain.warehouse.info import SYNTHETIC

app = typer.Typer(
    name="mangetamain",
    cls=Group,
    help="Twenty years of home cooking on Food.com: did it become simpler, lighter and better liked?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(reports, name="report", rich_help_panel=READ, epilog="mangetamain report trends -p lang=fr --open")
app.add_typer(exports, name="export", rich_help_panel=READ, epilog="mangetamain export site copy/")
delivery.register(app)
log = logging.getLogger("mangetamain")


def main() -> None:
    """Run the command line: a user's mistake is one sentence and exit code 2, a fault goes to the log."""
    terminal.take_any_encoding()
    speech.begin()
    try:
        logs.start("command", state_home() / "logs")
        try:
            app()
        finally:
            terminal.flush()
    except SystemExit as ended:
        if ended.code == 1 and terminal.unheard():  # as typer ends what a closed pipe ended
            sys.exit(terminal.UNHEARD)
        raise
    except Exception as error:
        stopping.raise_if_stopped()  # whatever a library made of the signal, it is no fault
        sys.exit(ended_by(error))


def ended_by(error: Exception) -> int:
    """Say in one sentence what ended a command, and return its exit code; a traceback reaches the log only."""
    if isinstance(error, BrokenPipeError) and terminal.unheard():
        return terminal.UNHEARD
    mistake = error if isinstance(error, UserError) else terminal.refused(error)
    if mistake is None:
        log.error("the command failed", exc_info=error, extra={"command": sys.argv[1:2]})
        place = state_home() / "logs" / logs.ERROR_FILE
        problem = say("something went wrong; the log says what: {file}", file=str(place))
        tell(f"mangetamain: {problem}")
        return 1
    tell(f"mangetamain: {mistake}")
    return mistake.exit_code


def say_version(asked: bool) -> None:
    """Say which version this is, and do nothing else."""
    if asked:
        echo(f"mangetamain {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=say_version, is_eager=True)
    ] = False,
    _lang: Spoken = None,
) -> None:
    """Twenty years of home cooking on Food.com: did it become simpler, lighter and better liked?"""


@app.command(rich_help_panel=BEGIN, epilog="mangetamain build archive.zip")
def build(
    source: Annotated[
        str,
        typer.Argument(help="Folder or zip of CSV or Parquet files, s3://bucket/prefix, sample, or sample:RECIPES."),
    ] = "sample",
    minutes: Annotated[str | None, typer.Option(help="Shortest and longest preparation kept, as in 1-180.")] = None,
    quantiles: Annotated[
        str | None, typer.Option(help="Share of steps and ingredients cut at each end: 0.025.")
    ] = None,
    steps: Annotated[str | None, typer.Option(help="Fewest and most steps kept, in place of quantiles.")] = None,
    ingredients: Annotated[str | None, typer.Option(help="Fewest and most ingredients kept, likewise.")] = None,
) -> None:
    """Build the warehouse from raw files, then answer every question once."""
    from mangetamain.themes import fill
    from mangetamain.warehouse import Cleaning, Warehouse, status
    from mangetamain.warehouse import build as build_warehouse

    def progress(line: object) -> None:
        stopping.raise_if_stopped()
        tell(line)

    cleaning = Cleaning.parse(minutes=minutes, quantiles=quantiles, steps=steps, ingredients=ingredients)
    build_warehouse(source, cleaning=cleaning, progress=progress)
    fill(Warehouse(pin=""), progress=progress)
    echo(terminal.status_text(status(pin="")))


@app.command("status", rich_help_panel=READ, epilog="mangetamain status --json")
def status_command(
    as_json: Json = False,
    url: Annotated[str | None, typer.Option(help="Address of a site: say how that site is.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Say how every configured environment is.")] = False,
    notify: Annotated[
        bool, typer.Option("--notify", help="With --all: tell when a site goes down or is back.")
    ] = False,
) -> None:
    """Say what the warehouse holds, or how a site or all of them are; the exit code is 1 when one is not well."""
    from mangetamain.warehouse import status

    if url is not None or every or notify:
        delivery.sites(url, every, notify, as_json)

    state = status()
    if as_json:
        echo_json(state.as_dict())
    else:
        echo(terminal.status_text(state))


@app.command(rich_help_panel=DELIVER)
def pin(
    environment: Annotated[str, typer.Argument(help="Who holds on to them: preprod or prod.")],
    versions: Annotated[
        list[str] | None, typer.Argument(help="Which, as food-1763925000000000000; none to let go.")
    ] = None,
) -> None:
    """Hold on to warehouse versions, so that no later build removes them."""
    from mangetamain.warehouse.versions import pins
    from mangetamain.warehouse.versions.listing import folder_of

    chosen = versions or []
    pins.pin(folder_of(data_home()), environment, chosen)
    held = ", ".join(chosen) or say("no version")
    echo(say("{environment} holds on to {versions}", environment=environment, versions=held))


@app.command(rich_help_panel=READ, epilog="mangetamain answers trends -p years=2002-2010")
def answers(
    theme: Annotated[
        str | None,
        typer.Argument(
            help="A notebook: trends, seasons, week or ratings; without it, all.", autocompletion=known_themes
        ),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
    p: Given = None,
    published: Annotated[Path | None, typer.Option(help="Hold published numbers against ours.")] = None,
    analyses: Annotated[bool, typer.Option("--analyses", help="Say what became of each published analysis.")] = False,
) -> None:
    """Say every sentence, or print every finding with its numbers."""
    from mangetamain.measures import LANGUAGE
    from mangetamain.themes import theme as one_theme
    from mangetamain.themes import themes
    from mangetamain.warehouse import connect

    given = given_parameters(p)
    if lang is None and "lang" in given:  # said as a notebook's parameter
        lang = LANGUAGE.parse("lang", given["lang"])
    con, spoken = connect(), speech.of_sentences(lang, as_json)
    if published is not None:
        from mangetamain.published import compare

        echo(compare(con, published, as_json=as_json, lang=spoken))
        return
    if analyses:
        from mangetamain.published import write

        echo(write(con, spoken))
        return
    chosen = [one_theme(theme)] if theme else list(themes().values())
    answered: list[dict[str, Any]] = []
    for each, parameters in [(each, each.read(given)) for each in chosen]:
        answers = {asked.key: asked.answer(con, parameters) for asked in each.asked}
        answered += [{"notebook": each.name, "panel": key, **one.as_dict(spoken)} for key, one in answers.items()]
        if not as_json:
            said = "\n".join(f"- {one.sentence_with_verdict(spoken)}" for one in answers.values())
            echo(f"\n{each.title(spoken)}\n\n{said}")
    if as_json:
        echo_json(answered)
    elif con.info.synthetic:
        echo("\n" + say(SYNTHETIC).render(spoken))


@app.command(rich_help_panel=BEGIN, epilog="mangetamain serve --open")
def serve(
    port: Annotated[
        int, typer.Option(help="Port of the site.", min=1, max=65535, envvar="MANGETAMAIN_PORT")
    ] = SITE_PORT,
    ip: Annotated[str, typer.Option(help="Address to listen on.", envvar="MANGETAMAIN_IP")] = "127.0.0.1",
    base_url: Annotated[
        str, typer.Option(help="Path under which a proxy shows the site.", envvar=BASE_URL_VARIABLE)
    ] = "/",
    workers: Annotated[
        int, typer.Option(help="Processes that compute answers.", min=1, max=64, envvar="MANGETAMAIN_WORKERS")
    ] = 2,
    answer_seconds: Annotated[
        float,
        typer.Option(help="Longest that one answer may take to compute.", min=0.1, envvar="MANGETAMAIN_ANSWER_SECONDS"),
    ] = 20,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the site in a browser.")] = False,
    ready_seconds: Annotated[
        float,
        typer.Option(help="Longest that one check proves readiness.", min=0.1, envvar="MANGETAMAIN_READY_SECONDS"),
    ] = 120,
    token_file: Annotated[
        Path | None,
        typer.Option(help="File with the token that visitors need; open without.", envvar=TOKEN_FILE_VARIABLE),
    ] = None,
    host: Annotated[
        list[str] | None,
        typer.Option(
            help="A further name the site answers to, * for all; repeat, or commas.", envvar="MANGETAMAIN_HOSTS"
        ),
    ] = None,
    sample: Sample = False,
) -> None:
    """Serve the notebooks as a site."""
    from mangetamain.site.server import serve as serve_site

    serve_site(port, ip, base_url, workers, answer_seconds, open_browser, ready_seconds, token_file, host or (), sample)


@app.command(rich_help_panel=BEGIN, epilog="mangetamain lab")
def lab(
    arguments: Annotated[list[str] | None, typer.Argument(help="Words for JupyterLab itself, after --.")] = None,
    sample: Sample = False,
) -> None:
    """Open the notebooks in JupyterLab."""
    from mangetamain.site.lab import open_lab

    sys.exit(open_lab(arguments, sample))


ask.register(app)
