"""By what code an answer is made: the source that can change one, and the libraries that compute it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
# What can change a kept answer: all that the questions import (a test holds this list to it), but for the charter, a
# notebook's defaults, errors, listings and the reading of kept files, none of which is in an answer. What the
# warehouse's tables hold is the data's fingerprint's to say.
ANSWERING = (
    "answers",
    "calendars.py",
    "charts.py",
    "conditions.py",
    "finding.py",
    "holidays.py",
    "language.py",
    "measures.py",
    "parameters.py",
    "questions",
    "safe_text.py",
    "selection.py",
    "stats",
    "tooltips.py",
    "vocabulary.py",
    "volumes.py",
    "warehouse/reader",
)
# Another version of these may give other digits, or figures of another form.
LIBRARIES = ("duckdb", "numpy", "pandas", "plotly", "scipy")


@cache
def code_version(parts: tuple[str, ...] = ANSWERING, package: Path = PACKAGE) -> str:
    """Return a hash of some of the package's source and of the libraries' versions.

    Parameters
    ----------
    parts
        Files and folders below the package; "." is all of it.
    package
        Where the package is.
    """
    digest = hashlib.sha256(repr([(name, version(name)) for name in LIBRARIES]).encode())
    for part in parts:
        for path in sorted([package / part] if part.endswith(".py") else (package / part).rglob("*.py")):
            digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
