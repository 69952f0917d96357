"""How the stars are given out."""

import re

import numpy as np
import pandas as pd
import pytest

from mangetamain.errors import BadInput
from mangetamain.measures import MEASURES
from mangetamain.questions.aggregates.stars import VALUES, counted, counted_among, scores, whole_errors
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.questions.distribution import Unrated, distribution, draw, judge, sentence, table
from tests.questions.ratings import HAND, answer, connection, frame, random_reviews, real_reviews
from tests.stats.routes import cluster_contrasts


@pytest.fixture(scope="module")
def hand():
    return connection(frame())


def test_the_table_is_exact_on_ten_rows(hand):
    found = table(hand)
    assert found["rating"].tolist() == [1, 2, 3, 4, 5, 0]
    assert found["n"].tolist() == [1, 1, 1, 1, 3, 1]
    np.testing.assert_allclose(found["share"], [1 / 7, 1 / 7, 1 / 7, 1 / 7, 3 / 7, np.nan])
    assert table(hand, years=(2005, 2005))["n"].tolist() == [0, 1, 0, 0, 1, 0]
    assert table(hand, source="train")["n"].tolist() == [1, 0, 0, 0, 1, 0]


def test_the_scores_are_the_measures(hand):
    for of in VALUES:
        rows = hand.execute(f"SELECT ({MEASURES[of].sql})::DOUBLE AS s FROM range(1, 6) AS t(rating)").fetchall()
        assert scores(of).tolist() == [row[0] for row in rows]


def test_errors_with_repeated_pairs_are_those_of_the_clusters():
    reviews = frame([*HAND[:8], ("full", 0, 0, "2005-08-01", 2), ("full", 1, 0, "2005-08-02", 4)])
    found, rated = table(connection(reviews)), reviews.dropna(subset="rating")
    for of in VALUES:
        values = scores(of)[rated["rating"].astype(int) - 1]
        clusters = rated["user_code"].to_numpy(), rated["recipe_code"].to_numpy()
        means = cluster_contrasts(values, np.zeros(len(rated), int), clusters, groups=1)
        assert found[f"{of}_se"][0] ** 2 == pytest.approx(means.variance(np.ones(1)))


def by_hand(values, reviews):
    """Two-way cluster-robust variance of a mean, term by term with pandas."""
    pull = (values - values.mean()) / len(values)
    terms = []
    for keys in (["user_code"], ["recipe_code"], ["user_code", "recipe_code"]):
        sums = pull.groupby([reviews[key] for key in keys]).sum()
        terms.append((sums**2).sum() * len(sums) / (len(sums) - 1))
    return max(terms[0] + terms[1] - terms[2], terms[0], terms[1])


@pytest.mark.parametrize("origin", ["random", "real"])
def test_numbers_equal_pandas(origin, request):
    real = origin == "real"
    reviews = real_reviews(request.getfixturevalue("shared_data")) if real else random_reviews()
    found = answer(distribution, connection(reviews)).finding
    rated = reviews.dropna(subset="rating").reset_index(drop=True)
    stars = rated["rating"].astype(float)
    assert found.counts == tuple(int((stars == k).sum()) for k in range(1, 6))
    assert (found.n, found.unrated) == (len(rated), len(reviews) - len(rated))
    for estimate, values in (
        (found.mean, stars),
        (found.five, 100.0 * (stars == 5)),
        (found.low, 100.0 * (stars <= 2)),
    ):
        assert estimate.value == pytest.approx(values.mean())
        assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * np.sqrt(by_hand(values, rated)))


@pytest.mark.parametrize("years", [(1999, 2018), (2004, 2006), (2005, 2005), (2017, 2018)])
def test_sums_by_two_years_make_the_errors_of_any_span(years):
    """Some users rate a recipe twice, in one year or in two."""
    con = connection(pd.concat([random_reviews(4000, seed) for seed in (1, 2)]))
    rows = rows_of(con, "reviews", years=years, source="full", among=(), counts=False)
    counts = counted(con, rows, "0")[1].sum(axis=0)
    assert bool(counts.any()) == (years[0] < 2017)
    con.execute("CREATE OR REPLACE TABLE recipes AS SELECT DISTINCT recipe_code AS id FROM reviews")
    same, errors = counted_among(con, rows)
    assert same[:5].tolist() == counts.tolist()
    assert whole_errors(con, rows, counts) == pytest.approx(errors, nan_ok=True)


def literal(n, error=0.001):
    n = np.array(n)
    share = np.append(n[:5] / max(n[:5].sum(), 1), np.nan)
    return {"rating": np.array([1, 2, 3, 4, 5, 0]), "n": n, "share": share} | {
        f"{of}_se": np.full(6, error) for of in VALUES
    }


def test_the_published_shares_come_out_of_the_published_counts():
    found = judge(literal([12818, 14123, 40855, 187360, 816364, 60847]))
    assert found.n == 1_071_520
    assert found.mean.value == pytest.approx(4.6615, abs=5e-5)
    assert found.five.value == pytest.approx(76.19, abs=5e-3)
    assert found.low.value == pytest.approx(2.51, abs=5e-3)
    assert sentence(found).render("en") == (
        "Of 1,071,520 ratings, 76.2% have five stars and 2.5% two or less; the mean is 4.661 stars "
        "(95% interval 4.660 to 4.663). 60,847 more reviews give no rating."
    )


def test_one_user_leaves_the_whole_scale_open():
    reviews = frame([("full", 0, recipe, "2004-01-05", 5) for recipe in range(3)])
    found = answer(distribution, connection(reviews))
    mean, five = found.finding.mean, found.finding.five
    assert (mean.low, mean.value, mean.high) == (1, 5, 5)
    assert (five.low, five.high) == (0, 100)
    assert found.headline("en").startswith("There is too little here")


def test_the_figure_sets_reviews_without_a_rating_apart():
    rows = literal([1, 2, 3, 4, 90, 7])
    figure = draw(rows, judge(rows))
    rated, unrated = figure.data
    assert (list(rated.x), list(rated.y)) == ([1, 2, 3, 4, 5], [1, 2, 3, 4, 90])
    assert [each.message.render("en") for each in rated.text] == ["1.0%", "2.0%", "3.0%", "4.0%", "90.0%"]
    assert unrated.text is None
    assert (list(unrated.x), list(unrated.y), unrated.meta["role"]) == ([6], [7], "mute")
    assert list(figure.layout.xaxis.ticktext) == ["1", "2", "3", "4", "5", "none given"]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("Rating (stars)", "Reviews")


def test_the_share_of_reviews_without_stars_is_of_all_reviews(hand):
    found = answer(distribution, hand, of="unrated")
    assert found.finding == Unrated(n=8, unrated=1)
    assert found.sentence() == "Of 8 reviews, 12.5% give no rating (1)."
    assert judge(literal([0, 0, 0, 0, 0, 3]), of="unrated") == Unrated(n=3, unrated=3)
    assert sentence(judge(literal([0] * 6), of="unrated"), of="unrated").render("en").startswith("There is no r")


@pytest.mark.parametrize("given", [{"years": "2010-2012"}, {"source": "train", "years": "2018"}])
def test_no_rating_is_an_answer_too(hand, given):
    found = answer(distribution, hand, **given)
    assert (found.finding.n, found.sentence()) == (0, "There is no rating in this selection.")
    assert found.figure_spec("en")["data"] == []
    assert found.figure_spec("en")["layout"]["annotations"][0]["text"] == "There is nothing to draw."


def test_an_unknown_source_is_refused(hand):
    with pytest.raises(BadInput, match="full, train"):
        answer(distribution, hand, source="half")


@pytest.mark.parametrize(("of", "words"), [
    ("ingredients", r"from about \d+ to about \d+ ingredients, around a median of about \d+; .* about \d+\.$"),
    ("minutes", r"from about \d+ to about \d+ minutes, around a median of about \d+;"),
    ("complexity", r"from about \d+\.\d\d to about \d+\.\d\d points, around a median of about \d+\.\d\d;"),
    ("calories", r"from about \d+\.\d to about \d+\.\d kcal,"),
])  # fmt: skip
def test_a_quantile_has_the_decimals_of_a_value(small, of, words):
    """Half an ingredient is in no recipe, though the median by which spreads are compared lies between two of them."""
    found = distribution(small, of=of)
    assert re.search(words, found.sentence())
    assert found.finding.median != round(found.finding.median)
    assert ("," in found.sentence("fr").partition("médiane")[2]) == (of in ("complexity", "calories"))


def test_one_value_or_a_few_are_said_as_they_are(tiny):
    one, few = distribution(tiny, of="steps", years="2004", among="easy"), distribution(tiny, of="steps", years="2005")
    assert one.sentence() == "Among the recipes “easy”, the number of steps: a single value, 4 steps."
    assert few.sentence() == "The number of steps: only 3 values, from 3 to 12 steps, around a median of about 6."
    assert one.headline() == "Among “easy”, there is too little here, or all of it is too much alike, to tell."
