"""Finds the official files of a source: a folder, a Kaggle zip, or a bucket."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

from mangetamain.errors import BadSource
from mangetamain.language import N_, say
from mangetamain.warehouse.archive import extract
from mangetamain.warehouse.home import read_path
from mangetamain.warehouse.official import pick

Progress = Callable[[str], None]
NOTHING = N_("There is nothing at {source}; give a folder, a .zip, s3://bucket/prefix or sample")
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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
    """Return the label and the local files of a source; a public page shows the label, so no path of this machine."""
    if source.startswith("s3://"):
        from mangetamain.warehouse.s3 import fetch

        return fetch(source, home / "cache" / "s3", tell)
    if not source.strip():  # as a path, nothing would mean the folder that one happens to be in
        raise BadSource(NOTHING, source=repr(source))
    path = read_path(source)
    if path.is_dir():
        found = pick((entry.name for entry in sorted(path.iterdir()) if entry.is_file()), str(path))
        return path.resolve().name, {table: path / name for table, name in found.items()}
    if path.suffix == ".zip" and path.is_file():
        return path.name, extract(path, scratch, tell)
    if path.exists():
        raise BadSource(
            "{source} is neither a folder nor a zip; give the folder that holds {file}",
            source=source,
            file="RAW_recipes.csv",
        )
    raise BadSource(NOTHING, source=source)


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
