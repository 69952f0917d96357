"""The graphic charter: every colour of the site, its figures and its reports, each with one meaning, dark and light."""

from __future__ import annotations

import copy
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

# What a mark of a figure means. Orange is what was measured, yellow what it is compared with.
ROLES: dict[str, tuple[str, str]] = {
    "count": ("#FF8C00", "#D96C00"),
    "centre": ("#FF8C00", "#D96C00"),
    "band": ("rgba(255, 140, 0, 0.22)", "rgba(217, 108, 0, 0.18)"),
    "other": ("#FFD700", "#6E5600"),
    "trend": ("#F0F0F0", "#1E1E1E"),
    "rise": ("#4FC3C7", "#0B7A80"),
    "fall": ("#E24E1B", "#C23B0E"),
    "mute": ("#959089", "#857D72"),
    "winter": ("#8CCBFA", "#0A4F94"),
    "spring": ("#23966A", "#2A9664"),
    "summer": ("#F7E98E", "#B08E00"),
    "autumn": ("#D36BA8", "#960A58"),
}
# Text of the four verdicts on a card; the word says it too, colour never stands alone.
VERDICTS: dict[str, tuple[str, str]] = {
    "clear": ("#FF8C00", "#9C4A00"),
    "real": ("#FFD700", "#7A5C00"),
    "negligible": ("#C4C0BA", "#57524B"),
    "undecided": ("#C4C0BA", "#57524B"),
}


def css() -> str:
    """Return the charter as CSS custom properties, ``--mm-NAME``, that follow the reader's scheme."""
    verdicts = {f"verdict-{name}": pair for name, pair in VERDICTS.items()}
    colours = {**PAGE, **ROLES, **verdicts}
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
        ]
    )


def colour(name: str, scheme: Scheme) -> str:
    """Return one colour of the page or of a role."""
    pair = PAGE.get(name) or ROLES[name]
    return pair[SCHEMES.index(scheme)]


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
    figure["layout"] = {**figure.get("layout", {}), "template": {"layout": template}}
    return figure


def _painted(trace: dict[str, Any], scheme: Scheme) -> dict[str, Any]:
    role = (trace.get("meta") or {}).get("role", "centre")
    shade = colour(role, scheme)
    trace["marker"] = {"color": shade, **trace.get("marker", {})}
    if trace.get("type", "scatter") == "scatter":
        trace["line"] = {"color": shade, **trace.get("line", {})}
        if trace.get("fill"):
            trace.setdefault("fillcolor", f"{shade}33" if shade.startswith("#") else shade)  # seen through
    return trace
