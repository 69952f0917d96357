"""What a report is read as: one HTML page, Markdown, and CSV of its tables, all from the executed notebook."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mangetamain.assets import SHARE, standalone
from mangetamain.language import N_, say
from mangetamain.questions.answer import ANSWER_MIME

TEMPLATES = SHARE / "nbconvert" / "templates"
FORMATS = ("html", "ipynb", "md", "csv")
MOST_ROWS = 50
# One exporter serves all threads, one page at a time: making it costs more than a page.
_one_at_a_time = threading.Lock()


def answers_of(notebook: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - nbformat has no types
    """Return the answers that an executed notebook's panels gave, as data."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return [dict(output.data[ANSWER_MIME]) for output in outputs if ANSWER_MIME in output.get("data", {})]


def write_format(kind: str, folder: Path, notebook: Any, answers: list[dict[str, Any]]) -> None:  # noqa: ANN401
    """Write one format of a report into its folder."""
    about = notebook.metadata["mangetamain"]
    if kind == "html":
        (folder / "report.html").write_text(html(notebook), "utf-8")
    elif kind == "md":
        (folder / "report.md").write_text(markdown(about, answers), "utf-8")
    elif kind == "csv":
        (folder / "tables").mkdir(exist_ok=True)
        for answer in answers:
            (folder / "tables" / f"{answer['panel']}.csv").write_text(table_csv(answer), "utf-8")


def html(notebook: Any) -> str:  # noqa: ANN401
    """Return the report as one page that needs no other file."""
    lang = notebook.metadata["mangetamain"]["lang"]
    with _one_at_a_time:
        page: str = _exporter().from_notebook_node(notebook, {"mangetamain": standalone(lang)})[0]
    return page


@cache
def _exporter() -> Any:  # noqa: ANN401 - nbconvert has no types
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="mangetamain_report", extra_template_basedirs=[str(TEMPLATES)])


def markdown(about: Mapping[str, Any], answers: list[dict[str, Any]]) -> str:
    """Return the report as Markdown: every sentence, and every table's first 50 rows."""
    lang = about["lang"]
    lines = [f"# {about['title']}", ""]
    if about["synthetic"]:
        lines += [f"**{say(N_('Synthetic sample data — not real recipes')).render(lang)}**", ""]
    for answer in answers:
        lines += [f"## {answer['title']}", "", answer["sentence"], "", *_markdown_table(answer["columns"]), ""]
    told = ("source", "fingerprint", "version", "time")
    lines += ["---", "", ", ".join(f"{name}: {about[name]}" for name in told), ""]
    lines += [", ".join(f"{name} = {value}" for name, value in about["parameters"].items())]
    return "\n".join(lines) + "\n"


def _markdown_table(columns: Mapping[str, list[Any]]) -> list[str]:
    rows = list(zip(*columns.values(), strict=True))[:MOST_ROWS]
    head = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return head + ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows] if columns else []


def _cell(value: object) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)
    return text.replace("|", "\\|")


def table_csv(answer: Mapping[str, Any]) -> str:
    """Return an answer's table as CSV, a missing value as nothing; a first line says if the data are synthetic."""
    out = io.StringIO()
    if answer["synthetic"]:
        out.write("# synthetic sample data, not real recipes\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer["columns"])
    writer.writerows(zip(*answer["columns"].values(), strict=True))
    return out.getvalue()
