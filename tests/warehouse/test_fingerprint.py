"""The fingerprint of a warehouse, and the sample of the tests, follow the code that decides what is in them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mangetamain.warehouse

ROOT = Path(__file__).parent.parent.parent
HOUSE = Path(mangetamain.warehouse.__file__).parent
# Each with what it may change: refused lines, kept rows, made tables, drawn rows, found files, the building itself.
DECIDING = ("ingest", "cleaning", "tables", "sample", "sources", ".")
READING = ("reader", "versions")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the package; the fingerprint is taken of the copy."""
    copy = Path(shutil.copytree(HOUSE, tmp_path / "warehouse", ignore=shutil.ignore_patterns("__pycache__")))
    monkeypatch.setattr(sys.modules["mangetamain.warehouse.build"], "__file__", str(copy / "build.py"))
    return copy


def code() -> str:
    return sys.modules["mangetamain.warehouse.build"]._code()


def test_each_room_is_known_to_decide_or_to_read() -> None:
    rooms = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    assert rooms == {*DECIDING, *READING} - {"."}


@pytest.mark.parametrize("room", DECIDING)
def test_a_file_added_to_a_room_that_decides_is_other_code(copy: Path, room: str) -> None:
    before = code()
    (copy / room / "new.py").write_text("one = 1\n")
    added = code()
    (copy / room / "new.py").write_text("one = 2\n")
    assert len({before, added, code()}) == 3


@pytest.mark.parametrize("name", [*(f"{room}/new.py" for room in READING), "status.py"])
def test_code_that_only_reads_is_not(copy: Path, name: str) -> None:
    before = code()
    (copy / name).write_text("one = 1\n")
    assert code() == before


def test_the_sample_of_the_makefile_depends_on_the_same_files(copy: Path) -> None:
    for room in (*DECIDING, *READING):
        (copy / room / "new.py").write_text("one = 1\n")
    listed = re.search(r"^\$\(TESTDATA\)/\.sample: \$\(shell (.*)\)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert listed
    words = ["sh", "-c", listed[1].replace("mangetamain/warehouse", str(copy))]
    found = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert {Path(file) for file in found} == {*sys.modules["mangetamain.warehouse.build"]._deciding(copy)}
