"""How a command is told to end: Ctrl-C and SIGTERM unwind it, and what does not unwind is ended all the same.

A signal raises `KeyboardInterrupt` in the main thread, so that every ``finally`` removes what it made. Libraries may
swallow that (DuckDB turns it into an error of its own), so it is noted as well: whoever is about to do what cannot be
undone asks first, and a clock ends the process if it is still there some seconds later.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# From the signal to the end that is no longer asked for; an orderly one takes less than one of them.
END_SECONDS = 5.0

came: list[int] = []  # the signals so far
last_words = "mangetamain: stopped."  # the command line, which knows its user's language, may say it otherwise
_in_peace = 0
_instead: list[Callable[[], object]] = []
_leftovers: list[Callable[[], object]] = []


class Ended(SystemExit):
    """The end of a command that has said itself how a signal ended it."""


def listen() -> None:
    """Take Ctrl-C, SIGTERM and the end of the terminal as a wish to end; what a shell has ignored stays ignored."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, take)


def take(number: int, _frame: object) -> None:
    """Take a signal: note it, start the clock, and unwind what runs."""
    came.append(number)
    if len(came) > 1:
        return  # who is impatient finds it stopping
    threading.Thread(target=_end_anyway, daemon=True).start()
    if _instead:
        _instead[-1]()
    elif not _in_peace:
        raise KeyboardInterrupt


def raise_if_stopped() -> None:
    """Raise `KeyboardInterrupt` where a signal came, though a library may have swallowed the first one."""
    if came:
        raise KeyboardInterrupt


@contextmanager
def in_peace() -> Iterator[None]:
    """Note a signal that comes within and raise nothing: what has begun is finished, however long it takes."""
    global _in_peace
    _in_peace += 1
    try:
        yield
    finally:
        _in_peace -= 1


@contextmanager
def instead(action: Callable[[], object]) -> Iterator[None]:
    """Have the first signal that comes within do something in place of raising, as to stop an event loop."""
    _instead.append(action)
    try:
        if came:
            action()
        yield
    finally:
        _instead.pop()


@contextmanager
def removing(leftover: Callable[[], object]) -> Iterator[None]:
    """Have something removed by the clock, too, where the block's own ``finally`` is never reached."""
    _leftovers.append(leftover)
    try:
        yield
    finally:
        _leftovers.remove(leftover)


def code() -> int:
    """Return the exit code of a command that a signal ended: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + came[0]


def end_children() -> None:
    """End every process that this one started, and theirs."""
    import psutil

    family = psutil.Process().children(recursive=True)
    for child in family:
        with contextlib.suppress(psutil.Error):  # it ended by itself
            child.kill()
    psutil.wait_procs(family, timeout=1)


def _end_anyway() -> None:
    """End the process when it does not end by itself."""
    until = time.monotonic() + END_SECONDS
    while time.monotonic() < until:
        time.sleep(0.1)
        if _in_peace:  # what is being finished has all the time it needs
            until = time.monotonic() + END_SECONDS
    with contextlib.suppress(Exception):
        end_children()
    for remove in reversed(_leftovers):
        with contextlib.suppress(Exception):
            remove()
    with contextlib.suppress(OSError):
        os.write(2, f"{last_words}\n".encode())
    os._exit(code())  # `sys.exit` would end this thread alone


def leave(*, said: bool = False) -> None:
    """End a command that was told to, with the children it still has, in one sentence unless it has said one itself."""
    end_children()
    if not said:
        with contextlib.suppress(OSError, ValueError):  # the terminal is gone
            print(last_words, file=sys.stderr, flush=True)  # noqa: T201
    sys.exit(code())
