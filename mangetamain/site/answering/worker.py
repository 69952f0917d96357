"""What a process of the pool does: it answers one question after the other, on a connection of its own."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from mangetamain import logs
from mangetamain.panels.view import told
from mangetamain.questions import Answer
from mangetamain.site.answering.asked import Asked, Reply, version
from mangetamain.warehouse import Warehouse, state_home

# The site itself goes first.
NICENESS = 5


def begin(home: Path) -> None:
    """Begin a process of the pool."""
    os.nice(NICENESS)
    logs.start("worker", state_home(home) / "logs")


@cache
def _warehouse(home: Path) -> Warehouse:
    return Warehouse(home)


def answered(home: Path, asked: Asked) -> Reply:
    """Answer a question; whatever goes wrong is one sentence."""
    con, question, of = _warehouse(home), asked.question, list[str]()

    def ask() -> Answer:
        if asked.fresh:
            connection, info = con.current()
            values = question.read(dict(asked.given))
            answer = question.answer(connection, values, info.fingerprint, info.synthetic)
        else:
            answer = question(con, **dict(asked.given))
        of.append(answer.fingerprint)
        return answer

    said = told(question, ask, asked.lang, asked.part)
    return Reply.of(said, version(of[0] if of else ""))
