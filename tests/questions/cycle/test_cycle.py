"""How things run through the year."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from mangetamain import charts
from mangetamain.conditions import read
from mangetamain.errors import BadInput
from mangetamain.finding import Alike, Estimate
from mangetamain.holidays import HOLIDAYS
from mangetamain.questions.comparison import Comparison
from mangetamain.questions.cycle import TooFewCycles, YearCycle, cycle, draw, judge, sentence, table
from mangetamain.questions.cycle.days import COUNTED, THINGS, WEEKS, Days, _against_year, columns, weeks
from tests.questions.worlds import QUICK, SLOW, paired, pantry, recipes

CALORIES = {"of": "calories"}
PAIR = {"of": "calories", "among": QUICK, "against": SLOW}
FLOUR = read("term", "ingredient:flour")


@pytest.fixture(scope="module")
def planted():
    """The calories of quick recipes are 40 kcal higher at the end of January than six months later, in every year."""
    rows = recipes(60_000)
    place = (rows["submitted"].dt.day_of_year - 0.5) / 365
    rows["calories"] += 20 * np.cos(2 * np.pi * (place - 0.08)) * (rows["minutes"] <= 30)
    return rows


def held(found):
    """Give the rows that have recipes, as numbers by hand."""
    kept = found["n"] > 0
    rows = zip(*(found[name][kept].tolist() for name in ("day", "holiday", "n")), strict=True)
    return [(*row, round(level, 3)) for row, level in zip(rows, found["level"][kept].tolist(), strict=True)]


def test_table_of_a_measure_is_exact(tiny):
    """Values of a year are held within its tenths: of 100 and 300, which are both, what is left is 75 and 325."""
    assert held(table(tiny, of="calories", years=(2004, 2005))) == [
        (18, None, 1, 75.0), (32, None, 1, 175.0), (60, None, 1, 425.0), (180, None, 1, 325.0), (356, None, 1, 237.5),
        (34, "super_bowl", 1, 175.0), (183, "independence_day", 1, 325.0), (359, "christmas", 1, 237.5),
    ]  # fmt: skip
    assert held(table(tiny, of="rating")) == [
        (32, None, 2, 5.0), (60, None, 1, 3.0), (88, None, 1, 5.0), (215, None, 1, 4.0), (335, None, 2, 3.0),
        (33, "super_bowl", 2, 5.0),
    ]  # fmt: skip


def test_table_of_a_share_is_exact(tiny):
    assert held(table(tiny, of="term", term=FLOUR, years=(2005, 2005))) == [
        (32, None, 1, 100.0), (60, None, 1, 100.0), (356, None, 1, 0.0),
        (34, "super_bowl", 1, 100.0), (359, "christmas", 1, 0.0),
    ]  # fmt: skip
    # Every recipe has some minutes.
    found = table(tiny, of="term", term=read("term", "minutes>=1"))
    assert judge(found, of="term") == Alike(n=8, value=100.0)


def test_few_recipes_of_a_year_are_no_level_of_its_weeks(tiny):
    """Each of the weeks with a recipe has many times what the year leads to expect, and other weeks nothing."""
    rows = table(tiny, of="recipes_posted", years=(2004, 2004))
    assert len({*rows["level"][rows["n"] > 0]}) == 1
    assert isinstance(judge(rows, of="recipes_posted"), TooFewCycles)


@pytest.mark.parametrize(("asked", "words"), [
    ({"of": "term"}, "of=term asks how the share of some recipes"),
    ({"of": "calories", "term": "flour"}, "term=flour goes with of=term, not with of=calories"),
])  # fmt: skip
def test_a_share_and_what_it_is_of_go_together(tiny, asked, words):
    with pytest.raises(BadInput, match=words):
        table(tiny, **asked | {"term": read("term", asked.get("term", ""))})


def test_volumes_are_set_against_their_year_and_its_trend():
    day = np.arange("2003-01-01", "2007-01-01", dtype="datetime64[D]")
    year = day.astype("datetime64[Y]").astype(int) + 1970
    place = np.concatenate([(np.arange(n) + 0.5) / n for n in (365, 366, 365, 365)])
    n = 50 * 1.5 ** (year + place - 2003)
    against = _against_year(Days(day, year, place, n, n, n))
    assert against.value == pytest.approx(np.full(len(day), 100.0), abs=1e-6)
    assert against.weight == pytest.approx(n)


def test_a_volume_that_jumps_each_january_has_no_cycle():
    day = np.arange("2001-01-01", "2013-01-01", dtype="datetime64[D]")
    year = day.astype("datetime64[Y]").astype(int) + 1970
    place = (day - day.astype("datetime64[Y]")).astype(int) / 365.25
    rng = np.random.default_rng(1)
    month = rng.normal(0, 0.05, 12 * 12)[(day.astype("datetime64[M]").astype(int)) - 12 * 31]
    n = rng.poisson(20 * 1.4 ** (year - 2001) * np.exp(month)).astype(float)
    found = columns(weeks(_against_year(Days(day, year, place, n, n, n))))
    assert found["swing_low"][0] == 0


@pytest.mark.parametrize("of", COUNTED)
def test_days_without_any_count_in_a_volume(tiny, of):
    found = table(tiny, of=of)
    assert found["n"][:WEEKS].sum() == 8
    assert (found["level"][:WEEKS] == 0).any()
    said = sentence(judge(found, of=of), of=of).render("en")
    assert said.endswith("A day of posting is not a day of cooking.")


def test_a_planted_cycle_is_found_with_its_dates(planted):
    quick = planted[planted["minutes"] <= 30]
    found = judge(table(pantry(quick), **CALORIES), **CALORIES)
    assert isinstance(found, YearCycle)
    assert found.years == 12
    assert found.swing.low <= 40 <= found.swing.high
    assert found.verdict == "clear"
    assert found.peak.low <= 30 <= found.peak.high
    assert found.trough.low <= 213 <= found.trough.high
    assert [one.holiday for one in found.holidays] == list(HOLIDAYS)
    said = sentence(found, **CALORIES)
    assert said.render("en").startswith("The calorie count goes up and down with the year, by ")
    assert "The highest point is around" in said.render("en")
    assert "Le point le plus haut est vers le" in said.render("fr")


def test_the_curve_says_when_it_is_highest_and_lowest(planted):
    rows = table(pantry(planted[planted["minutes"] <= 30]), **CALORIES)
    found = judge(rows, **CALORIES)
    ends = draw(rows, found, **CALORIES).layout.meta["dates"]
    days = [date(2000, 1, 1) + timedelta(days=int(end.value) - 1) for end in (found.peak, found.trough)]
    said = [f"{name}, {day.day} {day:%B}" for name, day in zip(("Peak", "Trough"), days, strict=True)]
    assert [str(end["text"].message) for end in ends] == said
    assert [end["at"] for end in ends] == [(end.value - 1) % 366 + 1 for end in (found.peak, found.trough)]


def test_a_day_known_to_more_than_a_season_is_left_to_the_sentence(planted):
    rows = table(pantry(planted[planted["minutes"] <= 30]), **CALORIES)
    found = judge(rows, **CALORIES)
    vague = replace(found, trough=Estimate(200.0, 140.0, 240.0))
    assert [str(end["text"].message)[:4] for end in draw(rows, vague, **CALORIES).layout.meta["dates"]] == ["Peak"]
    assert "The lowest point is around" in sentence(vague, **CALORIES).render("en")


def test_a_planted_holiday_is_named(planted):
    rows = planted.copy()
    fourth = (rows["submitted"].dt.month == 7) & rows["submitted"].dt.day.between(1, 7)
    rows.loc[fourth, "calories"] += 80
    found = judge(table(pantry(rows), **CALORIES), **CALORIES)
    one = next(one for one in found.holidays if one.holiday == "independence_day")
    assert one.above.low <= 80 <= one.above.high
    assert one.verdict == "clear"
    assert "Out of this smooth curve, in kcal: 4 July (+" in sentence(found, **CALORIES).render("en")
    assert "Hors de cette courbe lisse, en kcal\u00a0: 4 juillet (+" in sentence(found, **CALORIES).render("fr")


def test_without_a_cycle_no_date_is_named():
    found = judge(table(pantry(recipes(20_000)), **CALORIES), **CALORIES)
    assert found.verdict in ("undecided", "negligible")
    assert found.peak is found.trough is None
    assert "point is around" not in sentence(found, **CALORIES).render("en")


@pytest.mark.parametrize("against", [SLOW, ()], ids=["the others", "all"])
def test_a_difference_of_two_selections_is_judged(planted, against):
    asked = {**PAIR, "against": against}
    rows = table(pantry(planted), **asked)
    one, other = np.split(rows["level"], 2)
    assert rows["apart"][:WEEKS] == pytest.approx((one - other)[:WEEKS], abs=1e-6)
    found = judge(rows, **paired(asked))
    true = 40 if against else 20  # the quick ones are half of all
    assert isinstance(found, Comparison)
    assert found.difference.swing.low <= true <= found.difference.swing.high
    assert found.difference.peak.low <= 30 <= found.difference.peak.high
    assert found.verdict == found.difference.verdict in ("clear", "real")
    said = sentence(found, **paired(asked)).render("en")
    assert said.startswith("The calorie count among the recipes “minutes<=30” relative")


def test_what_both_selections_share_is_no_cycle(planted):
    place = (planted["submitted"].dt.day_of_year - 0.5) / 365
    rows = recipes(60_000)
    rows["calories"] += 60 * np.cos(2 * np.pi * place)
    found = judge(table(pantry(rows), **PAIR), **paired(PAIR))
    assert found.one.verdict == found.other.verdict == "clear"
    assert found.difference.swing.low == 0


def test_few_years_and_nothing_are_said(tiny):
    few = judge(table(tiny, **CALORIES), **CALORIES)
    assert few == TooFewCycles(n=8, least=100, verdict="undecided")
    assert "that takes 4 whole years of 100 or more" in sentence(few).render("en")
    empty = table(tiny, years=(1999, 2001), **CALORIES)
    assert sentence(judge(empty)).render("en") == "There is no recipe in this selection."
    assert sentence(judge(empty)).render("fr") == "Aucune recette dans cette sélection."


@pytest.mark.parametrize("form", ["curve", "clock"])
def test_a_figure_shows_weeks_curve_band_and_holidays(planted, form):
    rows, (month, day) = planted.copy(), (planted["submitted"].dt.month, planted["submitted"].dt.day)
    rows.loc[(month == 12) & day.between(22, 28), "calories"] += 200
    days = table(pantry(rows), **CALORIES)
    figure = draw(days, judge(days, **CALORIES), form=form)
    names = [trace.name for trace in figure.data]
    assert {"Curve", "Interval", "Winter", "Spring", "Summer", "Autumn", "Holiday"} <= {*names}
    assert sum(len(figure.data[names.index(season)].x) for season in ("Winter", "Spring", "Summer", "Autumn")) == WEEKS
    written = {str(text) for trace in figure.data for text in trace.text or ()}
    holidays = {holiday.label for holiday in HOLIDAYS.values()}
    # A clock has room for those alone that stand out.
    assert holidays & written == ({"Christmas"} if form == "clock" else holidays)
    curve = figure.data[names.index("Curve")]
    if form == "clock":
        assert {"January", "December"} <= written
        assert curve.x[0] == curve.x[-1]
        radius = np.hypot(curve.x, curve.y)
        assert (radius[:-1].argmax(), radius.min() > 0.5) == (days["curve"][:WEEKS].argmax(), True)
        # The scale is read over what is drawn: a few round numbers.
        scale = [str(text) for text in figure.data[-1].text]
        assert 2 <= len(scale) <= 4
        assert all(number.isdigit() for number in scale)
    else:
        assert figure.layout.yaxis.title.text == "Calories (kcal)"
        assert list(curve.y) == list(days["curve"][:WEEKS])
        assert figure.layout.xaxis.ticktext[0] == "January"


@pytest.mark.parametrize("form", ["curve", "clock"])
@pytest.mark.parametrize("years", [(1999, 2001), (2004, 2006)], ids=["none", "few"])
def test_a_figure_without_a_curve_shows_what_there_is(tiny, form, years):
    found = table(tiny, years=years, **CALORIES)
    spec = charts.spec_of(draw(found, judge(found), form=form))
    assert "Curve" not in [trace["name"]["say"] for trace in spec["data"] if isinstance(trace.get("name"), dict)]


def test_the_form_is_a_parameter(small):
    assert {"of", "term", "years", "among", "against", "form"} <= cycle.parameters.keys()
    found = cycle(small, form="clock")
    assert found.parameters["form"] == "clock"
    assert [column for column in found.table if column.startswith("apart")] == []
    two = cycle(small, among="desserts", against="all", of="reviews_written")
    assert len(two.table) == 2 * (WEEKS + len(HOLIDAYS))
    assert two.sentence("fr")


@pytest.mark.slow
def test_the_sample_holds_what_was_planted_in_it(sample):
    """Lighter in summer, and Christmas recipes towards the end of the year."""
    christmas = cycle(sample, of="term", term="tag:christmas").finding
    assert christmas.verdict == "clear"
    assert 300 < christmas.peak.value < 366
    calories = cycle(sample).finding
    assert calories.verdict in ("clear", "real")
    assert 150 < calories.trough.value < 240
    assert THINGS["term"].gap.size > christmas.smallest


def test_weeks_of_no_days_are_no_rows():
    none = np.empty(0, dtype=int)
    found = columns(weeks(Days(none.astype("datetime64[D]"), none, none * 1.0, none, none, none * 1.0)))
    assert not any(map(len, found.values()))


def test_a_selection_of_nothing_is_not_compared(tiny):
    asked = {"of": "calories", "among": read("among", "minutes<=4"), "against": ()}
    rows = table(tiny, **asked)
    found = judge(rows, **paired(asked))
    assert (found.verdict, found.one.n, found.other.n) == (None, 0, 8)
    assert sentence(found, **paired(asked)).render("en").startswith("There is nothing to compare")
    for form in ("curve", "clock"):
        named = [trace.name for trace in draw(rows, found, form=form, **paired(asked)).data if "end" in trace.meta]
        assert named == (["All recipes"] if form == "curve" else [])
