"""The log: JSON lines in a debug and an error file that all our processes share, with nothing personal in them."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
from pathlib import Path
from typing import Any, Literal, TextIO

from mangetamain.environment import environment
from mangetamain.errors import BadInput, suggestion, why
from mangetamain.language import quoted, say, speaking
from mangetamain.safe_text import redacted

Role = Literal["site", "worker", "kernel", "command"]
LEVEL, STDOUT = "MANGETAMAIN_LOG_LEVEL", "MANGETAMAIN_LOG_STDOUT"
LEVELS = {name: getattr(logging, name.upper()) for name in ("debug", "info", "warning", "error")}
DEBUG_FILE, ERROR_FILE = "debug.log", "error.log"
# A visit is a few kB: the files hold the last ten thousand or so, and the disk no more than 60 MB of them.
FILE_BYTES, OLD_FILES = 5_000_000, 5
# What libraries write of a visitor, or what would open a page: queries, a kernel's whole id.
HIDDEN = (
    (re.compile(r"(?<=[\w/])\?[^\s\"')>]+"), "?..."),
    (re.compile(r"\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.I), r"\1"),
)
ADDRESS = re.compile(r"(?<![\w.])(?=[0-9a-f]*[:.])[0-9a-f:]+(?:\.\d+)*", re.I)


def level() -> int:
    """Return the least level that is written: info in production, debug elsewhere, or what the variable names.

    Raise `BadInput` when it names none.
    """
    named = os.environ.get(LEVEL, "").strip().lower()
    if named and named not in LEVELS:
        raise BadInput(
            "{name} cannot be {value}: expected {expected}{hint}",
            name=LEVEL, value=quoted(os.environ[LEVEL]), expected=say("one of {values}", values=", ".join(LEVELS)),
            hint=suggestion(named, LEVELS),
        )  # fmt: skip
    return int(LEVELS[named or ("info" if environment() == "PROD" else "debug")])


def start(role: Role, folder: Path) -> Log:
    """Log this process: a kernel only what our package says, a process of our own what its libraries warn of, too.

    The folder is made when the first line is written, and where it cannot be, nothing breaks. Starting again with the
    same words changes nothing. Raise `BadInput` for a level that is none.
    """
    own, root = logging.getLogger("mangetamain"), logging.getLogger()
    least = level()
    known = next((handler for logger in (own, root) for handler in logger.handlers if isinstance(handler, Log)), None)
    if known and (known.role, known.folder, known.level) == (role, folder, least):
        return known
    for logger in (own, root):
        logger.handlers[:] = [handler for handler in logger.handlers if handler is not known]
    if known:
        known.close()
    own.setLevel(least)
    wanted = Log(role, folder, least)
    (own if role == "kernel" else root).addHandler(wanted)
    return wanted


class Log(logging.Handler):
    """Writes to the shared files, and in a site's container to its standard output; opened by the first record."""

    def __init__(self, role: Role, folder: Path, level: int) -> None:
        super().__init__(level)
        self.role, self.folder = role, folder
        self.targets: list[logging.Handler] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; the first one pays for the libraries that write it."""
        if self.targets is None:
            self.targets = []  # whatever importing them has to say is not written by them
            self.targets = opened(self.role, self.folder)
        with speaking("en"):  # what operators search in does not follow the language of who typed a command
            for target in self.targets:
                if record.levelno >= target.level:
                    target.handle(record)

    def close(self) -> None:
        """Close the files."""
        for target in self.targets or []:
            with contextlib.suppress(OSError):  # a full disk
                target.close()
        super().close()


class Stream(logging.StreamHandler[TextIO]):
    """Standard output."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing: who stopped listening to the log is not told so in a page."""


def trouble(folder: Path) -> str:
    """Say why the log cannot be written into a folder, or nothing where it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return why(error).lower()
    return "" if os.access(folder, os.W_OK | os.X_OK) else "permission denied"


def opened(role: Role, folder: Path) -> list[logging.Handler]:
    """Open what can be written: the two files, and standard output where it is asked for."""
    targets: list[logging.Handler] = []
    with contextlib.suppress(OSError):
        targets += _stdout(role)
    with contextlib.suppress(OSError):
        targets += _files(folder)
    line = _line(role)
    for target in targets:
        target.setFormatter(line)
    return targets


def _files(folder: Path) -> list[logging.Handler]:
    from concurrent_log_handler import ConcurrentRotatingFileHandler

    class File(ConcurrentRotatingFileHandler):
        def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
            """Say nothing: a full disk must not fill a page or a terminal with tracebacks."""

    folder.mkdir(parents=True, exist_ok=True)
    if any((folder / name).is_fifo() for name in (DEBUG_FILE, ERROR_FILE)):
        return []  # writing would wait for a reader
    debug, error = (
        File(str(folder / name), maxBytes=FILE_BYTES, backupCount=OLD_FILES) for name in (DEBUG_FILE, ERROR_FILE)
    )
    error.setLevel(logging.ERROR)
    return [debug, error]


def _stdout(role: Role) -> list[logging.Handler]:
    """Open a site's standard output; its kernels and workers use it, too, for theirs may belong to somebody else."""
    asked = os.environ.get(STDOUT, "").strip()
    if role == "site" and asked:
        os.environ[STDOUT] = f"/proc/{os.getpid()}/fd/1"
        return [Stream(sys.stdout)]
    if role in ("kernel", "worker") and asked.startswith("/proc/"):
        return [Stream(Path(asked).open("a", encoding="utf-8"))]
    return []


def _line(role: Role) -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    class Line(JsonFormatter):
        def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
            return {name: all_hidden(value) for name, value in log_data.items()}

    about = {"environment": environment(), "process": role, "pid": os.getpid()}
    names = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
    return Line("%(levelname)s %(name)s %(message)s", rename_fields=names, timestamp="time", static_fields=about)


def all_hidden(value: Any) -> Any:  # noqa: ANN401 - whatever a line of the log holds
    """Hide what is personal or secret in a value and in all that it holds."""
    if isinstance(value, dict):
        return {name: all_hidden(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [all_hidden(item) for item in value]
    return hidden(value) if isinstance(value, str) else value


def hidden(text: str) -> str:
    """Hide in a text what is personal: queries, secrets, addresses of the net; a kernel's id keeps its beginning."""
    text = redacted(text)
    for pattern, instead in HIDDEN:
        text = pattern.sub(instead, text)
    return ADDRESS.sub(lambda found: "..." if _is_address(found[0]) else found[0], text)


def _is_address(text: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return True
