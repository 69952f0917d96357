"""Finds a Chromium for the browser tests and the page benchmark, and installs one where none is at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from mangetamain.delivery.proof.chromium import BROWSER_COMMANDS, BROWSER_FLAGS
from tools.alone import alone

# A container has no sandbox of its own to give.
FLAGS = ("--no-sandbox", *BROWSER_FLAGS)
# Debian's package with no more than the tests need.
PACKAGE = "chromium-headless-shell"


class NoChromium(RuntimeError):
    """No Chromium is to be had; the message says in one line what was tried."""


def run(*command: str | Path, seconds: int = 600) -> tuple[bool, str]:
    """Run a command without questions: whether it went well, and its line on what went wrong, else its last."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=seconds, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, str(error)
    said = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    errors = [line for line in said if line.lower().startswith(("error", "e:", "failed"))] if done.returncode else []
    return done.returncode == 0, [f"exit code {done.returncode}", *said, *errors[:1]][-1]


def works(path: str | Path | None) -> bool:
    """Say whether this is a browser that starts; Ubuntu's stand-in for a snap is not."""
    return bool(path) and Path(str(path)).is_file() and run(str(path), "--version", seconds=60)[0]


def at_hand() -> Path | None:
    """Return a Chromium of the PATH, or one that Playwright has downloaded before."""
    candidates = [shutil.which(name) for name in BROWSER_COMMANDS]
    return next((Path(path) for path in candidates if path and works(path)), None) or playwrights_own()


def playwrights_own() -> Path | None:
    """Return the Chromium in Playwright's cache, if there is one."""
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    well, path = run(sys.executable, "-P", "-c", ask, seconds=60)
    return Path(path) if well and works(path) else None


def from_debian() -> str:
    """Install Debian's Chromium by apt; return why it could not be, or nothing."""
    if shutil.which("apt-get") is None:
        return "there is no apt-get"
    root: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None or not run("sudo", "-n", "true", seconds=20)[0]:
            return "apt-get needs root or sudo without a password"
        root = ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    well, said = run(*root, "apt-get", "update", "-q")
    if well:
        well, said = run(*root, "apt-get", "install", "-y", "-q", "--no-install-recommends", PACKAGE)
    return "" if well else f"apt-get failed ({said})"


def from_playwright() -> str:
    """Let Playwright download its own Chromium; return why it could not, or nothing."""
    well, said = run(sys.executable, "-P", "-m", "playwright", "install", "chromium")
    return "" if well else f"Playwright's download failed ({said})"


@cache
def find_or_install() -> Path:
    """Return a Chromium that starts: the one at hand, else Debian's, else Playwright's own download.

    Raises
    ------
    NoChromium
        When none of the three ways leads to one.
    """
    if found := at_hand():
        return found
    reasons = ["none is at hand"]
    with alone("chromium"):  # apt would refuse the second
        if found := at_hand():  # another test process may have been quicker
            return found
        for install in (from_debian, from_playwright):
            said = install()
            if found := at_hand():
                return found
            reasons.append(said or f"what came {install.__name__.replace('_', ' ')} does not start")
    raise NoChromium(f"no Chromium to open pages with: {'; '.join(reasons)}")


if __name__ == "__main__":
    try:
        print(find_or_install())
    except NoChromium as error:
        sys.exit(str(error))
