"""Which terms go with high or low values: by independent routes, and on planted truths with alike users and recipes."""

import json

import numpy as np
import pandas as pd
import pytest

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import read
from mangetamain.measures import ALL
from mangetamain.questions import term_levels
from mangetamain.questions.term_levels import draw, judge, sentence, table
from mangetamain.questions.term_levels.cells import cells
from mangetamain.questions.term_levels.family import contrasts, levels, lines
from mangetamain.questions.term_levels.sentences import TermLevels, say_levels
from mangetamain.warehouse import build, connect
from tests.conftest import RECIPES, REVIEWS, write_official_files

COPIES = 60
WORLDS, TERMS, HELD, POSTED, RATED = 3, 30, 6, 3000, 8


@pytest.fixture(scope="module")
def tens(tmp_path_factory):
    """The ten recipes sixty times over, each time with reviewers of its own: every term is in 60 recipes."""
    home = tmp_path_factory.mktemp("tens")
    recipes = [(name, 10 * i + key, *rest) for i in range(COPIES) for name, key, *rest in RECIPES]
    reviews = [(10 * i + user, 10 * i + recipe, *rest) for i in range(COPIES) for user, recipe, *rest in REVIEWS]
    build(str(write_official_files(home / "raw", recipes, reviews)), home=home)
    return connect(home)


def raw(con, kind="ingredient", of="rating", by="none", among="", years=ALL):
    """Effects before they are drawn towards one another."""
    found = {"none": levels, "year": lines}.get(by) or (lambda *a: contrasts(*a, 4 if by == "season" else 2))
    return found(con, cells(con, kind, of, by, years, read("among", among)))


def rows_of(con, kind, of):
    """Every rating, or recipe's value, with its year, season, weekend and terms."""
    if of == "rating":
        rows = con.execute("""
            SELECT recipe_id AS recipe, year, season, weekday >= 6 AS weekend, rating AS y FROM reviews
            WHERE source = 'full' AND rating IS NOT NULL
        """).df()
    else:
        rows = con.execute(f"SELECT id AS recipe, year, season, is_weekend AS weekend, {of} AS y FROM recipes").df()
    held = con.execute(f"SELECT recipe, term FROM recipe_terms WHERE kind = '{kind}'").df()
    return rows, held


def regressed(rows, held, term):
    """What a regression within the years gives the term."""
    x = rows.recipe.isin(held.recipe[held.term == term]).astype(float)
    design = np.column_stack([x, pd.get_dummies(rows.year).astype(float)])
    return np.linalg.lstsq(design, rows.y.astype(float), rcond=None)[0][0]


def test_ten_recipes_by_hand(tens):
    """In 2004 soups got 5, 4 and 5, all with salt, onion and water; butter is in the one that got 4 alone."""
    found = raw(tens)
    gap = dict(zip(found.term.tolist(), found.value[:, 0], strict=True))
    # Within 2004 butter's 4 is against 5; in 2006 its 1 and 5 are all there is, and in 2005 it has none.
    off = {2004: 60 * (4 - 14 / 3), 2006: 0.0}
    assert gap["butter"] == pytest.approx((off[2004] + off[2006]) / (60 * (1 - 1 / 3)))
    # In 2005 sugar's 5 is against flour's 3 of another bread, in 2006 its 5 against the stew's 1.
    assert gap["sugar"] == pytest.approx((60 * 1 + 60 * 2) / (60 * 0.5 + 60 * 0.5))
    assert dict(zip(found.term.tolist(), found.n.tolist(), strict=True))["butter"] == 3 * COPIES


@pytest.mark.parametrize(("kind", "of"), [("ingredient", "rating"), ("tag", "rating"), ("tag", "reviews")])
def test_a_level_is_that_of_a_regression_within_years(small, kind, of):
    found = raw(small, kind, of)
    rows, held = rows_of(small, kind, {"reviews": "first_year_reviews"}.get(of, of))
    rows = rows.dropna(subset="y")
    for i in range(0, len(found.term), max(len(found.term) // 6, 1)):
        assert found.value[i, 0] == pytest.approx(regressed(rows, held, found.term[i]), abs=1e-9)


def test_a_trimmed_level_counts_what_is_beyond_the_middle_as_its_end(small):
    found = raw(small, "tag", "calories")
    rows, held = rows_of(small, "tag", "calories")
    y = rows.groupby("year").y
    n = y.transform("size").to_numpy()
    rank = rows.y.groupby(rows.year).transform(lambda one: np.sort(one.to_numpy())[len(one) // 10])
    upper = rows.y.groupby(rows.year).transform(lambda one: np.sort(one.to_numpy())[len(one) - len(one) // 10 - 1])
    rows["y"] = rows.y.clip(rank, upper)
    rows["y"] = (rows.y - rows.groupby("year").y.transform("mean")) * n / (n - 2 * (n // 10))
    for i in (0, len(found.term) // 2):
        x = rows.recipe.isin(held.recipe[held.term == found.term[i]])
        free = x.sum() - (rows[x].groupby("year").size() ** 2 / rows.groupby("year").size()).sum()
        assert found.value[i, 0] == pytest.approx(rows.y[x].sum() / free, rel=1e-9)


def test_a_selection_that_holds_every_recipe_changes_nothing_of_recipes(small):
    every = raw(small, "tag", "calories", among="minutes>=0")
    assert every.value == pytest.approx(raw(small, "tag", "calories").value)
    assert every.term.tolist() == raw(small, "tag", "calories").term.tolist()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("among", ["", "minutes>=0"])
@pytest.mark.parametrize("by", ["none", "year", "season", "weekend"])
def test_of_values_that_are_all_alike_nothing_is_found(small, by, among):
    """Descriptions of the sample are of one length."""
    given = {"kind": "tag", "of": "description_words", "by": by}
    assert not len(table(small, **given, among=read("among", among))["term"])


def test_a_line_is_weighed_by_its_years(small):
    found = raw(small, "tag", by="year")
    rows, held = rows_of(small, "tag", "rating")
    rows["y"] -= rows.groupby("year").y.transform("mean")
    for i in range(0, len(found.term), 9):
        part = rows[rows.recipe.isin(held.recipe[held.term == found.term[i]])]
        assert found.value[i, 0] == pytest.approx(10 * np.polyfit(part.year, part.y, 1)[0], abs=1e-8)


@pytest.mark.parametrize("by", ["season", "weekend"])
def test_a_part_of_a_year_is_set_against_the_rest_of_it(small, by):
    found = raw(small, "tag", by=by)
    rows, held = rows_of(small, "tag", "rating")
    rows["y"] -= rows.groupby(["year", by]).y.transform("mean")
    for i in range(0, len(found.term), 20):
        of_term = rows[rows.recipe.isin(held.recipe[held.term == found.term[i]])]
        for j, part in enumerate(CALENDARS["season"].values if by == "season" else [True]):
            apart, weight = [], []
            for _, year in of_term.groupby("year"):
                one, rest = year.y[year[by] == part], year.y[year[by] != part]
                if len(one) and len(rest):
                    apart.append(one.mean() - rest.mean())
                    weight.append(len(one) * len(rest) / len(year))
            assert found.value[i, j] == pytest.approx(np.average(apart, weights=weight), abs=1e-9)


def world(home, seed, effects):
    """Ratings by users and of recipes that are alike, 15 % and 8 % of the variance, and of terms with such effects."""
    dice = np.random.default_rng(seed)
    names = [f"term{i:02}" for i in range(TERMS)]
    lists = [sorted(dice.choice(TERMS, HELD, replace=False).tolist()) for _ in range(POSTED)]
    recipes = [
        (f"r{i}", i + 1, 30, f"{2002 + i % 6}-05-04", ["t"], 100.0 + i % 7, 5.0, 4, [names[j] for j in held])
        for i, held in enumerate(lists)
    ]
    user, popular = 0.25 * dice.standard_normal(400), dice.pareto(2, POSTED) + 0.2
    n = dice.poisson(RATED * popular / popular.mean())
    of = np.repeat(np.arange(POSTED), n)
    by = np.minimum(dice.pareto(1.2, len(of)) * 10, 399).astype(int)
    level = np.array([effects[held].sum() for held in lists]) + 0.18 * dice.standard_normal(POSTED)
    # Years differ, and so does which recipes they hold: neither is an effect of a term.
    years = 2002 + of % 6
    exact = 3.5 + level[of] + user[by] + 0.1 * (years - 2004) + 0.5 * dice.standard_normal(len(of))
    stars = np.clip(np.floor(exact + dice.random(len(of))), 1, 5).astype(int)
    seen = dict(zip(zip(by.tolist(), of.tolist(), strict=True), stars.tolist(), strict=True))
    reviews = [(u + 1, r + 1, f"{2002 + r % 6}-{u % 12 + 1:02}-{r % 28 + 1:02}", star) for (u, r), star in seen.items()]
    build(str(write_official_files(home / "raw", recipes, reviews)), home=home)
    return connect(home), effects - (effects.sum() - effects) / (TERMS - 1)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Half of the terms do nothing, the others a little, or the smallest gap that matters."""
    effects = np.zeros(TERMS)
    effects[:5], effects[5:10], effects[10:15] = 0.1, -0.1, 0.02
    homes = [tmp_path_factory.mktemp(f"world{seed}") for seed in range(WORLDS)]
    return [world(home, seed, np.roll(effects, 3 * seed)) for seed, home in enumerate(homes)]


def test_planted_gaps_are_found_and_covered(worlds):
    covered, found, false = [], [], []
    for con, truth in worlds:
        rows = pd.DataFrame(table(con)).set_index("term").sort_index()
        low, high = rows.gap - 1.96 * rows.se, rows.gap + 1.96 * rows.se
        covered += ((low <= truth) & (truth <= high)).tolist()
        far = np.abs(truth) > 0.07
        sure = (rows.q < 0.05).to_numpy()
        found += sure[far].tolist()
        false += sure[np.abs(truth) < 0.01].tolist()
        held = rows[rows["shown"]]
        rank = pd.Series((-truth).argsort().argsort() + 1, index=rows.index)[held.index]
        # Of terms alike, any order is true.
        assert ((held.rank_low - 5 <= rank) & (rank <= held.rank_high + 5)).all()
    assert np.mean(covered) >= 0.9
    assert np.mean(found) >= 0.9
    assert np.mean(false) <= 0.1


@pytest.mark.parametrize("by", ["none", "year", "season", "weekend"])
def test_where_no_term_does_anything_none_is_found(sample, by):
    """The sample's ratings hang together by user and recipe and go with no term, of 2,394 and 429."""
    for kind in ("ingredient", "tag"):
        rows = table(sample, kind=kind, by=by)
        assert (rows["q"] < 0.05).sum() <= 1
    assert sentence(judge(rows, kind=kind, by=by), by=by).render("en").count("none is found to") == 1
    assert judge(rows, kind=kind, by=by).verdict == "negligible"


@pytest.mark.parametrize(("of", "by"), [("rating", "none"), ("five", "year"), ("calories", "none")])
def test_errors_are_as_large_as_the_scatter_where_nothing_is_there(sample, of, by):
    found = raw(sample, of=of, by=by)
    z = (found.value / found.error)[found.n < 5000]
    assert z.std() == pytest.approx(1.0, abs=0.09)


def test_what_is_said_shown_and_kept(worlds):
    con, _ = worlds[0]
    connection, info = con.current()
    answer = term_levels.answer(connection, term_levels.read({}), info.fingerprint, True)
    again = term_levels.revive(json.loads(answer.to_json()))
    assert again.sentence("fr") == answer.sentence("fr")
    assert "Best liked: term" in answer.sentence("en")
    assert answer.finding.middle == pytest.approx(np.median(answer.columns["gap"]), abs=1e-6)
    assert " of the middle one (at " in answer.sentence("en")
    assert "Notes les plus hautes" in answer.sentence("fr")
    shown = answer.table[answer.table.shown]
    assert [trace["meta"]["role"] for trace in answer.spec["data"] if trace["type"] == "bar"] == ["rise", "fall"]
    assert shown.gap.is_monotonic_decreasing
    assert (shown["rank"] >= 1).all()


def test_nothing_is_said_of_few_recipes(tiny):
    rows = table(tiny)
    assert judge(rows).n == 0
    assert "nothing to compare" in sentence(judge(rows)).render("en")
    assert not draw(rows, judge(rows)).data


@pytest.mark.parametrize(("verdict", "most", "ends"), [
    ("negligible", 0.01, "within 0.020 stars of the other days, less than the 0.05 that would matter."),
    ("undecided", 0.03, "within 0.008 stars of the other days, as far as can be told: it may be 0.060."),
    ("undecided", 0.004, "within 0.008 stars of the other days."),
])  # fmt: skip
def test_terms_that_seem_alike_may_differ_by_what_is_not_known(verdict, most, ends):
    found = TermLevels(
        n=9, verdict=verdict, kind="tag", higher=0, lower=0, upmost=(), downmost=(), middle=0.0, spread=0.004,
        spread_high=most,
    )  # fmt: skip
    assert say_levels(found, "rating", "weekend", (2000, 2017)).render("en").endswith(ends)


def test_a_single_term_is_no_family(sample):
    """Of one, nobody can tell how far apart terms are, nor what nearly all of them are within."""
    found = term_levels(sample, kind="tag", of="calories", among="vegan, carbohydrates=0", years="2010-2018")
    said = "there is nothing to compare: that takes two terms, in at least 50 recipes whose values differ."
    assert found.sentence() == f"Among the recipes “vegan, carbohydrates=0”, {said}"
    assert found.verdict is None
