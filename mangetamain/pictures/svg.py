"""A figure's plotly JSON as inline SVG: axes, marks and legend, placed as plotly places them.

Colours are the page's custom properties, so that one picture follows either scheme; texts are texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np

from mangetamain.charts import HEIGHT_PIXELS, MOST_CHARACTERS, Spec, translated, values
from mangetamain.labels import placed
from mangetamain.pictures.axis import DATE, Axis
from mangetamain.pictures.marks import Marks, key, letters, noted, role, segment, whiskers, written
from mangetamain.safe_text import shortened

# Pixels of a picture on a desk and on a phone, and below which one is narrow, as draw.js has it.
WIDE, NARROW, NARROW_BELOW = 984, 340, 560
EDGE_PIXELS, PREVIEW_PIXELS = 8, 260
# Between two names of an axis, so many pixels.
APART = {"x": 80, "y": 40}
# What plotly leaves beside values, and beside points with their marks, of what it shows.
ROOM, MARKED_ROOM = 0.0556, 0.0648
# Of a letter's height, what it is wide; and what it may take, with the space between two names, before all are turned.
ASPECT, LOOSE_ASPECT = 0.52, 0.58
# How far a name that is turned goes down, of its length.
SINE = 0.72
# What plotly leaves beside an axis for a name and the space between, what a name below and the title above take, and
# the height of letters above rows.
BESIDE_PIXELS, BELOW_PIXELS, TITLE_PIXELS, LIFTED_SIZE = 4, 3.5, 20, 11
# Pixels of what stands before a name of the legend, and after it.
KEY_PIXELS, GAP_PIXELS = 36, 10


def svg(spec: Spec, lang: str, *, width: int = WIDE, alt: str = "", preview: bool = False) -> str:
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
        What is said to who does not see it; without it, the picture is one that what stands beside it says.
    preview
        Whether it only leads to the figure: then it is low, and has neither legend, words at points nor yardstick.

    Returns
    -------
    str
        An ``svg`` element, to be written into a page that has the charter's style.
    """
    return Picture(translated(spec, lang), lang, width, preview=preview).drawn(alt)


class Picture:
    """One figure on its way to markup: what it holds, how high it is, and its axes."""

    def __init__(self, spec: Spec, lang: str, width: int, *, preview: bool = False) -> None:
        self.lang, self.width, self.narrow = lang, width, width < NARROW_BELOW
        self.size = 12.0 if self.narrow else 13.5
        told = [trace for trace in spec["data"] if not preview or trace.get("mode") != "text"]
        small: Spec = {"height": PREVIEW_PIXELS, "meta": {}} if preview else {}
        self.layout: Spec = placed({"data": told, "layout": spec["layout"] | small})["layout"]
        self.traces = told
        self.flat = any(trace.get("orientation") == "h" for trace in self.traces)
        keyed = self.layout.get("showlegend") and not preview
        self.named = [trace for trace in told if keyed and trace.get("showlegend", True) and trace.get("name")]
        # Names on both sides would leave a phone no room between them: there they stand above their rows.
        self.lifted = self.narrow and "ticktext" in self.given("y2")
        self.topped = self.given("x").get("side") == "top"
        self.low = self.narrow and not self.topped  # the legend
        self.square = bool(self.given("y").get("scaleanchor"))
        self.height = PREVIEW_PIXELS if preview else self.full()
        self.axes = {name: self.axis(name) for name in ("x", "y", "y2") if name != "y2" or "yaxis2" in self.layout}
        self.place()

    def full(self) -> float:
        """Say how high it is, a round one on a phone no higher than wide; names that lean take no height from rows."""
        if self.narrow and self.square:
            return self.width
        lines = 18 * max(0, len(self.named) - 2) * self.narrow
        lean = round(SINE * self.long(self.given("x")["ticktext"])) if self.turned() and self.beside() else 0
        return float(self.layout.get("height", HEIGHT_PIXELS)) + lines + lean

    def given(self, name: str) -> Mapping[str, Any]:
        """Return what the figure says of an axis: x, y or y2."""
        found: Mapping[str, Any] = self.layout.get(f"{name[0]}axis{name[1:]}", {})
        return found

    def title(self, name: str) -> str:
        """Return an axis's title."""
        return letters(self.given(name).get("title", {}).get("text") or "")

    def drawn(self, alt: str) -> str:
        """Return the whole element."""
        x, y = self.axes["x"], self.axes["y"]
        box = f"{x.start:.1f} {min(y.start, y.end):.1f} {x.end - x.start:.1f} {abs(y.end - y.start):.1f}"
        within = '<svg x="{}" y="{}" width="{}" height="{}" viewBox="{}">'.format(*box.split(), box)
        marks = Marks(self.axes, self.size, 3 if self.narrow else 4)
        beside = [*self.upright("y"), *(self.upright("y2") if "y2" in self.axes else ())]
        parts = [*self.across(), *(beside if not self.lifted else ())]
        for trace in self.traces:
            group = marks.drawn(trace)
            parts.append(group if trace.get("cliponaxis") is False else f"{within}{group}</svg>")
        for shape in self.layout.get("shapes", []):
            parts.append(segment(shape, x, y))
        for note in self.layout.get("annotations", []):
            parts.append(noted(note, x, y, self.size))
        parts.extend([*(beside if self.lifted else ()), *self.legend()])
        label = f' role="img" aria-label="{letters(alt)}"' if alt else ' aria-hidden="true"'
        size = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        return f'<svg class="mm-picture" {size} font-size="{self.size}"{label}>{"".join(parts)}</svg>'

    # Axes

    def axis(self, name: str) -> Axis:
        """Read an axis: its kind, its names, and its ends as given or as its data need."""
        given = self.given(name)
        held = [trace for trace in self.traces if trace.get(f"{name[0]}axis", name[0]) == name]
        texts = [value for trace in held for value in values(trace.get(name[0], [])) if isinstance(value, str)]
        kind = given.get("type", "linear")
        if texts:
            kind = "date" if kind != "category" and all(map(DATE.match, texts)) else "category"
        ordered = [*values(given.get("categoryarray", [])), *texts] if kind == "category" else []
        axis = Axis(0, 1, kind=kind, names=list(dict.fromkeys(ordered)), whole=given.get("tickformat") == "d")
        axis.low, axis.high = given.get("range") or self.ends(axis, name, held)
        if given.get("autorange") == "reversed":
            axis.low, axis.high = axis.high, axis.low
        return axis

    def ends(self, axis: Axis, name: str, held: Sequence[Spec]) -> tuple[float, float]:
        """Say from where to where an axis goes for its data, with room beside points, not below a zero."""
        along = (name[0] == "y") != self.flat  # the axis of the values, not of what they are told by
        firm, loose = [np.zeros(0)], [np.zeros(0)]
        for trace in held:
            at = axis.scaled(values(trace.get(name[0], [])))
            if trace.get("type") != "bar":
                bare = not along and axis.kind != "category" and trace.get("mode", "lines") == "lines"
                (firm if bare else loose).extend([at, *whiskers(trace, name[0], at)])
            elif along:
                base = np.asarray(values(trace.get("base", 0)), dtype=float)
                loose.append(base + at * (1 + 0.08 * ("text" in trace)))
                firm.append(base + 0 * at)
            else:
                firm.extend([at - 0.5, at + 0.5])
        fixed, free = (each[np.isfinite(each)] for each in map(np.concatenate, (firm, loose)))
        from_zero = along and self.given(name).get("rangemode") == "tozero"
        found = np.concatenate([fixed, free, [0.0] if from_zero else []])
        if not len(found):
            return 0.0, 1.0
        low, high = float(found.min()), float(found.max())
        room = (ROOM if along or axis.kind == "category" else MARKED_ROOM) * ((high - low) or abs(high) or 1.0)
        lowest, highest = (min(low, *(free - room)), max(high, *(free + room))) if len(free) else (low, high)
        # Nothing lies below zero that begins there.
        return (max(lowest, 0.0) if along and low >= 0 and (from_zero or len(fixed)) else lowest), highest

    def names(self, name: str) -> list[tuple[float, str]]:
        """Return what is written beside an axis, and where."""
        given, axis = self.given(name), self.axes[name]
        if given.get("showticklabels") is False or not self.traces:
            return []
        if given.get("tickmode") == "array":
            at = axis.pixels(values(given.get("tickvals", [])))
            return [(place, str(text)) for place, text in zip(at.tolist(), given["ticktext"], strict=True)]
        most = min(max(abs(axis.end - axis.start) / APART[name[0]], 4), 9) + 1
        few = self.narrow and (name == "x" or not self.flat)
        ticks = axis.ticks(4 if few else most, self.lang, few=few)
        return [(place, text + given.get("ticksuffix", "")) for place, text in ticks]

    def place(self) -> None:
        """Give the axes their pixels: what names, titles and the legend leave of the picture."""
        sides = {}
        for name in self.axes.keys() - {"x"}:
            self.axes[name].start, self.axes[name].end = self.height - 80, 0
            lines = [part for _, text in self.names(name) for part in text.split("\n")]
            sides[name] = 0 if self.lifted else max((self.wide(line) + BESIDE_PIXELS for line in lines), default=0)
        x = self.axes["x"]
        x.start = sides["y"] + EDGE_PIXELS
        x.end = self.width - (sides.get("y2") or self.edge())
        legend = len(self.rows()) * (self.size + 8)
        title = 1.2 * self.size * len(self.folded()) + 10 if self.title("x") else 0
        bottom = EDGE_PIXELS + title + self.foot() * (not self.topped) + legend * self.low
        for name in sides:
            self.axes[name].start = self.height - bottom
            above = TITLE_PIXELS * bool(self.title("y")) + self.foot() * self.topped
            self.axes[name].end = above + (16 if self.low or not legend else (8 if self.topped else 25) + legend)
        if self.square:  # both axes have the same pixels a unit
            y = self.axes["y"]
            unit = min(abs(axis.end - axis.start) / (axis.high - axis.low) for axis in (x, y))
            for axis in (x, y):
                middle, half = (axis.low + axis.high) / 2, abs(axis.end - axis.start) / unit / 2
                axis.low, axis.high = middle - half, middle + half

    def wide(self, line: str) -> float:
        """Guess how many pixels a line takes."""
        return ASPECT * self.size * len(shortened(line, MOST_CHARACTERS))

    def turned(self) -> bool:
        """Whether the names below the figure are too long to stand beside one another."""
        names = self.given("x").get("ticktext") or []
        if len(names) < 2:
            return False
        places = values(self.given("x")["tickvals"])
        step = (places[-1] - places[0]) / (len(names) - 1)
        low, high = self.given("x").get("range") or (0, len(names) * step)
        return bool(self.long(names) > self.room() * step / (high - low))

    def long(self, names: Sequence[str]) -> float:
        """Say how many pixels the longest of some names may take."""
        return LOOSE_ASPECT * self.size * max((len(line) for name in names for line in name.split("\n")), default=0)

    def beside(self) -> Sequence[str]:
        """Return the names of rows, where the figure has some."""
        given = {} if self.lifted else self.given("y")
        return given.get("ticktext") or given.get("categoryarray") or []

    def edge(self) -> float:
        """Say how many pixels lie right of the marks."""
        return float(self.layout.get("margin", {}).get("r", 12 if self.narrow else 24))

    def room(self) -> float:
        """Say how many pixels the marks have, beside names of rows or the numbers of an axis; as draw.js has it."""
        return self.width - max(24, self.edge()) - self.long(self.beside() or ["00000"])

    def folded(self) -> list[str]:
        """Write the title of the axis below on as many lines as it takes."""
        return wrap(self.title("x"), int((self.room() + 24) / (ASPECT * self.size)), break_long_words=False)

    def foot(self) -> float:
        """Say how far the names below the figure go down."""
        names = [text for _, text in self.names("x")]
        long = SINE * (max(map(self.wide, names), default=0) + self.size) + 16
        lines = max((name.count("\n") for name in names), default=0)
        return (long if self.turned() else self.size * (1 + 1.2 * lines) + BELOW_PIXELS) if names else 0.0

    def across(self) -> Iterator[str]:
        """Draw the axis below the figure: its grid or its line, the names of places, its title."""
        x, y, given, under = self.axes["x"], self.axes["y"], self.given("x"), self.axes["y"].start + self.size
        for at, text in self.names("x"):
            if self.flat and given.get("showgrid") is not False:
                yield f'<path class="mm-grid" d="M{at:.1f} {y.start:.1f}V{y.end:.1f}"/>'
            if self.turned():
                place, way = (y.end - 8, 45) if self.topped else (under + 2, -45)
                at_end = f'transform="translate({at:.1f} {place:.1f}) rotate({way})" text-anchor="end"'
                yield f"<text {at_end}>{letters(text.replace(chr(10), ' '))}</text>"
            else:
                more = 0.6 * self.size * text.count("\n")
                yield written(at, y.end - 8 - more if self.topped else under + 4 + more, text, "middle", self.size, 0)
        if not self.flat and given.get("showline") is not False and self.traces:
            yield f'<path class="mm-axis" d="M{x.start:.1f} {y.start:.1f}H{x.end:.1f}"/>'
        for number, line in enumerate(self.folded()):
            middle = f'x="{(x.start + x.end) / 2:.1f}" y="{under + self.foot() + 10 + 1.2 * number * self.size:.1f}"'
            yield f'<text {middle} text-anchor="middle">{line}</text>'

    def upright(self, name: str) -> Iterator[str]:
        """Draw an axis beside the figure."""
        x, axis = self.axes["x"], self.axes[name]
        left, grid = name == "y", not self.flat and self.given(name).get("showgrid") is not False
        for at, text in self.names(name):
            if left and grid:
                yield f'<path class="mm-grid" d="M{x.start:.1f} {at:.1f}H{x.end:.1f}"/>'
            if self.lifted:
                above = written(x.start if left else x.end, at - 12, text, "start" if left else "end", LIFTED_SIZE)
                yield f'<g font-size="{LIFTED_SIZE}">{above}</g>'
            else:
                yield written(x.start - 3 if left else x.end + 3, at, text, "end" if left else "start", self.size)
        if left and (title := self.title("y")):
            yield f'<text x="{x.start:.1f}" y="{min(axis.start, axis.end) - 10:.1f}">{title}</text>'

    # Legend

    def rows(self) -> list[list[tuple[float, Spec]]]:
        """Place the names of the legend, each with its left edge: in one row, or in columns of one width."""
        room = self.axes["x"].end - self.axes["x"].start
        wants = [KEY_PIXELS + self.wide(trace["name"]) + GAP_PIXELS for trace in self.named]
        if sum(wants) <= room:
            lefts = np.cumsum([0.0, *wants]).tolist()
            return [list(zip(lefts, self.named, strict=False))] if wants else []
        column = max(wants)
        many = max(1, int(room / column))
        parts = [self.named[i : i + many] for i in range(0, len(wants), many)]
        return [[(i * column, trace) for i, trace in enumerate(part)] for part in parts]

    def legend(self) -> Iterator[str]:
        """Draw each name with its mark, above the figure or, on a phone, below, unless names of places are above."""
        rows, step = self.rows(), self.size + 8
        first = self.height - len(rows) * step + self.size - 2 if self.low else self.size + 2
        for number, row in enumerate(rows):
            y = first + number * step
            for left, trace in row:
                x = left + self.axes["x"].start
                yield f'<g style="color:var(--mm-{role(trace)})">{key(trace, x, y - 0.35 * self.size)}</g>'
                yield written(x + KEY_PIXELS, y, trace["name"], "start", self.size, 0)
