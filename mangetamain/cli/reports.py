"""The command line of reports: run, list, show, prune and diff."""

from __future__ import annotations

import difflib
import logging
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mangetamain import stopping
from mangetamain.cli import speech
from mangetamain.cli.options import Given, Group, Json, echo, echo_json, given_parameters, known_themes
from mangetamain.cli.speech import Lang
from mangetamain.errors import BadInput, why
from mangetamain.language import N_, Message, Number, quoted, say
from mangetamain.safe_text import json_text, tell
from mangetamain.warehouse import data_home
from mangetamain.warehouse.home import read_path

if TYPE_CHECKING:
    from rich.console import Console

    from mangetamain.reports import Outcome, Registry, Step
    from mangetamain.warehouse import Warehouse

log = logging.getLogger("mangetamain.actions")
MOST_NAMED = 20  # reports; more of them are in the index


class ReportGroup(Group):
    """`report NOTEBOOK...` runs notebooks; a first word that is no command of its own is a notebook."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer keeps its click to itself
        """Read `report trends` as `report run trends`."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            self._not_a_typo(args[:1])
            args = ["run", *args]
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def _not_a_typo(self, words: list[str]) -> None:
        """Raise `BadInput` for a word that is nearly a command of ours and no notebook."""
        from mangetamain.themes import themes

        for word in words:
            near = difflib.get_close_matches(word, self.commands, n=1)
            if near and word not in themes():
                text = N_("There is no command or notebook {word}; did you mean {near}?")
                raise BadInput(text, word=quoted(word), near=near[0])


reports = typer.Typer(
    cls=ReportGroup,
    help="Run notebooks into self-contained pages: mangetamain report NOTEBOOK... [OPTIONS], as in "
    "mangetamain report trends ratings -p lang=fr; its options: mangetamain report run --help. "
    "List, show, compare and prune what was made.",
)
Folder = Annotated[
    str | None,
    typer.Option("--to", "--in", metavar="PATH", help="Folder of the reports; the data folder's without it."),
]


def registry_in(folder: str | None) -> Registry:
    """Return the reports of a folder."""
    from mangetamain.reports import Registry

    if folder is not None and not folder.strip():
        raise BadInput("{option} needs a folder: {value} is none.", option="--to", value=quoted(folder))
    return Registry(read_path(folder) if folder else data_home() / "reports")


def tell_odd(registry: Registry) -> None:
    """Say in one line which folders hold no record that can be read."""
    from mangetamain.reports.live import passed_over

    if odd := registry.odd():
        tell(passed_over(odd))


@reports.command("run")
def report_run(
    notebooks: Annotated[
        list[str] | None,
        typer.Argument(help="Which notebooks: trends, seasons, week, ratings.", autocompletion=known_themes),
    ] = None,
    p: Given = None,
    grid: Annotated[Path | None, typer.Option(help="A plan file: notebooks, parameters and their products.")] = None,
    formats: Annotated[
        str, typer.Option(help="Which of html, interactive, ipynb, md and csv, with commas.")
    ] = "html,ipynb",
    interactive: Annotated[
        bool, typer.Option("--interactive", help="A page whose panels move among the answers that it carries, too.")
    ] = False,
    to: Folder = None,
    jobs: Annotated[int | None, typer.Option(help="Kernels at once; as many as fit without it.", min=1, max=64)] = None,
    timeout: Annotated[int, typer.Option(help="Seconds from a kernel's start to its last cell.", min=1)] = 600,
    force: Annotated[bool, typer.Option("--force", help="Run again what is there already.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="For programs: events as lines of JSON, then folders.")
    ] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page, or the list, in a browser.")] = False,
) -> None:
    """Run notebooks with other parameters into self-contained pages; what is there already is not run again."""
    from rich.console import Console

    from mangetamain.reports import steps
    from mangetamain.reports.plan import look_up, plan
    from mangetamain.warehouse import Warehouse, connect

    runs = plan(notebooks or [], given_parameters(p), grid)
    kinds, registry = read_formats(f"{formats},interactive" if interactive else formats), registry_in(to)
    # A batch is of one version: a build meanwhile changes none of its reports.
    con = Warehouse(pin=connect().version)
    look_up(runs, con)
    todo = steps(runs, registry, con.info, kinds, force)
    if dry_run:
        for step in todo:
            what = {
                # Translators: what is still to be done with a report, behind its name
                "run": say("run"),
                "skip": say("skip, it is there"),
                "export": say("write {formats}", formats=", ".join(step.missing)),
            }[step.todo]
            echo(f"{step.key}  {step.run.name}: {what}")
        return
    # Which parameters were set, but to no values: words among them are the asker's own.
    given = sorted({name for step in todo for name in step.run.given})
    asked = sorted({step.run.theme.name for step in todo})
    log.info("report asked", extra={"notebooks": asked, "reports": len(todo), "parameters": given, "formats": kinds})
    console = Console(stderr=True, highlight=False)
    ended = make_reports(todo, registry, con, kinds, jobs, timeout, console, as_json)
    there = [step for step in todo if registry.done(step.run, step.key)]
    made = {step.run.name: registry.place(step.run, step.key) for step in there}
    show_reports(made, registry.folder / "index.html", as_json, open_browser and not ended.stopped)
    if stopping.came:
        raise stopping.Ended(stopping.code())
    sys.exit(1 if ended.failed else 0)


def read_formats(text: str) -> list[str]:
    """Read a list of formats."""
    from mangetamain.parameters import Choice
    from mangetamain.reports.export import FORMATS

    kind = Choice("Format", {name: name for name in FORMATS})
    return list(dict.fromkeys(kind.parse("formats", word.strip()) for word in text.split(",")))


def make_reports(
    todo: list[Step],
    registry: Registry,
    con: Warehouse,
    formats: list[str],
    jobs: int | None,
    timeout: int,
    console: Console,
    as_json: bool,
) -> Outcome:
    """Do the steps of a plan while one watches, and say how it ended."""
    from mangetamain.reports import Outcome, batch, jobs_that_fit
    from mangetamain.reports.live import closing, watch

    try:
        with watch(todo, console, as_json) as tell:
            ended = batch(
                todo, registry, con, formats=formats, jobs=jobs or jobs_that_fit(), timeout=timeout, tell=tell
            )
    except KeyboardInterrupt:
        ended = Outcome(stopped=True)  # before the first began, or after the last
    counts = {"made": ended.finished, "skipped": ended.skipped, "failed": len(ended.failed), "stopped": ended.stopped}
    log.info("reports made", extra=counts)
    closing(ended, registry.folder / "index.html", registry.odd(), console, as_json)
    return ended


def show_reports(made: dict[str, Path], index: Path, as_json: bool, open_browser: bool) -> None:
    """Name what there is now: for a person each report and the page to open, for another command the folders."""
    if len(made) <= MOST_NAMED:
        for name, place in made.items():
            echo(place if as_json else f"{name}: {page_of(place)}")
    if open_browser and made:
        page = page_of(*made.values()) if len(made) == 1 else index
        if not webbrowser.open(page.absolute().as_uri()):
            tell(say("No browser opens here: {page}", page=str(page)))


def page_of(place: Path) -> Path:
    """Return what a person opens of a report: its page, else the notebook that is always there."""
    return next((place / name for name in ("interactive.html", "report.html", "report.md") if (place / name).is_file()),
                place / "report.ipynb")  # fmt: skip


@reports.command("list")
def report_list(to: Folder = None, as_json: Json = False) -> None:
    """List the reports, newest first."""
    from mangetamain.reports.index import data_of

    registry = registry_in(to)
    records = registry.records()
    tell_odd(registry)
    if as_json:
        echo_json(records)
        return
    for record, data in zip(records, data_of(records), strict=True):
        when = f"{record['started'][:16]}  {record['seconds']:6.1f} s"
        echo("  ".join(filter(None, (record["key"], when, record["name"], str(outcome(record["outcome"])), data))))


def outcome(recorded: str) -> str | Message:
    """Say how a run ended, of which a record keeps an English word, and of one that failed its whole sentence."""
    return say("done") if recorded == "done" else recorded


@reports.command("show")
def report_show(
    report: Annotated[str, typer.Argument(help="Key, its start, name or folder.")],
    to: Folder = None,
    as_json: Json = False,
) -> None:
    """Show one report: what it was made of, how to make it again, and what it says."""
    from mangetamain.reports.registry import words_of

    record = registry_in(to).find(report)
    if as_json:
        echo_json(record)
        return
    again = " ".join(words_of(record))
    seconds = Number(record["seconds"], 1)
    text = N_("made {time} in {seconds} s: {outcome}")
    echo(f"{record['title']}  {record['key']}\n{record['folder']}")
    echo(say(text, time=record["started"], seconds=seconds, outcome=outcome(record["outcome"])))
    source, fingerprint = (record["data"][name] for name in ("source", "fingerprint"))
    echo(say("data {source} {fingerprint}", source=source, fingerprint=fingerprint))
    echo(say("again: {command}", command=f"mangetamain report {record['theme']} {again}"))
    echo("")
    for answer in record["answers"]:
        echo(f"- {answer['sentence']}")


@reports.command("prune")
def report_prune(
    days: Annotated[float | None, typer.Option(help="Remove those older than so many days.")] = None,
    keep: Annotated[
        int | None,
        typer.Option(help="Keep the newest few of each notebook and its parameters; failed runs do not count.", min=0),
    ] = None,
    to: Folder = None,
) -> None:
    """Remove old reports."""
    if days is None and keep is None:
        raise BadInput("Say what to remove: {options}.", options="--days N, --keep N")
    registry = registry_in(to)
    for name in registry.prune(days=days, keep=keep):
        echo(say("removed {name}", name=name))
    tell_odd(registry)


@reports.command("diff")
def report_diff(
    before: Annotated[str, typer.Argument(help="One report: key, name or folder.")],
    after: Annotated[str, typer.Argument(help="The other.")],
    to: Folder = None,
    lang: Lang = None,
    as_json: Json = False,
    html: Annotated[Path | None, typer.Option(help="Write the comparison as a page too.")] = None,
) -> None:
    """Compare two reports by meaning; the exit code is 1 where a reader would notice something."""
    from mangetamain.reports.diff.compare import comparable, compare
    from mangetamain.reports.diff.page import as_html
    from mangetamain.reports.diff.text import as_text

    spoken, registry = speech.of_sentences(lang, as_json=False), registry_in(to)
    with comparable(before, after):
        comparison = compare(registry.find(before), registry.find(after))
        text = json_text(comparison.as_dict(), indent=2) if as_json else as_text(comparison, spoken)
        page = as_html(comparison, spoken) if html is not None else ""
    if html is not None:
        try:
            html.write_text(page, "utf-8")
        except OSError as error:
            text = N_("The page {file} cannot be written: {reason}.")
            raise BadInput(text, file=str(html), reason=why(error)) from None
    echo(text)
    sys.exit(1 if comparison.noticed else 0)
