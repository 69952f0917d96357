"""How a comparison writes names and values in the language that is spoken: decimals enough to show the difference."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from mangetamain import safe_text
from mangetamain.answers.cells import NOTHING, written
from mangetamain.answers.headings import heading
from mangetamain.finding import VERDICTS
from mangetamain.language import N_, say, spoken
from mangetamain.reports.diff.fields import known
from mangetamain.reports.diff.values import DECIMALS, DIGITS

ARROW = " → "


def verdict(value: Any) -> str:  # noqa: ANN401 - a verdict or None
    """Say a verdict."""
    return str(say(VERDICTS[value] if value in VERDICTS else N_("not judged")))


def field(name: str) -> str:
    """Return what a field, column or fact is called; a field of an item goes with the item's name."""
    if item := re.fullmatch(r"(\w+)\[(.+)\](?:\.(.+))?", name):
        head, label, tail = item.groups()
        kind = f"{head}[]" if f"{head}[]" in known() else head
        return f"{field(kind)} {shown(label, head)}" + (f", {field(tail)}" if tail else "")
    if label := known().get(name) or known().get(f"{name}[]"):
        return str(say(label))
    if "." in name:
        return " ".join(field(part) for part in name.split("."))
    column = heading(name)
    return str(column) if column else name.replace("_", " ")


def change(before: Any, after: Any, name: str = "", percent: float = 0) -> str:  # noqa: ANN401 - any two values
    """Say a value before and after, with the decimals that show the difference; see `fields.percent`."""
    if percent:
        before, after = _times(before, percent), _times(after, percent)
    decimals = _decimals(before, after)
    return ARROW.join(shown(value, name, decimals, percent=bool(percent)) for value in (before, after))


def _times(value: Any, factor: float) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        return {name: _times(part, factor) for name, part in value.items()}
    return value * factor if _finite(value) else value


def shown(value: Any, name: str = "", decimals: int = DECIMALS, *, percent: bool = False) -> str:  # noqa: ANN401
    """Write any value for a reader."""
    if isinstance(value, Mapping):
        parts = {part: shown(value[part], "", decimals, percent=percent) for part in ("value", "low", "high")}
        return str(say("{value} ({low} to {high})", **parts))
    if isinstance(value, list | tuple):
        return ", ".join(shown(item, name, decimals) for item in value) or NOTHING
    value = safe_text.shown(value) if isinstance(value, str) else value
    return written(value, spoken(), name, decimals, percent=percent)


def _decimals(before: Any, after: Any) -> int:  # noqa: ANN401
    """Return the decimals that show a difference by its two leading digits and neither value as nothing."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        pairs = [(before[part], after[part]) for part in ("value", "low", "high")]
    else:
        pairs = [(before, after)]
    sure = [(a, b) for a, b in pairs if _finite(a) and _finite(b)]
    gaps = [abs(a - b) for a, b in sure]
    gap = (gaps[0] or max(gaps)) if gaps else 0.0
    if not gap or all(isinstance(x, int) for pair in sure for x in pair):
        return DECIMALS
    sizes = [abs(x) for x in sure[0] if x]
    most = max(DIGITS - 1 - _exponent(max(sizes, default=1.0)), DECIMALS)
    return min(max(1 - _exponent(gap), -_exponent(min(sizes, default=1.0)), 0), most)


def _exponent(value: float) -> int:
    return math.floor(math.log10(value))


def _finite(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
