"""`serve --sample` and `lab --sample`: the synthetic sample is made where there are no data, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mangetamain.site.sample import make_sample
from mangetamain.warehouse import Warehouse, origin
from mangetamain.warehouse.sample import make
from tests.warehouse.rows import write_raw


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the sample small, or the test takes as long as the full size."""
    monkeypatch.setattr(origin, "sample_size", lambda _source: 60)
    monkeypatch.setattr(make, "write_raw", write_raw)


@pytest.mark.usefixtures("small")
def test_it_is_made_where_there_are_no_data_and_what_there_is_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MANGETAMAIN_DATA", str(tmp_path))
    make_sample()
    info = Warehouse().info
    assert info.synthetic
    assert capsys.readouterr().out == "Mangetamain makes its synthetic sample\n"
    make_sample()
    assert Warehouse().info == info
    assert capsys.readouterr().out == ""
