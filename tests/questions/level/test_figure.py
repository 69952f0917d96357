"""What a figure of a level says by itself: when it bends, how far its line may be off, and what would matter."""

import numpy as np
import pytest

from mangetamain.questions.level import draw, judge
from tests.questions.level.test_level import literal

TURN = np.r_[np.arange(10.0), np.arange(9.0, 0, -1)]


def wavering(centre):
    """Years that differ by a little more than chance, so that a line has a width."""
    return literal(centre + np.resize([0.3, -0.3, 0.1], len(centre)))


def test_a_bend_is_marked_and_dated():
    rows = literal(40 + TURN)
    figure = draw(rows, judge(rows))
    knot, [date] = figure.data[-1], figure.layout.meta["dates"]
    assert (list(knot.x), date["at"], str(date["text"].message)) == ([2009], 2009, "2009")
    assert knot.y[0] == pytest.approx(49, abs=0.5)
    assert not [trace for trace in figure.data if trace.fill and trace.meta["role"] == "trend"]


def test_a_line_has_a_band_of_its_slopes_interval():
    rows = wavering(40 + 0.5 * np.arange(16))
    found = judge(rows)
    low, high, line = (trace for trace in draw(rows, found).data if trace.meta["role"] == "trend")
    half = (high.y - low.y) / 2
    assert (low.y + high.y) / 2 == pytest.approx(np.linspace(*line.y, 16))
    assert half.argmin() in (7, 8)  # it turns about the middle of its points
    assert half[0] > 1.5 * half.min() > 0
    # Far from the middle, its ends run apart as fast as the ends of the slope's interval.
    steepest = (found.change.high - found.change.low) / 2 / 10
    assert half[-1] ** 2 - half.min() ** 2 == pytest.approx((7.5 * steepest) ** 2, rel=0.02)


def test_what_would_matter_is_measured_beside_it():
    rows = wavering(40 + 0.5 * np.arange(16))
    stick = draw(rows, judge(rows)).layout.meta["yardstick"]
    assert (stick["size"], str(stick["text"].message)) == (2.0, "What would matter: 2 minutes per decade")


def test_pale_years_are_named_and_no_other_points():
    rows = literal([90, 50, 49, 48, 47, 46], years=range(1999, 2005))
    named = {str(trace.name): trace.meta["role"] for trace in draw(rows, judge(rows)).data if "end" in trace.meta}
    assert named == {
        "Middle of recipes": "centre", "Centre": "centre", "Left out of the trend": "mute", "Trend": "trend",
    }  # fmt: skip
