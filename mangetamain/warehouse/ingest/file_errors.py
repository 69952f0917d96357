"""Why a file cannot be read, in one sentence: what the engine says of it goes to the log."""

from __future__ import annotations

import logging
import re
import zlib
from gzip import BadGzipFile

import duckdb

from mangetamain.errors import BadSource
from mangetamain.language import Value, say

log = logging.getLogger(__name__)
READ_ERRORS = (OSError, EOFError, zlib.error, duckdb.Error)
# These speak of this machine's disk or memory, or of Ctrl-C, not of the file: whoever writes the warehouse tells them.
_OURS = (duckdb.TransactionException, duckdb.OutOfMemoryException, duckdb.FatalException, duckdb.InterruptException)
# As the system says it: DuckDB has one kind of error for a disk that is full and for a file that is damaged.
DISK_FULL = re.compile("No space left on device|Disk quota exceeded|File too large|Read-only file system")


def is_ours(error: Exception) -> bool:
    """Tell whether an error is about the warehouse being written rather than the file being read."""
    return isinstance(error, _OURS) or (isinstance(error, duckdb.IOException) and bool(DISK_FULL.search(str(error))))


def unreadable(file: str, error: Exception) -> BadSource:
    """Say why a file cannot be read."""
    log.warning("%s cannot be read", file, exc_info=error)
    return BadSource("{file} cannot be read: {reason}", file=file, reason=_reason(error))


def _reason(error: Exception) -> Value:
    if isinstance(error, EOFError):
        return say("it is compressed, and it ends too early")
    if isinstance(error, zlib.error | BadGzipFile):
        return say("its compressed bytes are damaged")
    if isinstance(error, OSError):
        return error.strerror or say("the system does not say why")
    return say("its bytes are damaged, or it is another kind of file than its name says")
