"""What a report is read as: one HTML page, Markdown, and CSV of its tables, all from the executed notebook.

Of a page whose panels move, the answers are asked anew, of the very data that the notebook was run on.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mangetamain.answers.answer import ANSWER_MIME
from mangetamain.answers.cells import MARKDOWN_ROWS
from mangetamain.answers.csv_text import csv_text
from mangetamain.assets import SHARE, page_script, standalone
from mangetamain.language import say
from mangetamain.panels.carried import PANEL_MIME, Placed, moves, replies
from mangetamain.panels.painted import painted
from mangetamain.panels.view import reply
from mangetamain.safe_text import shown, visible
from mangetamain.warehouse import Warehouse
from mangetamain.warehouse.info import SYNTHETIC

TEMPLATES = SHARE / "nbconvert" / "templates"
FILES = {
    "html": "report.html",
    "interactive": "interactive.html",
    "ipynb": "report.ipynb",
    "md": "report.md",
    "csv": "tables",
}
FORMATS = tuple(FILES)
# What Markdown, or GitHub's, makes markup of; an address alone becomes a link, too.
MARKS = re.compile(r"[\\`*_~|<>#\[\]&$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# One exporter serves all threads, one page at a time: making it costs more than a page.
_one_at_a_time = threading.Lock()


def answers_of(notebook: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - nbformat has no types
    """Return the answers that an executed notebook's panels gave, as data."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return [dict(output.data[ANSWER_MIME]) for output in outputs if ANSWER_MIME in output.get("data", {})]


def write_format(kind: str, folder: Path, notebook: Any, answers: list[dict[str, Any]], con: Warehouse) -> None:  # noqa: ANN401
    """Write one format of a report into its folder; the data are those that it was made of."""
    about = notebook.metadata["mangetamain"]
    if kind in ("html", "interactive"):
        moving = moving_panels(notebook, con) if kind == "interactive" else {}
        (folder / FILES[kind]).write_text(html(notebook, moving), "utf-8")
    elif kind == "md":
        (folder / "report.md").write_text(markdown(about, answers), "utf-8")
    elif kind == "csv":
        (folder / "tables").mkdir(exist_ok=True)
        for answer in answers:
            made_of = (answer["parameters"], answer["fingerprint"], answer["synthetic"])
            text = csv_text(answer["columns"], *made_of)
            (folder / "tables" / f"{answer['panel']}.csv").write_text(text, "utf-8", newline="")


def html(notebook: Any, moving: Mapping[str, Any] = MappingProxyType({})) -> str:  # noqa: ANN401
    """Return the report as one page that needs no other file, with panels that move where they are given."""
    parts = {**standalone(notebook.metadata["mangetamain"]["lang"]), "panels": {}, **moving}
    with _one_at_a_time:
        page: str = _exporter().from_notebook_node(notebook, {"mangetamain": parts})[0]
    return page


def moving_panels(notebook: Any, con: Warehouse) -> dict[str, Any]:  # noqa: ANN401
    """Return what the page needs so that its panels move: each as it is painted, their answers, their script.

    The answers are those one control away from what was asked, compressed, as they take most of the page's room.
    """
    lang, panels, answers = notebook.metadata["mangetamain"]["lang"], dict[str, str](), dict[str, Any]()
    outputs = (output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))
    for panel in (Placed.of(data[PANEL_MIME]) for data in outputs if PANEL_MIME in data):
        told, table = (reply(panel.question, con, panel.base, lang, part) for part in ("answer", "table"))
        panels[panel.key] = painted(panel, lang, told, table.get("html", ""), langs=(lang,))
        for values in moves(panel):
            answers |= replies(panel, con, values, lang)
    packed = gzip.compress(json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)
    return {"panels": panels, "answers": base64.b64encode(packed).decode(), "page_script": page_script()}


# nbconvert's own HTML (7) shows nothing of a stored plotly figure: our template draws it, offline.
@cache
def _exporter() -> Any:  # noqa: ANN401 - nbconvert has no types
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="mangetamain_report", extra_template_basedirs=[str(TEMPLATES)])


def markdown(about: Mapping[str, Any], answers: list[dict[str, Any]]) -> str:
    """Return the report as Markdown: every sentence, and every table's first rows."""
    lang = about["lang"]
    lines = [f"# {about['title']}", ""]
    if about["synthetic"]:
        lines += [f"**{say(SYNTHETIC).render(lang)}**", ""]
    for answer in answers:
        lines += [
            f"## {answer['title']}",
            "",
            plain_markdown(answer["sentence"]),
            "",
            *_markdown_table(answer["columns"]),
            "",
        ]
    names = ("source", "fingerprint", "version", "time")
    facts = [f"{name}: {plain_markdown(shown(about[name]))}" for name in names]
    given = [f"{name} = {plain_markdown(shown(value))}" for name, value in about["parameters"].items()]
    lines += ["---", "", ", ".join(facts), "", ", ".join(given)]
    return "\n".join(lines) + "\n"


def _markdown_table(columns: Mapping[str, list[Any]]) -> list[str]:
    rows = list(zip(*columns.values(), strict=True))[:MARKDOWN_ROWS]
    head = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return head + ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows] if columns else []


def _cell(value: object) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)
    return plain_markdown(visible(text))


def plain_markdown(text: str) -> str:
    """Return a text that reads in Markdown as it is: no link, no emphasis, no HTML, no formula."""
    return MARKS.sub(r"\\\g<0>", text)
