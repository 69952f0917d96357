"""Commands run in this process: what they write and how they end, without a second of starting for each sentence.

What only a process of its own has - signals, closed pipes, a kill, the whole way from `python -m` - is tested with one.
"""

from __future__ import annotations

import contextlib
import io
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from mangetamain import language, logs
from mangetamain.cli.app import main
from tests.conftest import ROOT
from tests.waiting import PATIENCE

# A process that ends in its own way however slow the machine is: the clock that ends what hangs is tested by itself.
PATIENT = [
    sys.executable,
    "-c",
    f"from mangetamain import stopping; stopping.END_SECONDS += {PATIENCE}\n"
    "from mangetamain.cli.entry import main; main()",
]


def told_to_end(words: list[str], **popen: Any) -> subprocess.Popen[str]:
    """Start a process that is to be told by signals, or killed, and has pipes to both its streams.

    It is not measured: an exception that a signal raises inside coverage's tracer leaves its lock locked for ever.
    And it hears all signals: a shell's background jobs ignore Ctrl-C, nohup's ignore SIGHUP, as would their children.
    """
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(words, **{**pipes, "preexec_fn": _hear, **popen})


def _hear() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def command(*words: object, home: Path | str, **variables: str) -> CompletedProcess[str]:
    """Run a command line as its entry point does; return its exit code and both its streams."""
    given = [str(word) for word in words]
    with pytest.MonkeyPatch.context() as patch, own_log():
        for name, value in {"MANGETAMAIN_DATA": str(home), "NO_COLOR": "1", **variables}.items():
            patch.setenv(name, value)
        patch.chdir(ROOT)
        patch.setattr(sys, "argv", ["mangetamain", *given])
        # Of a module that is run as one, as pytest is, the program is named after it.
        patch.setattr(sys.modules["__main__"], "__package__", None)
        patch.setattr(sys, "stdin", io.StringIO())
        out, told = Stream(), Stream()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
            ended = exit_code()
    language.speak("en")  # as the tests read it, whatever the command spoke
    return CompletedProcess(given, ended, out.said(), told.said())


def exit_code() -> int:
    """Run the command line and return the exit code that its process would have."""
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


class Stream(io.TextIOWrapper):
    """A pipe's end: text of UTF-8, and no terminal."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def said(self) -> str:
        """Return all that was written."""
        self.flush()
        written: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return written.decode("utf-8")


@contextlib.contextmanager
def own_log() -> Iterator[None]:
    """Take down the log that a command puts up, and leave the loggers as they were."""
    loggers = [logging.getLogger(), logging.getLogger("mangetamain")]
    levels = [logger.level for logger in loggers]
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            for handler in [each for each in logger.handlers if isinstance(each, logs.Log)]:
                logger.removeHandler(handler)
                handler.close()
            logger.setLevel(level)
