"""Run the notebooks on the sample and store what the tests compare, or strip what they do not: `make notebooks`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from mangetamain.kernelspec import OwnKernel


def run(path: Path) -> None:
    """Run a notebook from top to bottom and store its results."""
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=300, resources=where, kernel_manager_class=OwnKernel).execute()
    write(path, notebook)


def write(path: Path, notebook: Any) -> None:  # noqa: ANN401 - nbformat has no types
    """Keep the plain text of each result and nothing else."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            results = [output for output in cell.outputs if output.output_type == "execute_result"]
            cell.outputs = [
                nbformat.v4.new_output(
                    "execute_result", {"text/plain": result.data["text/plain"]}, execution_count=cell.execution_count
                )
                for result in results
            ]
    kept = ("kernelspec", "mangetamain")
    notebook.metadata = {name: notebook.metadata[name] for name in kept if name in notebook.metadata}
    nbformat.write(notebook, path)


def main() -> None:
    """Run or strip the notebooks named."""
    todo, *files = sys.argv[1:]
    for path in map(Path, files):
        print(f"{todo} {path}")
        run(path) if todo == "run" else write(path, nbformat.read(path, as_version=4))


if __name__ == "__main__":
    main()
