"""The level of a measure, year by year."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mangetamain.finding import Alike
from mangetamain.measures import MEASURES
from mangetamain.questions import level
from mangetamain.questions.courses import LevelFinding, TooFewPoints
from mangetamain.questions.level import draw, judge, sentence, table
from mangetamain.questions.level.published import PublishedLevel


def literal(centre, *, years=None, se=0.1, n=1000):
    years = np.array(years if years is not None else range(2000, 2000 + len(centre)), dtype=int)
    centre = np.array(centre, dtype=float)
    counts = np.full(len(years), n) if np.isscalar(n) else np.array(n)
    return {
        "year": years, "n": counts, "mean": centre, "sd": np.ones(len(years)), "median": centre - 1,
        "trimmed": centre, "centre": centre, "se": np.full(len(years), se), "low": centre - 5, "high": centre + 5,
        "partial": np.isin(years, [1999, 2018]), "thin": counts < 100,
    }  # fmt: skip


def test_a_year_is_described_by_hand(tiny):
    described = table(tiny, of="minutes", centre="mean")
    assert described["year"].tolist() == [2004, 2005, 2006]
    assert described["n"].tolist() == [2, 3, 3]
    assert described["mean"] == pytest.approx([30, 130 / 3, 245 / 3], abs=1e-6)
    assert described["median"].tolist() == [30, 30, 60]
    assert described["centre"] == pytest.approx(described["mean"])
    assert np.isnan(described["se"]).all()  # one cook posted everything: nobody can tell how far the next is
    # Nearest-rank quartiles of (10, 30, 90): positions 0.5 and 1.5, halves away from zero.
    assert (described["low"][1], described["high"][1]) == (30, 90)
    assert described["thin"].all()


@pytest.mark.parametrize("of", [name for name, measure in MEASURES.items() if measure.view == "recipes"])
def test_every_measure_equals_pandas_on_the_sample(sample, of):
    described = pd.DataFrame(table(sample, of=of, centre="median", band="10-90"))
    rows = sample.execute(f"SELECT year, {MEASURES[of].sql} AS value FROM recipes").df().dropna()
    by_year = rows.groupby("year")["value"]
    assert described["year"].tolist() == list(by_year.groups)
    assert described["n"].tolist() == by_year.size().tolist()
    for column, expected in (("mean", by_year.mean()), ("sd", by_year.std()), ("median", by_year.median())):
        np.testing.assert_allclose(described[column], expected, rtol=1e-9, atol=1e-6)
    for column, q in (("low", 0.1), ("high", 0.9)):
        expected = [np.sort(values)[int(np.floor(q * (len(values) - 1) + 0.5))] for _, values in by_year]
        np.testing.assert_allclose(described[column], expected, atol=1e-6)


def test_the_trimmed_mean_is_scipys(sample):
    from scipy import stats

    described = table(sample, of="calories")
    rows = sample.execute("SELECT calories FROM recipes WHERE year = 2005 AND calories IS NOT NULL").fetchnumpy()
    expected = stats.trim_mean(rows["calories"], 0.1)
    assert described["trimmed"][described["year"] == 2005] == pytest.approx(expected, rel=1e-9)


def test_a_steady_fall_is_clear_and_per_decade():
    found = judge(literal(50 - 0.5 * np.arange(15)))
    assert isinstance(found, LevelFinding)
    assert found.change.value == pytest.approx(-5, abs=0.2)
    assert found.verdict == "clear"
    said = sentence(found).render("en")
    assert said.startswith("The preparation time fell by 5.0 minutes per decade between 2000 and 2014")


@pytest.mark.parametrize(
    ("slope", "noise", "verdict", "words"),
    [
        (0.16, 0.35, "real", "rose by"),
        (0.0, 0.02, "negligible", "hardly moved"),
        (0.1, 3.0, "undecided", "do not settle"),
    ],
)
def test_each_verdict_has_its_sentence(slope, noise, verdict, words):
    wobble = noise * np.array([1, -1, 0.5, -0.5, 1, -1, 0.3, -0.3, 0.8, -0.8])
    years = np.arange(10)
    found = judge(literal(40 + slope * years + wobble, se=noise))
    assert found.verdict == verdict
    assert words in sentence(found).render("en")


@pytest.mark.parametrize(
    ("of", "centre", "subject"),
    [
        ("sugar", "usual", "The sugar content "),
        ("sugar", "trimmed", "The sugar content "),
        ("sugar", "median", "The sugar content (median) "),
        ("sugar", "mean", "The sugar content (mean) "),
        ("rating", "mean", "The rating "),
        ("rating", "trimmed", "The rating (mean of the middle 80%) "),
        ("five", "median", "The share of five-star ratings "),
    ],
)
def test_another_centre_than_the_measure_s_own_is_named(of, centre, subject):
    said = sentence(judge(literal(np.arange(16.0)), of=of), of=of, centre=centre).render("en")
    assert said.startswith(subject + "rose")


def test_partial_and_thin_years_leave_the_fit_unless_told():
    rows = literal([90, 50, 49, 48, 47, 46, 90], years=[1999, 2000, 2001, 2002, 2003, 2004, 2005], n=[500] * 6 + [20])
    assert judge(rows).left_out == 2
    assert judge(rows, fit_all=True).left_out == 0
    found = judge(rows)  # over the four years between them, for these are too few to speak of a decade
    assert (found.main.over, found.change.value) == (4, pytest.approx(-4, abs=0.2))
    assert "by 4.0 minutes in all between 2000 and 2004" in sentence(found).render("en")


def test_years_of_unknown_error_are_no_points_of_a_fit():
    rows = literal(50 - 0.5 * np.arange(15))
    assert judge(rows | {"se": np.where(np.arange(15) == 3, np.nan, 0.1)}).left_out == 1
    assert isinstance(judge(rows | {"se": np.full(15, np.nan)}, fit_all=True), TooFewPoints)


def test_three_years_are_no_trend():
    found = judge(literal([50, 40, 30]))
    assert isinstance(found, TooFewPoints)
    assert found.verdict == "undecided"
    assert "at least 4 whole years of 100 values or more; here there are 3." in sentence(found).render("en")


@pytest.mark.parametrize("by", ["year", "month"])
def test_values_that_are_all_alike_are_said_to_be(sample, by):
    found = level(sample, among="minutes=30", by=by).sentence()
    ((n,),) = sample.execute("SELECT count(*) FROM recipes WHERE minutes = 30").fetchall()
    assert found == f"Among the recipes “minutes=30”, the preparation time: all {n:,} values are alike, 30 minutes."


def test_a_centre_that_most_values_share_is_said_to_stand_still(sample):
    """Nine in ten are of 30 minutes: no yearly mean of the middle 80 % has an error, and a line is no news."""
    found = level(sample, among="minutes 30-33")
    ((n,),) = sample.execute("SELECT count(*) FROM recipes WHERE minutes BETWEEN 30 AND 33").fetchall()
    assert found.finding == Alike(n=n, value=30.0, every=False)
    assert found.sentence().endswith(
        f"the preparation time is 30 minutes throughout: most of the {n:,} values are alike."
    )
    assert found.headline() == "Among “minutes 30-33”, the preparation time stays at 30 minutes."
    # Months of which some vary lend their error to the others, which would seem to be known exactly.
    change = level(sample, among="minutes 30-33", by="month").finding.change
    assert change.high - change.low > 0.001


def test_the_published_median_regression_is_reproduced():
    counts = [1121, 689, 3974, 17523, 15625, 14381, 20909, 23667, 29790, 26763]
    counts += [19597, 10308, 6549, 4361, 3181, 853, 241, 172, 228, 134]
    medians = [40, 40, 35, 35, 40, 35, 35, 35, 35, 35, 35, 35, 32, 35, 33, 35, 35, 30, 40, 42]
    rows = literal(np.array(medians) + 1.0, years=range(1999, 2019), n=counts)
    found = judge(rows, method="published")
    assert isinstance(found, PublishedLevel)
    assert found.median.slope == pytest.approx(-0.2571, abs=5e-5)
    assert found.median.r2 == pytest.approx(0.228, abs=5e-4)
    assert found.median.p == pytest.approx(0.03334, abs=5e-6)
    assert found.median.intercept == pytest.approx(551.193, abs=5e-3)


def test_the_published_regressions_equal_statsmodels_on_the_sample(sample):
    import statsmodels.api as sm

    answer = level(sample, of="calories", method="published")
    rows = sample.execute("SELECT year, calories FROM recipes").df().groupby("year")["calories"]
    fit = sm.WLS(rows.mean(), sm.add_constant(list(rows.groups)), weights=rows.count()).fit()
    mean = answer.finding.mean
    assert (mean.slope, mean.intercept) == pytest.approx((fit.params.iloc[1], fit.params.iloc[0]), rel=1e-6)
    assert (mean.r2, mean.p) == pytest.approx((fit.rsquared, fit.pvalues.iloc[1]), rel=1e-6)


def test_the_figure_shows_band_centre_outsiders_and_line():
    rows = literal([90, 50, 49, 48, 47, 46], years=range(1999, 2005))
    figure = draw(rows, judge(rows))
    names = [trace.name for trace in figure.data if trace.name]
    assert names == ["Middle of recipes", "Centre", "In the trend", "Left out of the trend", "Trend", "Trend"]
    middle, centre = (next(trace for trace in figure.data if trace.name == name) for name in names[:2])
    assert list(middle.x) == list(centre.x) == [2000, 2001, 2002, 2003, 2004]
    line = figure.data[-1]
    assert list(line.x) == [2000, 2004]
    assert line.y[1] - line.y[0] == pytest.approx(-4, abs=0.2)
    assert figure.layout.yaxis.title.text == "Preparation time (minutes)"


@pytest.mark.parametrize(
    ("of", "centre", "ends"), [("unrated", 0.5, (0, 100)), ("five", 99.5, (0, 100)), ("rating", 4.9, (1, 5))]
)
def test_no_interval_reaches_beyond_what_a_measure_can_be(of, centre, ends):
    rows = literal([centre] * 6) | {"se": np.full(6, 1.0)}
    points = next(trace for trace in draw(rows, judge(rows, of=of), of=of).data if trace.name == "In the trend")
    assert (points.y - points.error_y.arrayminus).min() >= ends[0]
    assert (points.y + points.error_y.array).max() <= ends[1]


def test_nothing_to_draw_still_has_its_axes():
    rows = literal([])
    found = judge(rows, of="sugar")
    assert draw(rows, found, of="sugar").layout.yaxis.title.text == "Sugar (% of daily value)"
    assert sentence(found, of="sugar").render("en") == "There is no recipe in this selection."


def test_years_without_recipes_give_an_answer_all_the_same(tiny):
    assert level(tiny, years=(2010, 2012)).finding.points == 0


def test_years_that_bend_say_what_recipes_counted_equally_would():
    found = judge(literal(50 - 0.5 * np.arange(15)))
    assert found.by_size == pytest.approx(-5, abs=0.2)
    said = sentence(replace(found, by_size=-9.0)).render("en")
    assert said.startswith("The preparation time fell by 5.0 minutes per decade")
    assert said.endswith("where each counts by its recipes, the change is −9.0 minutes per decade.")


def test_years_on_one_line_say_nothing_of_bends():
    assert "one line" not in sentence(judge(literal(50 - 0.5 * np.arange(15)))).render("en")
