"""What a newcomer starts with: the synthetic sample, where there are no data."""

from __future__ import annotations

from mangetamain import stopping
from mangetamain.errors import NoWarehouse
from mangetamain.warehouse import build, connect


def make_sample() -> None:
    """Make the synthetic sample where there are no data; what cannot be read is left for who reads it to tell."""
    try:
        connect().info  # noqa: B018 - looks
    except NoWarehouse:
        print("Mangetamain makes its synthetic sample", flush=True)  # noqa: T201
        build(progress=lambda _line: stopping.raise_if_stopped())
