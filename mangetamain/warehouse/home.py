"""The folder that everything lives under, and the one for what a site itself writes."""

from __future__ import annotations

import os
from pathlib import Path

from mangetamain.errors import BadInput
from mangetamain.language import quoted

VARIABLE = "MANGETAMAIN_DATA"
STATE = "MANGETAMAIN_STATE"


def read_path(text: str) -> Path:
    """Read a path as a user writes it, ``~`` and ``~name`` for somebody's own folder.

    Raises
    ------
    BadInput
        When there is no such user, or the text can be no path.
    """
    try:
        text.encode()
        if "\0" not in text:
            return Path(text).expanduser()
    except UnicodeEncodeError:  # DuckDB 2 has no sentence for it
        raise BadInput("{value} is no text of UTF-8, and cannot be used.", value=quoted(text)) from None
    except RuntimeError:
        raise BadInput(
            "{path} names the own folder of a user whom this machine does not know.", path=quoted(text)
        ) from None
    raise BadInput("{path} can be no path.", path=quoted(text))


def data_home() -> Path:
    """Find the folder of the warehouse, its answers and its caches.

    Returns
    -------
    Path
        What the environment variable ``MANGETAMAIN_DATA`` names, else the user's data folder. It may not exist yet.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return read_path(named)
    from platformdirs import user_data_path

    return read_path(str(user_data_path("mangetamain")))


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
    return read_path(named) if named else home or data_home()
