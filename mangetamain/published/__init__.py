"""Our numbers by the published method, held against the numbers that the predecessor published."""

from mangetamain.published.compare import Held, compare, held
from mangetamain.published.judged import HEADS, Judged, caution, judged, moved, write
from mangetamain.published.told import told

__all__ = ["HEADS", "Held", "Judged", "caution", "compare", "held", "judged", "moved", "told", "write"]
