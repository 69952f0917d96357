"""A page needs no kernel and no websocket, however many read it and whatever they ask."""

import pytest

from mangetamain.themes import theme, themes
from tests.waiting import eventually

pytestmark = pytest.mark.browser
READERS = 50
NO_SOCKETS = "window.WebSocket = class { constructor(url) { throw new Error(`a websocket to ${url}`); } };"


def running(site):
    """Return the commands of the processes that the site has started."""
    return [" ".join(child.cmdline()) for child in site.process.children(recursive=True)]


def rendered(site):
    """Wait until every page is rendered, after which no kernel runs."""
    eventually(lambda: not any("ipykernel" in command for command in running(site)), lambda: running(site))


@pytest.mark.parametrize("name", themes())
def test_each_page_lives_without_a_websocket(reader, site, sample, name):
    visit = reader()
    sockets = []
    visit.page.on("websocket", lambda socket: sockets.append(socket.url))
    visit.page.add_init_script(NO_SOCKETS)
    visit.open(name)
    panel = next(each for each in theme(name).asked if "of" in each.question.parameters)
    assert visit.sentence(panel.key)
    assert sockets == []


def test_a_move_is_answered_without_a_websocket(reader, site, sample):
    rendered(site)
    visit = reader()
    visit.page.add_init_script(NO_SOCKETS)
    visit.open("trends")
    visit.choose("level", "Measure", "Sodium")
    panel = next(each for each in theme("trends").asked if each.key == "level")
    visit.says("level", panel.question(sample, **{**panel.given, "of": "sodium"}).sentence("en"))
    assert not any("ipykernel" in command for command in running(site))


def test_fifty_readers_run_no_kernel(reader, site):
    rendered(site)
    before = len(running(site))
    visit = reader()
    for number in range(READERS):
        visit.page.goto(f"{visit.url}/{list(themes())[number % len(themes())]}")
        assert not any("ipykernel" in command for command in running(site))
    assert len(running(site)) <= before
