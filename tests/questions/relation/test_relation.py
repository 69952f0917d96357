"""One measure against another, in parts of equal number."""

import numpy as np
import pandas as pd
import pytest

from mangetamain.errors import BadInput
from mangetamain.finding import Alike, Estimate
from mangetamain.questions.relation import Relation, TooFewParts, draw, judge, sentence, table
from mangetamain.questions.relation.parts import PARTS
from mangetamain.warehouse.tables.term_ratings import COUNTS
from tests.questions.cubes import empty


def rows_of(con, sql):
    return con.execute(sql).df()


def clustered(pull, *keys):
    """Cluster-robust variance of a sum of pulls, as pandas has it."""
    sums = pull.groupby([key.to_numpy() for key in keys]).sum()
    return (sums**2).sum() * len(sums) / (len(sums) - 1)


def by_hand(rows, found, keys):
    """Levels of the parts and their errors, the rise of the line and its error, from the rows themselves."""
    part = np.searchsorted(found["low"], rows["x"], side="right") - 1
    mean, n = rows["y"].groupby(part).mean(), rows["y"].groupby(part).size()
    place = np.arange(len(n)) - (len(n) - 1) / 2
    weight = place / (place @ place) * (len(n) - 1)
    off = rows["y"] - mean.to_numpy()[part]
    pulls = [(off * (part == i) / n.iloc[i]) for i in range(len(n))] + [off * weight[part] / n.to_numpy()[part]]
    variances = []
    for pull in pulls:
        one = [clustered(pull, rows[key]) for key in keys]
        both = clustered(pull, *(rows[key] for key in keys))
        variances.append(max(*one, sum(one) - both) if len(one) > 1 else one[0])
    return n, mean, np.sqrt(variances), float(weight @ mean)


@pytest.mark.parametrize(
    ("of", "to"), [("calories", "minutes"), ("minutes", "ingredients"), ("ingredients", "complexity")]
)
def test_parts_of_recipes_equal_pandas(real, of, to):
    from mangetamain.measures import MEASURES

    found = table(real, of=of, to=to)
    rows = rows_of(
        real, f"SELECT {MEASURES[to].sql} AS x, {MEASURES[of].sql} AS y, contributor_id FROM recipes"
    ).dropna()
    ordered = np.sort(rows["y"])
    ends = [ordered[int(np.floor(q * (len(ordered) - 1) + 0.5))] for q in (0.01, 0.99)]
    rows["y"] = rows["y"].clip(*ends)
    n, mean, errors, gap = by_hand(rows, found, ["contributor_id"])
    assert found["n"].tolist() == n.tolist()
    assert found["n"].max() < 2.5 * len(rows) / PARTS
    np.testing.assert_allclose(found["mean"], mean, rtol=1e-9)
    np.testing.assert_allclose([*found["se"], found["gap_se"][0]], errors, rtol=1e-6)
    assert found["gap"][0] == pytest.approx(gap)
    assert (found["high"][:-1] < found["low"][1:]).all()
    assert (found["low"][0], found["high"][-1]) == (rows["x"].min(), rows["x"].max())


@pytest.mark.parametrize("of", ["rating", "five"])
def test_parts_of_reviews_equal_pandas(real, of):
    found = table(real, of=of, to="minutes")
    rows = rows_of(
        real,
        """SELECT minutes AS x, rating AS y, user_id, recipe_id FROM reviews JOIN recipes ON recipe_id = id
        WHERE source = 'full' AND rating IS NOT NULL""",
    ).astype({"y": float})
    rows["y"] = rows["y"] if of == "rating" else 100.0 * (rows["y"] == 5)
    n, mean, errors, gap = by_hand(rows, found, ["user_id", "recipe_id"])
    assert found["n"].tolist() == n.tolist()
    np.testing.assert_allclose(found["mean"], mean, rtol=1e-9)
    np.testing.assert_allclose([*found["se"], found["gap_se"][0]], errors, rtol=1e-6)
    assert found["gap"][0] == pytest.approx(gap)


def test_a_selection_parts_its_own_recipes(real):
    whole, short = (int(table(real, of="calories", to="steps", among=among)["n"].sum()) for among in ((), limit()))
    assert short == real.execute("SELECT count(calories) FROM recipes WHERE minutes <= 30").fetchall()[0][0] < whole


def test_a_measure_does_not_go_with_itself(real):
    with pytest.raises(BadInput, match="to cannot be 'minutes': that is what of measures already"):
        table(real, of="minutes", to="minutes")


def limit():
    from mangetamain.conditions import read

    return read("among", "minutes<=30")


def literal(gap, gap_se, parts=10, n=1000):
    place = np.arange(parts)
    same = {"gap": np.full(parts, gap), "gap_se": np.full(parts, gap_se)}
    mean = 4.6 + gap * place / max(parts - 1, 1)
    return {"low": 10.0 * place, "high": 10.0 * place + 9, "n": np.full(parts, n), "mean": mean,
            "se": np.full(parts, 0.01), **same}  # fmt: skip


@pytest.mark.parametrize(
    ("gap", "se", "verdict", "words"),
    [
        (0.2, 0.02, "clear", "The rating rises with the preparation time: along a line through 10 equal parts it"),
        (-0.2, 0.02, "clear", "The rating falls with the preparation time: along"),
        (0.06, 0.02, "real", "whether that reaches the 0.05 stars that would matter is open."),
        (0.01, 0.01, "negligible", "The rating hardly depends on the preparation time: along"),
        (0.04, 0.05, "undecided", "The data do not settle whether the rating depends on the preparation time"),
    ],
)
def test_each_verdict_has_its_sentence(gap, se, verdict, words):
    found = judge(literal(gap, se))
    assert found.verdict == verdict
    assert found.gap == Estimate(gap, pytest.approx(gap - 1.96 * se), pytest.approx(gap + 1.96 * se))
    assert words in sentence(found).render("en")


def test_values_that_are_all_alike_are_said_to_be():
    found = judge(literal(0.0, 0.0) | {"se": np.zeros(10)}, of="minutes", to="steps")
    assert isinstance(found, Alike)
    assert sentence(found, of="minutes", to="steps").render("en").endswith("most of the 10,000 values are alike.")
    assert isinstance(judge(literal(0.0, 0.0), of="minutes", to="steps"), Relation)


def test_few_values_or_parts_are_not_judged():
    assert judge(literal(0.2, 0.01, parts=2)) == TooFewParts(n=2000, parts=2, verdict="undecided")
    assert isinstance(judge(literal(0.2, 0.01, n=20)), TooFewParts)
    empty = {name: column[:0] for name, column in literal(0.2, 0.01).items()}
    assert judge(empty) == TooFewParts(n=0, parts=0)
    assert sentence(judge(empty)).render("en") == "There is no rating in this selection."
    assert sentence(judge(empty), of="steps").render("en") == "There is no recipe in this selection."
    assert draw(empty, judge(empty)).layout.xaxis.title.text == "Preparation time (minutes)"


def test_the_figure_has_a_level_a_part_and_the_line():
    rows = literal(0.18, 0.01)
    figure = draw(rows, judge(rows))
    dots, line = figure.data
    assert (len(dots.x), dots.y[0]) == (10, pytest.approx(4.6))
    assert line.y[-1] - line.y[0] == pytest.approx(0.18)
    assert figure.layout.xaxis.ticktext[0] == "0 to 9"
    assert isinstance(judge(rows), Relation)


def drawn(rng, slope, recipes=600, users=300, reviews=4000):
    """Stars of recipes that have qualities, by users who have leanings, on a slope of minutes; and these."""
    minutes = rng.integers(1, 120, recipes)
    recipe, user = rng.integers(0, recipes, reviews), (users * rng.random(reviews) ** 2).astype(int)
    level = rng.normal(0, 0.3, recipes)[recipe] + rng.normal(0, 0.3, users)[user] + slope * minutes[recipe] / 119
    con, rating = empty(), np.clip(np.round(3 + level + rng.normal(0, 0.5, reviews)), 1, 5).astype(int)
    con.register("r", pd.DataFrame({"id": np.arange(recipes), "minutes": minutes}))
    con.register("v", pd.DataFrame({"recipe_id": recipe, "user_code": user, "recipe_code": recipe, "rating": rating}))
    con.execute("CREATE TABLE recipes AS SELECT *, 2005 AS year FROM r")
    con.execute("CREATE TABLE reviews AS SELECT *, 2005 AS year, 'full' AS source FROM v")
    con.execute("""
        CREATE TABLE repeated_reviews AS SELECT source, user_code, recipe_code FROM reviews
        GROUP BY ALL HAVING count(*) > 1
    """)
    con.execute(f"""
        CREATE VIEW cube_recipe_ratings AS SELECT source, recipe_code AS recipe, year, {COUNTS}
        FROM reviews GROUP BY ALL
    """)
    return con, minutes[recipe]


# 200 replications: the Monte-Carlo error of 5 % is 1.5 %.
@pytest.mark.slow
@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_the_interval_covers_a_planted_rise_and_finds_it(slope):
    rng, covered, seen = np.random.default_rng(12), [], []
    for _ in range(200):
        con, x = drawn(rng, slope)
        found = table(con, of="rating", to="minutes", years=(2005, 2005))
        part = np.searchsorted(found["low"], x, side="right") - 1
        place = np.arange(10) - 4.5
        truth = slope / 119 * 9 * float(place @ pd.Series(x).groupby(part).mean()) / (place @ place)
        gap = judge(found).gap
        covered.append(gap.low <= truth <= gap.high)
        seen.append(gap.excludes_zero)
    assert np.mean(covered) >= 0.92
    assert np.mean(seen) <= 0.08 if not slope else np.mean(seen) >= 0.9
