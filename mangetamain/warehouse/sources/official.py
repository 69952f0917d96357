"""Chooses the official files among the entries of a source, by one rule for folders, zips and buckets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from mangetamain.errors import BadSource
from mangetamain.language import N_, Listing, say
from mangetamain.warehouse.schema import TABLES, nearest

# As people have them: RAW_recipes.csv, .CSV, .csv.txt, .csv.gz, .csv.zip, .parquet. Its bytes say what a file is.
_FORMATS = "csv|txt|gz|gzip|zip|parquet|pq|bz2|xz|zst|7z|rar|tar|xlsx?|jsonl?|feather|orc"
_FILE = re.compile(rf"({'|'.join(TABLES)})((?:\.(?:{_FORMATS}))*)", re.IGNORECASE)
# A table in parts, as Spark, Dask and DuckDB write it, or a file that unpacking put into a folder of its name.
_PARTS = re.compile(rf"({'|'.join(TABLES)})\.(?:csv|parquet)", re.IGNORECASE)
_TABLES = {name.lower(): name for name in TABLES}
_DATA = re.compile(rf".*\.(?:{_FORMATS}|tsv|tgz|rds|pkl|arrow|avro|db)", re.IGNORECASE)
MOST_ENTRIES = 100_000  # that are looked at: a bucket may hold millions
PATHS_SHOWN = 4  # paths in a sentence
OTHER_SET = N_(
    "{where} holds the other Food.com set on Kaggle, “Food.com - Recipes and Reviews” (recipes.csv, reviews.csv); "
    "wanted is “Food.com Recipes and Interactions”, with RAW_recipes.csv and RAW_interactions.csv"
)


@dataclass(frozen=True)
class Entry:
    """Something that a source holds.

    Parameters
    ----------
    path
        Its place in the source, with slashes.
    regular
        Whether it is a file that can be read from its beginning to its end: no pipe, socket or device.
    """

    path: str
    regular: bool = True

    @property
    def parts(self) -> list[str]:
        """Return the folders that lead to it, and its name; Windows' backslashes separate, too."""
        return [part for part in self.path.replace("\\", "/").split("/") if part not in ("", ".")]

    @property
    def hidden(self) -> bool:
        """Whether it is a system's or a writer's own: ``.crc``, ``_SUCCESS``, ``__MACOSX``."""
        return any(part.startswith((".", "_")) for part in self.parts)


@dataclass(frozen=True)
class _Place:
    """Where a table's file, or the folder of its parts, lies."""

    table: str
    folder: str
    path: str


def choose(entries: Iterable[Entry], where: str) -> dict[str, list[Entry]]:
    """Choose the official files among the entries of a source.

    Parameters
    ----------
    entries
        All that it holds.
    where
        The source, for the message.

    Returns
    -------
    dict
        Official table to its file or, in order, its parts; the tables in their own order.

    Raises
    ------
    BadSource
        A required table has no file, a table has several, or they lie in different folders: then nothing says that
        they belong together.
    """
    found: dict[_Place, list[Entry]] = defaultdict(list)
    names: list[str] = []
    for number, entry in enumerate(entries):
        if number >= MOST_ENTRIES:
            raise BadSource("{where} holds more than {most} files; give the folder of the official ones alone",
                            where=where, most=MOST_ENTRIES)  # fmt: skip
        if not entry.hidden:
            names.append("/".join(entry.parts))
            if place := _place(entry):
                found[place].append(entry)
    _refuse_doubt(found, where)
    files = {place.table: sorted(found[place], key=lambda entry: entry.path) for place in found}
    for table in TABLES.values():
        if table.required and table.name not in files:
            raise _missing(where, f"{table.name}.csv", names)
    _refuse_special(files, where)
    return {name: files[name] for name in TABLES if name in files}


def _place(entry: Entry) -> _Place | None:
    """Say which table's file, or part, an entry is."""
    *folders, name = entry.parts
    for depth, folder in enumerate(folders):
        if found := _PARTS.fullmatch(folder):
            return _Place(_TABLES[found[1].lower()], "/".join(folders[:depth]), "/".join(folders[: depth + 1]))
    if found := _FILE.fullmatch(name):
        return _Place(_TABLES[found[1].lower()], "/".join(folders), "/".join(entry.parts))
    return None


def _refuse_doubt(found: Iterable[_Place], where: str) -> None:
    places = sorted(found, key=lambda place: place.path)
    for table in TABLES:
        if len(copies := [place.path for place in places if place.table == table]) > 1:
            raise BadSource("{where} holds {table} {count} times: {paths}; keep one of them",
                            where=where, table=table, count=len(copies), paths=_listed(copies))  # fmt: skip
    if len({place.folder for place in places}) > 1:
        raise BadSource(
            "{where} holds official files in different folders, and nothing says that they belong together: {paths}; "
            "put those that do into one folder",
            where=where, paths=_listed([place.path for place in places]))  # fmt: skip


def _refuse_special(files: dict[str, list[Entry]], where: str) -> None:
    for entry in (entry for parts in files.values() for entry in parts):
        if key := next((part for part in entry.parts[:-1] if "=" in part and not _FILE.fullmatch(part)), None):
            raise BadSource("{where}: {file} is partitioned by {column}, which is in the names of its folders alone; "
                            "write it without partitions",
                            where=where, file=entry.path, column=key.partition("=")[0])  # fmt: skip
        if not entry.regular:
            raise BadSource("{where}: {file} is a pipe, a socket or a device, or leads nowhere; a file is expected",
                            where=where, file=entry.path)  # fmt: skip


def _listed(paths: list[str]) -> Listing:
    more = (say("{n} more", n=len(paths) - PATHS_SHOWN),) if len(paths) > PATHS_SHOWN else ()
    return Listing((*paths[:PATHS_SHOWN], *more))


def _missing(where: str, file: str, present: list[str]) -> BadSource:
    """Say which file is missing and which one resembles it."""
    lower = {name.rpartition("/")[2].lower().partition(".")[0] for name in present}
    if {"recipes", "reviews"} <= lower:
        return BadSource(OTHER_SET, where=where)
    data = [name for name in present if _DATA.fullmatch(name)]
    near = say(" and no other data file")
    if archives := [name for name in data if name.lower().endswith(".zip")]:
        near = say("; if they are in {zip}, give that file itself", zip=archives[0])
    elif data:
        by_name = {path.rpartition("/")[2]: path for path in reversed(data)}
        near = say("; the nearest file there is {nearest}", nearest=by_name[nearest(file, by_name)])
    return BadSource(
        "{where} has no {file} (.csv, .csv.gz or .parquet){near}; the official files are {wanted}",
        where=where, file=file, near=near, wanted=", ".join(f"{table}.csv" for table in TABLES))  # fmt: skip
