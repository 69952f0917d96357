"""The command line of reports: run, list, show, prune and diff."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from mangetamain.errors import BadInput
from mangetamain.measures import LANGUAGE
from mangetamain.options import Given, Json, Lang, echo, given_parameters
from mangetamain.warehouse import data_home

log = logging.getLogger("mangetamain.actions")


class ReportGroup(typer.core.TyperGroup):
    """`report NOTEBOOK...` runs notebooks; a first word that is no command of its own is a notebook."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer keeps its click to itself
        """Read `report trends` as `report run trends`."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["run", *args]
        rest: list[str] = super().parse_args(ctx, args)
        return rest


reports = typer.Typer(cls=ReportGroup, help="Run notebooks into self-contained pages; list, show, compare, prune.")
Folder = Annotated[
    Path | None, typer.Option("--to", "--in", help="Folder of the reports; the data folder's without it.")
]


def registry_in(folder: Path | None) -> Any:  # noqa: ANN401 - a Registry
    """Return the reports of a folder."""
    from mangetamain.reports import Registry

    return Registry(folder or data_home() / "reports")


@reports.command("run", hidden=True)
def report_run(
    notebooks: Annotated[list[str] | None, typer.Argument(help="Which notebooks: trends, ratings.")] = None,
    p: Given = None,
    grid: Annotated[Path | None, typer.Option(help="A plan file: notebooks, parameters and their products.")] = None,
    formats: Annotated[str, typer.Option(help="Which of html, ipynb, md and csv, with commas.")] = "html,ipynb",
    to: Folder = None,
    jobs: Annotated[int | None, typer.Option(help="Kernels at once; as many as fit without it.", min=1, max=64)] = None,
    timeout: Annotated[int, typer.Option(help="Seconds that one report may take.", min=1)] = 600,
    force: Annotated[bool, typer.Option("--force", help="Run again what is there already.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
) -> None:
    """Run notebooks with other parameters into self-contained pages; what is there already is not run again."""
    from mangetamain.reports import steps
    from mangetamain.reports.plan import plan
    from mangetamain.warehouse import connect

    runs = plan(notebooks or [], given_parameters(p), grid)
    kinds, registry, info = read_formats(formats), registry_in(to), connect().info
    todo = steps(runs, registry, info, kinds, force)
    if dry_run:
        for step in todo:
            what = {"run": "run", "skip": "skip, it is there", "export": f"write {', '.join(step.missing)}"}[step.todo]
            echo(f"{step.key}  {step.run.name}: {what}")
        return
    # Which parameters were set, but to no values: words among them are the asker's own.
    given = sorted({name for step in todo for name in step.run.given})
    asked = sorted({step.run.theme.name for step in todo})
    log.info("report asked", extra={"notebooks": asked, "reports": len(todo), "parameters": given, "formats": kinds})
    make_reports(todo, registry, info, kinds, jobs, timeout)


def read_formats(text: str) -> list[str]:
    """Read a list of formats."""
    from mangetamain.parameters import Choice
    from mangetamain.reports.export import FORMATS

    kind = Choice("Format", {name: name for name in FORMATS})
    return list(dict.fromkeys(kind.parse("formats", word.strip()) for word in text.split(",")))


def make_reports(todo: Any, registry: Any, info: Any, formats: list[str], jobs: int | None, timeout: int) -> None:  # noqa: ANN401
    """Do the steps of a plan while one watches, and say how it ended."""
    from rich.console import Console

    from mangetamain.reports import batch, jobs_that_fit
    from mangetamain.reports.live import watch

    console = Console(stderr=True, highlight=False)
    with watch(todo, console) as tell:
        ended = batch(todo, registry, info, formats=formats, jobs=jobs or jobs_that_fit(), timeout=timeout, tell=tell)
    for step in todo:
        if registry.done(step.run, step.key) and len(todo) <= 20:
            echo(str(registry.place(step.run, step.key)))
    for sentence in ended.failed.values():
        print(f"mangetamain: {sentence}", file=sys.stderr)  # noqa: T201
    counts = {"made": ended.finished, "skipped": ended.skipped, "failed": len(ended.failed), "stopped": ended.stopped}
    log.info("reports made", extra=counts)
    told = f"{ended.finished} made, {ended.skipped} there already, {len(ended.failed)} failed"
    print(f"{told}; see {registry.folder / 'index.html'}", file=sys.stderr)  # noqa: T201
    if ended.stopped:
        print("Stopped; start again to go on with the rest.", file=sys.stderr)  # noqa: T201
        sys.exit(130)
    sys.exit(1 if ended.failed else 0)


@reports.command("list")
def report_list(to: Folder = None, as_json: Json = False) -> None:
    """List the reports, newest first."""
    records = registry_in(to).records()
    if as_json:
        echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for record in records:
        when = f"{record['started'][:16]}  {record['seconds']:6.1f} s"
        echo(f"{record['key']}  {when}  {record['name']}  {record['outcome']}")


@reports.command("show")
def report_show(
    report: Annotated[str, typer.Argument(help="Key, its start, name or folder.")],
    to: Folder = None,
    as_json: Json = False,
) -> None:
    """Show one report: what it was made of, how to make it again, and what it says."""
    record = registry_in(to).find(report)
    if as_json:
        echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    again = " ".join(f"-p {name}={value}" for name, value in record["parameters"].items())
    echo(f"{record['title']}  {record['key']}\n{record['folder']}")
    echo(f"made {record['started']} in {record['seconds']:.1f} s: {record['outcome']}")
    echo(f"data {record['data']['source']} {record['data']['fingerprint']}")
    echo(f"again: mangetamain report {record['theme']} {again}\n")
    for answer in record["answers"]:
        echo(f"- {answer['sentence']}")


@reports.command("prune")
def report_prune(
    days: Annotated[float | None, typer.Option(help="Remove those older than so many days.", min=0)] = None,
    keep: Annotated[int | None, typer.Option(help="Keep the newest few of each notebook.", min=0)] = None,
    to: Folder = None,
) -> None:
    """Remove old reports."""
    if days is None and keep is None:
        raise BadInput("Say what to remove: {options}.", options="--days N, --keep N")
    for name in registry_in(to).prune(days=days, keep=keep):
        echo(f"removed {name}")


@reports.command("diff")
def report_diff(
    before: Annotated[str, typer.Argument(help="One report: key, name or folder.")],
    after: Annotated[str, typer.Argument(help="The other.")],
    to: Folder = None,
    lang: Lang = "en",
    as_json: Json = False,
    html: Annotated[Path | None, typer.Option(help="Write the comparison as a page too.")] = None,
) -> None:
    """Compare two reports by meaning; the exit code is 1 where a reader would notice something."""
    from mangetamain.reports.diff import compare
    from mangetamain.reports.diff_page import as_html
    from mangetamain.reports.diff_text import as_text

    spoken, registry = LANGUAGE.parse("lang", lang), registry_in(to)
    found = compare(registry.find(before), registry.find(after))
    echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2) if as_json else as_text(found, spoken))
    if html is not None:
        html.write_text(as_html(found, spoken), "utf-8")
    sys.exit(1 if found.noticed else 0)
