"""What the contrast of terms counts: recipes and terms in the groups of each year."""

import pandas as pd
import pytest

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import read
from mangetamain.questions.term_contrast import cells as reading
from tests.questions.selections import chosen


def test_the_ten_recipes_are_counted_in_their_groups(tiny, monkeypatch):
    """Every year counts, and every term: then the cells are those that one reads off the ten recipes."""
    monkeypatch.setattr(reading, "THIN", 1)
    monkeypatch.setattr(reading, "TERMS", reading.TERMS.replace(">= 50", ">= 1"))
    posted, terms, cells = reading.read_cells(tiny, "ingredient", "season", (1999, 2018), ())
    assert posted.year.tolist() == [2004, 2005, 2006]
    # Soup in January, soup in July; bread in February and March, an omelette in December; salad in June, stew and cake
    # in November. Two others were removed.
    assert posted.posted.tolist() == [[1, 0, 1, 0], [2, 1, 0, 0], [0, 0, 1, 2]]
    assert posted.moment[1] == pytest.approx([2005 + 6.5 / 12, 2005 + 2.5 / 12, 2005 - 0.5 / 12, 2005 - 0.5 / 12])
    named = dict(zip(terms, cells.tolist(), strict=True))
    assert named["onion"] == [[1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert named["eggs"] == [[0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 1]]
    _, terms, cells = reading.read_cells(tiny, "tag", "weekend", (2004, 2006), read("among", "salt, minutes<=60"))
    named = dict(zip(terms, cells.tolist(), strict=True))
    # 15 January 2004 was a Thursday, 3 February 2005 a Thursday, Christmas Eve 2005 a Saturday.
    assert named["easy"] == [[1, 0], [1, 1], [0, 0]]
    assert named["soups"] == [[2, 0], [0, 0], [0, 0]]


@pytest.mark.parametrize("kind", ["ingredient", "tag"])
@pytest.mark.parametrize("by", list(CALENDARS))
@pytest.mark.parametrize("among", ["", "not easy, minutes 10-60"])
def test_cells_equal_those_of_pandas(small, monkeypatch, kind, by, among):
    monkeypatch.setattr(reading, "THIN", 10)
    recipes, held = chosen(small, among)
    days = recipes.set_index("id")[["month", "weekday", "season"]]
    recipes["place"], held["place"] = (
        [place(by, *row) for row in days.loc[rows].itertuples(index=False)] for rows in (recipes["id"], held["recipe"])
    )
    years = recipes.groupby("year").size()
    years = [year for year in years.index[years >= 10] if year not in (1999, 2018)]
    held = held[(held["kind"] == kind) & held["year"].isin(years)]
    posted, terms, cells = reading.read_cells(small, kind, by, (1999, 2018), read("among", among))
    assert posted.year.tolist() == years
    groups = range(len(CALENDARS[by].values))
    expected = recipes[recipes["year"].isin(years)].groupby(["year", "place"]).size().unstack(fill_value=0)
    assert posted.posted.tolist() == expected.reindex(columns=groups, fill_value=0).to_numpy().tolist()
    counts = held.groupby(["term", "year", "place"]).size()
    common = held.groupby("term").size()
    given = {"easy"} if kind == "tag" and among else set()
    assert terms.tolist() == sorted(term for term in common.index[common >= 50] if term not in given)
    index = pd.MultiIndex.from_product([terms, years, groups])
    assert cells.ravel().tolist() == counts.reindex(index, fill_value=0).tolist()


def place(by, month, weekday, season):
    value = {"season": season, "month_of_year": month, "weekday": weekday}.get(by)
    return int(weekday >= 6) if by == "weekend" else CALENDARS[by].values.index(value)


@pytest.mark.parametrize("by", CALENDARS)
def test_cells_of_a_selection_of_everything_are_those_of_the_cube(small, by):
    among = (read("among", text) for text in ("", "minutes>=0"))
    (_, terms, cube), (_, same, rows) = (reading.read_cells(small, "tag", by, (2000, 2017), one) for one in among)
    assert terms.tolist() == same.tolist()
    assert (cube == rows).all()
