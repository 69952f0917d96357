"""A phone 390 pixels wide: nothing sticks out, no name of a day is lost and no chosen text is cut off."""

import pytest

from mangetamain.charter import SCHEMES
from mangetamain.language import LANGS, say
from mangetamain.measures import CALENDARS
from mangetamain.questions import QUESTIONS
from mangetamain.themes import themes
from tests.browser.axe import flaws
from tests.browser.reader import CUT
from tests.waiting import eventually

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
# Names on the horizontal axis that a reader can see, whole, within the window.
SEEN = """(panel) => [...panel.querySelectorAll('.xtick text')].filter((text) => {
  const box = text.getBoundingClientRect(), style = getComputedStyle(text);
  return text.textContent && style.opacity !== '0' && style.display !== 'none' && style.visibility !== 'hidden'
    && box.left >= 0 && box.right <= innerWidth;
}).map((text) => text.textContent)"""
# What sticks out of the screen to the right or left, except inside what scrolls by itself.
OUTSIDE = """() => [...document.querySelectorAll('body *')].filter((element) => {
  const apart = '.mm-table, pre, .mm-skip, #js-plotly-tester';
  if (!element.checkVisibility() || element.closest(apart)) return false;
  const { left, right, width, height } = element.getBoundingClientRect();
  return width > 1 && height > 1 && (right > innerWidth + 1 || left < -1);
}).map((element) => `${element.tagName}.${element.getAttribute('class')} ${element.textContent.slice(0, 60)}`)"""
# Texts of a figure that its frame cuts off.
CLIPPED = """(plots) => plots.flatMap((plot) => {
  const frame = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('.main-svg text')].filter((text) => {
    const { left, right, top, bottom, width } = text.getBoundingClientRect();
    return width && (Math.min(left - frame.left, frame.right - right, top - frame.top, frame.bottom - bottom) < -2);
  }).map((text) => text.textContent);
})"""


@pytest.fixture(scope="module", params=[(name, lang) for name in themes() for lang in ("en", "fr")], ids="-".join)
def phone(shared_reader, request):
    """A page on a phone, in a language."""
    name, lang = request.param
    visit = shared_reader(**PHONE).open(name, f"?lang={lang}").figures(name)
    visit.speaks(lang)
    return name, lang, visit


def fits(visit):
    """Wait until nothing sticks out, for a figure is drawn in steps; then hold that nothing is cut off."""
    page = visit.page
    eventually(lambda: page.evaluate(OUTSIDE) == [], lambda: page.evaluate(OUTSIDE))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    figures = page.locator(".js-plotly-plot")
    eventually(lambda: figures.evaluate_all(CLIPPED) == [], lambda: figures.evaluate_all(CLIPPED))
    for figure in page.locator(".js-plotly-plot .main-svg").all():
        assert figure.bounding_box()["width"] <= 390
    assert page.locator(".mm-header").bounding_box()["height"] < 844 / 4


def test_a_phone_finds_everything_on_its_screen(phone):
    _, _, visit = phone
    fits(visit)


def test_a_phone_finds_everything_on_the_first_page(reader):
    visit = reader(**PHONE)
    visit.page.goto(visit.url + "/")
    visit.page.wait_for_selector(".mm-themes")
    fits(visit)


def test_no_option_is_cut_off(phone):
    _, _, visit = phone
    assert visit.page.locator("body").evaluate(CUT) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_can_use_it_on_a_phone(phone, scheme):
    _, _, visit = phone
    assert flaws(visit, scheme) == []


@pytest.mark.parametrize("by", ["weekday", "month_of_year"])
@pytest.mark.parametrize("phone", [("ratings", "en"), ("ratings", "fr")], ids="-".join, indirect=True)
def test_each_day_and_month_keeps_its_name(phone, by):
    _, lang, visit = phone
    kind, _ = QUESTIONS["contrast"].parameters["by"]
    visit.choose("contrast", say(kind.label).render(lang), say(kind.values[by]).render(lang))
    panel, names = visit.panel("contrast"), list(CALENDARS[by].names)
    visit.figure("contrast")
    eventually(lambda: len(panel.evaluate(SEEN)) == len(names), lambda: panel.evaluate(SEEN))
    if lang == "en":
        assert panel.evaluate(SEEN) == names


@pytest.mark.parametrize("phone", [("trends", "fr")], ids="-".join, indirect=True)
def test_a_phone_can_move_what_it_shows(phone):
    _, _, visit = phone
    panel = visit.panel("level")
    visit.more("level")
    for control in panel.locator(".mm-controls > *").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    for touched in panel.locator(":is(select, summary, .mm-button):visible").all():
        assert touched.bounding_box()["height"] >= 20, touched.evaluate("(element) => element.outerHTML")
    panel.locator("select").first.select_option(index=4)
    visit.page.wait_for_function("() => location.search.includes('level.of=')")
    panel.locator(".mm-details summary").first.tap()
    panel.locator(".mm-table").wait_for()
    assert visit.page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["", "trends", "how-to-read"])
def test_nothing_jumps_while_a_page_comes(reader, name, lang):
    visit = reader(**PHONE)
    visit.page.add_init_script(
        "window.moved = []; const told = (list) => list.getEntries().forEach((each) => moved.push(each.value));"
        "new PerformanceObserver(told).observe({ type: 'layout-shift', buffered: true })"
    )
    visit.page.goto(f"{visit.url}/{name}?lang={lang}", wait_until="networkidle")
    assert sum(visit.page.evaluate("moved")) < 0.02


@pytest.mark.parametrize("name", ["", "trends"])
def test_the_fonts_that_come_are_those_that_the_page_is_written_in(reader, name):
    visit = reader(**PHONE)
    visit.page.goto(f"{visit.url}/{name}", wait_until="networkidle")
    fonts = {sent.url.rpartition("/")[2] for sent in visit.requests if "woff2" in sent.url}
    assert fonts == {"inter-latin.woff2", "michroma-latin.woff2"}
    written = "(all) => all.filter((each) => getComputedStyle(each).fontFamily.startsWith('Michroma'))"
    headings = visit.page.locator(":is(h1, h2, h3, h4, .mm-brand)")
    assert set(headings.evaluate_all(f"{written}.map(({{tagName}}) => tagName)")) == {"H1", "A"}
