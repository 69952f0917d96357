"""When two values are the same to a reader: floats to six significant digits, and never coarser than two decimals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Sums of floats over several threads differ from run to run, in their last digits; nobody reads beyond the sixth.
DIGITS = 6
DECIMALS = 2  # what a table shows of a large number


@dataclass(frozen=True)
class Change:
    """A named value that is another one now; None where there was or is none."""

    name: str
    before: Any
    after: Any


def plain(value: Any) -> Any:  # noqa: ANN401 - what JSON can hold
    """Return a value by which equal ones can be found: rounded, lists as tuples, and no number as None."""
    if isinstance(value, list | tuple):
        return tuple(plain(item) for item in value)
    if not isinstance(value, float) or math.isinf(value):
        return value
    if math.isnan(value):
        return None
    exponent = math.floor(math.log10(abs(value))) if value else 0
    return round(value, max(DIGITS - 1 - exponent, DECIMALS)) + 0.0


def same(before: Any, after: Any) -> bool:  # noqa: ANN401
    """Whether two values look alike; 1 and True do not."""
    first, second = plain(before), plain(after)
    return bool(first == second) and isinstance(first, bool) == isinstance(second, bool)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return the names whose values differ, in the order of the second, then those that are gone."""
    names = [*after, *(name for name in before if name not in after)]
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return tuple(Change(name, old, new) for name, old, new in pairs if not same(old, new))
