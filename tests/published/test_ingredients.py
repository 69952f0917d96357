"""Ratings of the chosen ingredients, by pandas and scipy from the raw rows."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f_oneway, kendalltau, mannwhitneyu

from mangetamain.published.entries import ENTRIES
from mangetamain.published.ours import Ours
from mangetamain.questions.term_levels.published import CHOSEN
from mangetamain.warehouse import connect

SEASONS = ["Spring", "Summer", "Autumn", "Winter"]


@pytest.fixture(scope="module")
def world(small_home):
    """Every rating of every chosen ingredient, once for each ingredient, with a calendar of pandas's own."""
    con = connect(small_home)
    recipes = con.execute("SELECT id AS recipe_id, ingredients AS term FROM raw.RAW_recipes").df().explode("term")
    ratings = con.execute("SELECT DISTINCT * FROM raw.RAW_interactions WHERE rating > 0").df()
    rows = recipes.merge(ratings, on="recipe_id")
    day = pd.to_datetime(rows["date"]).dt
    seasons = np.array(["Winter", "Spring", "Summer", "Autumn"])[day.month % 12 // 3]
    rows = rows.assign(year=day.year, day=day.day_of_week, season=seasons, weekend=day.day_of_week >= 5)
    rows["five"] = 100.0 * (rows["rating"] == 5)
    return Ours(con), rows


@pytest.fixture(params=["lt", "season", "week"])
def chosen(request, world):
    ours, rows = world
    names = CHOSEN[{"lt": "year", "week": "weekend"}.get(request.param, request.param)]
    part = rows[rows["term"].isin(names)]
    return request.param, lambda name: ENTRIES[f"ringr.{request.param}.{name}"](ours), part, part.groupby("term").rating


def test_totals_and_counts(chosen):
    cut, ours, rows, terms = chosen
    total = ours("total")
    assert total["rows"] == len(rows) > 300
    assert total["period"] == [str(rows["date"].min().date()), str(rows["date"].max().date())]
    if cut == "season":
        assert {season: total[season] for season in SEASONS} == rows["season"].value_counts().to_dict()
    if cut == "week":
        assert (total["weekday"], total["weekend"]) == ((~rows["weekend"]).sum(), rows["weekend"].sum())
        assert total["weekend_pct"] == pytest.approx(100 * rows["weekend"].mean())
        assert list(ours("days").values()) == rows["day"].value_counts().sort_index().tolist()
    if cut != "lt":
        assert ours("counts") == terms.size().to_dict()


def test_years(world):
    ours, rows = world
    rows = rows[rows["term"].isin(CHOSEN["year"])]
    tested = ENTRIES["ringr.lt.mk"](ours)
    for term, row in ENTRIES["ringr.lt.table"](ours).items():
        part = rows[rows["term"] == term]
        mean = part.groupby("year").rating.mean()
        assert row == [len(part), pytest.approx(mean.mean()), mean.index[0], mean.index[-1]]
        if term in tested:
            way, p, tau, slope, years = tested[term]
            assert years == len(mean)
            # Without equal means, scipy's tau is that of the published formula, which does not correct for them.
            pairs = [np.sign(b - a) for a, b in combinations(mean.round(12), 2)]
            assert tau == pytest.approx(np.mean(pairs))
            if mean.round(12).is_unique:
                assert tau == pytest.approx(kendalltau(mean.index, mean).statistic)
            slopes = [(b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(mean), 2)]
            assert slope == pytest.approx(np.median(slopes))
            assert way == ("no trend" if p >= 0.05 else "increasing" if tau > 0 else "decreasing")
    assert len(tested) >= 3


def test_seasons(world):
    ours, rows = world
    rows = rows[rows["term"].isin(CHOSEN["season"])]
    overall = rows.groupby("season").agg(n=("rating", "size"), mean=("rating", "mean"), five=("five", "mean"))
    overall["sd"] = rows.groupby("season").rating.std()
    for season, row in ENTRIES["ringr.season.overall"](ours).items():
        assert row == pytest.approx(overall.loc[season].tolist())
    tested, means = (ENTRIES[f"ringr.season.{name}"](ours) for name in ("anova", "means"))
    pairs = ENTRIES["ringr.season.pairs"](ours)
    significant = []
    for term, part in rows.groupby("term"):
        groups = {season: part.rating[part.season == season] for season in SEASONS if (part.season == season).any()}
        assert means[term]["n"] == [len(groups.get(season, [])) for season in SEASONS]
        averages = {season: group.mean() for season, group in groups.items()}
        if term in tested:
            f, p, best, spread = tested[term]
            assert (f, p) == pytest.approx(f_oneway(*groups.values()), rel=1e-6)
            assert averages[best] == pytest.approx(max(averages.values()))
            assert spread == pytest.approx(max(averages.values()) - min(averages.values()))
            significant += [spread] * (p < 0.05)
        for one, other in combinations(groups, 2):
            gap = averages[one] - averages[other]
            found = pairs[f"{term} {one}{'>' if gap > 0 else '<'}{other}"]
            p = mannwhitneyu(groups[one], groups[other], method="asymptotic").pvalue
            assert found == pytest.approx([gap, 1.0 if np.isnan(p) else p], rel=1e-6, abs=1e-12)
    assert len(tested) >= 5
    if significant:
        found = ENTRIES["ringr.season.amplitude"](ours)
        assert (found["mean"], found["median"]) == pytest.approx((np.mean(significant), np.median(significant)))
        assert (found["min"], found["max"]) == pytest.approx((min(significant), max(significant)))
        assert found["pct_of_mean_rating"] == pytest.approx(100 * np.mean(significant) / rows.rating.mean())


def test_weekends(world):
    ours, rows = world
    rows = rows[rows["term"].isin(CHOSEN["weekend"])]
    for side, part in rows.groupby(np.where(rows["weekend"], "weekend", "weekday")):
        expected = [part.rating.mean(), part.rating.std(), part.five.mean()]
        assert ENTRIES["ringr.week.overall"](ours)[side] == pytest.approx(expected)
    for name, columns in {"mw": range(6), "ns": (0, 1), "means_extra": (3, 2)}.items():
        for term, row in ENTRIES[f"ringr.week.{name}"](ours).items():
            part = rows[rows["term"] == term]
            end, days = part.rating[part.weekend], part.rating[~part.weekend]
            p = mannwhitneyu(end, days, method="asymptotic").pvalue
            everything = [end.mean() - days.mean(), p, end.mean(), days.mean(), len(end), len(days)]
            assert row == pytest.approx([everything[column] for column in columns], rel=1e-6, abs=1e-12)
    for term, found in ENTRIES["ringr.week.daily"](ours).items():
        by_day = rows[rows["term"] == term].groupby("day").rating.agg(["size", "mean"]).reindex(range(7), fill_value=0)
        assert found["n"] == by_day["size"].tolist()
        assert found["mean"] == pytest.approx(by_day["mean"].tolist())
