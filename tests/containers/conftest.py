"""A real engine, the real image, and the compose file brought up once for all tests."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.browser.conftest import browser, chromium
from tests.containers.stack import ROOT, Stack, docker, missing, standing

__all__ = ["browser", "chromium"]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
PROJECT = f"mangetamain-test-{os.getpid()}-{WORKER}"


# Files that look at one stack: one worker has them all, in order.
SHARED = ("test_crowd", "test_hanging", "test_hardening", "test_hostile", "test_life", "test_pages", "test_proxy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if "tests/containers" in item.path.as_posix():
            item.add_marker(pytest.mark.containers)


class ByStack(LoadScopeScheduling):
    """Files go to workers whole, and those of one stack go together; xdist's own groups are lost on pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        scope = str(super()._split_scope(nodeid))
        return "sites" if any(f"/{name}.py" in scope for name in SHARED) else scope


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByStack | None:
    """Replace the scheduler of `--dist loadscope`, and no other."""
    return ByStack(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def engine() -> None:
    """A Docker Engine; without one the tests fail where CI runs and are skipped elsewhere."""
    if reason := missing():
        said = f"no Docker Engine to run containers on: {reason}"
        pytest.fail(said, pytrace=False) if os.environ.get("CI") else pytest.skip(said)


@pytest.fixture(scope="session")
def revision() -> str:
    """The revision that is built."""
    said = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


@pytest.fixture(scope="session")
def image(engine: None, revision: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The image: the one that MANGETAMAIN_TEST_IMAGE names, else built from the checkout."""
    if named := os.environ.get("MANGETAMAIN_TEST_IMAGE"):
        return named
    name = "mangetamain:test"
    words = ("-f", str(ROOT / "docker" / "Dockerfile"), "-t", name, "--build-arg", f"REVISION={revision}")
    # One worker builds it and the others find it built: two at once may make two images of one name.
    with (tmp_path_factory.getbasetemp().parent / "image.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        docker("build", *words, str(ROOT))
    return name


@pytest.fixture(scope="session")
def proxy_image(engine: None) -> str:
    """The proxy's image."""
    docker("build", "-t", "mangetamain-proxy:test", str(ROOT / "docker" / "proxy"))
    return "mangetamain-proxy:test"


@pytest.fixture(scope="session")
def make_stack(image: str, proxy_image: str) -> Callable[..., Stack]:
    """Make a project that is not up yet."""
    return lambda name, **variables: Stack(f"{PROJECT}-{name}", image, proxy_image, variables)


@pytest.fixture(scope="session")
def sites(make_stack: Callable[..., Stack]) -> Iterator[Stack]:
    """Both sites behind the proxy, as the compose file has them; tests leave them as they found them."""
    with standing(make_stack("sites")) as stack:
        yield stack
