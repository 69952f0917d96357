"""Who asks for a delivery, and the tools that she gets while she is the only one at work."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mangetamain.delivery.containers.engine import Engine
from mangetamain.delivery.notify import Notifier
from mangetamain.delivery.proof.evidence import Tell
from mangetamain.delivery.records import journal
from mangetamain.delivery.records.ledger import Ledger


@dataclass
class Desk:
    """Where lines and results go, and how long a site may take to become ready."""

    tell: Tell
    show: Callable[[str], object]
    compose: Path
    wait: float = 180.0
    engine: Engine = field(init=False)
    ledger: Ledger = field(init=False)
    notifier: Notifier = field(init=False)

    def __post_init__(self) -> None:
        self.engine = Engine(self.compose)
        self.ledger = Ledger(self.engine)

    @contextlib.contextmanager
    def open(self, command: str, environment: str) -> Iterator[None]:
        """Hold the lock, and have the channels, for one command."""
        with self.ledger.locked(f"{command} {environment}, {journal.who()}, {journal.now()}"):
            self.notifier = Notifier(self.tell)
            try:
                yield
            finally:
                self.notifier.finish()
