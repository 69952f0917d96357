"""A kernel for each open page, and none for anything else."""

import json

import pytest

from mangetamain.themes import themes
from tests.waiting import eventually

pytestmark = pytest.mark.browser
POOL = len(themes())


@pytest.fixture
def log(state):
    """Count what the site's log holds."""

    def counted():
        lines = [json.loads(line) for line in (state / "logs" / "debug.log").read_text("utf-8").split("\n")[:-1]]
        said = [str(line["message"]) for line in lines]
        pages = [line for line in lines if line["message"] == "request" and line.get("page") in themes()]
        return (
            sum(text.startswith("Kernel started") for text in said),
            sum(text.startswith("Kernel shutdown") for text in said),
            len([line for line in pages if line["method"] == "GET"]),
        )

    return counted


def settled(site, log, opened=0):
    """Wait until a kernel waits for each page, and each page that is open has one.

    Each visit uses a kernel, and another is started to wait in its place, sooner or later: only when the log has all of
    them is it known that nothing is under way.
    """

    def so():
        started, ended, visits = log()
        return started == POOL + visits and started - ended == POOL + opened == len(site.kernels())

    return eventually(so, lambda: (log(), site.kernels()))


@pytest.fixture
def visit(reader, site, log):
    """A reader who has opened nothing yet, at a site where nothing is under way."""
    settled(site, log)
    return reader()


def test_the_first_page_starts_no_kernel(visit, site, log):
    before, waiting = log(), {kernel.pid for kernel in site.kernels()}
    for _ in range(3):
        visit.page.goto(visit.url + "/")
        visit.page.wait_for_selector(".mm-headline")
    assert log() == before
    assert {kernel.pid for kernel in site.kernels()} == waiting
    assert not any("/api/kernels" in sent.url for sent in visit.requests)


def test_a_page_has_a_kernel_until_it_is_left(visit, site, log):
    visit.open("ratings")
    settled(site, log, opened=1)
    visit.page.goto(visit.url + "/")
    settled(site, log)


def test_a_page_has_a_kernel_until_it_is_closed(visit, site, log):
    visit.open("trends")
    settled(site, log, opened=1)
    visit.page.close(run_before_unload=True)
    settled(site, log)
