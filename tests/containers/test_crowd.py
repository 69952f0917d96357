"""Fifty visitors at once: each gets her page, and nothing of them is left."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mangetamain.themes import theme, themes
from tests.containers.stack import ENVIRONMENTS, eventually
from tests.containers.visitor import Visitor

CROWD = 50
# Seconds until the kernels of those who said goodbye are gone; and of those who did not: idle for two minutes, looked
# for every half minute, on a machine that is busy.
GOODBYE, VANISHED = 60, 240
POOLS = 3 * len(themes())  # two wait for each page, and one may be proving it


def visit(url):
    visitor = Visitor(url, "trends")
    if visitor.whole:
        visitor.listen()
    return visitor, visitor.widgets() if visitor.whole else 0


@pytest.fixture(scope="module")
def crowds(sites):
    """All who came, by site; the first half of each has said goodbye, the others are gone without a word."""
    found = {}
    for environment in ENVIRONMENTS:
        service = f"mange_{environment}"
        sites.settle(service)
        with ThreadPoolExecutor(CROWD) as crowd:
            found[environment] = list(crowd.map(visit, [sites.url(environment)] * CROWD))
        for number, (visitor, _) in enumerate(found[environment]):
            visitor.leave() if number < CROWD / 2 else visitor.vanish()
        rest = CROWD / 2 + POOLS
        eventually(
            lambda service=service, rest=rest: sites.kernels(service) <= rest, GOODBYE, "half of the kernels gone"
        )
    return found


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_none_of_fifty_is_turned_away(crowds, environment):
    seen = crowds[environment]
    assert [(visitor.status, visitor.html[:200]) for visitor, _ in seen if not visitor.whole] == []
    assert len({visitor.kernel for visitor, _ in seen}) == CROWD
    assert all(count >= len(theme("trends").asked) for _, count in seen)
    assert "Traceback" not in "".join(visitor.html for visitor, _ in seen)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_of_them_is_left(sites, crowds, environment):
    sites.settle(f"mange_{environment}", VANISHED)
    eventually(lambda: sites.health(f"mange_{environment}") == "healthy", 600, "healthy")
