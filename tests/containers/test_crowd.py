"""Fifty visitors at once: each gets her page, and nothing of them is left."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mangetamain.themes import theme, themes
from tests.containers.stack import eventually
from tests.containers.visitor import Visitor

CROWD = 50
SITE = "mange_preprod"
# Seconds until the kernels of those who said goodbye are gone, who are not to wait for the sweep that ends the others:
# those idle for two minutes and are looked for every half minute, on a machine that may be busy.
GOODBYE, VANISHED = 60, 600
POOLS = 3 * len(themes())  # two wait for each page, and one may be proving it


def visit(url):
    visitor = Visitor(url, "trends")
    if visitor.whole:
        visitor.listen()
    return visitor, visitor.widgets() if visitor.whole else 0


@pytest.fixture(scope="session")
def crowd(sites):
    """All who came to preprod; the first half of them has said goodbye, the others are gone without a word."""
    sites.settle(SITE)
    with ThreadPoolExecutor(CROWD) as together:
        found = list(together.map(visit, [sites.url("preprod")] * CROWD))
    for number, (visitor, _) in enumerate(found):
        visitor.leave() if number < CROWD / 2 else visitor.vanish()
    rest = CROWD / 2 + POOLS
    eventually(lambda: sites.kernels(SITE) <= rest, GOODBYE, "half of the kernels gone")
    return found


def test_what_one_site_bears_the_other_bears(sites):
    """One image, whose limits and memory are the same: a crowd before one of them speaks for both."""
    preprod, prod = (sites.inspect(name) for name in (SITE, "mange_prod"))
    assert preprod["Image"] == prod["Image"]
    for limit in ("Memory", "MemorySwap", "NanoCpus", "PidsLimit", "Ulimits", "Tmpfs", "ShmSize", "Init"):
        assert preprod["HostConfig"][limit] == prod["HostConfig"][limit], limit


def test_none_of_fifty_is_turned_away(crowd):
    assert [(visitor.status, visitor.html[:200]) for visitor, _ in crowd if not visitor.whole] == []
    assert len({visitor.kernel for visitor, _ in crowd}) == CROWD
    assert all(count >= len(theme("trends").asked) for _, count in crowd)
    assert "Traceback" not in "".join(visitor.html for visitor, _ in crowd)


def test_nothing_of_them_is_left(sites, crowd):
    """Last of all that the sites are asked: it waits for what idles."""
    sites.settle(SITE, VANISHED)
    eventually(lambda: sites.health(SITE) == "healthy", 600, "healthy")
