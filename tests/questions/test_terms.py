"""The most frequent ingredients and tags."""

import json
from collections import Counter

import numpy as np
import pytest

from mangetamain.questions.terms import PublishedTerms, TermsFinding, draw, judge, sentence, table, terms
from tests.questions.cubes import cubes


def literal(term, share):
    share = np.array(share, dtype=float)
    return {
        "term": np.array(term, dtype=object), "recipes": np.round(share * 200).astype(int), "share": share,
        "low": share - 0.01, "high": share + 0.02, "all_recipes": np.full(len(share), 200),
        "vocabulary": np.full(len(share), 31),
    }  # fmt: skip


def test_recipes_are_counted_once_and_plurals_merged(tiny):
    counted = table(tiny)
    named = dict(zip(counted["term"], counted["recipes"], strict=True))
    assert list(named.items())[:3] == [("salt", 7), ("butter", 4), ("water", 4)]
    assert (named["onion"], named["eggs"], named["flour"]) == (3, 3, 3)
    assert "onions" not in named
    assert "egg" not in named
    assert counted["all_recipes"].tolist() == [8] * len(named)
    assert counted["vocabulary"][0] == len(named) == 10
    # Wilson's interval of 7 in 8, from the formula.
    z2 = 1.959964**2
    centre, half = (7 + z2 / 2) / (8 + z2), np.sqrt(z2 * (7 / 8 + z2 / 4)) / (8 + z2)
    assert (counted["low"][0], counted["high"][0]) == pytest.approx((centre - half, centre + half), abs=1e-5)


def test_only_the_chosen_years_and_kind_count(tiny):
    counted = table(tiny, kind="tag", years=(2005, 2006))
    assert dict(zip(counted["term"], counted["recipes"], strict=True)) == {
        "desserts": 2, "easy": 2, "eggs": 1, "meat": 1, "salads": 1,
    }  # fmt: skip
    assert set(counted["all_recipes"]) == {6}


def test_equal_counts_come_in_alphabetical_order_and_the_list_ends():
    con = cubes({2004: 100}, {f"term {i:02}": {2004: 10} for i in range(20, 0, -1)})
    assert table(con)["term"].tolist() == [f"term {i:02}" for i in range(1, 16)]
    assert table(con)["vocabulary"][0] == 20


def test_the_published_counts_are_of_occurrences_and_spellings(tiny):
    found = judge(table(tiny, method="published"), method="published")
    assert isinstance(found, PublishedTerms)
    assert dict(zip(found.top, found.counts, strict=True))["onion"] == 2
    assert (found.occurrences, found.spellings, found.common) == (29, 12, 0)
    assert found.top[0] == "salt"


@pytest.mark.parametrize("kind", ["ingredient", "tag"])
def test_counts_equal_an_independent_count_on_real_rows(shared_data, real, kind):
    lists = real.execute(f"SELECT {kind}s FROM raw.RAW_recipes JOIN recipes USING (id)").fetchall()
    plain = Counter(
        part.strip("'\"").strip().lower() for (items,) in lists for item in items for part in item.split(", ")
    )
    found = judge(table(real, kind=kind, method="published"), kind=kind, method="published")
    assert found.occurrences == sum(plain.values())
    assert found.spellings == len(plain)
    assert found.common == sum(count >= 50 for count in plain.values())
    assert list(zip(found.top, found.counts, strict=True)) == sorted(plain.items(), key=lambda x: (-x[1], x[0]))[:10]
    if kind == "tag":
        recipes = Counter(tag for (items,) in lists for tag in {item.strip().lower() for item in items} - {""})
        counted = table(real, kind="tag")
        assert counted["vocabulary"][0] == len(recipes)
        ours = list(zip(counted["term"].tolist(), counted["recipes"].tolist(), strict=True))
        assert ours == sorted(recipes.items(), key=lambda x: (-x[1], x[0]))[:15]


def test_the_sentence_names_three_with_their_shares():
    found = judge(literal(["salt", "butter", "sugar", "onion"], [0.4, 0.25, 0.2, 0.1]))
    assert isinstance(found, TermsFinding)
    assert sentence(found).render("en") == (
        "200 recipes name 31 different ingredients, a singular and its plural being one; "
        "the most frequent: salt (40.0%), butter (25.0%), and sugar (20.0%)."
    )
    assert "200 recipes bear 31 different tags; the most frequent: easy (40.0%)." in sentence(
        judge(literal(["easy"], [0.4]), kind="tag")
    ).render("en")


def test_the_published_sentence_counts_occurrences():
    found = PublishedTerms(n=9, kind="tag", occurrences=70, common=1, spellings=3, top=("a", "b"), counts=(60, 10))
    assert sentence(found).render("en") == (
        "70 occurrences of 3 tags as spelled, 1 of them at least 50 times; the most frequent: a (60) and b (10)."
    )


def test_the_figure_is_a_lying_bar_a_term_with_its_interval():
    rows = literal(["salt", "freshly ground black pepper"], [0.4, 0.1])
    figure = draw(rows, judge(rows))
    bars, whiskers = figure.data
    assert (bars.orientation, list(bars.x), list(bars.y)) == ("h", [40, 10], rows["term"].tolist())
    assert list(whiskers.error_x.array) == pytest.approx([2, 2])
    assert list(whiskers.error_x.arrayminus) == pytest.approx([1, 1])
    assert (figure.layout.xaxis.title.text, figure.layout.xaxis.ticksuffix) == ("Share of recipes", "%")
    assert list(figure.layout.yaxis.ticktext) == ["salt", "freshly ground black\npepper"]
    assert figure.layout.yaxis.type == "category"


def test_the_published_figure_counts_occurrences(tiny):
    rows = table(tiny, method="published")
    figure = draw(rows, judge(rows, method="published"))
    assert [list(bar.x) for bar in figure.data] == [rows["occurrences"].tolist()]
    assert figure.layout.xaxis.title.text == "Occurrences"


@pytest.mark.parametrize("method", ["robust", "published"])
def test_nothing_to_count_is_said_and_drawn_empty(method):
    rows = table(cubes(), method=method)
    found = judge(rows, method=method)
    assert found.n == 0
    assert sentence(found).render("en") == "There is nothing to count in these years."
    figure = draw(rows, found)
    assert (len(figure.data), bool(figure.layout.xaxis.title.text)) == (0, True)


@pytest.mark.parametrize("method", ["robust", "published"])
def test_an_answer_survives_json(tiny, method):
    answer = terms.answer(tiny, terms.read({"method": method}), "f", True)
    again = terms.revive(json.loads(answer.to_json()))
    assert again.finding == answer.finding
    assert again.to_json() == answer.to_json()
    assert again.table.equals(answer.table)
