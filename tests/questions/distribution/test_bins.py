"""The bars of a distribution say from where to where they go, and the median its value."""

import numpy as np
import pytest

from mangetamain import charts
from mangetamain.measures import MEASURES
from mangetamain.questions.distribution import Spread, draw
from mangetamain.questions.distribution.bars import bins

ROWS = {
    "value": np.array([0.0, 5.0, 10.0]), "upto": np.array([5.0, 10.0, 15.0]), "n": np.array([1, 2, 1]),
    "share": np.array([0.25, 0.5, 0.25]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("minutes", ["0 to 5 minutes", "5 to 10 minutes", "from 10 minutes"]),
        ("sugar", ["0 to 5%", "5 to 10%", "from 10%"]),
    ],
)
def test_the_last_bar_holds_all_that_comes_after(of, expected):
    assert [str(said.message) for said in bins(ROWS, MEASURES[of])] == expected


def test_the_median_is_written_where_it_stands():
    rest = dict.fromkeys(("lower_quartile", "upper_quartile", "tenth", "ninetieth", "minimum", "maximum"), 1.0)
    figure = draw(ROWS, Spread(n=4, mean=7.0, median=7.0, **rest), of="minutes")
    text = figure.data[-1]
    assert (list(text.x), list(text.y), str(text.text[0].message)) == ([7], [50], "Median: 7 minutes")
    spec = charts.translated(charts.spec_of(figure), "fr")
    assert spec["data"][0]["customdata"][0] == "0 à 5\u00a0minutes"
