"""How tests wait: for the fact, and as long as a slow machine may need; the bound only ends a hang."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 300.0


def eventually(check: Callable[[], T], what: object = "") -> T:
    """Wait until something is so, and return it."""
    until = time.monotonic() + PATIENCE
    while not (found := check()):
        assert time.monotonic() < until, f"not within {PATIENCE:.0f} s: {what() if callable(what) else what}"
        time.sleep(0.1)
    return found
