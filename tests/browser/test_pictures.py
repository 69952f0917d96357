"""The picture that stands before plotly does is the figure that plotly draws: nothing jumps at the change."""

import json

import pytest

from mangetamain import charts
from mangetamain.assets import standalone
from mangetamain.pictures.svg import NARROW, WIDE, Picture
from mangetamain.themes import theme, themes
from tests.browser.test_address import answer

pytestmark = pytest.mark.browser
# Pixels by which a frame may shift, and parts of an axis by which an end may differ: a browser knows how wide its
# letters are, and a picture guesses.
SHIFT, APART = 20, 0.04
FRAMES = """async (specs) => {
  for (const [key, spec] of Object.entries(specs)) window.mangetamain.draw(document.getElementById(key), spec);
  const drawn = () => Object.keys(specs).every((key) => document.getElementById(key)._fullLayout?._size?.w > 0);
  while (!drawn()) await new Promise((again) => setTimeout(again, 50));
  const end = (axis, value) => axis.type === "date" ? new Date(`${value.slice(0, 10)}T00:00:00Z`) / 86400000 : value;
  return Object.fromEntries(Object.keys(specs).map((key) => {
    const { _size: size, height, xaxis, yaxis } = document.getElementById(key)._fullLayout;
    return [key, { height, left: size.l, right: size.r, top: size.t, bottom: size.b,
      x: xaxis.range.map((value) => end(xaxis, value)), y: yaxis.range.map((value) => end(yaxis, value)) }];
  }));
}"""


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_picture_has_the_frame_and_the_axes_of_the_figure(browser, sample, tmp_path, width):
    answers = {
        f"{name}.{asked.key}": asked.first_answer(sample) for name, theme in themes().items() for asked in theme.asked
    }
    places = "".join(f'<div id="{key}" style="width: {width}px"></div>' for key in answers)
    page = tmp_path / "page.html"
    page.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><style>{standalone("en")["css"]}</style>{places}'
        f"<script>{standalone('en')['scripts']}</script>",
        "utf-8",
    )
    context = browser.new_context(viewport={"width": 900, "height": 1200}, locale="en-US")
    opened = context.new_page()
    opened.goto(page.as_uri())
    frames = opened.evaluate(
        FRAMES, {key: json.loads(json.dumps(each.figure_spec("en"))) for key, each in answers.items()}
    )
    context.close()
    wrong = {}
    for key, frame in frames.items():
        picture = Picture(charts.translated(answers[key].spec, "en"), "en", width)
        x, y = picture.axes["x"], picture.axes["y"]
        ours = (picture.height, x.start, width - x.end, min(y.start, y.end), picture.height - max(y.start, y.end))
        theirs = tuple(frame[name] for name in ("height", "left", "right", "top", "bottom"))
        shifts = [abs(one - other) for one, other in zip(ours, theirs, strict=True)]
        ends = [
            abs(one - other) / abs(frame[name][1] - frame[name][0])
            for name, axis in (("x", x), ("y", y))
            for one, other in zip((axis.low, axis.high), frame[name], strict=True)
        ]
        if max(shifts) > SHIFT or (picture.traces and max(ends) > APART):
            wrong[key] = [round(each, 3) for each in (*shifts, *ends)]
    assert wrong == {}, "\n".join(f"{key} {apart}" for key, apart in wrong.items())


# What stands in a figure's place at each change, and its label; the page's colours change, so that it is drawn anew.
WATCH = """(place) => {
  const { dataset } = document.documentElement;
  window.seen = [];
  new MutationObserver(() => {
    const plot = place.querySelector(".js-plotly-plot");
    seen.push([place.querySelectorAll(".mm-picture").length, getComputedStyle(plot).visibility, plot.ariaLabel]);
    dataset.theme = dataset.theme === "light" ? "dark" : "light";
  }).observe(place, { childList: true });
}"""


def test_a_move_is_a_picture_at_once_and_the_living_figure_follows(reader):
    visit = reader().open("trends")
    before = visit.figure("level").get_attribute("aria-label")
    visit.panel("level").locator(".mm-figure").evaluate(WATCH)
    visit.choose("level", "Measure", "calories")
    visit.says("level", "calorie count")
    said = visit.figure("level").get_attribute("aria-label")
    first, *_, last = seen = visit.page.evaluate("() => seen")
    assert first == [2, "hidden", before]
    assert last == [0, "visible", said]
    assert {label for _, visibility, label in seen if visibility == "visible"} == {said} != {before}


def test_a_move_before_plotly_is_there_is_drawn_from_the_answers_picture(reader, sample):
    visit = reader()
    visit.page.route("**/draw.js*", lambda route: route.abort())
    visit.open("trends")
    visit.choose("level-2", "Measure", "Sugar")
    visit.says("level-2", answer(sample, "level-2", of="sugar").sentence("en"))
    picture = visit.panel("level-2").locator("svg.mm-picture:visible")
    assert "Sugar (%" in picture.text_content()
    assert visit.page.locator(".js-plotly-plot").count() == 0
    visit.page.unroute("**/draw.js*")
    assert any(map(any, visit.drawn("level-2")))  # a hand that comes near finds it later
    visit.forgive("draw.js")


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_controls_and_plotly_come(reader, width):
    visit = reader(viewport={"width": width, "height": 900})
    visit.page.add_init_script(
        "window.moved = []; const told = (list) => list.getEntries().forEach((each) => moved.push(each.value));"
        "new PerformanceObserver(told).observe({ type: 'layout-shift', buffered: true })"
    )
    visit.open("trends")
    for panel in theme("trends").asked[:3]:
        visit.figure(panel.key)
    visit.page.wait_for_timeout(500)
    assert sum(visit.page.evaluate("moved")) < 0.02
