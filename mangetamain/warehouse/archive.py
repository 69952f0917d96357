"""Extracts the official files of a zip, as Kaggle delivers them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from mangetamain.errors import BadSource
from mangetamain.language import say
from mangetamain.warehouse.official import pick

LARGEST = 8 << 30  # bytes once extracted; the official files together are below 1 GB


def extract(path: Path, scratch: Path, tell: Callable[[str], None]) -> dict[str, Path]:
    """Extract the official files of an archive, at most `LARGEST` bytes of them.

    Parameters
    ----------
    path
        The zip.
    scratch
        The folder to extract into, flat.
    tell
        Told what is being done.

    Returns
    -------
    dict
        Official table to extracted file.

    Raises
    ------
    BadSource
        It is no zip, a member points outside it, a required file is missing, or it is too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members: dict[str, zipfile.ZipInfo] = {}
            for info in archive.infolist():
                _refuse_outside(path, info)
                if not info.is_dir():
                    members.setdefault(PurePosixPath(info.filename).name, info)
            found = pick(members, str(path))
            scratch.mkdir(parents=True, exist_ok=True)
            left = LARGEST
            for name in found.values():
                tell(str(say("Extracting {file}", file=name)))
                left = _copy(archive, members[name], scratch / name, left, path)
            return {table: scratch / name for table, name in found.items()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadSource(
            "{source} is not a zip that can be read: {reason}", source=str(path), reason=str(error)[:200]
        ) from error


def _refuse_outside(path: Path, info: zipfile.ZipInfo) -> None:
    """Refuse an archive whose member names climb out of it: it was not made by an honest hand."""
    inside = PurePosixPath(info.filename.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in info.filename:
        raise BadSource(
            "{source} is refused: its member {name} points outside the archive", source=str(path), name=info.filename
        )


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int, path: Path) -> int:
    """Extract one member, counting what comes out: what its header says may be a lie."""
    with archive.open(member) as stream, target.open("wb") as out:
        while chunk := stream.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise BadSource(
                    "{source} is refused: it holds more than {most} GB once extracted",
                    source=str(path),
                    most=LARGEST >> 30,
                )
            out.write(chunk)
    return left
