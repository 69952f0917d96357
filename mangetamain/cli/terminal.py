"""What a command writes to: a terminal of any encoding, a pipe, a file; and a warehouse's status as text for it."""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
import unicodedata
from typing import TYPE_CHECKING

from mangetamain.errors import BadInput
from mangetamain.language import N_, Number, quoted, say, spoken
from mangetamain.safe_text import shown
from mangetamain.warehouse import Status
from mangetamain.warehouse.info import SYNTHETIC

if TYPE_CHECKING:
    from rich.table import Table

READINGS = N_("Read otherwise than written")
LEFT = ("rule", "threshold", "column", "found", "read as")  # columns of words
UNHEARD = 141  # as a shell reports a command whose reader went away: 128 and the number of SIGPIPE
# What other encodings lack of our typography; letters lose their accents.
PLAIN = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-",
                       "×": "x", "·": "-", "±": "+-"})  # fmt: skip


def take_any_encoding() -> None:
    """Have texts degrade, rather than fail, on a terminal whose encoding lacks a character."""
    codecs.register_error("mangetamain", degraded)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="mangetamain")


def degraded(error: UnicodeError) -> tuple[str, int]:
    """Write the nearest characters that ASCII has, and a question mark where there are none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = unicodedata.normalize("NFKD", error.object[error.start : error.end].translate(PLAIN))
    bare = "".join(char for char in text if not unicodedata.combining(char))
    return "".join(char if char.isascii() else "?" for char in bare), error.end


def flush() -> None:
    """Write what is still to be written; raise where that cannot be, and then forget it."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # or the interpreter would try again, and complain
        os.close(nowhere)
        raise


def unheard() -> bool:
    """Say whether who read standard output has gone."""
    poll = select.poll()
    poll.register(1, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def refused(error: Exception) -> BadInput | None:
    """Make a sentence of what the system refuses: a folder that is a file, no right to write, a full disk."""
    if isinstance(error, UnicodeEncodeError):  # bytes of an argument or a folder's name that are no text
        return BadInput(N_("{value} is no text of UTF-8, and cannot be used."), value=quoted(error.object))
    if not isinstance(error, OSError) or not error.strerror:
        return None
    if error.filename is None:
        return BadInput(N_("The system refuses what the command needs: {reason}."), reason=error.strerror)
    return BadInput(N_("{file} cannot be used: {reason}."), file=str(error.filename), reason=error.strerror)


def status_text(status: Status) -> str:
    """Write source, accounting, tables and cleaning audit as aligned tables, in the language that is spoken."""
    from rich.console import Console

    console = Console(file=(out := io.StringIO()), width=120, highlight=False, markup=False, emoji=False)
    for label, text in _facts(status):
        console.print(f"{say(label)!s:<13}{text}")
    for reject in status.first_rejects:
        place = reject.column_name or say("the whole record")
        text = N_("{file} line {line}, {place}: {reason}")
        console.print(f"  {say(text, file=reject.file, line=str(reject.line), place=place, reason=reject.reason)}")
    for title, columns, rows in _tables(status):
        if rows or title != READINGS:
            console.print(_table(title, columns, rows))
    return out.getvalue().rstrip()


def _facts(status: Status) -> list[tuple[str, object]]:
    info = status.info
    note = f"  ({say(SYNTHETIC)})" if info.synthetic else ""
    built = say("{time} UTC in {seconds} s", time=f"{info.built_at:%Y-%m-%d %H:%M}", seconds=Number(info.seconds, 1))
    return [
        (N_("source"), f"{shown(info.source)}{note}"),
        (N_("fingerprint"), info.fingerprint),
        (N_("built"), built),
        # Translators: heads the line of the versions that built a warehouse
        (N_("with"), f"mangetamain {info.package_version}, duckdb {info.duckdb_version}"),
        (N_("rejects"), Number(status.rejects).render(spoken())),
    ]


def _tables(status: Status) -> list[tuple[str, tuple[str, ...], list[tuple[str | int, ...]]]]:
    """Return title, heads and rows of each table."""
    return [
        (N_("Files"), (N_("table"), N_("records"), N_("loaded"), N_("rejected")),
         [(f"{each.tbl} ({each.file})", each.records, each.loaded, each.rejected) for each in status.info.row_counts]),
        (READINGS, (N_("file"), N_("column"), N_("found"), N_("read as"), N_("records")),
         [(each.file, each.column_name or "", each.found, each.read_as, each.records) for each in status.readings]),
        # Translators: records that a cleaning rule left
        (N_("Cleaning"), (N_("table"), N_("rule"), N_("threshold"), N_("removed"), N_("left")),
         [(each.tbl, each.rule, each.threshold, each.removed, each.remaining) for each in status.cleaning]),
        (N_("Tables"), (N_("table"), N_("rows")), list(status.tables.items())),
    ]  # fmt: skip


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[str | int, ...]]) -> Table:
    from rich import box
    from rich.table import Table

    made = Table(title=str(say(title)), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for i, column in enumerate(columns):
        made.add_column(str(say(column)), justify="left" if i < 1 or column in LEFT else "right")
    for row in rows:
        made.add_row(*(Number(cell).render(spoken()) if isinstance(cell, int) else shown(cell) for cell in row))
    return made
