"""Whoever speaks to the kernel past the page's controls gets a card, and breaks nothing."""

import itertools
from pathlib import Path

import pytest

from mangetamain.themes import theme

pytestmark = pytest.mark.browser
INTRUDER = Path(__file__).with_name("intruder.js").read_text("utf-8").split("*/", 1)[1]
FAR = {"name": "IntRangeSliderModel", "state": {"max": 3000, "value": [1999, 2900]}}
NO_SUCH_OPTION = {"name": "DropdownModel", "state": {"index": 99}}
NO_OPTION = {"name": "DropdownModel", "state": {"index": "<script>"}}
NOTHING = {"type": "comm_open", "content": {}}
CODE = {"type": "execute_request", "content": {"code": "import os; os._exit(1)", "silent": False}}


MEASURES = itertools.cycle(["sugar", "sodium"])


@pytest.fixture(scope="module")
def visit(shared_reader):
    """One page that every intruder speaks to: what breaks it breaks it for those who come after."""
    return shared_reader().open("trends")


def works(visit, sample):
    """Hold that another panel answers as ever."""
    panel, of = next(panel for panel in theme("trends").asked if panel.key == "level"), next(MEASURES)
    visit.choose(panel.key, "Measure", of.capitalize())
    visit.says(panel.key, panel.question(sample, **{**panel.given, "of": of}).sentence("en"))
    assert "Traceback" not in visit.page.content()


def test_a_slider_moved_past_its_end_gives_a_card(visit, sample):
    visit.page.evaluate(INTRUDER, [FAR])
    card = visit.page.locator(".mm-live .mm-card")
    card.wait_for()
    assert "2900" in card.inner_text()
    assert "2018" in card.inner_text()
    works(visit, sample)
    # The reader's own next move sets it right.
    first = theme("trends").asked[0]
    visit.years(first.key, "upper", "Home")
    visit.says(first.key, first.question(sample, **{**first.given, "years": "1999-1999"}).sentence("en"))


def test_an_option_that_is_none_changes_nothing(visit, sample):
    first = theme("trends").asked[0].key
    before = visit.sentence(first)
    visit.page.evaluate(INTRUDER, [NO_SUCH_OPTION, NO_OPTION])
    assert visit.sentence(first) == before
    works(visit, sample)


def test_code_is_not_run(visit, sample, site):
    kernels = {kernel.pid for kernel in site.kernels()}
    heard = visit.page.evaluate(INTRUDER, [CODE, FAR])
    assert not any("execute" in message for message in heard)
    works(visit, sample)
    assert kernels <= {kernel.pid for kernel in site.kernels()}


def test_no_traceback_leaves_the_kernel(visit):
    heard = visit.page.evaluate(INTRUDER, [FAR, NO_SUCH_OPTION, NO_OPTION, NOTHING])
    assert heard
    assert [message for message in heard if "Traceback" in message or "site-packages" in message] == []


def test_another_site_may_not_listen_to_a_kernel(visit, browser):
    kernel = visit.page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    stranger = browser.new_page()
    try:
        ended = stranger.evaluate(
            "(url) => new Promise((done) => { const socket = new WebSocket(url);"
            " socket.onopen = () => done('open'); socket.onerror = () => done('refused'); })",
            f"{visit.url.replace('http', 'ws')}/api/kernels/{kernel}/channels",
        )
    finally:
        stranger.close()
    assert ended == "refused"
