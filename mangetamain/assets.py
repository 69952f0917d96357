"""The site's files for a page that stands alone, such as a report: styles with their fonts inside, scripts, words."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.metadata import files
from pathlib import Path

from mangetamain import charter
from mangetamain.language import N_, say
from mangetamain.warehouse.info import SYNTHETIC


def _share() -> Path:
    """Find our files for Jupyter: beside us in a checkout; a wheel puts them where Jupyter looks, and there alone."""
    own = Path(__file__).parent / "site" / "share" / "jupyter"
    if own.is_dir():
        return own
    installed = (Path(str(file.locate())).resolve() for file in files("mangetamain") or ())
    return next(path.parents[3] for path in installed if path.name == "draw.js")


SHARE = _share()
STYLE = SHARE / "voila" / "templates" / "mangetamain" / "static"
DRAWING = SHARE / "labextensions" / "mangetamain" / "static"
PANELS = Path(__file__).parent / "panels"
# Of the front end, each after those that it imports.
PANEL_MODULES = ("element", "suggest", "fields", "figure", "files", "panel")
PAGE_MODULES = ("address", "host", "bar", "page")
WORDS = {
    "synthetic": SYNTHETIC,
    "contents": N_("Contents"),
    "parameters": N_("Parameters"),
    "source": N_("Data"),
    "fingerprint": N_("Fingerprint"),
    "version": N_("Version"),
    "built": N_("Built"),
    "made": N_("Report made"),
    "noscript": N_("The figures of this report need JavaScript."),
}


def standalone(lang: str) -> dict[str, str | dict[str, str]]:
    """Return what the report template writes into its page.

    Returns
    -------
    dict
        ``css`` and ``logo`` as text, ``scripts`` as text that draws figures without any other file, ``favicon`` as an
        address that holds the picture, and ``words`` by name.
    """
    return {
        "css": style(),
        "scripts": "\n".join((DRAWING / name).read_text("utf-8") for name in ("plotly-cartesian.min.js", "draw.js")),
        "logo": (STYLE / "logo.svg").read_text("utf-8"),
        "favicon": _data(STYLE / "favicon.svg", "image/svg+xml"),
        "words": {name: say(text).render(lang) for name, text in WORDS.items()},
    }


@cache
def page_style() -> str:
    """Return the style sheet of a page of ours, that of its panels with it."""
    return (STYLE / "mangetamain.css").read_text("utf-8") + (PANELS / "panel.css").read_text("utf-8")


@cache
def panel_script() -> str:
    """Return the one module of a panel, for a host that takes one."""
    return _joined(*PANEL_MODULES)


@cache
def page_script() -> str:
    """Return the one module of a page of ours, which imports none: it may stand in a page opened from a disk."""
    return _joined(*PANEL_MODULES, *PAGE_MODULES)


def _joined(*modules: str) -> str:
    text = "".join((PANELS / f"{name}.js").read_text("utf-8") for name in modules)
    return re.sub(r'^import .* from "\./\w+\.js";\n', "", text, flags=re.MULTILINE)


@cache
def style() -> str:
    """Return the charter and the style sheet; fonts for Latin letters are inside, rarer letters fall back."""
    sheet = page_style().replace("font-display: optional", "font-display: block")  # it is there, and costs no wait
    sheet = re.sub(r"@font-face \{[^}]*-latin-ext\.woff2[^}]*\}\n?", "", sheet)
    sheet = re.sub(
        r"url\((fonts/[\w-]+\.woff2)\)", lambda found: f"url({_data(STYLE / found[1], 'font/woff2')})", sheet
    )
    return f"{charter.css()}\n{sheet}"


def _data(path: Path, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
