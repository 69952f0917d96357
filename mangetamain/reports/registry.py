"""The registry: a folder for each report, found by what it was made of, with a record to make it again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mangetamain import state_files
from mangetamain.answers.code_version import code_version
from mangetamain.errors import BadInput, UserError, suggestion, why
from mangetamain.language import N_, exact, quoted, say
from mangetamain.reports.export import FILES
from mangetamain.reports.plan import Run
from mangetamain.warehouse.home import read_path

MAKING = re.compile(r"\.making-(\d+)-.*")
# What a record must hold to be one, and of which kind.
RECORD: dict[str, Any] = {
    **dict.fromkeys(("key", "name", "theme", "title", "lang", "started", "outcome"), str),
    **{"parameters": dict, "data": dict, "formats": list, "seconds": (int, float)},
}
# And an answer of a report.
ANSWER: dict[str, Any] = {
    **dict.fromkeys(("panel", "title", "sentence"), str),
    **dict.fromkeys(("parameters", "finding", "columns", "figure"), dict),
}
# The fewest of a key that name a report; a shorter word is looked for among the names alone.
KEY_CHARACTERS = 4
MOST_DAYS = 36_500  # a hundred years; a million days ago is before the first date that Python has
DATA = ("source", "fingerprint")


class NoRoom(UserError):
    """A folder that cannot take the reports."""


def key_of(run: Run, fingerprint: str) -> str:
    """Return a report's key: the same code, parameters and data give the same report."""
    code = [cell["source"] for cell in run.theme.cells]
    made_of = [run.theme.name, code, sorted(run.parameters.items()), code_version((".",)), fingerprint]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]


class Registry:
    """The reports of one folder, which is made when the first one is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, run: Run, key: str) -> Path:
        """Return the folder of a report, there or not."""
        return self.folder / f"{run.name}_{key[:8]}"

    def done(self, run: Run, key: str) -> dict[str, Any] | None:
        """Return the record of a finished report, or None; one that lost what it is remade from is not there."""
        place = self.place(run, key)
        record = read_record(place)
        if record is None or record["key"] != key or record["outcome"] != "done":
            return None
        return record if "ipynb" in record["formats"] and _answers(place) is not None else None

    def open(self, room: int) -> None:
        """Make the folder, sweep what a killed run left, and see that it can be written and holds `room` more bytes."""
        import psutil

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for left in self.folder.iterdir():
                if (maker := MAKING.fullmatch(left.name)) and not psutil.pid_exists(int(maker[1])):
                    state_files.remove(left)
            with self.making() as trial:
                (trial / "trial").write_bytes(b"0" * 4096)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            text = N_("Reports cannot be written to {folder}: {reason}.")
            raise NoRoom(text, folder=str(self.folder), reason=why(error)) from None
        if free < room:
            raise NoRoom(
                "There is too little room in {folder}: {free} MB are free and about {need} MB are needed.",
                folder=str(self.folder), free=free // 1_000_000, need=-(-room // 1_000_000),
            )  # fmt: skip

    @contextmanager
    def making(self) -> Iterator[Path]:
        """Lend a folder to make a report in; it is gone afterwards unless it was put in its place."""
        made = self.folder / f".making-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        made.mkdir(parents=True)
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def put(self, made: Path, place: Path) -> None:
        """Put a finished folder in its place, whole or not at all."""
        old = made.with_name(made.name + "-old")
        if os.path.lexists(place):
            place.rename(old)
        try:
            made.rename(place)
        except OSError:
            if os.path.lexists(old):  # the one that was there is better than none
                old.rename(place)
            raise
        state_files.remove(old)

    def records(self) -> list[dict[str, Any]]:
        """Return all records, newest first, each with its `folder`; what is no record is passed over."""
        there = [(place, read_record(place)) for place in self._places()]
        records = [{**record, "folder": str(place)} for place, record in there if record]
        return sorted(records, key=lambda record: (record["started"], record["key"]), reverse=True)

    def odd(self) -> list[str]:
        """Return the folders whose record is none."""
        return sorted(place.name for place in self._places() if read_record(place) is None)

    def _places(self) -> list[Path]:
        paths = self.folder.glob("*/record.json")
        return [path.parent for path in paths if not path.parent.name.startswith(".")]

    def find(self, word: str) -> dict[str, Any]:
        """Return one record with its answers by key, its start, name or folder; raise `BadInput` for none or more."""
        if path := _report_at(word):
            return with_answers(path)
        records = self.records()
        chosen = [record for record in records if record["key"].startswith(word)] if len(word) >= KEY_CHARACTERS else []
        chosen = chosen or [record for record in records if word in (record["name"], Path(record["folder"]).name)]
        if len(chosen) == 1:
            return with_answers(Path(chosen[0]["folder"]))
        if chosen:
            keys = ", ".join(record["key"] for record in chosen[:5])
            text = N_("{word} can mean {count} reports: say which by its key ({keys}).")
            raise BadInput(text, word=word, count=len(chosen), keys=keys)
        hint = suggestion(word, [name for record in records for name in (record["key"], record["name"])])
        text = N_("There is no report {word} in {folder}{hint}")
        raise BadInput(text, word=quoted(word), folder=str(self.folder), hint=hint)

    def prune(self, *, days: float | None, keep: int | None) -> Iterator[str]:
        """Remove reports older than some days, and all older than the newest few of their notebook and parameters.

        Yields
        ------
        str
            The name of each report that went.

        Raises
        ------
        BadInput
            For a number of days or a folder that cannot be.
        NoRoom
            When one cannot be removed; those before it are gone.
        """
        old = self._old(days, keep)
        for record in old:
            try:
                shutil.rmtree(record["folder"])
            except OSError as error:
                with contextlib.suppress(NoRoom):
                    self.write_index()
                raise NoRoom(
                    "The report {name} cannot be removed from {folder}: {reason}.",
                    name=Path(record["folder"]).name, folder=str(self.folder), reason=why(error),
                ) from None  # fmt: skip
            yield record["name"]
        if old:
            self.write_index()

    def _old(self, days: float | None, keep: int | None) -> list[dict[str, Any]]:
        if not self.folder.is_dir():
            raise BadInput("There is no folder {folder}.", folder=str(self.folder))
        if days is not None and not 0 <= days <= MOST_DAYS:
            text = N_("{name} cannot be {value}: expected {expected}{hint}")
            expected = say("a number from 0 to {most}", most=exact(MOST_DAYS))
            raise BadInput(text, name="--days", value=str(days), expected=expected, hint=say("."))
        # Times as texts sort as they do.
        limit = (datetime.now(UTC) - timedelta(days=days)).isoformat() if days is not None else ""
        old, staying = [], Counter[tuple[str, ...]]()
        for record in self.records():
            like = (record["theme"], *(f"{name}={text}" for name, text in sorted(record["parameters"].items())))
            if record["started"] < limit or (keep is not None and staying[like] >= keep):
                old.append(record)
            # A run that failed takes no report's place.
            staying[like] += record["outcome"] == "done"
        return old

    def write_index(self) -> None:
        """Write a page that lists all reports; raise `NoRoom` when it cannot be written."""
        from mangetamain.reports.index import index_page

        try:
            with self.making() as made:
                (made / "index.html").write_text(index_page(self.records()), "utf-8")
                (made / "index.html").replace(self.folder / "index.html")
        except OSError as error:
            text = N_("The list of reports in {folder} cannot be written: {reason}.")
            raise NoRoom(text, folder=str(self.folder), reason=why(error)) from None


def _report_at(word: str) -> Path | None:
    """Return the folder of a report that a word names; a word that cannot be a path is a name."""
    with contextlib.suppress(BadInput, OSError, ValueError):
        path = read_path(word)
        return path if os.path.lexists(path / "record.json") else None
    return None


def with_answers(folder: Path) -> dict[str, Any]:
    """Return a report's record together with its answers; a run that failed has none."""
    record = read_record(folder)
    if record is None:
        raise BadInput("The record in {folder} cannot be read.", folder=str(folder))
    answers = _answers(folder)
    if record["outcome"] == "done" and answers is None:
        again = "mangetamain report " + " ".join([record["theme"], *words_of(record)])
        raise BadInput(
            "The answers of a report are lost, {file} is gone or damaged: make it again with {command}.",
            file=str(folder / "answers.json"), command=again,
        )  # fmt: skip
    return {**record, "answers": answers or [], "folder": str(folder)}


def _answers(folder: Path) -> list[dict[str, Any]] | None:
    """Return the answers of a report's folder; None where they are not all as a report writes them."""
    answers = (state_files.known(folder / "answers.json") or {}).get("answers")
    return answers if isinstance(answers, list) and all(map(_is_answer, answers)) else None


def _is_answer(answer: Any) -> bool:  # noqa: ANN401 - what JSON can hold
    if not isinstance(answer, dict) or not _holds(answer, ANSWER) or not isinstance(answer["finding"].get("is"), str):
        return False
    columns = list(answer["columns"].values())
    alike = all(isinstance(column, list) for column in columns) and len(set(map(len, columns))) <= 1
    return alike and isinstance(answer.get("verdict"), str | None)


def _holds(data: Mapping[str, Any], kinds: Mapping[str, Any]) -> bool:
    return all(isinstance(data.get(name), kind) for name, kind in kinds.items())


def words_of(record: Mapping[str, Any]) -> list[str]:
    """Return the words of a command that give a record's parameters."""
    return [word for name, value in record["parameters"].items() for word in ("-p", f"{name}={value}")]


def read_record(place: Path) -> dict[str, Any] | None:
    """Return the record in a report's folder with the formats that are still there; None where it is no record."""
    record = state_files.known(place / "record.json")
    if record is None or not _holds(record, RECORD) or not _holds(record["data"], dict.fromkeys(DATA, str)):
        return None
    if not isinstance(record.get("versions", {}), dict):
        return None
    return {
        **record,
        "formats": [kind for kind, name in FILES.items() if kind in record["formats"] and (place / name).exists()],
    }
