"""Texts from elsewhere, made fit to be shown: one line, nothing hidden in them, no secret, not too long."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

# As many characters of one value as a sentence bears.
VALUE_CHARACTERS = 300
# Controls, formats such as bidi marks and what has no width, halves of characters, ends of lines and paragraphs.
HIDING = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
NAMES = (
    "token", "authorization", "_xsrf", "password", "passwd", "secret", "signature", "credential",
    "(?:access|api)[_-]?key(?:[_-]?id)?",
)  # fmt: skip
# Every repetition has a bound: whoever chose the text must not choose how long it takes.
SECRETS = (
    # A name and password before a host; an image's digest has an @ before it, too.
    (re.compile(r"(?<=://)(?:[^\s/@]{0,200}:\S{0,500}|[^\s/@]{1,500})@"), "...@"),
    (re.compile(r"(?<![^\s'\"(=])[^\s/:@'\"(=]{1,200}:[^\s/@]{1,500}@(?!sha256:)"), "...@"),
    # A signed address holds its right to be read in the query.
    (re.compile(r"(\b\w[\w+.-]{0,20}://[^\s?]{0,2000})\?[^\s\"')>]+"), r"\1?..."),
    (re.compile(rf"\b([\w-]{{0,40}}(?:{'|'.join(NAMES)})|sig)(['\"]?\s{{0,9}}[=:]\s{{0,9}}['\"]?)"
                r"(?:(?:token|bearer|basic) )?[^\s&'\"]+", re.IGNORECASE), r"\1\2..."),
)  # fmt: skip


def shown(text: str, most: int = VALUE_CHARACTERS) -> str:
    """Return a value from elsewhere as part of a sentence: without secrets, on one line, visible, and cut to `most`."""
    return shortened(visible(redacted(text)), most)


def visible(text: str, keep: str = "") -> str:
    r"""Write what a terminal or a page would obey or hide as an escape, ``\x1b`` or ``\u202e``, but for `keep`."""
    return _escaped(text, keep, lambda char: char.encode("unicode_escape").decode())


def shortened(text: str, most: int = VALUE_CHARACTERS) -> str:
    """Cut a text in its middle where it is longer than `most`."""
    if len(text) <= most:
        return text
    tail = most // 3
    return f"{text[: most - tail - 1]}…{text[-tail:]}"


# Of peut-être, est-ce, week-end, compte-t-il, vont-elles.
INNER_HYPHEN = re.compile(r"(?<=[Pp]eut)-(?=être)|(?<=[Ee]st)-(?=ce)|(?<=[Ww]eek)-(?=end)|-(?=(t-)?(il|elle|on)s?\b)")


def unbroken(text: str) -> str:
    """Keep short French words on one line, as a large heading breaks at any hyphen."""
    return INNER_HYPHEN.sub("\u2011", text)


def redacted(text: str) -> str:
    """Hide what would open a door: passwords in addresses, what signs an address, tokens and keys after their name."""
    if any(sign in text for sign in "@=:"):
        for pattern, instead in SECRETS:
            text = pattern.sub(instead, text)
    return text


def json_text(data: Any, indent: int | None = None) -> str:  # noqa: ANN401 - whatever JSON can hold
    """Write data as JSON for people to read: letters as they are, what a terminal would obey as JSON's own escapes."""
    text = json.dumps(data, ensure_ascii=False, indent=indent, default=str)
    return _escaped(text, "\n", lambda char: json.dumps(char)[1:-1])


def _escaped(text: str, keep: str, escape: Callable[[str], str]) -> str:
    if text.isprintable():
        return text
    hidden = [char for char in set(text) - set(keep) if unicodedata.category(char) in HIDING]
    return text.translate({ord(char): escape(char) for char in hidden})


def tell(text: object) -> None:
    """Say a line, a text or a message, to who looks on, apart from the results."""
    print(visible(str(text), "\n"), file=sys.stderr, flush=True)  # noqa: T201
