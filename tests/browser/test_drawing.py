"""Figures as a browser draws them: colours, widths, languages, typed arrays."""

from __future__ import annotations

import base64
import itertools
import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from mangetamain import charter
from mangetamain.assets import standalone
from tests.waiting import eventually

pytestmark = pytest.mark.browser
HTML = """<!DOCTYPE html><html lang="en" data-mm data-theme="dark"><head><meta charset="utf-8">
<style>{css}</style></head>
<body class="mm-page"><div class="mm-panel"><div id="host" class="mm-figure"></div></div><script>{scripts}</script>
<script>
  window.drawn = 0;
  addEventListener("mangetamain:drawn", () => window.drawn++);
  window.stop = mangetamain.draw(document.getElementById("host"), {spec}, {{ lang: "{lang}", alt: "What it says" }});
</script></body></html>"""
YEARS = {"dtype": "i2", "bdata": base64.b64encode(struct.pack("<3h", 2001, 2002, 2003)).decode()}
SPEC: dict[str, Any] = {
    "data": [
        {"type": "bar", "name": "Whole", "x": YEARS, "y": [1000, 2000, 12345.5], "meta": {"role": "count"}},
        {"type": "bar", "name": "Partial", "x": [2004], "y": [500], "meta": {"role": "mute"}},
    ],
    "layout": {"height": 300, "yaxis": {"title": {"text": "Recipes"}}},
}
Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def open_figure(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opener]:
    """Open a page that holds one figure; no request may leave it and no error may reach its console."""
    faults: list[str] = []
    pages: list[Page] = []

    def opener(spec: dict[str, Any] = SPEC, *, lang: str = "en", width: int = 1000) -> Any:
        parts = standalone(lang)
        page = browser.new_page(viewport={"width": width, "height": 800})
        pages.append(page)
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: faults.append(request.url) if request.url.startswith("http") else None)
        path: Path = tmp_path_factory.mktemp("figure") / "page.html"
        values = {"css": parts["css"], "scripts": parts["scripts"], "spec": json.dumps(spec), "lang": lang}
        path.write_text(HTML.format(**values), "utf-8")
        page.goto(path.as_uri())
        page.wait_for_selector(".main-svg")
        return page

    yield opener
    for page in pages:
        page.close()
    assert faults == []


def fill(page: Any) -> str:
    return hexadecimal(page.evaluate("getComputedStyle(document.querySelector('.bars .point path')).fill"))


def hexadecimal(colour: str) -> str:
    return "#" + "".join(f"{int(part):02X}" for part in colour[4:-1].split(","))


def test_marks_take_the_colour_of_their_role_and_follow_the_scheme(open_figure: Opener) -> None:
    page = open_figure()
    assert page.locator(".bars .point").count() == 4
    assert fill(page) == charter.colour("count", "dark")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    eventually(lambda: fill(page) == charter.colour("count", "light"), lambda: fill(page))


def test_a_figure_follows_the_scheme_though_its_host_hides_it_for_a_moment(open_figure: Opener) -> None:
    page = open_figure()
    page.evaluate("""() => {
      const { style } = document.getElementById("host");
      document.documentElement.dataset.theme = "light";
      style.display = "none";
      queueMicrotask(() => requestAnimationFrame(() => { style.display = ""; }));
    }""")
    eventually(lambda: fill(page) == charter.colour("count", "light"), lambda: fill(page))


def test_a_figure_says_what_it_shows_once(open_figure: Opener) -> None:
    page = open_figure()
    host = page.locator("#host")
    assert (host.get_attribute("role"), host.get_attribute("aria-label")) == ("figure", "What it says")
    assert page.evaluate("window.drawn") == 1
    page.evaluate("window.stop()")
    assert page.locator(".main-svg").count() == 0


# Pixels of the ground around letters.
GROUND = 3


@pytest.mark.parametrize(("lang", "number"), [("en", "10,000"), ("fr", "10\u202f000")])
def test_numbers_are_written_in_the_language(open_figure: Opener, lang: str, number: str) -> None:
    assert number in open_figure(lang=lang).locator(".yaxislayer-above").text_content()


def test_a_phone_sees_all_of_it(open_figure: Opener) -> None:
    page = open_figure({**SPEC, "layout": {**SPEC["layout"], "showlegend": True}}, width=390)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    legend, plot = (page.locator(name).first.bounding_box() for name in (".legend", ".bars"))
    assert legend["y"] >= plot["y"] + plot["height"]


def test_what_is_named_at_the_edge_has_a_colour_of_its_marks_and_no_legend(open_figure: Opener) -> None:
    edge = {"x": 1, "xref": "paper", "xanchor": "left", "yref": "y", "y": 2000, "showarrow": False}
    named = {"annotations": [{"text": "Partial", "name": "mute", **edge}], "margin": {"r": 90}}
    for width in (1000, 390):
        page = open_figure({**SPEC, "layout": {**SPEC["layout"], **named}}, width=width)
        colour = page.evaluate("getComputedStyle(document.querySelector('.annotation-text')).fill")
        assert hexadecimal(colour) == charter.ink("mute", "dark")
        name, plot = (page.locator(part).first.bounding_box() for part in (".annotation-text", ".nsewdrag"))
        assert plot["x"] + plot["width"] <= name["x"] + GROUND
        assert name["x"] + name["width"] <= width
        assert page.locator(".legend").count() == 0


@pytest.mark.parametrize(("lang", "name"), [("en", "Whole view"), ("fr", "Vue entière")])
def test_a_zoom_has_a_way_back(open_figure: Opener, lang: str, name: str) -> None:
    page = open_figure(lang=lang)
    back, end = page.locator(".mm-whole"), "document.getElementById('host')._fullLayout.xaxis.range[1]"
    whole = page.evaluate(end)
    assert not back.is_visible()
    box = page.locator(".nsewdrag").bounding_box()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    page.mouse.up()
    eventually(back.is_visible, lambda: "no way back is shown")
    assert (back.text_content(), page.evaluate(end) < whole) == (name, True)
    back.click()
    eventually(lambda: page.evaluate(end) == whole, lambda: page.evaluate(end))
    assert not back.is_visible()


def test_years_are_whole_however_near_one_looks(open_figure: Opener) -> None:
    years = {**SPEC["layout"], "xaxis": {"tickformat": "d"}}
    page = open_figure({**SPEC, "layout": years})
    page.evaluate("Plotly.relayout('host', {'xaxis.range': [2001.6, 2003.4]})")
    named = page.locator(".xtick text")
    eventually(lambda: named.all_text_contents() == ["2002", "2003"], named.all_text_contents)


def test_a_figure_without_marks_shows_its_axis(open_figure: Opener) -> None:
    page = open_figure({"data": [], "layout": {"height": 300, "xaxis": {"title": {"text": "Share"}}}})
    assert "Share" in page.locator(".infolayer").last.text_content()


NAMES = {"tickmode": "array", "tickvals": [0, 1], "range": [1.5, -0.5]}
BOTH_SIDES: dict[str, Any] = {
    "data": [
        {"type": "bar", "orientation": "h", "x": [2, 1], "y": [0, 1]},
        {"type": "scatter", "mode": "markers", "x": [0], "y": [-1], "yaxis": "y2", "showlegend": False},
    ],
    "layout": {
        "height": 200,
        "yaxis": {**NAMES, "ticktext": ["Sugar", "Preparation time"]},
        "yaxis2": {**NAMES, "ticktext": ["8.2 points", "3.0 minutes"], "overlaying": "y", "side": "right"},
    },
}


def test_names_on_both_sides_stand_above_their_rows_on_a_phone(open_figure: Opener) -> None:
    wide, phone = open_figure(BOTH_SIDES), open_figure(BOTH_SIDES, width=390)
    named = wide.locator(".ytick text, .y2tick text").all_text_contents()
    assert named == ["Sugar", "Preparation time", "8.2 points", "3.0 minutes"]
    assert phone.locator(".annotation-text").all_text_contents() == named
    assert phone.locator(".ytick text, .y2tick text").count() == 0
    rows, names = (phone.locator(kind).all() for kind in (".bars .point", ".annotation-text"))
    for row, pair in zip(rows, (names[::2], names[1::2]), strict=True):
        middle = row.bounding_box()["y"] + row.bounding_box()["height"] / 2
        assert all(middle - 20 - GROUND < name.bounding_box()["y"] < middle for name in pair)


def strips(rows: list[str], names: list[str], title: str = "Season") -> dict[str, Any]:
    """Describe a figure of a row a term, with a bar for each name below."""
    places = list(range(len(names)))
    data = [{"type": "bar", "x": places, "y": [0.8] * len(names), "base": -i - 1} for i in range(len(rows))]
    across = {"tickvals": [-0.6 - i for i in range(len(rows))], "ticktext": rows, "range": [-len(rows), 0]}
    along = {"tickvals": places, "ticktext": names, "range": [-0.5, 1.4 * len(names) - 0.5], "title": {"text": title}}
    axes = {"xaxis": {"tickmode": "array", **along}, "yaxis": {"tickmode": "array", **across}}
    return {"data": data, "layout": {"height": 90 + 40 * len(rows), "showlegend": False, "barmode": "overlay", **axes}}


SEASONS = ["Winter", "Spring", "Summer", "Autumn"]


def test_names_lean_where_they_would_touch_and_take_no_height_from_rows(open_figure: Opener) -> None:
    short = open_figure(strips(["egg", "fig"], SEASONS), width=390)
    long = open_figure(strips(["ground cinnamon", "valentines-day"], SEASONS), width=390)
    ways = [page.locator(".xtick text").first.get_attribute("transform") or "" for page in (short, long)]
    assert ["rotate(-45" in way for way in ways] == [False, True]
    boxes = [name.bounding_box() for name in short.locator(".xtick text").all()]
    assert all(one["x"] + one["width"] < other["x"] for one, other in itertools.pairwise(boxes))
    rows = [page.locator(".bars .point").first.bounding_box()["height"] for page in (short, long)]
    assert rows[1] == pytest.approx(rows[0], rel=0.2)


def test_a_title_longer_than_its_axis_goes_on_below(open_figure: Opener) -> None:
    title = "Change of occurrences per recipe between the years"
    phone = open_figure(strips(["ground cinnamon"], SEASONS, title), width=390)
    box = phone.locator(".xtitle").bounding_box()
    assert box["x"] + box["width"] < 390
    assert "".join(phone.locator(".xtitle").text_content().split()) == title.replace(" ", "")
