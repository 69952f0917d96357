"""Different terms at equal sample size."""

import json
from math import comb

import numpy as np
import pytest
import statsmodels.api as sm

from mangetamain.charts import values
from mangetamain.questions.diversity import (
    DiversityFinding,
    PublishedDiversity,
    diversity,
    draw,
    judge,
    sentence,
    table,
)
from mangetamain.questions.shares import FewYears
from mangetamain.warehouse import build, connect
from tests.conftest import RECIPES, write_official_files
from tests.questions.cubes import POSTED, cubes, drawn

YEARS = np.array(list(POSTED))
# A long tail, as vocabularies have.
TAIL = {f"term {i:04}": share for i, share in enumerate(0.3 / np.arange(1, 1501))}

# Different ingredients a year, read off the published figure.
DIGITISED = [1872, 1260, 3590, 6035, 5790, 5872, 6876, 7525, 8131, 8100]
DIGITISED += [6750, 5203, 4400, 3735, 3130, 1665, 795, 668, 765, 548]


def literal(expected, *, years=None, n=1000, se=1.0, spellings=None, per_recipe=8.0, at_equal_terms=None):
    years = np.arange(2000, 2000 + len(expected)) if years is None else np.array(years, dtype=int)
    counts = np.broadcast_to(n, len(years)).astype(int)
    expected = np.array(expected, dtype=float)
    return {
        "year": years, "n": counts, "spellings": np.array(spellings if spellings is not None else expected, dtype=int),
        "terms": np.full(len(years), 9), "sample": np.full(len(years), 200), "expected": expected,
        "se": np.full(len(years), se), "per_recipe": np.broadcast_to(per_recipe, len(years)).astype(float),
        "per_recipe_se": np.full(len(years), 0.01),
        "at_equal_terms": expected.copy() if at_equal_terms is None else np.array(at_equal_terms, float),
        "partial": np.isin(years, [1999, 2018]), "thin": counts < 100,
    }  # fmt: skip


def test_the_expected_terms_are_those_of_all_samples(tiny):
    rows = table(tiny, fit_all=True)
    assert rows["year"].tolist() == [2004, 2005, 2006]
    assert rows["n"].tolist() == [2, 3, 3]
    assert rows["spellings"].tolist() == [5, 7, 10]
    assert rows["terms"].tolist() == [4, 6, 10]
    assert rows["sample"].tolist() == [2, 2, 2]
    # 2005: salt 3, flour 2, eggs 2, water, sugar, butter 1 of 3 recipes; a term is missed in C(3 - k, 2) of 3 samples.
    held = [3, 2, 2, 1, 1, 1]
    assert rows["expected"][1] == pytest.approx(sum(1 - comb(3 - k, 2) / comb(3, 2) for k in held), abs=1e-6)
    assert rows["expected"][0] == pytest.approx(4)


def test_the_sample_is_the_smallest_year_of_the_fit_and_smaller_years_have_none():
    posted = {1999: 400, 2000: 150, 2001: 300, 2002: 40, 2018: 120}
    rows = table(cubes(posted, drawn(TAIL, posted)))
    assert set(rows["sample"]) == {150}
    assert np.isfinite(rows["expected"]).tolist() == [True, True, True, False, False]
    assert set(table(cubes(posted, drawn(TAIL, posted)), fit_all=True)["sample"]) == {40}
    thin = table(cubes({2001: 50, 2002: 60}, {"salt": {2001: 5}}))
    assert thin["sample"].tolist() == [50, 50]


def test_equal_samples_remove_what_raw_counts_owe_to_the_number_of_recipes():
    posted = dict(zip(range(2000, 2012), np.geomspace(20_000, 300, 12).astype(int).tolist(), strict=True))
    rows = table(cubes(posted, drawn(TAIL, posted)))
    raw, ours = judge(rows, method="published"), judge(rows)
    assert raw.end < 0.6 * raw.start
    assert (raw.slope < -20, raw.p < 0.01) == (True, True)
    assert not ours.relative.excludes_zero
    assert abs(ours.relative.value) < 0.03


def test_a_vocabulary_that_shrinks_is_found_whatever_the_number_of_recipes():
    fewer = {term: share * (1 - 0.02 * (YEARS - 1999)) for term, share in TAIL.items()}
    found = judge(table(cubes(POSTED, drawn(fewer))))
    assert (found.verdict, found.sample, found.left_out) == ("clear", 172, (1999, 2018))
    assert found.relative.high < -0.05
    assert "fell by" in sentence(found).render("en")


@pytest.mark.slow
def test_under_no_change_the_false_positive_rate_is_the_stated_one():
    posted = dict(zip(range(2000, 2018), np.geomspace(6000, 300, 18).astype(int).tolist(), strict=True))
    some = dict(list(TAIL.items())[:500])
    found = [judge(table(cubes(posted, drawn(some, posted, seed)))) for seed in range(200)]
    assert np.mean([one.relative.excludes_zero for one in found]) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_the_published_regression_equals_statsmodels():
    n, spellings = np.array(list(POSTED.values())), np.array(DIGITISED)
    found = judge(literal(np.ones(20), years=YEARS, n=n, spellings=spellings), method="published")
    assert isinstance(found, PublishedDiversity)
    fit = sm.WLS(spellings, sm.add_constant(YEARS), weights=n).fit()
    assert (found.intercept, found.slope) == pytest.approx(tuple(fit.params), rel=1e-6)
    assert (found.p, found.r2) == pytest.approx((fit.pvalues[1], fit.rsquared), rel=1e-6)
    # The digitised series gives the published slope and p, and the R² that the notebook should have printed.
    assert found.slope == pytest.approx(-10.7, abs=2)
    assert (found.p, found.r2) == pytest.approx((0.928, 0.0004), abs=0.01)
    assert (found.start, found.end) == (1872, 548)


def test_raw_counts_equal_pandas_on_real_rows(real):
    lists = real.execute("SELECT year, r.ingredients AS items FROM raw.RAW_recipes r JOIN recipes USING (id)").df()
    lists["items"] = lists["items"].map(
        lambda items: [part.strip("'\"").strip().lower() for i in items for part in i.split(", ")]
    )
    expected = lists.explode("items").groupby("year")["items"].nunique()
    rows = table(real)
    assert dict(zip(rows["year"].tolist(), rows["spellings"].tolist(), strict=True)) == expected.to_dict()


@pytest.mark.parametrize(
    ("slope", "se", "verdict", "words"),
    [
        (-5.0, 0.5, "clear", "fell by 50.0 per decade"), (5.0, 0.5, "clear", "rose by 50.0 per decade"),
        (1.7, 5.0, "real", "would matter is open"), (-1.7, 5.0, "real", "would matter is open"),
        (0.1, 0.5, "negligible", "hardly moved"), (0.1, 60.0, "undecided", "do not settle"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["ingredient", "tag"])
def test_each_verdict_has_its_sentence(slope, se, verdict, words, kind):
    wobble = np.tile([0.3, -0.3, 0.0], 6) * se
    found = judge(literal(400 + slope * np.arange(18) + wobble, se=se), kind=kind)
    assert isinstance(found, DiversityFinding)
    assert found.verdict == verdict
    said = sentence(found).render("en")
    assert words in said
    assert "In 200 recipes of each year, " in said
    assert f"different {kind}s" in said


RISE, LONGER, STEADY = 400 + 4.0 * np.arange(18), 8 + 0.08 * np.arange(18), np.full(18, 400.0)


@pytest.mark.parametrize(
    ("per_recipe", "at_equal_terms", "said"),
    [
        (LONGER, STEADY, "It goes with the length of the lists: ingredients per recipe changed by +9.2% per decade"),
        (
            LONGER,
            STEADY + RISE / 4,
            "The length of the lists is not all of it: ingredients per recipe changed by +9.2%",
        ),
        (8.0, RISE, None),
        (LONGER[::-1], 2 * RISE - 400, None),
    ],
)
def test_what_longer_lists_have_to_do_with_it_is_said(per_recipe, at_equal_terms, said):
    rows = literal(RISE, se=0.5, per_recipe=per_recipe, at_equal_terms=at_equal_terms)
    words = sentence(judge(rows)).render("en")
    assert (said in words) if said else "length of the lists" not in words
    assert "the number of different ingredients rose by 40.0 per decade" in words


def test_a_year_whose_recipes_name_nothing_leaves_the_fit():
    rows = table(cubes(POSTED, {term: by_year | {2016: 0} for term, by_year in drawn(TAIL).items()}))
    assert (rows["sample"][0], rows["terms"][17], np.isnan(rows["se"][17])) == (228, 0, True)
    assert judge(rows).left_out == (1999, 2016, 2018)


def test_nothing_is_said_of_lists_where_the_terms_hardly_moved():
    rows = literal(400 + 0.2 * np.arange(18), se=0.05, per_recipe=LONGER, at_equal_terms=STEADY)
    assert "lists" not in sentence(judge(rows)).render("en")


def test_at_equally_many_terms_longer_lists_add_nothing():
    """Every recipe names a fifth more in the end, of a vocabulary that stays the same."""
    more = {term: share * (1 + 0.2 * (YEARS - 1999) / 19) for term, share in TAIL.items()}
    rows = table(cubes(POSTED, drawn(more)))
    assert rows["per_recipe"][-2] / rows["per_recipe"][1] == pytest.approx(1.18, abs=0.05)
    found = judge(rows)
    assert found.relative.low > 0.03
    assert abs(found.at_equal_terms.value) < 0.02
    assert found.per_recipe.value == pytest.approx(0.096, abs=0.02)
    assert "It goes with the length of the lists: ingredients per recipe changed by +" in sentence(found).render("en")


def test_the_change_is_per_decade_and_relative_to_the_level():
    found = judge(literal(400 - 4.0 * np.arange(11)))
    assert found.change.value == pytest.approx(-40, abs=0.1)
    assert found.level == pytest.approx(380)
    assert found.relative.value == pytest.approx(-40 / 380, abs=1e-3)


def test_the_published_sentence_gives_both_ends():
    found = PublishedDiversity(
        n=9,
        kind="tag",
        first=1999,
        last=2018,
        start=325,
        end=172,
        slope=1.44,
        intercept=-2,
        r2=0.0314,
        p=0.455,
        spearman=0.4,
    )
    assert sentence(found).render("en") == (
        "From 325 in 1999 to 172 in 2018, the number of different tags as spelled changes by +1.4 a year in the "
        "published regression (R² 0.0314, p 0.4550)."
    )


def test_the_figure_draws_equal_samples_their_trend_and_pales_what_is_outside():
    rows = literal([390, 400, 395, 385, 380, 410], years=[1999, 2000, 2001, 2002, 2003, 2018])
    rows["expected"][-1] = np.nan
    figure = draw(rows, judge(rows))
    assert [trace.name for trace in figure.data] == ["Equal samples", "Year", "Left out of the trend", "Trend"]
    assert list(figure.data[0].x) == list(figure.data[1].x) == [2000, 2001, 2002, 2003]
    assert list(figure.data[1].error_y.array) == pytest.approx([1.96] * 4)
    assert figure.layout.yaxis.title.text == "Different ingredients expected"
    inside = literal([400, 395, 385, 380])
    assert "Left out of the trend" not in [trace.name for trace in draw(inside, judge(inside)).data]


def test_the_published_figure_draws_the_raw_counts():
    rows = literal([1.0] * 4, spellings=[10, 20, 30, 40])
    figure = draw(rows, judge(rows, kind="tag", method="published"))
    assert [trace.name for trace in figure.data] == ["As counted", "Trend"]
    assert list(figure.data[0].y) == [10, 20, 30, 40]
    assert list(figure.data[1].y) == pytest.approx([10, 40])
    assert figure.layout.yaxis.title.text == "Different tags"


@pytest.mark.parametrize(("method", "years"), [("robust", 2), ("published", 2)])
def test_too_few_years_are_said(method, years):
    rows = literal([400.0, 410.0])
    found = judge(rows, method=method)
    assert isinstance(found, FewYears)
    assert found.years == years
    assert "here there are 2" in sentence(found).render("en")
    assert len(draw(rows, found).data) == 1


def test_a_lone_recipe_is_drawn_and_judged_by_nobody(tmp_path):
    build(str(write_official_files(tmp_path / "raw", RECIPES[:1])), home=tmp_path)
    answer = diversity(connect(tmp_path), fit_all=True)
    assert (answer.columns["expected"].tolist(), np.isnan(answer.columns["se"]).tolist()) == ([3], [True])
    assert answer.sentence("en") == "A trend needs at least 4 years of 2 recipes or more; here there are 0."
    assert [values(trace["y"]) for trace in answer.figure_spec("en")["data"]] == [[3.0]]


def test_years_of_a_lone_recipe_do_not_make_a_trend_without_doubt():
    """Each would have the error zero, and five of them an interval of no width."""
    posted = {2003: 1, 2004: 1, 2005: 1, 2006: 1, 2007: 1}
    rows = table(cubes(posted, {"salt": posted}), fit_all=True)
    found = judge(rows, fit_all=True)
    assert isinstance(found, FewYears)
    assert (found.years, found.least, found.verdict) == (0, 2, "undecided")


def test_a_constant_number_has_a_flat_published_line():
    rows = literal([5.0] * 4, spellings=[7] * 4)
    found = judge(rows, method="published")
    assert (found.slope, found.r2, found.p, found.spearman) == (0.0, 0.0, 1.0, 0.0)
    assert "changes by 0.0 a year in the published regression (R² 0.0000, p 1.0000)" in sentence(found).render("en")


@pytest.mark.parametrize("method", ["robust", "published"])
@pytest.mark.parametrize("con", [cubes(), cubes({2004: 200, 2005: 100}, {})])
def test_nothing_to_count_is_said(con, method):
    rows = table(con)
    found = judge(rows, method=method)
    assert found.n == 0
    assert sentence(found).render("en") == "There is nothing to count in these years."
    assert draw(rows, found).layout.yaxis.title.text == "Different ingredients expected"
    assert len(draw(rows, found).data) == 0


@pytest.mark.parametrize("method", ["robust", "published"])
def test_an_answer_survives_json(method):
    con = cubes(POSTED, drawn(TAIL))
    answer = diversity.answer(con, diversity.read({"method": method}), "f", True)
    again = diversity.revive(json.loads(answer.to_json()))
    assert again.finding == answer.finding
    assert again.to_json() == answer.to_json()
    assert again.table.equals(answer.table)
