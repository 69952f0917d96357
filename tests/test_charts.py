"""Lines and bands through time: where a year is missing, nothing is drawn."""

import numpy as np
import pytest

from mangetamain import charts

YEARS = np.array([2001, 2002, 2004, 2006, 2007])


def test_a_line_without_gaps_is_drawn_as_it_is():
    figure = charts.canvas()
    charts.yearly(figure, np.array([2001, 2002, 2003]), np.array([1.0, 2.0, 3.0]), "Level", "centre", dash="dash")
    [trace] = figure.data
    assert (list(trace.x), list(trace.y), trace.line.dash) == ([2001, 2002, 2003], [1, 2, 3], "dash")


def test_a_line_stops_at_each_missing_year():
    figure = charts.canvas()
    charts.yearly(figure, YEARS, np.array([1, 2, 4, 6, 7]), "Level", "centre")
    [line] = figure.data
    assert list(line.x) == [2001, 2002, 2003, 2004, 2005, 2006, 2007]
    np.testing.assert_array_equal(line.y, [1, 2, np.nan, 4, np.nan, 6, 7])


def test_a_band_is_a_pair_of_curves_for_each_part_and_is_named_once():
    figure = charts.canvas()
    charts.band(figure, YEARS, YEARS - 2000.0, YEARS - 1990.0, "Band")
    drawn = [(list(trace.x), list(trace.y), trace.fill, trace.meta.get("end")) for trace in figure.data]
    assert drawn == [
        ([2001, 2002], [1, 2], None, None),
        ([2001, 2002], [11, 12], "tonexty", None),
        ([2004, 2004], [4, 14], None, None),
        ([2006, 2007], [6, 7], None, None),
        ([2006, 2007], [16, 17], "tonexty", 14.5),
    ]


def test_a_band_of_dates_stops_where_their_places_skip_one():
    figure = charts.canvas()
    months, one = np.array(["2004-01-01", "2004-02-01", "2004-05-01", "2004-06-01"]), np.ones(4)
    charts.band(figure, months, one, 2 * one, "Band", place=np.array([0, 1, 4, 5]))
    assert [list(trace.x) for trace in figure.data[::2]] == [list(months[:2]), list(months[2:])]
    whole = charts.canvas()
    charts.band(whole, months, one, 2 * one, "Band", place=np.arange(4))
    assert [list(trace.x) for trace in whole.data] == [list(months)] * 2


@pytest.mark.parametrize("years", [[], [2004]])
def test_nothing_and_one_year_can_be_drawn(years):
    figure, year = charts.canvas(), np.array(years, dtype=int)
    charts.yearly(figure, year, year.astype(float), "Level", "centre")
    charts.band(figure, year, year, year, "Band")
    assert len(figure.data) == (2 if years else 1)
