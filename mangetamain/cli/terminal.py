"""What a command writes to: a terminal of any encoding, a pipe, a file; and a warehouse's status as text for it."""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
import unicodedata

from mangetamain.errors import BadInput
from mangetamain.language import N_
from mangetamain.plain import shown
from mangetamain.warehouse import Status

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
        return BadInput(N_("{value} is no text of UTF-8, and cannot be used."), value=repr(error.object))
    if not isinstance(error, OSError) or not error.strerror:
        return None
    if error.filename is None:
        return BadInput(N_("The system refuses what the command needs: {reason}."), reason=error.strerror)
    return BadInput(N_("{file} cannot be used: {reason}."), file=str(error.filename), reason=error.strerror)


def status_text(status: Status) -> str:
    """Write source, accounting, tables and cleaning audit as aligned tables."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    info = status.info
    console = Console(file=(out := io.StringIO()), width=120, highlight=False, markup=False, emoji=False)
    note = "  (synthetic sample data, not real recipes)" if info.synthetic else ""
    console.print(f"source       {shown(info.source)}{note}")
    console.print(f"fingerprint  {info.fingerprint}")
    console.print(f"built        {info.built_at:%Y-%m-%d %H:%M} UTC in {info.seconds:.1f} s")
    console.print(f"with         mangetamain {info.package_version}, duckdb {info.duckdb_version}")
    console.print(f"rejects      {status.rejects:,}")
    for reject in status.first_rejects:
        console.print(
            f"  {shown(reject.file)} line {reject.line}, {shown(reject.column_name or 'the whole record')}: "
            f"{shown(reject.reason)}"
        )

    def table(title: str, *columns: str) -> Table:
        made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        for i, column in enumerate(columns):
            made.add_column(column, justify="left" if i < 1 or column in LEFT else "right")
        return made

    files = table("Files", "table", "records", "loaded", "rejected")
    for count in info.row_counts:
        numbers = (f"{n:,}" for n in (count.records, count.loaded, count.rejected))
        files.add_row(f"{count.tbl} ({shown(count.file)})", *numbers)
    read = table("Read otherwise than written", "file", "column", "found", "read as", "records")
    for each in status.readings:
        row = (each.file, each.column_name or "", each.found, each.read_as)
        read.add_row(*map(shown, row), f"{each.records:,}")
    rules = table("Cleaning", "table", "rule", "threshold", "removed", "left")
    for step in status.cleaning:
        rules.add_row(step.tbl, step.rule, step.threshold, f"{step.removed:,}", f"{step.remaining:,}")
    tables = table("Tables", "table", "rows")
    for name, rows in status.tables.items():
        tables.add_row(name, f"{rows:,}")
    for made in (files, *([read] if status.readings else ()), rules, tables):
        console.print(made)
    return out.getvalue().rstrip()
