"""Takes a damaged CSV file apart line by line: sound records go to a clean copy, the others are told one by one."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from mangetamain.language import N_
from mangetamain.warehouse.ingest.byte_count import BLOCK_BYTES, MOST_RECORD_BYTES, open_bytes
from mangetamain.warehouse.ingest.rejects import MOST_TEXT_LETTERS, SPARE_REJECTS, Reject, refuse_too_many
from mangetamain.warehouse.ingest.staging import Staged

_QUOTED = re.compile(rb'(?:[^"]|"")*+')  # possessive: a quote that is never closed is read once, not once a letter
_BLANK = (b"\n", b"\r\n")
# What a row without a value is made of; the last is Ctrl-Z, by which DOS ended a text.
_NOTHING = b"\r\n, \t\x00\x1a"


@dataclass
class Sifted(Staged):
    """What a damaged file held, once it was read to its end.

    Parameters
    ----------
    physical
        Lines that were read, blank ones included.
    """

    lines: array[int] = field(default_factory=lambda: array("q"))
    records: int = 0
    physical: int = 0


@dataclass
class _Record:
    """The record being read: its lines so far, and the state at their end."""

    start: int
    pieces: list[bytes] = field(default_factory=list)
    size: int = 0
    commas: int = 0
    opened: bool = False
    sound: bool = True
    stray: bool = False

    def add(self, line: bytes) -> None:
        """Read one more line of the record."""
        self.pieces.append(line)  # joined once, at the end: short lines would be copied over and over
        self.size += len(line)
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

    @property
    def text(self) -> bytes:
        """Return the whole record."""
        return b"".join(self.pieces)

    def fault(self, width: int) -> str | None:
        """Say why the finished record cannot be kept, if it cannot."""
        if self.opened:
            if self.size > MOST_RECORD_BYTES:
                return N_("a quote opened in this record is not closed within one megabyte")
            return N_("the quote opened in this record is never closed")
        # A quote within plain text is doubled in the clean copy.
        if self.size + (self.text.count(b'"') if self.stray else 0) > MOST_RECORD_BYTES:
            return N_("the record is longer than one megabyte")
        if not self.sound:
            return N_("text follows a closing quote, or a carriage return stands alone")
        if self.commas + 1 != width:
            return N_("the number of fields is not that of the header")
        try:
            self.text.decode()
        except UnicodeDecodeError:
            return N_("the text is not UTF-8")
        return None

    def is_blank(self, width: int) -> bool:
        """Tell whether a finished record of another width than the header holds no value."""
        whole = not self.opened and self.size <= MOST_RECORD_BYTES
        return whole and self.commas + 1 != width and not self.text.strip(_NOTHING)

    def clean(self) -> bytes:
        """Write the record as every reader understands it."""
        body = self.text.rstrip(b"\r\n")
        if not self.stray:
            return body + b"\n"
        out = io.StringIO()
        rows = csv.reader(io.StringIO(body.decode(), newline=""))
        csv.writer(out, lineterminator="\n").writerows(rows)
        return out.getvalue().encode()


def sift(
    path: Path, file: str, opening: bytes, width: int, copy: Path, most: tuple[int, float] | None = None
) -> Sifted:
    """Copy the sound records of a file and list the others.

    A line that begins like a record while a quote is open starts a new record: the one before lost its closing quote.
    Lines without a value hold no record. A quote in the middle of an unquoted field is text.

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
    most
        The lines of the file and the share of its records, in [0, 1], that may be rejected; without it, all.

    Raises
    ------
    BadSource
        So many records are rejected that the rest of the file cannot make up for them.
    """
    csv.field_size_limit(2 * MOST_RECORD_BYTES)
    sifted = Sifted()
    with open_bytes(path) as stream, copy.open("wb") as out:
        records = _records(stream, re.compile(opening), sifted)
        out.write(next(records).clean())  # the header, which was read and found sound
        for record in records:
            _finish(record, file, width, sifted, out, most)
    return sifted


def _records(stream: IO[bytes], begins: re.Pattern[bytes], sifted: Sifted) -> Iterator[_Record]:
    """Yield the records of a file, the header first, and count its lines."""
    record: _Record | None = None
    for line in _lines(stream):
        sifted.physical += 1
        if record and (record.size > MOST_RECORD_BYTES or begins.match(line)):
            yield record
            record = None
        if record is None and line in _BLANK:
            sifted.blank += 1
            continue
        record = record or _Record(sifted.physical)
        record.add(line)
        if not record.opened:
            yield record
            record = None
    if record:
        yield record


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield lines, each cut where it is longer than any record may be."""
    while line := stream.readline(MOST_RECORD_BYTES + 1):
        if len(line) > MOST_RECORD_BYTES:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(BLOCK_BYTES)
        yield line


def _finish(
    record: _Record, file: str, width: int, sifted: Sifted, out: IO[bytes], most: tuple[int, float] | None
) -> None:
    """Keep a record, pass over it, or tell why not."""
    if record.is_blank(width):
        sifted.blank += 1
        return
    sifted.records += 1
    reason = record.fault(width)
    if not reason:
        sifted.lines.append(record.start)
        out.write(record.clean())
        return
    # A letter of UTF-8 has up to four bytes.
    text = record.text[: 4 * MOST_TEXT_LETTERS].decode(errors="replace").rstrip("\r\n")
    sifted.rejects.append(Reject(file, record.start, None, reason, text))
    # There are no more records than lines: the share of what is rejected can only be larger than this.
    if most and len(sifted.rejects) > most[0] * most[1] + SPARE_REJECTS:
        refuse_too_many(len(sifted.rejects), sifted.records, sifted.rejects[0], most[1])
