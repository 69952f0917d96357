"""The documentation in a browser: figures are drawn, and nothing is asked of another host."""

import pytest

from tests.test_docs import html

__all__ = ["html"]
pytestmark = pytest.mark.browser


def test_figures_are_drawn(html, browser):
    page = browser.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda sent: troubles.append(sent.url) if not sent.url.startswith("file:") else None)
    page.goto((html / "index.html").as_uri())
    page.locator("[data-figure] .main-svg").first.wait_for()
    page.emulate_media(color_scheme="dark")
    page.get_by_role("link", name="Comment lire le site").first.click()
    page.locator("[data-figure][lang=fr] .main-svg").first.wait_for()
    page.close()
    assert troubles == []
