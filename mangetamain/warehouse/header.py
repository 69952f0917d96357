"""Holds the header of a file against the official columns."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from mangetamain.errors import BadSource
from mangetamain.warehouse.scan import open_bytes
from mangetamain.warehouse.schema import Table, nearest

LONGEST = 1 << 16


def read_header(path: Path, table: Table) -> list[str]:
    """Read and check the first line of a CSV file."""
    with open_bytes(path) as stream:
        line = stream.readline(LONGEST)
    if not line.strip():
        raise BadSource("{file} is empty", file=path.name)
    try:
        header = next(csv.reader(io.StringIO(line.decode().rstrip("\r\n"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise BadSource("{file} is not UTF-8 text with a header of column names", file=path.name) from None
    check_header(path.name, header, table)
    return header


def check_header(file: str, header: list[str], table: Table) -> None:
    """Accept the official columns in any order, each once."""
    official = table.header
    unknown = [name for name in header if name not in official]
    missing = [name for name in official if name not in header]
    expected = ", ".join(official)
    if unknown:
        raise BadSource(
            "{file}: unexpected column {name} (the nearest official one is {nearest}); expected {expected}",
            file=file,
            name=unknown[0][:80] or '""',
            nearest=nearest(unknown[0], missing or official),
            expected=expected,
        )
    if missing:
        raise BadSource(
            "{file}: column {name} is missing; expected {expected}", file=file, name=missing[0], expected=expected
        )
    if twice := [name for name in official if header.count(name) > 1]:
        raise BadSource("{file}: column {name} is there twice", file=file, name=twice[0])
