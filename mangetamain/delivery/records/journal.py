"""The journal: who did what, when, and how it ended; one JSON line each, on the disk before the next step begins."""

from __future__ import annotations

import getpass
import json
import os
import socket
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from mangetamain import state_files
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.probe import clean
from mangetamain.delivery.records.ledger import Ledger

JOURNAL_FILE = "journal.jsonl"
# An attempt that has come to one of these has ended.
SERVES_OUTCOMES = ("succeeded", "mended")  # with the pair of that line
END_OUTCOMES = (*SERVES_OUTCOMES, "failed", "rolled back")


@dataclass(frozen=True)
class Line:
    """One line of the journal.

    Parameters
    ----------
    time, who
        When, in UTC, and ``user@host``, or the actor of a GitHub workflow.
    attempt
        What the lines of one command have in common.
    environment, command
        Where, and what was asked for: deploy, rollback or mend.
    image, warehouse, door
        The pair that it is about; of the proxy and the compose file, the digests' first digits.
    step, outcome
        What was done, and how it went: started, done, or one of `END_OUTCOMES`.
    detail
        One sentence, where there is more to say.
    """

    time: str
    who: str
    attempt: str
    environment: str
    command: str
    image: str
    warehouse: str
    step: str
    outcome: str
    detail: str = ""
    door: str = ""


class Attempt:
    """One command's lines in the journal."""

    def __init__(self, ledger: Ledger, environment: str, command: str, pair: Pair) -> None:
        self.key = uuid.uuid4().hex[:12]
        self.ledger, self.environment, self.command, self.pair = ledger, environment, command, pair

    def note(self, step: str, outcome: str = "done", detail: str = "") -> None:
        """Write a line; it is on the disk on return."""
        line = Line(now(), who(), self.key, self.environment, self.command, self.pair.image, self.pair.warehouse,
                    step, outcome, detail[:1000], self.pair.door)  # fmt: skip
        self.ledger.append(JOURNAL_FILE, json.dumps(asdict(line), ensure_ascii=False))


def lines(ledger: Ledger) -> list[Line]:
    """Return the journal, oldest first; a torn line is left out."""
    return [line for text in ledger.files().get(JOURNAL_FILE, "").splitlines() if (line := _line(text))]


def _line(text: str) -> Line | None:
    try:
        data = state_files.parsed(text, dict)
    except state_files.Damaged:
        return None
    texts = {name: data.get(name, "") for name in Line.__dataclass_fields__}
    return Line(**texts) if all(isinstance(text, str) for text in texts.values()) else None


def unfinished(ledger: Ledger, environment: str) -> Line | None:
    """Return the last line of an environment's last attempt where that came to no end: it was killed."""
    own = [line for line in lines(ledger) if line.environment == environment]
    return own[-1] if own and own[-1].outcome not in END_OUTCOMES else None


def now() -> str:
    """Return the time as the journal writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def who() -> str:
    """Return who acts: the actor of a GitHub workflow, else user and host."""
    if actor := os.environ.get("GITHUB_ACTOR", "").strip():
        return clean(actor)
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = str(os.getuid())
    return clean(f"{user}@{socket.gethostname()}")
