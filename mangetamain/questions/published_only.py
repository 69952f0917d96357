"""What a published definition is of, and nothing else."""

from __future__ import annotations

from mangetamain.errors import BadInput
from mangetamain.language import N_, quoted

TEXT = N_(
    "{name} cannot be {value} where method is published: nothing was published of it; expected {name}={published}, or "
    "method=robust."
)


def only(name: str, value: str, *published: str) -> None:
    """Refuse a measure, a kind of term or a cut of time of which nothing was published.

    Raises
    ------
    BadInput
        When it is none of the published.
    """
    if value not in published:
        raise BadInput(TEXT, name=name, value=quoted(value), published=f", {name}=".join(published))
