"""Renders the notebooks with Voilà, once, in a process of its own.

Each is a line of JSON on standard output as soon as it is done: prose and other outputs as HTML, and a marker for each
panel, whose answers the site gives itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import tempfile
from functools import cache
from typing import Any

from mangetamain import logs
from mangetamain.themes import Theme, themes
from mangetamain.warehouse import state_home

log = logging.getLogger(__name__)
AT_ONCE = 2
NOTEBOOK_SECONDS = 100.0  # that one notebook may take, on a machine that is very slow
NICENESS = 5


async def executed(theme: Theme, sockets: str) -> tuple[Any, bool]:
    """Run a notebook in a kernel that ends with it; return it with its outputs, and whether all cells ran."""
    import nbformat
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from traitlets.config import Config
    from voila.execute import VoilaExecutor

    config = Config()
    config.KernelManager.transport = "ipc"  # kernels that start at once race for ports
    config.KernelManager.ip = f"{sockets}/{theme.name}"
    config.KernelManager.connection_file = f"{sockets}/{theme.name}.json"
    notebook = nbformat.read(theme.path, as_version=4)
    for cell in notebook.cells:
        cell.update({"outputs": []} if cell.cell_type == "code" else {})
    executor = VoilaExecutor(
        notebook, config=config, kernel_manager_class="mangetamain.kernelspec.OwnKernel", shutdown_kernel="immediate",
        resources={"metadata": {"path": str(theme.path.parent)}}, extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
    )  # fmt: skip
    try:
        async with executor.async_setup_kernel(), asyncio.timeout(NOTEBOOK_SECONDS):
            for place, cell in enumerate(notebook.cells):
                await executor.execute_cell(cell, None, place, store_history=False)
    except (CellExecutionError, DeadKernelError, TimeoutError) as error:
        log.error("a cell of the notebook failed", extra={"notebook": theme.name, "error": repr(error)[:200]})
        return notebook, False
    return notebook, True


@cache
def exporter() -> Any:  # noqa: ANN401 - of a library without types
    """Return what writes all notebooks: its templates are compiled once."""
    from voila.exporter import VoilaExporter
    from voila.paths import collect_template_paths

    paths = collect_template_paths(["voila", "nbconvert"], "mangetamain")
    return VoilaExporter(template_paths=paths, template_name="mangetamain", exclude_input=True)


async def rendered(theme: Theme, sockets: str) -> dict[str, Any]:
    """Render a notebook as HTML, with its markers."""
    notebook, whole = await executed(theme, sockets)
    pieces = [piece async for piece, _ in exporter().generate_from_notebook_node(notebook)]
    return {"name": theme.name, "html": "".join(pieces), "whole": whole}


async def every(names: list[str]) -> None:
    """Render some notebooks, a few at once, and write each as it is done."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(theme: Theme) -> None:
        async with turn:
            try:
                made = await rendered(theme, sockets)
            except Exception:
                log.exception("a notebook could not be rendered", extra={"notebook": theme.name})
                made = {"name": theme.name, "html": "", "whole": False}
        sys.stdout.write(json.dumps(made) + "\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory(prefix="mangetamain-") as sockets:
        await asyncio.gather(*(one(theme) for name, theme in themes().items() if name in names))


def main() -> None:
    """Render the notebooks that are named."""
    os.nice(NICENESS)
    logs.start("worker", state_home() / "logs")
    asyncio.run(every(sys.argv[1:]))
