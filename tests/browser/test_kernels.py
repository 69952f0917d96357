"""A kernel for each open page, and none for anything else."""

import pytest

from mangetamain.themes import themes
from tests.waiting import eventually
from tools.serving import serving

pytestmark = pytest.mark.browser
POOL = len(themes())


@pytest.fixture(scope="module")
def server(sample_home):
    with serving(sample_home) as started:
        yield started


def settle(server, count):
    """Wait until as many kernels run, and go on running, as are named."""
    seen = []

    def steady():
        seen[:] = [*seen[-9:], len(server.kernels())]
        return seen == [count] * 10

    eventually(steady, lambda: f"{count} kernels, and not {seen}")


@pytest.fixture
def visit(own_reader, server):
    settle(server, POOL)
    return own_reader(server)


def test_the_first_page_starts_no_kernel(visit, server):
    before = {kernel.pid for kernel in server.kernels()}
    for _ in range(3):
        visit.page.goto(visit.url + "/")
        visit.page.wait_for_selector(".mm-headline")
    settle(server, POOL)
    assert {kernel.pid for kernel in server.kernels()} == before
    assert not any("/api/kernels" in sent.url for sent in visit.requests)


def test_a_page_has_a_kernel_until_it_is_left(visit, server):
    visit.open("ratings")
    settle(server, POOL + 1)
    visit.page.goto(visit.url + "/")
    settle(server, POOL)


def test_a_page_has_a_kernel_until_it_is_closed(visit, server):
    visit.open("trends")
    settle(server, POOL + 1)
    visit.page.close(run_before_unload=True)
    settle(server, POOL)


def test_nothing_is_kept_when_the_server_ends(sample_home):
    with serving(sample_home) as started:
        settle(started, POOL)
        family = [started.process, *started.kernels()]
    assert [process for process in family if process.is_running()] == []
