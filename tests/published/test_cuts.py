"""What is worked out of the published tests by season and weekend, by pandas from the raw rows."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind

from mangetamain.measures import MEASURES
from mangetamain.published.cuts import NUTRIENTS
from mangetamain.published.entries import ENTRIES
from mangetamain.published.ours import Ours
from mangetamain.warehouse import connect

SEASONS = ["Winter", "Spring", "Summer", "Autumn"]
COLUMNS = [MEASURES[of].sql for of in NUTRIENTS]


@pytest.fixture(scope="module")
def world(small_home):
    con = connect(small_home)
    frame = con.execute("SELECT * FROM raw.RAW_recipes WHERE id IN (SELECT id FROM recipes)").df()
    day = pd.to_datetime(frame["submitted"]).dt
    side = np.where(day.day_of_week >= 5, "weekend", "weekday")
    frame = frame.assign(season=np.array(SEASONS)[day.month % 12 // 3], side=side, day=day.day_of_week)
    frame["complexity"] = np.log1p(frame["minutes"]) + frame["n_steps"] + frame["n_ingredients"] / 2
    ours = Ours(con)
    return frame, lambda name: ENTRIES[name](ours)


def test_seasons_of_recipes(world):
    frame, ours = world
    by = frame.groupby("season")
    n = by.size()[SEASONS]
    assert list(ours("season.volume").values()) == n.tolist()
    assert list(ours("season.share").values()) == pytest.approx((100 * n / n.sum()).tolist())
    found = ours("season.volume.deviation")
    assert found["Spring"] == pytest.approx([n["Spring"] - n.mean(), 100 * (n["Spring"] / n.mean() - 1)])
    assert (found["std_ddof1"], found["cv_pct"]) == pytest.approx((n.std(), 100 * n.std() / n.mean()))
    for season, row in ours("season.duration").items():
        values = by.get_group(season)["minutes"]
        low, high = (np.sort(values)[int(np.floor(q * (len(values) - 1) + 0.5))] for q in (0.25, 0.75))
        assert row == pytest.approx([values.mean(), values.median(), low, high, high - low, len(values)])
    for season, row in ours("season.complexity").items():
        part = by.get_group(season)
        score = part["complexity"]
        sizes = [part["n_steps"].mean(), part["n_ingredients"].mean(), len(part)]
        assert row == pytest.approx([score.mean(), score.median(), score.std(), *sizes])
    means = by["complexity"].mean()[SEASONS]
    assert list(ours("season.complexity.means4").values()) == pytest.approx(
        [*means, means.mean(), means.std(), 100 * means.std() / means.mean()]
    )
    for name, row in ours("season.complexity.medians").items():
        assert list(row.values()) == by[name].median()[SEASONS].tolist()


def test_seasons_of_nutrition(world):
    frame, ours = world
    means, n = frame.groupby("season")[COLUMNS].mean().loc[SEASONS], frame.groupby("season").size()[SEASONS]
    assert ours("season.nutrition")["Autumn"] == pytest.approx(means.loc["Autumn"].to_dict())
    plain, weighted = (ours(f"season.nutrition.z_{kind}") for kind in ("unweighted", "weighted"))
    for name in COLUMNS:
        each, whole = means[name], frame[name].mean()
        assert plain[name] == pytest.approx(((each - each.mean()) / each.std(ddof=0)).tolist())
        spread = np.sqrt((n * (each - whole) ** 2).sum() / n.sum())
        assert weighted[name] == pytest.approx(((each - whole) / spread).tolist())
        squares = (n * (each - whole) ** 2 / whole**2).sum()
        assert ours("season.nutrition.chi2w")[name] == pytest.approx([squares, 100 * spread / whole])
    assert plain["order"] == weighted["order"] == SEASONS


def test_the_week_of_recipes(world):
    frame, ours = world
    n, days = frame["side"].value_counts(), frame["day"].value_counts().sort_index()
    totals, ratio = ours("weekend.volume.totals"), ours("weekend.volume.ratio")
    assert (totals["weekday"], totals["weekend"], totals["weekday_div5"]) == (
        *n[["weekday", "weekend"]],
        days[:5].mean(),
    )
    assert totals["weekend_share_pct"] == pytest.approx(100 * (frame["day"] >= 5).mean())
    assert ratio["weekday_over_weekend_pct"] == pytest.approx(100 * (days[:5].mean() / days[5:].mean() - 1))
    assert ratio["weekend_below_weekday_pct"] == pytest.approx(100 * (days[5:].mean() / days[:5].mean() - 1))
    assert ours("weekend.volume.cv") == pytest.approx(100 * days.std() / days.mean())
    assert ours("weekend.volume.deviation")["Mon"] == pytest.approx(100 * (days[0] / days.mean() - 1))
    by = frame.groupby("side")
    assert ours("weekend.duration")["weekend"][:2] == pytest.approx(
        [by["minutes"].mean()["weekend"], by["minutes"].median()["weekend"]]
    )
    assert ours("weekend.complexity")["weekday"] == pytest.approx(
        by[["complexity", "n_steps", "n_ingredients"]].mean().loc["weekday"].tolist()
    )
    for name in COLUMNS:
        days, end = (by.get_group(side)[name] for side in ("weekday", "weekend"))
        test = ttest_ind(days, end)
        assert ours("weekend.nutrition")[name] == pytest.approx(
            [days.mean(), end.mean(), 100 * (end.mean() / days.mean() - 1), test.pvalue]
        )
        pooled = ((len(days) - 1) * days.var() + (len(end) - 1) * end.var()) / (len(days) + len(end) - 2)
        assert ours("weekend.nutrition.sd_implied")[name] == pytest.approx(np.sqrt(pooled))


def test_data_and_cleaning(world):
    frame, ours = world
    assert ours("clean.null_description")["count"] == frame["description"].isna().sum()
    assert ours("clean.null_description")["pct"] == pytest.approx(100 * frame["description"].isna().mean())


@pytest.mark.parametrize(("kind", "short"), [("ingredient", "ing"), ("tag", "tag")])
def test_spellings_of_each_season(small, world, kind, short):
    frame, ours = world
    items = frame[["season", f"{kind}s"]].explode(f"{kind}s").dropna()
    items["spelling"] = items[f"{kind}s"].astype(str).str.split(", ")
    items = items.explode("spelling")
    items["spelling"] = items["spelling"].str.strip("'\"").str.strip().str.lower()
    each = items.groupby("season")["spelling"].nunique()
    expected = each.to_dict() | {"all": items["spelling"].nunique()}
    assert ours(f"season.{short}.unique") == expected
