"""The number in a month against the level of a measure."""

import numpy as np
import pytest

from mangetamain.finding import Estimate
from mangetamain.measures import MEASURES
from mangetamain.questions.relation import relation
from mangetamain.questions.relation.busyness import Busyness, TooFewMonths, draw_busyness, judge_busyness, say_busyness
from mangetamain.stats.ranks import rank_correlation
from tests.questions.ratings import answer, connection, frame, random_reviews, real_reviews


def literal(n, mean, start="2002-01"):
    months = np.datetime64(start, "M") + np.arange(len(n))
    n = np.array(n)
    return {
        "month": months.astype("datetime64[D]"), "n": n, "mean": np.array(mean, float), "sd": np.full(len(n), 0.7),
        "se": 0.7 / np.sqrt(n), "thin": n < 100,
    }  # fmt: skip


def wander(rng, size, memory):
    steps = rng.normal(size=size)
    for t in range(1, size):
        steps[t] = memory * steps[t - 1] + np.sqrt(1 - memory**2) * steps[t]
    return steps


@pytest.mark.parametrize("origin", ["random", "real"])
def test_the_correlation_equals_scipy(origin, request):
    from scipy import stats

    real = origin == "real"
    reviews = real_reviews(request.getfixturevalue("shared_data")) if real else random_reviews(40_000)
    found = answer(relation, connection(reviews), to="volume")
    assert isinstance(found.finding, Busyness)
    months = reviews.dropna(subset="rating").astype({"rating": float}).groupby(["year", "month"])["rating"]
    kept = months.agg(["mean", "count"]).query("count >= 100")
    assert found.finding.correlation.value == pytest.approx(stats.spearmanr(kept["count"], kept["mean"]).statistic)
    assert (found.finding.points, found.finding.left_out) == (len(kept), months.ngroups - len(kept))
    assert found.finding.correlation.low < found.finding.correlation.value < found.finding.correlation.high


def test_series_without_memory_are_worth_all_their_months():
    rng = np.random.default_rng(5)
    estimate, effective = rank_correlation(np.arange(200), rng.normal(size=200), rng.normal(size=200))
    assert effective == pytest.approx(200, rel=0.2)
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 / np.sqrt(200), rel=0.15)


def test_two_slow_series_are_worth_few():
    rng = np.random.default_rng(6)
    _, effective = rank_correlation(np.arange(200), wander(rng, 200, 0.95), wander(rng, 200, 0.95))
    assert effective < 50


def test_a_gap_keeps_the_lags_apart():
    rng = np.random.default_rng(8)
    x, y = wander(rng, 240, 0.9), wander(rng, 240, 0.9)
    there = np.flatnonzero(rng.random(240) < 0.8)
    whole, holed = rank_correlation(np.arange(240), x, y)[1], rank_correlation(there, x[there], y[there])[1]
    # Read without gaps, the same months would seem to forget faster and be worth more.
    squeezed = rank_correlation(np.arange(len(there)), x[there], y[there])[1]
    assert holed < squeezed
    assert holed == pytest.approx(whole, rel=0.3)


@pytest.mark.slow
@pytest.mark.parametrize("size", [36, 207])
@pytest.mark.parametrize("memory", [(0.0, 0.0), (0.8, 0.0), (0.6, 0.6), (0.9, 0.9)])
def test_unrelated_series_seem_related_no_oftener_than_stated(size, memory):
    rng = np.random.default_rng(9)
    pairs = ([wander(rng, size, m) for m in memory] for _ in range(500))
    wrong = [rank_correlation(np.arange(size), x, y)[0].excludes_zero for x, y in pairs]
    assert np.mean(wrong) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("truth", [0.3, 0.6])
def test_the_interval_covers_a_planted_correlation(truth):
    rng = np.random.default_rng(10)
    rho = 6 / np.pi * np.arcsin(truth / 2)  # Spearman's rho of normal variables
    covered = []
    for _ in range(400):
        x, e = wander(rng, 207, 0.7), wander(rng, 207, 0.7)
        estimate, _ = rank_correlation(np.arange(207), x, truth * x + np.sqrt(1 - truth**2) * e)
        covered.append(estimate.low <= rho <= estimate.high)
    assert np.mean(covered) >= 0.92


def finding(low, value, high, verdict, effective=41.6):
    return Busyness(
        n=10_000, verdict=verdict, points=207, left_out=17, correlation=Estimate(value, low, high),
        effective=effective, smallest=0.3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (finding(0.4, 0.6, 0.7, "clear"), "The rating rises as the month gets busier: rank corr"),
        (finding(-0.7, -0.6, -0.4, "clear"), "The rating falls as the month gets busier: rank correlation −0.60"),
        (finding(0.1, 0.2, 0.4, "real"), "The rating rises as the month gets busier"),
        (finding(-0.4, -0.2, -0.1, "real"), "The rating falls as the month"),
        (finding(-0.1, 0.0, 0.1, "negligible"), "The rating hardly follows how busy"),
        (finding(-0.5, 0.1, 0.6, "undecided"), "worth only 42 independent ones"),
    ],
)
def test_each_verdict_has_its_sentence(found, words):
    text = say_busyness(found, MEASURES["rating"]).render("en")
    assert words in text
    assert ("An event that moved both would look the same." in text) == (found.verdict == "clear")


@pytest.mark.parametrize("verdict", ["clear", "real", "negligible", "undecided"])
def test_months_that_do_not_resemble_their_neighbours_are_not_said_to(verdict):
    alone = say_busyness(finding(-0.1, 0.2, 0.4, verdict, effective=198.0), MEASURES["rating"]).render("en")
    assert "207 months)" in alone
    assert not any(word in alone for word in ("worth", "resemble", "independent"))
    alike = say_busyness(finding(-0.1, 0.2, 0.4, verdict, effective=180.0), MEASURES["rating"]).render("en")
    assert "180 independent ones" in alike


def test_a_planted_relation_is_clear():
    rng = np.random.default_rng(11)
    x = rng.normal(size=150)
    found = judge_busyness(literal(np.round(1000 * np.exp(0.3 * x)), 4.7 + 0.02 * x + rng.normal(0, 0.01, 150)))
    assert (found.verdict, found.points) == ("clear", 150)


def test_few_or_equal_months_are_not_compared():
    found = judge_busyness(literal(np.arange(200, 223), np.arange(23)))
    assert found == TooFewMonths(n=int(np.arange(200, 223).sum()), points=23, verdict="undecided")
    said = say_busyness(found, MEASURES["rating"]).render("en")
    assert said.endswith("take 24 of 100 or more to compare; here there are 23.")
    alike = judge_busyness(literal(np.full(30, 500), np.arange(30)))
    assert alike == TooFewMonths(n=15_000, points=30, alike=True, verdict="undecided")
    assert "is the same in all months" in say_busyness(alike, MEASURES["rating"]).render("en")


def test_the_figure_has_a_dot_a_month_of_enough_ratings():
    rows = literal(np.r_[np.arange(200, 230), 20], np.linspace(4, 5, 31))
    figure = draw_busyness(rows, MEASURES["rating"])
    (dots,) = figure.data
    assert (list(dots.x), dots.y[0]) == (list(range(200, 230)), 4)
    assert dots.customdata[0] == "2002-01-01"
    assert (figure.layout.xaxis.type, figure.layout.hovermode) == ("log", "closest")
    assert figure.layout.xaxis.title.text == "Ratings in the month"


def test_no_rating_is_an_answer_too():
    found = answer(relation, connection(frame()), years="2010-2012", of="low", to="volume")
    assert found.finding.n == 0
    assert found.sentence() == "There is no rating in this selection."
    assert found.spec["data"] == []
    assert found.figure_spec("en")["layout"]["annotations"][0]["text"] == "There is nothing to draw."
