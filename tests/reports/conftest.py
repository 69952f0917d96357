"""What tests of reports may ask for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mangetamain.reports import Registry, Run, batch, run_of, steps
from mangetamain.themes import theme
from mangetamain.warehouse import Warehouse, connect
from tests.command import command
from tests.conftest import made_once
from tests.waiting import PATIENCE

YEARS = [f"{first}-{last}" for first in range(1999, 2009) for last in range(2014, 2019)]


@pytest.fixture(scope="module", autouse=True)
def home(tiny_home: Path):
    """The ten recipes' data folder, for this process and for the kernels it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MANGETAMAIN_DATA", str(tiny_home))
        yield tiny_home


@pytest.fixture
def con(home: Path) -> Warehouse:
    """The ten recipes' warehouse."""
    return connect(home)


def runs(count: int, *, lang: str = "en") -> list[Run]:
    """Make runs of one notebook that differ in their years."""
    return [run_of(theme("ratings"), {"years": span, "lang": lang}) for span in YEARS[:count]]


@pytest.fixture(scope="session")
def two_reports(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first two of `runs`, as pages."""

    def make(folder: Path) -> None:
        registry, con = Registry(folder), connect(tiny_home)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MANGETAMAIN_DATA", str(tiny_home))
            todo = steps(runs(2), registry, con.info, ("html",), force=False)
            assert [step.todo for step in todo] == ["run", "run"]
            done = batch(todo, registry, con, formats=("html",), jobs=2, timeout=PATIENCE, tell=lambda _: None)
        assert (done.finished, done.skipped, done.failed) == (2, 0, {})

    return made_once(tmp_path_factory, "reports", make)


@pytest.fixture
def made(two_reports: Path, tmp_path: Path) -> Registry:
    """A copy of the two reports, for a test to do with as it likes."""
    return Registry(Path(shutil.copytree(two_reports, tmp_path / "out")))


@pytest.fixture(scope="session")
def commanded_once(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two French reports, made by the command."""

    def make(folder: Path) -> None:
        words = ("report", "ratings", "trends", "-p", "lang=fr", "--to", folder, "--formats", "html,csv", "--json")
        done = command(*words, home=tiny_home)
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.split()) == 2
        assert '"made": 2, "there": 0, "failed": 0' in done.stderr.splitlines()[-1]

    return made_once(tmp_path_factory, "commanded", make)
