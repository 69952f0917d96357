"""Chooses the official files among those that a source holds."""

from __future__ import annotations

from collections.abc import Iterable

from mangetamain.errors import BadSource
from mangetamain.warehouse.schema import TABLES, nearest

SUFFIXES = (".csv", ".csv.gz", ".parquet")


def pick(names: Iterable[str], where: str) -> dict[str, str]:
    """Choose the official files among file names.

    Parameters
    ----------
    names
        The names found.
    where
        Where they were found, for the message.

    Returns
    -------
    dict
        Official table to file name, in the order of the tables.

    Raises
    ------
    BadSource
        A required table has no file, or a table has several.
    """
    present = list(names)
    found: dict[str, str] = {}
    for table in TABLES.values():
        expected = [table.name + suffix for suffix in SUFFIXES]
        matches = [name for name in expected if name in present]
        if len(matches) > 1:
            raise BadSource(
                "{where} holds both {first} and {second}: keep one of them",
                where=where,
                first=matches[0],
                second=matches[1],
            )
        if matches:
            found[table.name] = matches[0]
        elif table.required:
            raise _missing(where, expected[0], present)
    return found


def _missing(where: str, file: str, present: list[str]) -> BadSource:
    """Say which file is missing and which one resembles it."""
    wanted = ", ".join(f"{table}.csv" for table in TABLES)
    data = [name for name in present if name.endswith(SUFFIXES)]
    if not data:
        return BadSource(
            "{where} has no {file} (.csv, .csv.gz or .parquet) and no other data file; the official files are {wanted}",
            where=where,
            file=file,
            wanted=wanted,
        )
    return BadSource(
        "{where} has no {file} (.csv, .csv.gz or .parquet); the nearest file there is {nearest}; the official files "
        "are {wanted}",
        where=where,
        file=file,
        nearest=nearest(file, data),
        wanted=wanted,
    )
