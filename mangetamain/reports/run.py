"""One run: papermill executes the notebook with checked parameters, and the report is put in its place."""

from __future__ import annotations

import json
import logging
import math
import platform
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mangetamain import __version__, state_files, stopping
from mangetamain.errors import NoWarehouse, UserError
from mangetamain.language import N_, in_english
from mangetamain.reports.export import answers_of, write_format
from mangetamain.reports.plan import Run
from mangetamain.reports.registry import Registry, key_of
from mangetamain.warehouse import BuildInfo, Warehouse
from mangetamain.warehouse.home import VARIABLE
from mangetamain.warehouse.reader.warehouse import PIN

LIBRARIES = ("duckdb", "numpy", "plotly", "papermill")
Progress = Callable[[int, int], None]
log = logging.getLogger(__name__)


class ReportFailed(UserError):
    """A notebook that did not run to its end."""


def make(
    run: Run,
    registry: Registry,
    con: Warehouse,
    *,
    formats: Collection[str] = ("html", "ipynb"),
    timeout: float = 600,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Path:
    """Run a notebook and put its report into the registry.

    Parameters
    ----------
    run
        The notebook and its parameters, already checked.
    registry
        Where the report goes.
    con
        The warehouse; the version that it is at now is read to the end, whatever is built meanwhile.
    formats
        Which of html, interactive, ipynb, md and csv to write; the executed notebook is always kept.
    timeout
        Seconds from the kernel's start to the end of the last cell.
    progress
        Called after each cell with the cells done and their number.
    stop
        Once it is set, a run that fails was interrupted: it leaves nothing.

    Returns
    -------
    Path
        The report's folder; it appears whole or not at all.

    Raises
    ------
    ReportFailed
        When a cell fails, the time is up or the kernel dies. A record of it stays, unless a good report is there.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    info, version = _data(run, con)
    key = key_of(run, info.fingerprint)
    place, record = registry.place(run, key), _record(run, key, info, started)
    with registry.making() as made:
        try:
            notebook = _executed(run, made / "report.ipynb", Warehouse(con.home, version), clock + timeout, progress)
        except ReportFailed as error:
            if not (stop and stop.is_set()) and registry.done(run, key) is None:
                (made / "report.ipynb").unlink(missing_ok=True)
                end = {"outcome": f"failed: {in_english(error)}", "seconds": time.monotonic() - clock}
                _write(made / "record.json", {**record, **end})
                registry.put(made, place)
            raise
        notebook.metadata["mangetamain"] = {**notebook.metadata.get("mangetamain", {}), **_about(record, info)}
        _finish(made, notebook, answers_of(notebook), formats, Warehouse(con.home, version))
        end = {"outcome": "done", "seconds": time.monotonic() - clock, "formats": sorted({*formats, "ipynb"})}
        _write(made / "record.json", {**record, **end})
        registry.put(made, place)
    return place


def _data(run: Run, con: Warehouse) -> tuple[BuildInfo, str]:
    """Return the card and the version of the data that a run reads."""
    try:
        version = con.version
        return Warehouse(con.home, version).info, version
    except NoWarehouse as error:
        if not con.pin:
            raise
        text = N_("The data of {run} are gone, newer builds took their place: start again with the newest.")
        raise ReportFailed(text, run=run.name) from error


def _executed(run: Run, out: Path, con: Warehouse, deadline: float, progress: Progress | None) -> Any:  # noqa: ANN401
    """Execute a notebook and see that every answer is there and speaks of the data it was given."""
    try:
        fingerprint = con.fingerprint
        notebook = execute(run, out, con, deadline, progress)
        answers = answers_of(notebook)
        if len(answers) < len(run.theme.asked):
            text = N_("{run} gave {count} of its {all} answers.")
            raise ReportFailed(text, run=run.name, count=len(answers), all=len(run.theme.asked))
        if any(answer["fingerprint"] != fingerprint for answer in answers):
            raise ReportFailed("{run} answered from other data than it was given.", run=run.name)
    except (ReportFailed, NoWarehouse):
        _data(run, con)  # where they are gone, that is why
        raise
    return notebook


def add_formats(place: Path, record: dict[str, Any], formats: Collection[str], con: Warehouse) -> bool:
    """Write further formats of a finished report from what is stored, without a kernel; say whether that could be."""
    import nbformat

    try:
        notebook = nbformat.reads(state_files.text(place / "report.ipynb"), as_version=4)
        for kind in formats:
            write_format(kind, place, notebook, answers_of(notebook), con)
    except OSError:
        raise  # a full disk
    except Exception:
        log.warning("what is stored of %s is damaged", record["name"], exc_info=True)
        return False
    stored = {name: value for name, value in record.items() if name not in ("folder", "answers")}
    _write(place / "record.json", {**stored, "formats": sorted({*record["formats"], *formats})})
    return True


def execute(run: Run, out: Path, con: Warehouse, deadline: float, progress: Progress | None) -> Any:  # noqa: ANN401
    """Execute a notebook by papermill's API; a kernel that dies before its first cell gets one more try."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    # Why a run failed is said once, by us; and a kernel that an interrupted batch ended is no fault.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    # By its API: papermill's own command (2.7) takes three to four seconds more for each notebook.
    for attempt in (1, 2):
        began: list[int] = []
        # Each kernel has sockets of its own: by default all that start in one folder would race for the same names.
        with tempfile.TemporaryDirectory(prefix="mm-") as sockets:
            try:
                # Papermill (2.7) only warns of a parameter that the notebook has not: the plan has refused those.
                # Nor does it need to write the notebook after each cell: a report appears whole or not at all.
                return papermill.execute_notebook(
                    str(run.theme.path), str(out), parameters=dict(run.parameters), kernel_name="python3",
                    progress_bar=False, request_save_on_cell_execute=False, autosave_cell_every=0,
                    start_timeout=math.ceil(_left(deadline)),
                    config=_client(sockets, con, len(run.theme.cells), deadline, progress, began),
                )  # fmt: skip
            except PapermillExecutionError as error:
                cell, reason = str(error.cell_index), f"{error.ename}: {error.evalue}"
                text = N_("{run} failed in cell {cell}: {reason}")
                raise ReportFailed(text, run=run.name, cell=cell, reason=reason) from error
            except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
                if isinstance(error, CellTimeoutError) or time.monotonic() > deadline:
                    raise ReportFailed("{run} took too long and was stopped.", run=run.name) from error
                if began or attempt == 2 or stopping.came:
                    raise ReportFailed("The kernel of {run} died.", run=run.name) from error
    raise AssertionError


def _left(deadline: float) -> float:
    """Return the seconds left, or next to none: nothing would mean as long as it takes."""
    return max(deadline - time.monotonic(), 0.001)


def _client(
    sockets: str, con: Warehouse, cells: int, deadline: float, progress: Progress | None, began: list[int]
) -> Any:  # noqa: ANN401
    """Configure nbclient: kernels talk through files, so parallel runs race for no port; one clock for all cells."""
    from traitlets.config import Config

    def start(cell: Any, cell_index: int) -> None:  # noqa: ANN401
        began.append(cell_index)
        if progress is not None:
            progress(cell_index, cells + 1)

    config = Config()
    # By TCP (jupyter_client 8) a port is chosen before the kernel binds it: of kernels that start at the same moment
    # about one in twenty found its port in use.
    config.KernelManager.transport = "ipc"
    config.KernelManager.ip = f"{sockets}/k"
    config.KernelManager.connection_file = f"{sockets}/kernel.json"
    config.OwnKernel.variables = {VARIABLE: str(con.home), PIN: con.pin}
    config.PapermillNotebookClient.kernel_manager_class = "mangetamain.kernelspec.OwnKernel"
    config.PapermillNotebookClient.on_cell_start = start
    # Nothing in a kernel outlives its report; a gentle end costs time and says so on the terminal.
    config.PapermillNotebookClient.shutdown_kernel = "immediate"
    config.PapermillNotebookClient.extra_arguments = ["--IPKernelApp.log_level=CRITICAL"]
    config.PapermillNotebookClient.timeout_func = lambda _cell: _left(deadline)
    return config


def _finish(
    made: Path, notebook: Any, answers: list[dict[str, Any]], formats: Collection[str], con: Warehouse  # noqa: ANN401
) -> None:  # fmt: skip
    import nbformat

    (made / "report.ipynb").write_text(nbformat.writes(notebook), "utf-8")
    _write(made / "answers.json", {"answers": answers})
    for kind in formats:
        write_format(kind, made, notebook, answers, con)


def _record(run: Run, key: str, info: BuildInfo, started: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "name": run.name,
        "theme": run.theme.name,
        "title": run.theme.title(run.parameters["lang"]),
        "lang": run.parameters["lang"],
        "parameters": dict(run.parameters),
        "versions": {
            "python": platform.python_version(),
            "mangetamain": __version__,
            **{name: version(name) for name in LIBRARIES},
        },
        "data": {
            "source": info.source,
            "synthetic": info.synthetic,
            "fingerprint": info.fingerprint,
            "cleaning": info.cleaning_parameters,
        },
        "started": started.isoformat(timespec="seconds"),
        "formats": [],
    }


def _about(record: dict[str, Any], info: BuildInfo) -> dict[str, Any]:
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
    state_files.write(path, json.dumps(data, ensure_ascii=False))
