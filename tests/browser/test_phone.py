"""A phone 390 pixels wide: no name of a day is lost and no chosen text is cut off."""

import pytest

from mangetamain.measures import CALENDARS
from tests.waiting import eventually

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}
# Names on the horizontal axis that a reader can see, whole, within the window.
SEEN = """(panel) => [...panel.querySelectorAll('.xtick text')].filter((text) => {
  const box = text.getBoundingClientRect(), style = getComputedStyle(text);
  return text.textContent && style.opacity !== '0' && style.display !== 'none' && style.visibility !== 'hidden'
    && box.left >= 0 && box.right <= innerWidth;
}).map((text) => text.textContent)"""
# Options longer than the room that their closed list has: its paddings and its arrow take some 32 pixels.
CUT = """(page) => [...page.querySelectorAll('.mm-live .mm-controls select')].flatMap((select) => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = getComputedStyle(select).font;
  const room = select.clientWidth - 32;
  return [...select.options].map((option) => option.text).filter((text) => pen.measureText(text).width > room);
})"""


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("by", ["weekday", "month"])
def test_each_day_and_month_keeps_its_name(reader, by, lang):
    visit = reader(**PHONE)
    visit.page.goto(f"{visit.url}/ratings?by={by}&lang={lang}")
    panel = visit.panel("rating_contrast")
    panel.scroll_into_view_if_needed()
    names = list(CALENDARS[by].names)
    visit.page.wait_for_function(
        "(count) => document.querySelectorAll('.mm-live .mm-key-rating_contrast .xtick text').length >= count",
        arg=len(names),
    )
    eventually(lambda: len(panel.evaluate(SEEN)) == len(names), lambda: panel.evaluate(SEEN))
    if lang == "en":
        assert panel.evaluate(SEEN) == names


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", ["trends", "ratings"])
def test_no_option_is_cut_off(reader, name, lang):
    visit = reader(**PHONE)
    visit.page.goto(f"{visit.url}/{name}?lang={lang}")
    visit.speaks(lang)
    assert visit.page.locator("body").evaluate(CUT) == []
