"""The published tests of measures of recipes, by pandas and scipy from the raw rows."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats as scipy_stats

from mangetamain.calendars import CALENDARS
from mangetamain.measures import MEASURES
from mangetamain.questions import contrast
from mangetamain.questions.contrast.published import PublishedContrast
from mangetamain.warehouse import connect


def rows(home):
    """Recipes as they were read, of those that were kept, with a calendar of pandas's own."""
    frame = connect(home).execute("SELECT * FROM raw.RAW_recipes WHERE id IN (SELECT id FROM recipes)").df()
    day = pd.to_datetime(frame["submitted"]).dt
    seasons = np.array(["winter", "spring", "summer", "autumn"])[day.month % 12 // 3]
    frame = frame.assign(season=seasons, weekday=day.day_of_week + 1)
    frame["weekend"] = np.where(frame["weekday"] > 5, "weekend", "weekdays")
    frame["complexity"] = np.log1p(frame["minutes"]) + frame["n_steps"] + frame["n_ingredients"] / 2
    return frame


@pytest.fixture(scope="module", params=["small_home", "real_home"])
def raw(request):
    home = request.getfixturevalue(request.param)
    return rows(home), connect(home)


def nearest(values, share):
    ordered = np.sort(values)
    return ordered[int(np.floor(share * (len(ordered) - 1) + 0.5))]


@pytest.mark.parametrize("of", ["minutes", "complexity", "steps", "ingredients", "calories", "sugar", "sodium"])
@pytest.mark.parametrize("by", ["season", "weekday", "weekend"])
def test_the_published_tests_of_recipes_equal_scipy(raw, of, by):
    frame, con = raw
    found = contrast(con, of=of, by=by, method="published").finding
    assert isinstance(found, PublishedContrast)
    values = CALENDARS[by].values
    groups = [frame.loc[frame[by] == value, MEASURES[of].sql] for value in values]
    assert (found.h, found.h_p) == pytest.approx(scipy_stats.kruskal(*groups), rel=1e-6)
    assert (found.f, found.f_p) == pytest.approx(scipy_stats.f_oneway(*groups), rel=1e-6)
    if by == "weekend":
        assert (found.t, found.f_p) == pytest.approx(scipy_stats.ttest_ind(*groups), rel=1e-6)
    else:
        assert found.t is None
    for ours, value, group in zip(found.groups, values, groups, strict=True):
        assert (ours.group, ours.n) == (str(value), len(group))
        assert (ours.mean, ours.sd, ours.median) == pytest.approx((group.mean(), group.std(), group.median()))
        assert (ours.lower_quartile, ours.upper_quartile) == (nearest(group, 0.25), nearest(group, 0.75))
        assert ours.five is None


def test_a_group_of_one_value_is_in_no_test(tiny):
    """Of ten recipes, spring and summer hold one and two, winter three and autumn two: spring has nothing to test."""
    found = contrast(tiny, of="minutes", by="season", method="published").finding
    groups = [[20, 30, 10], [40, 5], [180, 60]]
    assert [group.group for group in found.groups] == ["winter", "summer", "autumn"]
    assert (found.h, found.h_p) == pytest.approx(scipy_stats.kruskal(*groups))
    assert (found.f, found.f_p) == pytest.approx(scipy_stats.f_oneway(*groups))


def test_both_sentences(small):
    season, weekend = (contrast(small, of="minutes", by=by, method="published") for by in ("season", "weekend"))
    assert "the published tests give F" in season.sentence("en")
    assert "the published tests give t" in weekend.sentence("en")
    assert "minutes apart" in weekend.sentence("en")


def test_the_published_t_has_the_sign_of_weekdays_above_the_weekend(raw):
    frame, con = raw
    means = frame.groupby("weekend")["minutes"].mean()
    found = contrast(con, of="minutes", by="weekend", method="published").finding
    assert np.sign(found.t) == np.sign(means["weekdays"] - means["weekend"])
