"""How the documentation is built: Markdown, docstrings, and answers of the very run that builds it."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

from sphinx.application import Sphinx  # noqa: E402

import mangetamain  # noqa: E402
from mangetamain import charter  # noqa: E402
from mangetamain.assets import DRAWING, STYLE  # noqa: E402

project = "Mangetamain"
author = copyright = "The Mangetamain founders"
release = mangetamain.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "fresh"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_ext"]

# Every reference leads somewhere: what is documented here does, and other projects' names are left alone.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!mangetamain).*"), ("py:.*", r"mangetamain\.stats\._.*")]
autosummary_generate = True
autodoc_default_options = {"members": True, "member-order": "bysource"}
numpydoc_show_class_members = False

html_theme = "furo"
html_title = "Mangetamain"
html_logo, html_favicon = str(STYLE / "logo.svg"), str(STYLE / "favicon.svg")
# The site's own fonts and drawing scripts: a page asks nothing of another host.
html_static_path = [
    "_static",
    str(STYLE / "fonts"),
    *(str(DRAWING / name) for name in ("draw.js", "plotly-cartesian.min.js")),
]
html_css_files = ["charter.css", "docs.css"]
html_js_files = ["draw.js", ("docs.js", {"defer": "defer"})]
html_show_sphinx = False
html_copy_source = False


def setup(app: Sphinx) -> None:
    """Write the charter's colours beside the other style sheets."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "charter.css").write_text(charter.css(), "utf-8")
