"""How a text file is written: its encoding, line ends and separator, known from its first bytes."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

from mangetamain.errors import BadSource
from mangetamain.language import N_, say
from mangetamain.warehouse.ingest.byte_count import BLOCK_BYTES, open_bytes
from mangetamain.warehouse.schema import Table

MOST_HEADER_BYTES = 1 << 16  # of a header; the longest official one has 107
_ENCODINGS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_SEPARATORS = {";": N_("semicolons"), "\t": N_("tabs"), "|": N_("vertical bars")}
_LINE_END = re.compile(rb"[\r\n]+")


def check_form(path: Path, file: str, table: Table) -> None:
    """Refuse a file that is written otherwise than as UTF-8 with commas, and say how it is written.

    Raises
    ------
    BadSource
        It is UTF-16, or separated by semicolons, tabs or bars, or begins with a line for Excel alone.
    """
    start = _start(path)
    if start and not start.strip(b"\0"):
        raise BadSource("{file} holds nothing but zeros, as a download cut off leaves: fetch it again", file=file)
    if encoding := _encoding(start):
        raise BadSource(
            "{file} is not UTF-8 text but {encoding}, as Excel's “Unicode text”: save it as “CSV UTF-8”",
            file=file, encoding=encoding)  # fmt: skip
    first = _LINE_END.split(start.lstrip(b"\r\n"), maxsplit=1)[0].decode(errors="replace")
    if first.lower().startswith("sep="):
        raise BadSource(
            "{file} begins with the line {line}, which is for Excel alone: remove it, and separate fields by commas",
            file=file, line=first[:20])  # fmt: skip
    for mark, name in _SEPARATORS.items():
        cells = {cell.strip(' "') for cell in first.split(mark)}
        if len(cells & set(table.header)) > 1:
            raise BadSource(
                "{file}: its fields are separated by {separator}; save it with commas", file=file, separator=say(name)
            )


def ends_in_returns(path: Path) -> bool:
    """Tell whether the first line of a file ends in a carriage return alone, as old Macs and Excel for them write."""
    end = _LINE_END.search(_start(path).lstrip(b"\r\n"))
    return bool(end) and b"\n" not in end[0]  # type: ignore[index]


def with_newlines(path: Path, copy: Path) -> Path:
    """Copy a file with every kind of line end written as a newline."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    # Every byte is one character of Latin-1: nothing but line ends changes.
    with (
        open_bytes(path) as stream,
        io.TextIOWrapper(stream, "latin-1", newline=None) as text,
        copy.open("w", encoding="latin-1", newline="\n") as out,
    ):
        shutil.copyfileobj(text, out, BLOCK_BYTES)
    return copy


def _start(path: Path) -> bytes:
    with open_bytes(path) as stream:
        return stream.read(MOST_HEADER_BYTES)


def _encoding(start: bytes) -> str | None:
    for mark, name in _ENCODINGS:
        if start.startswith(mark):
            return name
    # Latin letters in two bytes, without a mark: each second one is zero.
    letters = start[:32]
    return "UTF-16" if len(letters) > 7 and (not any(letters[::2]) or not any(letters[1::2])) else None
