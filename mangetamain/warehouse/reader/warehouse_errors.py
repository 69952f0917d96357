"""Why a warehouse cannot be read, in one sentence and with the way out; the engine's own words go to the log."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from mangetamain.errors import BadInput, NoWarehouse
from mangetamain.language import N_, Message, say
from mangetamain.warehouse.versions.listing import LINK, newest, versions

if TYPE_CHECKING:
    from mangetamain.language import Value
    from mangetamain.warehouse.reader.warehouse import Executes

BUILD = "mangetamain build"
# What no asker can cause by what is asked: the file, the disk or the engine itself.
FAULTS = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
Errors = type[duckdb.Error] | tuple[type[duckdb.Error], ...]
log = logging.getLogger(__name__)


class Unreadable(NoWarehouse):
    """A warehouse that is there and cannot be read; the reason says what to do, too."""

    def __init__(self, path: Path, reason: Message) -> None:
        self.reason = reason
        super().__init__(
            N_("The warehouse {version} in {folder} cannot be read: {reason}."),
            version=path.stem, folder=str(path.parent), reason=reason,
        )  # fmt: skip


def missing(folder: Path) -> NoWarehouse:
    """Say that no warehouse is in a folder, and what lies there in its place."""
    if (folder / LINK).is_file():
        return NoWarehouse(
            "{folder} holds a warehouse under a name that says no version, {file}: rename that file to {name}.",
            folder=str(folder), file=LINK, name="food-1.duckdb",
        )  # fmt: skip
    if place := in_the_way(folder):
        return place
    return NoWarehouse(
        "There is no warehouse in {folder} yet: make one with the command {command}.",
        folder=str(folder), command=BUILD,
    )  # fmt: skip


def in_the_way(folder: Path) -> NoWarehouse | None:
    """Say what stands where the folder or one above it should be: a link that leads nowhere, or no folder at all."""
    for place in reversed((folder, *folder.parents)):
        if place.is_symlink() and not place.exists():
            return NoWarehouse(
                "{folder} is a link to {target}, which is not there: mount that, or bring it back.",
                folder=str(place), target=str(place.readlink()),
            )  # fmt: skip
        if place.exists() and not place.is_dir():
            return NoWarehouse("{folder} is no folder: a folder of data is expected there.", folder=str(place))
    return None


def refuse_irregular(path: Path) -> None:
    """Refuse what has a warehouse's name and is no file: a pipe would be waited for.

    Raises
    ------
    Unreadable
        Where it is a folder, a pipe, a socket, a device or a link that leads nowhere.
    """
    if os.path.lexists(path) and not path.is_file():
        what = say("it is no file, or a link that leads nowhere; remove it{others}", others=_others(path))
        raise Unreadable(path, what)


def closed(folder: Path, error: OSError) -> NoWarehouse:
    """Say that a folder cannot be looked into."""
    return NoWarehouse(
        "The folder {folder} cannot be looked into: {reason}.",
        folder=str(folder), reason=(error.strerror or str(error)).lower(),
    )  # fmt: skip


def unreadable(path: Path, error: Exception) -> Unreadable:
    """Find out why a warehouse could not be opened or read."""
    log.warning("the warehouse %s cannot be read: %s", path.stem, error)
    damaged = say(
        "its file is damaged or not whole; put a whole copy in its place, or remove it{others}, or make it anew with "
        "the command {command}", others=_others(path), command=BUILD,
    )  # fmt: skip
    return Unreadable(path, _locked(str(error)) or _shut(path) or left_beside(path) or _foreign(error) or damaged)


def _locked(words: str) -> Message | None:
    if "lock on file" not in words:
        return None
    pid = re.search(r"\(PID (\d+)\)", words)
    if pid is None:
        return say("another program holds it open for writing; close that program")
    return say("the program with the process number {pid} holds it open for writing; close it", pid=str(pid[1]))


def _shut(path: Path) -> Message | None:
    """Say what keeps this process from the file, by reading a little of it."""
    try:
        with path.open("rb") as file:
            file.read(16)
    except PermissionError:
        return say("its file {file} may not be read; give its reader the right to", file=path.name)
    except OSError as error:
        return say("its file {file} does not open ({why})", file=path.name, why=(error.strerror or str(error)).lower())
    return None


def left_beside(path: Path) -> Message | None:
    """Say that another program has written to a warehouse, and left beside it what is not in it yet."""
    log_of_changes = path.with_name(f"{path.name}.wal")
    if not os.path.lexists(log_of_changes):
        return None
    return say("another program has written to it and left {file} beside it; remove that one", file=log_of_changes.name)


def _foreign(error: Exception) -> Message | None:
    if "version number" in str(error):
        return say(
            "it is of another version of DuckDB than this one, {version}; update this program, or make it anew with "
            "the command {command}", version=duckdb.__version__, command=BUILD,
        )  # fmt: skip
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException | duckdb.DataError):
        return say("it holds other tables than this program makes; make it anew with the command {command}",
                   command=BUILD)  # fmt: skip
    return None


def _others(path: Path) -> Value:
    before = [each.stem for each in versions(path.parent) if each.name != path.name]
    if not before or path.name != newest(path.parent):
        return ""
    return say(" and {version} serves", version=before[-1])


@contextmanager
def explained(where: Path | Executes, kinds: Errors = duckdb.Error) -> Iterator[None]:
    """Turn an error of the engine into one sentence.

    Parameters
    ----------
    where
        The file that is read, or what is asked.
    kinds
        Which errors; the others are for who wrote the query.

    Raises
    ------
    NoWarehouse
        In place of the engine's error.
    """
    try:
        yield
    except duckdb.InterruptException:
        raise  # who asked is the one who stopped it
    except duckdb.OutOfMemoryException as error:
        log.warning("the engine had too little memory: %s", error)
        raise NoWarehouse("The data could not be asked: there was too little memory, or room to spill to.") from error
    except duckdb.Error as error:
        fault = isinstance(error, FAULTS) or type(error) is duckdb.Error  # as 2.0 tells of a damaged block
        if not fault and not isinstance(error, kinds):
            raise
        # A table that our own statements miss is one that another version of this program did not make.
        foreign = isinstance(error, duckdb.CatalogException)
        if (fault or foreign) and (path := where if isinstance(where, Path) else _file_of(where)):
            raise unreadable(path, error) from error
        log.exception("the engine failed")
        raise NoWarehouse("The data could not be asked: the engine failed, and the log says how.") from error


@contextmanager
def mistaken() -> Iterator[None]:
    """Turn what the engine says of a query that it cannot run into one sentence; it names the nearest known name.

    Raises
    ------
    BadInput
        In place of the engine's error.
    """
    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        # Without the kind of error before it and the drawing of the place after it.
        words = re.sub(r"^[\w ]+ Error: ", "", str(error)).partition("\n\nLINE ")[0]
        raise BadInput("The query cannot be run: {reason}", reason=" ".join(words.split())) from None


def _file_of(con: Executes) -> Path | None:
    with suppress(duckdb.Error):
        found = con.execute("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL").fetchone()
        return Path(found[0]) if found else None
    return None


def whole(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Read every block of a warehouse; the engine holds each to its checksum.

    Raises
    ------
    Unreadable
        When one is damaged.
    """
    with explained(path):
        tables = con.execute("""
            SELECT schema_name, table_name FROM duckdb_tables() ORDER BY schema_name, table_name
        """).fetchall()
        for schema, table in tables:
            con.execute(f'SELECT bit_xor(hash(t)) AS h FROM {schema}."{table}" AS t').fetchall()
