"""JupyterLab on the notebooks, with our widgets' scripts where it finds them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from mangetamain.errors import UserError
from mangetamain.site.server import find_own_files
from mangetamain.themes import folder, themes
from mangetamain.warehouse import data_home


def open_lab(arguments: list[str] | None = None) -> int:
    """Run JupyterLab until it ends and return its exit code; raise `UserError` where it is not installed."""
    if find_spec("jupyterlab") is None:
        raise UserError(
            "JupyterLab is not installed: install it with {command}.", command="pip install mangetamain[lab]"
        )
    find_own_files()
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={workplace()}", *(arguments or [])]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own interpreter and words


def workplace() -> Path:
    """Return where to work: a checkout's notebooks, else copies that an upgrade of the package leaves alone."""
    if not folder().is_relative_to(Path(__file__).parent.parent):
        return folder()
    place = data_home() / "notebooks"
    place.mkdir(parents=True, exist_ok=True)
    for theme in themes().values():
        if not (place / theme.path.name).exists():
            shutil.copy(theme.path, place)
    return place
