"""Which site this is: the environment it serves, and the version of its code and image."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

from mangetamain.logs import environment


def identity() -> dict[str, str]:
    """Return what tells one site from another: environment, version, revision of the code, digest of the image."""
    return {
        "environment": environment(),
        "version": package_version(),
        "revision": os.environ.get("MANGETAMAIN_REVISION", "").strip(),
        "image": os.environ.get("MANGETAMAIN_IMAGE", "").strip(),
    }


def package_version() -> str:
    """Return the version of the installed package."""
    try:
        return version("mangetamain")
    except PackageNotFoundError:
        return "0+checkout"
