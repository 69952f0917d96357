"""A Chromium of this machine, and how to start it so that it asks nothing of other hosts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# The headless shell first: the same engine without windows that nobody looks at, for four fifths of the CPU a page.
BROWSER_COMMANDS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
BROWSER_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def installed() -> Path | None:
    """Return the first browser of the PATH that Playwright can drive; None leaves it to Playwright's own."""
    paths = (shutil.which(name) for name in BROWSER_COMMANDS)
    return next((Path(path) for path in paths if path), None)


def flags() -> list[str]:
    """Return the flags to start it with; root and containers have no sandbox to give."""
    return [*BROWSER_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
