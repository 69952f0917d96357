"""Points, traces and axes of two runs' figures."""

import math

import pytest

from tests.reports.diff.records import answer, both, packed, record


def with_traces(*changes):
    """A record whose traces differ: one mapping for each trace."""
    figure = answer()["figure"]
    figure["data"] = [trace | change for trace, change in zip(figure["data"], changes, strict=True)]
    return record(answer(figure=figure))


def test_a_figures_point():
    comparison, text = both(with_traces({"y": packed([40.0, 45.0, math.nan])}, {}))
    (trace,) = comparison.panels[0].figure.traces
    assert (trace.trace.name, trace.added, trace.gone, trace.changed) == ("Centre", 0, 0, 1)
    assert comparison.noticed
    assert "points that changed: 1 (Centre) · Centre, 2005 41.0 → 45.0" in text


def test_a_figures_points_come_and_go_and_its_intervals_change():
    comparison, _ = both(
        with_traces({"x": [2005, 2006, 2007], "y": [41.0, None, 1.0]}, {"error_y": {"array": [1, 2, 1]}})
    )
    assert [(one.added, one.gone, one.changed) for one in comparison.panels[0].figure.traces] == [(1, 1, 0), (0, 0, 1)]


def test_a_figure_is_not_its_json():
    plain = {"x": [2004.0, 2005.0, 2006.0], "y": [40.0000001, 41.0, None], "line": {"width": 9}}
    assert not both(with_traces(plain, {"marker": {"size": 3}, "hoverinfo": "skip"}))[0].noticed


def test_points_without_a_place_of_their_own_go_by_all_that_they_are():
    cloud = {"x": [1, 1, 2], "y": [5.0, 6.0, 7.0]}
    moved = {"x": [2, 1, 1], "y": [7.0, 6.0, 5.5]}
    (trace,) = both(with_traces({}, moved), with_traces({}, cloud))[0].panels[0].figure.traces
    assert (trace.added, trace.gone, trace.changed) == (1, 1, 0)
    assert not both(with_traces({}, {"x": [2, 1, 1], "y": [7.0, 6.0, 5.0]}), with_traces({}, cloud))[0].noticed


def test_lying_bars_are_named_by_their_names():
    bars = {"type": "bar", "orientation": "h", "x": packed([3.0, 2.0]), "y": ["salt", "egg"], "error_y": None}
    longer = bars | {"x": packed([2.0, 3.0]), "y": ["egg", "milk"]}
    (trace,) = both(with_traces({}, longer), with_traces({}, bars))[0].panels[0].figure.traces
    assert (trace.added, trace.gone, trace.changed) == (1, 1, 0)


def test_a_trace_is_renamed_added_or_gone():
    comparison, text = both(with_traces({"name": "Middle"}, {}))
    (renamed,) = comparison.panels[0].figure.traces
    assert (renamed.was, renamed.trace.name) == ("Centre", "Middle")
    assert comparison.noticed
    assert "Centre → Middle" in text
    comparison, text = both(with_traces({"name": "Middle", "y": [1.0, 2.0, 3.0]}, {}))
    figure = comparison.panels[0].figure
    assert [trace.name for trace in (*figure.added, *figure.gone)] == ["Middle", "Centre"]
    assert "came: Middle · went: Centre" in text
    assert both(with_traces({"meta": {"role": "mute"}}, {}))[0].noticed
    assert both(with_traces({"mode": "markers"}, {}))[0].noticed


@pytest.mark.parametrize(
    ("axis", "told"),
    [
        ({"title": {"text": "Year of posting"}}, "Horizontal axis Year → Year of posting"),
        ({"title": {"text": "Year"}, "ticktext": ["a"]}, "Names on the horizontal axis (came: a)"),
    ],
)
def test_an_axis(axis, told):
    figure = answer()["figure"]
    figure["layout"]["xaxis"] = axis
    comparison, text = both(record(answer(figure=figure)))
    assert comparison.noticed
    assert told in text
