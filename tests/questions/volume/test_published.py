"""The published numbers by season and weekday, by pandas and scipy from the raw rows."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare

from mangetamain.calendars import CALENDARS
from mangetamain.questions import volume
from mangetamain.questions.volume import draw
from mangetamain.questions.volume.published import PublishedVolumes, published_volumes
from mangetamain.warehouse import connect
from tests.questions.contrast.test_published import rows

DAYS = {"season": [1] * 4, "weekday": [1] * 7, "weekend": [5, 2]}


@pytest.mark.parametrize("by", DAYS)
@pytest.mark.parametrize("home", ["small_home", "real_home"])
def test_numbers_and_their_test_equal_pandas_and_scipy(request, home, by):
    home = request.getfixturevalue(home)
    frame = rows(home)
    n = frame[by].value_counts().reindex(CALENDARS[by].values, fill_value=0).to_numpy()
    days = np.array(DAYS[by])
    found = volume(connect(home), by=by, method="published").finding
    assert isinstance(found, PublishedVolumes)
    assert (found.chi2, found.p) == pytest.approx(chisquare(n, n.sum() * days / days.sum()))
    assert [group.n for group in found.groups] == n.tolist()
    assert [group.each for group in found.groups] == pytest.approx(n / days)
    assert [group.deviation for group in found.groups] == pytest.approx(n / days / (n.sum() / days.sum()) - 1)
    assert found.sd == pytest.approx(np.std(n / days, ddof=1))
    span = pd.date_range(frame["submitted"].min(), frame["submitted"].max())
    if by == "weekend":
        exposed = [(span.day_of_week < 5).sum(), (span.day_of_week >= 5).sum()]
        assert [group.a_day for group in found.groups] == pytest.approx(n / exposed)


def literal(by, n):
    return {by: np.array(CALENDARS[by].values), "n": np.array(n), "mean": np.array(n) / 1000}


def test_the_published_tests_come_out_of_the_published_numbers():
    found = published_volumes(literal("season", [48_540, 54_343, 48_952, 48_231]), "season")
    assert (found.chi2, found.p) == (pytest.approx(504.2301, abs=1e-4), pytest.approx(5.78e-109, rel=1e-2))
    assert (found.sd, 100 * found.variation) == pytest.approx((2899, 5.8), abs=0.5)
    assert [round(100 * group.deviation, 1) for group in found.groups] == [-3.0, 8.7, -2.1, -3.6]
    week = published_volumes(literal("weekday", [41_481, 36_881, 32_383, 31_008, 25_609, 14_443, 18_261]), "weekday")
    assert (week.chi2, 100 * week.variation) == (pytest.approx(19_973.64, abs=0.01), pytest.approx(34.1, abs=0.05))
    assert [round(100 * group.deviation, 1) for group in week.groups] == [45.1, 29.0, 13.3, 8.5, -10.4, -49.5, -36.1]
    ends = published_volumes(literal("weekend", [167_362, 32_704]), "weekend")
    assert ends.chi2 == pytest.approx(14_650.57, abs=0.01)
    assert [group.each for group in ends.groups] == [33_472.4, 16_352]


def test_it_is_said_and_drawn(small):
    answer = volume(small, by="weekday", method="published")
    assert answer.sentence("en").startswith("The number of recipes posted: the published test gives χ² ")
    assert "Saturday −" in answer.sentence("en")
    (bars,) = draw(answer.columns, answer.finding, by="weekday").data
    assert list(bars.y) == answer.columns["n"].tolist()


def test_one_year_is_one_year(small):
    answer = volume(small, years="2005", method="published")
    assert " over 1 year is " in answer.sentence("en")
    assert " sur 1 an\u202f;" in answer.sentence("fr")


def test_one_group_alone_has_no_test():
    alone = {name: column[:1] for name, column in literal("season", [5, 0, 0, 0]).items()}
    found = published_volumes(alone, "season")
    assert (found.chi2, found.p, found.sd) == (0, 1, 0)
