"""How a contrast is drawn: each group's level, and the smallest gap that matters beside them."""

import numpy as np
import pytest

from mangetamain.questions.contrast import TooFewGroups, draw, judge
from tests.questions.contrast.test_contrast import literal


def test_the_figure_gives_each_season_its_colour():
    figure = draw(rows := literal([4.5, 4.6, 4.8, 4.6]), judge(rows))
    dots = figure.data[2:]
    assert [trace.name for trace in dots] == ["Winter", "Spring", "Summer", "Autumn"]
    assert [trace.meta["role"] for trace in dots] == ["winter", "spring", "summer", "autumn"]
    assert not any("end" in trace.meta for trace in dots)  # the axis names them
    assert (list(dots[2].x), list(dots[2].y)) == ([2], [4.8])
    assert dots[2].error_y.array[0] == pytest.approx(0.0196)
    assert list(figure.layout.xaxis.ticktext) == ["Winter", "Spring", "Summer", "Autumn"]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == (
        "Season",
        "Rating (stars, 1 to 5)",
    )


@pytest.mark.parametrize("levels", [[4.5, 4.6, 4.8, 4.6], [4.50, 4.51, 4.52, 4.51]])
def test_a_gap_is_drawn_beside_the_smallest_that_matters(levels):
    bottom, top = draw(rows := literal(levels), judge(rows)).data[:2]
    assert (top.name, top.meta["role"], top.fill) == ("Too little to matter", "mute", "tonexty")
    assert list(bottom.y) == [4.5, 4.5]
    assert list(top.y) == pytest.approx([4.55, 4.55])  # the smallest gap of ratings that matters is 0.05
    assert (list(top.x), max(levels) < 4.55) == ([-0.5, 3.5], judge(rows).verdict == "negligible")


def test_where_nothing_is_compared_the_smallest_gap_stands_beside():
    rows = literal([4.5, 4.6, 4.8, 4.6])
    figure = draw(rows, TooFewGroups(n=4, least=100, verdict="undecided"))
    assert str(figure.layout.meta["yardstick"]["text"].message) == "What would matter: 0.05 stars"
    assert draw(rows, judge(rows)).layout.meta is None  # there the band says it


def test_the_figure_of_weekdays_has_one_meaning_and_seven_places():
    rows = literal(np.linspace(20, 26, 7), by="weekday")
    part = {name: column[1:] for name, column in rows.items()}
    figure = draw(part, judge(rows, by="weekday", of="five"), by="weekday", of="five")
    (dots,) = (trace for trace in figure.data if trace.mode == "markers")
    assert list(dots.x) == [1, 2, 3, 4, 5, 6]
    assert figure.layout.xaxis.ticktext[6] == "Sunday"
    assert figure.layout.yaxis.title.text == "Share of 5 stars (% of ratings)"
