"""Extracts the official files of a zip, as Kaggle delivers them."""

from __future__ import annotations

import contextlib
import logging
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from mangetamain.errors import BadSource
from mangetamain.language import Value, say
from mangetamain.warehouse.sources.content import UNPACK
from mangetamain.warehouse.sources.official import Entry, choose

log = logging.getLogger(__name__)
MOST_EXTRACTED_BYTES = 8 << 30  # bytes once extracted; the official files together are below 1 GB
_WORKBOOK = "xl/workbook.xml"
_DAMAGE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
Members = dict[str, zipfile.ZipInfo]


class Extractor:
    """Extracts members of zips into a folder, at most `MOST_EXTRACTED_BYTES` of them all.

    Parameters
    ----------
    scratch
        The folder to extract into.
    tell
        Told what is being done.
    """

    def __init__(self, scratch: Path, tell: Callable[[str], None]) -> None:
        self.scratch, self.tell, self.left = scratch, tell, MOST_EXTRACTED_BYTES

    def tables(self, path: Path) -> dict[str, list[Path]]:
        """Extract the official files of an archive.

        Raises
        ------
        BadSource
            It is no zip, a member points outside it, a required file is missing, in doubt, or it is too large.
        """
        with _opened(path, str(path), "RAW_recipes.csv") as (archive, members):
            chosen = choose(map(Entry, members), str(path))
            return {
                table: [self._extract(archive, members[entry.path], str(path)) for entry in entries]
                for table, entries in chosen.items()
            }

    def single(self, path: Path, table: str) -> Path:
        """Extract the one file of a zip that stands in the place of a table, as Kaggle hands out single files.

        Raises
        ------
        BadSource
            It is no zip, or holds anything but one file.
        """
        with _opened(path, path.name, f"{table}.csv") as (archive, members):
            inside = [name for name in members if not Entry(name).hidden]
            if len(inside) != 1:
                raise BadSource(
                    "{file} is a zip of {count} files where one is expected, {wanted}: unpack it into this folder",
                    file=path.name, count=len(inside), wanted=f"{table}.csv")  # fmt: skip
            return self._extract(archive, members[inside[0]], path.name)

    def _extract(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: str) -> Path:
        """Extract one member, counting what comes out: what its header says may be a lie."""
        name = Entry(member.filename).parts[-1]
        self.tell(str(say("Extracting {file}", file=name)))
        target = Path(tempfile.mkdtemp(dir=self.scratch)) / name
        with archive.open(member) as stream, target.open("wb") as out:
            while chunk := stream.read(1 << 20):
                self.left -= len(chunk)
                if self.left < 0:
                    raise BadSource("{source} is refused: it holds more than {most} GB once extracted",
                                    source=source, most=MOST_EXTRACTED_BYTES >> 30)  # fmt: skip
                out.write(chunk)
        return target


@contextlib.contextmanager
def _opened(path: Path, source: str, wanted: str) -> Iterator[tuple[zipfile.ZipFile, Members]]:
    """Open a zip and list its files; what is wrong with it becomes a sentence."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, source)
            if _WORKBOOK in members:
                raise BadSource(UNPACK, file=path.name, kind=say("an Excel workbook"), wanted=wanted)
            yield archive, members
    except _DAMAGE as error:
        log.warning("%s is not a zip that can be read", source, exc_info=error)
        raise BadSource("{source} is not a zip that can be read: {reason}",
                        source=source, reason=_reason(error)) from error  # fmt: skip


def _reason(error: Exception) -> Value:
    if "encrypted" in str(error) or "password" in str(error):
        return say("it is encrypted; unpack it with its password")
    if isinstance(error, NotImplementedError):
        return say("it is compressed in a way that is not read; unpack it")
    return say("it is damaged or not whole; download it again")


def _members(archive: zipfile.ZipFile, source: str) -> Members:
    """List the files of an archive; refuse one whose names climb out of it, or stand twice: no honest hand made it."""
    members: Members = {}
    for info in archive.infolist():
        inside = PurePosixPath(info.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or ":" in info.filename or not inside.parts:
            raise BadSource("{source} is refused: its member {name} points outside the archive",
                            source=source, name=info.filename)  # fmt: skip
        if info.is_dir() or info.filename.endswith("\\"):
            continue
        if info.filename in members:
            raise BadSource("{source} is refused: it holds {file} twice under the same name",
                            source=source, file=info.filename)  # fmt: skip
        members[info.filename] = info
    return members
