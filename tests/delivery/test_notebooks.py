"""What is said of notebooks that do not keep their word: a real run of nbval, read."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from mangetamain.delivery.proof.notebooks import COLOURS, disagreements


def cell(source, stored=None):
    """Make a cell with a stored result."""
    outputs = [new_output("execute_result", {"text/plain": stored}, execution_count=1)] if stored else []
    return new_code_cell(source, outputs=outputs, execution_count=1)


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What nbval says of a notebook with one cell right and three wrong."""
    folder = tmp_path_factory.mktemp("notebooks")
    wrong = [
        cell("'recipes fell'", "'recipes rose'"),
        cell("raise ValueError('no')"),
        cell("3", "4"),
    ]
    nbformat.write(new_notebook(cells=[cell("1 + 1", "2"), *wrong]), folder / "trends.ipynb")
    words = ("--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider", "-o", "markers=notebook")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", ".", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    return COLOURS.sub("", done.stdout)


def test_each_cell_that_differs_is_named_with_what_was_expected_and_what_came(said):
    first, second, third = disagreements(said)
    assert first == "trends.ipynb, cell 1: expected 'recipes rose', got 'recipes fell'"
    assert second == "trends.ipynb, cell 2: ValueError: no"
    assert third == "trends.ipynb, cell 3: expected 4, got 3"


def test_notebooks_that_pass_disagree_in_nothing():
    assert disagreements("....\n17 passed in 3.2s\n") == []
