"""The look at the data: each version is read whole, by another process, before it is said to be well."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from mangetamain.errors import NoWarehouse
from mangetamain.site.health import data as standing
from mangetamain.site.health.data import Standing, Watch
from mangetamain.warehouse import connect
from tests.warehouse.flaws import flip_a_block


@pytest.fixture
def home(tiny_home: Path, tmp_path: Path) -> Path:
    """A copy of the ten recipes' data folder."""
    return Path(shutil.copytree(tiny_home, tmp_path / "home", ignore=lambda *_: {"answers", "logs", "cache"}))


def looked(watch: Watch) -> Standing:
    """Look until what is read whole has been read."""
    while True:
        try:
            return watch.look()
        except NoWarehouse as error:
            if "being read whole" not in str(error):
                raise
            time.sleep(0.05)


def test_nothing_is_well_before_it_was_read_whole(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "LOOK_SECONDS", 0.01)
    con = connect(home)
    watch = Watch(con)
    with pytest.raises(NoWarehouse, match=f"{con.version} is being read whole before it is served"):
        watch.look()
    assert looked(watch).version == con.version


def test_each_version_is_read_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    reading = standing.read_whole

    def counted(home: Path, version: str) -> str:
        begun.append(version)
        return reading(home, version)

    monkeypatch.setattr(standing, "read_whole", counted)
    con = connect(home)
    watch = Watch(con)
    for _ in range(3):
        looked(watch)
    assert len(begun) == 1
    newer = con.path.with_name(f"food-{9 * 10**18}.duckdb")
    shutil.copyfile(con.path, newer)
    assert [looked(watch).version for _ in range(2)] == [newer.stem] * 2
    assert len(begun) == 2


def test_a_flipped_bit_is_seen_and_its_mending_too(home: Path) -> None:
    con = connect(home)
    watch = Watch(con)
    good = con.path.read_bytes()
    assert looked(watch).version == con.version
    flip_a_block(con.path)
    with pytest.raises(NoWarehouse, match="damaged or not whole") as raised:
        looked(watch)
    assert "checksum" not in str(raised.value)
    con.path.write_bytes(good)
    assert looked(watch).version == con.version


def test_a_reading_that_does_not_end_is_ended(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "READ_WHOLE", "import time; time.sleep(3600)")
    monkeypatch.setattr(standing, "READ_SECONDS", 0)
    monkeypatch.setattr(standing, "LOOK_SECONDS", 0.1)
    with pytest.raises(NoWarehouse, match="could not be read within 0 s"):
        looked(Watch(connect(home)))
