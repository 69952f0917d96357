"""Recipes, reviews, cooks and reviewers by any cut of time and selection, recomputed with pandas."""

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter

from mangetamain.calendars import CALENDARS
from mangetamain.charts import values
from mangetamain.conditions import read
from mangetamain.errors import BadInput
from mangetamain.questions import volume
from mangetamain.questions.volume import MonthlyVolume, draw, judge, sentence
from mangetamain.questions.volume.groups import VolumeGap, VolumesTooSmall, _compared
from mangetamain.volumes import VOLUMES
from tests.questions.cubes import POSTED
from tests.questions.selections import KEEPS, chosen, frame

SEASONS = np.array(["winter", "winter", *["spring"] * 3, *["summer"] * 3, *["autumn"] * 3, "winter"])
GROUPS = {
    "season": lambda day: SEASONS[day.month - 1],
    "month_of_year": lambda day: day.month,
    "weekday": lambda day: day.day_of_week + 1,
    "weekend": lambda day: np.where(day.day_of_week >= 5, "weekend", "weekdays"),
}
PEOPLE = {"cooks": "contributor_id", "reviewers": "user_id"}
selections = pytest.mark.parametrize("among", KEEPS)
counted = pytest.mark.parametrize("of", VOLUMES)


def rows_of(con, of, among):
    """Give the rows to count with their day, and the days that any could be of."""
    recipes, _ = chosen(con, among)
    rows, every = (each.rename(columns={"submitted": "date"}) for each in (recipes, frame(con, "recipes")))
    if VOLUMES[of].view == "reviews":
        every = frame(con, "reviews WHERE source = 'full'")
        rows = every[every["recipe_id"].isin(recipes["id"])] if among else every
    covered = pd.date_range(every["date"].min(), every["date"].max())
    return rows.assign(day=pd.to_datetime(rows["date"])), covered


def number(rows, by, of):
    return rows.groupby(by)[PEOPLE[of]].nunique() if of in PEOPLE else rows.groupby(by).size()


@counted
@selections
def test_years_and_months_are_counted(small, of, among):
    rows, covered = rows_of(small, of, among)
    by_year, by_month = (number(rows, rows["day"].dt.to_period(unit), of) for unit in "YM")
    by_year.index = by_year.index.year
    found = volume.table(small, of=of, among=read("among", among))
    assert found["year"].tolist() == sorted(set(covered.year))
    assert found["n"].tolist() == by_year.reindex(found["year"], fill_value=0).tolist()
    months = volume.table(small, of=of, by="month", among=read("among", among))
    expected = by_month.reindex(covered.to_period("M").unique(), fill_value=0)
    assert months["n"].tolist() == expected.tolist()
    assert pd.to_datetime(months["month"]).to_period("M").tolist() == expected.index.tolist()
    sd = by_month.groupby(by_month.index.year).agg(lambda n: n.std() / n.sum()).fillna(0) * by_year
    assert found["month_sd"] == pytest.approx(sd.reindex(found["year"], fill_value=0), abs=1e-5)


@counted
@selections
def test_groups_are_counted_by_day_of_exposure(small, of, among):
    rows, covered = rows_of(small, of, among)
    rows, covered = (
        rows[rows["day"].dt.year.between(2003, 2009)],
        covered[(covered.year > 2002) & (covered.year < 2010)],
    )
    daily = number(rows, "day", of).reindex(covered, fill_value=0)
    for by, calendar in CALENDARS.items():
        group = GROUPS[by](covered)
        found = volume.table(small, of=of, by=by, years=(2003, 2009), among=read("among", among))
        place = found[by].tolist()
        assert place == list(calendar.values)
        assert found["n"].tolist() == daily.groupby(group).sum()[place].tolist()
        assert found["days"].tolist() == pd.Series(1, covered).groupby(group).sum()[place].tolist()
        assert found["mean"] == pytest.approx(daily.groupby(group).mean()[place])


def test_ratios_are_of_the_months_of_years_that_hold_enough(small):
    """The gap of two groups within months is the mean difference of the logarithms, but for the weights."""
    rows, covered = rows_of(small, "reviews", "")
    daily = number(rows, "day", "reviews").reindex(covered, fill_value=0)
    frame = pd.DataFrame({"n": daily, "weekend": GROUPS["weekend"](covered), "month": covered.to_period("M")})
    cells = frame.groupby(["month", "weekend"])["n"].agg(["sum", "size"])
    a_year = cells["sum"].groupby(cells.index.get_level_values(0).year).transform("mean")
    kept = cells[a_year >= 5]
    log = np.log((kept["sum"] + 0.5) / kept["size"]).unstack()
    found = volume.table(small, of="reviews", by="weekend")
    mean = (log["weekend"] - log["weekdays"]).mean()
    assert found["gap"].max() == pytest.approx(np.expm1(abs(mean)), abs=0.05)
    top = int(found["gap"].argmax())
    assert found["high"][top] == pytest.approx(found["level"].min() * (1 + found["gap_high"][top]))
    # Levels agree with the gap, and over the days of exposure with all that was counted.
    assert found["level"].max() / found["level"].min() == pytest.approx(1 + found["gap"].max())
    assert (found["level"] * found["days"]).sum() == pytest.approx(found["n"].sum())


def cells(ratio=1.0, seed=0, rho=0.0, scatter=0.15):
    """Weekdays of months that scatter about the course of the published years, the last of four `ratio` times more."""
    rng, months = np.random.default_rng(seed), np.arange(12 * 2000, 12 * 2018)
    middle = 12 * np.array(list(POSTED)) + 6
    course = np.interp(months, middle, np.log(list(POSTED.values()))) - np.log(365)
    noise = lfilter([scatter * np.sqrt(1 - rho**2)], [1, -rho], rng.normal(size=len(months)))
    place = np.tile(np.arange(4), len(months))
    mean = np.repeat(np.exp(course + noise), 4) * np.where(place == 3, ratio, 1.0)
    n = rng.poisson(mean[:, None], (len(mean), 7))
    return {
        "month": np.repeat(months, 4), "place": place, "days": np.full(len(n), 7), "n": n.sum(1),
        "squares": (n**2).sum(1),
    }  # fmt: skip


def seasons(found):
    """Deal the months out to four seasons."""
    return found | {"place": found["month"] % 12 // 3}


def gap(table):
    """Estimate the widest gap."""
    top = int(np.nanargmax(table["gap"]))
    return table["gap_low"][top], table["gap_high"][top]


def test_a_planted_weekday_is_found_and_its_ratio_covered():
    table = _compared(cells(ratio=1.3), 4)
    assert table["gap"].argmax() == 3
    low, high = gap(table)
    assert 0.1 < low < 0.3 < high


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.6])
@pytest.mark.parametrize("cut", [lambda found: found, seasons])
def test_groups_that_do_not_matter_seem_to_no_oftener_than_stated(cut, rho):
    wrong = [gap(_compared(cut(cells(seed=seed, rho=rho)), 4))[0] > 0 for seed in range(200)]
    # 5 % is stated; with 200 tries, chance alone goes up to 8.5 %.
    assert np.mean(wrong) <= 0.085


@pytest.mark.slow
def test_a_season_a_fifth_above_the_others_is_found():
    found = []
    for seed in range(60):
        made = seasons(cells(seed=seed))
        made["n"] = np.where(made["place"] == 2, made["n"] * 6 // 5, made["n"])
        low, high = gap(_compared(made, 4))
        found.append((low > 0, low < 0.2 < high))
    power, covered = np.mean(found, axis=0)
    assert power >= 0.8
    assert covered >= 0.9


def test_days_that_differ_widen_the_interval():
    calm = cells()
    wild = calm | {"squares": calm["squares"] + 40 * calm["n"]}
    narrow, wide = (np.subtract(*gap(_compared(made, 4))[::-1]) for made in (calm, wild))
    assert wide > narrow


@pytest.mark.parametrize("by", CALENDARS)
def test_groups_are_said_and_drawn(small, by):
    answer = volume(small, of="reviews", by=by)
    assert isinstance(answer.finding, VolumeGap)
    assert answer.finding.top > answer.finding.bottom
    assert "a day (" in answer.sentence("en")
    assert answer.figure.layout.yaxis.title.text == "Reviews written a day"
    drawn = {
        x: y
        for trace in answer.figure_spec("en")["data"]
        for x, y in zip(*map(values, (trace["x"], trace["y"])), strict=True)
    }
    level = answer.columns["level"]
    assert [drawn[place] for place in range(len(level))] == pytest.approx(level.tolist(), rel=1e-5)


@pytest.mark.parametrize(("by", "months"), [("weekday", 24), ("season", 48), ("month_of_year", 48)])
def test_numbers_too_small_to_compare_are_said(small, by, months):
    answer = volume(small, by=by, among="minutes<=1")
    assert isinstance(answer.finding, VolumesTooSmall)
    assert answer.verdict == "undecided"
    assert f"between times: that takes {months} months" in answer.sentence("en")
    # So many months are enough.
    assert np.isfinite(volume(small, of="reviews", by=by, years=(2006, 2005 + months // 12)).columns["gap"]).all()
    assert np.isnan(volume(small, of="reviews", by=by, years=(2006, 2004 + months // 12)).columns["gap"]).all()


def test_a_month_picked_as_the_busiest_is_not_tested():
    month = np.arange("2004-01", "2006-01", dtype="datetime64[M]").astype("datetime64[D]")
    n = np.append(np.full(12, 10), np.arange(12))
    rows = {"month": month, "n": np.where(np.arange(24) == 3, 99, n)}
    found = judge(rows, by="month")
    assert isinstance(found, MonthlyVolume)
    assert (found.busiest, found.most, found.latest, found.verdict) == ("2004-04", 99, 5.5, None)
    assert sentence(found, of="cooks", by="month").render("en") == (
        "The number of cooks who posted from January 2004 to December 2005 is 11.5 a month on average, and 5.5 over "
        "the last twelve months; the busiest month is April 2004, with 99."
    )
    short = judge({name: column[:12] for name, column in rows.items()}, by="month")
    assert "a month on average; the busiest month is April 2004" in sentence(short, by="month").render("en")
    figure = draw(rows, found, of="cooks", by="month")
    assert (figure.layout.yaxis.title.text, list(figure.data[0].y)) == ("Cooks who posted", rows["n"].tolist())


@pytest.mark.parametrize("by", ["month", "month_of_year"])
def test_nothing_was_published_by_month(small, by):
    with pytest.raises(BadInput, match=f"^by cannot be '{by}' where method is published: .* by=weekend, or method"):
        volume(small, by=by, method="published")
