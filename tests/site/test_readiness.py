"""Whether the site can serve: what it finds when it renders its own pages, and that nothing of that is left behind."""

from __future__ import annotations

import json
import shutil
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mangetamain.questions.store import AnswerStore, sealed
from mangetamain.themes import folder, themes
from mangetamain.warehouse import connect
from tests.site.conftest import Server, served
from tests.waiting import eventually
from tests.warehouse.flaws import flip_a_block

EAGER = "import mangetamain.site.app as app; app.LOOK_MILLISECONDS = 50"


@pytest.fixture
def own_home(tiny_home: Path, tmp_path: Path) -> Path:
    """A copy of the ten recipes' data folder, to be broken."""
    shutil.copytree(tiny_home, tmp_path / "own", symlinks=True, ignore=lambda *_: {"logs"})
    return tmp_path / "own"


def notebooks(place: Path, source: str, at: int = -1) -> str:
    """Copy the notebooks, with one more cell in `ratings`, near its end; return code that makes them the site's."""
    shutil.copytree(folder(), place, ignore=lambda *_: {"conftest.py", "__pycache__", ".ipynb_checkpoints"})
    path = place / "ratings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    cell = {"cell_type": "code", "execution_count": None, "id": "x", "metadata": {}, "outputs": [], "source": source}
    notebook["cells"].insert(at, cell)
    path.write_text(json.dumps(notebook), "utf-8")
    return f"import pathlib, mangetamain.themes as t; t.folder = lambda: pathlib.Path({str(place)!r})"


def gone(site: Server) -> bool:
    """Wait for the last kernel to go."""
    return eventually(lambda: not site.kernels(), lambda: site.kernels())


def test_a_site_that_serves_is_ready_and_says_what_it_serves(tiny_home: Path, tmp_path: Path) -> None:
    names = {"MANGETAMAIN_REVISION": "abc123", "MANGETAMAIN_IMAGE": "sha256:77"}
    # The first check waits for a sign, so that the start is seen however slowly it is looked at.
    sign = (
        "import pathlib, mangetamain.site.health.readiness as r; due = r.Readiness.due\n"
        f"r.Readiness.due = lambda self: pathlib.Path({str(tmp_path / 'sign')!r}).exists() and due(self)"
    )
    with served(tiny_home, base="/cooking/", env=names, before=sign) as site:
        assert "starting" in site.ready()["reason"]
        (tmp_path / "sign").touch()
        report = site.until(ready=True)
        con = connect(tiny_home)
        assert report["warehouse"] == {
            "version": con.version, "fingerprint": con.fingerprint, "source": con.info.source, "synthetic": False,
        }  # fmt: skip
        assert {name: page["figures"] > 0 for name, page in report["pages"].items()} == {
            "trends": True, "ratings": True
        }  # fmt: skip
        assert report["environment"] == "PREPROD"
        assert (report["revision"], report["image"]) == ("abc123", "sha256:77")
        assert json.loads(site.get("/cooking/health").text) == {
            "ok": True, **{name: report[name] for name in ("environment", "version", "revision", "image")}
        }  # fmt: skip
        assert gone(site)


def test_who_asks_starts_no_kernel(own_home: Path) -> None:
    with served(own_home) as site:
        site.until(ready=True)
        started = site.log.count("Kernel started")
        assert started == len(themes())
        with ThreadPoolExecutor(20) as pool:
            asked = [pool.submit(site.get, path, method) for method in ("GET", "HEAD") for path in ("/ready", "/health")
                     for _ in range(150)]  # fmt: skip
            assert {reply.result().status for reply in asked} == {200}
        assert site.log.count("Kernel started") == started
        assert gone(site)


@pytest.mark.slow
def test_an_hour_of_checks_leaves_no_kernel_and_makes_one_at_a_time(own_home: Path, tmp_path: Path) -> None:
    one = notebooks(tmp_path / "notebooks", "1")
    (tmp_path / "notebooks" / "trends.ipynb").unlink()
    with served(own_home, before=f"{EAGER}\n{one}", ready_seconds=0.1) as site:
        most = [0]

        def went_on() -> bool:
            assert site.ready()["reason"] in ("", "The site is starting: no page has been rendered yet.")
            most.append(len(site.kernels()))
            return site.log.count("Kernel shutdown") >= 30

        eventually(went_on)
        # The one before may still be ending.
        assert max(most) <= 2
        log = site.log
        assert 0 <= log.count("Kernel started") - log.count("Kernel shutdown") <= 1


def garble(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


@pytest.mark.parametrize("breaks", [garble, Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:20_000])])
def test_a_warehouse_that_breaks_is_seen_at_once_and_its_return_too(own_home: Path, breaks) -> None:
    with served(own_home, before=EAGER) as site:
        good = site.until(ready=True)["warehouse"]
        path = connect(own_home).path
        whole = path.read_bytes()
        breaks(path)
        started = site.log.count("Kernel started")
        report = site.until(ready=False)
        assert report["warehouse"] is None
        expected = (path.stem, "cannot be read") if path.exists() else ("There is no warehouse",)
        assert all(words in report["reason"] for words in expected)
        assert report["reason"].count("\n") == 0
        time.sleep(1)
        assert site.log.count("Kernel started") == started, "without data no page is rendered"
        assert site.get("/health").status == 200
        path.write_bytes(whole)
        assert site.until(ready=True)["warehouse"] == good


def test_one_flipped_bit_is_seen_before_the_first_reader_meets_it(own_home: Path) -> None:
    flip_a_block(connect(own_home).path)
    with served(own_home, before=EAGER) as site:
        reason = site.until(ready=False, checked=False)["reason"]
        while "starting" in reason or "being read whole" in reason:
            reason = site.ready()["reason"]
        assert "damaged or not whole" in reason
        assert "checksum" not in reason
        assert "Kernel started" not in site.log, "without whole data no page is rendered"


def test_without_a_warehouse_the_site_waits_for_one(own_home: Path) -> None:
    away = (own_home / "warehouse").rename(own_home / "away")
    with served(own_home, before=EAGER) as site:
        assert "mangetamain build" in site.until(ready=False, checked=False)["reason"]
        away.rename(own_home / "warehouse")
        assert site.until(ready=True)["pages"]["trends"]["ok"]


def test_a_pinned_version_that_is_not_there_is_named(tiny_home: Path) -> None:
    with served(tiny_home, env={"MANGETAMAIN_WAREHOUSE": "food-7"}) as site:
        eventually(lambda: "starting" not in site.ready()["reason"])
        reason = site.until(ready=False, checked=False)["reason"]
        assert "'food-7'" in reason
        assert connect(tiny_home).version in reason


@pytest.mark.parametrize(
    ("at", "source", "reason"),
    [
        (-1, "raise ZeroDivisionError('inside')", "has 4 of its 5 panels: a cell of it failed"),
        (0, "raise ZeroDivisionError('inside')", "has 0 of its 5 panels: a cell of it failed"),
        (-1, "import os; os._exit(1)", "ratings"),
        (-1, "import time; time.sleep(3600)", "The page ratings was not rendered within"),
    ],
    ids=["a cell that fails", "the first cell fails", "a kernel that dies", "a cell that never ends"],
)
def test_a_page_that_fails_is_named_and_leaves_no_kernel(
    own_home: Path, tmp_path: Path, at: int, source: str, reason: str
) -> None:
    once = "import mangetamain.site.health.readiness as r; r.RETRY_SECONDS = 3600"
    # Only the page that never comes is not waited for: another may take whatever the machine needs.
    hasty = (
        "from mangetamain.site.health.rendering import Visit; render = Visit.render\n"
        "Visit.render = lambda self, seconds: render(self, 5 if self.name == 'ratings' else seconds)"
    )
    code = [EAGER, notebooks(tmp_path / "notebooks", source, at), once, hasty if "3600" in source else ""]
    with served(own_home, before="\n".join(code)) as site:
        report = site.until(ready=False)
        assert reason in report["reason"]
        assert report["pages"]["trends"]["ok"]
        assert not report["pages"]["ratings"]["ok"]
        assert "inside" not in report["reason"]
        assert gone(site)


@pytest.mark.parametrize("preheat", [0, 1])
def test_a_page_that_is_left_before_it_is_whole_leaves_no_kernel(own_home: Path, tmp_path: Path, preheat: int) -> None:
    slow = notebooks(tmp_path / "notebooks", "import time; time.sleep(3600)")
    (tmp_path / "notebooks" / "trends.ipynb").unlink()
    never = "import mangetamain.site.health.readiness as r; r.Readiness.due = lambda self: False"
    with served(own_home, before=f"{slow}\n{never}", preheat=preheat) as site:
        eventually(lambda: site.kernels() or not preheat)
        for _ in range(2):
            started = site.log.count("Kernel started")
            with socket.create_connection(("127.0.0.1", site.port)) as reader:
                reader.sendall(b"GET /ratings HTTP/1.1\r\nHost: localhost\r\n\r\n")
                eventually(lambda: site.log.count("Kernel started") > started)  # noqa: B023 - called at once
                assert reader.recv(1000)
        eventually(lambda: site.log.count("Kernel shutdown") >= 2)
        assert len(site.kernels()) <= 2 * preheat


def test_a_panel_that_fails_is_seen(own_home: Path) -> None:
    question = themes()["trends"].asked[0]
    answer = question.answer(connect(own_home))
    kept = AnswerStore(own_home).path(answer.fingerprint, answer.question, answer.parameters)
    # As only a fault of our own could write it.
    kept.write_text(sealed(json.dumps({**json.loads(answer.to_json()), "finding": {}})))
    with served(own_home) as site:
        report = site.until(ready=False)
        assert report["reason"] == "1 of the 8 panels of the page trends failed; the log says why."
        assert report["pages"]["ratings"]["ok"]


def test_checks_go_by_kernels_that_wait_and_leave_as_many(own_home: Path) -> None:
    with served(own_home, before=EAGER, preheat=1, ready_seconds=0.1) as site:
        times: set[str] = set()
        eventually(lambda: times.add(site.until(ready=True)["checked"]) or len(times) >= 4)
        assert "Using pre-heated kernel" in site.log
        # Two wait, two are being made in place of those just used.
        assert len(site.kernels()) <= 5


def test_waiting_kernels_stay_while_the_data_are_read_whole(own_home: Path) -> None:
    slow = "import mangetamain.site.health.standing as standing; standing.LOOK_SECONDS = 0.05"
    with served(own_home, before=f"{EAGER}\n{slow}", preheat=1) as site:
        site.until(ready=True)
        assert site.log.count("Kernel shutdown") <= len(themes()), "only those that the check of the pages used"
