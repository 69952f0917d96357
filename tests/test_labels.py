"""Names where lines end: moved apart by as little as possible, in a margin, and the axis that a yardstick needs."""

import itertools

import numpy as np
import pytest

from mangetamain import charts
from mangetamain.labels import CHARACTERS, apart, extent, placed
from mangetamain.language import say


def test_what_does_not_overlap_stays_where_it_is():
    assert apart([10, 0, 30], [4, 4, 4]).tolist() == [10, 0, 30]
    assert apart([], []).tolist() == []


def test_two_that_overlap_share_the_move():
    assert apart([1, 0], [4, 2]).tolist() == [2, -1]


def test_neighbours_are_pushed_no_further_than_it_takes():
    assert apart([0, 0, 0, 9], [2, 2, 2, 2]).tolist() == [-2, 0, 2, 9]


def test_all_stay_between_the_ends_of_the_line():
    assert apart([0, 1, 10], [2, 2, 2], 0, 10).tolist() == [1, 3, 9]
    assert apart([9.5, 9.8], [2, 2], 0, 10).tolist() == [7, 9]
    assert apart([5, 5, 5], [4, 4, 4], 0, 10).tolist() == [2, 6, 10]  # too much: it reaches over the upper end


def test_no_smaller_move_would_do():
    rng = np.random.default_rng(3)
    for _ in range(50):
        places, sizes = np.sort(rng.uniform(0, 10, 4)), rng.uniform(0.5, 3, 4)
        found = apart(places, sizes)
        gaps = (sizes[1:] + sizes[:-1]) / 2
        assert (np.diff(found) >= gaps - 1e-9).all()
        moved = np.square(found - places).sum()
        for shift in rng.normal(0, 0.3, (200, 4)):
            other = found + shift
            if (np.diff(other) >= gaps).all():
                assert np.square(other - places).sum() >= moved - 1e-9


def ending(**ends):
    figure = charts.canvas("Year", "Level")
    for name, (y, role) in ends.items():
        charts.line(figure, [2001, 2002], [5.0, y], name, role)
    return charts.spec_of(figure)


def notes(spec):
    return {note["text"].replace("\n", " "): note for note in placed(spec)["layout"].get("annotations", [])}


def test_lines_are_named_where_they_end_in_their_role():
    found = notes(ending(salt=(0.0, "centre"), butter=(10.0, "other")))
    assert {name: note["name"] for name, note in found.items()} == {"salt": "centre", "butter": "other"}
    assert [note["y"] for note in found.values()] == pytest.approx([0, 10], abs=0.5)
    assert all((note["x"], note["xref"], note["xanchor"]) == (1, "paper", "left") for note in found.values())


def test_names_of_lines_that_end_together_do_not_overlap():
    spec = ending(salt=(9.99, "centre"), butter=(10.0, "other"), eggs=(9.98, "third"), flour=(0.0, "trend"))
    y = [notes(spec)[name]["y"] for name in ("flour", "eggs", "salt", "butter")]
    low, high = extent(spec)
    letters = 17 * (high - low) / (380 - 110)  # a line of letters on the axis
    assert all(other - one >= letters for one, other in itertools.pairwise(y))
    assert low <= min(y) < max(y) <= high


def test_the_margin_holds_the_longest_name_on_as_many_lines_as_it_takes():
    short, long = ending(salt=(1.0, "centre")), ending(**{"95% interval, clustered by cook": (1.0, "centre")})
    assert placed(short)["layout"]["margin"]["r"] < placed(long)["layout"]["margin"]["r"] < 140
    [note] = placed(long)["layout"]["annotations"]
    assert len(note["text"].split("\n")) > 1
    assert max(map(len, note["text"].split("\n"))) <= CHARACTERS


def test_a_figure_with_nothing_to_name_is_left_as_it_is():
    spec = charts.spec_of(charts.canvas("Year", "Level"))
    assert placed(spec) == spec


@pytest.mark.parametrize(("size", "wider"), [(1.0, False), (50.0, True)])
def test_a_yardstick_stands_beside_an_axis_that_is_no_shorter(size, wider):
    figure = charts.canvas("Year", "Level")
    charts.line(figure, [2001, 2002], [5.0, 9.0], "Centre", "centre")
    plain = extent(charts.spec_of(figure))
    charts.yardstick(figure, size, say("What would matter: {size}", size="much"))
    spec = charts.translated(charts.spec_of(figure), "en")
    layout = placed(spec)["layout"]
    (shape, *caps), (low, high) = layout["shapes"], layout["yaxis"]["range"]
    assert shape["y1"] - shape["y0"] == pytest.approx(size)
    assert [(cap["y0"], cap["y1"]) for cap in caps] == [(shape[end], shape[end]) for end in ("y0", "y1")]
    assert low < shape["y0"] < shape["y1"] < high
    assert (high - low > plain[1] - plain[0] + 1) == wider
    assert "What would matter: much" in notes(spec)


def test_dates_stand_above_the_marks_each_at_its_own_height_and_place():
    figure = charts.canvas("Month", "Level")
    charts.line(figure, ["2001-01-01", "2005-01-01", "2009-01-01"], [5.0, 9.0, 7.0], "Centre", "centre", named=False)
    charts.dated(figure, ["2002-01-01", "2008-01-01"], ["One", "Other"], "trend")
    layout = placed(charts.spec_of(figure))["layout"]
    one, other = layout["annotations"]
    assert layout["yaxis"]["range"][1] == one["y"] > other["y"]
    assert 2 * other["y"] - one["y"] > 9.0  # a line below the lower
    assert (one["x"], other["x"]) == ("2002-01-01", "2008-01-01")
    assert (one["xanchor"], other["xanchor"]) == ("left", "right")
    assert [(line["x0"], line["x1"], line["y1"]) for line in layout["shapes"]] == [
        (each["x"],) * 2 + (each["y"],) for each in (one, other)
    ]


def test_a_date_among_numbers_stands_where_there_is_more_room():
    figure = charts.canvas("Day", "Level")
    charts.line(figure, [4.0, 95.0, 186.0, 277.0, 361.0], [5.0, 9.0, 7.0, 6.0, 5.0], "Curve", "centre", named=False)
    charts.dated(figure, [50.0, 300.0], ["Early", "Late"], "trend")
    sides = {note["text"]: note["xanchor"] for note in placed(charts.spec_of(figure))["layout"]["annotations"]}
    assert sides == {"Early": "left", "Late": "right"}


def test_marks_that_may_lie_outside_stretch_no_axis():
    figure = charts.canvas("Month", "Level")
    charts.dots(figure, [1, 2], [4.0, 5.0], "In", "centre", low=[3.0, 4.0], high=[5.0, 6.0])
    charts.dots(figure, [3], [900.0], "Out", "mute", outside=True)
    low, high = placed(charts.spec_of(figure))["layout"]["yaxis"]["range"]
    assert 2 < low < 3 < 6 < high < 7


def test_an_axis_of_bars_begins_at_zero():
    figure = charts.canvas()
    charts.bars(figure, [1, 2], [3.0, 5.0], "Bars", "count")
    assert extent(charts.spec_of(figure))[0] == 0


@pytest.mark.parametrize(("last", "named"), [(2005, 1), (2018, None)])
def test_a_few_years_are_named_each(last, named):
    figure = charts.canvas(time="Y")
    charts.line(figure, [2002, last], [1.0, 2.0], "Level", "centre", named=False)
    assert placed(charts.spec_of(figure))["layout"]["xaxis"].get("dtick") == named


def test_a_few_long_names_of_places_take_more_lines_than_one():
    figure = charts.canvas()
    charts.bars(figure, [0, 1], [1.0, 2.0], "Recipes", "count")
    charts.ticks(figure, [0, 1], ["Monday to Friday", "Saturday and Sunday"])
    assert placed(charts.spec_of(figure))["layout"]["xaxis"]["ticktext"] == [
        "Monday to\nFriday",
        "Saturday and\nSunday",
    ]
