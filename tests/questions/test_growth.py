"""Nothing row-level leaves the engine: what a question fetches does not grow with the recipes."""

import pytest

from mangetamain.questions import QUESTIONS
from mangetamain.warehouse import build, connect
from tests.conftest import made_once

# The full sample has 231,637 recipes and 1,132,367 reviews; this one a tenth.
TENTH = 23_164
# The most rows of a statement, and how much more ten times the recipes may fetch. A measure has a row a point, group of
# a month, bar or part, and a tenth of the recipes leaves some empty.
MOST, GROWTH = 2_000, 1.25
# Families of terms have a row a term and year, or a number of recipes and year; a term belongs from 50 recipes on, that
# more terms reach where there are more recipes. Scatter is learned from 600 terms at most.
# A cycle has a row a day, of twenty years at most; a tenth of the recipes leaves more of them empty.
# A profile looks its eleven measures up in one statement: a row a measure and cell.
MORE = {
    "profile": (11 * MOST, GROWTH),
    "cycle": (7_400, 1.5),
    "term_curve": (12_000, 2.0),
    "term_changes": (40_000, 8.0),
    "term_levels": (50_000, 8.0),
    "term_contrast": (40_000, 8.0),
    "diversity": (4_000, 3.0),
}
AMONG = "minutes<=60, not desserts"
PAIR = {"among": AMONG, "against": "all"}
ASKED = {
    "volume": [
        {},
        {"method": "published"},
        {"by": "weekend", "method": "published"},
        {"of": "reviewers", "by": "weekday", "among": AMONG},
        {"by": "month"},
    ],
    "distribution": [
        {},
        {"of": "calories"},
        {"of": "complexity", "among": AMONG},
        {"of": "review_words"},
        {"of": "sugar", **PAIR},
        {**PAIR},
    ],
    "level": [
        {},
        {"of": "calories", "by": "month"},
        {"of": "calories", "by": "month", "centre": "median", "among": AMONG},
        {"of": "complexity", "method": "published"},
        {"of": "rating", "by": "month", "among": AMONG},
        {"of": "review_words", "by": "month"},
        {"of": "calories", "by": "month", **PAIR},
        {"of": "rating", **PAIR},
    ],
    "contrast": [
        {},
        {"of": "calories", "by": "weekday"},
        {"of": "step_words", "by": "month_of_year", "among": AMONG},
        {"of": "five", "by": "weekend", "method": "published"},
        {"of": "calories", "method": "published"},
        {"of": "calories", "by": "month_of_year", **PAIR},
        {"of": "low", **PAIR},
    ],
    "profile": [
        {},
        {"by": "year"},
        {"of": "nutrition", "by": "weekday"},
        {"of": "liking", "by": "month_of_year"},
        {"of": "effort", "by": "weekend", "among": AMONG},
        {"of": "liking", "by": "year", "among": AMONG},
    ],
    "cycle": [
        {},
        {"of": "rating"},
        {"of": "reviews_written", "among": AMONG},
        {"of": "term", "term": "ingredient:salt", **PAIR},
    ],
    "relation": [
        {},
        {"of": "calories", "to": "complexity"},
        {"of": "low", "to": "calories", "among": AMONG},
        {"to": "volume"},
        {"of": "calories", "to": "complexity", "method": "published"},
    ],
    "terms": [{}, {"kind": "tag", "method": "published"}, {"among": AMONG}],
    "term_curve": [{}, {"kind": "tag"}, {"among": AMONG}],
    "term_contrast": [
        {},
        {"by": "month_of_year"},
        {"kind": "tag", "by": "weekend", "view": "heatmap"},
        {"method": "published"},
        {"by": "weekday", "among": AMONG},
    ],
    "term_changes": [{}, {"kind": "tag"}, {"method": "published"}, {"among": AMONG}],
    "term_levels": [
        {},
        {"of": "calories", "kind": "tag"},
        {"by": "year"},
        {"of": "minutes", "by": "season"},
        {"by": "weekend", "among": AMONG},
        {"by": "season", "method": "published"},
    ],
    "diversity": [{}, {"kind": "tag"}, {"method": "published"}, {"among": AMONG}],
}
CASES = [(name, given) for name, cases in ASKED.items() for given in cases]


class Fetching:
    """A connection that notes how many rows each statement gave."""

    def __init__(self, con):
        self.con, self.rows = con, []

    def execute(self, query, parameters=None):
        return Fetched(self, self.con.execute(query, parameters))


class Fetched:
    """A result that tells how many rows were taken from it."""

    def __init__(self, notes, result):
        self.notes, self.result = notes, result

    def fetchnumpy(self):
        columns = self.result.fetchnumpy()
        self.notes.rows.append(max((len(column) for column in columns.values()), default=0))
        return columns


def fetched(con, name, given):
    """Give the most rows that a statement of a question fetches."""
    notes = Fetching(con)
    question = QUESTIONS[name]
    question.answer(notes, question.read(given), "0" * 16, True)
    return max(notes.rows)


@pytest.fixture(scope="session")
def tenth(tmp_path_factory):
    return connect(made_once(tmp_path_factory, "tenth", lambda home: build(f"sample:{TENTH}", home=home)))


def test_every_question_is_asked():
    assert set(ASKED) == set(QUESTIONS)


@pytest.mark.parametrize(("name", "given"), CASES, ids=[f"{name} {given}" for name, given in CASES])
def test_rows_fetched_are_few_and_do_not_grow(sample, tenth, name, given):
    most, growth = MORE.get(name, (MOST, GROWTH))
    few, many = (fetched(con, name, given) for con in (tenth, sample))
    assert many <= most
    assert many <= growth * few
