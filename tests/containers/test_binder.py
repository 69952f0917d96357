"""Binder's image, built and started as Binder does it, opened in Chromium."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from mangetamain.themes import themes
from tests.browser.conftest import DESKTOP
from tests.browser.reader import Reader
from tests.containers.stack import ROOT, docker, eventually, get
from tests.waiting import PATIENCE

pytestmark = pytest.mark.browser
IMAGE = "mangetamain-binder:test"
# A reader's address and key, as the hub would make them up.
BASE, TOKEN = "/user/reader-abc/", "opensesame"
# BinderHub's own way to start: python3 looks for JupyterLab and becomes it, with the hub's old-fashioned words.
START = "import os, sys, jupyterlab.labapp; os.execvp('jupyter-lab', sys.argv)"
WORDS = (
    "--ip=0.0.0.0", "--port=8888", f"--NotebookApp.base_url={BASE}", f"--NotebookApp.token={TOKEN}",
    "--NotebookApp.trust_xheaders=True",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(engine: None) -> Iterator[str]:
    """The address of a reader's own Binder."""
    user = ("--build-arg", "NB_USER=reader", "--build-arg", "NB_UID=1000")
    docker("build", "--quiet", "--file", str(ROOT / "binder" / "Dockerfile"), "--tag", IMAGE, *user, str(ROOT))
    started = docker("run", "--detach", "--publish", "127.0.0.1::8888", IMAGE, "python3", "-c", START, *WORDS).strip()
    try:
        place = f"http://{docker('port', started, '8888/tcp').splitlines()[0]}{BASE}"
        eventually(lambda: answers(f"{place}api/status?token={TOKEN}"), 600, "Jupyter answers")
        yield place
    finally:
        docker("rm", "--force", "--volumes", started)
        docker("image", "rm", "--force", IMAGE)


def answers(url: str) -> bool:
    """Whether something answers there."""
    with contextlib.suppress(OSError):
        return get(url)[0] == 200
    return False


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """A reader whom the hub has let in; nothing goes wrong before her and nothing is asked of other hosts."""
    someone = Reader(browser.new_context(viewport=DESKTOP, locale="en-US"), f"{address}mangetamain")
    someone.page.goto(f"{address}api/status?token={TOKEN}")
    yield someone
    if not someone.page.is_closed():
        someone.leave()
    someone.forgive("ERR_NETWORK_CHANGED")  # the engine makes or ends another container
    assert someone.troubles == []
    assert someone.foreign() == []


def test_the_reader_is_binders_user(address):
    container = docker("ps", "--quiet", "--filter", f"ancestor={IMAGE}").strip()
    said = docker("exec", container, "sh", "-c", "id -u; id -un; pwd; ls notebooks; touch notebooks/mine && echo wrote")
    assert said.split() == ["1000", "reader", "/home/reader", *(f"{name}.ipynb" for name in sorted(themes())), "wrote"]


@pytest.mark.parametrize("path", ["api/contents", "lab", "mangetamain/", "mangetamain/trends"])
def test_without_the_token_nothing_is_shown(address, path):
    status, _, body = get(f"{address}{path}")
    assert status == 403 or b"Token authentication is enabled" in body
    assert b"Mangetamain" not in body


def test_a_notebook_runs_in_lab_with_its_controls(address, reader):
    page = reader.page
    page.goto(f"{address}lab/tree/notebooks/trends.ipynb")
    expect(page.get_by_text("| Idle")).to_be_visible(timeout=1000 * PATIENCE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    expect(page.locator(".mm-panel")).to_have_count(len(themes()["trends"].asked), timeout=1000 * PATIENCE)
    panel = page.locator(".mm-panel").first
    panel.scroll_into_view_if_needed()  # Lab follows what runs, and a figure out of sight is not drawn
    expect(panel.locator(".main-svg").first).to_be_visible(timeout=1000 * PATIENCE)
    expect(panel.locator("select, input").first).to_be_visible()
    reader.leave()
    reader.forgive("dialog")  # Lab asks whether to leave what is not saved


def test_the_site_stands_beside_lab_and_its_panels_live(reader):
    reader.page.goto(f"{reader.url}/")
    expect(reader.page.get_by_text("Synthetic sample data").first).to_be_visible()
    # Who comes while the pages are being rendered is told to wait, with a status that the console tells.
    eventually(lambda: reader.context.request.get(f"{reader.url}/ready").ok, PATIENCE, "the site is ready", 1)
    for name in themes():
        reader.open(name)
