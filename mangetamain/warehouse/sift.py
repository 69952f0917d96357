"""Takes a damaged CSV file apart line by line: sound records go to a clean copy, the others are told one by one."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from mangetamain.language import N_
from mangetamain.warehouse.rejects import Reject
from mangetamain.warehouse.scan import LONGEST, open_bytes

_QUOTED = re.compile(rb'(?:[^"]|"")*+')


@dataclass
class Sifted:
    """What a damaged file held.

    Parameters
    ----------
    lines
        The line on which each kept record starts.
    rejects
        The records that were not kept.
    physical
        Lines that were read, blank ones included.
    """

    lines: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    physical: int = 0


@dataclass
class _Record:
    """The record being read: its lines so far, and the state at their end."""

    start: int
    text: bytes = b""
    commas: int = 0
    opened: bool = False
    sound: bool = True
    stray: bool = False

    def add(self, line: bytes) -> None:
        """Read one more line of the record."""
        self.text += line
        end = len(line.rstrip(b"\r\n"))
        at = 0
        while self.sound:
            if self.opened or line[at : at + 1] == b'"':
                at = _QUOTED.match(line, at if self.opened else at + 1).end() + 1  # type: ignore[union-attr]
                self.opened = at > len(line)
                self.sound = self.opened or at >= end or line[at : at + 1] == b","
            else:
                comma = line.find(b",", at, end)
                field_end = comma if comma >= 0 else end
                self.stray = self.stray or b'"' in line[at:field_end]
                self.sound = b"\r" not in line[at:field_end]
                at = field_end
            if self.opened or not self.sound or at >= end:
                return
            at += 1
            self.commas += 1

    def fault(self, width: int) -> str | None:
        """Say why the finished record cannot be kept, if it cannot."""
        if self.opened:
            return N_("the quote opened in this record is never closed")
        if not self.sound:
            return N_("text follows a closing quote, or a carriage return stands alone")
        if self.commas + 1 != width:
            return N_("the number of fields is not that of the header")
        if len(self.text) > LONGEST:
            return N_("the record is longer than one megabyte")
        try:
            self.text.decode()
        except UnicodeDecodeError:
            return N_("the text is not UTF-8")
        return None

    def clean(self) -> bytes:
        """Write the record as every reader understands it."""
        body = self.text.rstrip(b"\r\n")
        if not self.stray:
            return body + b"\n"
        out = io.StringIO()
        rows = csv.reader(io.StringIO(body.decode(), newline=""))
        csv.writer(out, lineterminator="\n").writerows(rows)
        return out.getvalue().encode()


def sift(path: Path, file: str, opening: bytes, width: int, copy: Path) -> Sifted:
    """Copy the sound records of a file and list the others.

    A line that begins like a record while a quote is open starts a new record: the one before lost its closing quote.
    Blank lines hold no record. A quote in the middle of an unquoted field is text.

    Parameters
    ----------
    path
        The damaged CSV file.
    file
        Its name, for people.
    opening
        A regular expression of how records begin.
    width
        Fields in a record.
    copy
        The clean file to write, with its header.
    """
    csv.field_size_limit(2 * LONGEST)
    found, begins = Sifted(), re.compile(opening)
    with open_bytes(path) as stream, copy.open("wb") as out:
        record: _Record | None = None
        header = True
        for line in stream:
            found.physical += 1
            if record and (begins.match(line) or len(record.text) > LONGEST):
                _finish(record, file, width, found, out)
                record = None
            if record is None:
                if not line.strip(b"\r\n"):
                    continue
                record = _Record(found.physical)
            record.add(line)
            if not record.opened:
                if header:
                    out.write(record.clean())
                else:
                    _finish(record, file, width, found, out)
                header, record = False, None
        if record:
            _finish(record, file, width, found, out)
    return found


def _finish(record: _Record, file: str, width: int, found: Sifted, out: IO[bytes]) -> None:
    """Keep a record, or tell why not."""
    reason = record.fault(width)
    if reason:
        text = record.text.decode(errors="replace").rstrip("\r\n")
        found.rejects.append(Reject(file, record.start, None, reason, text))
    else:
        found.lines.append(record.start)
        out.write(record.clean())
