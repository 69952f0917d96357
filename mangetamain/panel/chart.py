"""A figure in a page: a small widget around one plotly.js that the page loads once."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from mangetamain import theme


class Chart(anywidget.AnyWidget):
    """Draws a plotly specification with the page's colours and follows it when it changes.

    The specification holds data and layout and no colours; each trace says what it means in ``meta.role``.
    """

    _esm = Path(__file__).with_name("chart.js")
    _css = theme.css()
    spec = traitlets.Dict().tag(sync=True)
    lang = traitlets.Unicode("en").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)

    def __repr__(self) -> str:
        """Say the same in every run: a notebook's stored output is compared."""
        return "Chart()"
