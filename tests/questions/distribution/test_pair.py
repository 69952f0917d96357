"""How two selections are spread, and how far their centres are apart."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import trim_mean

from mangetamain.conditions import read
from mangetamain.measures import MEASURES
from mangetamain.questions.aggregates import centres
from mangetamain.questions.aggregates.covariances import COOKS, pulls
from mangetamain.questions.distribution import distribution, draw, judge, sentence, table
from tests.questions.ratings import answer
from tests.questions.worlds import QUICK, SLOW, paired, pantry, recipes

CODES = ("user_code", "recipe_code")
ALL = {"among": QUICK, "against": ()}
PARTS = {"among": QUICK, "against": read("against", "minutes>=20")}


def jackknife(value, selections, key, *, trimmed):
    """Variance of the difference of two centres, by leaving out each cluster of the cut values."""
    without = {}
    for held in selections:
        chosen = np.sort(value[held])
        out = int(0.1 * len(chosen)) if trimmed else 0
        cut = value.clip(chosen[out], chosen[-out - 1])[held]
        scale = len(chosen) / (len(chosen) - 2 * out)
        for name in key.unique():
            rest = cut[key[held] != name].mean() if (key[held] == name).any() else cut.mean()
            without[name] = without.get(name, 0) + scale * (rest - cut.mean()) * (1 if held is selections[0] else -1)
    return (np.array(list(without.values())) ** 2).sum() * (len(without) - 1) / len(without)


def alone(value, selections, *, trimmed):
    """Variance of the same were each row a cluster."""
    pull = 0
    for held, sign in zip(selections, (1, -1), strict=True):
        chosen = np.sort(value[held])
        out = int(0.1 * len(chosen)) if trimmed else 0
        cut = value.clip(chosen[out], chosen[-out - 1])
        pull = pull + sign * (cut - cut[held].mean()) * held / (len(chosen) - 2 * out)
    return (pull**2).sum()


@pytest.mark.parametrize("asked", [ALL, PARTS], ids=["nested", "partly shared"])
def test_the_error_of_recipes_equals_pandas(asked):
    rows = recipes(3_000, level=30.0)
    found = table(pantry(rows), of="calories", **asked)
    quick = rows["minutes"] <= 30
    other = rows["minutes"] >= (20 if asked is PARTS else 0)
    variance = jackknife(rows["calories"], (quick, other), rows["contributor_id"], trimmed=True)
    assert found["gap_se"][0] == pytest.approx(np.sqrt(variance))
    trimmed = [trim_mean(rows.loc[held, "calories"], 0.1) for held in (quick, other)]
    assert sorted(set(found["centre"])) == pytest.approx(sorted(trimmed))
    difference = judge(found, of="calories", **paired(asked)).difference
    assert difference.gap.value == pytest.approx(trimmed[0] - trimmed[1])
    assert difference.gap.high - difference.gap.low == pytest.approx(2 * 1.96 * found["gap_se"][0])


@pytest.mark.parametrize("of", ["rating", "low", "unrated", "review_words"])
def test_the_error_of_reviews_equals_pandas(real, of):
    asked = {"among": read("among", "minutes<=60"), "against": ()}
    found = table(real, of=of, **asked)
    sql = f"SELECT ({MEASURES[of].sql})::DOUBLE AS y, user_code, recipe_code, recipe_id FROM reviews"
    rows = real.execute(f"{sql} WHERE source = 'full'").df().dropna(subset="y").reset_index(drop=True)
    minutes = real.execute("SELECT id, minutes FROM recipes").df().set_index("id")["minutes"]
    quick = rows["recipe_id"].map(minutes) <= 60
    assert 0 < quick.sum() < len(rows)
    trimmed = MEASURES[of].centre == "trimmed"
    every = pd.Series(True, index=rows.index)
    users, dishes = (jackknife(rows["y"], (quick, every), rows[key], trimmed=trimmed) for key in CODES)
    expected = max(users, dishes, users + dishes - alone(rows["y"], (quick, every), trimmed=trimmed))
    assert found["gap_se"][0] == pytest.approx(np.sqrt(expected), rel=1e-6)


def test_bars_of_both_have_the_same_edges():
    rows = recipes(5_000, level=200.0)
    found = table(pantry(rows), of="calories", among=QUICK, against=SLOW)
    one, other = ({name: column[found["selection"] == text] for name, column in found.items()}
                  for text in ("minutes<=30", "minutes>30"))  # fmt: skip
    assert one["value"].tolist() == other["value"].tolist()
    assert (one["n"].sum(), other["n"].sum()) == ((rows["minutes"] <= 30).sum(), (rows["minutes"] > 30).sum())
    for side in (one, other):
        assert side["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("level", "verdict", "words"),
    [
        (60.0, "clear", "is {size} kcal higher than for the recipes “minutes>30” (95% interval +"),
        (-60.0, "clear", "is {size} kcal lower than for the recipes “minutes>30” (95% interval −"),
        (19.0, "real", "whether that reaches the 20 kcal that would matter is open."),
        (0.0, "negligible", "hardly differs between the recipes “minutes<=30” and the recipes “minutes>30”: "),
    ],
)
def test_each_verdict_has_its_sentence(level, verdict, words):
    asked = {"of": "calories", "among": QUICK, "against": SLOW}
    found = judge(table(pantry(recipes(20_000, level=level)), **asked), **paired(asked))
    assert found.verdict == verdict
    said = sentence(found, **paired(asked)).render("en")
    size = f"{abs(found.difference.gap.value):.1f}"
    assert said.startswith("The calorie count (mean of the middle 80%) ")
    assert words.format(size=size) in said.split(" Among ")[0]
    assert "Among the recipes “minutes>30”, the calorie count: the middle half of the" in said


@pytest.mark.parametrize(("n", "said"), [(9, "9"), (400, "400")])
def test_values_that_are_all_alike_are_said_to_be(n, said):
    found = answer(distribution, pantry(recipes(n).assign(calories=120.0)), of="calories", years="2002-2013")
    assert found.sentence() == f"The calorie count: all {said} values are alike, 120 kcal."


def test_few_recipes_leave_it_open():
    asked = {"of": "calories", "among": QUICK, "against": SLOW}
    found = judge(table(pantry(recipes(260)), **asked), **paired(asked))
    assert found.verdict == "undecided"
    assert "The data do not settle whether the calorie count (mean of the middle 80%) differs between" in sentence(
        found, **paired(asked)
    ).render("en")
    # Under a hundred, or of one cook, or all alike: what would seem to be known exactly is not.
    some, many = recipes(180), recipes(400)
    alike = many.assign(calories=many["calories"].where(many["minutes"] > 30, 7))
    for rows in (some, many.assign(contributor_id=1), alike):
        alone = judge(table(pantry(rows), **asked), **paired(asked))
        assert alone.verdict == "undecided"
        said = sentence(alone, **paired(asked)).render("en")
        assert "compare, or all alike; that takes 100 in either selection. Among" in said


def errors(con, one, other):
    """Give the error of the difference of two selections in each group, which the question asks of a single one."""
    ends = tuple(centres.moved(con, side, "trimmed") for side in (one, other))
    sums = pulls(con, one, other, ends, "trimmed", COOKS, left_out=True)
    a, b = (1 / (side["n"] - 2 * (side["n"] // 10)) for side in ends)
    squares = sums["one"] * a**2 + sums["other"] * b**2 - 2 * sums["shared"] * a * b
    return np.sqrt(squares * (sums["clusters"] - 1) / sums["clusters"])


def world(seed):
    """Make 600 recipes of a year of their own, by some 250 cooks whose recipes are alike."""
    rows = recipes(600, level=40.0, seed=seed)
    own = {"id": 600 * seed + rows["id"], "contributor_id": 300 * seed + rows["contributor_id"]}
    return rows.assign(year=seed, **own)


# 300 worlds, groups of one statement; half of the recipes are in one selection and all in the other. The Monte-Carlo
# error of the coverage is 1.3 %; in 1,500 others it was .945.
@pytest.mark.slow
def test_the_difference_is_covered() -> None:
    asked = {"of": "calories", "among": QUICK, "against": ()}
    whole = judge(table(pantry(recipes(400_000, level=40.0)), **asked), **paired(asked)).difference.gap.value
    worlds = [world(seed) for seed in range(300)]
    con = pantry(pd.concat(worlds))
    one, other = (centres.held(con, "calories", "year", years=(0, 300), among=among) for among in (QUICK, ()))
    above, below = (centres.described(con, side, centre="trimmed")["centre"] for side in (one, other))
    gap, half = above - below, 1.96 * errors(con, one, other)
    alone = judge(table(pantry(worlds[0].assign(year=2002)), **asked), **paired(asked)).difference.gap
    assert (alone.value, alone.high - alone.value) == pytest.approx((gap[0], half[0]))
    assert np.mean(np.abs(gap - whole) <= half) >= 0.92
    assert np.mean(half) < 2.2 * np.std(gap)


def test_the_figure_draws_bars_and_an_outline():
    found = table(pantry(recipes(3_000)), of="calories", **ALL)
    bars, outline = draw(found, judge(found, of="calories", **paired(ALL)), of="calories", **paired(ALL)).data
    assert (bars.type, str(bars.name), bars.meta["role"]) == ("bar", "minutes<=30", "centre")
    assert (outline.mode, str(outline.name), outline.meta["role"]) == ("lines", "All recipes", "other")
    held = found["selection"] == "all"
    assert list(outline.y[::2]) == list(outline.y[1::2]) == (100 * found["share"][held]).tolist()
    assert list(bars.y) == (100 * found["share"][~held]).tolist()


def test_the_stars_of_both_stand_side_by_side(real):
    asked = {"among": read("among", "minutes<=60"), "against": ()}
    found = table(real, **asked)
    figure = draw(found, judge(found, **paired(asked)), **paired(asked))
    assert [(str(trace.name), list(trace.x)) for trace in figure.data] == [
        ("minutes<=60", pytest.approx([0.8, 1.8, 2.8, 3.8, 4.8])),
        ("All recipes", pytest.approx([1.2, 2.2, 3.2, 4.2, 5.2])),
    ]
    assert sum(figure.data[0].y) == pytest.approx(100)
    assert (figure.layout.yaxis.title.text, figure.layout.yaxis.ticksuffix) == ("Share of ratings", "%")
