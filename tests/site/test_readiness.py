"""When the pages are tried as proof, and what is said of data that are not well: by a clock, and with no server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mangetamain.site.health import data as standing
from mangetamain.site.health import readiness
from mangetamain.site.health.data import Watch
from mangetamain.site.health.readiness import CHECK_SECONDS, GRACE_SECONDS, RETRY_SECONDS, Proof, Proofs, Readiness
from mangetamain.warehouse import connect
from tests.site.conftest import alone
from tests.warehouse.flaws import flip_a_block

PERIOD = 120.0


@dataclass
class Site:
    """A site's readiness by a clock of its own; its one page is tried by a word."""

    readiness: Readiness
    now: float = 1000.0
    page: Proof = field(default_factory=lambda: Proof(figures=3))
    answer: str = ""
    tried: int = 0

    async def prove(self) -> Proofs:
        """Stand for a try of the page and an answer."""
        self.tried += 1
        return Proofs({"trends": self.page}, self.answer)

    def after(self, seconds: float = 1.0) -> dict[str, Any]:
        """Let time go by; look, check if it is time to, and report."""
        self.now += seconds

        async def think() -> None:
            await self.readiness.look()
            await self.readiness.check()

        alone(think())
        return self.readiness.report()

    def known(self) -> dict[str, Any]:
        """Look until the data were read whole, and report."""
        while "being read whole" in (report := self.after())["reason"]:
            pass
        return report


@pytest.fixture
def own_home(tiny_home: Path, tmp_path: Path) -> Path:
    """A copy of the ten recipes' data folder, to be broken."""
    shutil.copytree(tiny_home, tmp_path / "own", symlinks=True, ignore=lambda *_: {"logs", "answers"})
    return tmp_path / "own"


@pytest.fixture
def site(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The readiness of a site over the ten recipes."""
    made = Site(Readiness(Watch(connect(own_home)), lambda: made.prove(), PERIOD))
    monkeypatch.setattr(readiness, "time", SimpleNamespace(monotonic=lambda: made.now))
    return made


def test_pages_are_tried_once_a_period_while_all_is_well(site: Site) -> None:
    assert site.readiness.report()["reason"] == "The site is starting: its data have not been looked at yet."
    assert site.known()["ready"]
    checks = [site.tried]
    for _ in range(600):
        assert site.after()["ready"]
        checks.append(site.tried)
    assert checks[0] == 1
    assert checks[int(PERIOD) - 1] == 1
    assert checks[-1] == 1 + 600 / PERIOD


def test_a_page_that_failed_is_tried_again_soon(site: Site) -> None:
    site.page = Proof(reason="The page trends shows no figure.")
    assert site.known()["reason"] == "The page trends shows no figure."
    site.after(RETRY_SECONDS - 1)
    assert site.tried == 1
    site.page = Proof(figures=3)
    assert site.after()["ready"]
    assert site.tried == 2


def test_a_pool_that_gives_no_answer_is_named_before_the_pages(site: Site) -> None:
    site.answer = "The pool gave no answer to a question: Its figure is empty."
    assert site.known()["reason"] == site.answer
    site.answer = ""
    assert site.after(RETRY_SECONDS)["ready"]


def test_pages_of_new_data_are_tried_soon(site: Site) -> None:
    assert site.known()["ready"]
    path = site.readiness.watch.con.path
    shutil.copyfile(path, path.with_name(f"food-{9 * 10**18}.duckdb"))
    site.known()
    site.after(RETRY_SECONDS)
    assert site.tried == 1, "the same data under another name are no new ones"
    assert site.readiness.standing
    site.readiness.last = readiness.Check(Proofs(), "of other data", "", 0, site.now)
    site.after(RETRY_SECONDS - 1)
    assert site.tried == 1
    site.after()
    assert site.tried == 2


def test_a_check_that_never_ends_is_told_by_its_age(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert site.known()["ready"]
    monkeypatch.setattr(Readiness, "due", lambda self: False)
    assert site.after(PERIOD + CHECK_SECONDS + GRACE_SECONDS)["ready"]
    assert (
        site.after()["reason"]
        == f"The last check of the pages is {PERIOD + CHECK_SECONDS + GRACE_SECONDS + 1:.0f} s old."
    )


def garble(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


@pytest.mark.parametrize("breaks", [garble, Path.unlink, cut])
def test_a_warehouse_that_breaks_is_seen_at_once_and_its_return_too(
    site: Site, own_home: Path, breaks: Callable[[Path], None]
) -> None:
    good = site.known()["warehouse"]
    path = connect(own_home).path
    whole, tried = path.read_bytes(), site.tried
    breaks(path)
    report = site.known()
    assert not report["ready"]
    assert report["warehouse"] is None
    expected = (path.stem, "cannot be read") if path.exists() else ("There is no warehouse", "mangetamain build")
    assert all(words in report["reason"] for words in expected)
    assert report["reason"].count("\n") == 0
    site.after(10 * PERIOD)
    assert site.tried == tried, "without data no page is tried"
    path.write_bytes(whole)
    report = site.known()
    assert report["ready"]
    assert report["warehouse"] == good


def test_one_flipped_bit_is_seen_before_the_first_reader_meets_it(own_home: Path, site: Site) -> None:
    flip_a_block(connect(own_home).path)
    reason = site.known()["reason"]
    assert "damaged or not whole" in reason
    assert "checksum" not in reason
    assert site.tried == 0, "without whole data no page is tried"
    assert site.readiness.report()["needs_help"], "no waiting mends them"


def test_data_that_are_read_whole_still_are_no_other_data(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "LOOK_SECONDS", 0.01)
    assert "is being read whole before it is served" in site.after()["reason"]
    assert not site.readiness.report()["needs_help"]
    assert site.tried == 0
    assert site.known()["ready"]


def test_a_pinned_version_that_is_not_there_is_named(
    own_home: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANGETAMAIN_WAREHOUSE", "food-7")
    site.readiness.watch = Watch(connect(own_home))
    reason = site.known()["reason"]
    assert "'food-7'" in reason
    monkeypatch.delenv("MANGETAMAIN_WAREHOUSE")
    assert connect(own_home).version in reason


def test_a_reading_that_failed_for_the_machine_is_tried_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as short:
        short.setattr(standing, "READ_WHOLE", "import sys; sys.exit('no memory was left')")
        assert "no memory was left" in site.known()["reason"]
    assert site.after()["needs_help"], "not so soon"
    monkeypatch.setattr(standing, "AGAIN_SECONDS", 0)
    site.after()
    assert site.known()["ready"]


def test_a_site_without_room_for_temporary_files_is_not_ready(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.known()["ready"]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert site.after()["reason"] == "There is no room for temporary files: no such file or directory."
    monkeypatch.undo()
    monkeypatch.setattr(readiness, "time", SimpleNamespace(monotonic=lambda: site.now))
    assert site.after()["ready"]
