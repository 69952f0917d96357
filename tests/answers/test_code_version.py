"""An answer is kept until what can change it changes: its questions, statistics, figures, or the libraries below."""

import importlib.metadata
import shutil
import sys
from pathlib import Path

import grimp
import pytest

from mangetamain.answers.code_version import ANSWERING, LIBRARIES, PACKAGE, code_version

# What they import and no kept answer holds: colours, a notebook's defaults, pictures, sentences of mistakes, the list
# of questions, the reading of kept files, Ctrl-C.
NOT_KEPT = {
    f"mangetamain.{name}"
    for name in (
        "charter",
        "connection",
        "errors",
        "escaping",
        "labels",
        "listing",
        "pictures.alone",
        "pictures.svg",
        "refusals",
        "state_files",
        "stopping",
    )
}
# And libraries that only write what is shown: numbers in a language, and a notebook's output.
SHOWING = {"babel", "IPython"}


@pytest.fixture
def package(tmp_path):
    """A copy of the package that a test may edit."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "mangetamain", ignore=shutil.ignore_patterns("*.pyc")))


def edited(package, file):
    path = package / file
    path.write_text(path.read_text("utf-8") + "# edited\n", "utf-8")  # of a file that is there
    code_version.cache_clear()
    return code_version(package=package)


@pytest.mark.parametrize("file", ["cli/app.py", "site/server.py", "reports/plan.py", "warehouse/ingest/load.py"])
def test_an_edit_of_what_makes_no_answer_keeps_them(package, file):
    before = code_version(package=package)
    assert before == code_version()
    assert edited(package, file) == before


@pytest.mark.parametrize(
    "file", ["stats/trends.py", "questions/level/__init__.py", "charts.py", "warehouse/reader/warehouse.py"]
)
def test_an_edit_of_what_makes_an_answer_discards_them(package, file):
    before = code_version(package=package)
    assert edited(package, file) != before


@pytest.mark.parametrize("library", LIBRARIES)
def test_another_version_of_a_library_discards_them(library, monkeypatch):
    before, known = code_version(), importlib.metadata.version
    monkeypatch.setattr("mangetamain.answers.code_version.version", lambda name: known(name) + "x" * (name == library))
    code_version.cache_clear()
    assert code_version() != before
    code_version.cache_clear()


def test_the_whole_package_is_more_than_what_answers(package):
    before = code_version((".",), package)
    edited(package, "cli/app.py")
    assert code_version((".",), package) != before


def hashed(module):
    """Whether a module is among what is hashed."""
    path = module.replace(".", "/").removeprefix("mangetamain/")
    return any(path == part.removesuffix(".py") or path.startswith(f"{part}/") for part in ANSWERING)


def test_all_that_the_questions_import_is_hashed():
    assert all((PACKAGE / part).exists() for part in ANSWERING)
    graph = grimp.build_graph("mangetamain", include_external_packages=True, exclude_type_checking_imports=True)
    makers = {name for name in graph.modules if hashed(name)}
    found = makers.union(*map(graph.find_modules_directly_imported_by, makers))
    others = {name for name in found - makers if name.startswith("mangetamain.")}
    assert {name for name in others if not name.startswith("mangetamain.warehouse")} == NOT_KEPT
    libraries = {name for name in found if "." not in name} - sys.stdlib_module_names - {"mangetamain"}
    assert libraries - SHOWING == set(LIBRARIES)
