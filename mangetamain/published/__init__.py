"""Our numbers by the published method, held against the numbers that the predecessor published."""

from mangetamain.published.compare import Held, compare, held

__all__ = ["Held", "compare", "held"]
