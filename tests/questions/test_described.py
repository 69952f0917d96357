"""What a caller reads of a question: its signature, its help, and the ways to call it."""

import inspect
import pydoc
import re

import pytest

import mangetamain as mm
from mangetamain.errors import BadInput
from mangetamain.questions import QUESTIONS, Question, level

QUESTION = pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))


@QUESTION
def test_the_signature_is_that_of_the_four_functions(question):
    con, *given = inspect.signature(question).parameters.values()
    assert (con.name, con.kind) == ("con", inspect.Parameter.POSITIONAL_ONLY)
    specified = {
        name: argument.default
        for function in (question.draw, question.judge, question.table)
        for name, argument in inspect.signature(function).parameters.items()
        if argument.kind is argument.KEYWORD_ONLY and name != "pair"  # made of among and against
    }
    assert {argument.name: argument.default for argument in given} == specified
    assert [argument.kind.name for argument in given] == ["POSITIONAL_OR_KEYWORD"] + ["KEYWORD_ONLY"] * (len(given) - 1)


@QUESTION
def test_help_tells_each_value_and_column(question):
    said = pydoc.plain(pydoc.render_doc(question))
    assert f"{question.name}(con, {next(iter(question.parameters))}" in said
    flowing = " ".join(said.split())
    for name, (kind, default) in question.parameters.items():
        assert f"\n    {name}\n" in said
        assert all(value in flowing for value in getattr(kind, "values", ()))
        assert f"{kind.text(default) or 'none'} unless it is given" in flowing
    returns = inspect.getdoc(question.table).partition("Returns\n")[2]
    columns = re.findall(r"\b(\w+) \(", returns)
    assert columns
    assert all(f"{column} (" in flowing for column in columns)


@QUESTION
def test_the_example_runs(question, tiny):
    example = question.__doc__.rstrip().splitlines()[-1].removeprefix(">>> ")
    answer = eval(example, {"mm": mm, "con": tiny})
    assert answer.question == question.name
    assert answer.parameters != question.texts(question.read({}))


def test_help_on_the_class_is_the_class_s_own():
    assert Question.__doc__.startswith("One thing that can be asked")
    assert list(inspect.signature(Question).parameters)[:2] == ["name", "title"]


def test_the_first_parameter_may_come_by_its_place(tiny):
    assert level(tiny, "sugar").parameters == level(tiny, of="sugar").parameters
    assert level(tiny, "sugar", years="2004").parameters["years"] == "2004-2004"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda con: level(con, "sugar", "year"), "takes one value without its name, that of of: write 'year' as"),
        (lambda con: level(con, "sugar", of="fat"), "The parameter 'of' is given twice"),
        (lambda con: level(con, "suger"), "of cannot be 'suger'.*did you mean sugar"),
        (lambda con: level(con, off="sugar"), "There is no parameter 'off'.*did you mean of"),
        (lambda con: level("sugar"), r"connection is asked, as in level\(mm.connect\(\)\); given: 'sugar'"),
        (lambda con: level(), r"connection is asked, as in level\(mm.connect\(\)\); given: nothing"),
    ],
)
def test_a_wrong_call_is_refused_in_one_sentence(tiny, call, sentence):
    with pytest.raises(BadInput, match=sentence):
        call(tiny)
