"""What a reader asks, in its one canonical form, and what is sent to her."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mangetamain.answers.code_version import PACKAGE, code_version
from mangetamain.panels.view import differing
from mangetamain.questions import QUESTIONS, Question


@dataclass(frozen=True)
class Asked:
    """One part of one answer in one language.

    Parameters
    ----------
    name
        The question's.
    given
        The texts of those parameters that differ from the question's own defaults, in their order.
    lang, part
        One of ours each.
    fresh
        Whether it is to be computed, though it be known.
    """

    name: str
    given: tuple[tuple[str, str], ...] = ()
    lang: str = "en"
    part: str = "answer"
    fresh: bool = False

    @classmethod
    def of(cls, question: Question, given: Mapping[str, str], lang: str, part: str = "answer") -> Asked:
        """Ask a question; raise `BadInput` for a parameter or value that is not one of ours."""
        return cls(question.name, differing(question, question.texts(question.read(given))), lang, part)

    @property
    def question(self) -> Question:
        """The question itself."""
        return QUESTIONS[self.name]


@dataclass(frozen=True)
class Reply:
    """What is sent for it: JSON, compressed, of one version of data and code."""

    status: int
    version: str
    zipped: bytes

    @classmethod
    def of(cls, told: Mapping[str, Any], version: str = "") -> Reply:
        """Write what `panels.view` tells as the site sends it."""
        status = 200 if "trouble" not in told else 500 if "fault" in told else 503 if "later" in told else 400
        text = json.dumps({**told, "version": version}, ensure_ascii=False, separators=(",", ":"))
        return cls(status, version, gzip.compress(text.encode(), 6, mtime=0))

    @property
    def text(self) -> str:
        """The JSON."""
        return gzip.decompress(self.zipped).decode()

    @property
    def told(self) -> dict[str, Any]:
        """What it tells; read anew each time, for a reply is kept as bytes alone."""
        data: dict[str, Any] = json.loads(self.text)
        return data


def version(fingerprint: str) -> str:
    """Name what the site sends of one state of the data: any change of our code or words is another version, too."""
    return hashlib.sha256(f"{fingerprint}-{_code()}".encode()).hexdigest()[:12]


@cache
def _code() -> str:
    words = b"".join(path.read_bytes() for path in sorted((PACKAGE / "locale").rglob("*.mo")))
    return code_version((".",)) + hashlib.sha256(words).hexdigest()
