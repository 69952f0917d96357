"""What can be taken away from an answer: each file under a name that says what is in it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from types import MappingProxyType

from mangetamain.answers.parquet import parquet
from mangetamain.questions import Answer, Question, answer_html

Content = str | bytes
# By the ending of its name: what kind of file it is, and what is in it.
FILES: Mapping[str, tuple[str, Callable[[Question, Answer, str], Content]]] = MappingProxyType(
    {
        "csv": ("text/csv; charset=UTF-8", lambda _, answer, __: answer_html.csv(answer)),
        "parquet": ("application/vnd.apache.parquet", lambda _, answer, __: parquet(answer)),
        "svg": ("image/svg+xml", lambda _, answer, lang: answer.svg(lang)),
    }
)


def file(ending: str, question: Question, answer: Answer, lang: str) -> dict[str, str]:
    """Make a file: its `name`, its `kind`, and its `text`, or its bytes in `base64`."""
    kind, make = FILES[ending]
    content = make(question, answer, lang)
    held = {"text": content} if isinstance(content, str) else {"base64": base64.b64encode(content).decode()}
    return {"name": answer_html.file_name(question, answer, ending), "kind": kind, **held}


def held_in(told: Mapping[str, str]) -> bytes:
    """Return what is in a file that was told."""
    return base64.b64decode(told["base64"]) if "base64" in told else told["text"].encode()
