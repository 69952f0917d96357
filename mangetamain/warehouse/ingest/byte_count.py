"""Counts the records of a CSV file from its bytes, by a route that shares nothing with DuckDB's parser."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from mangetamain.errors import BadSource
from mangetamain.language import N_

BOM = b"\xef\xbb\xbf"
BLOCK_BYTES = 1 << 20  # fits the processor's cache: twice as fast as 16 MB
MOST_RECORD_BYTES = 1 << 20  # half of what DuckDB refuses to read as a line, 2 MB, so that its own limit is never met
MOST_LINES = 10_000_000  # or rows: official files have up to 1.1 million, and the place of each is held in memory
TOO_MANY = N_("{file} has more than {most} lines or rows; the largest official file has 1,132,367 records")
QUOTE, COMMA, NEWLINE, RETURN = 34, 44, 10, 13


@dataclass
class Scan:
    """What the bytes of a CSV file say of its records.

    Parameters
    ----------
    lines
        The line on which each record starts, the header first.
    physical
        Lines in the file.
    sound
        Whether every quote stands where the format allows it, no record looks swallowed by another, no line is blank
        and lines end in one way: only then are records what any reader takes them for.
    """

    lines: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    physical: int = 0
    sound: bool = True

    @property
    def records(self) -> int:
        """Return the number of data records, the header left out."""
        return max(len(self.lines) - 1, 0)


def open_bytes(path: Path) -> IO[bytes]:
    """Open a CSV file, compressed or not, past its byte order mark."""
    stream = cast("IO[bytes]", gzip.GzipFile(path)) if path.suffix == ".gz" else path.open("rb")
    if stream.read(len(BOM)) != BOM:
        stream.seek(0)
    return stream


def scan(path: Path, opening: bytes) -> Scan:
    """Count the records of a file and find where each begins.

    A newline outside quotes ends a record. Counting quotes is exact as long as each one opens or closes a field or is
    doubled inside one; where it is not, or a quoted text holds a line that begins like a record, the file is not sound.

    Parameters
    ----------
    path
        A CSV file, possibly gzipped.
    opening
        A regular expression of how records begin.
    """
    counted, ends, inside, rest = Scan(), [np.zeros(1, np.int64)], False, b""
    begins = re.compile(opening)
    with open_bytes(path) as stream:
        while counted.sound and (chunk := stream.read(BLOCK_BYTES)):
            cut = chunk.rfind(b"\n") + 1
            block, rest = (rest + chunk[:cut], chunk[cut:]) if cut else (b"", rest + chunk)
            if block:
                inside = _add_block(counted, ends, block, inside, begins)
            counted.sound = counted.sound and len(rest) <= MOST_RECORD_BYTES
            _refuse_too_many(path, counted)
        if not counted.sound:
            _count_rest(path, counted, stream, rest)
            return counted
    if rest:
        inside = _add_block(counted, ends, rest + b"\n", inside, begins)
    counted.lines = np.concatenate(ends)[:-1] + 1
    counted.sound = counted.sound and not inside
    return counted


def _count_rest(path: Path, counted: Scan, stream: IO[bytes], rest: bytes) -> None:
    """Count the lines that are left of a file known to be damaged; `rest` is the line begun."""
    last = rest[-1:]
    while chunk := stream.read(BLOCK_BYTES):
        counted.physical += chunk.count(b"\n")
        last = chunk[-1:]
        _refuse_too_many(path, counted)
    counted.physical += last not in (b"", b"\n")


def _refuse_too_many(path: Path, counted: Scan) -> None:
    """Refuse a file of more lines than there can be."""
    if counted.physical > MOST_LINES:
        raise BadSource(TOO_MANY, file=path.name, most=MOST_LINES)


def _add_block(
    counted: Scan, ends: list[NDArray[np.int64]], block: bytes, inside: bool, begins: re.Pattern[bytes]
) -> bool:
    """Add whole lines to a scan; return whether a quote is open after them."""
    data = np.frombuffer(block, np.uint8)
    quotes, newlines = np.flatnonzero(data == QUOTE), np.flatnonzero(data == NEWLINE)
    quoted = ((np.searchsorted(quotes, newlines) + inside) & 1).astype(bool)
    last = np.flatnonzero(~quoted)
    counted.sound = (
        counted.sound
        and _quotes_fit(data, quotes, inside)
        and _returns_fit(data, quotes, inside)
        and not _blank(data, newlines[last], inside)
        and not (inside and begins.match(block))
        and not any(begins.match(block, int(at) + 1) for at in newlines[quoted])
    )
    ends.append(counted.physical + last.astype(np.int64) + 1)
    counted.physical += len(newlines)
    return bool((len(quotes) + inside) & 1)


def _quotes_fit(data: NDArray[np.uint8], quotes: NDArray[np.int64], inside: bool) -> bool:
    opening, closing = quotes[int(inside) :: 2], quotes[1 - int(inside) :: 2]
    before, after = data[np.maximum(opening - 1, 0)], data[closing + 1]
    at_field = (before == COMMA) | (before == NEWLINE) | (before == QUOTE) | (opening == 0)
    at_end = (after == COMMA) | (after == NEWLINE) | (after == QUOTE) | (after == RETURN)
    return bool(at_field.all() and at_end.all())


def _returns_fit(data: NDArray[np.uint8], quotes: NDArray[np.int64], inside: bool) -> bool:
    """Accept carriage returns before a newline, and alone only inside quotes."""
    returns = np.flatnonzero(data == RETURN)
    alone = returns[data[returns + 1] != NEWLINE]
    return bool(((np.searchsorted(quotes, alone) + inside) & 1).all())


def _blank(data: NDArray[np.uint8], ends: NDArray[np.int64], inside: bool) -> bool:
    """Find an empty line between records."""
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    length = ends - starts - (data[np.maximum(ends - 1, 0)] == RETURN)
    return bool((length[int(inside) :] <= 0).any())
