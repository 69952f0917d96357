"""Ratings of chosen ingredients as published, by pandas and scipy from the raw rows."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f_oneway, mannwhitneyu, norm, theilslopes

from mangetamain.conditions import read
from mangetamain.errors import BadInput
from mangetamain.questions.term_levels import draw, judge, sentence, table
from mangetamain.questions.term_levels.published import CHOSEN, _over_years


@pytest.fixture(scope="module")
def rated(small_home):
    from mangetamain.warehouse import connect

    con = connect(small_home)
    recipes = con.execute("SELECT id AS recipe_id, ingredients AS term FROM raw.RAW_recipes").df().explode("term")
    reviews = con.execute("""
        SELECT recipe_id, year, season, weekday, rating FROM reviews WHERE source = 'full' AND rating IS NOT NULL
    """).df()
    return recipes.merge(reviews, on="recipe_id")


def by_year(rows):
    mean = rows.groupby("year").rating.mean()
    k, s = len(mean), sum(np.sign(later - earlier) for earlier, later in combinations(mean, 2))
    p = 2 * norm.sf(max(abs(s) - 1, 0) / np.sqrt(k * (k - 1) * (2 * k + 5) / 18))
    return mean.mean(), theilslopes(mean, np.arange(k)).slope, p


def by_season(rows):
    seasons = [one.rating for _, one in rows.groupby("season")]
    means = [one.mean() for one in seasons]
    varied = any(one.nunique() > 1 for one in seasons)
    return rows.rating.mean(), max(means) - min(means), f_oneway(*seasons).pvalue if varied else 1.0


def by_weekend(rows):
    at = rows.weekday >= 6
    one, rest = rows.rating[at], rows.rating[~at]
    return rows.rating.mean(), one.mean() - rest.mean(), mannwhitneyu(one, rest, method="asymptotic").pvalue


ROUTES = {"none": by_year, "year": by_year, "season": by_season, "weekend": by_weekend}


@pytest.mark.parametrize("by", ROUTES)
def test_the_published_tests_by_pandas_and_scipy(small, rated, by):
    rows = pd.DataFrame(table(small, by=by, method="published"))
    assert len(rows) >= 4
    assert set(rows.term) <= set(CHOSEN["year" if by == "none" else by])
    for one in rows.itertuples():
        part = rated[rated.term == one.term]
        assert one.n == len(part)
        assert (one.mean, one.gap, one.p) == pytest.approx(ROUTES[by](part), rel=1e-6, abs=1e-9)
    assert rows.p.is_monotonic_increasing


def test_mann_and_kendall_without_a_correction_is_the_printed_p():
    """Tofu's: a tau of .535948 over 18 years, which is S = 82 of 153 pairs, gives .002154."""
    year = np.arange(2001, 2019)
    # Each year after all before it, but for those that are put back by so many places: 35 or 36 pairs are turned.
    order = np.array([9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 17, 10, 11, 12, 13, 14, 15, 16])
    order[[9, 11]] = order[[11, 9]]
    turned = sum(a > b for a, b in combinations(order, 2))
    counts = np.zeros((18, 5), dtype=int)
    counts[:, 3], counts[:, 4] = 100 - order, order
    s = 153 - 2 * turned
    assert _over_years(year, counts)[-1] == pytest.approx(2 * norm.sf((s - 1) / np.sqrt(18 * 17 * 41 / 18)))
    assert 2 * norm.sf((82 - 1) / np.sqrt(18 * 17 * 41 / 18)) == pytest.approx(0.002154, abs=5e-6)


def test_what_nobody_published_is_refused(small):
    for given in ({"kind": "tag"}, {"of": "calories"}, {"among": read("among", "easy")}):
        with pytest.raises(BadInput):
            table(small, by="season", method="published", **given)


def test_what_is_below_the_line_is_named(small):
    rows = table(small, by="season", method="published")
    rows["p"][:2] = 0.0001, 0.03
    rows["p"][2:] = 0.06
    found = judge(rows, by="season", method="published")
    assert [move.term for move in found.moves] == rows["term"][:2].tolist()
    said = sentence(found, by="season").render("en")
    assert f"{rows['term'][0]} +" in said
    assert "worst to best season" in said
    assert len(draw(rows, found, by="season").data)
    none = judge(rows | {"p": np.ones(len(rows["p"]))}, by="season", method="published")
    assert "find none" in sentence(none, by="season").render("en")
