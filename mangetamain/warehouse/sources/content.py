"""What a file is, known from its first bytes and not from its name."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import stat
import tempfile
import zlib
from pathlib import Path
from typing import Literal, get_args

from mangetamain.errors import BadSource
from mangetamain.language import N_, say
from mangetamain.warehouse.sources.official import OTHER_SET

Kind = Literal["text", "gzip", "zip", "parquet"]
START_BYTES = 4096  # that are looked at: the farthest mark is at 257, and a header must be whole
POINTER = b"version https://git-lfs.github.com/spec/"
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1f\x8b", "gzip"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"PAR1", "parquet"),
    (0, POINTER, "pointer"),
    (0, b"BZh", N_("a bzip2 archive")),
    (0, b"\xfd7zXZ\x00", N_("an xz archive")),
    (0, b"\x28\xb5\x2f\xfd", N_("a Zstandard archive")),
    (0, b"7z\xbc\xaf\x27\x1c", N_("a 7-Zip archive")),
    (0, b"Rar!\x1a\x07", N_("a RAR archive")),
    (257, b"ustar", N_("a tar archive")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", N_("an Excel workbook")),
    (0, b"SQLite format 3\x00", N_("an SQLite database")),
    (8, b"DUCK", N_("a DuckDB database")),
    (0, b"ARROW1", N_("an Arrow file")),
    (0, b"\x80\x04\x95", N_("a Python pickle")),
    (0, b"%PDF-", N_("a PDF document")),
)
_HTML = (b"<!doctype html", b"<html", b"<head", b"<?xml")
_OTHER_HEADER = re.compile(rb"[^\r\n]*\bRecipeId\b")
TWICE = N_("compressed twice")
UNPACK = N_("{file} is {kind}, not CSV or Parquet: unpack or export it as CSV, under the name {wanted}")


def start_of(path: Path) -> bytes:
    """Read the first bytes of a regular file.

    Raises
    ------
    BadSource
        It is a pipe, a socket or a device, at which reading might wait for ever.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BadSource("{file} is a pipe, a socket or a device; a file is expected", file=path.name)
        return file.read(START_BYTES)


def kind_of(path: Path, wanted: str) -> Kind:
    """Tell what a file is, one of those that are read.

    Parameters
    ----------
    path
        The file.
    wanted
        The name of the CSV file that is expected.

    Raises
    ------
    BadSource
        It is something else that is known: the sentence says what, and the way out.
    """
    start = start_of(path)
    kind = named(start)
    if kind == "gzip":
        inside = _inflated(path)
        inner = _refused(named(inside), inside, path, wanted)
        if inner != "text":
            raise BadSource(UNPACK, file=path.name, kind=say(TWICE), wanted=wanted)
        return "gzip"
    return _refused(kind, start, path, wanted)


def named(start: bytes) -> str:
    """Name what begins with these bytes; what has no mark of its own is text."""
    for place, mark, kind in _MARKS:
        if start[place:].startswith(mark):
            return kind
    return "page" if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML) else "text"


def _refused(kind: str, start: bytes, path: Path, wanted: str) -> Kind:
    """Refuse what is none of the kinds that are read."""
    if kind == "pointer":
        raise BadSource(
            "{file} is a Git LFS pointer ({bytes} bytes), not the data: {command} in its checkout fetches them, or "
            "Kaggle has them",
            file=path.name, bytes=path.stat().st_size, command="git lfs pull")  # fmt: skip
    if kind == "page":
        raise BadSource("{file} is a web page, not the data: download it again where you are logged in", file=path.name)
    if kind == "text" and _OTHER_HEADER.match(start):
        raise BadSource(OTHER_SET, where=path.name)
    if kind == "text" and path.suffix.lower() == ".parquet" and b"," not in start.partition(b"\n")[0]:
        raise BadSource(
            "{file} does not begin as a Parquet file does: it is damaged, or CSV under another name", file=path.name
        )
    if kind not in get_args(Kind):
        raise BadSource(UNPACK, file=path.name, kind=say(kind), wanted=wanted)
    return kind  # type: ignore[return-value]


def _inflated(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            return stream.read(START_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return b""  # reading it will say what is wrong with it


def truly_named(path: Path, kind: Kind, scratch: Path) -> Path:
    """Return a path of the file whose ending says what it is, as DuckDB and our own readers want it."""
    ending = {"gzip": ".gz", "parquet": ".parquet"}.get(kind, "")
    if path.suffix == ending or (not ending and path.suffix not in (".gz", ".parquet", ".zst")):
        return path
    # The name that people know stays readable in it.
    target = Path(tempfile.mkdtemp(dir=scratch)) / f"{path.name if ending else path.stem}{ending}"
    try:
        target.symlink_to(path.absolute())
    except OSError:  # a file system without links
        shutil.copyfile(path, target)
    return target
