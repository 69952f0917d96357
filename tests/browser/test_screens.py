"""A phone's width, and the dark and the light scheme."""

import pytest

from mangetamain.charter import SCHEMES, colour
from mangetamain.themes import theme, themes
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
# What sticks out of the screen to the right or left, except inside what scrolls by itself.
OUTSIDE = """() => [...document.querySelectorAll('body *')].filter((element) => {
  const apart = '.mm-table, pre, .mm-skip, .noUi-base, #js-plotly-tester';
  if (!element.checkVisibility() || element.closest(apart)) return false;
  const { left, right, width, height } = element.getBoundingClientRect();
  return width > 1 && height > 1 && (right > innerWidth + 1 || left < -1);
}).map((element) => `${element.tagName}.${element.getAttribute('class')} ${element.textContent.slice(0, 60)}`)"""
# Texts of a figure that its frame cuts off.
CUT = """(plots) => plots.flatMap((plot) => {
  const frame = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('.main-svg text')].filter((text) => {
    const { left, right, top, bottom, width } = text.getBoundingClientRect();
    return width && (Math.min(left - frame.left, frame.right - right, top - frame.top, frame.bottom - bottom) < -2);
  }).map((text) => text.textContent);
})"""
GROUND = "() => getComputedStyle(document.body).backgroundColor"
INK = "() => document.querySelector('.mm-live .js-plotly-plot .xtick text').style.fill"


def rgb(name: str, scheme: str) -> str:
    value = colour(name, scheme)
    return f"rgb({', '.join(str(int(value[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_a_phone_finds_everything_on_its_screen(reader):
    for name in ("", *themes()):
        visit = reader(**PHONE)
        visit.open(name) if name else visit.page.goto(visit.url + "/")
        page = visit.page
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate(OUTSIDE) == []
        assert page.locator(".js-plotly-plot").evaluate_all(CUT) == []
        for figure in page.locator(".js-plotly-plot .main-svg").all():
            assert figure.bounding_box()["width"] <= 390
        assert page.locator(".mm-header").bounding_box()["height"] < 844 / 4


def test_a_phone_can_move_what_it_shows(reader):
    visit = reader(**PHONE).open("trends", "?lang=fr")
    panel = visit.panel("level")
    for control in panel.locator(".mm-controls > *").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    for touched in panel.locator(".noUi-handle, select, .widget-toggle-button").all():
        assert touched.bounding_box()["height"] >= 20, touched.evaluate("(element) => element.outerHTML")
    panel.locator("select").first.select_option(index=4)
    visit.page.wait_for_function("location.search.includes('level.of=')")
    panel.get_by_role("button").first.tap()
    panel.locator(".mm-table").wait_for()
    assert visit.page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_readers_scheme_is_followed_and_the_button_turns_it(reader, scheme):
    visit = reader(color_scheme=scheme).open("ratings")
    other = next(name for name in SCHEMES if name != scheme)
    assert shown(visit) == (rgb("ground", scheme), rgb("text", scheme))
    visit.page.locator("[data-mm-theme]").click()
    turned = rgb("ground", other), rgb("text", other)
    visit.page.wait_for_function(f"(ink) => ({INK})() === ink", arg=turned[1])
    assert shown(visit) == turned
    visit.page.reload()
    visit.wait("ratings")
    assert shown(visit) == turned


def test_the_scheme_follows_the_system_while_the_page_is_open(reader):
    visit = reader(color_scheme="light").open("ratings")
    visit.page.emulate_media(color_scheme="dark")
    visit.page.wait_for_function(f"(ink) => ({INK})() === ink", arg=rgb("text", "dark"))
    assert shown(visit)[0] == rgb("ground", "dark")
    assert len(theme("ratings").asked) == visit.page.locator(".js-plotly-plot").count()


def shown(visit: Reader) -> tuple[str, str]:
    return visit.page.evaluate(GROUND), visit.page.evaluate(INK)
