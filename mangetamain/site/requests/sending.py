"""What is sent as it is: kept compressed, with a digest by which a copy is still good."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mangetamain.site.pages.html import bytes_of

FOR_A_YEAR = f"public, max-age={365 * 24 * 3600}, immutable"
HTML, TEXT = "text/html; charset=UTF-8", "text/plain; charset=UTF-8"
JSON, SVG = "application/json; charset=UTF-8", "image/svg+xml"
TYPES = {".js": "text/javascript", ".woff2": "font/woff2"}  # as machines differ


@dataclass(frozen=True)
class Content:
    """A body and its kind."""

    kind: str
    zipped: bytes

    @classmethod
    def of(cls, kind: str, body: str | bytes) -> Content:
        """Compress a body."""
        return cls(kind, gzip.compress(body.encode() if isinstance(body, str) else body, 6, mtime=0))

    @property
    def tag(self) -> str:
        """Its digest; weak, for it is the same however the body is sent."""
        return f'W/"{hashlib.sha256(self.zipped).hexdigest()[:20]}"'


def file_content(name: str, source: Path | Callable[[], str]) -> Content:
    """Return a file of ours, read again where it changed, or what is made of several once."""
    return _read(name, source, source.stat().st_mtime_ns if isinstance(source, Path) else 0)


@lru_cache(100)
def _read(name: str, source: Path | Callable[[], str], _changed: int) -> Content:
    kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    return Content(kind, gzip.compress(bytes_of(source), 9, mtime=0))
