"""One scenario through every host of a panel: HTTP, a copy on a disk, JupyterLab, and plain Voilà."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from mangetamain.assets import SHARE
from mangetamain.language import say
from mangetamain.panels.view import LABELS
from mangetamain.themes import Asked, theme
from mangetamain.warehouse import Warehouse, connect
from tests.browser.conftest import DESKTOP
from tests.browser.reader import Reader
from tests.conftest import ROOT
from tests.front.pages import Site, copy_of, serving
from tests.waiting import eventually
from tools.serving import free_port

pytestmark = pytest.mark.browser
KEY = "level-2"
# What is done with the panel, one after the other: control, its parameter, what is chosen, its value.
MOVES = [("Measure", "of", "Sugar", "sugar"), ("Centre", "centre", "Median", "median")]
HOSTS = ["http", "file", "lab", "voila"]


def asked() -> Asked:
    """Return the panel that is moved."""
    return next(panel for panel in theme("trends").asked if panel.key == KEY)


def says(con: Warehouse, lang: str = "en", **moved: str) -> str:
    """Return the sentence that the panel is to say."""
    return asked().question(con, **{**asked().given, **moved}).sentence(lang)


@contextlib.contextmanager
def jupyter(home: Path, folder: Path, *words: str) -> Iterator[str]:
    """Run a server of Jupyter's, with our files where it looks, until the block ends; yield its address."""
    port = free_port()
    known = {
        **os.environ, "MANGETAMAIN_DATA": str(home), "MANGETAMAIN_STATE": str(folder), "PYTHONPATH": str(ROOT),
        "JUPYTER_PATH": str(SHARE), "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
    }  # fmt: skip
    command = [sys.executable, "-P", "-m", *words, f"--port={port}", "--no-browser"]
    with (
        (folder / "said").open("w") as said,
        subprocess.Popen(command, env=known, stdout=said, stderr=said, cwd=ROOT) as started,
    ):

        def up() -> bool:
            assert started.poll() is None, (folder / "said").read_text()
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60):
                return True
            return False

        try:
            eventually(up, lambda: (folder / "said").read_text())
            yield f"http://127.0.0.1:{port}"
        finally:
            started.terminate()


@pytest.fixture(scope="module")
def con(sample_home: Path) -> Warehouse:
    """The full-size sample, for the expected sentences and for the hosts without a kernel."""
    return connect(sample_home)


@pytest.fixture
def http(sample_home: Path) -> Iterator[Site]:
    """Panels over HTTP."""
    with serving(connect(sample_home)) as site:
        yield site


@pytest.fixture
def come(browser: Browser) -> Iterator[type[Reader]]:
    """Make readers, and hold against each that nothing went wrong."""
    opened: list[Reader] = []

    def reader(url: str, **settings: object) -> Reader:
        opened.append(Reader(browser.new_context(**{"viewport": DESKTOP, "locale": "en-US", **settings}), url))
        return opened[-1]

    yield reader
    for each in opened:
        each.leave()
        assert each.troubles == []
        assert each.foreign() == []


@contextlib.contextmanager
def at(host: str, come, con, home: Path, folder: Path) -> Iterator[Reader]:
    """Open the notebook's page as a host serves it."""
    if host == "http":
        with serving(connect(home)) as site:
            yield come(site.url).open("trends")
    elif host == "file":
        moves = [{"of": "sugar"}, {"of": "sugar", "centre": "median"}]
        yield come(copy_of("trends", con, folder, {KEY: moves}).parent.as_uri()).open("trends.html")
    elif host == "voila":
        with jupyter(home, folder, "voila", "notebooks/trends.ipynb") as url:
            visit = come(url)
            visit.page.goto(url)
            yield visit
    else:
        # Of a long notebook JupyterLab keeps what is in sight alone.
        settings = folder / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
        settings.parent.mkdir(parents=True)
        settings.write_text('{"windowingMode": "none"}')
        shutil.copy(ROOT / "notebooks" / "trends.ipynb", folder)  # which it saves as it likes
        words = ["--allow-root", "--ServerApp.token=", f"--ServerApp.root_dir={folder}"]
        words += [f"--LabApp.{place}_dir={folder}" for place in ("workspaces", "user_settings")]
        with jupyter(home, folder, "jupyterlab", *words) as url:
            visit = come(url)
            visit.page.goto(f"{url}/lab/tree/trends.ipynb")
            visit.page.get_by_text("| Idle").wait_for()  # what is run before there is a kernel is lost
            visit.page.get_by_role("menuitem", name="Run", exact=True).click()
            visit.page.get_by_text("Run All Cells", exact=True).click()
            yield visit


@pytest.mark.parametrize("host", HOSTS)
def test_a_panel_is_the_same_whoever_answers_it(host, come, con, sample_home, tmp_path):
    with at(host, come, con, sample_home, tmp_path) as visit:
        visit.says(KEY, says(con))
        moved = {}
        for label, name, choice, value in MOVES:
            visit.choose(KEY, label, choice)
            moved[name] = value
            visit.says(KEY, says(con, **moved))
        shown = visit.shown(KEY)
        assert shown["sentence"] == says(con, **moved)
        assert (shown["card"], shown["stale"]) == (None, False)
        assert [shown["controls"][label] for label, *_ in MOVES] == [value for *_, value in MOVES]
        assert shown["controls"]["Years"] == "1999–2018"
        assert any(map(any, visit.drawn(KEY)))
        assert "Sugar (%" in " ".join(visit.titles(KEY))
        if host == "file":  # it holds these two answers, and says so of all others
            visit.choose(KEY, "Measure", "Fat")
            visit.says(KEY, LABELS["absent"])
            assert visit.shown(KEY)["controls"] == shown["controls"]
            assert visit.shown(KEY)["sentence"] == shown["sentence"]
            return
        visit.panel(KEY).get_by_text("Table", exact=True).click()
        visit.panel(KEY).locator(".mm-part td").first.wait_for()
        visit.panel(KEY).locator(".mm-heading").click()  # which JupyterLab takes for a choice of the cell
        visit.years(KEY, "lower", "ArrowRight")
        moved["years"] = "2000-2018"
        visit.says(KEY, says(con, **moved))
        shown = visit.shown(KEY)
        visit.type(KEY, "Among", "esay")
        visit.says(KEY, "did you mean")
        refused = visit.shown(KEY)
        assert (refused["stale"], refused["controls"]["Among"]) == (True, "esay")
        assert refused["sentence"] == shown["sentence"]
        visit.type(KEY, "Among", "easy")
        visit.says(KEY, says(con, **moved, among="easy"))
        assert visit.shown(KEY)["card"] is None
        with visit.page.expect_download() as saved:
            visit.take(KEY, "csv")
        assert saved.value.suggested_filename == "mangetamain-level-sugar-centre-median-among-easy-2000-2018.csv"
        assert "easy" in Path(saved.value.path()).read_text()
        visit.forgive("status of 400")  # a browser says so in its console
        if host in ("lab", "voila"):  # Jupyter's own pages ask other hosts for things, in vain
            visit.leave()
            visit.troubles.clear()
            visit.requests.clear()


def test_back_undoes_a_control_and_a_reload_restores_the_view(http, come, con):
    visit = come(http.url).open("trends")
    visit.choose(KEY, "Measure", "Sugar")
    visit.says(KEY, says(con, of="sugar"))
    visit.years(KEY, "lower", "ArrowRight", times=4)
    visit.says(KEY, says(con, of="sugar", years="2003-2018"))
    assert visit.address() == {f"{KEY}.years": "2003-2018", f"{KEY}.of": "sugar"}
    visit.page.reload()
    visit.wait("trends")
    assert visit.shown(KEY)["sentence"] == says(con, of="sugar", years="2003-2018")
    while visit.address() != {f"{KEY}.of": "sugar"}:
        visit.page.go_back()
    visit.says(KEY, says(con, of="sugar"))
    assert visit.shown(KEY)["controls"]["Years"] == "1999–2018"
    visit.page.go_back()
    visit.says(KEY, says(con))
    assert visit.address() == {}
    visit.page.go_forward()
    visit.says(KEY, says(con, of="sugar"))
    assert visit.address() == {f"{KEY}.of": "sugar"}


def test_a_control_that_is_moved_back_asks_nobody(http, come, con):
    visit = come(http.url).open("trends")
    for measure in ("Sugar", "Fat", "Sugar"):
        before = len(http.asked)
        visit.choose(KEY, "Measure", measure)
        visit.says(KEY, says(con, of=measure.lower()))
    assert [each for each in http.asked[before:] if "part=" not in each] == []


def test_what_cannot_be_had_is_taken_back_and_may_be_asked_again(http, come, con):
    visit = come(http.url).open("trends")
    before = visit.shown(KEY)
    visit.context.set_offline(True)
    visit.choose(KEY, "Measure", "Sugar")
    visit.says(KEY, LABELS["failed"])
    shown = visit.shown(KEY)
    assert {**shown, "card": None} == before
    assert visit.address() == {}
    visit.context.set_offline(False)
    visit.panel(KEY).get_by_role("button", name=LABELS["again"]).click()
    visit.says(KEY, says(con, of="sugar"))
    assert visit.shown(KEY)["controls"]["Measure"] == "sugar"
    assert visit.address() == {f"{KEY}.of": "sugar"}
    visit.forgive("ERR_INTERNET_DISCONNECTED")


def test_while_an_answer_is_on_its_way_the_old_one_is_marked(http, come, con):
    visit = come(http.url).open("trends")
    http.seconds = 2.0
    visit.choose(KEY, "Measure", "Sugar")
    panel = visit.panel(KEY)
    assert panel.get_attribute("aria-busy") == "true"
    assert panel.get_by_role("status").inner_text() == LABELS["pending"]
    assert visit.shown(KEY)["stale"] is True
    visit.choose(KEY, "Measure", "Fat")
    visit.says(KEY, says(con, of="fat"))
    assert visit.shown(KEY)["controls"]["Measure"] == "fat"
    visit.page.wait_for_timeout(2500)
    assert visit.shown(KEY)["sentence"] == says(con, of="fat")  # nothing older came later
    assert (panel.get_attribute("aria-busy"), panel.get_by_role("status").inner_text()) == ("false", "")
    assert visit.address() == {f"{KEY}.of": "fat"}


def test_a_server_that_is_full_for_a_moment_is_asked_again_unseen(http, come, con):
    visit = come(http.url).open("trends")
    http.failing = [503, 500]
    visit.choose(KEY, "Measure", "Sugar")
    visit.says(KEY, says(con, of="sugar"))
    assert visit.shown(KEY)["card"] is None
    visit.forgive("status of 50")


def test_a_page_says_that_the_data_have_changed(http, come, con):
    visit = come(http.url).open("trends")
    http.version = "v2"
    visit.choose(KEY, "Measure", "Sugar")
    visit.page.get_by_text(LABELS["changed"]).wait_for()
    assert visit.shown(KEY)["sentence"] == says(con, of="sugar")


def test_the_language_turns_everything_and_stays(http, come, con):
    visit = come(http.url).open("trends")
    visit.choose(KEY, "Measure", "Sugar")
    visit.says(KEY, says(con, of="sugar"))
    visit.page.get_by_role("button", name="Français").click()
    visit.speaks("fr")
    visit.says(KEY, says(con, "fr", of="sugar"))
    assert visit.address() == {"lang": "fr", f"{KEY}.of": "sugar"}
    assert visit.shown(KEY)["controls"][say("Measure").render("fr")] == "sugar"
    assert ("mm-lang", "fr") in [(cookie["name"], cookie["value"]) for cookie in visit.context.cookies()]
    visit.says("diversity", theme("trends").asked[-1].answer(con).sentence("fr"))


def test_a_link_to_a_panel_and_its_line_of_code_can_be_taken_along(http, come, con):
    visit = come(http.url, permissions=["clipboard-read", "clipboard-write"]).open("trends")
    visit.choose(KEY, "Measure", "Sugar")
    visit.says(KEY, says(con, of="sugar"))
    taken = []
    for act in ("code", "link"):
        visit.take(KEY, act)
        visit.panel(KEY).locator(f"[data-act={act}]", has_text=LABELS["copied"]).wait_for()
        taken.append(visit.page.evaluate("navigator.clipboard.readText()"))
    assert taken == ["mm.panel(mm.level, con, of='sugar')", f"{http.url}/trends?{KEY}.of=sugar#{KEY}"]


def test_the_verdict_explains_itself(http, come):
    visit = come(http.url).open("trends")
    word = visit.panel(KEY).locator("button.mm-verdict")
    assert word.get_attribute("aria-expanded") == "false"
    word.click()
    assert word.get_attribute("aria-expanded") == "true"
    assert ":" in visit.panel(KEY).locator(".mm-means:visible").inner_text()
