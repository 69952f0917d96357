"""Pages in a real browser, through the proxy: with and without a prefix."""

import pytest

from tests.browser.conftest import readers

pytestmark = pytest.mark.browser


class Door:
    """What the browser's reader needs of a site: its address."""

    def __init__(self, url):
        self.url = url


OTHERWISE = "([key, before]) => document.querySelector(`.mm-key-${key} .mm-sentence`).innerText !== before"


def lives(browser, url, environment, query=""):
    """Open each page, which wears its environment, and move a control: another sentence comes."""
    with readers(browser, Door(url)) as come:
        landing = come()
        landing.page.goto(f"{url}/{query}")
        ratings, trends = (come().open(name, query) for name in ("ratings", "trends"))
        for reader in (landing, ratings, trends):
            assert reader.page.locator(".mm-badge").first.inner_text() == environment.upper()
        key = "level"
        before = trends.sentence(key)
        trends.choose(key, "Measure", "Sugar")
        trends.page.wait_for_function(OTHERWISE, arg=[key, before])
        assert "sugar" in trends.sentence(key).lower()


@pytest.mark.parametrize("environment", ["preprod", "prod"])
def test_a_page_lives_through_the_proxy(sites, browser, environment):
    lives(browser, sites.url(environment), environment)
