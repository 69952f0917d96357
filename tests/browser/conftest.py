"""A real server and a real browser for the tests of the pages."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.reader import Reader
from tests.site.conftest import only
from tools.chromium import FLAGS, NoChromium, find_or_install
from tools.serving import Server, serving

Opens = Callable[..., Reader]
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def chromium() -> Path:
    """A Chromium; without one the tests fail where CI runs and are skipped elsewhere."""
    try:
        return find_or_install()
    except NoChromium as error:
        reason = str(error)
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def browser(chromium: Path) -> Iterator[Browser]:
    """One browser for all tests here, each with a profile of its own; its event loop would be in the way of others'."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the site writes to: its log, and answers that it works out."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="session")
def site(sample_home: Path, state: Path) -> Iterator[Server]:
    """The site on the full-size sample; nothing is kept when it ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MANGETAMAIN_STATE", str(state))
        with serving(sample_home) as server:
            patch.undo()
            yield server
            family = [server.process, *server.process.children(recursive=True)]
    assert len(family) > 1
    assert [process for process in family if process.is_running()] == []


@contextlib.contextmanager
def serving_trends(home: Path, pages: Path, **settings: str) -> Iterator[Server]:
    """Serve a data folder as a site of one page, where that is enough."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in only(pages, "trends").items():
            patch.setenv(name, value)
        with serving(home, **settings) as server:
            patch.undo()
            yield server


@contextlib.contextmanager
def readers(browser: Browser, server: Server) -> Iterator[Opens]:
    """Make readers of a site, and hold against each that nothing went wrong and nothing was asked of other hosts."""
    opened: list[Reader] = []

    def come(**settings: object) -> Reader:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-US", **settings})
        opened.append(Reader(context, server.url))
        return opened[-1]

    yield come
    for reader in opened:
        reader.leave()
    for reader in opened:
        assert reader.troubles == []
        assert reader.foreign() == []


@pytest.fixture
def own_reader(browser: Browser) -> Iterator[Callable[[Server], Reader]]:
    """Make readers of a test's own server."""
    with contextlib.ExitStack() as stack:
        yield lambda server, **settings: stack.enter_context(readers(browser, server))(**settings)


@pytest.fixture
def reader(browser: Browser, site: Server) -> Iterator[Opens]:
    """Make readers, each with a profile of her own."""
    with readers(browser, site) as come:
        yield come


@pytest.fixture(scope="module")
def shared_reader(browser: Browser, site: Server) -> Iterator[Opens]:
    """Make readers whose page several tests of a module look at."""
    with readers(browser, site) as come:
        yield come
