"""What tests of reports may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mangetamain.warehouse import Warehouse, connect


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
