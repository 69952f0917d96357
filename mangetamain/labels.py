"""What a figure says of itself: names where lines end, moved apart, and how long a change that matters would be."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np

from mangetamain.charts import HEIGHT_PIXELS, Spec, values

# Pixels of a letter's width and of a line, of the most that a name takes, and of what it is away from its mark.
LETTER_PIXELS, LINE_PIXELS, CHARACTERS, MOST_LINES, AWAY = 7.4, 17, 14, 6, 10
# Half the pixels of what ends a length.
CAP = 6
# Pixels above and below the marks of a figure, which its height holds too: titles and names of its axes.
AROUND = 110
# What is left free beyond the lowest and the highest mark, of what lies between them.
ROOM = 0.0556
# Years and names of an axis that are few.
FEW_YEARS, FEW_NAMES = 7, 4
WAYS = {"array": 1, "arrayminus": -1}


def apart(places: Sequence[float], sizes: Sequence[float], low: float = -np.inf, high: float = np.inf) -> np.ndarray:
    """Move what overlaps apart, in the order it stands in, each by as little as possible.

    Parameters
    ----------
    places, sizes
        The middle of each thing and how much of the line it takes.
    low, high
        Ends of the line; where all of it does not fit between them, it reaches over the upper one.

    Returns
    -------
    ndarray
        New middles, with the least sum of squared moves: less what stands before each, they must not fall, and the
        nearest that do not are means of neighbours that do (isotonic regression by pooling).
    """
    order = np.argsort(places, kind="stable")
    long = np.asarray(sizes, dtype=float)[order]
    before = np.concatenate([[0.0], np.cumsum((long[:-1] + long[1:]) / 2)])[: len(long)]
    pools: list[tuple[float, int]] = []
    for free in np.asarray(places, dtype=float)[order] - before:
        pools.append((float(free), 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, n), (other, m) = pools[-2:]
            pools[-2:] = [((one * n + other * m) / (n + m), n + m)]
    moved = np.repeat([mean for mean, _ in pools], [n for _, n in pools])
    if len(long):
        moved = np.maximum(np.minimum(moved, high - before[-1] - long[-1] / 2), low + long[0] / 2)
    found = np.empty(len(long))
    found[order] = moved + before
    return found


def extent(spec: Spec) -> tuple[float, float]:
    """Say from where to where the values of a figure go, with room beyond them, but for marks that may lie outside."""
    given = spec["layout"].get("yaxis", {})
    if given.get("range"):
        low, high = given["range"]
        return low, high
    seen = [trace for trace in spec["data"] if "outside" not in trace.get("meta", {})]
    from_zero = given.get("rangemode") == "tozero" or any(trace.get("type") == "bar" for trace in seen)
    ends = [np.zeros(int(from_zero))]
    for trace in seen:
        at, error = _numbers(trace.get("y", [])), trace.get("error_y", {})
        ends += [at, *(at + way * _numbers(error[side]) for side, way in WAYS.items() if side in error)]
    known = np.concatenate(ends)
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    room = ROOM * ((high - low) or abs(high) or 1.0)
    return (low if from_zero and low == 0 else low - room), high + room


def placed(spec: Spec) -> Spec:
    """Write at the right edge of a figure, whose texts are in a language, what stands there.

    Returns
    -------
    dict
        The same figure with an annotation for each name, called by its role, a margin that they fit in, and, where it
        has a yardstick or marks that may lie outside, the ends of its axis.
    """
    layout, data = dict(spec["layout"]), spec["data"]
    _name_places(layout, data)
    marked = [trace for trace in data if "end" in trace.get("meta", {})]
    named = [(trace["name"], trace["meta"]["role"], trace["meta"]["end"]) for trace in marked]
    low, high = extent(spec)
    if stick := layout.get("meta", {}).get("yardstick"):
        size = stick["size"]
        short = max(0.0, 1.2 * size - (high - low)) / 2
        low, high = low - short, high + short
        if stick["text"]:
            # Near the end of the axis that the other names leave free, but not on it: it is no mark of the axis.
            middle, free = np.mean([end for *_, end in named] or [high]), 0.04 * (high - low)
            base = low + free if middle - low > high - middle else high - size - free
            named.append((stick["text"], "mute", base + size / 2))
            layout["shapes"] = _bracket(base, base + size)
    unit = (high - low) / max(layout.get("height", HEIGHT_PIXELS) - AROUND, AROUND)
    dates = layout.get("meta", {}).get("dates", [])
    high += LINE_PIXELS * unit * len(dates)
    if dates:
        _mark(layout, data, dates, low, high - LINE_PIXELS * unit * np.arange(len(dates)))
    if stick or dates or any("outside" in trace.get("meta", {}) for trace in data):
        layout["yaxis"] = {**layout.get("yaxis", {}), "range": [low, high]}
    if named:
        lines = [wrap(name, CHARACTERS, max_lines=MOST_LINES, placeholder="…") for name, *_ in named]
        where = apart([end for *_, end in named], [(LINE_PIXELS * len(each) + 2) * unit for each in lines], low, high)
        edge = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": AWAY, "yref": "y", "yanchor": "middle"}
        notes = [
            {"text": "\n".join(each), "name": role, "y": float(y), **edge, "align": "left", "showarrow": False}
            for each, (_, role, _), y in zip(lines, named, where, strict=True)
        ]
        longest = max(len(line) for each in lines for line in each)
        layout["annotations"] = [*layout.get("annotations", []), *notes]
        layout["margin"] = {"r": round(AWAY + LETTER_PIXELS * longest + 6)}
    return {**spec, "layout": layout}


def _mark(layout: Spec, data: Sequence[Spec], dates: Sequence[Spec], low: float, heights: np.ndarray) -> None:
    """Write dates above the marks, each at a height of its own, on the side of its place where there is more room."""
    places = sorted(each for trace in data for each in values(trace.get("x", [])) if each is not None)
    middle = places[len(places) // 2]
    upright = {"type": "line", "xref": "x", "y0": low, "line": {"dash": "dot", "width": 1}}
    notes, shapes = list(layout.get("annotations", [])), list(layout.get("shapes", []))
    for each, height in zip(dates, heights.tolist(), strict=True):
        at, name = each["at"], each["role"]
        side, way = ("right", -1) if at > middle else ("left", 1)
        note = {"x": at, "xref": "x", "xanchor": side, "xshift": 4 * way, "y": height, "yref": "y", "yanchor": "top"}
        notes.append({"text": each["text"], "name": name, **note, "showarrow": False})
        shapes.append({**upright, "x0": at, "x1": at, "y1": height, "name": name})
    layout["annotations"], layout["shapes"] = notes, shapes


def _bracket(low: float, high: float) -> list[Spec]:
    """Return a length along the right edge, with a cap at each end, as shapes whose width is in pixels."""
    edge = {"type": "line", "xref": "paper", "xsizemode": "pixel", "xanchor": 1, "name": "mute"}
    ends = ((0, 0, low, high), (-CAP, CAP, low, low), (-CAP, CAP, high, high))
    return [{**edge, **dict(zip(("x0", "x1", "y0", "y1"), each, strict=True))} for each in ends]


def _name_places(layout: Spec, data: Sequence[Spec]) -> None:
    """Name each of a few years, for plotly would name halves; write a few long names on more lines than one."""
    axis = layout.get("xaxis", {})
    names = axis.get("ticktext", [])
    if axis.get("tickformat") == "d" and _span(data) < FEW_YEARS:
        layout["xaxis"] = {**axis, "dtick": 1}
    elif 0 < len(names) <= FEW_NAMES:
        layout["xaxis"] = {**axis, "ticktext": ["\n".join(wrap(name, CHARACTERS)) for name in names]}


def _span(data: Sequence[Spec]) -> float:
    """Say over how many years a figure goes."""
    years = np.concatenate([_numbers(trace.get("x", [])) for trace in data] or [np.zeros(0)])
    return float(np.ptp(years)) if len(years) else 0.0


def _numbers(data: Any) -> np.ndarray:  # noqa: ANN401 - a trace's, a list or packed
    """Read data of a trace as numbers; what is none is missing."""
    return np.array([each if isinstance(each, int | float) else np.nan for each in values(data)], dtype=float)
