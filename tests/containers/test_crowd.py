"""Fifty visitors at once: each gets her page, and nothing of them is left."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mangetamain.themes import theme, themes
from tests.containers.stack import eventually
from tests.containers.visitor import Visitor

CROWD = 50
# Seconds until the kernels of those who said goodbye are gone; and of those who did not: idle for two minutes, looked
# for every half minute.
GOODBYE, VANISHED = 30, 240
POOLS = 3 * len(themes())  # two wait for each page, and one may be proving it


def visit(url):
    visitor = Visitor(url, "trends")
    if visitor.whole:
        visitor.listen()
    return visitor, visitor.widgets() if visitor.whole else 0


@pytest.mark.parametrize("environment", ["preprod", "prod"])
def test_fifty_at_once_and_none_is_turned_away(sites, environment):
    url, service = sites.url(environment), f"mange_{environment}"
    sites.settle(service)
    with ThreadPoolExecutor(CROWD) as crowd:
        seen = list(crowd.map(visit, [url] * CROWD))
    failed = [(visitor.status, visitor.html[:200]) for visitor, _ in seen if not visitor.whole]
    try:
        assert failed == []
        assert len({visitor.kernel for visitor, _ in seen}) == CROWD
        assert all(count >= len(theme("trends").asked) for _, count in seen)
        assert "Traceback" not in "".join(visitor.html for visitor, _ in seen)
    finally:
        half = [visitor for visitor, _ in seen][: CROWD // 2]
        for visitor in half:
            visitor.leave()
        for visitor, _ in seen[CROWD // 2 :]:
            visitor.vanish()
    rest = CROWD - len(half) + POOLS
    eventually(lambda: sites.kernels(service) <= rest, GOODBYE, "kernels of those who said goodbye gone")
    sites.settle(service, VANISHED)
    eventually(lambda: sites.health(service) == "healthy", 60, "healthy")
