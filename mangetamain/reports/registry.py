"""The registry: a folder for each report, found by what it was made of, with a record to make it again."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from mangetamain.errors import BadInput, UserError
from mangetamain.language import say
from mangetamain.questions.store import code_version
from mangetamain.reports.plan import Run

MAKING = ".making-"


class NoRoom(UserError):
    """A folder that cannot take the reports."""


def key_of(run: Run, fingerprint: str) -> str:
    """Return a report's key: the same code, parameters and data give the same report."""
    code = [cell["source"] for cell in run.theme.cells]
    made_of = [run.theme.name, code, sorted(run.parameters.items()), code_version(), fingerprint]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]


class Registry:
    """The reports of one folder.

    Parameters
    ----------
    folder
        Where they are; made when the first one is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, run: Run, key: str) -> Path:
        """Return the folder of a report, there or not."""
        return self.folder / f"{run.name}_{key[:8]}"

    def done(self, run: Run, key: str) -> dict[str, Any] | None:
        """Return the record of a finished report, or None."""
        record = _read(self.place(run, key) / "record.json")
        return record if record and record["key"] == key and record["outcome"] == "done" else None

    def open(self, room: int) -> None:
        """Make the folder, sweep what a killed run left, and see that it can be written and holds `room` more bytes."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for left in self.folder.glob(f"{MAKING}*"):
                if not _alive(int(left.name.removeprefix(MAKING).split("-")[0])):
                    shutil.rmtree(left, ignore_errors=True)
            with self.making() as trial:
                (trial / "trial").write_bytes(b"0" * 4096)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            reason = error.strerror or str(error)
            raise NoRoom(
                "Reports cannot be written to {folder}: {reason}.", folder=str(self.folder), reason=reason
            ) from None
        if free < room:
            raise NoRoom(
                "There is too little room in {folder}: {free} MB are free and about {need} MB are needed.",
                folder=str(self.folder), free=free // 1_000_000, need=-(-room // 1_000_000),
            )  # fmt: skip

    @contextmanager
    def making(self) -> Iterator[Path]:
        """Lend a folder to make a report in; it is gone afterwards unless it was put in its place."""
        made = self.folder / f"{MAKING}{os.getpid()}-{uuid.uuid4().hex[:8]}"
        made.mkdir(parents=True)
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def put(self, made: Path, place: Path) -> None:
        """Put a finished folder in its place, whole or not at all."""
        old = made.with_name(made.name + "-old")
        if place.exists():
            place.rename(old)
        made.rename(place)
        shutil.rmtree(old, ignore_errors=True)

    def records(self) -> list[dict[str, Any]]:
        """Return all records, newest first, each with its `folder`."""
        found = [
            (path, _read(path)) for path in self.folder.glob("*/record.json") if not path.parent.name.startswith(".")
        ]
        records = [{**record, "folder": str(path.parent)} for path, record in found if record]
        return sorted(records, key=lambda record: (record["started"], record["key"]), reverse=True)

    def find(self, word: str) -> dict[str, Any]:
        """Return one record with its answers, by key, by the start of a key, by name, or by its folder.

        Raises
        ------
        BadInput
            When no report or more than one is meant.
        """
        path = Path(word).expanduser()
        if (path / "record.json").is_file():
            return with_answers(path)
        records = self.records()
        chosen = [record for record in records if record["key"].startswith(word)] if len(word) >= 4 else []
        chosen = chosen or [record for record in records if word in (record["name"], Path(record["folder"]).name)]
        if len(chosen) == 1:
            return with_answers(Path(chosen[0]["folder"]))
        if chosen:
            keys = ", ".join(record["key"] for record in chosen[:5])
            raise BadInput(
                "{word} can mean {count} reports: say which by its key ({keys}).",
                word=word,
                count=len(chosen),
                keys=keys,
            )
        names = [name for record in records for name in (record["key"], record["name"])]
        near = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
        hint = say("; did you mean {near}?", near=near[0]) if near else say(".")
        raise BadInput(
            "There is no report {word} in {folder}{hint}", word=repr(word), folder=str(self.folder), hint=hint
        )

    def prune(self, *, days: float | None, keep: int | None) -> list[str]:
        """Remove reports older than some days and all but the newest few of each notebook; return what went."""
        gone: list[dict[str, Any]] = []
        count: dict[str, int] = {}
        limit = (datetime.now(UTC) - timedelta(days=days)).isoformat() if days is not None else ""
        for record in self.records():
            count[record["theme"]] = count.get(record["theme"], 0) + 1
            if record["started"] < limit or (keep is not None and count[record["theme"]] > keep):
                gone.append(record)
        for record in gone:
            shutil.rmtree(record["folder"], ignore_errors=True)
        self.write_index()
        return [record["name"] for record in gone]

    def write_index(self) -> None:
        """Write a page that lists all reports."""
        fresh = self.folder / f".index-{os.getpid()}"
        fresh.write_text(index_page(self.records()), "utf-8")
        fresh.replace(self.folder / "index.html")


def with_answers(folder: Path) -> dict[str, Any]:
    """Return a report's record together with its answers."""
    record = _read(folder / "record.json")
    if record is None:
        raise BadInput("The record in {folder} cannot be read.", folder=str(folder))
    answers = _read(folder / "answers.json")
    return {**record, "answers": (answers or {}).get("answers", []), "folder": str(folder)}


def index_page(records: list[dict[str, Any]]) -> str:
    """Return a page that lists reports, newest first, in the charter's style."""
    from mangetamain.assets import standalone

    rows = []
    for record in records:
        folder = escape(Path(record["folder"]).name, quote=True)
        told = ", ".join(f"{name} = {value}" for name, value in record["parameters"].items())
        link = (
            f'<a href="{folder}/report.html">{escape(record["title"])}</a>'
            if "html" in record["formats"]
            else escape(record["title"])
        )
        cells = (
            link,
            escape(told),
            escape(record["data"]["source"]),
            escape(record["started"][:16].replace("T", " ")),
            escape(record["outcome"]),
        )
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    heads = "".join(
        f"<th scope='col'>{name}</th>" for name in ("Report", "Parameters", "Data", "Made (UTC)", "Outcome")
    )
    return (
        '<!DOCTYPE html><html lang="en" data-lang="en" data-mm><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="dark light">'
        f"<title>Reports · Mangetamain</title><style>{standalone('en')['css']}</style></head>"
        f'<body class="mm-page"><main class="mm-main"><h1>Reports</h1><p>{len(records)} reports, newest first.</p>'
        f'<div class="mm-table"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
        "</main></body></html>"
    )


def _read(path: Path) -> dict[str, Any] | None:
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return data


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
