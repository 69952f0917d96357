from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mangetamain.warehouse import build, connect
from mangetamain.warehouse.sample import make
from tests.conftest import RECIPES, made_once, write_official_files
from tests.warehouse.rows import write_raw

COUNT = "SELECT count(*) AS n FROM raw.RAW_recipes"


@pytest.fixture
def plain_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `sample:60` sixty plain recipes, a tenth of the work: for tests of building, which look at no recipe."""
    monkeypatch.setattr(make, "write_raw", write_raw)


@pytest.fixture(scope="session")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of thirty plain recipes, to be copied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "write_raw", write_raw)
        return made_once(tmp_path_factory, "thirty", lambda home: build("sample:30", home=home))


@pytest.fixture(scope="session")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two versions: ten recipes, then the same with the first left out."""

    def make_both(home: Path) -> None:
        build(str(write_official_files(home / "raw")), home=home)
        build(str(write_official_files(home / "other", RECIPES[1:])), home=home)

    return made_once(tmp_path_factory, "two", make_both)


@pytest.fixture
def home(two_versions: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(two_versions, tmp_path / "home"))


def read(home: Path) -> int:
    """Count the recipes that a data folder serves."""
    return int(connect(home).execute(COUNT).fetchall()[0][0])
