"""The SQL that a reader takes away: it runs as it stands, and finds the same."""

import pytest

from mangetamain.answers.runnable import literal, runnable
from mangetamain.questions import QUESTIONS


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("among", ["", "easy, not soups, minutes<=500"])
def test_every_statement_of_every_question_runs_without_values(name, among, tiny):
    con, ran = tiny.current()[0], []

    class Watched:
        def execute(self, sql, values=None):
            ran.append(sorted(map(str, con.execute(sql, values).fetchall())))
            return con.execute(sql, values)

    question = QUESTIONS[name]
    answer = question.answer(Watched(), question.read({"among": among}), "", False)
    statements = runnable(answer.sql).split(";\n\n")
    assert [sorted(map(str, con.execute(each).fetchall())) for each in statements] == ran


def test_a_value_is_a_literal_whatever_is_in_it():
    assert runnable('-- {"word": "it\'s $n", "n": 3}\nSELECT $word, $n, $n') == "SELECT 'it''s $n', 3, 3"
    assert literal([1, None, "a", [True]]) == "[1, NULL, 'a', [True]]"
    nan, inf = float("nan"), float("inf")
    assert [literal(nan), literal([0.5, nan, -inf])] == ["'nan'::DOUBLE", "[0.5, NULL, '-inf'::DOUBLE]"]
    assert runnable("SELECT 1;\n\nSELECT 2") == "SELECT 1;\n\nSELECT 2"
