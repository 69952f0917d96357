"""Which terms belong to a season, a month, a weekday or the weekend."""

import json

import numpy as np
import pandas as pd
import pytest

from mangetamain.calendars import CALENDARS
from mangetamain.finding import Estimate, Nothing
from mangetamain.questions.term_contrast import (
    Belonging,
    Gathered,
    TermContrast,
    draw,
    judge,
    sentence,
    table,
    term_contrast,
)
from mangetamain.questions.term_contrast.cells import smallest_gap
from tests.questions.cubes import coded, empty

KINDS = pytest.mark.parametrize("kind", ["ingredient", "tag"])
EVERY = pytest.mark.parametrize("by", list(CALENDARS))
SEASONS = CALENDARS["season"].values
# How many times as frequent a term is in winter, spring, summer and autumn.
PLANTED = {"pumpkin": (1.0, 0.5, 0.5, 2.0), "rhubarb": (0.5, 2.0, 1.0, 0.5), "basil": (0.8, 0.8, 1.5, 0.9)}
STILL = {f"term {i:03}": share for i, share in enumerate(np.geomspace(0.4, 0.004, 120))}


def made(times=None, years=range(2001, 2013), posted=250, seed=0, scatter=0.1, weekends=None):
    """Make cubes of so many recipes a month, in which terms scatter by seasons, months and days of the year.

    On a day of the weekend terms are so many times as frequent as on another.
    """
    rng, con, rows = np.random.default_rng(seed), empty(), []
    shares = STILL | dict.fromkeys(times or weekends or {}, 0.06)
    for term, share in shares.items():
        factor = np.array((times or {}).get(term, (1.0,) * 4))
        days = np.array([1.0] * 5 + [(weekends or {}).get(term, 1.0)] * 2)
        for year in years:
            odds = factor[np.arange(1, 13) % 12 // 3] * np.exp(scatter * rng.normal(size=4))[np.arange(1, 13) % 12 // 3]
            months = rng.binomial(posted, np.minimum(share * odds, 0.95))
            weekdays = rng.multinomial(months.sum(), days / days.sum())
            rows.append((term, year, int(months.sum()), months.tolist(), weekdays.tolist()))
    con.execute("""
        CREATE TABLE cube_term_years (kind VARCHAR, term VARCHAR, year SMALLINT, recipes INTEGER, months INTEGER[12],
            weekdays INTEGER[7])
    """)
    con.executemany("INSERT INTO cube_term_years VALUES ('ingredient', ?, ?, ?, ?, ?)", rows)
    days = pd.DataFrame({"day": pd.date_range(f"{years[0]}-01-01", f"{years[-1]}-12-31")})
    con.register("days", days)
    con.execute(f"""
        CREATE TABLE cube_recipes AS
        SELECT year(day)::SMALLINT AS year, month(day)::TINYINT AS month, isodow(day)::TINYINT AS weekday,
            CASE month(day) // 3 % 4 WHEN 0 THEN 'winter' WHEN 1 THEN 'spring' WHEN 2 THEN 'summer' ELSE 'autumn' END
            AS season, 'minutes' AS measure, (day(day) <= 10)::INTEGER * {posted // 10} AS n
        FROM days
    """)
    return coded(con)


def literal():
    """Two shown terms in four seasons, and a third that belongs nowhere."""
    n = 9
    return {
        "term": np.array(["pumpkin"] * 4 + ["rhubarb"] * 4 + ["salt"], dtype=object),
        "season": np.array([*SEASONS, *SEASONS, "winter"]),
        "recipes": np.arange(n) + 60,
        "share": np.array([0.02, 0.01, 0.01, 0.04, 0.005, 0.02, 0.01, 0.005, 0.51]),
        "low": np.array([0.018, 0.009, 0.009, 0.038, 0.004, 0.018, 0.009, 0.004, np.nan]),
        "high": np.array([0.022, 0.011, 0.011, 0.042, 0.006, 0.022, 0.011, 0.006, np.nan]),
        "usual": np.array([0.02] * 4 + [0.01] * 4 + [0.5]),
        "times": np.array([1.0, 0.5, 0.5, 2.0, 0.5, 2.0, 1.0, 0.5, 1.02]),
        "times_low": np.array([0.9, 0.45, 0.45, 1.9, 0.4, 1.8, 0.9, 0.4, np.nan]),
        "times_high": np.array([1.1, 0.55, 0.55, 2.1, 0.6, 2.2, 1.1, 0.6, np.nan]),
        "q": np.array([0.9, 1, 1, 0.001, 1, 0.001, 0.8, 1, 0.5]),
        "verdict": np.array(["negligible", "clear", "clear", "clear"] * 2 + [None], dtype=object),
        "shown": np.arange(n) < 8,
        **{name: np.full(n, value) for name, value in (("family", 321), ("first", 2000), ("last", 2017))},
    }


def test_planted_seasons_are_found_and_their_intervals_cover():
    rows = pd.DataFrame(table(made(PLANTED, seed=1)))
    found = judge({name: rows[name].to_numpy() for name in rows})
    assert set(rows.term[:8]) == {"pumpkin", "rhubarb"}
    assert set(rows.term[rows.shown][8:]) == {"basil"}  # the least concentrated of them
    shown = rows[rows.shown].set_index(["term", "season"])
    assert shown.index.get_level_values("season").tolist() == [*SEASONS] * 3
    for term, times in PLANTED.items():
        truth = 0.06 * np.array(times)
        assert ((shown.loc[term].low < truth) & (truth < shown.loc[term].high)).sum() >= 2  # of four, each in 95 %
        assert shown.loc[term].times.tolist() == pytest.approx(list(times), rel=0.2)
    belongs = rows[(rows.q < 0.05) & (rows.times > 1)]
    planted = {("pumpkin", "autumn"), ("rhubarb", "spring"), ("basil", "summer")}
    assert set(zip(belongs.term, belongs.season, strict=True)) == planted
    assert (found.n, found.belonging, found.verdict) == (123, 3, "clear")
    assert found.groups == (Belonging("spring", 1), Belonging("summer", 1), Belonging("autumn", 1))
    assert len(rows) == 123 + 9  # a row a term, and the other three groups of those in the figure


WEEKENDS = {"pancakes": 1.6, "lunch": 1 / 1.6, "roast": 1.4, "soup": 1 / 1.4}


@pytest.mark.parametrize("seed", range(3))
def test_what_belongs_to_weekends_and_what_belongs_to_other_days_is_judged_alike(seed):
    rows = pd.DataFrame(table(made(weekends=WEEKENDS, seed=seed), by="weekend"))
    found = judge({name: rows[name].to_numpy() for name in rows}, by="weekend")
    assert found.groups == (Belonging("weekdays", 2), Belonging("weekend", 2))
    belongs = rows[(rows.q < 0.05) & (rows.times > 1)].set_index("term")
    assert belongs.weekend.to_dict() == {term: "weekend" if r > 1 else "weekdays" for term, r in WEEKENDS.items()}
    assert belongs.shown.all()
    truth = belongs.index.map(lambda term: max(WEEKENDS[term], 1 / WEEKENDS[term]))
    assert belongs.times.tolist() == pytest.approx(list(truth), rel=0.2)
    assert ((belongs.times_low < truth) & (truth < belongs.times_high)).sum() >= 3  # of four, each in 95 %
    assert set(belongs.verdict) <= {"clear", "real"}
    # The two parts of a term are one comparison, told from either end.
    pairs = rows[rows.shown].groupby("term")
    assert pairs.times.prod().tolist() == pytest.approx([1.0] * 4, abs=1e-4)
    assert (pairs.verdict.nunique() == 1).all()
    said = sentence(found, by="weekend").render("en")
    assert "4 are more frequent than usual at the weekend, or outside it" in said
    assert "(Monday to Friday: 1." in said
    assert " times its share on the other days, 1." in said


def test_the_figure_shows_both_parts_of_the_week():
    rows = table(made(weekends=WEEKENDS), by="weekend")
    for view in ("strips", "heatmap"):
        figure = draw(rows, judge(rows, by="weekend"), by="weekend", view=view)
        rising = next(trace for trace in figure.data if trace.meta["role"] == "rise")
        assert len(rising.x) == 4
        places = np.array(rising.base) + 0.5 if view == "heatmap" else rising.x
        assert sorted(places) == [0, 0, 1, 1]


def test_without_seasons_no_term_belongs_to_any():
    for seed in range(5):
        found = judge(table(made(seed=seed)))
        assert (found.belonging, found.verdict, found.groups) == (0, "undecided", ())


def test_the_verdict_is_on_the_points_above_the_usual_share():
    rows = pd.DataFrame(table(made(PLANTED)))
    autumn = rows[(rows.term == "pumpkin") & (rows.season == "autumn")].iloc[0]
    assert 100 * (autumn.low - autumn.usual) > smallest_gap(autumn.usual) == 1.0
    assert autumn.verdict == "clear"
    assert smallest_gap(0.01) == 0.25


def test_years_that_are_partial_thin_or_too_few_tell_nothing():
    assert isinstance(judge(table(made(years=range(2001, 2004)))), Nothing)
    assert isinstance(judge(table(made(years=range(2001, 2009)), years=(2003, 2005))), Nothing)
    assert table(made(PLANTED, years=range(2008, 2019)))["last"][0] == 2017
    assert isinstance(judge(table(made(years=range(2001, 2007), posted=0))), Nothing)


def test_counts_names_and_the_verdict():
    found = judge(literal(), kind="tag")
    assert found == TermContrast(
        n=321, verdict="clear", kind="tag", first=2000, last=2017, belonging=2,
        groups=(Belonging("spring", 1), Belonging("autumn", 1)),
        peaks=(
            Gathered("pumpkin", "autumn", 0.04, Estimate(2.0, 1.9, 2.1)),
            Gathered("rhubarb", "spring", 0.02, Estimate(2.0, 1.8, 2.2)),
        ),
    )  # fmt: skip
    assert sentence(found).render("en") == (
        "Of 321 tags in at least 50 recipes, 2 are more frequent than usual in some season (false discovery rate 5%): "
        "spring (1) and autumn (1). Most concentrated, with 95% intervals: pumpkin (autumn: 2.00 times its usual "
        "share, 1.90 to 2.10) and rhubarb (spring: 2.00 times its usual share, 1.80 to 2.20)."
    )


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("season", "none is found to be more frequent than usual in some season"),
        ("month_of_year", "none is found to be more frequent than usual in some month of the year"),
        ("weekday", "none is found to be more frequent than usual on some day of the week"),
        ("weekend", "none is found to be more frequent than usual at the weekend, or outside it"),
    ],
)
def test_where_no_term_belongs_that_is_said(by, said):
    none = TermContrast(n=40, verdict="undecided", kind="tag", first=2000, last=2017, belonging=0, groups=(), peaks=())
    assert said in sentence(none, by=by).render("en")


def test_strips_hold_the_shares_of_the_shown_terms():
    rows = literal()
    figure = draw(rows, judge(rows))
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [trace.meta["role"] for trace in bars] == ["rise", "mute"]
    assert list(bars[0].x) == [3, 1]
    assert list(bars[0].base) == [-1, -2]
    # The longest interval of a strip ends at four fifths of it; pumpkin's autumn is 0.04 of 0.042, of 0.8.
    assert list(bars[0].y) == pytest.approx([0.8 * 0.04 / 0.042, 0.8 * 0.02 / 0.022])
    usual = next(trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines")
    assert list(usual.y[[0, 3]]) == pytest.approx([-1 + 0.8 * 0.02 / 0.042, -2 + 0.8 * 0.01 / 0.022])
    assert list(figure.layout.yaxis.ticktext) == ["pumpkin", "rhubarb"]
    assert figure.layout.xaxis.side == "top"


def test_fields_are_the_darker_the_further_they_are_from_the_usual_share():
    rows = literal()
    figure = draw(rows, judge(rows), view="heatmap")
    more, less, written = figure.data
    assert (more.meta["role"], less.meta["role"], written.mode) == ("rise", "fall", "text")
    shades = {(term, base): shade for trace in (more, less)
              for term, base, shade in zip(trace.y, trace.base, trace.marker.opacity, strict=True)}  # fmt: skip
    assert shades[("pumpkin", 2.5)] == shades[("rhubarb", 0.5)] == shades[("pumpkin", 0.5)] == 0.45
    assert shades[("pumpkin", -0.5)] == 0
    # Terms of the first group stand on top.
    assert list(figure.layout.yaxis.categoryarray) == ["rhubarb", "pumpkin"]
    assert [each.message.render("fr") for each in written.text[:2]] == ["2,00\u202f%", "1,00\u202f%"]
    assert more.customdata[0][1].message.render("en") == "4.00%"


@EVERY
@pytest.mark.parametrize("view", ["strips", "heatmap"])
@pytest.mark.parametrize("method", ["robust", "published"])
def test_every_answer_can_be_drawn_and_said(small, by, view, method):
    if method == "published" and by not in ("season", "weekend"):
        return
    answer = term_contrast(small, kind="tag", by=by, view=view, method=method)
    assert answer.sentence("en")
    again = term_contrast.revive(json.loads(answer.to_json()))
    assert (again.finding, again.sentence("en")) == (answer.finding, answer.sentence("en"))


@pytest.mark.parametrize("view", ["strips", "heatmap"])
def test_nothing_is_drawn_of_nothing(tiny, view):
    empty_table = table(tiny)
    assert isinstance(judge(empty_table), Nothing)
    assert not draw(empty_table, Nothing(), view=view).data
    still = literal() | {"shown": np.zeros(9, bool)}
    nothing = draw(still, judge(literal()), view=view)
    assert (len(nothing.data), nothing.layout.annotations[0].text) == (0, "Nothing stands out from chance.")
    assert sentence(Nothing()).render("en").startswith("There is nothing to compare: that takes 4 whole years")


def test_the_figure_is_a_parameter_of_the_question(small):
    assert list(term_contrast.parameters) == ["kind", "by", "years", "among", "method", "view"]
    one, other = (term_contrast(small, kind="tag", view=view) for view in ("strips", "heatmap"))
    assert one.finding == other.finding
    assert one.spec != other.spec
