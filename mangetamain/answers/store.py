"""The answer store: one small file for each answer ever given, beside the warehouse."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mangetamain import state_files
from mangetamain.answers.code_version import code_version
from mangetamain.warehouse.home import state_home

if TYPE_CHECKING:
    from mangetamain.answers.answer import Answer

# A reader who moves sliders for a day makes a few thousand answers of about 20 kB; beyond this, none is kept.
MOST_ANSWERS = 5000
MOST_STATES = 3
MOST_BYTES = 20_000_000
# A kept answer begins with the digest of what follows: whatever else is found under its name is not as it was written.
HEAD = '{{"sha256": "{digest}", "answer": '
log = logging.getLogger(__name__)


def version(fingerprint: str) -> str:
    """Name the answers that one state of data and code gives."""
    return f"{fingerprint}-{code_version()}"


class AnswerStore:
    """Answers by data, question, parameters and the code that makes them; shared by all kernels, reports and tests."""

    def __init__(self, home: Path) -> None:
        # A site over read-only data keeps its own answers apart, and reads those that came with the data too.
        self.folder, self.given = state_home(home) / "answers", home / "answers"

    def path(self, fingerprint: str, question: str, parameters: Mapping[str, str]) -> Path:
        """Return where an answer would be kept."""
        key = json.dumps([question, sorted(parameters.items())])
        return self.folder / version(fingerprint) / f"{question}-{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"

    def read(self, fingerprint: str, question: str, parameters: Mapping[str, str]) -> dict[str, Any] | None:
        """Return a known answer's JSON, or None; what is not as it was written counts as unknown."""
        path = self.path(fingerprint, question, parameters)
        expected = {"question": question, "parameters": dict(parameters), "fingerprint": fingerprint}
        for each in dict.fromkeys((path, self.given / path.relative_to(self.folder))):
            try:
                data = state_files.parsed(_body(state_files.text(each, MOST_BYTES)), dict)
                if {name: data.get(name) for name in expected} != expected:
                    raise state_files.Damaged("it is the answer to something else")
            except FileNotFoundError:
                continue
            except state_files.Damaged as error:
                state_files.forgotten(each, error)
                continue
            return data
        return None

    def write(self, answer: Answer) -> None:
        """Keep an answer, whole or not at all; a store that cannot be written costs speed and nothing else."""
        path = self.path(answer.fingerprint, answer.question, answer.parameters)
        try:
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                self._forget(path.parent)
            if sum(1 for _ in path.parent.iterdir()) < MOST_ANSWERS:
                if path.is_dir():
                    shutil.rmtree(path)  # whatever that was
                state_files.write(path, sealed(answer.to_json()))
        except OSError as error:
            log.warning("the answer to %s is not kept: %s", answer.question, error)

    def prune(self, keep: str, pinned: Collection[str] = ()) -> None:
        """Drop the answers of other data than a fingerprint's, and of other code; those of pinned data all stay."""
        for folder in _folders(self.folder):
            if folder.name != version(keep) and folder.name.rpartition("-")[0] not in pinned:
                shutil.rmtree(folder, ignore_errors=True)

    def _forget(self, new: Path) -> None:
        """Keep what a site made itself of the newest few states of data and code: nobody prunes there."""
        if self.folder != self.given:
            old = sorted({*_folders(self.folder)} - {new}, key=lambda path: path.stat().st_mtime_ns)
            for folder in old[: 1 - MOST_STATES]:
                shutil.rmtree(folder, ignore_errors=True)


def sealed(body: str) -> str:
    """Return what is kept of an answer's JSON."""
    return HEAD.format(digest=hashlib.sha256(body.encode()).hexdigest()) + body + "}"


def _body(content: str) -> str:
    """Return the JSON of a kept answer; raise `Damaged` where it is not what was sealed."""
    body = content[len(HEAD.format(digest=" " * 64)) : -1]
    if sealed(body) != content:
        raise state_files.Damaged("its digest is another one")
    return body


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
