"""Pages in a real browser, through the proxy: with and without a prefix."""

import pytest

from mangetamain.themes import theme
from tests.browser.conftest import readers

pytestmark = pytest.mark.browser


class Door:
    """What the browser's reader needs of a site: its address."""

    def __init__(self, url):
        self.url = url


OTHERWISE = "([key, before]) => document.querySelector(`.mm-live .mm-key-${key} .mm-sentence`).innerText !== before"


def moves(browser, url, query=""):
    """Open each page and move a control: the sentence is another one, over the page's own websocket."""
    with readers(browser, Door(url)) as come:
        come().open("ratings", query)
        reader, key = come().open("trends", query), theme("trends").asked[1].key
        before = reader.sentence(key)
        reader.choose(key, "Measure", "Sugar")
        reader.page.wait_for_function(OTHERWISE, arg=[key, before])
        assert "sugar" in reader.sentence(key).lower()


@pytest.mark.parametrize("environment", ["preprod", "prod"])
def test_a_page_lives_through_the_proxy(sites, browser, environment):
    moves(browser, sites.url(environment))


@pytest.mark.parametrize("environment", ["preprod", "prod"])
def test_each_page_wears_its_environment(sites, browser, environment):
    with readers(browser, Door(sites.url(environment))) as come:
        for path in ("", "trends", "ratings"):
            reader = come()
            reader.page.goto(f"{sites.url(environment)}/{path}")
            assert reader.page.locator(".mm-badge").first.inner_text() == environment.upper()
