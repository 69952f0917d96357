"""The commands of delivery: deploy, rollback, mend, journal, and the state of the environments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mangetamain.cli import speech
from mangetamain.cli.options import DELIVER, Json, echo, echo_json
from mangetamain.cli.speech import Lang
from mangetamain.errors import BadInput
from mangetamain.language import N_, say, speaking, spoken
from mangetamain.safe_text import json_text, tell

if TYPE_CHECKING:
    from mangetamain.delivery.records.ledger import Ledger

Compose = Annotated[Path | None, typer.Option(help="The compose file; the project's own without it.")]
Wait = Annotated[float, typer.Option(help="Seconds that a site may take to become ready.", min=1, max=3600)]
Environment = Annotated[str, typer.Argument(help="preprod or prod.")]


def register(app: typer.Typer) -> None:
    """Add the commands of delivery to the command line."""
    for command in (deploy, rollback, mend, journal):
        app.command(rich_help_panel=DELIVER)(command)
    app.command(hidden=True)(record)


def sites(url: str | None, every: bool, notify: bool, as_json: bool) -> None:
    """Say how one site or every configured environment is; the exit code is 1 when one is not well."""
    if (url is not None) is every:
        raise BadInput("Ask for one site with {one}, or for all with {all}.", one="--url URL", all="--all")
    if notify and not every:
        raise BadInput("{notify} goes with {all} alone.", notify="--notify", all="--all")
    from mangetamain.delivery.addresses import checked
    from mangetamain.delivery.monitor import held_to_records, look_at_all, notify_changes, places
    from mangetamain.delivery.notify import Notifier
    from mangetamain.delivery.probe import look
    from mangetamain.delivery.tables import seen_text

    with speaking("en" if as_json else spoken()):  # reasons are worded while one looks
        if url is not None:
            one = look(checked(url))
            seen = {one.environment.lower() or "-": one}
        else:
            ledger = _ledger()
            seen = look_at_all(places(ledger.engine if ledger else None))
            seen = held_to_records(seen, ledger) if ledger else seen
    if as_json:
        echo_json({name: each.as_dict() for name, each in seen.items()})
    else:
        echo(seen_text(seen))
    if notify:
        notify_changes(seen, Notifier(tell))
    well = all(each.health == "healthy" for each in seen.values())
    if url is None and ledger:
        tell_unfinished(ledger)
        if not well and ledger.files():
            tell(say("{command} has both sites serve what was deployed to them.", command="mangetamain mend"))
    sys.exit(0 if well else 1)


def _ledger() -> Ledger | None:
    """Return the records of the engine here; None where there is no engine, as on a machine that only looks on."""
    from mangetamain.delivery.containers.engine import Engine, compose_file
    from mangetamain.delivery.failures import DeliveryFailed
    from mangetamain.delivery.records.ledger import Ledger

    try:
        ledger = Ledger(Engine(compose_file()))
        ledger.files()
    except DeliveryFailed as error:
        tell(say("What was deployed is not known here: {reason}", reason=error.message))
        return None
    return ledger


def tell_unfinished(ledger: Ledger) -> None:
    """Say what a killed command left, and what mends it."""
    from mangetamain.delivery.mending import unfinished_lines

    for line in unfinished_lines(ledger):
        text = N_("{line}; {command} mends it, as does the next deploy or rollback")
        tell(say(text, line=line, command="mangetamain mend"))


def deploy(
    environment: Environment,
    image: Annotated[str | None, typer.Option(help="Image for preprod; mangetamain:latest without it.")] = None,
    warehouse: Annotated[str | None, typer.Option(help="Warehouse for preprod; current without it.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Promote to prod without asking.")] = False,
    compose: Compose = None,
    wait: Wait = 300,
) -> None:
    """Deploy an image and a warehouse to preprod, or promote to prod what preprod serves."""
    from mangetamain.delivery import commands
    from mangetamain.delivery.addresses import deployed
    from mangetamain.delivery.containers import images

    name, desk = deployed(environment), _desk(compose, wait)
    if name == "prod":
        done = commands.deploy_prod(desk, image, warehouse, lambda word: yes or confirmed(word))
    else:
        chosen = (images.DEFAULT_IMAGE if image is None else image, images.CURRENT if warehouse is None else warehouse)
        done = commands.deploy_preprod(desk, *chosen)
    echo(done.summary)


def confirmed(word: str) -> bool:
    """Ask for a word to be typed."""
    print(say("Type {word} to go on:", word=word), end=" ", file=sys.stderr, flush=True)  # noqa: T201
    typed = sys.stdin.readline().strip()
    if not sys.stdin.isatty():
        tell("")
    return typed == word


def rollback(environment: Environment, compose: Compose = None, wait: Wait = 300) -> None:
    """Bring back the image and the warehouse that an environment served before."""
    from mangetamain.delivery import commands
    from mangetamain.delivery.addresses import deployed

    echo(commands.roll_back(_desk(compose, wait), deployed(environment)).summary)


def mend(compose: Compose = None, wait: Wait = 300) -> None:
    """Have both sites serve what was deployed to them, whatever was ended midway, is gone, hangs or was changed."""
    from mangetamain.delivery.commands import mend_all

    mend_all(_desk(compose, wait))


def journal(
    as_json: Json = False,
    last: Annotated[int, typer.Option("--last", help="How many lines, the newest.", min=1)] = 50,
) -> None:
    """Show who deployed what, when, and how it ended."""
    from dataclasses import asdict

    from mangetamain.delivery.containers.engine import Engine, compose_file
    from mangetamain.delivery.records.journal import lines
    from mangetamain.delivery.records.ledger import Ledger
    from mangetamain.delivery.tables import journal_text

    ledger = Ledger(Engine(compose_file()))
    newest = lines(ledger)[-last:]
    if as_json:
        echo_json([asdict(line) for line in newest])
    else:
        echo(journal_text(newest))
    tell_unfinished(ledger)


def record(lang: Lang = None) -> None:
    """Print what every notebook says, as two deployments are compared by."""
    from mangetamain.delivery.proof.changes import records
    from mangetamain.warehouse import connect

    echo(json_text(records(connect(), speech.of_sentences(lang, as_json=True))))


def _desk(compose: Path | None, wait: float):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from mangetamain.delivery.containers.engine import compose_file
    from mangetamain.delivery.desk import Desk

    return Desk(tell, echo, compose_file(compose), wait)
