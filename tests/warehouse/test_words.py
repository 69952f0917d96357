from __future__ import annotations

import unicodedata

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mangetamain.warehouse.tables.words import mean_words, words


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def counted(text: str) -> int | None:
    """The words of a text, by Python's own alphabet."""
    for space in "\n\r\t":
        text = text.replace(space, " ")
    return sum(any(unicodedata.category(letter)[0] in "LN" for letter in word) for word in text.split(" ")) or None


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("in a bowl , mix sugar & 2 eggs !", 7),
        ("way back when....i use to", 5),
        ('(very) "easy" -- don\'t   stir\r\n350f', 5),
        ("crème brûlée 鸡蛋 ½", 4),
        ("zest — Zest", 2),
        (" \n\t ", None),
        ("... !", None),
        ("", None),
        (None, None),
    ],
)
def test_words_are_what_a_reader_counts(con, text, n):
    assert con.execute(
        f"SELECT {words('t')} AS n FROM (SELECT CAST($text AS VARCHAR) AS t)", {"text": text}
    ).fetchall() == [(n,)]


TEXTS = st.text(
    st.one_of(
        st.sampled_from("az{ AZ09,.-'\n\r\t é鸡½"), st.characters(codec="utf-8", exclude_categories=("Cs", "Cn"))
    ),
    max_size=30,
)


@settings(max_examples=300)
@given(TEXTS.filter(lambda text: "\0" not in text))
@example("z\u00e9 {a a{ |")
def test_any_text_has_the_words_that_python_finds(text):
    found = duckdb.execute(f"SELECT {words('t')} AS n FROM (SELECT CAST($text AS VARCHAR) AS t)", {"text": text})
    assert found.fetchall() == [(counted(text),)]


@pytest.mark.parametrize(
    ("steps", "mean"),
    [
        (["mix well", "bake for an hour"], 3.0),
        (["mix", "", "!", "bake it"], 1.5),
        (["mix", None], 1.0),
        ([], None),
        (["", "..."], None),
        (None, None),
    ],
)
def test_the_mean_is_of_the_texts_that_have_words(con, steps, mean):
    found = con.execute(f"SELECT {mean_words('s')} AS n FROM (SELECT CAST($steps AS VARCHAR[]) AS s)", {"steps": steps})
    assert found.fetchall() == [(mean,)]
