"""Finds the official files of a source: a folder, a Kaggle zip, or a bucket."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Literal

from mangetamain.errors import BadSource
from mangetamain.language import say
from mangetamain.warehouse.schema import TABLES, nearest

Progress = Callable[[str], None]
SUFFIXES = (".csv", ".csv.gz", ".parquet")
LARGEST_ARCHIVE = 8 << 30  # bytes once extracted; the official files together are below 1 GB
STALE = 24 * 3600  # seconds after which the scratch of a killed build is removed


@dataclass(frozen=True)
class Source:
    """The files of a source, all of them local.

    Parameters
    ----------
    kind
        The origin of the data.
    label
        The source as people may be shown it.
    files
        The local file of each official table that the source has.
    fingerprint
        The SHA-256 of the tables' names and the files' contents.
    scratch
        A folder for temporary files, removed by `close`.
    """

    kind: Literal["foodcom"]
    label: str
    files: dict[str, Path]
    fingerprint: str
    scratch: Path

    def close(self) -> None:
        """Remove the temporary files."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def __enter__(self) -> Source:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def resolve(source: str, home: Path, progress: Progress | None = None) -> Source:
    """Find, fetch or extract the official files of a source.

    Parameters
    ----------
    source
        A folder of CSV or Parquet files, a zip of them, or `s3://bucket/prefix`.
    home
        The project's data folder, under which temporary and cached files are kept.
    progress
        Told what is being done.

    Raises
    ------
    BadSource
        There is nothing there, a required file is missing, or it cannot be fetched or extracted.
    """
    tell = progress or (lambda _: None)
    scratch = _scratch(home)
    try:
        label, files = _gather(source, home, scratch, tell)
        tell(str(say("Reading {label} to know its content", label=label)))
        return Source("foodcom", label, files, fingerprint(files), scratch)
    except OSError as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise BadSource("{source} cannot be read: {reason}", source=source, reason=error.strerror or "") from error
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def _gather(source: str, home: Path, scratch: Path, tell: Progress) -> tuple[str, dict[str, Path]]:
    """Return the label and the local files of a source."""
    if source.startswith("s3://"):
        from mangetamain.warehouse import s3

        return s3.fetch(source, home / "cache" / "s3", tell)
    path = Path(source).expanduser()
    if path.is_dir():
        found = pick((entry.name for entry in sorted(path.iterdir()) if entry.is_file()), str(path))
        return str(path), {table: path / name for table, name in found.items()}
    if path.suffix == ".zip" and path.is_file():
        return str(path), _extract(path, scratch, tell)
    if path.exists():
        raise BadSource(
            "{source} is neither a folder nor a zip; give the folder that holds {file}",
            source=source,
            file="RAW_recipes.csv",
        )
    raise BadSource(
        "There is nothing at {source}; give a folder, a .zip, s3://bucket/prefix or sample", source=source
    )


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
        "{where} has no {file} (.csv, .csv.gz or .parquet); the nearest file there is {nearest}; the official files are "
        "{wanted}",
        where=where,
        file=file,
        nearest=nearest(file, data),
        wanted=wanted,
    )


def _extract(path: Path, scratch: Path, tell: Progress) -> dict[str, Path]:
    """Extract the official files of an archive, at most LARGEST_ARCHIVE bytes of them."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = {}
            for info in archive.infolist():
                inside = PurePosixPath(info.filename.replace("\\", "/"))
                if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0]:
                    raise BadSource(
                        "{source} is refused: its member {name} points outside the archive",
                        source=str(path),
                        name=info.filename,
                    )
                if not info.is_dir():
                    members.setdefault(inside.name, info)
            found = pick(members, str(path))
            scratch.mkdir(parents=True, exist_ok=True)
            left = LARGEST_ARCHIVE
            for name in found.values():
                tell(str(say("Extracting {file}", file=name)))
                left = _copy(archive, members[name], scratch / name, left, path)
            return {table: scratch / name for table, name in found.items()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadSource(
            "{source} is not a zip that can be read: {reason}", source=str(path), reason=str(error)[:200]
        ) from error


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int, path: Path) -> int:
    """Extract one member, counting what comes out: what its header says may be a lie."""
    with archive.open(member) as stream, target.open("wb") as out:
        while chunk := stream.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise BadSource(
                    "{source} is refused: it holds more than {most} GB once extracted",
                    source=str(path),
                    most=LARGEST_ARCHIVE >> 30,
                )
            out.write(chunk)
    return left


def fingerprint(files: dict[str, Path]) -> str:
    """Hash the content of files, each under its table's name, whatever they are called and wherever they are."""
    total = hashlib.sha256()
    for table in sorted(files):
        with files[table].open("rb") as stream:
            total.update(f"{table} {hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()


def _scratch(home: Path) -> Path:
    """Name a temporary folder under the data folder, and remove those that killed builds left long ago."""
    cache = home / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for old in cache.glob("ingest-*"):
        if time.time() - old.stat().st_mtime > STALE:
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix="ingest-", dir=cache))
