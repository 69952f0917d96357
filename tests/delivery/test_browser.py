"""The gate of pages: a real Chromium on pages that are whole, and on pages with one thing wrong."""

import concurrent.futures
import os

import pytest

from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.proof import browser as gate
from mangetamain.delivery.proof.browser import open_pages
from mangetamain.delivery.proof.chromium import BROWSER_COMMANDS
from tests.browser.conftest import chromium
from tests.waiting import PATIENCE
from tools.serving import free_port

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
PLOT = '<div class="js-plotly-plot"><g class="overplot"><g class="trace"><path></path></g></g></div>'
PICTURE = '<div class="mm-wide"><svg class="mm-picture"><g><text>Key</text></g><svg>{marks}</svg></svg></div>'
PANEL = (
    '<section><div class="mm-panel" data-live aria-busy="{busy}"><div class="mm-card" hidden></div>'
    '<div class="mm-figure">{inside}</div></div></section>'
)
WHOLE = PANEL.format(busy="false", inside=PICTURE.format(marks='<g><path d="M0 0h9"></path></g>'))
CARD = "<div class=mm-card>Something broke</div>"


def opened(*words):
    """Open pages in a thread of its own: Playwright serves one owner in each."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(open_pages, *words).result()


@pytest.fixture
def show(peer, chromium, monkeypatch):
    """Open pages of given HTML, one after the other, in one browser; each may take whatever the machine needs."""
    peer.answers["/favicon.ico"] = (204, b"", {})

    def opener(*pages, token="", seconds=PATIENCE):
        monkeypatch.setattr(gate, "PAGE_SECONDS", seconds)
        for at, html in enumerate(pages):
            body = f"<!DOCTYPE html><body>{html}</body>".encode()
            peer.answers[f"/page{at}"] = (200, body, {"Content-Type": "text/html"})
        return opened(peer.url, [f"page{at}" for at in range(len(pages))], token)

    return opener


def test_a_whole_page_is_fine(show):
    (seen,) = show(WHOLE + PANEL.format(busy="false", inside=PLOT))
    assert seen.fine
    assert (seen.figures, seen.troubles) == (2, ())


LIVES = {
    WHOLE + "<script>console.error('torn')</script>": "console error: torn",
    WHOLE + "<script>null.x</script>": "page error",
    WHOLE + "<img src='/none.png'>": "404",
    WHOLE + "<img src='http://127.0.0.1:1/x.png'>": "another host: 127.0.0.1:1",
    WHOLE + PANEL.format(busy="false", inside=CARD): "Something broke",
    CARD + WHOLE: "Something broke",
}
NEVER = {
    WHOLE + PANEL.format(busy="true", inside=PLOT): "its panels: live, asking",
    WHOLE + WHOLE.replace("data-live", ""): "its panels: live, waiting",
    "<h1>An error</h1>": "did not come to life",
}


@pytest.mark.parametrize(("pages", "seconds"), [(LIVES, PATIENCE), (NEVER, 1.0)], ids=["lives", "never lives"])
def test_a_page_with_one_thing_wrong_is_not(show, peer, pages, seconds):
    found = show(*pages, seconds=seconds)
    assert len(found) == len(pages)
    for seen, part in zip(found, pages.values(), strict=True):
        assert not seen.fine, part
        assert part in " ".join(seen.troubles)
    # What a browser complained of is so; what is late gets one more try.
    assert tries(peer) == len(pages) * (1 if pages is LIVES else 2)


def tries(peer):
    return sum(path.startswith("/page") for path, _ in peer.asked)


def test_a_network_that_changes_meanwhile_is_the_machines_doing(show, peer):
    changed = "<script>console.error('the request failed: net::ERR_NETWORK_CHANGED')</script>"
    (seen,) = show(WHOLE + changed)
    assert "ERR_NETWORK_CHANGED" in " ".join(seen.troubles)  # a second time is told
    assert tries(peer) == 2


def test_a_page_that_draws_nothing_is_not_fine(show):
    nothing = ('<div class="js-plotly-plot"></div>', PICTURE.format(marks="<g></g>"))
    found = show(*(PANEL.format(busy="false", inside=inside) for inside in nothing))
    assert [(seen.fine, seen.figures) for seen in found] == [(False, 0)] * 2


def test_a_site_that_hangs_up_is_said(chromium):
    (seen,) = opened(f"http://127.0.0.1:{free_port()}", ["trends"])
    assert not seen.fine
    assert "cannot be opened" in " ".join(seen.troubles)


def test_a_token_goes_with_the_address_and_into_no_report(show, peer):
    (seen,) = show("<script>console.error(location.search)</script>" + WHOLE, token="s3cret")
    assert any(path == "/page0?token=s3cret" for path, _ in peer.asked)
    assert "s3cret" not in " ".join(seen.troubles)
    assert "?token=..." in " ".join(seen.troubles)


def test_without_a_browser_one_sentence_says_so(chromium, monkeypatch, tmp_path):
    broken = tmp_path / BROWSER_COMMANDS[0]
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(DeliveryFailed, match="install Chromium on this machine"):
        opened("http://127.0.0.1:1", ["trends"])
