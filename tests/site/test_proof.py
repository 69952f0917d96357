"""Whether the site can serve: what it finds when it tries its own pages, and that nothing of that is left behind."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from mangetamain.answers.store import AnswerStore, sealed
from mangetamain.themes import Theme, theme, themes
from mangetamain.warehouse import build, connect
from tests.conftest import RECIPES, write_official_files
from tests.site.conftest import Server, only, served
from tests.waiting import eventually

EAGER = "import mangetamain.site.app as app; app.LOOK_MILLISECONDS = 50"
# What failed is rendered and checked once.
ONCE = f"""{EAGER}
import mangetamain.site.health.readiness as readiness, mangetamain.site.pages.rendered as rendered
readiness.RETRY_SECONDS = rendered.RETRY_SECONDS = 3600
"""


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
    """A site that has checked its pages once, and what it said of them."""

    site: Server
    report: dict[str, Any]
    home: Path


@pytest.fixture(scope="module")
def proved(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proved]:
    """A site that checks its pages time and again, over data of its own."""
    home = tmp_path_factory.mktemp("proved") / "home"
    shutil.copytree(tiny_home, home, symlinks=True, ignore=lambda *_: {"logs", "answers", "cache"})
    names = {"MANGETAMAIN_REVISION": "abc123", "MANGETAMAIN_IMAGE": "sha256:77"}
    with served(home, "/cooking/", env=names, before=EAGER, proved=True, ready_seconds=2) as site:
        yield Proved(site, site.until(ready=True), home)


def test_a_site_that_serves_is_ready_and_says_what_it_serves(proved: Proved) -> None:
    report, con = proved.report, connect(proved.home)
    assert report["warehouse"] == {
        "version": con.version, "fingerprint": con.fingerprint, "source": con.info.source, "synthetic": False,
    }  # fmt: skip
    assert {name: page["figures"] > 0 for name, page in report["pages"].items()} == dict.fromkeys(themes(), True)
    assert report["environment"] == "PREPROD"
    assert (report["revision"], report["image"]) == ("abc123", "sha256:77")
    assert json.loads(proved.site.get("/cooking/health").text) == {
        "ok": True, **{name: report[name] for name in ("environment", "version", "revision", "image")}
    }  # fmt: skip


def test_no_kernel_runs_while_readers_come_and_probes_ask(proved: Proved) -> None:
    site, paths = proved.site, ("ready", "health", "", "trends", "answer/level?lang=fr")
    gone(site)
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(site.get, f"/cooking/{path}") for path in paths for _ in range(50)]
        assert {reply.result().status for reply in asked} == {200}
    assert not site.kernels()


def test_new_data_are_rendered_anew_while_the_old_pages_are_served(proved: Proved, tmp_path: Path) -> None:
    site = proved.site
    before = site.until(ready=True)["warehouse"]["fingerprint"]
    said = re.search(r'data-version="(\w+)"', site.get("/cooking/trends").text)
    build(
        str(write_official_files(tmp_path / "raw", recipes=[*RECIPES[:-1], ("more", *RECIPES[0][1:])])),
        home=proved.home,
    )
    now = connect(proved.home).fingerprint
    assert now != before

    def new() -> bool:
        assert site.get("/cooking/trends").status == 200
        return bool(site.ready()["warehouse"]) and site.ready()["warehouse"]["fingerprint"] == now

    eventually(new)
    page = site.get("/cooking/trends").text
    version = re.search(r'data-version="(\w+)"', page)
    assert said
    assert version
    assert said[1] != version[1]
    assert json.loads(site.get("/cooking/answer/volume").text)["version"] == version[1]
    eventually(lambda: site.log.count('"the notebooks are rendered"') >= 2)
    gone(site)


def test_workers_that_are_killed_are_replaced(proved: Proved) -> None:
    site = proved.site
    workers = [
        each for each in psutil.Process(site.process).children() if "spawn_main" in str(each.cmdline())
    ]  # fmt: skip
    assert len(workers) == 2
    for each in workers:
        each.kill()
    assert site.get("/cooking/answer/volume?years=2004-2006&of=reviews").status == 200
    site.until(ready=True)


# What is wrong with a page, as one more cell at a place of its notebook, and what is said of it.
PANELS = len(theme("ratings").asked)
FAULTS = {
    "fails": (-5, "raise ZeroDivisionError('inside')", f"has {PANELS - 1} of its {PANELS} panels: a cell of it failed"),
    "fails-first": (0, "raise ZeroDivisionError('inside')", f"has 0 of its {PANELS} panels: a cell of it failed"),
    "dies": (-1, "import os; os._exit(1)", "a cell of it failed"),
    "endless": (-1, "import time; time.sleep(3600)", "a cell of it failed"),
}
HASTY = "import mangetamain.site.rendering as r; r.NOTEBOOK_SECONDS = 20\n"
WIDGET = "import ipywidgets; ipywidgets.IntSlider()"


@pytest.fixture(scope="module")
def failing(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    """A site of one good page and one with each fault, which has checked them once, and what it reports."""
    home, place = tmp_path_factory.mktemp("failing") / "home", tmp_path_factory.mktemp("notebooks") / "here"
    shutil.copytree(tiny_home, home, symlinks=True, ignore=lambda *_: {"logs"})
    ours = only(place, "trends", "ratings")
    for name, (at, source, _) in FAULTS.items():
        with_a_cell(place / "ratings.ipynb", source, at=at, to=name)
    with_a_cell(place / "trends.ipynb", WIDGET, to="foreign")
    # A panel fails of an answer that only a fault of our own could have stored.
    spoilt = place / "spoilt.ipynb"
    spoilt.write_text((place / "ratings.ipynb").read_text("utf-8").replace("1999-2018", "2004-2006"), "utf-8")
    answer = Theme("spoilt", spoilt).asked[0].answer(connect(home))
    kept = AnswerStore(home).path(answer.fingerprint, answer.question, answer.parameters)
    kept.write_text(sealed(json.dumps({**json.loads(answer.to_json()), "finding": {}})))
    (place / "ratings.ipynb").unlink()
    (place / "sitecustomize.py").write_text((place / "sitecustomize.py").read_text() + HASTY)
    with served(home, before=ONCE, env=ours, proved=True, lines=2) as site:
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


def test_a_reader_of_a_page_that_fails_is_told_so(failing: tuple[Server, dict[str, Any]]) -> None:
    page = failing[0].get("/fails?lang=fr")
    assert page.status == 200
    assert "n’a pas pu être préparée" in page.text or "n’a pas pu" in page.text
    assert page.text.count('class="mm-cell"') == PANELS - 1
    assert "ZeroDivisionError" not in page.text


def test_a_panel_that_fails_is_seen(failing: tuple[Server, dict[str, Any]]) -> None:
    assert failing[1]["pages"]["spoilt"]["reason"] == (
        f"1 of the {PANELS} panels of the page spoilt failed; the log says why."
    )


def test_a_notebook_with_widgets_of_others_is_no_page_of_this_site(failing: tuple[Server, dict[str, Any]]) -> None:
    site, report = failing
    reply = site.get("/foreign")
    assert reply.status == 404
    assert "widgets that need a kernel of their own" in reply.text
    assert report["pages"]["foreign"]["ok"]
    assert f"voila {site.home}" not in reply.text
