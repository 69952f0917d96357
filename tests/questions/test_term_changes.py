"""Which terms rise and fall."""

import json

import numpy as np
import pandas as pd
import pytest

from mangetamain.finding import Estimate
from mangetamain.questions import term_curve
from mangetamain.questions.drifts import MOST_WRONG
from mangetamain.questions.term_changes import (
    Drift,
    Jump,
    TermChanges,
    draw,
    judge,
    sentence,
    table,
    term_changes,
)
from mangetamain.questions.term_changes.published import Delta, PublishedChanges
from mangetamain.questions.term_curve import judge as judge_curves
from tests.questions.cubes import POSTED, STILL, WHOLE, YEARS, cubes, drawn, jittered, rise, shares


def literal(**columns):
    n = len(columns["change"])
    plain = {
        "recipes": [60] * n, "first_third": [0.1] * n, "last_third": [0.2] * n,
        "low": [np.nan] * n, "high": [np.nan] * n,
        "wrong": [0.001] * n, "verdict": [None] * n, "jump": [None] * n, "jump_size": [np.nan] * n, "shown": [True] * n,
        "first": [2000] * n, "last": [2017] * n,
    }  # fmt: skip
    objects = ("term", "verdict", "jump")
    return {name: np.array(c, dtype=object if name in objects else None) for name, c in (plain | columns).items()}


def moved():
    return literal(
        term=["kale", "rice", "margarine", "salt"], change=[5.0, 0.5, -3.0, 0.1], low=[4.0, 0.2, -4.0, np.nan],
        high=[6.0, 0.8, -2.0, np.nan], verdict=["clear", "negligible", "clear", None], wrong=[0.001, 0.01, 0.001, 0.3],
        shown=[True, True, True, False], jump=[None, None, 2005, None], jump_size=[np.nan, np.nan, -4.0, np.nan],
    )  # fmt: skip


def test_exact_lines_are_recovered_through_whole_years_alone():
    steady = shares({"kale": rise(0.05, 4), "margarine": rise(0.2, -3), "salt": 0.4})
    steady["kale"][1999] = steady["kale"][2018] = 0
    rows = pd.DataFrame(table(cubes(POSTED, steady))).set_index("term")
    assert rows.index.tolist() == ["kale", "margarine", "salt"]
    assert rows.change.tolist() == pytest.approx([4, -3, 0], abs=0.05)
    assert rows.shown.tolist() == [True, True, False]
    assert (rows["first"].iloc[0], rows["last"].iloc[0]) == (2000, 2017)
    first = [year for year in WHOLE if year < 2006]
    pooled = sum(steady["kale"][year] for year in first) / sum(POSTED[year] for year in first)
    assert rows.first_third["kale"] == pytest.approx(pooled, abs=1e-6)
    assert rows.recipes["kale"] == sum(steady["kale"].values())
    assert rows.low["kale"] < 4 < rows.high["kale"]
    assert rows.verdict.tolist()[:2] == ["clear", "clear"]
    assert np.isnan(rows.low["salt"])


def test_partial_years_enter_when_all_are_fitted():
    rows = table(cubes(POSTED, shares({"kale": rise(0.05, 4)})), fit_all=True)
    assert (rows["first"][0], rows["last"][0]) == (1999, 2018)


def test_terms_in_fewer_than_fifty_recipes_of_the_fit_are_no_family():
    held = {"common": {2004: 30, 2005: 20}, "rare": {2004: 30, 2005: 19}, "early": {1999: 60, 2004: 5}}
    assert table(cubes(POSTED, held))["term"].tolist() == ["common"]
    assert set(table(cubes(POSTED, held), fit_all=True)["term"]) == {"common", "early"}


def test_under_no_change_hardly_any_term_is_called_moving():
    counts = []
    for seed in range(20):
        found = judge(table(cubes(POSTED, drawn(STILL, seed=seed))))
        assert found.n > 200
        counts.append(found.rising + found.falling)
    assert np.mean(np.array(counts) > 0) <= 0.1


def test_planted_risers_and_fallers_are_found_and_their_intervals_cover():
    planted = {f"up {i}": 3 + i / 4 for i in range(12)} | {f"down {i}": -2 - i / 4 for i in range(4)}
    moving = {term: rise(0.1, decade) for term, decade in planted.items()}
    rows = pd.DataFrame(table(cubes(POSTED, drawn(STILL | moving, seed=5)))).set_index("term")
    shown = rows[rows.shown]
    assert len(shown) == 14
    assert set(shown.index) <= set(planted)
    assert list(shown.change) == sorted(shown.change, reverse=True)
    truth = np.array([planted[term] for term in shown.index])
    assert ((shown.low < truth) & (truth < shown.high)).sum() >= 12  # 95 % each
    assert set(rows.index[rows.wrong < 0.025]) >= set(planted)
    found = judge({name: rows.reset_index()[name].to_numpy() for name in ["term", *rows.columns]})
    assert (found.rising >= 12, found.falling >= 4, found.verdict) == (True, True, "clear")
    assert found.up[0].change.confidence == 0.95


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": "tag"},
        {"years": (2002, 2012)},
        {"fit_all": True},
        {"among": "desserts"},
        {"kind": "tag", "among": "ingredient:salt, steps 5-10", "years": (2001, 2011)},
    ],
)
def test_a_term_has_the_same_slope_interval_and_verdict_in_both_questions(sample, given):
    every = pd.DataFrame(table(sample, **term_changes.read(given))).set_index("term")
    shown, kept = every[every.shown], ["kind", "years", "fit_all", "among"]
    others = every[~every.shown].sort_values("wrong")
    asked = [*shown.index, *others.index[:15], *others.index[15 :: len(others) // 15]]
    assert len(asked) > 30
    for i in range(0, len(asked), 6):
        some = tuple(asked[i : i + 6])
        values = term_curve.read(given) | {"chosen": some}
        rows = term_curve.table(sample, **{name: values[name] for name in ["chosen", *kept]})
        curves = judge_curves(rows, fit_all=values["fit_all"]).curves
        assert [one.term for one in curves] == list(some)
        for one in curves:
            term = every.loc[one.term]
            assert one.change.value == pytest.approx(term.change, abs=2e-6)
            sure = one.change.low * one.change.high > 0
            assert sure == (term.wrong < MOST_WRONG)
            if term.shown:
                assert (one.change.low, one.change.high) == pytest.approx((term.low, term.high), abs=2e-6)
                assert one.verdict == term.verdict
            else:
                assert sure or one.verdict in ("negligible", "undecided")


@pytest.mark.slow
@pytest.mark.parametrize("sigma", [0.05, 0.1])
def test_intervals_hold_over_the_family_and_for_the_terms_that_are_shown(sigma):
    truth = {f"up {i}": 0.3 + 0.1 * i for i in range(30)}
    moving, missed, of_shown = {term: rise(0.1, decade) for term, decade in truth.items()}, [], []
    for seed in range(6):
        con = cubes(POSTED, jittered(STILL | moving, sigma, seed))
        every = pd.DataFrame(table(con)).set_index("term")
        for i in range(0, len(every), 6):
            rows = pd.DataFrame(term_curve.table(con, chosen=tuple(every.index[i : i + 6]))).groupby("term").first()
            real = np.array([truth.get(term, 0.0) for term in rows.index])
            bad = (real < rows.change_low) | (rows.change_high < real)
            missed += bad.tolist()
            of_shown += bad[every.shown[rows.index]].tolist()
    for each in (missed, of_shown):
        assert np.mean(each) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(each))
    assert len(of_shown) > 30


def test_a_jump_is_named_even_where_no_line_is_sure():
    found = judge(table(cubes(POSTED, drawn(STILL | {"garlic cloves": np.where(YEARS < 2005, 0.04, 0.11)}))))
    assert (found.jump.term, found.jump.year) == ("garlic cloves", 2005)
    assert found.jump.size == pytest.approx(7, abs=0.6)
    assert "The most sudden change: garlic cloves, +" in sentence(found).render("en")


def test_counts_names_and_the_verdict():
    found = judge(moved(), kind="tag")
    assert found == TermChanges(
        n=4, verdict="clear", kind="tag", first=2000, last=2017, rising=2, falling=1,
        up=(Drift("kale", Estimate(5, 4, 6)), Drift("rice", Estimate(0.5, 0.2, 0.8))),
        down=(Drift("margarine", Estimate(-3, -4, -2)),), jump=Jump("margarine", 2005, -4.0),
    )  # fmt: skip
    assert sentence(found).render("en") == (
        "Of 4 tags in at least 50 recipes, the share rose for 2 and fell for 1 between 2000 and 2017 (false discovery "
        "rate 5%). Most up, in percentage points per decade: kale +5.0 (+4.0 to +6.0) and rice +0.5 (+0.2 to +0.8). "
        "Most down: margarine −3.0 (−4.0 to −2.0). The most sudden change: margarine, −4.0 percentage points in 2005 "
        "alone, so sudden that it may be one of words, not of cooking."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (4.0, "rose for 1 and fell for none"),
        (-4.0, "rose for none and fell for 1"),
        (None, "none is found to have a share that"),
    ],
)
def test_one_sided_and_no_changes_have_their_own_sentences(change, words):
    if change is None:
        rows = literal(term=["salt"], change=[0.1], wrong=[0.25], shown=[False])
    else:
        ends = {"low": [change - 1], "high": [change + 1]}
        rows = literal(term=["salt"], change=[change], verdict=["clear"], **ends)
    found = judge(rows)
    assert words in sentence(found).render("en")
    assert found.verdict == ("undecided" if change is None else "clear")
    notes = [each.text for each in draw(rows, found).layout.annotations]
    assert notes == ["Nothing stands out from chance."] * (change is None)


def test_the_published_deltas_equal_pandas():
    con = cubes(POSTED, drawn(STILL, seed=1))
    spellings = con.execute("SELECT spelling, year, occurrences FROM cube_spellings").df()
    totals = spellings.groupby("spelling")["occurrences"].sum()
    common = spellings[spellings.spelling.isin(totals.index[totals >= 50])]
    wide = common.pivot(index="spelling", columns="year", values="occurrences").fillna(0) / pd.Series(POSTED)
    delta = (wide[2018] - wide[1999]).sort_values()
    found = judge(table(con, method="published"), method="published")
    assert isinstance(found, PublishedChanges)
    assert (found.n, found.first, found.last) == (len(delta), 1999, 2018)
    assert [one.delta for one in found.down] == pytest.approx(delta[:10].tolist(), abs=1e-6)
    assert [one.delta for one in found.up] == pytest.approx(delta[::-1][:10].tolist(), abs=1e-6)
    assert found.up[0].term == delta.index[-1]
    assert found.down[0].term == delta.index[0]


def test_the_published_deltas_take_a_missing_year_as_none_and_the_first_year_there_is():
    con = cubes({2003: 10, 2005: 100}, {"kale": {2005: 60}, "salt": {2003: 5, 2005: 45}})
    rows = table(con, method="published")
    assert rows["term"].tolist() == ["kale", "salt"]
    assert rows["change"].tolist() == pytest.approx([0.6, -0.05])
    found = judge(rows, method="published")
    assert sentence(found).render("en") == (
        "Occurrences per recipe of 2 ingredients as spelled, 2005 against 2003; most up: kale +0.600; most down: "
        "salt −0.050."
    )
    one = judge(table(cubes({2003: 90}, {"kale": {2003: 60}}), method="published"), method="published")
    assert "most up: none; most down: none" in sentence(one).render("en")


def test_the_figure_puts_rises_above_falls_with_their_intervals():
    rows = moved()
    figure = draw(rows, judge(rows))
    up, up_whiskers, risen, down, _, fallen = figure.data
    assert [(name.y[0], name.textposition) for name in (risen, fallen)] == [
        ("kale", "middle left"), ("margarine", "middle right"),
    ]  # fmt: skip
    assert (up.name, up.meta["role"], list(up.y), list(up.x)) == ("Rises", "rise", ["kale", "rice"], [5.0, 0.5])
    assert (down.name, down.meta["role"], list(down.y), list(down.x)) == ("Falls", "fall", ["margarine"], [-3.0])
    assert list(up_whiskers.error_x.array) == pytest.approx([1.0, 0.3])
    assert list(figure.layout.yaxis.categoryarray) == ["kale", "rice", "margarine"]
    assert figure.layout.xaxis.title.text == "Percentage points per decade"


def test_the_published_figure_has_no_intervals():
    found = PublishedChanges(n=1, kind="tag", first=1999, last=2018, up=(Delta("easy", 0.2),), down=())
    rows = {"term": np.array(["easy"], object), "change": np.array([0.2]), "shown": np.array([True])}
    figure = draw(rows, found)
    assert [(list(bar.x), list(bar.y)) for bar in figure.data] == [([0.2], ["easy"])]
    assert figure.layout.xaxis.title.text == "Change in occurrences per recipe"


@pytest.mark.parametrize("method", ["robust", "published"])
@pytest.mark.parametrize("con", [cubes(), cubes({2004: 200, 2005: 200}, {}), cubes(POSTED, {})])
def test_nothing_to_follow_is_said_and_drawn_empty(con, method):
    rows = table(con, method=method)
    found = judge(rows, method=method)
    assert found.n == 0
    assert (
        sentence(found)
        .render("en")
        .startswith("There is no trend to look for: that takes 4 whole years of at least 100")
    )
    figure = draw(rows, found)
    assert (len(figure.data), bool(figure.layout.xaxis.title.text)) == (0, True)


@pytest.mark.parametrize("method", ["robust", "published"])
def test_an_answer_survives_json(method):
    con = cubes(POSTED, drawn(STILL | {"kale": rise(0.05, 4), "rose": np.where(YEARS < 2005, 0.04, 0.11)}))
    answer = term_changes.answer(con, term_changes.read({"method": method}), "f", True)
    again = term_changes.revive(json.loads(answer.to_json()))
    assert again.finding == answer.finding
    assert again.to_json() == answer.to_json()
    assert again.table.equals(answer.table)
