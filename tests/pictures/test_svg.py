"""Figures as SVG: well-formed, in either language, harmless, and each mark where its value is."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from mangetamain import charts
from mangetamain.language import say
from mangetamain.measures import MEASURES
from mangetamain.pictures.axis import Axis, written
from mangetamain.pictures.svg import NARROW, WIDE, Picture, svg
from mangetamain.themes import themes

NAMESPACE = "{http://www.w3.org/2000/svg}"
ASKED = [(name, asked.key) for name, theme in themes().items() for asked in theme.asked]


def read(markup):
    """Parse a picture as strictly as XML is."""
    return ElementTree.fromstring(markup)


def marks(markup, kind):
    return [node.attrib for node in read(markup).iter() if node.get("class") == f"mm-{kind}"]


def texts(markup):
    return ["".join(node.itertext()) for node in read(markup).iter("text")]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(("name", "key"), ASKED)
def test_each_figure_of_each_notebook_is_drawn_within_its_picture(sample, name, key, lang, width):
    answer = next(asked for asked in themes()[name].asked if asked.key == key).first_answer(sample)
    picture = read(answer.svg(lang, width, framed=False))
    assert picture.get("aria-label")
    assert float(picture.get("width")) == width
    assert len(list(picture.iter("g"))) >= len(answer.spec["data"])
    numbers = re.findall(r"-?\d+\.\d+", " ".join(node.get("d", "") for node in picture.iter("path")))
    assert all(np.isfinite(float(number)) for number in numbers)
    axes = Picture(charts.translated(answer.spec, lang), lang, width).axes
    for axis in axes.values():
        assert 0 <= min(axis.start, axis.end) < max(axis.start, axis.end) <= max(width, float(picture.get("height")))


def test_points_lie_where_their_values_are():
    figure = charts.canvas("Year", "Level")
    charts.dots(figure, [2001, 2002, 2004], [10.0, 20.0, 40.0], "Level", "centre", low=[8, 18, 38], high=[12, 22, 42])
    spec = charts.spec_of(figure)
    axes, drawn = Picture(spec, "en", WIDE).axes, marks(svg(spec, "en"), "bar")
    x, y = ([float(each[name]) for each in drawn] for name in ("cx", "cy"))
    assert x[1] - x[0] == pytest.approx((x[2] - x[1]) / 2, abs=0.1)
    assert y[0] - y[1] == pytest.approx((y[1] - y[2]) / 2, abs=0.1)
    assert axes["y"].low < 8 < 42 < axes["y"].high
    assert len(marks(svg(spec, "en"), "line")) == 3  # their intervals


def test_bars_stand_on_zero_and_are_as_long_as_their_values():
    figure = charts.canvas("Stars", "Reviews")
    charts.bars(figure, [1, 2, 3], [100, 50, 25], "Reviews", "count")
    drawn = marks(svg(charts.spec_of(figure), "en"), "bar")
    heights = [float(each["height"]) for each in drawn]
    assert np.allclose(np.divide(heights, heights[0]), [1, 0.5, 0.25], atol=0.002)
    assert len({round(float(each["y"]) + float(each["height"])) for each in drawn}) == 1


def test_lying_bars_are_named_from_the_top():
    figure = charts.canvas("Share")
    charts.bars(figure, [3.0, 1.0], ["salt", "sugar"], "Terms", "count", flat=True)
    markup = svg(charts.spec_of(figure), "en")
    first, second = marks(markup, "bar")
    assert float(first["width"]) == pytest.approx(3 * float(second["width"]), abs=0.3)
    assert float(first["y"]) < float(second["y"])
    assert {"salt", "sugar"} <= set(texts(markup))


def test_a_line_stops_where_a_value_is_missing():
    figure = charts.canvas()
    charts.line(figure, [1, 2, 3, 4], [1.0, 2.0, np.nan, 4.0], "Level", "centre", dash="dash")
    [line] = marks(svg(charts.spec_of(figure), "en"), "line")
    assert line["d"].count("M") == 2
    assert line["stroke-dasharray"]


def test_a_band_lies_between_its_curves():
    figure = charts.canvas()
    charts.band(figure, np.array([1, 2]), np.array([1.0, 1.0]), np.array([3.0, 3.0]), "Band")
    [band] = marks(svg(charts.spec_of(figure), "en"), "fill")
    heights = {float(number) for number in re.findall(r" (\d+\.\d)", band["d"])}
    assert len(heights) == 2


def test_texts_of_the_data_are_drawn_letter_by_letter():
    hostile = '<script>alert(1)</script> & "quoted" {x} \u202egnp'
    figure = charts.canvas(hostile)
    charts.bars(figure, [1.0], [hostile], hostile, "count", flat=True)
    charts.bars(figure, [1.0], ["other"], "other", "count", flat=True)
    picture = read(svg(charts.spec_of(figure), "en", alt=hostile))
    assert {node.tag for node in picture.iter()} <= {"svg", "g", "text", "tspan", "path", "rect", "circle"}
    assert "\u202e" not in "".join(picture.itertext())
    assert any("<script>" in text for text in texts(svg(charts.spec_of(figure), "en")))


def test_words_and_numbers_are_in_the_language_asked():
    figure = charts.canvas(say("Year of posting"), say("Recipes posted"))
    charts.bars(figure, [2001, 2002], [12000, 30000], say("Trend"), "count")
    spec = charts.spec_of(figure)
    assert {"Year of posting", "30,000"} <= set(texts(svg(spec, "en")))
    assert {"30\u202f000"} <= set(texts(svg(spec, "fr")))
    assert "Year of posting" not in texts(svg(spec, "fr"))


@pytest.mark.parametrize(
    ("said", "text"), [("", "There is nothing to draw."), ("Nothing changed.", "Nothing changed.")]
)
def test_an_empty_figure_is_a_line_of_words(said, text):
    figure = charts.canvas("Year of posting", "Recipes posted")
    picture = read(svg(charts.spec_of(charts.note(figure, say(said)) if said else figure), "en"))
    assert float(picture.get("height")) == charts.EMPTY_PIXELS < 60
    assert "".join(picture.itertext()) == text


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_names_and_legend_stand_above_rows(width):
    figure = charts.canvas(height=900)
    charts.bars(figure, [0, 1], [1.0, 2.0], "More", "rise")
    charts.ticks(figure, [0, 1], ["Winter", "Summer"], above=True)
    figure.layout.showlegend = True
    picture = read(svg(charts.spec_of(figure), "en", width=width))
    high = {
        node.text: float(node.get("y")) for node in picture.iter("text") if node.text in ("More", "Winter", "Summer")
    }
    assert (
        high["More"]
        < high["Winter"]
        == high["Summer"]
        < min(float(bar.get("y")) for bar in picture.iter("rect") if bar.get("height") != "10.0")
    )


def test_two_colours_of_the_schemes_are_left_to_the_page():
    figure = charts.canvas()
    charts.dots(figure, [1], [1.0], "Level", "rise")
    markup = svg(charts.spec_of(figure), "en")
    assert "var(--mm-rise)" in markup
    assert "#" not in markup


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [(0, 10, 5, [0, 2, 4, 6, 8, 10]), (4.58, 4.7, 7, [4.58, 4.6, 4.62, 4.64, 4.66, 4.68, 4.7]),
     (0, 31000, 4, [0, 10000, 20000, 30000]), (5, 5, 4, [5])],
)  # fmt: skip
def test_places_on_an_axis_are_round_numbers(low, high, most, expected):
    assert charts.steps(low, high, most) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("values", "lang", "expected"),
    [([0, 0.5, 1], "en", ["0.0", "0.5", "1.0"]), ([0.1, 0.2], "fr", ["0,1", "0,2"]),
     ([2000, 2005], "en", ["2000", "2005"]), ([0, 20000], "en", ["0", "20,000"]), ([-2, 0], "en", ["−2", "0"])],
)  # fmt: skip
def test_numbers_of_an_axis_are_written_alike(values, lang, expected):
    assert written(values, lang) == expected


def test_a_unit_stands_behind_each_number_and_texts_above_their_bars():
    figure = charts.canvas("Stars", "Share")
    charts.bars(figure, [1, 2], [20.0, 40.0], "Share", "count", text=charts.percents([0.2, 0.4], 0))
    charts.percentages(figure, "yaxis")
    spec = charts.spec_of(figure)
    assert {"20%", "40%", "10%"} <= set(texts(svg(spec, "en")))
    assert {"20\u202f%", "40\u202f%", "10\u202f%"} <= set(texts(svg(spec, "fr")))


def test_a_figure_without_marks_says_why():
    note = charts.note(charts.canvas("Year"), say("There is nothing to draw."))
    assert "There is nothing to draw." in texts(svg(charts.spec_of(note), "en"))


def test_dates_and_logarithms_have_axes_of_their_own():
    time = Axis(10957, 14610, 0, 100, kind="date")  # 2000 to 2010
    assert time.pixels(["2000-01-01", "2005-01"]).tolist() == pytest.approx([0, 50.0], abs=0.1)
    assert [name for _, name in time.ticks(5, "en")] == ["2000", "2005", "2010"]
    powers = Axis(1, 3, 0, 100, kind="log")
    assert powers.pixels([10, 100, 1000]).tolist() == pytest.approx([0, 50, 100])
    assert [name for _, name in powers.ticks(5, "en")] == ["10", "20", "50", "100", "200", "500", "1,000"]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("of", MEASURES)
def test_what_the_values_are_is_read_above_them_on_a_phone_too(of, lang):
    figure = charts.canvas("Year", MEASURES[of].axis)
    charts.dots(figure, [2001, 2002], [10_000.0, 20_000.0], "Level", "centre")
    picture = Picture(charts.translated(charts.spec_of(figure), lang), lang, NARROW)
    title = next(node for node in read(picture.drawn("")).iter("text") if node.text == picture.title("y"))
    assert "transform" not in title.attrib
    assert 0 < float(title.get("y")) < picture.axes["y"].end
    assert float(title.get("x")) + picture.wide(title.text) < NARROW


def test_a_preview_is_low_and_has_no_legend():
    figure = charts.canvas("Year", "Level")
    charts.bars(figure, [1, 2], [1.0, 2.0], "One", "centre")
    charts.bars(figure, [1, 2], [2.0, 1.0], "Two", "other")
    figure.layout.showlegend = True
    spec = charts.spec_of(figure)
    whole, preview = svg(spec, "en", width=NARROW), svg(spec, "en", width=NARROW, preview=True)
    assert {"One", "Two"} <= set(texts(whole))
    assert not {"One", "Two"} & set(texts(preview))
    assert float(read(preview).get("height")) < float(read(whole).get("height"))


def test_names_lean_where_they_would_touch_and_take_no_height_from_rows():
    heights, leans = [], []
    for rows in (["egg", "fig"], ["ground cinnamon", "valentines-day"]):
        figure = charts.canvas("Season", height=170)
        charts.bars(figure, [0, 1, 2, 3], [1.0] * 4, "Share", "rise")
        charts.ticks(figure, range(4), ["Winter", "Spring", "Summer", "Autumn"])
        names = {"tickmode": "array", "tickvals": [0, 1], "ticktext": rows}
        figure.update_layout(xaxis={"range": [-0.5, 5.1]}, yaxis=names)
        picture = Picture(charts.spec_of(figure), "en", NARROW)
        leans.append(any("rotate" in node.get("transform", "") for node in read(picture.drawn("")).iter("text")))
        heights.append(picture.axes["y"].start - picture.axes["y"].end)
    assert leans == [False, True]
    assert heights[1] == pytest.approx(heights[0], rel=0.2)


def test_a_title_longer_than_its_axis_goes_on_below():
    title = "Change of occurrences per recipe between the years"
    figure = charts.canvas(title)
    charts.bars(figure, [1.0], ["ground cinnamon"], "Change", "rise", flat=True)
    figure.update_yaxes(type="category", categoryarray=["ground cinnamon"])
    picture = Picture(charts.spec_of(figure), "en", NARROW)
    lines = [text for text in texts(picture.drawn("")) if text in title]
    assert (len(lines) > 1, " ".join(lines)) == (True, title)
    assert all(picture.wide(line) < picture.room() + 24 for line in lines)
