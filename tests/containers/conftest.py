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
from tests.containers.host import PASSES, Host, derive, image_id
from tests.containers.stack import ROOT, Stack, docker, missing, standing

__all__ = ["browser", "chromium"]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
PROJECT = f"mangetamain-test-{os.getpid()}-{WORKER}"


# Files that look at one stack: one worker has them all, in order.
SHARED = ("test_crowd", "test_hanging", "test_hardening", "test_hostile", "test_life", "test_pages", "test_proxy")
# Files that take minutes begin first, the longest of them before the others: none is left alone at the end.
LONG = ("test_faults_promotion", "test_deploy_failures", "test_faults", "test_deploy", *SHARED)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and put the long ones first."""
    for item in items:
        if "tests/containers" in item.path.as_posix():
            item.add_marker(pytest.mark.containers)
    places = {f"tests/containers/{name}.py": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(LONG)))


class ByStack(LoadScopeScheduling):
    """Files go to workers whole, and those of one stack go together; xdist's own groups are lost on pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        scope = str(super()._split_scope(nodeid))
        return "sites" if any(f"/{name}.py" in scope for name in SHARED) else scope


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByStack | None:
    """Replace the scheduler of `--dist loadscope`, and no other; files keep their order, whatever they hold."""
    config.option.loadscopereorder = False
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
    digest = image_id(image)  # as what is deployed is named, so that a site knows its own pages again
    return lambda name, **variables: Stack(f"{PROJECT}-{name}", digest, proxy_image, variables)


@pytest.fixture(scope="session")
def pages(image: str) -> list[str]:
    """Two images of one page, whose notebooks were seen to pass elsewhere: what fails, fails whatever is served."""
    lines = ("RUN rm $(find /app -path '*/notebooks/*.ipynb' ! -name trends.ipynb)", PASSES)
    return [derive(image, f"{image}-page-{n}", *lines, f"ENV MANGETAMAIN_REVISION=page-{n}") for n in "ab"]


@pytest.fixture(scope="module")
def host(
    make_stack: Callable[..., Stack], pages: list[str], chromium: object,
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest,
) -> Iterator[Host]:  # fmt: skip
    """A machine whose preprod and prod were deployed once each."""
    name = request.module.__name__.rpartition("test_")[2].replace("_", "-")
    # Where the sites are published is asked of the engine, and what the build alone needs is not there.
    variables = {"MANGETAMAIN_ENVIRONMENTS": "", "BUILD_FOLDER": "/no/such", "S3_CREDENTIALS_FILE": "/no/such"}
    found = Host(make_stack(name, SITE_WORKERS="1"), tmp_path_factory.mktemp("host") / "delivery", variables)
    with found.removed_at_the_end():
        found.stack.build("sample:500")
        found.well("deploy", "preprod", "--image", pages[0])
        found.well("deploy", "prod", "--yes")
        yield found


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[list[tuple[str, ...]]]:
    """The rows of a table of faults, written down at the end."""
    rows: list[tuple[str, ...]] = [("what", "when", "requests failed", "seconds until well", "hands")]
    yield rows
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    text = "\n".join("  ".join(cell.ljust(n) for cell, n in zip(row, widths, strict=True)).rstrip() for row in rows)
    file = ROOT / ".data" / f"{request.module.__name__.rpartition('test_')[2]}.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text + "\n")
    print(f"\n{text}")


@pytest.fixture(scope="session")
def sites(make_stack: Callable[..., Stack]) -> Iterator[Stack]:
    """Both sites behind the proxy, as the compose file has them; tests leave them as they found them."""
    with standing(make_stack("sites")) as stack:
        yield stack
