"""The answer store: one small file for each answer ever given, beside the warehouse."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mangetamain.questions.answer import Answer

PACKAGE = Path(__file__).parent.parent
# A reader who moves sliders for a day makes a few thousand answers of about 20 kB; beyond this, none is kept.
MOST = 5000
log = logging.getLogger(__name__)


@cache
def code_version() -> str:
    """Return a hash of the package's source: an answer of other code is another answer."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def version(fingerprint: str) -> str:
    """Name the answers that one state of data and code gives."""
    return f"{fingerprint}-{code_version()}"


class AnswerStore:
    """Answers by data, question, parameters and code; shared by all kernels, reports and tests."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "answers"

    def path(self, fingerprint: str, question: str, parameters: Mapping[str, str]) -> Path:
        """Return where an answer is or would be kept."""
        key = json.dumps([question, sorted(parameters.items())])
        return self.folder / version(fingerprint) / f"{question}-{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"

    def read(self, fingerprint: str, question: str, parameters: Mapping[str, str]) -> dict[str, Any] | None:
        """Return a known answer's JSON, or None; a damaged file counts as unknown."""
        try:
            data: dict[str, Any] = json.loads(self.path(fingerprint, question, parameters).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return data

    def write(self, answer: Answer) -> None:
        """Keep an answer, whole or not at all; a store that cannot be written costs speed and nothing else."""
        path = self.path(answer.fingerprint, answer.question, answer.parameters)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if sum(1 for _ in path.parent.iterdir()) < MOST:
                fresh.write_text(answer.to_json(), "utf-8")
                fresh.replace(path)
        except OSError as error:
            log.debug("the answer to %s is not kept: %s", answer.question, error)

    def prune(self, keep: str) -> None:
        """Drop the answers of other data than a fingerprint's, and of other code."""
        if self.folder.is_dir():
            for folder in self.folder.iterdir():
                if folder.name != version(keep):
                    shutil.rmtree(folder, ignore_errors=True)
