"""Finds the official files of a source: a folder, a Kaggle zip, or a bucket."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from mangetamain.errors import BadSource
from mangetamain.language import N_, quoted, say
from mangetamain.warehouse.home import read_path
from mangetamain.warehouse.sources import folder
from mangetamain.warehouse.sources.archive import Extractor
from mangetamain.warehouse.sources.content import TWICE, UNPACK, kind_of, named, start_of, truly_named

Progress = Callable[[str], None]
NOTHING = N_("There is nothing at {source}; give a folder, a .zip, s3://bucket/prefix or sample")
WANTED = "RAW_recipes.csv"
Files = dict[str, list[Path]]


@dataclass(frozen=True)
class Source(AbstractContextManager["Source"]):
    """The files of a source, all of them local.

    Parameters
    ----------
    label
        The source as people may be shown it.
    files
        The local file of each official table that the source has, or its parts; their endings say what they are.
    fingerprint
        The SHA-256 of the tables' names and the files' contents.
    scratch
        A folder for temporary files, removed by `close`.
    """

    label: str
    files: Files
    fingerprint: str
    scratch: Path

    def close(self) -> None:
        """Remove the temporary files."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def __exit__(self, *_: object) -> None:
        self.close()


def resolve(source: str, home: Path, progress: Progress | None = None) -> Source:
    """Find, fetch or extract the official files of a source; call it with the build lock held.

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
        There is nothing there, a required file is missing or in doubt, is no data, or cannot be fetched or extracted.
    """
    tell = progress or (lambda _: None)
    scratch = _scratch(home)
    try:
        extractor = Extractor(scratch, tell)
        label, found = _gather(source, home, extractor, tell)
        files = {table: [_settled(path, table, extractor) for path in paths] for table, paths in found.items()}
        tell(str(say("Reading {label} to know its content", label=label)))
        return Source(label, files, fingerprint(files), scratch)
    except BaseException as error:
        shutil.rmtree(scratch, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        reason = error.strerror or str(error).partition("\n")[0][:200] or say("the system does not say why")
        raise BadSource("{source} cannot be read: {reason}", source=source, reason=reason) from error


def _gather(source: str, home: Path, extractor: Extractor, tell: Progress) -> tuple[str, Files]:
    """Return the label and the local files of a source; a public page shows the label, so no path of this machine."""
    if source.startswith("s3://"):
        from mangetamain.warehouse.sources.s3 import fetch

        return fetch(source, home / "cache" / "s3", tell)
    if not source.strip():  # as a path, nothing would mean the folder that one happens to be in
        raise BadSource(NOTHING, source=quoted(source))
    path = read_path(source)
    if path.is_dir():
        return path.resolve().name, folder.files(path)
    if not path.exists():
        raise BadSource(NOTHING, source=source)
    if named(start_of(path)) == "zip" or path.suffix.lower() == ".zip":
        if path.suffix.lower() == ".zip":
            kind_of(path, WANTED)  # a pointer or a page under a zip's name
        return path.name, extractor.tables(path)
    kind_of(path, WANTED)
    raise BadSource(
        "{source} is neither a folder nor a zip; give the folder that holds {file}", source=source, file=WANTED
    )


def _settled(path: Path, table: str, extractor: Extractor) -> Path:
    """Return a file of a table as what its bytes say it is, out of the zip that it may be in."""
    kind = kind_of(path, f"{table}.csv")
    if kind == "zip":
        path = extractor.single(path, table)
        if (kind := kind_of(path, f"{table}.csv")) == "zip":
            raise BadSource(UNPACK, file=path.name, kind=say(TWICE), wanted=f"{table}.csv")
    return truly_named(path, kind, extractor.scratch)


def fingerprint(files: Files) -> str:
    """Hash the content of files, each under its table's name, whatever they are called and wherever they are."""
    total = hashlib.sha256()
    for table in sorted(files):
        for path in files[table]:
            with path.open("rb") as stream:
                total.update(f"{table} {hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()


def _scratch(home: Path) -> Path:
    """Make a temporary folder under the data folder; any other is of a build that died: only one holds the lock."""
    cache = home / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for old in cache.glob("ingest-*"):
        shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix="ingest-", dir=cache))
