"""From a point of a figure to its recipes or reviews."""

import pytest

import mangetamain as mm
from mangetamain.errors import BadInput

ASKED = [
    (mm.level, {"of": "minutes", "years": "2004-2008"}),
    (mm.level, {"of": "calories", "among": "minutes<=30", "by": "month", "years": "2005-2006"}),
    (mm.level, {"of": "rating", "years": "2004-2008", "source": "train"}),
    (mm.level, {"of": "five", "by": "month", "among": "minutes<=30", "years": "2007"}),
    (mm.level, {"of": "review_words", "years": "2009-2010"}),
    (mm.volume, {"years": "2003-2009"}),
    (mm.volume, {"of": "reviews", "by": "month_of_year", "years": "2003-2009", "among": "minutes<=30"}),
    (mm.volume, {"of": "reviews", "by": "month", "years": "2003-2004"}),
    (mm.contrast, {"of": "rating", "by": "season"}),
    (mm.contrast, {"of": "minutes", "by": "month_of_year", "years": "2004-2008"}),
    (mm.contrast, {"of": "sugar", "by": "weekday", "among": "minutes<=30"}),
    (mm.contrast, {"of": "rating", "by": "weekend"}),
    (mm.distribution, {"of": "rating", "years": "2004-2008"}),
    (mm.distribution, {"of": "calories", "years": "2004-2005"}),
    (mm.relation, {"of": "rating", "to": "volume", "years": "2004-2005"}),
    (mm.relation, {"of": "rating", "to": "minutes", "years": "2004-2008"}),
    (mm.relation, {"of": "calories", "to": "steps", "among": "minutes<=30"}),
    (mm.diversity, {"years": "2004-2010"}),
]


@pytest.fixture(scope="module")
def con(small_home):
    return mm.connect(small_home)


@pytest.mark.parametrize(("question", "given"), ASKED, ids=[f"{q.name} {' '.join(g.values())}" for q, g in ASKED])
def test_each_point_has_as_many_rows_as_the_table_counts(con, question, given):
    answer = question(con, **given)
    column, points = next(iter(answer.columns.items()))
    for i in sorted({0, len(points) // 2, len(points) - 1}):
        rows = answer.rows(con, **{column: points[i]})
        assert rows.count("*").fetchone()[0] == answer.columns["n"][i], points[i]


def test_the_rows_are_those_of_the_point_and_go_on(con):
    answer = mm.level(con, of="minutes", years="2004-2008", among="minutes<=30")
    rows = answer.rows(con, year=2006)
    assert rows.aggregate("min(year), max(year), max(minutes)").fetchone() == (2006, 2006, 30)
    mean = rows.aggregate("avg(minutes)").fetchone()[0]
    assert mean == pytest.approx(answer.table.set_index("year")["mean"][2006])
    assert "name" in rows.columns
    months = mm.level(con, of="rating", by="month", years="2006")
    assert months.rows(con, month="2006-03").aggregate("min(month), max(month)").fetchone() == (3, 3)
    assert "recipe_id" in months.rows(con, month="2006-03").columns


@pytest.mark.parametrize("kind", ["ingredient", "tag"])
def test_a_term_leads_to_its_recipes(con, kind):
    answer = mm.terms(con, kind=kind, years="2004-2008", among="minutes<=30")
    for term, recipes in list(zip(answer.columns["term"], answer.columns["recipes"], strict=True))[:3]:
        assert answer.rows(con, term=term).count("*").fetchone()[0] == recipes


@pytest.mark.parametrize(
    ("ask", "point", "sentence"),
    [
        (lambda con: mm.level(con), {"year": 2104}, "year cannot be 2104: .* from 1999 to 2018; did you mean 2014"),
        (lambda con: mm.level(con), {}, "as in year=1999; given: nothing"),
        (lambda con: mm.level(con), {"season": "winter"}, "as in year=1999; given: season=winter"),
        (lambda con: mm.level(con), {"year": 2004, "month": 3}, "as in year=1999"),
        (lambda con: mm.contrast(con), {"season": "wintr"}, "season cannot be wintr.*did you mean winter"),
        (lambda con: mm.terms(con, method="published"), {"term": "salt"}, "No point of this answer stands for rows"),
        (lambda con: mm.terms(con), {"term": "slat"}, "term cannot be slat.*did you mean salt"),
        (lambda con: mm.term_curve(con), {"year": 2004}, "Name one point by its column, as in term="),
        (
            lambda con: mm.relation(con, to="minutes"),
            {"low": -1},
            "low cannot be -1: the points of this answer go from",
        ),
        (lambda con: mm.cycle(con), {"day": 4}, "No point of this answer stands for rows of its own"),
    ],
)
def test_a_point_that_there_is_not_is_refused_in_one_sentence(con, ask, point, sentence):
    with pytest.raises(BadInput, match=sentence):
        ask(con).rows(con, **point)


@pytest.mark.parametrize("asked", [(), (2004,), ("2004",)])
def test_rows_without_a_connection_are_refused_in_one_sentence(con, asked):
    with pytest.raises(BadInput, match=r"A connection is asked, as in answer.rows\(con, year=2004\); given: "):
        mm.level(con).rows(*asked)


def test_an_answer_of_other_data_has_no_rows_here(con, tiny_home):
    with pytest.raises(BadInput, match="newer builds took their place: ask again"):
        mm.level(con).rows(mm.connect(tiny_home), year=2004)
