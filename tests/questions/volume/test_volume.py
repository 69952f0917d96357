"""How many recipes are posted, year by year."""

import numpy as np
import pytest

from mangetamain.questions import volume
from mangetamain.questions.volume import VolumeFinding, draw, judge, sentence, table
from mangetamain.questions.volume.published import PublishedVolume


def literal(years, n, sd=1.0):
    years = np.array(years, dtype=int)
    return {
        "year": years,
        "n": np.array(n, dtype=int),
        "month_sd": np.full(len(years), sd),
        "partial": np.isin(years, [1999, 2018]),
    }


def test_years_are_counted_in_order(tiny):
    counted = table(tiny)
    assert counted["year"].tolist() == [2004, 2005, 2006]
    assert counted["n"].tolist() == [2, 3, 3]
    # January and July; February, March, December; June and twice November.
    assert counted["month_sd"] == pytest.approx([0, 0, np.std([1, 2], ddof=1)], abs=1e-6)


def test_only_the_chosen_years_count(tiny):
    assert table(tiny, years=(2005, 2005))["n"].tolist() == [3]
    assert len(table(tiny, years=(2010, 2011))["n"]) == 0


def test_the_last_whole_year_is_held_against_the_peak():
    found = judge(literal([2006, 2007, 2017, 2018], [200, 400, 100, 5]))
    assert (found.peak_year, found.end_year, found.n) == (2007, 2017, 705)
    assert found.change.value == pytest.approx(-0.75)
    assert found.change.low < -0.75 < found.change.high
    assert found.verdict == "clear"


def test_months_that_differ_widen_the_interval():
    calm, wild = (judge(literal([2006, 2007], [400, 300], sd=sd)).change for sd in (0.0, 20.0))
    assert wild.high - wild.low > 2 * (calm.high - calm.low)


def test_a_growing_site_has_no_fall_to_speak_of():
    found = judge(literal([2004, 2005], [10, 20]))
    assert found.change is None
    assert found.verdict is None
    assert "busiest whole year is the last one, 2005" in sentence(found).render("en")


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2004, "The number of recipes posted was 10 in 2004."),
        (1999, "The number of recipes posted was 10 in 1999, which is not a whole year."),
    ],
)
def test_a_year_alone_is_no_peak(year, said):
    assert sentence(judge(literal([year], [10]))).render("en") == said


def test_a_whole_year_alone_is_not_the_busiest():
    found = judge(literal([1999, 2000], [3, 10]))
    assert sentence(found).render("en") == "The number of recipes posted was 10 in 2000, the only whole year."


def test_the_published_description_is_reproduced_from_the_published_counts():
    counts = [1121, 689, 3974, 17523, 15625, 14381, 20909, 23667, 29790, 26763]
    counts += [19597, 10308, 6549, 4361, 3181, 853, 241, 172, 228, 134]
    found = judge(literal(range(1999, 2019), counts), method="published")
    assert isinstance(found, PublishedVolume)
    assert (found.n, found.most, found.peak_year, found.median) == (200_066, 29_790, 2007, 5455)
    assert found.sd == pytest.approx(10100.64, abs=0.01)
    assert found.sd_population == pytest.approx(9844.89, abs=0.01)
    assert (found.lower_quartile, found.upper_quartile) == (812, 18041.5)
    assert found.probability_plot_r2 == pytest.approx(0.881903, abs=1e-6)
    assert (found.shapiro_w, found.shapiro_p) == pytest.approx((0.861946, 0.008508), abs=1e-6)
    assert (found.agostino_k2, found.agostino_p) == pytest.approx((3.532839, 0.170944), abs=1e-6)


def test_the_figure_shows_each_year_once_and_pales_the_partial_ones():
    rows = literal([1999, 2000, 2001], [3, 5, 4])
    figure = draw(rows, judge(rows))
    *bars, peak = figure.data
    assert [(bar.name, list(bar.x), list(bar.y)) for bar in bars] == [
        ("Whole year", [2000, 2001], [5, 4]),
        ("Partial year", [1999], [3]),
    ]
    assert (list(peak.x), list(peak.y), str(peak.text[0].message)) == ([2000], [5], "2000: 5")
    assert figure.layout.yaxis.title.text == "Recipes posted"


@pytest.mark.parametrize("years", [[], [2004, 2005]])
def test_no_recipe_at_all_is_said_and_drawn_empty(years):
    rows = literal(years, [0] * len(years))
    found = judge(rows)
    assert sentence(found).render("en") == "No recipe was posted in these years."
    assert len(draw(rows, found).data) == 0


def test_the_sentence_says_what_the_answer_found(tiny):
    answer = volume(tiny)
    assert isinstance(answer.finding, VolumeFinding)
    assert answer.sentence("en") == "The number of recipes posted was never more than 3, as in 2005 and in 2006."


def test_none_in_a_whole_year_is_said():
    found = judge(literal([1999, 2000, 2001], [4, 0, 0]))
    said = "The number of recipes posted was 4 in all, and none of them in a whole year."
    assert (found.change, found.verdict, sentence(found).render("en")) == (None, None, said)


def test_a_year_without_recipes_is_a_year(tmp_path):
    from mangetamain.warehouse import build, connect
    from tests.conftest import RECIPES, write_official_files

    rows = [recipe for recipe in RECIPES if not recipe[3].startswith("2005")]
    reviews = [(1, 1, "2004-02-01", 5)]
    build(str(write_official_files(tmp_path / "raw", rows, reviews)), home=tmp_path)
    counted = table(connect(tmp_path))
    assert dict(zip(counted["year"].tolist(), counted["n"].tolist(), strict=True)) == {2004: 2, 2005: 0, 2006: 3}
    found = judge(literal([2004, 2005], [9, 0]))
    assert (found.end, found.end_year) == (0, 2005)
    assert (found.change.value, found.change.low) == (-1, -1)
    assert found.change.high > -1
