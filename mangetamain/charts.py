"""The shared parts of figures: lines, bands, bars and dots that carry a meaning, and no colour of their own."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from datetime import date
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mangetamain.language import PERCENT_SIGN, Day, Inside, Message, Number, Value, say

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as Figure
else:
    Figure = Any  # annotations of parameters are read where plotly is not wanted

Spec = dict[str, Any]
# What a mark means; the page gives each role one colour, the same on the whole site.
Role = Literal[
    "count", "centre", "other", "third", "trend", "rise", "fall", "winter", "spring", "summer", "autumn", "mute"
]
HEIGHT_PIXELS, EMPTY_PIXELS = 380, 48
NOTHING = say("There is nothing to draw.")
# As long as a name in a figure may be, and a title.
MOST_CHARACTERS = 80
# A text of a figure: a message is of our own words and is translated, a plain text is data and stays what it is.
Text = Message | str
TREND = say("Trend")


class Words(str):
    """A message as plotly takes it; any other text of a figure is data."""

    def __init__(self, message: Message) -> None:
        self.message = message

    def __deepcopy__(self, memo: dict[int, object]) -> Words:
        """Return itself: plotly copies a figure whole each time that it hands it out, and a text is never changed."""
        return self


def words(text: Text) -> str:
    """Put a text into a figure: a message is translated when it is shown."""
    return text if isinstance(text, str) else Words(text)


# Of an axis of years whole ones alone are named; of months, where a hand points, month and year.
TIME = {"Y": {"tickformat": "d"}, "M": {"hoverformat": "%B %Y"}}


def canvas(
    x: Text = "", y: Text = "", *, height: int = HEIGHT_PIXELS, time: Literal["Y", "M"] | None = None
) -> Figure:  # fmt: skip
    """Return an empty figure with axis titles, the one below of years or months where it is of `time`."""
    from plotly.graph_objects import Figure

    axes: Spec = {axis: {"title": {"text": words(title)}} for axis, title in (("xaxis", x), ("yaxis", y))}
    if time:
        axes["xaxis"] |= TIME[time]
    return Figure(layout={"template": "none", "height": height, "hovermode": "x unified", "showlegend": False, **axes})


def meaning(role: Role, y: Any = ()) -> Spec:  # noqa: ANN401
    """Tell what a trace means and, of one that is named where it ends, how high that is."""
    known = [float(each) for each in y if np.isfinite(each)]
    return {"role": role, "end": known[-1]} if known else {"role": role}


def line(
    figure: Figure, x: Any, y: Any, name: Text, role: Role, dash: str = "solid", *, named: bool = True, **look: Any,  # noqa: ANN401
) -> None:  # fmt: skip
    """Draw a line, named where it ends; more of its look may be given: an update afterwards costs more."""
    look = {"mode": "lines", "line": {"dash": dash}, **look}
    figure.add_scatter(x=x, y=y, name=words(name), meta=meaning(role, y if named else ()), **look)


def trend(
    figure: Figure, span: tuple[int, int], intercept: float, slope: float, name: Text = TREND, role: Role = "trend"
) -> None:
    """Draw a fitted line from a first to a last year."""
    ends = np.array(span)
    line(figure, ends, intercept + slope * ends, name, role, dash="dash")


def runs(place: np.ndarray) -> list[np.ndarray]:
    """Cut increasing whole numbers where they skip one; give the indices of each part."""
    return [part for part in np.split(np.arange(len(place)), np.flatnonzero(np.diff(place) != 1) + 1) if len(part)]


def yearly(figure: Figure, year: np.ndarray, y: np.ndarray, name: Text, role: Role, **look: Any) -> None:  # noqa: ANN401
    """Draw a line through years, which stops at a year that is not there: nobody knows what it would have been."""
    gaps = np.flatnonzero(np.diff(year) != 1) + 1
    broken = np.insert(np.asarray(y, dtype=float), gaps, np.nan) if len(gaps) else y
    line(figure, np.insert(year, gaps, year[gaps - 1] + 1), broken, name, role, **look)


def band(
    figure: Figure, x: np.ndarray, low: np.ndarray, high: np.ndarray, name: Text, role: Role = "centre",
    *, place: np.ndarray | None = None, named: bool = True,
) -> None:  # fmt: skip
    """Fill between two curves, but not where something is missing; `place` counts the steps of an `x` of dates."""
    # Each part is a pair of traces: plotly fills across a gap within a trace.
    parts = runs(x if place is None else place)
    # In its upper half, for a line may end in the middle.
    ends = (np.asarray(low) + 3 * np.asarray(high)) / 4
    for part in parts:
        edge = {"mode": "lines", "hoverinfo": "skip"}
        filled = {**edge, "name": words(name), "meta": meaning(role, ends if named and part is parts[-1] else ())}
        if len(part) == 1:
            one = part[0]
            figure.add_scatter(x=[x[one]] * 2, y=[low[one], high[one]], line={"width": 8}, opacity=0.2, **filled)
        else:
            figure.add_scatter(x=x[part], y=low[part], line={"width": 0}, meta=meaning(role), **edge)
            figure.add_scatter(x=x[part], y=high[part], line={"width": 0}, fill="tonexty", **filled)


def dots(
    figure: Figure, x: Any, y: Any, name: Text, role: Role,  # noqa: ANN401
    *, low: Any = None, high: Any = None, named: bool = False, outside: bool = False, **look: Any,  # noqa: ANN401
) -> None:  # fmt: skip
    """Draw points, with their intervals; `named` at the edge; those that may lie `outside` stretch no axis."""
    error = None
    if low is not None:
        error = {"type": "data", "symmetric": False, "array": np.subtract(high, y), "arrayminus": np.subtract(y, low)}
        look = {"customdata": np.column_stack([low, high]), **look}
    means = meaning(role, y if named else ()) | ({"outside": True} if outside else {})
    figure.add_scatter(x=x, y=y, name=words(name), mode="markers", error_y=error, meta=means, **look)


def bars(
    figure: Figure, x: Any, y: Any, name: Text, role: Role, *, flat: bool = False, named: bool = False, **look: Any,  # noqa: ANN401
) -> None:  # fmt: skip
    """Draw bars, lying where `flat`: then `x` are the lengths and `y` the names, first on top."""
    # A place on the axis is one unit wide, whatever places a trace has.
    look = {"orientation": "h" if flat else "v", "width": 0.8, **look}
    figure.add_bar(x=x, y=y, name=words(name), meta=meaning(role, y if named else ()), **look)
    lying = {"hovermode": "y unified", "yaxis": {"autorange": "reversed", "automargin": True}} if flat else {}
    figure.update_layout(barmode="overlay", **lying)


def percentages(figure: Figure, axis: Literal["xaxis", "yaxis"]) -> None:
    """Write the unit behind each number of an axis that holds percentages."""
    figure.layout[axis].ticksuffix = words(PERCENT_SIGN)


def percents(shares: Iterable[float], digits: int) -> list[str]:
    """Write shares as percentages, to be texts of a figure."""
    return [words(Message("{share}", {"share": Number(float(share), digits, percent=True)})) for share in shares]


def yardstick(figure: Figure, size: float, text: Text = "") -> None:
    """Have no axis of levels shorter than a difference that matters; show that beside it where there is a text."""
    figure.layout.meta = {**(figure.layout.meta or {}), "yardstick": {"size": size, "text": words(text)}}


def dated(figure: Figure, at: Any, texts: Iterable[Text], role: Role) -> None:  # noqa: ANN401
    """Say at the top of a figure when something happened, each time on a line of its own."""
    known = figure.layout.meta or {}
    dates = [{"at": each, "text": words(text), "role": role} for each, text in zip(at, texts, strict=True)]
    figure.layout.meta = {**known, "dates": [*known.get("dates", ()), *dates]}


def note(figure: Figure, text: Message) -> Figure:
    """Say in a figure why nothing is drawn."""
    return figure.add_annotation(text=words(text), x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)


def write(
    figure: Figure, x: Any, y: Any, texts: Iterable[Text], where: str | list[str] = "top center",  # noqa: ANN401
    role: Role = "trend",
) -> None:  # fmt: skip
    """Write texts at points, in a colour of their role."""
    figure.add_scatter(
        x=x, y=y, text=[words(text) for text in texts], mode="text", textposition=where,
        cliponaxis=False, hoverinfo="skip", showlegend=False, meta=meaning(role),
    )  # fmt: skip


def ticks(figure: Figure, values: Sequence[Any], names: Iterable[Text], *, above: bool = False) -> None:
    """Name the places on the horizontal axis, `above` rows of which there may be more than a screen is high."""
    figure.update_xaxes(tickmode="array", tickvals=list(values), ticktext=[words(name) for name in names])
    if above:
        figure.update_xaxes(side="top", showline=False)


def steps(low: float, high: float, most: float) -> list[float]:
    """Return round places between two ends, at most so many: multiples of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / most
    if not rough > 0:
        return [low]
    power = 10.0 ** floor(log10(rough))
    size = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= rough * (1 - 1e-9))
    first, last = ceil(low / size - 1e-9), floor(high / size + 1e-9)
    return [round(each * size, 12) for each in range(first, last + 1)]


def decimals(values: Sequence[float]) -> int:
    """Return as many decimals as tell the numbers of an axis apart."""
    if len(values) == 1:
        return next(digits for digits in range(16) if round(values[0], digits) == round(values[0], 15))
    gap = min(np.diff(values), default=1.0)
    return max(0, ceil(-log10(abs(gap)) - 1e-9)) if gap else 0


def spec_of(figure: Figure) -> Spec:
    """Return a figure as plain JSON, without a template; a message stands in it as what is said, with its values.

    One without marks has one line of words, and no axis of nothing.
    """
    from plotly.io.json import to_json_plotly

    if not figure.data:
        said = [each.text.message for each in figure.layout.annotations] or [NOTHING]
        figure = note(canvas(height=EMPTY_PIXELS), said[0])
    marked = changed(figure.to_dict(), lambda node, _: _packed(node.message) if isinstance(node, Words) else node)
    spec: Spec = json.loads(to_json_plotly(marked))
    spec.get("layout", {}).pop("template", None)
    return spec


def changed(node: Any, change: Callable[[Any, str], Any], key: str = "") -> Any:  # noqa: ANN401 - a part of a figure
    """Copy a figure with another value in place of each one that it holds; `change` is given its key, too."""
    if isinstance(node, dict) and "say" not in node:
        return {name: changed(value, change, name) for name, value in node.items()}
    if isinstance(node, list | tuple):
        return [changed(item, change, key) for item in node]
    return change(node, key)


def _packed(value: Value) -> Any:  # noqa: ANN401 - JSON
    """Write a message as JSON; its values are messages, texts and numbers."""
    if isinstance(value, Number):
        return {"number": astuple(value)}
    if isinstance(value, Day):
        return {"day": [value.value.isoformat(), value.pattern]}
    if isinstance(value, Inside):
        return {"inside": _packed(value.phrase)}
    if not isinstance(value, Message):
        return value
    many = {"many": value.many} if value.many else {}
    return {"say": value.text, **many, "values": {name: _packed(each) for name, each in value.values.items()}}


def _unpacked(node: Any) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(node, dict):
        return node
    if "number" in node:
        return Number(*node["number"])
    if "day" in node:
        return Day(date.fromisoformat(node["day"][0]), node["day"][1])
    if "inside" in node:
        return Inside(_unpacked(node["inside"]))
    values = {name: _unpacked(value) for name, value in node["values"].items()}
    return Message(node["say"], values, node.get("many", ""))


def contract(spec: Spec) -> str:
    """Say what a figure shows, in a few lines that change with its marks, names, axes and data and with nothing else.

    Returns
    -------
    str
        A line for the axes and one a trace: kind, name, points and a digest of the data to six significant digits.
        Colours, sizes and plotly's own defaults have no say, so that an upgrade of plotly leaves it alone.
    """
    spec = translated(spec, "en")
    layout = spec.get("layout", {})
    titles = [layout.get(axis, {}).get("title", {}).get("text", "") for axis in ("xaxis", "yaxis")]
    lines = ["figure: " + " by ".join(repr(title) for title in reversed(titles))]
    for trace in spec.get("data", []):
        marks = "+".join(filter(None, (trace.get("type", "scatter"), trace.get("mode"), trace.get("orientation"))))
        data = {name: values(trace[name]) for name in ("x", "y", "text") if name in trace}
        error = trace.get("error_y") or trace.get("error_x") or {}
        data |= {name: values(error[name]) for name in ("array", "arrayminus") if name in error}
        digest = hashlib.sha256(json.dumps(data).encode()).hexdigest()[:10]
        role = trace.get("meta", {}).get("role", "")
        points = max(map(len, data.values()), default=0)
        lines.append(f"  {marks} {trace.get('name', '')!r} {role}, {points} points, {digest}")
    return "\n".join(lines)


def values(data: Any) -> list[Any]:  # noqa: ANN401 - a list, one value, or plotly's packed array
    """Return a trace's data as a plain list, numbers rounded to six significant digits."""
    if isinstance(data, dict):
        data = np.frombuffer(base64.b64decode(data["bdata"]), dtype=data["dtype"]).tolist()
    items = data if isinstance(data, list) else [data]
    return [float(f"{item:.6g}") if isinstance(item, float) else item for item in items]


def translated(spec: Spec, lang: str) -> Spec:
    """Return a figure with its messages said in a language; every other text is data and stays as it is."""
    said: Spec = changed(spec, lambda node, _: _unpacked(node).render(lang) if isinstance(node, dict) else node)
    return said
