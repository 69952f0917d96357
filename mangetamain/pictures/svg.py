"""A figure's plotly JSON as inline SVG: lines, bands, bars, dots, texts and axes, placed as plotly places them.

Colours are the page's custom properties, so that one picture follows either scheme; texts are texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np

from mangetamain.charts import HEIGHT_PIXELS, MOST_CHARACTERS, Spec, translated, values
from mangetamain.pictures.axis import DATE, Axis
from mangetamain.safe_text import shortened, visible

# Pixels of a picture on a desk and on a phone, and below which one is narrow, as draw.js has it.
WIDE, NARROW, NARROW_BELOW = 960, 340, 560
# Between two names of an axis, so many pixels at least.
APART_X, APART_Y = 80, 50
DASHES = {"dash": "9 6", "dot": "3 4"}
EDGE_PIXELS = 8
# Where a text stands to its point, of plotly's "top left": its baseline below the point, in ems, and its anchor.
UPRIGHT = {"top": -0.6, "middle": 0.35, "bottom": 1.2}
ANCHORS = {"left": "end", "center": "middle", "right": "start"}


def svg(spec: Spec, lang: str, *, width: int = WIDE, alt: str = "") -> str:
    """Draw a figure.

    Parameters
    ----------
    spec
        What `charts.spec_of` returns: messages are said here, and texts of the data are drawn letter by letter.
    lang
        Language of texts and numbers.
    width
        Pixels.
    alt
        What is said to who does not see it.

    Returns
    -------
    str
        An ``svg`` element, to be written into a page that has the charter's style.
    """
    return Picture(translated(spec, lang), lang, width).drawn(alt)


def letters(text: object) -> str:
    """Write a text of a figure as markup that shows it letter by letter."""
    return escape(shortened(visible(str(text)), MOST_CHARACTERS))


def wide(text: str, size: float) -> float:
    """Guess how many pixels a line takes."""
    return 0.56 * size * len(text)


@dataclass
class Picture:
    """One figure on its way to markup."""

    spec: Spec
    lang: str
    width: int
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.narrow = self.width < NARROW_BELOW
        self.size = 12.0 if self.narrow else 13.5
        self.layout, self.traces = self.spec.get("layout", {}), self.spec.get("data", [])
        self.flat = any(trace.get("orientation") == "h" for trace in self.traces)
        self.named = [trace for trace in self.traces if trace.get("showlegend") is not False and trace.get("name")]
        if len(self.named) < 2 or self.layout.get("showlegend") is False:
            self.named = []
        self.height = self.layout.get("height", HEIGHT_PIXELS)
        if self.narrow and self.layout.get("yaxis", {}).get("scaleanchor"):
            self.height = self.width
        self.axes = {name: self.axis(name) for name in ("x", "y", "y2") if name != "y2" or "yaxis2" in self.layout}

    def drawn(self, alt: str) -> str:
        """Return the whole element."""
        left, right, top, bottom = self.margins()
        self.axes["x"].start, self.axes["x"].end = left, self.width - right
        for name in self.axes.keys() - {"x"}:
            self.axes[name].start, self.axes[name].end = self.height - bottom, top
        if self.layout.get("yaxis", {}).get("scaleanchor"):
            self.square()
        for name in self.axes:
            self.parts.extend(self.scale(name))
        previous: tuple[np.ndarray, np.ndarray] | None = None
        for trace in self.traces:
            role = (trace.get("meta") or {}).get("role", "centre")
            marks = self.bars(trace) if trace.get("type") == "bar" else self.points(trace, previous)
            if trace.get("type") != "bar":
                previous = self.places(trace)
            see = f' opacity="{trace["opacity"]}"' if "opacity" in trace else ""
            self.parts.append(f'<g style="--role:var(--mm-{role})"{see}>{"".join(marks)}</g>')
        self.parts.extend(self.legend())
        label = f' role="img" aria-label="{letters(alt)}"' if alt else ' aria-hidden="true"'
        box = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        return f'<svg class="mm-picture" {box} font-size="{self.size}"{label}>{"".join(self.parts)}</svg>'

    # Axes

    def axis(self, name: str) -> Axis:
        """Read an axis: its kind, its names, and its ends as given or as its data need."""
        given = self.layout.get(f"{name[0]}axis{name[1:]}", {})
        held = [trace for trace in self.traces if trace.get(f"{name[0]}axis", name[0]) == name]
        data = [values(trace.get(name[0], [])) for trace in held]
        texts = [value for column in data for value in column if isinstance(value, str)]
        kind = given.get("type", "linear")
        if texts:
            kind = "date" if kind != "category" and all(map(DATE.match, texts)) else "category"
        ordered = [*values(given.get("categoryarray", [])), *texts] if kind == "category" else []
        axis = Axis(0, 1, kind=kind, names=list(dict.fromkeys(ordered)))
        axis.low, axis.high = given.get("range") or self.ends(axis, name, given, held)
        if given.get("autorange") == "reversed":
            axis.low, axis.high = axis.high, axis.low
        return axis

    def ends(self, axis: Axis, name: str, given: Mapping[str, Any], held: Sequence[Spec]) -> tuple[float, float]:
        """Say from where to where an axis goes for its data, with room beside what is not a bare line."""
        along = (name[0] == "y") != self.flat  # the axis of the values, not of what they are told by
        seen, loose = [], along
        for trace in held:
            at = axis.scaled(values(trace.get(name[0], [])))
            if trace.get("type") == "bar":
                base, half = values(trace.get("base", 0)), np.asarray(values(trace.get("width", 0.8)), dtype=float) / 2
                at = np.concatenate([np.add(base, at), np.add(base, 0 * at)] if along else [at - half, at + half])
            else:
                loose |= "markers" in trace.get("mode", "") or axis.kind == "category"
                at = np.concatenate([at, *self.whiskers(trace, name[0], at)])
            seen.append(at)
        found = np.concatenate(seen) if seen else np.array([])
        found = found[np.isfinite(found)]
        if not len(found):
            return 0.0, 1.0
        low, high = float(found.min()), float(found.max())
        if along and given.get("rangemode") == "tozero":
            low, high = min(low, 0.0), max(high, 0.0)
        room = 0.05 * (high - low or abs(high) or 1.0) * loose
        bare = along and 0.0 in (low, high) and (given.get("rangemode") or any(t.get("type") == "bar" for t in held))
        return low - room * (not bare or low < 0), high + room * (not bare or high > 0)

    def whiskers(self, trace: Spec, name: str, at: np.ndarray) -> list[np.ndarray]:
        """Return the two ends of the intervals of points, where they have some."""
        error = trace.get(f"error_{name}")
        if not error:
            return []
        up, down = (np.asarray(values(error.get(side, [])), dtype=float) for side in ("array", "arrayminus"))
        return [at - down, at + up]

    def named_places(self, name: str) -> list[tuple[float, str]]:
        """Return what is written beside an axis, and where."""
        given, axis = self.layout.get(f"{name[0]}axis{name[1:]}", {}), self.axes[name]
        if given.get("showticklabels") is False or not self.traces:
            return []
        if given.get("tickmode") == "array":
            texts = given.get("ticktext")
            at = axis.pixels(values(given.get("tickvals", [])))
            return [(place, str(text)) for place, text in zip(at.tolist(), texts, strict=True) if np.isfinite(place)]
        long = abs(axis.end - axis.start)
        most = int(long / (APART_X if name == "x" else APART_Y)) if long > 1 else 6
        return axis.ticks(max(2, most), self.lang, given.get("tickformat", ""))

    def margins(self) -> tuple[float, float, float, float]:
        """Leave room for names and titles: left, right, top, bottom."""
        sides = {}
        for name in self.axes.keys() - {"x"}:
            self.axes[name].start, self.axes[name].end = self.height, 0
            lines = [part for _, text in self.named_places(name) for part in text.split("\n")]
            sides[name] = max((wide(shortened(line, MOST_CHARACTERS), self.size) for line in lines), default=0) + 10
        titled = bool(self.title("y"))
        left = sides["y"] + EDGE_PIXELS + (self.size + 6) * titled
        legend = len(self.rows()) * (self.size + 8)
        bottom = EDGE_PIXELS + (self.size + 8) * (1 + bool(self.title("x"))) + legend * self.narrow
        return left, sides.get("y2", 24 if not self.narrow else 12), 16 + legend * (not self.narrow), bottom

    def square(self) -> None:
        """Give both axes the same pixels a unit, in the middle of what there is."""
        x, y = self.axes["x"], self.axes["y"]
        unit = min(abs(axis.end - axis.start) / (axis.high - axis.low) for axis in (x, y))
        for axis, way in ((x, 1), (y, -1)):
            middle, half = (axis.start + axis.end) / 2, unit * (axis.high - axis.low) / 2
            axis.start, axis.end = middle - way * half, middle + way * half

    def title(self, name: str) -> str:
        """Return an axis's title."""
        return letters(self.layout.get(f"{name}axis", {}).get("title", {}).get("text") or "")

    def scale(self, name: str) -> Iterator[str]:
        """Draw an axis: its grid or its line, the names of places, its title."""
        x, y, given = self.axes["x"], self.axes["y"], self.layout.get(f"{name[0]}axis{name[1:]}", {})
        upright = (name[0] == "y") != self.flat
        places = self.named_places(name)
        if name[0] == "x":
            turned = sum(wide(text, self.size) + 8 for _, text in places) > x.end - x.start + 40
            for at, text in places:
                if upright and given.get("showgrid") is not False:
                    yield f'<path class="mm-grid" d="M{at:.1f} {y.start:.1f}V{y.end:.1f}"/>'
                below = y.start + self.size + 6
                if turned:
                    yield f'<text transform="translate({at:.1f} {below - 4:.1f}) rotate(-45)" text-anchor="end">{letters(text)}</text>'
                else:
                    yield f'<text x="{at:.1f}" y="{below:.1f}" text-anchor="middle">{letters(text)}</text>'
            if not upright and given.get("showline") is not False:
                yield f'<path class="mm-axis" d="M{x.start:.1f} {y.start:.1f}H{x.end:.1f}"/>'
            if title := self.title("x"):
                below = y.start + 2 * (self.size + 7)
                yield f'<text x="{(x.start + x.end) / 2:.1f}" y="{below:.1f}" text-anchor="middle">{title}</text>'
            return
        beside, anchor = (x.end + 6, "start") if name == "y2" else (x.start - 6, "end")
        for at, text in places:
            if upright and name == "y" and given.get("showgrid") is not False:
                yield f'<path class="mm-grid" d="M{x.start:.1f} {at:.1f}H{x.end:.1f}"/>'
            yield self.lines(beside, at, text, anchor)
        if name == "y" and (title := self.title("y")):
            middle = f"{EDGE_PIXELS + self.size - 2:.1f} {(y.start + y.end) / 2:.1f}"
            yield f'<text transform="translate({middle}) rotate(-90)" text-anchor="middle">{title}</text>'

    def lines(self, x: float, y: float, text: str, anchor: str, upright: float = 0.35) -> str:
        """Write a text of one line or more, its middle at a point."""
        written = text.split("\n")
        first = y + self.size * (upright - 0.6 * (len(written) - 1))
        spans = [
            f'<tspan x="{x:.1f}" y="{first + i * 1.2 * self.size:.1f}">{letters(part)}</tspan>'
            for i, part in enumerate(written)
        ]
        inside = "".join(spans) if len(written) > 1 else letters(text)
        return f'<text x="{x:.1f}" y="{first:.1f}" text-anchor="{anchor}">{inside}</text>'

    # Marks

    def places(self, trace: Spec) -> tuple[np.ndarray, np.ndarray]:
        """Return where the points of a trace lie."""
        x, y = self.axes[trace.get("xaxis", "x")], self.axes[trace.get("yaxis", "y")]
        return x.pixels(values(trace.get("x", []))), y.pixels(values(trace.get("y", [])))

    def points(self, trace: Spec, previous: tuple[np.ndarray, np.ndarray] | None) -> Iterator[str]:
        """Draw a line, a band, dots with their intervals, or texts."""
        x, y = self.places(trace)
        mode, line = trace.get("mode", "lines"), trace.get("line", {})
        fill = trace.get("fill")
        if fill == "tonexty" and previous is not None:
            x, y = np.concatenate([previous[0], x[::-1]]), np.concatenate([previous[1], y[::-1]])
        if fill:
            yield f'<path class="mm-fill" d="{path(x, y)}Z"/>'
        elif "lines" in mode and line.get("width") != 0:
            dash = f' stroke-dasharray="{DASHES[line["dash"]]}"' if line.get("dash") in DASHES else ""
            thick = f' stroke-width="{line["width"]}"' if "width" in line else ""
            yield f'<path class="mm-line" d="{path(x, y)}"{dash}{thick}/>'
        marker = trace.get("marker", {})
        if "markers" in mode:
            yield from self.intervals(trace, x, y)
            radius = marker.get("size", 6 if self.narrow else 8) / 2
            for at_x, at_y, see in zip(x, y, shades(marker, len(x)), strict=True):
                if np.isfinite(at_x + at_y):
                    yield mark(marker.get("symbol", "circle"), at_x, at_y, radius, see)
        if "text" in mode:
            yield from self.texts(trace, x, y)

    def intervals(self, trace: Spec, x: np.ndarray, y: np.ndarray) -> Iterator[str]:
        """Draw the interval of each point."""
        for name, own, other in (("y", y, x), ("x", x, y)):
            axis = self.axes[trace.get(f"{name}axis", name)]
            ends = self.whiskers(trace, name, axis.scaled(values(trace.get(name, []))))
            if not ends:
                continue
            unit = (axis.end - axis.start) / (axis.high - axis.low)
            lows, highs = (axis.start + (end - axis.low) * unit for end in ends)
            for low, high, at in zip(lows, highs, other, strict=True):
                if np.isfinite(low + high + at):
                    way = f"M{at:.1f} {low:.1f}V{high:.1f}" if name == "y" else f"M{low:.1f} {at:.1f}H{high:.1f}"
                    yield f'<path class="mm-line" stroke-width="1.5" d="{way}"/>'

    def texts(self, trace: Spec, x: np.ndarray, y: np.ndarray) -> Iterator[str]:
        """Write texts at their points."""
        where = trace.get("textposition", "middle center")
        spots = [where] * len(x) if isinstance(where, str) else where
        for at_x, at_y, text, spot in zip(x, y, self.said(trace, len(x)), spots, strict=True):
            if np.isfinite(at_x + at_y):
                upright, beside = spot.split()
                yield self.lines(at_x, at_y, text, ANCHORS[beside], UPRIGHT[upright])

    def said(self, trace: Spec, count: int) -> list[str]:
        """Return a trace's texts: its own, or its numbers as its template wants them."""
        form = re.search(r"customdata:\.(\d)%", trace.get("texttemplate", ""))
        if not form:
            return list(map(str, trace.get("text", [""] * count)))
        from mangetamain.language import Number

        return [Number(each, int(form[1]), percent=True).render(self.lang) for each in values(trace["customdata"])]

    def bars(self, trace: Spec) -> Iterator[str]:
        """Draw bars, standing or lying, from zero or from where each is told to begin."""
        flat = trace.get("orientation") == "h"
        along, across = ("x", "y") if flat else ("y", "x")
        own, other = self.axes[along], self.axes[across]
        long, place = np.asarray(values(trace[along]), dtype=float), other.scaled(values(trace[across]))
        base = np.broadcast_to(np.asarray(values(trace.get("base", 0)), dtype=float), long.shape)
        half = np.broadcast_to(np.asarray(values(trace.get("width", 0.8)), dtype=float), long.shape) / 2
        other = Axis(other.low, other.high, other.start, other.end)
        ends = zip(own.pixels(base), own.pixels(base + long), other.pixels(place - half), other.pixels(place + half), strict=True)
        texts = self.said(trace, len(long)) if "texttemplate" in trace else [""] * len(long)
        for (start, end, one, two), see, text in zip(ends, shades(trace.get("marker", {}), len(long)), texts, strict=True):
            if not np.isfinite(start + end + one + two):
                continue
            (left, right), (top, bottom) = (sorted((start, end)), sorted((one, two))) if flat else (sorted((one, two)), sorted((start, end)))
            yield f'<rect class="mm-bar" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"{see}/>'
            if text:
                yield self.lines((left + right) / 2, top - 4, text, "middle", 0)

    # Legend

    def rows(self) -> list[list[tuple[float, Spec]]]:
        """Place the names of the legend in rows: each with its left edge."""
        rows: list[list[tuple[float, Spec]]] = []
        room, at = self.width - 2 * EDGE_PIXELS, 0.0
        for trace in self.named:
            long = 34 + wide(letters(trace["name"]), self.size) + 14
            if not rows or at + long > room:
                rows.append([])
                at = 0.0
            rows[-1].append((at, trace))
            at += long
        return rows

    def legend(self) -> Iterator[str]:
        """Draw each name with its mark, above the figure or, on a phone, below."""
        rows, step = self.rows(), self.size + 8
        first = self.height - len(rows) * step + self.size - 2 if self.narrow else self.size + 2
        for number, row in enumerate(rows):
            y = first + number * step
            for left, trace in row:
                x, role = left + EDGE_PIXELS, (trace.get("meta") or {}).get("role", "centre")
                yield f'<g style="--role:var(--mm-{role})">{key(trace, x, y - 0.35 * self.size)}</g>'
                yield f'<text x="{x + 34:.1f}" y="{y:.1f}">{letters(trace["name"])}</text>'


def key(trace: Spec, x: float, y: float) -> str:
    """Draw what stands before a name of the legend: a small piece of what it names."""
    if trace.get("type") == "bar":
        return f'<rect class="mm-bar" x="{x + 8:.1f}" y="{y - 5:.1f}" width="14" height="10"/>'
    if trace.get("fill"):
        return f'<rect class="mm-fill" x="{x:.1f}" y="{y - 5:.1f}" width="28" height="10"/>'
    if trace.get("mode") == "markers":
        return mark(trace.get("marker", {}).get("symbol", "circle"), x + 14, y, 4, "")
    line = trace.get("line", {})
    dash = f' stroke-dasharray="{DASHES[line["dash"]]}"' if line.get("dash") in DASHES else ""
    return f'<path class="mm-line" d="M{x:.1f} {y:.1f}h28"{dash}/>'


def mark(symbol: str, x: float, y: float, radius: float, see: str) -> str:
    """Draw one point."""
    if symbol == "diamond":
        wide = 1.3 * radius
        return f'<path class="mm-bar" d="M{x:.1f} {y - wide:.1f}l{wide:.1f} {wide:.1f}l{-wide:.1f} {wide:.1f}l{-wide:.1f} {-wide:.1f}Z"{see}/>'
    return f'<circle class="mm-bar" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"{see}/>'


def shades(marker: Mapping[str, Any], count: int) -> Iterable[str]:
    """Say how much is seen of each mark."""
    see = marker.get("opacity")
    if see is None:
        return [""] * count
    given = values(see)
    return [f' opacity="{each:g}"' for each in (given if len(given) == count else given * count)]


def path(x: np.ndarray, y: np.ndarray) -> str:
    """Write a line through points, which stops where one is missing."""
    known = np.isfinite(x) & np.isfinite(y)
    starts = np.flatnonzero(known & ~np.concatenate([[False], known[:-1]]))
    ends = np.flatnonzero(known & ~np.concatenate([known[1:], [False]])) + 1
    return "".join(
        "M" + "L".join(f"{one:.1f} {two:.1f}" for one, two in zip(x[start:end], y[start:end], strict=True))
        for start, end in zip(starts, ends, strict=True)
    )
