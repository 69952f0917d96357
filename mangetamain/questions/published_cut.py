"""The cut of time that a published definition has, and no other."""

from __future__ import annotations

from mangetamain.errors import BadInput
from mangetamain.language import N_

TEXT = N_(
    "by cannot be {value} where method is published: nothing was published by it; expected by={published}, or "
    "method=robust."
)


def only(by: str, *published: str) -> None:
    """Refuse a cut of time by which nothing was published.

    Raises
    ------
    BadInput
        When it is another one than the published.
    """
    if by not in published:
        raise BadInput(TEXT, value=repr(by), published=", by=".join(published))
