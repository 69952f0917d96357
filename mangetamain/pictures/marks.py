"""The marks of a picture: each trace of a figure as SVG, on the axes it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from mangetamain.charts import MOST_CHARACTERS, Spec, values
from mangetamain.pictures.axis import Axis
from mangetamain.safe_text import shortened, visible

DASHES = {"dash": "9 6", "dot": "3 4"}
# Where a text stands to its point, of plotly's "top left": its baseline below the point, in ems, and its anchor.
UPRIGHT = {"top": -0.6, "middle": 0.35, "bottom": 1.2}
AWAY = {"top": -1, "middle": 0, "bottom": 1}
ANCHORS = {"left": "end", "center": "middle", "right": "start"}
# Pixels of a line through an interval.
THIN = 1.5


def letters(text: object) -> str:
    """Write a text of a figure as markup that shows it letter by letter."""
    return escape(shortened(visible(str(text)), MOST_CHARACTERS))


def role(trace: Spec) -> str:
    """Return what a trace means."""
    return str((trace.get("meta") or {}).get("role", "centre"))


def written(
    x: float, y: float, text: str, anchor: str, size: float, upright: float = 0.35, *, about: str = ""
) -> str:  # fmt: skip
    """Write a text of one line or more about a point, in the colour of the role that it is about."""
    parts = text.split("\n")
    first = y + size * (upright - 0.6 * (len(parts) - 1))
    ink = f' style="fill:var(--mm-ink-{about})"' if about else ""
    if len(parts) == 1:
        return f'<text x="{x:.1f}" y="{first:.1f}" text-anchor="{anchor}"{ink}>{letters(text)}</text>'
    spans = (
        f'<tspan x="{x:.1f}" y="{first + i * 1.2 * size:.1f}">{letters(part)}</tspan>' for i, part in enumerate(parts)
    )
    return f'<text text-anchor="{anchor}"{ink}>{"".join(spans)}</text>'


def whiskers(trace: Spec, name: str, at: np.ndarray) -> list[np.ndarray]:
    """Return the two ends of the intervals of points along an axis, x or y, where they have some."""
    error = trace.get(f"error_{name}")
    if not error:
        return []
    up, down = (np.asarray(values(error.get(side, [])), dtype=float) for side in ("array", "arrayminus"))
    return [at - down, at + up]


@dataclass
class Marks:
    """Draws traces one after the other, for a band lies between two of them.

    Parameters
    ----------
    axes
        By name: x, y and, where a figure has names on both sides, y2.
    size, radius
        Pixels of a letter's height and, where a trace says none, half of a dot's width.
    """

    axes: Mapping[str, Axis]
    size: float
    radius: float
    before: tuple[np.ndarray, np.ndarray] | None = None

    def drawn(self, trace: Spec) -> str:
        """Draw a trace."""
        marks = self.bars(trace) if trace.get("type") == "bar" else self.points(trace)
        see = f' opacity="{trace["opacity"]}"' if "opacity" in trace else ""
        return f'<g style="color:var(--mm-{role(trace)})"{see}>{"".join(marks)}</g>'

    def of(self, trace: Spec, name: str) -> Axis:
        """Return the axis, x or y, that a trace is drawn on."""
        return self.axes[trace.get(f"{name}axis", name)]

    def points(self, trace: Spec) -> Iterator[str]:
        """Draw a line, a band, dots with their intervals, or texts."""
        x, y = (self.of(trace, name).pixels(values(trace.get(name, []))) for name in ("x", "y"))
        mode, line, fill, before = trace.get("mode", "lines"), trace.get("line", {}), trace.get("fill"), self.before
        self.before = x, y
        if fill:
            if fill == "tonexty" and before is not None:
                x, y = (np.concatenate([old, new[::-1]]) for old, new in zip(before, (x, y), strict=True))
            yield f'<path class="mm-fill" d="{path(x, y)}Z"/>'
        elif "lines" in mode and line.get("width") != 0:
            yield f'<path class="mm-line" d="{path(x, y)}"{_look(line)}/>'
        if "markers" in mode:
            yield from self.intervals(trace, "y", x)
            yield from self.intervals(trace, "x", y)
            marker = trace.get("marker", {})
            radius = marker["size"] / 2 if "size" in marker else self.radius
            for place_x, place_y, see in zip(x, y, _shades(marker, len(x)), strict=True):
                if np.isfinite(place_x + place_y):
                    yield dot(marker.get("symbol", "circle"), place_x, place_y, radius, see)
        if "text" in mode:
            yield from self.texts(trace, x, y)

    def intervals(self, trace: Spec, along: str, other: np.ndarray) -> Iterator[str]:
        """Draw the interval of each point along an axis; `other` are the pixels on the other one."""
        axis = self.of(trace, along)
        ends = [axis.placed(end) for end in whiskers(trace, along, axis.scaled(values(trace.get(along, []))))]
        for low, high, at in zip(*ends, other, strict=True) if ends else ():
            if np.isfinite(low + high + at):
                way = f"M{at:.1f} {low:.1f}V{high:.1f}" if along == "y" else f"M{low:.1f} {at:.1f}H{high:.1f}"
                yield f'<path class="mm-line" stroke-width="{THIN}" d="{way}"/>'

    def texts(self, trace: Spec, x: np.ndarray, y: np.ndarray) -> Iterator[str]:
        """Write texts at their points."""
        where = trace.get("textposition", "middle center")
        spots = [where] * len(x) if isinstance(where, str) else where
        for place_x, place_y, text, spot in zip(x, y, trace["text"], spots, strict=True):
            if np.isfinite(place_x + place_y):
                upright, beside = spot.split()
                # More lines than one go on away from the point.
                more = AWAY[upright] * 0.6 * self.size * str(text).count("\n")
                place = place_x, place_y + more, str(text), ANCHORS[beside], self.size, UPRIGHT[upright]
                yield written(*place, about=role(trace))

    def bars(self, trace: Spec) -> Iterator[str]:
        """Draw bars, standing or lying, from zero or from where each is told to begin."""
        flat = trace.get("orientation") == "h"
        along, across = ("x", "y") if flat else ("y", "x")
        own, other = self.of(trace, along), self.of(trace, across)
        long, place = np.asarray(values(trace[along]), dtype=float), other.scaled(values(trace[across]))
        base, width = (np.asarray(values(trace.get(name, usual))) for name, usual in (("base", 0), ("width", 0.8)))
        ends = np.stack(np.broadcast_arrays(
            *(own.placed(own.scaled(edge)) for edge in (base + 0 * long, base + long)),
            *(other.placed(place + side * width / 2) for side in (-1, 1)),
        ), axis=1)  # fmt: skip
        texts = [*trace.get("text", []), *[""] * len(long)][: len(long)]
        for pair, see, text in zip(ends, _shades(trace.get("marker", {}), len(long)), texts, strict=True):
            if np.isfinite(pair).all():
                lengthwise, sideways = np.sort(pair[:2]), np.sort(pair[2:])
                (left, right), (top, bottom) = (lengthwise, sideways) if flat else (sideways, lengthwise)
                yield rectangle(left, top, right - left, bottom - top, see)
                if text:
                    yield written((left + right) / 2, top - 4, str(text), "middle", self.size, 0)


def key(trace: Spec, x: float, y: float) -> str:
    """Draw what stands before a name of the legend: a small piece of what it names."""
    if trace.get("type") == "bar":
        return rectangle(x + 8, y - 5, 14, 10)
    return f'<path class="mm-line" d="M{x:.1f} {y:.1f}h28"{_look(trace.get("line", {}))}/>'


def rectangle(x: float, y: float, width: float, height: float, see: str = "") -> str:
    """Draw a bar."""
    return f'<rect class="mm-bar" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{see}/>'


def segment(shape: Spec, x: Axis, y: Axis) -> str:
    """Draw a piece of a line between two places, or so many pixels left and right of one."""
    down = y.pixels([shape["y0"], shape["y1"]])
    if shape.get("xsizemode") == "pixel":
        across = [_place(x, shape["xref"], shape["xanchor"]) + shape[end] for end in ("x0", "x1")]
    else:
        across = [_place(x, shape["xref"], shape[end]) for end in ("x0", "x1")]
    look = _look({"width": 2.5, **shape.get("line", {})})
    way = f"M{across[0]:.1f} {down[0]:.1f}L{across[1]:.1f} {down[1]:.1f}"
    return f'<path class="mm-line"{look} style="color:var(--mm-{shape["name"]})" d="{way}"/>'


def noted(note: Spec, x: Axis, y: Axis, size: float) -> str:
    """Write an annotation."""
    across = _place(x, note["xref"], note["x"]) + note.get("xshift", 0)
    down = _place(y, note["yref"], note["y"])
    anchor = {"left": "start", "right": "end"}.get(note.get("xanchor", ""), "middle")
    upright = 1.0 if note.get("yanchor") == "top" else 0.35
    return written(across, down, note["text"], anchor, size, upright, about=note.get("name", ""))


def _place(axis: Axis, of: str, value: Any) -> float:  # noqa: ANN401 - a number or a date
    """Return the pixel of a value of an axis or, of the paper, of a share of its length."""
    return axis.start + value * (axis.end - axis.start) if of == "paper" else float(axis.pixels([value])[0])


def dot(symbol: str, x: float, y: float, radius: float, see: str = "") -> str:
    """Draw one point."""
    if symbol == "diamond":
        to = 1.3 * radius
        sides = f"l{to:.1f} {to:.1f} {-to:.1f} {to:.1f} {-to:.1f} {-to:.1f}Z"
        return f'<path class="mm-bar" d="M{x:.1f} {y - to:.1f}{sides}"{see}/>'
    return f'<circle class="mm-bar" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"{see}/>'


def path(x: np.ndarray, y: np.ndarray) -> str:
    """Write a line through points, which stops where one is missing."""
    known = np.isfinite(x) & np.isfinite(y)
    starts = np.flatnonzero(known & ~np.concatenate([[False], known[:-1]]))
    ends = np.flatnonzero(known & ~np.concatenate([known[1:], [False]])) + 1
    return "".join(
        "M" + "L".join(f"{one:.1f} {two:.1f}" for one, two in zip(x[start:end], y[start:end], strict=True))
        for start, end in zip(starts, ends, strict=True)
    )


def _look(line: Mapping[str, Any]) -> str:
    dash = f' stroke-dasharray="{DASHES[line["dash"]]}"' if line.get("dash") in DASHES else ""
    return dash + (f' stroke-width="{line["width"]}"' if "width" in line else "")


def _shades(marker: Mapping[str, Any], count: int) -> Sequence[str]:
    """Say how much is seen of each mark."""
    given = values(marker["opacity"]) if "opacity" in marker else []
    return [f' opacity="{each:g}"' for each in np.resize(given, count)] if given else [""] * count
