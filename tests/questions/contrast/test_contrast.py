"""A measure by season, weekday, month of the year, weekend."""

import numpy as np
import pandas as pd
import pytest

from mangetamain import stats
from mangetamain.calendars import CALENDARS
from mangetamain.errors import BadInput
from mangetamain.finding import Alike
from mangetamain.questions.aggregates.stars import COUNTS, VALUES
from mangetamain.questions.contrast import Contrast, TooFewGroups, contrast, judge, sentence, table
from mangetamain.questions.contrast.published import PublishedContrast
from tests.questions.ratings import answer, connection, frame, random_reviews, real_reviews


@pytest.fixture(scope="module")
def hand():
    return connection(frame())


@pytest.fixture(scope="module")
def random():
    reviews = random_reviews()
    return reviews.dropna(subset="rating").astype({"rating": float}).reset_index(drop=True), connection(reviews)


def test_the_table_is_exact_on_ten_rows(hand):
    found = table(hand)
    assert found["season"].tolist() == ["winter", "spring", "summer"]
    assert found["n"].tolist() == [4, 1, 2]
    assert [found[name].tolist() for name in COUNTS] == [[0, 1, 0], [0, 0, 1], [1, 0, 0], [1, 0, 0], [2, 0, 1]]
    assert found["mean"].tolist() == [4.25, 1, 3.5]
    assert found["median"].tolist() == [4.5, 1, 3.5]
    assert np.isnan(found["gap"]).all()
    assert found["sd"][0] == pytest.approx(np.std([5, 4, 5, 3], ddof=1))
    days = table(hand, by="weekday", years=(2005, 2005))
    assert (days["weekday"].tolist(), days["one"].tolist(), days["five"].tolist()) == ([6, 7], [0, 0], [1, 0])
    assert table(hand, by="month_of_year", source="train")["month_of_year"].tolist() == [1, 3]


def months_of(rated):
    """Each month's mean, its error from the deviation that all share, its number from the first, and its season."""
    by_month = rated.groupby(["year", "month"])["rating"]
    n, mean = by_month.size(), by_month.mean()
    within = (by_month.var().fillna(0) * (n - 1)).sum() / (n - 1).sum()
    number = np.array([12 * year + month - 1 for year, month in n.index])
    return number, mean.to_numpy(), np.sqrt(within / n).to_numpy(), n.to_numpy()


def test_seasons_are_compared_among_months(random):
    rated, con = random
    found = table(con, by="season")
    number, mean, error, n = months_of(rated)
    kept = n > 1
    season = np.array([0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0])[number % 12]
    means = stats.calendar_means(number[kept], season[kept], mean[kept], error[kept], groups=4)
    assert found["level"] == pytest.approx(means.mean)
    assert found["low"] == pytest.approx([estimate.low for estimate in means.estimates()])
    widest = stats.pairwise(means)[0]
    top = found["gap"].argmax()
    assert (found["gap"][top], found["gap_low"][top], found["gap_high"][top]) == pytest.approx(
        (widest.difference.value, widest.difference.low, widest.difference.high)
    )
    assert found["gap"].min() == 0


def test_weekdays_are_compared_within_months(random):
    rated, con = random
    found = table(con, by="weekday")
    cells = rated.groupby(["year", "month", "weekday"])["rating"].agg(["size", "mean", "var"])
    whole = cells[cells["size"] > 1].unstack().dropna()
    assert len(whole) > 24
    gap = whole["mean"].mean().max() - whole["mean"].mean().min()
    assert found["gap"].max() == pytest.approx(gap, abs=0.05)
    assert np.isfinite(found["gap_low"]).all()


def test_a_planted_better_summer_is_found(random):
    rated, con = random
    found = answer(contrast, con).finding
    assert isinstance(found, Contrast)
    assert (found.highest, found.verdict, found.pairs, found.left_out) == ("summer", "clear", 6, ())
    raw = rated.groupby("season")["rating"].mean()
    assert found.gap.low < raw["summer"] - raw["winter"] < found.gap.high
    assert found.p < 1e-4
    assert isinstance(found.highest_apart, bool)


@pytest.mark.slow
def test_weekdays_that_do_not_matter_seem_to_no_oftener_than_stated():
    wrong = []
    for seed in range(10):
        con = connection(random_reviews(5_000, seed=seed))
        for deal in range(30):  # the days of the week dealt out anew, which costs a hundredth of other reviews
            con.execute("UPDATE reviews SET weekday = 1 + md5_number_lower(date || ?) % 7", [str(deal)])
            wrong.append(judge(table(con, by="weekday"), by="weekday").gap.excludes_zero)
    # 5 % is stated; with 300 tries, chance alone goes up to 7.6 %.
    assert np.mean(wrong) <= 0.076


@pytest.mark.parametrize("by", ["season", "month_of_year", "weekday"])
@pytest.mark.parametrize("origin", ["random", "real"])
def test_the_published_tests_equal_scipy(by, origin, random, request):
    from scipy import stats as scipy_stats

    if origin == "random":
        rated, con = random
    else:
        reviews = real_reviews(request.getfixturevalue("shared_data"))
        rated, con = reviews.dropna(subset="rating").astype({"rating": float}), connection(reviews)
    found = answer(contrast, con, by=by, method="published").finding
    assert isinstance(found, PublishedContrast)
    group = rated[CALENDARS[by].sql]
    values = [value for value in CALENDARS[by].values if (group == value).any()]
    groups = [rated.loc[group == value, "rating"] for value in values]
    assert (found.f, found.f_p) == pytest.approx(scipy_stats.f_oneway(*groups), rel=1e-6)
    assert (found.h, found.h_p) == pytest.approx(scipy_stats.kruskal(*groups), rel=1e-6)
    means = np.array([group.mean() for group in groups])
    between = sum(len(group) * (group.mean() - rated["rating"].mean()) ** 2 for group in groups)
    assert found.eta2 == pytest.approx(between / ((rated["rating"] - rated["rating"].mean()) ** 2).sum())
    assert found.range == pytest.approx(np.ptp(means))
    sizes = np.array([len(group) for group in groups])
    assert (found.variation, found.max_min) == pytest.approx((sizes.std() / sizes.mean(), sizes.max() / sizes.min()))
    for ours, value, group in zip(found.groups, values, groups, strict=True):
        assert (ours.group, ours.n, ours.median) == (str(value), len(group), group.median())
        assert (ours.mean, ours.sd) == pytest.approx((group.mean(), group.std()))
        assert (ours.five, ours.low) == pytest.approx((100 * (group == 5).mean(), 100 * (group <= 2).mean()))
    assert (found.split is not None) == (by == "weekday")


def test_the_weekend_split_equals_scipy(random):
    from scipy import stats as scipy_stats

    rated, con = random
    split = answer(contrast, con, by="weekday", method="published").finding.split
    ends, days = (rated.loc[(rated["weekday"] >= 6) == side, "rating"] for side in (True, False))
    assert (split.u, split.p) == pytest.approx(scipy_stats.mannwhitneyu(ends, days))
    assert (split.weekday.n, split.weekend.n) == (len(days), len(ends))
    assert split.difference == pytest.approx(ends.mean() - days.mean())
    assert split.d == pytest.approx(split.difference / np.sqrt((ends.var() + days.var()) / 2))


def literal(mean, *, by="season", n=1000, sd=0.7, se=0.01):
    values, k = np.array(CALENDARS[by].values)[: len(mean)], len(mean)
    counts = np.broadcast_to(n, k).astype(int)
    mean = np.array(mean, float)
    five = {name: counts - 1 if name == "five" else np.full(k, name == "four", int) for name in COUNTS}
    known = np.where(counts >= 100, 1.0, np.nan)
    gap, half = (mean - np.nanmin(mean * known)) * known, 1.96 * se * np.sqrt(2)
    return {
        by: values, "n": counts, **five, "mean": mean, "sd": np.broadcast_to(sd, k).astype(float),
        "median": np.full(k, 5.0), "level": mean * known, "low": (mean - 1.96 * se) * known,
        "high": (mean + 1.96 * se) * known, "gap": gap, "gap_low": gap - half, "gap_high": gap + half,
        "under_low": np.nanmax(mean * known) - mean * known - half,
        "p": np.full(k, 0.01), "ranks": counts * (counts.sum() + 1) / 2, "ties": np.zeros(k),
        "lower_quartile": np.full(k, 4.0), "upper_quartile": np.full(k, 5.0),
    }  # fmt: skip


def test_the_published_f_comes_out_of_the_published_means():
    rows = literal(
        [4.647926, 4.66835, 4.676255, 4.654258],
        n=[281080, 266609, 262824, 261007],
        sd=[0.747944, 0.707203, 0.7042, 0.730149],
    )
    found = judge(rows, method="published")
    assert found.f == pytest.approx(86.225, abs=0.01)
    assert found.eta2 == pytest.approx(0.00024, abs=5e-6)
    assert (found.range, found.variation) == pytest.approx((0.0283, 0.0294), abs=5e-5)
    assert found.max_min == pytest.approx(1.077, abs=5e-4)


@pytest.mark.parametrize(
    ("means", "se", "verdict", "words"),
    [
        ([4.5, 4.6, 4.8, 4.6], 0.01, "clear", "goes from 4.500 (winter) to 4.800 (summer): a gap of 0.300 stars"),
        ([4.66, 4.67, 4.70, 4.68], 0.01, "real", "a real gap of 0.040 stars"),
        ([4.66, 4.67, 4.67, 4.66], 0.005, "negligible", "hardly differs: from 4.660 (winter)"),
        ([4.66, 4.67, 4.70, 4.68], 0.02, "undecided", "the data do not settle whether that gap of 0.040 stars"),
    ],
)
def test_each_verdict_has_its_sentence(means, se, verdict, words):
    found = judge(literal(means, se=se))
    assert found.verdict == verdict
    assert words in sentence(found).render("en")


def test_levels_are_percentages_where_they_are_and_a_limit_has_no_more_decimals_than_it_has():
    found = judge(literal([75.3, 76.0, 77.2, 76.1], se=0.1), of="five")
    text = sentence(found, of="five").render("en")
    assert "goes from 75.3% (winter) to 77.2% (summer): a real gap of 1.9 percentage points" in text
    assert text.endswith("whether that reaches the 2 percentage points that would matter is open.")
    assert "de 75,3\u202f% (hiver)" in sentence(found, of="five").render("fr")


def test_a_group_of_few_ratings_is_left_out():
    found = judge(literal([4.5, 4.6, 1.0, 4.6], n=[1000, 1000, 99, 1000]))
    assert (found.left_out, found.lowest, found.pairs) == (("summer",), "winter", 3)


def test_too_few_groups_are_not_compared(hand):
    found = answer(contrast, hand)
    few = "The rating: nothing to compare; that takes two groups of"
    assert found.finding == TooFewGroups(n=7, least=100, verdict="undecided")
    assert found.sentence() == f"{few} 100 or more, 24 months of 2 values or more, and values that differ."
    published = judge(literal([4.0, 5.0], n=[1000, 1]), method="published")
    assert published == TooFewGroups(n=1001, least=2)
    assert sentence(published).render("en") == f"{few} 2 or more, and values that differ."


@pytest.mark.parametrize(("lone", "compared"), [(2, True), (1, False)])
def test_days_are_compared_in_months_that_hold_two_of_each_group(lone, compared):
    """Of 24 months all hold five ratings of a weekend and five of other days but the last, of whose weekend are few."""
    months = pd.date_range("2004-01-01", periods=24, freq="MS")
    days = [
        str((day + pd.offsets.Week(weekday=weekday)).date())
        for day in months
        for weekday, many in ((5, lone if day == months[-1] else 5), (2, 5))
        for _ in range(many)
    ]
    reviews = frame([("full", i, i, day, 4 + i % 3 % 2) for i, day in enumerate(days)])
    found = answer(contrast, connection(reviews), by="weekend")
    assert isinstance(found.finding, Contrast) == compared
    if not compared:
        said = (
            "two groups of 100 or more, 24 months in which each of these has 2 values or more, and values that differ."
        )
        assert found.sentence().endswith(said)
        assert "24 mois où chacun d’eux a au moins 2 valeurs" in found.sentence("fr")


@pytest.mark.parametrize("method", ["robust", "published"])
def test_values_that_are_all_alike_are_said_to_be(method):
    found = judge(literal([5.0] * 4, sd=0.0, se=0.0), method=method)
    assert found == Alike(n=4000, value=5.0)
    assert sentence(found).render("en") == "The rating: all 4,000 values are alike, 5 stars."
    assert sentence(found, of="sugar").render("fr").endswith("valeurs sont toutes égales, 5,0\u202f%.")
    assert isinstance(judge(literal([5.0, 5.0, 5.0, 4.0], sd=0.0)), Contrast)


@pytest.mark.parametrize("by", CALENDARS)
@pytest.mark.parametrize("method", ["robust", "published"])
def test_no_rating_is_an_answer_too(hand, by, method):
    found = answer(contrast, hand, by=by, years="2010-2012", method=method)
    assert (found.finding.n, found.sentence()) == (0, "There is no rating in this selection.")
    assert found.spec["data"] == []
    assert found.figure_spec("en")["layout"]["annotations"][0]["text"] == "There is nothing to draw."
    assert found.columns[by].size == 0


def test_an_unknown_calendar_is_refused(hand):
    with pytest.raises(BadInput, match="weekday"):
        answer(contrast, hand, by="week day")


def test_every_measure_and_calendar_answers(random):
    for by in CALENDARS:
        for of in VALUES:
            assert answer(contrast, random[1], by=by, of=of).verdict


def test_weekdays_alone_have_no_weekend_to_be_set_against():
    days = ["2004-01-05", "2004-01-06", "2004-01-12", "2004-01-13"]
    reviews = frame([("full", i, i % 2, day, 4 + i % 2) for i, day in enumerate(days)])
    found = answer(contrast, connection(reviews), by="weekday", method="published").finding
    assert isinstance(found, TooFewGroups)
    reviews = frame([("full", i, i % 2, day, 3 + i // 2) for i, day in enumerate(days)])
    found = answer(contrast, connection(reviews), by="weekday", method="published").finding
    assert (found.range, found.split) == (0, None)


def test_of_groups_that_tie_the_highest_is_not_the_lowest_itself():
    """What is no way above itself has no interval."""
    rows = literal([4.5, 4.5], by="weekend")
    rows |= {"gap_low": np.array([0.0, -0.02]), "gap_high": np.array([0.0, 0.02]), "under_low": np.array([-0.02, 0.0])}
    found = judge(rows, by="weekend")
    assert (found.lowest, found.highest) == ("weekdays", "weekend")
    assert (found.gap.low, found.gap.high) == (-0.02, 0.02)
