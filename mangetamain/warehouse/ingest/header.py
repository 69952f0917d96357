"""Holds the header of a file against the official columns."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from mangetamain.errors import BadSource
from mangetamain.warehouse.ingest.byte_count import open_bytes
from mangetamain.warehouse.ingest.dialect import MOST_HEADER_BYTES
from mangetamain.warehouse.schema import Table, nearest

# How pandas and Arrow name the numbers of rows that they write along.
_INDEX = re.compile(r"Unnamed: [0-9]+(?:\.[0-9]+)*|__index_level_[0-9]+__")
_LETTERS_SHOWN = 80  # characters of a name


def read_header(path: Path, file: str, table: Table) -> list[str]:
    """Read and check the first line of a CSV file."""
    with open_bytes(path) as stream:
        line = stream.readline(MOST_HEADER_BYTES)
        while line and not line.strip() and stream.tell() < MOST_HEADER_BYTES:
            line = stream.readline(MOST_HEADER_BYTES)
    if not line.strip():
        raise BadSource("{file} is empty", file=file)
    try:
        header = next(csv.reader(io.StringIO(line.decode().rstrip("\r\n"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise BadSource("{file} is not UTF-8 text with a header of column names", file=file) from None
    check_header(file, header, table)
    return header


def is_index(header: list[str], place: int) -> bool:
    """Tell whether a column is an index that a table was saved with; pandas gives the first one no name in CSV."""
    return bool(_INDEX.fullmatch(header[place])) or (place == 0 and not header[0])


def check_header(file: str, header: list[str], table: Table) -> None:
    """Accept the official columns in any order, each once, and index columns beside them."""
    official = table.header
    unknown = [name for place, name in enumerate(header) if name not in official and not is_index(header, place)]
    missing = [name for name in official if name not in header]
    expected = ", ".join(official)
    if unknown and not any(unknown) and not missing:
        raise BadSource(
            "{file}: its header has a column without a name, number {place} of {columns}: remove it, and the comma "
            "before it, from every line",
            file=file, place=header.index("", 1) + 1, columns=len(header))  # fmt: skip
    if unknown:
        name = unknown[0][:_LETTERS_SHOWN]
        raise BadSource(
            "{file}: unexpected column {name} (the nearest official one is {nearest}); expected {expected}",
            file=file,
            name=" ".join(name.split()) or '""',
            nearest=nearest(name, missing or official),
            expected=expected,
        )
    if missing:
        raise BadSource(
            "{file}: column {name} is missing; expected {expected}", file=file, name=missing[0], expected=expected
        )
    if twice := [name for name in official if header.count(name) > 1]:
        raise BadSource("{file}: column {name} is there twice", file=file, name=twice[0])
