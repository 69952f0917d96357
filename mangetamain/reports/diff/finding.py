"""Two findings' numbers: which moved, and whether inside the interval that they had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mangetamain.reports.diff.values import plain, same

Encoded = Mapping[str, Any]


@dataclass(frozen=True)
class NumberChange:
    """A field of a finding that is another one now.

    Parameters
    ----------
    name
        Dotted name; an item of a list goes by its own name, as in ``up[salt].change``.
    before, after
        Plain values, or ``value``, ``low`` and ``high`` of an estimate; None where there was or is none.
    inside
        For an estimate in both: whether the new value lies in the old interval.
    back
        And whether the old value lies in the new interval.
    """

    name: str
    before: Any
    after: Any
    inside: bool | None = None
    back: bool | None = None


def compare_findings(before: Encoded, after: Encoded) -> tuple[NumberChange, ...]:
    """Compare two findings field by field; of two kinds of finding, the fields that both have.

    Numbers are taken to six significant digits; an item that only one of them has comes once, not field by field.
    """
    # The verdict is compared by itself.
    old, new = ({name: leaf for name, leaf in _leaves(each) if name != "verdict"} for each in (before, after))
    names = [*new, *(name for name in old if name not in new)]
    if before["is"] != after["is"]:
        names = [name for name in names if name in old and name in new]
    found: dict[str, NumberChange] = {}
    for name in names:
        item = _item(name, new if name in old else old) if (name in old) != (name in new) else name
        if item != name:
            # The item itself came or went: its name says enough.
            found[item] = NumberChange(item, item if name in old else None, item if name in new else None)
        elif change := _change(name, old.get(name), new.get(name)):
            found[name] = change
    return tuple(found.values())


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - a field of any type
    """Walk an encoded finding: estimates whole, records by field, lists of records by their items' names."""
    if isinstance(value, Mapping) and value.get("is") != "Estimate":
        for field, item in value.items():
            if field != "is":
                yield from _leaves(item, f"{name}.{field}" if name else field)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for label, item in zip(_labels(value), value, strict=True):
            yield from _leaves(item, f"{name}[{label}]")
    elif isinstance(value, Mapping):
        if plain(value["value"]) is not None:
            yield name, {part: value.get(part) for part in ("value", "low", "high")}
    elif plain(value) not in (None, ()):
        yield name, value


def _labels(items: list[Encoded]) -> list[str]:
    """Call each item by its first text where those differ, else by its place."""
    texts = [next((v for k, v in item.items() if k != "is" and isinstance(v, str)), "") for item in items]
    return texts if len(set(texts)) == len(texts) else [str(place) for place in range(1, len(items) + 1)]


def _item(name: str, others: Mapping[str, Any]) -> str:
    """Return the item of a list that a field belongs to, when the others have no such item."""
    head = name.rpartition("]")[0] + "]"
    return name if "]" not in name or any(other.startswith(head) for other in others) else head


def _change(name: str, before: Any, after: Any) -> NumberChange | None:  # noqa: ANN401
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        if all(same(before[part], after[part]) for part in before):
            return None
        return NumberChange(name, before, after, _within(after, before), _within(before, after))
    return None if same(before, after) else NumberChange(name, before, after)


def _within(inner: Encoded, outer: Encoded) -> bool:
    """Whether one estimate's value lies in another one's interval; an unknown bound holds nothing."""
    value, low, high = (plain(part) for part in (inner["value"], outer["low"], outer["high"]))
    return None not in (value, low, high) and bool(low <= value <= high)
