"""One sample that all tests of it look at."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.warehouse.sample.asking import KEPT, SIZE, make


@pytest.fixture(scope="session")
def sample() -> Iterator[duckdb.DuckDBPyConnection]:
    """Twenty thousand recipes, and those of them that the published cleaning keeps."""
    with make(SIZE) as con:
        con.execute(KEPT)
        yield con
