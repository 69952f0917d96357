"""A page's first answers: what each panel says before anyone moves a control, read off the notebook's own cells."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mangetamain.site.notebooks import notebooks_folder

if TYPE_CHECKING:
    from mangetamain.questions import Answer
    from mangetamain.warehouse import Warehouse


def first_answers(notebook: str, con: Warehouse, folder: Path | None = None) -> Iterator[tuple[str, Answer]]:
    """Answer each panel of a notebook with the notebook's own parameters.

    Parameters
    ----------
    notebook
        Its name, without ``.ipynb``.
    con
        Where to ask.
    folder
        Folder of the notebooks, where it is not the package's.

    Yields
    ------
    tuple of str and Answer
        The id of the panel's cell, and the answer that it will show first.
    """
    from mangetamain.questions import QUESTIONS

    for cell, question, given in panels((folder or notebooks_folder()) / f"{notebook}.ipynb"):
        given.pop("lang", None)
        yield cell, QUESTIONS[question](con, **given)


def panels(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Find the panels of a notebook: the cell's id, the question's name, and the parameters given to it."""
    names: dict[str, Any] = {}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        if "parameters" in cell["metadata"].get("tags", ()):
            names |= dict(_literals(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) == "panel" and node.args:
                given = {keyword.arg: _value(keyword.value, names) for keyword in node.keywords if keyword.arg}
                yield cell["id"], _name(node.args[0]), given


def _literals(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for line in tree.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value:
            yield line.target.id, ast.literal_eval(line.value)
        elif isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            yield line.targets[0].id, ast.literal_eval(line.value)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any literal
    return names[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
