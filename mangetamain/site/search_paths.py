"""Where Voilà, JupyterLab and kernels look for our files; it imports neither, for each is an extra of its own."""

from __future__ import annotations

import os
from pathlib import Path

from mangetamain.assets import SHARE
from mangetamain.environment import PACKAGE
from mangetamain.warehouse import data_home, home, state_home


def find_our_files() -> None:
    """Let Voilà find our template and scripts, and kernels our package and data, whichever folder they work in."""
    os.environ[home.VARIABLE] = str(data_home().absolute())
    if os.environ.get(home.STATE, "").strip():
        os.environ[home.STATE] = str(state_home().absolute())
    # An editable installation has copies of these files, as they were when it was made.
    _prepend("JUPYTER_PATH", SHARE)
    if (PACKAGE.parent / "pyproject.toml").is_file():
        _prepend("PYTHONPATH", PACKAGE.parent)


def _prepend(variable: str, path: Path) -> None:
    rest = os.environ.get(variable)
    os.environ[variable] = f"{path}{os.pathsep}{rest}" if rest else str(path)
