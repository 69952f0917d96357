"""The one folder that everything lives under."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "MANGETAMAIN_DATA"


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
