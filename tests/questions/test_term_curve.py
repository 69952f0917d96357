"""The share of chosen terms, year by year."""

import json

import numpy as np
import pytest

from mangetamain.errors import BadInput
from mangetamain.questions.shares import FewYears
from mangetamain.questions.term_curve import CurvesFinding, draw, judge, sentence, table, term_curve
from tests.questions.cubes import POSTED, cubes, drawn, shares

YEARS = np.array(list(POSTED))


def test_shares_by_hand_for_terms_in_any_spelling_in_the_order_chosen(tiny):
    rows = table(tiny, chosen=("egg", "onions", "eggs"))
    assert rows["term"].tolist() == ["eggs"] * 3 + ["onion"] * 3
    assert rows["year"].tolist() == [2004, 2005, 2006] * 2
    assert rows["recipes"].tolist() == [0, 2, 1, 2, 0, 1]
    assert rows["n"].tolist() == [2, 3, 3] * 2
    assert rows["share"] == pytest.approx([0, 2 / 3, 1 / 3, 1, 0, 1 / 3], abs=1e-6)
    assert ((rows["low"] <= rows["share"]) & (rows["share"] <= rows["high"])).all()
    assert (rows["low"][0], rows["high"][3]) == (0, 1)
    assert rows["thin"].all()


def test_the_three_most_frequent_stand_in_for_none_chosen(tiny):
    assert list(dict.fromkeys(table(tiny)["term"])) == ["salt", "butter", "water"]
    assert list(dict.fromkeys(table(tiny, kind="tag", years=(2006, 2006))["term"])) == ["desserts", "meat", "salads"]


def test_a_term_may_be_absent_from_the_chosen_years(tiny):
    rows = table(tiny, chosen=("lettuce",), years=(2004, 2005))
    assert rows["recipes"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("kind", "word", "said"),
    [
        ("ingredient", "buter", "No recipe names the ingredient 'buter'; did you mean 'butter'?"),
        ("tag", "desert", "No recipe has the tag 'desert'; did you mean 'desserts'?"),
        ("tag", "butter", "'butter' is an ingredient and no tag."),
        ("ingredient", "desserts", "'desserts' is a tag and no ingredient."),
        ("tag", "xyzzy", "No recipe has the tag 'xyzzy'."),
    ],
)
def test_an_unknown_term_is_refused_with_the_nearest(tiny, kind, word, said):
    with pytest.raises(BadInput) as refused:
        term_curve(tiny, kind=kind, chosen=word)
    assert str(refused.value) == said


def test_an_empty_vocabulary_has_nothing_near():
    with pytest.raises(BadInput, match=r"'salt'\.$"):
        table(cubes(), chosen=("salt",))


def test_each_curve_is_judged_by_its_change_per_decade():
    moving = {"kale": 0.05 + 0.004 * (YEARS - 2000), "salt": 0.4, "rice": 0.1 + 0.0002 * (YEARS - 2000)}
    found = judge(table(cubes(POSTED, shares(moving)), chosen=("kale", "rice")))
    kale, rice = found.curves
    assert (kale.change.value, kale.verdict) == (pytest.approx(4, abs=0.05), "clear")
    # Drawn to none: by itself it may be luck.
    assert 0 < rice.change.value < 0.2 < rice.change.high
    assert rice.verdict == "negligible"
    n = np.array([POSTED[year] for year in range(2000, 2018)])
    assert kale.share == pytest.approx((moving["kale"][1:-1] * n).sum() / n.sum(), abs=0.001)
    assert (found.first, found.last, found.n) == (2000, 2017, 200_066)
    assert found.verdict is None
    said = sentence(found).render("en")
    assert said.startswith("Share of the recipes posted between 2000 and 2017, and its trend, in percentage points ")
    assert f"kale {kale.share:.1%}, a clear trend of +4.0 (" in said
    alone = judge(table(cubes(POSTED, shares(moving)), chosen=("kale",)))
    assert alone.verdict == "clear"
    assert judge(table(cubes(POSTED, shares(moving)), chosen=("kale",), fit_all=True), fit_all=True).first == 1999


@pytest.mark.slow
def test_intervals_cover_a_planted_slope():
    hits = 0
    for seed in range(200):
        con = cubes(POSTED, drawn({"kale": 0.05 + 0.002 * (YEARS - 2000)}, seed=seed))
        change = judge(table(con)).curves[0].change
        hits += change.low < 2 < change.high
    assert hits >= 184  # 95 % less three standard errors


def test_every_verdict_has_its_words():
    rows = table(cubes(POSTED, drawn({"kale": 0.05})), chosen=("kale",))
    found = judge(rows)
    for word in ("clear", "real", "negligible", "undecided"):
        curve = type(found.curves[0])(**(vars(found.curves[0]) | {"verdict": word}))
        said = sentence(CurvesFinding(**(vars(found) | {"curves": (curve,)}))).render("en")
        assert f"{word} trend of" in said


def test_too_few_years_are_said():
    rows = table(cubes({2004: 200, 2005: 200, 2006: 50}, {"salt": {2004: 100}}))
    found = judge(rows)
    assert found == FewYears(n=450, years=2, least=100, verdict="undecided")
    assert sentence(found).render("en") == (
        "A trend needs at least 4 whole years of 100 recipes or more; here there are 2."
    )
    assert len(draw(rows, found).data) == 4


def test_the_figure_has_a_band_and_a_line_a_term_and_pale_points():
    rows = table(cubes(POSTED, shares({"salt": 0.4, "kale": 0.1})), years=(1999, 2003))
    figure = draw(rows, judge(rows))
    lines = [trace for trace in figure.data if trace.mode == "lines" and trace.line.width is None]
    assert [(line.name, line.meta["role"]) for line in lines] == [("salt", "centre"), ("kale", "other")]
    assert list(lines[0].x) == [2000, 2001, 2002, 2003]  # no line leads to the year that is not whole
    assert lines[0].y == pytest.approx([40] * 4, abs=0.1)
    assert list(figure.data[-1].x) == [1999, 1999]
    assert (figure.layout.yaxis.title.text, figure.layout.yaxis.ticksuffix) == ("Share of recipes", "%")
    assert figure.layout.xaxis.title.text == "Year of posting"
    whole = table(cubes(POSTED, shares({"salt": 0.4})), years=(2001, 2003))
    assert len(draw(whole, judge(whole)).data) == 3


@pytest.mark.parametrize("con", [cubes(), cubes({2004: 200}, {})])
def test_nothing_to_count_is_said_and_drawn_empty(con):
    rows = table(con, years=(2001, 2010))
    found = judge(rows)
    assert found.n == 0
    assert sentence(found).render("en") == "There is nothing to count in these years."
    figure = draw(rows, found)
    assert (len(figure.data), figure.layout.yaxis.title.text) == (0, "Share of recipes")


def test_an_answer_survives_json(tiny):
    for con, given in ((tiny, {"chosen": "egg"}), (cubes(POSTED, shares({"kale": 0.1})), {"chosen": "kale"})):
        answer = term_curve.answer(con, term_curve.read(given), "f", True)
        again = term_curve.revive(json.loads(answer.to_json()))
        assert again.finding == answer.finding
        assert again.to_json() == answer.to_json()
        assert again.table.equals(answer.table)


def test_a_rare_term_that_doubles_is_no_trifle():
    """A change of 0.4 points a decade is negligible for rice, and clear for kale, which had less than that."""
    moving = {"kale": 0.001 + 0.0004 * (YEARS - 2000), "rice": 0.1 + 0.0004 * (YEARS - 2000)}
    kale, rice = judge(table(cubes(POSTED, shares(moving)), chosen=("kale", "rice"))).curves
    assert (kale.verdict, rice.verdict) == ("clear", "negligible")
    assert (kale.smallest, rice.smallest) == (pytest.approx(0.18, abs=0.02), 1.0)
