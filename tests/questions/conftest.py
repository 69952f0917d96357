"""What tests of questions may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mangetamain.warehouse import Warehouse, build, connect


@pytest.fixture(scope="session")
def real_home(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose warehouse holds the 381 real recipes."""
    home = tmp_path_factory.mktemp("real")
    build(str(shared_data / "foodcom"), home=home)
    return home


@pytest.fixture
def real(real_home: Path) -> Warehouse:
    """The real recipes' warehouse."""
    return connect(real_home)
