"""One report: a notebook run by papermill with checked parameters, as an executed notebook and one HTML file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mangetamain.assets import SHARE, standalone
from mangetamain.errors import UserError
from mangetamain.themes import Theme
from mangetamain.warehouse import BuildInfo, Warehouse

TEMPLATES = SHARE / "nbconvert" / "templates"
TIMEOUT = 600  # seconds for one cell; the slowest takes about one


class ReportFailed(UserError):
    """A notebook that did not run to its end."""


@dataclass(frozen=True)
class Report:
    """Where a report's files are: the page to read, and the notebook to go on with."""

    html: Path
    notebook: Path


def report(
    theme: Theme,
    parameters: Mapping[str, object],
    *,
    to: Path,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Run a theme's notebook with other parameters and keep what it says.

    Parameters
    ----------
    theme
        Which notebook.
    parameters
        Values for its `parameters` cell; checked before a kernel starts.
    to
        Folder of the two files, made where it is missing.
    progress
        Called after each cell with the cells done and their number.

    Returns
    -------
    Report
        Paths of the HTML file and the executed notebook; they appear whole or not at all.

    Raises
    ------
    BadInput
        When a parameter is unknown or ill-typed.
    NoWarehouse
        When nothing has been built yet.
    ReportFailed
        When the folder cannot be written or a cell fails.
    """
    texts = theme.read(parameters)
    info = Warehouse().info
    stem = "_".join([theme.name, *(f"{name}-{_slug(str(text))}" for name, text in sorted(texts.items()))])
    try:
        to.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".report-", dir=to) as scratch:
            executed = Path(scratch) / "executed.ipynb"
            notebook = _execute(theme, texts, executed, progress)
            page = Path(scratch) / "page.html"
            page.write_text(_page(notebook, theme, texts, info, executed), "utf-8")
            made = Report(to / f"{stem}.html", to / f"{stem}.ipynb")
            executed.replace(made.notebook)
            page.replace(made.html)
    except OSError as error:
        raise ReportFailed(
            "The report cannot be written to {folder}: {reason}.", folder=str(to), reason=error.strerror or str(error)
        ) from error
    return made


def _execute(theme: Theme, texts: Mapping[str, object], out: Path, progress: Callable[[int, int], None] | None) -> Any:  # noqa: ANN401 - nbformat has no types
    import papermill
    from papermill.exceptions import PapermillExecutionError

    try:
        return papermill.execute_notebook(
            str(theme.path),
            str(out),
            parameters=dict(texts),
            kernel_name="python3",
            progress_bar=False,
            execution_timeout=TIMEOUT,
            config=_quiet(progress, len(theme.cells)),
        )
    except PapermillExecutionError as error:
        raise ReportFailed(
            "The notebook {name} failed in cell {cell}: {reason}.",
            name=theme.name, cell=str(error.cell_index), reason=f"{error.ename}: {error.evalue}",
        ) from error  # fmt: skip


def _quiet(progress: Callable[[int, int], None] | None, cells: int) -> Any:  # noqa: ANN401
    """Configure nbclient: sockets are files, so that parallel runs race for no port; cells report as they end."""
    from traitlets.config import Config

    config = Config()
    config.KernelManager.transport = "ipc"
    if progress is not None:
        config.PapermillNotebookClient.on_cell_complete = lambda cell, cell_index: progress(cell_index + 1, cells + 1)
    return config


def _page(notebook: Any, theme: Theme, texts: Mapping[str, object], info: BuildInfo, executed: Path) -> str:  # noqa: ANN401
    import nbformat
    from nbconvert import HTMLExporter

    lang = str(texts.get("lang", theme.parameters.get("lang", "en")))
    notebook.metadata["mangetamain"] = {
        **notebook.metadata.get("mangetamain", {}),
        "theme": theme.name,
        "title": theme.title(lang),
        "lang": lang,
        "parameters": {**theme.parameters, **texts},
        "source": info.source,
        "synthetic": info.synthetic,
        "fingerprint": info.fingerprint,
        "version": version("mangetamain"),
        "built_at": info.as_dict()["built_at"],
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    executed.write_text(nbformat.writes(notebook), "utf-8")
    exporter = HTMLExporter(template_name="mangetamain_report", extra_template_basedirs=[str(TEMPLATES)])
    body: str = exporter.from_notebook_node(notebook, {"mangetamain": standalone(lang)})[0]
    return body


def _slug(text: str) -> str:
    return "".join(char if char.isalnum() or char in "-." else "-" for char in text)[:60]
