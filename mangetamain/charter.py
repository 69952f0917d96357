"""The graphic charter: every colour of the site, its figures and its reports, each with one meaning, dark and light."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, Literal

Scheme = Literal["dark", "light"]
SCHEMES: tuple[Scheme, ...] = ("dark", "light")
TEXT_FONT = "'Inter Variable', Inter, system-ui, sans-serif"
HEADING_FONT = "Michroma, 'Inter Variable', Inter, system-ui, sans-serif"

# Grounds, texts and edges of the page: (dark, light).
PAGE: dict[str, tuple[str, str]] = {
    "ground": ("#1E1E1E", "#FAF7F2"),
    "card": ("#333333", "#FFFFFF"),
    "sunken": ("#262626", "#F1EBE2"),
    "text": ("#F0F0F0", "#1E1E1E"),
    "muted": ("#C4C0BA", "#57524B"),
    "line": ("#4D4D4D", "#DDD5C9"),
    "edge": ("#959089", "#857D72"),
    "accent": ("#FF8C00", "#9C4A00"),
    "accent-ground": ("#FF8C00", "#FF8C00"),
    "on-accent": ("#1E1E1E", "#1E1E1E"),
    "warning": ("#FFD700", "#7A5C00"),
    "warning-ground": ("#4A3F12", "#FFF3C4"),
    "danger": ("#E24E1B", "#C23B0E"),
    "grid": ("#454545", "#E9E3DA"),
}

# What a mark of a figure means; docs/reading.md says it to readers.
ROLES: dict[str, tuple[str, str]] = {
    "count": ("#FF8C00", "#D96C00"),
    "centre": ("#FF8C00", "#D96C00"),
    "other": ("#FFD700", "#6E5600"),
    "third": ("#B9A2F2", "#6647B0"),
    "trend": ("#F0F0F0", "#1E1E1E"),
    "rise": ("#4FC3C7", "#0B7A80"),
    "fall": ("#E24E1B", "#C23B0E"),
    "mute": ("#959089", "#857D72"),
    "winter": ("#8CCBFA", "#0A4F94"),
    "spring": ("#23966A", "#2A9664"),
    "summer": ("#F7E98E", "#B08E00"),
    "autumn": ("#D36BA8", "#960A58"),
}
# Contrast of a text with its ground (WCAG 2.2, 1.4.3).
READABLE = 4.5
# Text of the four verdicts on a card, as marks of what is beyond doubt, or not, have them; the word tells the rest.
VERDICTS: dict[str, tuple[str, str]] = {
    "clear": ("#FF8C00", "#9C4A00"),
    "real": ("#FF8C00", "#9C4A00"),
    "negligible": ("#C4C0BA", "#57524B"),
    "undecided": ("#C4C0BA", "#57524B"),
}


# How the pictures of figures look, wherever they stand; each mark has the colour of its role as its own. Letters have a
# ground of the page's colour where lines or dots may lie under them, but not in coloured fields.
PICTURE = """
.mm-picture g[font-size] text, .mm-picture:not(:has(rect)) text, .mm-plot .annotation text,
.mm-plot:not(:has(.bars)) .textpoint text { paint-order: stroke; stroke: var(--mm-card); stroke-width: 3px; }
.mm-picture .mm-grid, .mm-picture .mm-axis, .mm-picture .mm-line { fill: none; }
.mm-picture .mm-grid { stroke: var(--mm-grid); }
.mm-picture .mm-axis { stroke: var(--mm-edge); }
.mm-picture .mm-line { stroke: currentColor; stroke-linejoin: round; }
.mm-picture .mm-line:not([stroke-width]) { stroke-width: 2.5; }
.mm-picture .mm-bar { fill: currentColor; }
.mm-picture .mm-fill { fill: currentColor; fill-opacity: .2; }
"""


def css() -> str:
    """Return the charter as CSS custom properties, ``--mm-NAME``, that follow the reader's scheme."""
    verdicts = {f"verdict-{name}": pair for name, pair in VERDICTS.items()}
    inks = {f"ink-{role}": (ink(role, "dark"), ink(role, "light")) for role in ROLES}
    colours = {**PAGE, **ROLES, **inks, **verdicts}
    lines = [f"--mm-{name}: light-dark({light}, {dark});" for name, (dark, light) in colours.items()]
    return "\n".join(
        [
            ":root {",
            *lines,
            f"--mm-font: {TEXT_FONT};",
            f"--mm-heading: {HEADING_FONT};",
            "}",
            # A page of ours sets data-theme; JupyterLab says its own scheme on the body.
            ":root[data-mm] { color-scheme: light dark; }",
            ':root[data-theme="dark"] { color-scheme: dark; }',
            ':root[data-theme="light"] { color-scheme: light; }',
            'body[data-jp-theme-light="true"]:not([data-voila]) :is(.mm-panel, .mm-figure) { color-scheme: light; }',
            'body[data-jp-theme-light="false"]:not([data-voila]) :is(.mm-panel, .mm-figure) { color-scheme: dark; }',
            ".mm-picture { font-family: var(--mm-font); fill: var(--mm-text); }",
            PICTURE,
        ]
    )


def colour(name: str, scheme: Scheme) -> str:
    """Return one colour of the page, of a role or, called ink-ROLE, of words about its marks."""
    if name.startswith("ink-"):
        return ink(name.removeprefix("ink-"), scheme)
    pair = PAGE.get(name) or ROLES[name]
    return pair[SCHEMES.index(scheme)]


@cache
def ink(role: str, scheme: Scheme) -> str:
    """Return the colour of words about marks of a role: theirs, as near to that of texts as it takes to be read."""
    own, text, card = (_channels(colour(name, scheme)) for name in (role, "text", "card"))
    for part in range(21):
        mixed = tuple(round(one + (other - one) * part / 20) for one, other in zip(own, text, strict=True))
        low, high = sorted(map(_luminance, (mixed, card)))
        if (high + 0.05) / (low + 0.05) >= READABLE:
            break
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def _channels(shade: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(shade[1:]))


def _luminance(channels: tuple[int, ...]) -> float:
    """Return how light a colour is, as WCAG 2.2 defines it."""
    shares = [each / 255 for each in channels]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def themed(spec: dict[str, Any], scheme: Scheme) -> dict[str, Any]:
    """Return a figure with the charter's colours written in, for readers that have no page of ours around it.

    Parameters
    ----------
    spec
        Plotly JSON whose traces name their role in ``meta.role``; left as it is.
    scheme
        Dark or light.

    Returns
    -------
    dict
        Plotly JSON with grounds, fonts, grid and trace colours.
    """
    figure = copy.deepcopy(spec)
    figure["data"] = [_painted(trace, scheme) for trace in figure.get("data", [])]
    axis = {"gridcolor": colour("grid", scheme), "linecolor": colour("edge", scheme), "zeroline": False}
    ground, text = colour("card", scheme), colour("text", scheme)
    template = {
        "paper_bgcolor": ground,
        "plot_bgcolor": ground,
        "font": {"family": TEXT_FONT, "color": text, "size": 13},
        "xaxis": {**axis, "automargin": True},
        "yaxis": {**axis, "automargin": True},
        "hoverlabel": {"bgcolor": colour("sunken", scheme), "font": {"color": text}, "namelength": -1},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    }
    layout = figure.setdefault("layout", {})
    for note in layout.get("annotations", []):
        if "name" in note:
            note["font"] = {"color": ink(note["name"], scheme)}
    for shape in layout.get("shapes", []):
        shape["line"] = {"color": colour(shape["name"], scheme), "width": 4}
    figure["layout"] = {**layout, "template": {"layout": template}}
    return figure


def _painted(trace: dict[str, Any], scheme: Scheme) -> dict[str, Any]:
    role = (trace.get("meta") or {}).get("role", "centre")
    shade = colour(role, scheme)
    trace["marker"] = {"color": shade, **trace.get("marker", {})}
    if trace.get("type", "scatter") == "scatter":
        trace["line"] = {"color": shade, **trace.get("line", {})}
        if trace.get("fill"):
            trace.setdefault("fillcolor", f"{shade}33")  # seen through
        if "text" in trace.get("mode", ""):
            trace["textfont"] = {"color": ink(role, scheme)}
    return trace
