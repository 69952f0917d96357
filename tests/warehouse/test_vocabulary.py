"""Which spellings are one term."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mangetamain.warehouse.tables.vocabulary import merge, plurals, published_parts


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("egg", "eggs"),
        ("garlic clove", "garlic cloves"),
        ("tomato", "tomatoes"),
        ("avocado", "avocados"),
        ("radish", "radishes"),
        ("berry", "berries"),
        ("turkey", "turkeys"),
        ("bay leaf", "bay leaves"),
        ("knife", "knives"),
        ("lemon, juice of", "lemons, juice of"),
    ],
)
def test_a_singular_and_its_plural_are_one_term(singular, plural):
    assert plural in plurals(singular)
    assert merge({singular: 3, plural: 2}) == {singular: singular, plural: singular}
    assert merge({singular: 2, plural: 3}) == {singular: plural, plural: plural}
    assert merge({singular: 2, plural: 2})[plural] == min(singular, plural)


def test_what_does_not_occur_or_only_looks_alike_is_not_merged():
    apart = {"swiss": 1, "hummus": 1, "ox": 1, "oxs": 1, "50%": 1, "50%s": 1, "day": 1, "daies": 1, "cloves": 2}
    assert merge(apart) == {spelling: spelling for spelling in apart}
    assert merge({}) == {}


def test_merging_is_transitive():
    assert set(merge({"cherry": 1, "cherries": 5, "cherrie": 1}).values()) == {"cherries"}


@settings(max_examples=200)
@given(st.dictionaries(st.text("aesyfo, ", max_size=7), st.integers(1, 9), max_size=30))
def test_terms_are_the_most_frequent_of_their_family(occurrences):
    terms = merge(occurrences)
    assert set(terms) == set(occurrences)
    for spelling, term in terms.items():
        assert terms[term] == term
        assert (-occurrences[term], term) <= (-occurrences[spelling], spelling)
        for plural in plurals(spelling):
            assert plural not in terms or terms[plural] == term


def test_published_parts_are_those_of_the_text_it_read():
    # The route of the published analysis: the list's own text, cut at ", ", brackets and quotes stripped.
    items = ["Salt", "lemon, juice of", "don't", "half-and-half", "a,b"]
    text = str(items).strip("[]")
    expected = [part.strip("'\"").lower().strip() for part in text.split(", ")]
    assert [part for item in items for part in published_parts(item)] == expected
