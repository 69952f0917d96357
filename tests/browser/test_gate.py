"""The gate of pages at the real site; what it finds on pages with one thing wrong is tested in `delivery`."""

import pytest

from tests.delivery.test_browser import opened

pytestmark = pytest.mark.browser


def test_every_page_of_the_real_site_is_fine(site):
    seen = opened(site.url, ["trends", "ratings"])
    assert [(page.page, page.fine) for page in seen] == [("trends", True), ("ratings", True)]
    assert all(page.figures >= 5 for page in seen)
