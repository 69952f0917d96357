"""JupyterLab on the notebooks, with our widgets' scripts where it finds them."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from mangetamain import stopping
from mangetamain.errors import UserError
from mangetamain.site.sample import make_sample
from mangetamain.site.search_paths import find_our_files
from mangetamain.themes import folder, themes
from mangetamain.warehouse import data_home

# Lab's time to end its kernels; whatever is left then is ended with this process's children.
LAB_END_SECONDS = 10.0


def open_lab(arguments: list[str] | None = None, sample: bool = False) -> int:
    """Run JupyterLab until it ends and return its exit code; raise `UserError` where it is not installed.

    With `sample` the synthetic sample is made first, where there are no data.
    """
    if find_spec("jupyterlab") is None:
        raise UserError(
            "JupyterLab is not installed: install it with {command}.", command="pip install mangetamain[lab]"
        )
    if sample:
        make_sample()
    find_our_files()
    kernels = "--ServerApp.kernel_spec_manager_class=mangetamain.kernelspec.OwnKernels"
    words = [f"--ServerApp.root_dir={workplace()}", kernels, *(arguments or [])]
    command = [sys.executable, "-P", "-m", "jupyterlab", *words]
    # In a group of its own: Ctrl-C reaches this process alone, which ends Lab and its kernels without a question back.
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0) as running:  # noqa: S603 - our own words
        try:
            return running.wait()
        except KeyboardInterrupt:
            with stopping.in_peace():
                running.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    running.wait(LAB_END_SECONDS)
                stopping.end_children()
            raise


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
