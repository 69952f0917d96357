"""One run: papermill executes the notebook with checked parameters, and the report is put in its place."""

from __future__ import annotations

import json
import platform
import tempfile
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mangetamain.errors import UserError
from mangetamain.language import N_
from mangetamain.reports.export import answers_of, write_format
from mangetamain.reports.plan import Run
from mangetamain.reports.registry import Registry, key_of
from mangetamain.warehouse import BuildInfo

VERSIONS = ("mangetamain", "duckdb", "numpy", "plotly", "papermill")
Progress = Callable[[int, int], None]


class ReportFailed(UserError):
    """A notebook that did not run to its end."""


def make(
    run: Run,
    registry: Registry,
    info: BuildInfo,
    *,
    formats: Collection[str] = ("html", "ipynb"),
    timeout: float = 600,
    progress: Progress | None = None,
) -> Path:
    """Run a notebook and put its report into the registry.

    Parameters
    ----------
    run
        The notebook and its parameters, already checked.
    registry
        Where the report goes.
    info
        The card of the warehouse that the kernels will find.
    formats
        Which of html, ipynb, md and csv to write; the executed notebook is always kept.
    timeout
        Seconds that the whole run may take.
    progress
        Called after each cell with the cells done and their number.

    Returns
    -------
    Path
        The report's folder; it appears whole or not at all.

    Raises
    ------
    ReportFailed
        When a cell fails, the time is up or the kernel dies; a record of it stays, and no report.
    """
    key, started, clock = key_of(run, info.fingerprint), datetime.now(UTC), time.monotonic()
    place = registry.place(run, key)
    record = _record(run, key, info, started)
    with registry.making() as made:
        try:
            notebook = execute(run, made / "report.ipynb", clock + timeout, progress)
        except ReportFailed as error:
            _write(made / "record.json", {**record, "outcome": f"failed: {error}", "seconds": time.monotonic() - clock})
            (made / "report.ipynb").unlink(missing_ok=True)
            registry.put(made, place)
            raise
        answers = answers_of(notebook)
        notebook.metadata["mangetamain"] = {**notebook.metadata.get("mangetamain", {}), **_about(record, run, info)}
        _finish(made, notebook, answers, formats)
        told = {"outcome": "done", "seconds": time.monotonic() - clock, "formats": sorted({*formats, "ipynb"})}
        _write(made / "record.json", {**record, **told})
        registry.put(made, place)
    return place


def add_formats(place: Path, record: dict[str, Any], formats: Collection[str]) -> None:
    """Write further formats of a finished report from what is stored, without a kernel."""
    import nbformat

    notebook = nbformat.read(place / "report.ipynb", as_version=4)
    for kind in formats:
        write_format(kind, place, notebook, answers_of(notebook))
    told = {name: value for name, value in record.items() if name not in ("folder", "answers")}
    _write(place / "record.json", {**told, "formats": sorted({*record["formats"], *formats})})


def execute(run: Run, out: Path, deadline: float, progress: Progress | None) -> Any:  # noqa: ANN401 - nbformat has no types
    """Execute a notebook by papermill's API; a kernel that dies before its first cell gets one more try."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    for attempt in (1, 2):
        began: list[int] = []
        # Each kernel has sockets of its own: by default all that start in one folder would race for the same names.
        with tempfile.TemporaryDirectory(prefix="mm-") as sockets:
            try:
                return papermill.execute_notebook(
                    str(run.theme.path), str(out), parameters=dict(run.parameters), kernel_name="python3",
                    progress_bar=False, request_save_on_cell_execute=False, autosave_cell_every=0,
                    config=_client(sockets, len(run.theme.cells), deadline, progress, began),
                )  # fmt: skip
            except PapermillExecutionError as error:
                cell, reason = str(error.cell_index), f"{error.ename}: {error.evalue}"
                text = N_("{run} failed in cell {cell}: {reason}")
                raise ReportFailed(text, run=run.name, cell=cell, reason=reason) from error
            except CellTimeoutError as error:
                raise ReportFailed("{run} took too long and was stopped.", run=run.name) from error
            except (DeadKernelError, RuntimeError) as error:
                if began or attempt == 2:
                    raise ReportFailed("The kernel of {run} died.", run=run.name) from error
    raise AssertionError


def _client(sockets: str, cells: int, deadline: float, progress: Progress | None, began: list[int]) -> Any:  # noqa: ANN401
    """Configure nbclient: kernels talk through files, so parallel runs race for no port; one clock for all cells."""
    from traitlets.config import Config

    def start(cell: Any, cell_index: int) -> None:  # noqa: ANN401
        began.append(cell_index)
        if progress is not None:
            progress(cell_index, cells + 1)

    config = Config()
    config.KernelManager.transport = "ipc"
    config.KernelManager.ip = f"{sockets}/k"
    config.KernelManager.connection_file = f"{sockets}/kernel.json"
    config.PapermillNotebookClient.on_cell_start = start
    # Nothing in a kernel outlives its report; a gentle end costs time and says so on the terminal.
    config.PapermillNotebookClient.shutdown_kernel = "immediate"
    config.PapermillNotebookClient.extra_arguments = ["--IPKernelApp.log_level=CRITICAL"]
    config.PapermillNotebookClient.timeout_func = lambda _cell: max(1, int(deadline - time.monotonic()))
    return config


def _finish(made: Path, notebook: Any, answers: list[dict[str, Any]], formats: Collection[str]) -> None:  # noqa: ANN401
    import nbformat

    (made / "report.ipynb").write_text(nbformat.writes(notebook), "utf-8")
    _write(made / "answers.json", {"answers": answers})
    for kind in formats:
        write_format(kind, made, notebook, answers)


def _record(run: Run, key: str, info: BuildInfo, started: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "name": run.name,
        "theme": run.theme.name,
        "title": run.theme.title(run.parameters["lang"]),
        "lang": run.parameters["lang"],
        "parameters": dict(run.parameters),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in VERSIONS}},
        "data": {
            "source": info.source,
            "synthetic": info.synthetic,
            "fingerprint": info.fingerprint,
            "cleaning": info.cleaning_parameters,
        },
        "started": started.isoformat(timespec="seconds"),
        "formats": [],
    }


def _about(record: dict[str, Any], run: Run, info: BuildInfo) -> dict[str, Any]:
    """Return what the report's page says of itself."""
    return {
        **{name: record[name] for name in ("key", "theme", "title", "lang", "parameters")},
        "source": info.source,
        "synthetic": info.synthetic,
        "fingerprint": info.fingerprint,
        "version": record["versions"]["mangetamain"],
        "built_at": info.as_dict()["built_at"],
        "time": record["started"],
    }


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
