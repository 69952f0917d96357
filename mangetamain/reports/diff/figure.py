"""Two figures: which traces came or went, and which of their points are elsewhere; never by their JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mangetamain.charts import Spec, values
from mangetamain.reports.diff.values import Change, changes, plain


@dataclass(frozen=True)
class Trace:
    """A trace as a reader sees it: its kind of mark, what it means, its name, and which of its like it is."""

    kind: str
    role: str
    name: str
    twin: int = 0


@dataclass(frozen=True)
class TraceDiff:
    """A trace of both figures: points that came, went and moved, the first that moved, and its name before."""

    trace: Trace
    added: int = 0
    gone: int = 0
    changed: int = 0
    first: Change | None = None
    was: str | None = None


@dataclass(frozen=True)
class FigureDiff:
    """What changed in a figure; `axes` are titles and the names of ticks."""

    added: tuple[Trace, ...] = ()
    gone: tuple[Trace, ...] = ()
    traces: tuple[TraceDiff, ...] = ()
    axes: tuple[Change, ...] = ()

    @property
    def noticed(self) -> bool:
        """Whether the figure looks otherwise."""
        return bool(self.added or self.gone or self.traces or self.axes)


def compare_figures(before: Spec, after: Spec, *, worded: bool = True) -> FigureDiff:
    """Compare two figures by their traces' data and, where they are in one language, by names and axes' titles."""
    old, new = _traces(before, worded), _traces(after, worded)
    gone, added = [trace for trace in old if trace not in new], [trace for trace in new if trace not in old]
    pairs = [(trace, trace) for trace in new if trace in old]
    for trace in tuple(added):
        # The same marks under another name: it was renamed.
        drawn = (trace.kind, trace.role, _data(new[trace]))
        if twin := next((one for one in gone if (one.kind, one.role, _data(old[one])) == drawn), None):
            gone.remove(twin)
            added.remove(trace)
            pairs.append((twin, trace))
    found = [_compare(one, other, old[one], new[other]) for one, other in pairs]
    return FigureDiff(
        added=tuple(added),
        gone=tuple(gone),
        traces=tuple(trace for trace in found if trace is not None),
        axes=changes(_axes(before), _axes(after)) if worded else (),
    )


def _traces(spec: Spec, worded: bool) -> dict[Trace, Mapping[str, Any]]:
    found: dict[Trace, Mapping[str, Any]] = {}
    seen: Counter[Trace] = Counter()
    for trace in spec.get("data", []):
        marks = (trace.get("type", "scatter"), trace.get("mode"), trace.get("orientation"), trace.get("fill"))
        role = (trace.get("meta") or {}).get("role", "")
        like = Trace("+".join(filter(None, marks)), role, (trace.get("name") or "") if worded else "")
        found[replace(like, twin=seen[like])] = trace
        seen[like] += 1
    return found


def _data(trace: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what a trace draws, by dimension; the lengths of error bars are dimensions too."""
    found = {name: values(trace[name]) for name in ("x", "y", "text") if trace.get(name) is not None}
    for error in ("error_x", "error_y"):
        bars = trace.get(error) or {}
        found |= {f"{error}.{name}": values(bars[name]) for name in ("array", "arrayminus") if name in bars}
    return {name: [plain(value) for value in column] for name, column in found.items()}


def _compare(one: Trace, other: Trace, before: Mapping[str, Any], after: Mapping[str, Any]) -> TraceDiff | None:
    was = one.name if one.name != other.name else None
    old, new = _data(before), _data(after)
    if old == new:
        return TraceDiff(other, was=was) if was is not None else None
    key = "y" if before.get("orientation") == "h" or "error_x.array" in old else "x"
    if not (_once(old.get(key)) and _once(new.get(key))):
        # Points without a place of their own, as in a cloud: each goes by all that it is.
        gone, added = _whole(old) - _whole(new), _whole(new) - _whole(old)
        return TraceDiff(other, added.total(), gone.total(), was=was) if gone or added else None
    was_at, is_at = _points(old, key), _points(new, key)
    moved = [Change(str(at), was_at[at], is_at[at]) for at in is_at if at in was_at and was_at[at] != is_at[at]]
    added_, gone_ = len(is_at.keys() - was_at.keys()), len(was_at.keys() - is_at.keys())
    if not (moved or added_ or gone_):
        return None
    return TraceDiff(other, added_, gone_, len(moved), next(iter(moved), None), was)


def _once(column: list[Any] | None) -> bool:
    return column is not None and len(column) == len(set(column))


def _points(data: Mapping[str, list[Any]], key: str) -> dict[Any, dict[str, Any]]:
    """Return each point's other dimensions by its place; a dimension that is too short has none."""
    others = [name for name in data if name != key]
    return {
        at: {name: data[name][place] if place < len(data[name]) else None for name in others}
        for place, at in enumerate(data[key])
    }


def _whole(data: Mapping[str, list[Any]]) -> Counter[tuple[Any, ...]]:
    size = max(map(len, data.values()), default=0)
    columns = ([(name, value) for value in column] + [None] * (size - len(column)) for name, column in data.items())
    return Counter(zip(*columns, strict=True))


def _axes(spec: Spec) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, axis in spec.get("layout", {}).items():
        if re.fullmatch(r"[xy]axis\d*", name):
            letter = name.replace("axis", "")
            found[letter] = (axis.get("title") or {}).get("text") or ""
            found[f"{letter}.ticks"] = [" ".join(name.split()) for name in axis.get("ticktext") or ()] or None
    return found
