"""The gate of pages: a real Chromium on pages that are whole, and on pages with one thing wrong."""

import concurrent.futures
import os

import pytest

from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.proof import browser as gate
from mangetamain.delivery.proof.browser import open_pages
from tests.browser.conftest import chromium
from tools.serving import free_port, serving

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
FIGURE = (
    '<div class="js-plotly-plot mm-plot" role="img"><g class="overplot"><g class="trace"><path></path></g></g></div>'
)
CELL = '<section class="mm-cell" data-state="{state}"><div class="mm-live">{inside}</div></section>'
WHOLE = CELL.format(state="live", inside=FIGURE)


def opened(*words):
    """Open pages in a thread of its own: Playwright serves one owner in each."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(open_pages, *words).result()


@pytest.fixture
def page(peer, chromium, monkeypatch):
    """Open one page of given HTML."""
    monkeypatch.setattr(gate, "PAGE_SECONDS", 3.0)
    peer.answers["/favicon.ico"] = (204, b"", {})

    def show(html, token=""):
        peer.answers["/trends"] = (200, f"<!DOCTYPE html><body>{html}</body>".encode(), {"Content-Type": "text/html"})
        (seen,) = opened(peer.url, ["trends"], token)
        return seen

    return show


def test_a_whole_page_is_fine(page):
    seen = page(WHOLE * 2)
    assert seen.fine
    assert (seen.figures, seen.troubles) == (2, ())


@pytest.mark.parametrize(
    ("html", "part"),
    [
        (WHOLE + "<script>console.error('torn')</script>", "console error: torn"),
        (WHOLE + "<script>null.x</script>", "page error"),
        (WHOLE + "<img src='/none.png'>", "404"),
        (WHOLE + "<img src='http://127.0.0.1:1/x.png'>", "another host: 127.0.0.1:1"),
        (WHOLE + CELL.format(state="live", inside="<div class=mm-card>Something broke</div>"), "Something broke"),
        (WHOLE + CELL.format(state="waiting", inside=""), "its panels: live, waiting"),
        ("<h1>An error</h1>", "did not come to life"),
    ],
)
def test_a_page_with_one_thing_wrong_is_not(page, html, part):
    seen = page(html)
    assert not seen.fine
    assert part in " ".join(seen.troubles)


def test_a_page_that_draws_nothing_is_not_fine(page):
    assert not page(CELL.format(state="live", inside='<div class="mm-plot" role="img"></div>')).fine


def test_a_site_that_hangs_up_is_said(chromium):
    (seen,) = opened(f"http://127.0.0.1:{free_port()}", ["trends"])
    assert not seen.fine
    assert "cannot be opened" in " ".join(seen.troubles)


def test_a_token_goes_with_the_address_and_into_no_report(page, peer):
    seen = page("<script>console.error(location.search)</script>" + WHOLE, "s3cret")
    assert any(path == "/trends?token=s3cret" for path, _ in peer.asked)
    assert "s3cret" not in " ".join(seen.troubles)
    assert "?token=..." in " ".join(seen.troubles)


def test_a_late_page_gets_one_more_try(page, peer):
    page("<h1>late</h1>")
    assert [path for path, _ in peer.asked].count("/trends") == 2


def test_every_page_of_the_real_site_is_fine(chromium, sample_home):
    with serving(sample_home) as server:
        seen = opened(server.url, ["trends", "ratings"])
    assert [(page.page, page.fine) for page in seen] == [("trends", True), ("ratings", True)]
    assert all(page.figures >= 5 for page in seen)


def test_without_a_browser_one_sentence_says_so(chromium, monkeypatch, tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(DeliveryFailed, match="install Chromium on this machine"):
        opened("http://127.0.0.1:1", ["trends"])
