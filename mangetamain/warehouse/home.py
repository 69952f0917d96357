"""The folder that everything lives under, and the one for what a site itself writes."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "MANGETAMAIN_DATA"
STATE = "MANGETAMAIN_STATE"


def data_home() -> Path:
    """Find the folder of the warehouse, its answers and its caches.

    Returns
    -------
    Path
        What the environment variable ``MANGETAMAIN_DATA`` names, else the user's data folder. It may not exist yet.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("mangetamain")


def state_home(home: Path | None = None) -> Path:
    """Find the folder of what a site itself writes, its logs and fresh answers.

    Parameters
    ----------
    home
        The data folder; without it, that of `data_home`.

    Returns
    -------
    Path
        What the environment variable ``MANGETAMAIN_STATE`` names, else the data folder. It may not exist yet.
    """
    named = os.environ.get(STATE, "").strip()
    return Path(named).expanduser() if named else home or data_home()
