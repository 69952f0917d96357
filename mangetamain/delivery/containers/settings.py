"""The variables of the compose file: a machine's own settings, and the pair that is to run."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from mangetamain import state_files
from mangetamain.delivery.addresses import environments, named
from mangetamain.delivery.folder import folder
from mangetamain.delivery.pair import Pair
from mangetamain.environment import DEPLOYED

PROJECT = "COMPOSE_PROJECT_NAME"
# What names a pair, or is the build's alone, is no setting of a site.
NO_SETTING = re.compile(r"BUILD_\w+|S3_\w+|REVISION|REPOSITORY|\w+_WAREHOUSE|(PRE)?PROD(_STANDBY)?_IMAGE")


def names(text: str) -> set[str]:
    """Return the variables that a compose file holds."""
    return set(re.findall(r"\$\{(\w+)", text))


def settings(text: str, file: Path, before: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the settings of a compose file's sites: those of the last deploy, and what is said now.

    A deploy that is not told a setting leaves it as it was, whoever calls it: from `.env` beside the compose file, from
    `settings.env` in the delivery folder, which no checkout sweeps away, and from the shell, the last of which wins.
    """
    said = {**_lines(file.parent / ".env"), **_lines(folder() / "settings.env"), **os.environ}
    known = {**(before or {}), **said, **asked_as()}
    return {name: known[name] for name in sorted(names(text) & known.keys()) if is_setting(name)}


def is_setting(name: str) -> bool:
    """Whether a variable says how a site runs, not what."""
    return not NO_SETTING.fullmatch(name)


def compose_variables(text: str, file: Path, pair: Pair | None) -> dict[str, str]:
    """Return the environment of a compose command: the caller's own must not win over what was deployed."""
    own = names(text)
    rest = {name: value for name, value in os.environ.items() if name not in own}
    if pair is None:
        return rest | settings(text, file)
    # One service is started at a time, so all may be given the same.
    kinds = {"_IMAGE": pair.image, "_WAREHOUSE": pair.warehouse}
    chosen = {name: value for name in own for end, value in kinds.items() if name.endswith(end)}
    return rest | chosen | dict(pair.settings) | {"PROXY_IMAGE": pair.proxy}


def asked_as() -> dict[str, str]:
    """Return the compose file's variables for the names at which each environment is asked how it is."""
    known = environments() if named() else {}
    return {f"{name.upper()}_ASKED_AS": urlsplit(known[name]).hostname or "" for name in DEPLOYED if name in known}


def _lines(path: Path) -> dict[str, str]:
    """Read a file of variables, one `NAME=value` a line."""
    try:
        text = state_files.text(path)
    except (FileNotFoundError, state_files.Damaged):
        return {}
    found = re.findall(r"^\s*(?:export\s+)?(\w+)\s*=[ \t]*(.*?)[ \t]*$", text, re.MULTILINE)
    return {name: re.sub(r"^(['\"])(.*)\1$", r"\2", value) for name, value in found}
