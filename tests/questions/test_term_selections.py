"""Ingredients and tags of the recipes of a selection, recomputed with pandas."""

from math import comb

import numpy as np
import pandas as pd
import pytest

from mangetamain.conditions import read
from mangetamain.errors import BadInput
from mangetamain.questions import QUESTIONS, diversity, term_changes, term_curve, terms
from mangetamain.questions.term_curve import CurvesFinding
from tests.questions.selections import GIVEN, NOTHING, SELECTIONS, chosen

VERBS = ("terms", "term_curve", "term_changes", "diversity", "volume")
KINDS = ("ingredient", "tag")
selections = pytest.mark.parametrize("among", SELECTIONS)
kinds = pytest.mark.parametrize("kind", KINDS)


def given(among, kind):
    named = among.replace("not ", "").replace("ingredient:", "").split(", ")
    return {name for name in named if name in GIVEN and (kind == "ingredient") == (name == "salt")}


@selections
@kinds
def test_terms_are_counted_among_the_recipes_of_the_selection(small, among, kind):
    recipes, held = chosen(small, among)
    recipes, held = (rows[rows["year"].between(2003, 2010)] for rows in (recipes, held))
    counts = held[(held["kind"] == kind) & ~held["term"].isin(given(among, kind))]["term"].value_counts()
    expected = counts.reset_index().sort_values(["count", "term"], ascending=[False, True])[:15]
    found = terms.table(small, kind=kind, years=(2003, 2010), among=read("among", among))
    assert found["term"].tolist() == expected["term"].tolist()
    assert found["recipes"].tolist() == expected["count"].tolist()
    assert set(found["all_recipes"]) == {len(recipes)}
    assert set(found["vocabulary"]) == {len(counts)}
    assert found["share"] == pytest.approx(expected["count"] / len(recipes), abs=1e-6)


@selections
def test_a_curve_is_a_share_of_the_recipes_of_the_selection(small, among):
    recipes, held = chosen(small, among)
    posted = recipes.groupby("year").size()
    words = ("main-dish", "desserts")
    found = pd.DataFrame(term_curve.table(small, kind="tag", chosen=words, among=read("among", among), fit_all=True))
    for word in words:
        rows = found[found["term"] == word]
        with_it = held[(held["kind"] == "tag") & (held["term"] == word)].groupby("year").size()
        assert rows["year"].tolist() == posted.index.tolist()
        assert rows["n"].tolist() == posted.tolist()
        assert rows["recipes"].tolist() == with_it.reindex(posted.index, fill_value=0).tolist()
        assert rows["change"].isna().all() == (word in given(among, "tag"))


@selections
@kinds
def test_changes_are_of_the_shares_among_the_recipes_of_the_selection(small, among, kind):
    recipes, held = chosen(small, among)
    posted = recipes.groupby("year").size()
    posted = posted[posted >= 2]
    counts = held[held["kind"] == kind].groupby(["term", "year"]).size().unstack(fill_value=0)[posted.index]
    counts = counts[(counts.sum(axis=1) >= 50) & ~counts.index.isin(list(given(among, kind)))]
    table = term_changes.table(small, kind=kind, fit_all=True, among=read("among", among))
    found = pd.DataFrame(table).set_index("term").loc[counts.index]
    assert len(table["term"]) == len(counts)
    assert found["recipes"].tolist() == counts.sum(axis=1).tolist()
    third = len(posted) // 3
    for name, part in (("first_third", slice(None, third)), ("last_third", slice(-third, None))):
        share = counts.iloc[:, part].sum(axis=1) / posted.iloc[part].sum()
        assert found[name].tolist() == pytest.approx(share.tolist(), abs=1e-6)


@kinds
def test_a_curve_and_the_changes_of_a_selection_show_one_interval(small, kind):
    among = read("among", "easy")
    changes = pd.DataFrame(term_changes.table(small, kind=kind, fit_all=True, among=among)).set_index("term")
    shown = changes[changes["shown"]] if changes["shown"].any() else changes[:2]
    words = tuple(shown.index[:3])
    curves = pd.DataFrame(term_curve.table(small, kind=kind, chosen=words, fit_all=True, among=among))
    for word, rows in curves.groupby("term"):
        assert rows["change"].iloc[0] == pytest.approx(changes["change"][word], abs=1e-5)


def missed(held, n, m):
    """Chance that m of n recipes hold none of some."""
    return comb(n - held, m) / comb(n, m)


@selections
@kinds
def test_variety_is_drawn_from_the_recipes_of_the_selection(small, among, kind):
    recipes, held = chosen(small, among)
    held = held[held["kind"] == kind]
    found = pd.DataFrame(diversity.table(small, kind=kind, among=read("among", among))).set_index("year")
    assert "spellings" not in found
    assert found["n"].tolist() == recipes.groupby("year").size().tolist()
    for year in (2003, 2007):
        mine, posted = held[held["year"] == year], recipes[recipes["year"] == year]
        n, m, counts = len(posted), int(found["sample"][year]), mine["term"].value_counts()
        assert found["terms"][year] == len(counts)
        if m > n:
            assert np.isnan([found["expected"][year], found["se"][year]]).all()
            continue
        assert found["per_recipe"][year] == pytest.approx(len(mine) / n, abs=1e-6)
        assert found["expected"][year] == pytest.approx(sum(1 - missed(c, n, m) for c in counts), abs=1e-5)
        sizes = posted.groupby("contributor_id").size()
        losses = pd.Series(0.0, sizes.index)
        for (cook, term), own in mine.groupby(["contributor_id", "term"]).size().items():
            losses[cook] += missed(counts[term] - own, n, m) - missed(counts[term], n, m)
        off = losses - sizes * losses.sum() / n
        error = np.sqrt(len(sizes) / (len(sizes) - 1) * (off**2).sum())
        assert found["se"][year] == pytest.approx(error, rel=1e-4)


@kinds
def test_a_selection_of_every_recipe_has_the_variety_of_all(small, kind):
    every = diversity.table(small, kind=kind)
    same = diversity.table(small, kind=kind, among=read("among", "minutes>=0"))
    for name, column in same.items():
        assert column.tolist() == pytest.approx(every[name].tolist(), abs=2e-6, nan_ok=True), name


@pytest.mark.parametrize("name", VERBS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_selection_of_nothing_is_said_and_drawn_empty(small, name, lang):
    answer = QUESTIONS[name](small, among=NOTHING)
    assert answer.finding.n == 0
    assert answer.sentence(lang).rstrip().endswith(".")
    assert answer.verdict is None
    assert answer.figure.layout.xaxis is not None


@pytest.mark.parametrize("name", VERBS)
@pytest.mark.parametrize(
    "text",
    ["easy; DROP TABLE recipes", "minutes<=30 OR 1=1", "easy' OR 'a'='a", "minutes<=$first", "unheard of", "fat<=lots"],
)
def test_a_hostile_selection_is_refused_in_one_sentence(small, name, text):
    with pytest.raises(BadInput) as refused:
        QUESTIONS[name](small, among=text)
    for lang in ("en", "fr"):
        said = refused.value.message.render(lang)
        assert "\n" not in said
        assert said.endswith((".", "?"))


@pytest.mark.parametrize("name", ["terms", "term_changes", "diversity"])
def test_spellings_as_published_are_of_all_recipes(small, name):
    said = "it counts the spellings of all recipes; expected method=robust, or no among"
    with pytest.raises(BadInput, match=said):
        QUESTIONS[name](small, among="easy", method="published")


def test_a_term_that_the_selection_settles_has_no_trend(small):
    answer = term_curve(small, kind="tag", chosen="desserts, easy", among="desserts, minutes<=5000", fit_all=True)
    assert isinstance(answer.finding, CurvesFinding)
    assert ([curve.term for curve in answer.finding.curves], answer.finding.given) == (["easy"], ("desserts",))
    assert answer.sentence("en").endswith(" What the selection itself demands or forbids has no trend: desserts.")
    alone = term_curve(small, kind="tag", chosen="desserts", among="not desserts", fit_all=True)
    said = "what the selection itself demands or forbids has no trend: desserts."
    assert alone.sentence("en") == f"Among the recipes “not desserts”, {said}"
    assert alone.verdict is None
    assert {*alone.columns["share"], *alone.columns["low"], *alone.columns["high"]} == {0.0}
