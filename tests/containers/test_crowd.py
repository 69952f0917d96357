"""Fifty readers at once: each gets her page and her answers, none costs a kernel, and the site grows by none."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.containers.stack import get

CROWD, MOVES = 50, 4
SITE = "mange_preprod"
# What server and workers may hold, whoever reads.
MEGABYTES = 700
MEASURES = ("calories", "sugar", "fat", "protein", "minutes", "steps")


def visit(url, number):
    """Open a page and move a control a few times, each reader in a way of her own."""
    asked = [
        f"answer/level?of={MEASURES[(number + i) % len(MEASURES)]}&years={1999 + number % 9}-{2010 + i}"
        for i in range(MOVES)
    ]
    return [get(f"{url}/{path}", seconds=600) for path in ("trends", *asked)]


@pytest.fixture(scope="session")
def crowd(sites):
    """What all who came to preprod were given, and what the site was while they came."""
    with ThreadPoolExecutor(CROWD) as together:
        found = [together.submit(visit, sites.url("preprod"), number) for number in range(CROWD)]
        kernels = max(sites.kernels(SITE) for _ in range(5))
        return [each.result() for each in found], kernels


def test_what_one_site_bears_the_other_bears(sites):
    """One image, whose limits and memory are the same: a crowd before one of them speaks for both."""
    preprod, prod = (sites.inspect(name) for name in (SITE, "mange_prod"))
    assert preprod["Image"] == prod["Image"]
    for limit in ("Memory", "MemorySwap", "NanoCpus", "PidsLimit", "Ulimits", "Tmpfs", "ShmSize", "Init"):
        assert preprod["HostConfig"][limit] == prod["HostConfig"][limit], limit


def test_none_of_fifty_is_turned_away(crowd):
    visits, _ = crowd
    pages, answers = [each[0] for each in visits], [answer for each in visits for answer in each[1:]]
    assert {status for status, _, _ in pages + answers} == {200}
    assert all(b"</html>" in body and b"mm-sentence" in body for _, _, body in pages)
    assert all(json.loads(body)["sentence"] for _, _, body in answers)


def test_readers_cost_no_kernel_and_no_memory(sites, crowd):
    _, kernels = crowd
    assert kernels == 0
    assert sites.megabytes(SITE) < MEGABYTES
    assert sites.health(SITE) == "healthy"
