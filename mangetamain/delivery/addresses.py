"""Where the environments answer: addresses from the operator, checked before anything is asked of them."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

from mangetamain.environment import DEPLOYED
from mangetamain.errors import BadInput, suggestion
from mangetamain.language import N_, quoted, say

ENVIRONMENTS_VARIABLE = "MANGETAMAIN_ENVIRONMENTS"
DEFAULT_ENVIRONMENTS = "preprod=http://127.0.0.1:8500 prod=http://127.0.0.1:8501"
ADDRESS_CHARACTERS = 2000


def checked(url: str) -> str:
    """Return a site's address without a slash at its end.

    Raises
    ------
    BadInput
        For anything but ``http://host[:port][/path]`` or the same with https.
    """
    why = _fault(url)
    if why:
        raise BadInput(
            "The address {url} cannot be asked: {why}; write it as in {example}.",
            url=quoted(url[:100]), why=say(why), example="http://127.0.0.1:8500",
        )  # fmt: skip
    return url.rstrip("/")


def _fault(url: str) -> str | None:
    if len(url) > ADDRESS_CHARACTERS or not re.fullmatch(r"[!-~]+", url):
        return N_("it is empty, too long, or holds blanks or special characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return N_("its host or port is not one")
    if parts.scheme not in ("http", "https"):
        return N_("it does not begin with http:// or https://")
    if not host or port == 0 or not re.fullmatch(r"[\w.:-]+", host):
        return N_("its host or port is not one")
    if parts.username is not None or parts.password is not None:
        return N_("it holds a user name or password")
    if "?" in url or "#" in url:
        return N_("it holds more than host, port and path")
    return None


def named() -> bool:
    """Whether the operator says where the environments answer."""
    return bool(os.environ.get(ENVIRONMENTS_VARIABLE, "").strip())


def environments() -> dict[str, str]:
    """Read each environment's address; raise `BadInput` for what is not ``name=address``, or a name given twice."""
    known: dict[str, str] = {}
    for word in (os.environ.get(ENVIRONMENTS_VARIABLE, "").strip() or DEFAULT_ENVIRONMENTS).split():
        name, equals, url = word.partition("=")
        if not equals or not re.fullmatch(r"[\w-]{1,40}", name) or name in known:
            raise BadInput(
                "{variable} holds {word}: write each environment once, as in {example}.",
                variable=ENVIRONMENTS_VARIABLE, word=quoted(word[:100]), example=DEFAULT_ENVIRONMENTS.split()[0],
            )  # fmt: skip
        known[name] = checked(url)
    return known


def deployed(name: str) -> str:
    """Return the name of an environment that can be deployed to; raise `BadInput` for any other."""
    if name in DEPLOYED:
        return name
    raise BadInput(
        "There is no environment {name}: the environments are {known}{hint}",
        name=quoted(name[:100]), known=", ".join(DEPLOYED), hint=suggestion(name.lower(), DEPLOYED),
    )  # fmt: skip
