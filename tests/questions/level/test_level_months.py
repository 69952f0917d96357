"""The level of a measure of reviews, month by month."""

import numpy as np
import pandas as pd
import pytest

from mangetamain.errors import BadInput
from mangetamain.finding import Alike, Estimate
from mangetamain.questions import level
from mangetamain.questions.aggregates.stars import VALUES
from mangetamain.questions.courses import LevelFinding, Step, Stretch, TooFewPoints
from mangetamain.questions.level import draw, judge, sentence
from mangetamain.questions.level import table as any_table
from mangetamain.questions.level.published import PublishedMonths, TooFewPublished
from tests.questions.ratings import answer, connection, frame, random_reviews, real_reviews


def table(con, **given):
    return any_table(con, **{"of": "rating", "by": "month", **given})


@pytest.fixture(scope="module")
def hand():
    return connection(frame())


def literal(mean, *, n=1000, sd=0.7, start="2002-01", gaps=()):
    months = np.datetime64(start, "M") + np.delete(np.arange(len(mean) + len(gaps)), list(gaps))
    counts = np.broadcast_to(n, len(mean)).astype(int)
    return {
        "month": months.astype("datetime64[D]"), "n": counts, "mean": np.array(mean, float),
        "centre": np.array(mean, float), "sd": np.full(len(mean), sd), "se": sd / np.sqrt(counts),
        "low": np.array(mean), "high": np.array(mean), "partial": np.zeros(len(mean), bool), "thin": counts < 100,
    }  # fmt: skip


def judge_months(rows, **given):
    return judge(rows, **{"of": "rating", **given})


def noise(size, scale=0.02):
    return np.random.default_rng(3).normal(0, scale, size)


def test_the_table_is_exact_on_ten_rows(hand):
    found = table(hand)
    assert found["month"].astype(str).tolist() == ["2004-01-01", "2004-03-01", "2004-12-01", "2005-07-01"]
    assert found["n"].tolist() == [3, 1, 1, 2]
    assert found["mean"] == pytest.approx([14 / 3, 1, 3, 3.5])
    np.testing.assert_allclose(found["sd"], [np.std([5, 4, 5], ddof=1), np.nan, np.nan, np.std([5, 2], ddof=1)])
    within = np.sqrt((np.var([5, 4, 5]) * 3 + np.var([5, 2]) * 2) / 3)  # of all months, with three degrees of freedom
    np.testing.assert_allclose(found["se"], within / np.sqrt(found["n"]))
    assert found["thin"].all()
    assert table(hand, of="five")["mean"] == pytest.approx([200 / 3, 0, 0, 50])
    assert table(hand, of="low", years=(2004, 2004))["mean"] == pytest.approx([0, 100, 0])
    assert table(hand, source="train")["n"].tolist() == [1, 1]


def test_a_slow_rise_is_clear_and_per_decade():
    found = judge_months(literal(4.4 + 0.001 * np.arange(120) + noise(120, 0.01)))
    assert isinstance(found, LevelFinding)
    assert found.verdict == "clear"
    assert found.change.value == pytest.approx(0.12, abs=0.02)
    assert found.corners[0] == pytest.approx(4.4, abs=0.01)
    assert (found.first, found.last, found.points, found.left_out) == ("2002-01", "2011-12", 120, 0)


def test_gaps_and_thin_months_keep_their_place_in_time():
    mean = 4.0 + 0.01 * np.delete(np.arange(60), [5, 6, 7])
    rows = literal(np.append(mean, 1.0), n=[1000] * 57 + [99], gaps=(5, 6, 7))
    found = judge_months(rows)
    assert found.change.value == pytest.approx(0.01 * 59, abs=1e-3)  # over all its five years
    assert found.main.over == pytest.approx(59 / 12)
    assert (found.last, found.left_out) == ("2006-12", 1)


def test_shifts_are_found_dated_and_said():
    level = np.r_[np.full(54, 4.72), np.full(20, 4.60), np.full(70, 4.70)] + noise(144, 0.015)
    found = judge_months(literal(level, n=4000))
    assert [step.at for step in found.steps] == ["2006-07", "2008-03"]
    assert [step.size.value for step in found.steps] == pytest.approx([-0.12, 0.10], abs=0.02)
    assert all(step.p < 0.05 and step.size.excludes_zero for step in found.steps)
    text = sentence(found, of="rating").render("en")
    assert "This straight line hides steps: the level shifts in July 2006 (−0.1" in text
    assert " and March 2008 (+0." in text


def test_a_level_without_steps_is_not_said_to_have_any():
    found = judge_months(literal(4.7 + noise(120)))
    assert found.steps == ()
    assert "steps" not in sentence(found, of="rating").render("en")


def finding(change, verdict, steps=()):
    estimate = Estimate(*change)
    stretch = Stretch("2001-09", "2018-11", 10.0, estimate, 0.05, verdict, 1.0)
    return LevelFinding(
        n=1000, verdict=verdict, points=100, left_out=0, first="2001-09", last="2018-11", stretches=(stretch,),
        corners=(4.7, 4.8), steps=steps, drift=0.0, by_size=change[0], hangs_on=(), tau=0.0, rho=0.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "verdict", "start"),
    [
        ((0.1, 0.06, 0.14), "clear", "The rating rose by 0.100 stars per decade between September 2001 and"),
        ((-0.1, -0.14, -0.06), "clear", "The rating fell by 0.100 stars per decade"),
        ((0.04, 0.02, 0.06), "real", "The rating rose by 0.040 stars per decade"),
        ((-0.04, -0.06, -0.02), "real", "The rating fell by 0.040 stars per decade"),
        ((0.01, -0.02, 0.04), "negligible", "The rating hardly moved between"),
        ((0.01, -0.2, 0.2), "undecided", "The data do not settle whether the rating changed"),
    ],
)  # fmt: skip
def test_each_verdict_has_its_sentence(change, verdict, start):
    assert sentence(finding(change, verdict), of="rating").render("en").startswith(start)
    shift = Step("2006-07", 4.7, 4.6, Estimate(-0.1, -0.2, -0.05), 0.001)
    with_shift = sentence(finding(change, verdict, steps=(shift,)), of="rating").render("en")
    assert with_shift.startswith(start)
    assert with_shift.endswith("This straight line hides steps: the level shifts in July 2006 (−0.100).")


def test_less_than_two_years_are_no_trend():
    found = judge_months(literal(4.7 + noise(23)))
    assert found == TooFewPoints(n=23_000, by="month", points=23, least=100, verdict="undecided")
    said = "The rating: a trend needs at least 24 months of 100 values or more; here there are 23."
    assert sentence(found, of="rating").render("en") == said


@pytest.mark.parametrize("origin", ["random", "real"])
@pytest.mark.parametrize("of", VALUES)
def test_the_months_equal_pandas(origin, of, request):
    real = origin == "real"
    reviews = real_reviews(request.getfixturevalue("shared_data")) if real else random_reviews()
    found = pd.DataFrame(table(connection(reviews), of=of))
    stars = reviews["rating"].dropna().astype(float)
    values = {"rating": stars, "five": 100.0 * (stars == 5), "low": 100.0 * (stars <= 2)}[of]
    months = values.groupby(reviews["date"].dt.to_period("M").dt.start_time)
    assert found["month"].tolist() == list(months.groups)
    assert found["n"].tolist() == months.size().tolist()
    np.testing.assert_allclose(found["mean"], months.mean(), atol=1e-6)
    np.testing.assert_allclose(found["sd"], months.std(), rtol=1e-9, atol=1e-6)


def test_the_published_numbers_equal_statsmodels_and_scipy():
    import statsmodels.api as sm
    from scipy import stats

    reviews = random_reviews(60_000)
    found = answer(level, connection(reviews), of="rating", by="month", method="published").finding
    assert isinstance(found, PublishedMonths)
    months = reviews.dropna(subset="rating").astype({"rating": float}).groupby(["year", "month"])["rating"]
    kept = months.agg(["mean", "count"]).query("count >= 100")
    mean, n = kept["mean"].to_numpy(), kept["count"].to_numpy()
    index, weight = np.arange(len(n)), np.sqrt(n)
    ols = sm.OLS(mean, sm.add_constant(index)).fit()
    wls = sm.WLS(mean, sm.add_constant(index), weights=weight).fit()
    for line, fit in ((found.ols, ols), (found.wls, wls)):
        expected = (fit.params[1], fit.params[0], fit.rsquared, fit.pvalues[1])
        assert (line.slope, line.intercept, line.r2, line.p) == pytest.approx(expected)
    assert found.bias == pytest.approx(abs(wls.params[1] - ols.params[1]) / abs(ols.params[1]))
    assert (found.points, found.left_out) == (len(kept), months.ngroups - len(kept))
    assert (found.variation, found.max_min) == pytest.approx((n.std() / n.mean(), n.max() / n.min()))
    assert (found.kendall, found.kendall_p) == pytest.approx(stats.kendalltau(index, mean), rel=1e-6)
    assert (found.volume_spearman, found.volume_spearman_p) == pytest.approx(stats.spearmanr(n, mean), rel=1e-6)
    described = sm.stats.DescrStatsW(mean, weights=weight)
    assert (found.weighted_mean, found.weighted_sd) == pytest.approx((described.mean, described.std))
    assert (found.mean, found.sd) == pytest.approx((mean.mean(), mean.std()))
    assert found.margin == pytest.approx(1.96 * described.std / np.sqrt(weight.sum()))
    for ours, other in ((found.spearman_time, index), (found.volume_spearman_weighted, n)):
        pair = np.stack([stats.rankdata(other), stats.rankdata(mean)], axis=1)
        assert ours == pytest.approx(sm.stats.DescrStatsW(pair, weights=weight).corrcoef[0, 1])
    assert "published regression gives" in sentence(found, of="rating").render("en")


def test_published_numbers_want_months_that_differ():
    assert isinstance(judge(literal([4.7] * 30), of="rating", method="published"), TooFewPublished)
    assert isinstance(judge(literal([4.6, 4.7]), of="rating", method="published"), TooFewPublished)


def test_the_figure_shows_months_trend_and_steps():
    level = np.r_[np.full(40, 4.72), np.full(40, 4.52)]
    rows = literal(np.append(level + noise(80, 0.005), 5.0), n=[4000] * 80 + [12])
    found = judge_months(rows)
    figure = draw(rows, found, of="rating")
    traces = {trace.name: trace for trace in figure.data if trace.name}
    assert list(traces) == [
        "95% interval, were all independent", "In the trend", "Left out of the trend", "Trend",
        "Level between steps",
    ]  # fmt: skip
    assert (traces["In the trend"].x[0], len(traces["In the trend"].x)) == ("2002-01-01", 80)
    assert traces["Left out of the trend"].meta["outside"]
    [date] = figure.layout.meta["dates"]
    assert (date["at"], str(date["text"].message)) == ("2005-05-01", "May 2005")
    steps = traces["Level between steps"]
    assert list(steps.x) == ["2002-01-01", "2005-04-01", "2005-05-01", "2008-08-01"]
    assert list(steps.y) == pytest.approx([4.72, 4.72, 4.52, 4.52], abs=0.01)
    assert list(traces["Trend"].x) == ["2002-01-01", "2008-08-01"]
    assert figure.layout.xaxis.title.text == "Month of the review"
    assert figure.layout.yaxis.title.text == "Rating (stars, 1 to 5)"


def test_steps_on_a_line_are_drawn_along_it():
    level = np.r_[np.full(40, 4.72), np.full(40, 4.52)] + 0.003 * np.arange(80)
    rows = literal(level + noise(80, 0.005))
    found = judge(rows)
    assert found.drift == pytest.approx(0.003, abs=0.0005)
    steps = draw(rows, found).data[-1]
    assert steps.name == "Level between steps"
    assert list(steps.y) == pytest.approx([4.72, 4.72 + 0.117, 4.64, 4.64 + 0.117], abs=0.01)


@pytest.mark.parametrize(("of", "by", "expected"), [("rating", "year", "month"), ("minutes", "month", "year")])
def test_the_published_method_has_one_cut_of_time(hand, of, by, expected):
    with pytest.raises(BadInput, match=f"^by cannot be '{by}' where method is published: .* by={expected}, or method"):
        answer(level, hand, of=of, by=by, method="published")


def test_the_published_line_starts_at_its_intercept():
    rows = literal(4.5 + 0.001 * np.arange(40) + noise(40), n=np.arange(200, 240))
    found = judge(rows, of="rating", method="published")
    trend = draw(rows, found, of="rating").data[-1]
    assert trend.name == "Trend"
    assert list(trend.y) == pytest.approx([found.wls.intercept, found.wls.intercept + 39 * found.wls.slope])


def test_months_that_never_vary_do_not_break():
    months = literal([5.0] * 30, sd=0.0)
    assert judge_months(months) == Alike(n=int(months["n"].sum()), value=5.0)
    # In most values at least: what is left out of a trimmed mean may differ.
    found = judge_months(months | {"sd": np.ones(30), "se": np.zeros(30)})
    assert found == Alike(n=int(months["n"].sum()), value=5.0, every=False)
    assert sentence(found, of="rating").render("en").startswith("The rating is 5 stars throughout: most of the ")


@pytest.mark.parametrize("given", [{"years": "2010-2012"}, {"years": "2018", "source": "train", "method": "published"}])
def test_no_rating_is_an_answer_too(hand, given):
    found = answer(level, hand, of="rating", by="month", **given)
    assert found.finding.n == 0
    assert found.spec["data"] == []
    assert [note["text"] for note in found.figure_spec("en")["layout"]["annotations"]] == ["There is nothing to draw."]


def test_thin_months_alone_are_drawn_pale(hand):
    found = answer(level, hand, of="rating", by="month")
    assert isinstance(found.finding, TooFewPoints)
    assert [(trace["name"], trace["meta"]["role"]) for trace in found.figure_spec("en")["data"]] == [
        ("Left out of the trend", "mute")
    ]
