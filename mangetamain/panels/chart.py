"""A figure in a page: a small widget around one plotly.js that the page loads once."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from mangetamain import charter

# JupyterLab has no style sheet of ours: what a panel needs there to be read.
LAB = """
body:not([data-voila]) .mm-controls, body:not([data-voila]) .mm-details { flex-wrap: wrap; }
body:not([data-voila]) .mm-controls .widget-readout { min-width: max-content; }
body:not([data-voila]) .mm-verdict { border: 1.5px solid; border-radius: 99px; padding: 0 .6em; white-space: nowrap; }
body:not([data-voila]) .mm-card { border-left: 5px solid var(--mm-danger); padding: .6em 1em; }
body:not([data-voila]) .mm-table { max-height: 28rem; overflow: auto; }
"""


class Chart(anywidget.AnyWidget):
    """Draws a plotly specification with the page's colours and follows it when it changes.

    The specification holds data and layout and no colours; each trace says what it means in ``meta.role``.
    """

    # `go.FigureWidget` sends 5 MB for each figure (plotly 7.1, ipywidgets 8.1), never cached; what is displayed into
    # `widgets.Output` hangs Voilà (0.5.13) now and then, one page in three to thirteen.
    _esm = Path(__file__).with_name("chart.js")
    _css = charter.css() + LAB
    spec = traitlets.Dict().tag(sync=True)
    lang = traitlets.Unicode("en").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)

    def __repr__(self) -> str:
        """Say the same in every run: a notebook's stored output is compared."""
        return "Chart()"
