"""The gate of pages at the real site; what it finds on pages with one thing wrong is tested in `delivery`."""

import pytest

from mangetamain.themes import themes
from tests.delivery.test_browser import opened

pytestmark = pytest.mark.browser


def test_every_page_of_the_real_site_is_fine(site):
    seen = opened(site.url, list(themes()))
    assert [(page.page, page.fine) for page in seen] == [(name, True) for name in themes()]
    assert all(page.figures >= 5 for page in seen)
