"""The dark and the light scheme."""

import pytest

from mangetamain.charter import SCHEMES
from mangetamain.themes import theme
from tests.browser.axe import rgb
from tests.browser.reader import Reader
from tests.waiting import eventually

pytestmark = pytest.mark.browser
GROUND = "() => getComputedStyle(document.body).backgroundColor"
INK = "() => document.querySelector('.js-plotly-plot .xtick text')?.style.fill"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_readers_scheme_is_followed_and_the_button_turns_it(reader, scheme):
    visit = reader(color_scheme=scheme).open("ratings").figures("ratings")
    other = next(name for name in SCHEMES if name != scheme)
    looks(visit, scheme)
    # As long as she presses no button, the page follows her system while it is open.
    for now in (other, scheme):
        visit.page.emulate_media(color_scheme=now)
        looks(visit, now)
    assert len(theme("ratings").asked) == visit.page.locator(".js-plotly-plot").count()
    visit.page.locator("[data-mm-theme]").click()
    looks(visit, other)
    if scheme == "light":  # what she chose outlives her page, whichever it is
        visit.page.reload()
        visit.wait("ratings").figures("ratings")
        looks(visit, other)


def looks(visit: Reader, scheme: str) -> None:
    """Wait until the page and its figures have the colours of a scheme."""
    wanted = [rgb("ground", scheme), rgb("text", scheme)]
    eventually(lambda: shown(visit) == wanted, lambda: shown(visit))


def shown(visit: Reader) -> list[str | None]:
    return [visit.page.evaluate(GROUND), visit.page.evaluate(INK)]
