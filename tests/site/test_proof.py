"""Whether the site can serve: what it finds when it renders its own pages, and that nothing of that is left behind."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mangetamain.answers.store import AnswerStore, sealed
from mangetamain.themes import Theme, folder, theme, themes
from mangetamain.warehouse import connect
from tests.site.conftest import Server, served
from tests.waiting import eventually

EAGER = "import mangetamain.site.app as app; app.LOOK_MILLISECONDS = 50"
# Checks wait for signs, so that what is between them is seen however slowly it is looked at.
SIGNED = """
import pathlib
import mangetamain.site.health.readiness as r
due = r.Readiness.due
place = pathlib.Path({place!r})
r.Readiness.due = lambda self: (place / ("again" if self.last else "first")).exists() and due(self)
"""


def copied(place: Path) -> str:
    """Copy the notebooks; return code that makes the copies the site's."""
    shutil.copytree(folder(), place, ignore=lambda *_: {"conftest.py", "__pycache__", ".ipynb_checkpoints"})
    return f"import pathlib, mangetamain.themes as t; t.folder = lambda: pathlib.Path({str(place)!r})"


def with_a_cell(path: Path, source: str, *, at: int = -1, to: str) -> Path:
    """Write a notebook that is another one with one more cell."""
    notebook = json.loads(path.read_text("utf-8"))
    cell = {"cell_type": "code", "execution_count": None, "id": "x", "metadata": {}, "outputs": [], "source": source}
    notebook["cells"].insert(at, cell)
    made = path.with_stem(to)
    made.write_text(json.dumps(notebook), "utf-8")
    return made


def gone(site: Server) -> bool:
    """Wait for the last kernel to go."""
    return eventually(lambda: not site.kernels(), lambda: site.kernels())


@dataclass(frozen=True)
class Proved:
    """A site, what it said before and after its first check, and the folder of the signs that checks wait for."""

    site: Server
    at_first: dict[str, Any]
    report: dict[str, Any]
    signs: Path


@pytest.fixture(scope="module")
def proved(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proved]:
    """A site that has checked its pages once."""
    signs, state = tmp_path_factory.mktemp("signs"), tmp_path_factory.mktemp("state")
    names = {"MANGETAMAIN_REVISION": "abc123", "MANGETAMAIN_IMAGE": "sha256:77", "MANGETAMAIN_STATE": str(state)}
    before = SIGNED.format(place=str(signs))
    with served(tiny_home, "/cooking/", env=names, before=f"{EAGER}\n{before}", proved=True, ready_seconds=0.1) as site:
        at_first: list[dict[str, Any]] = []

        def looked_at() -> bool:
            at_first[:] = [site.ready()]
            return "being read whole" not in at_first[0]["reason"] and at_first[0]["warehouse"] is not None

        eventually(looked_at, at_first)
        (signs / "first").touch()
        yield Proved(site, at_first[0], site.until(ready=True), signs)


def test_a_site_that_serves_is_ready_and_says_what_it_serves(proved: Proved, tiny_home: Path) -> None:
    assert not proved.at_first["ready"]
    assert proved.at_first["reason"] == "The site is starting: no page has been rendered yet."
    report, con = proved.report, connect(tiny_home)
    assert report["warehouse"] == {
        "version": con.version, "fingerprint": con.fingerprint, "source": con.info.source, "synthetic": False,
    }  # fmt: skip
    assert {name: page["figures"] > 0 for name, page in report["pages"].items()} == dict.fromkeys(themes(), True)
    assert report["environment"] == "PREPROD"
    assert (report["revision"], report["image"]) == ("abc123", "sha256:77")
    assert json.loads(proved.site.get("/cooking/health").text) == {
        "ok": True, **{name: report[name] for name in ("environment", "version", "revision", "image")}
    }  # fmt: skip


def test_who_asks_starts_no_kernel(proved: Proved) -> None:
    site, paths = proved.site, ("/cooking/ready", "/cooking/health")
    gone(site)
    started = site.log.count("Kernel started")
    assert started >= len(themes())
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(site.get, path, method) for method in ("GET", "HEAD") for path in paths for _ in range(50)]
        assert {reply.result().status for reply in asked} == {200}
    assert site.log.count("Kernel started") == started
    assert not site.kernels()


def test_checks_leave_no_kernel_and_make_one_at_a_time(proved: Proved) -> None:
    site, most = proved.site, [0]
    gone(site)
    before = site.log.count("Kernel shutdown")
    (proved.signs / "again").touch()

    def went_on() -> bool:
        assert site.ready()["ready"]
        most.append(len(site.kernels()))
        return site.log.count("Kernel shutdown") >= before + 6

    try:
        eventually(went_on)
        log = site.log
    finally:
        (proved.signs / "again").unlink()
    # The one before may still be ending.
    assert 0 < max(most) <= 2
    assert 0 <= log.count("Kernel started") - log.count("Kernel shutdown") <= 1
    gone(site)


# What is wrong with a page, as one more cell at a place of its notebook, and what is said of it.
PANELS = len(theme("ratings").asked)
FAULTS = {
    "fails": (-5, "raise ZeroDivisionError('inside')", f"has {PANELS - 1} of its {PANELS} panels: a cell of it failed"),
    "fails-first": (0, "raise ZeroDivisionError('inside')", f"has 0 of its {PANELS} panels: a cell of it failed"),
    "dies": (-1, "import os; os._exit(1)", "dies"),
    "endless": (-1, "import time; time.sleep(3600)", "The page endless was not rendered within"),
}
# Pages that never come are not waited for, nor long for one whose kernel is gone: another may take whatever it needs.
HASTY = """
from mangetamain.site.health.rendering import Visit
render = Visit.render
Visit.render = lambda self, seconds: render(self, {'endless': 5, 'dies': 20}.get(self.name, seconds))
import mangetamain.site.health.readiness as r
r.RETRY_SECONDS = 3600
"""


@pytest.fixture(scope="module")
def failing(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    """A site of one good page and one with each fault, which has checked them once, and what it reports."""
    home, place = tmp_path_factory.mktemp("failing") / "home", tmp_path_factory.mktemp("notebooks") / "here"
    shutil.copytree(tiny_home, home, symlinks=True, ignore=lambda *_: {"logs"})
    ours = copied(place)
    for name, (at, source, _) in FAULTS.items():
        with_a_cell(place / "ratings.ipynb", source, at=at, to=name)
    # A panel fails of an answer that only a fault of our own could have stored.
    spoilt = place / "spoilt.ipynb"
    spoilt.write_text((place / "ratings.ipynb").read_text("utf-8").replace("1999-2018", "2004-2006"), "utf-8")
    answer = Theme("spoilt", spoilt).asked[0].answer(connect(home))
    kept = AnswerStore(home).path(answer.fingerprint, answer.question, answer.parameters)
    kept.write_text(sealed(json.dumps({**json.loads(answer.to_json()), "finding": {}})))
    for name in themes().keys() - {"trends"}:
        (place / f"{name}.ipynb").unlink()
    with served(home, before=f"{EAGER}\n{ours}\n{HASTY}", proved=True) as site:
        yield site, site.until(ready=False)


def test_a_page_that_fails_is_named_and_leaves_no_kernel(failing: tuple[Server, dict[str, Any]]) -> None:
    site, report = failing
    for name, (*_, reason) in FAULTS.items():
        page = report["pages"][name]
        assert reason in page["reason"]
        assert not page["ok"], name
        assert "inside" not in page["reason"]
    assert report["reason"] in [each["reason"] for each in report["pages"].values() if not each["ok"]]
    assert report["pages"]["trends"]["ok"]
    assert gone(site)


def test_a_panel_that_fails_is_seen(failing: tuple[Server, dict[str, Any]]) -> None:
    assert failing[1]["pages"]["spoilt"]["reason"] == (
        f"1 of the {PANELS} panels of the page spoilt failed; the log says why."
    )


def left_before_it_is_whole(site: Server, page: str) -> None:
    """Ask for a page that never ends, and leave."""
    started = site.log.count("Kernel started")
    with socket.create_connection(("127.0.0.1", site.port)) as reader:
        reader.sendall(f"GET /{page} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        eventually(lambda: site.log.count("Kernel started") > started)
        assert reader.recv(1000)


def test_a_page_that_is_left_before_it_is_whole_leaves_no_kernel(failing: tuple[Server, dict[str, Any]]) -> None:
    site, _ = failing
    gone(site)
    ended = site.log.count("Kernel shutdown")
    for _ in range(2):
        left_before_it_is_whole(site, "endless")
    eventually(lambda: site.log.count("Kernel shutdown") >= ended + 2)
    gone(site)


def test_a_page_that_is_left_takes_no_more_kernels_than_wait(tiny_home: Path, tmp_path: Path) -> None:
    ours = copied(tmp_path / "notebooks")
    for name in themes().keys() - {"ratings"}:
        (tmp_path / "notebooks" / f"{name}.ipynb").unlink()
    ratings = tmp_path / "notebooks" / "ratings.ipynb"
    with_a_cell(ratings, FAULTS["endless"][1], to="ratings")
    with served(tiny_home, env={"MANGETAMAIN_STATE": str(tmp_path)}, before=ours, preheat=1) as site:
        eventually(site.kernels)
        for _ in range(2):
            left_before_it_is_whole(site, "ratings")
        eventually(lambda: site.log.count("Kernel shutdown") >= 2)
        assert len(site.kernels()) <= 2


@pytest.fixture(scope="module")
def waiting(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A site with a kernel that waits for each page, whose data take longer to be read than a look waits."""
    signs, state = tmp_path_factory.mktemp("signs"), tmp_path_factory.mktemp("state")
    (signs / "first").touch()
    slow = "import mangetamain.site.health.data as standing; standing.LOOK_SECONDS = 0.05"
    before = "\n".join([EAGER, slow, SIGNED.format(place=str(signs))])
    env = {"MANGETAMAIN_STATE": str(state)}
    with served(tiny_home, env=env, before=before, proved=True, preheat=1, ready_seconds=0.1) as site:
        site.until(ready=True)
        yield site, signs


def test_waiting_kernels_stay_while_the_data_are_read_whole(waiting: tuple[Server, Path]) -> None:
    assert waiting[0].log.count("Kernel shutdown") <= len(themes()), "only those that the check of the pages used"


def test_checks_go_by_kernels_that_wait_and_leave_as_many(waiting: tuple[Server, Path]) -> None:
    site, signs = waiting
    (signs / "again").touch()
    times: set[str] = set()
    eventually(lambda: times.add(site.until(ready=True)["checked"]) or len(times) >= 3)
    assert "Using pre-heated kernel" in site.log
    # Two wait, two are being made in place of those just used.
    assert len(site.kernels()) <= 5
