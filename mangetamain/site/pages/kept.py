"""Rendered notebooks beside a site's state: who takes its place, or is started anew, shows them at once."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from mangetamain import state_files
from mangetamain.environment import identity
from mangetamain.warehouse import state_home

RENDERINGS = 2  # what is served, and what was before: the way back is as quick


def kept(fingerprint: str) -> dict[str, str]:
    """Return each notebook's HTML as this image rendered it of these data; nothing where that is not known."""
    file = _file(fingerprint)
    said = state_files.known(file) if file else None
    return {name: text for name, text in (said or {}).items() if isinstance(text, str)}


def keep(fingerprint: str, pages: Mapping[str, str]) -> None:
    """Keep the notebooks, and let the oldest go; where that cannot be done they are rendered again."""
    if file := _file(fingerprint):
        with contextlib.suppress(OSError):
            state_files.write(file, json.dumps(dict(pages)))
            for old in sorted(file.parent.glob("*.json"), key=lambda each: each.stat().st_mtime)[:-RENDERINGS]:
                old.unlink()


def _file(fingerprint: str) -> Path | None:
    """Return the file, where an image's digest says that the code is the very same: a tag or a checkout may change."""
    image = identity()["image"]
    name = hashlib.sha256(f"{image} {fingerprint}".encode()).hexdigest()[:16]
    return state_home() / "pages" / f"{name}.json" if image.startswith("sha256:") else None
