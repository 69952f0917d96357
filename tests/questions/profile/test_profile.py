"""What changed or differs, over several measures at once."""

import sys

import numpy as np
import pytest

from mangetamain.measures import PROFILES
from mangetamain.questions import contrast, level
from mangetamain.questions.contrast import Contrast
from mangetamain.questions.courses import LevelFinding
from mangetamain.questions.profile import profile, table
from mangetamain.questions.profile.sentences import Changed, Differing, NotJudged
from tests.questions.ratings import answer, connection, frame
from tests.questions.worlds import kitchen, recipes

# Its name is that of the question, too.
module = sys.modules["mangetamain.questions.profile"]
FEW = "None of 4 measures can be judged: that takes values that differ, in "


def world(seed=1, n=20_000, *, sugar=0.0, steps=0.0, **fixed):
    """Make recipes of which sugar is higher in autumn, and steps grow every year; nothing touches the others."""
    found, rng = recipes(n, seed=seed), np.random.default_rng(seed)
    names = {"n_steps": 9, "n_ingredients": 9, "complexity": 12, "calories": 400, "total_fat_pct": 35}
    names |= {"sat_fat_pct": 40, "sugar_pct": 70, "sodium_pct": 27, "protein_pct": 32, "carb_pct": 15}
    for name, middle in names.items():
        found[name] = np.round(rng.gamma(9, middle / 9, n), 1)
    found["sugar_pct"] += sugar * (found["season"] == "autumn")
    found["n_steps"] += steps * (found["year"] - 2002)
    return kitchen(found.assign(**fixed))


def found_of(con, **given):
    """Ask past the store, and give what was found of each measure."""
    return {one.measure: one for one in answer(profile, con, **given).finding.measures}


def test_the_ten_recipes_are_too_few_and_some_of_their_values_alike(tiny):
    found = profile(tiny, by="year").table.set_index("measure")
    assert found.index.tolist() == list(PROFILES["all"])
    assert found.n.tolist() == [8] * 11  # cleaning takes two away
    alike = ["saturated_fat", "sugar", "sodium", "protein", "carbohydrates"]
    assert found.why.to_dict() == {name: "alike" if name in alike else "few" for name in PROFILES["all"]}
    assert found[["effect", "low", "high", "multiple"]].isna().all(axis=None)
    seasons = profile(tiny, of="effort")
    assert seasons.table.why.tolist() == ["few"] * 4
    assert (seasons.verdict, seasons.sentence()) == (
        "undecided",
        f"{FEW}two groups of 100 or more and in 24 months of 10 values or more.",
    )
    years = profile(tiny, of="effort", by="year").sentence("fr")
    assert years.startswith("Aucune des 4 mesures ne peut être jugée\u00a0: il faut des valeurs qui diffèrent, sur 4 ")


def test_without_values_there_is_nothing_to_say(tiny):
    for of, said in (("all", "There is no recipe"), ("liking", "There is no rating")):
        found = profile(tiny, of=of, years="2010")
        assert (found.finding.n, found.verdict) == (0, None)
        assert found.sentence() == f"{said} in this selection."
        assert not found.figure.data
    assert profile(tiny, years="2010").sentence("fr") == "Aucune recette dans cette sélection."


CASES = [
    {"by": "year"},
    {"by": "year", "years": "2004-2009", "among": "minutes<=60"},
    {"by": "season", "among": "minutes<=60"},
    {"by": "weekday", "years": "2003-2010"},
    {"by": "weekend"},
    {"by": "month_of_year"},
    {"by": "year", "of": "liking", "source": "train"},
    {"by": "season", "of": "liking"},
    {"by": "weekend", "of": "liking", "among": "minutes<=60"},
]


@pytest.mark.parametrize("given", CASES, ids=str)
def test_each_measure_is_what_is_found_of_it_alone_before_intervals_are_widened(given, small, sample, monkeypatch):
    # A day of the week of a month has enough recipes in the full sample alone.
    con = sample if given["by"] in ("weekday", "weekend") else small
    rest = {name: value for name, value in given.items() if name not in ("of", "by")}
    together, judged = found_of(con, **given), 0
    number = len(PROFILES[given.get("of", "all")])
    monkeypatch.setattr(module, "CONFIDENCE", module.CONFIDENCE**number)
    answered = answer(profile, con, **given)
    rows = answered.table
    assert rows.multiple.to_numpy() == pytest.approx(rows.effect / rows.smallest, nan_ok=True)
    assert rows.multiple_high.to_numpy() == pytest.approx(rows.high / rows.smallest, nan_ok=True)
    for one in answered.finding.measures:
        if not isinstance(one, NotJudged):
            wide, effect = together[one.measure], one.effect
            assert (wide.effect.value, wide.smallest) == (effect.value, one.smallest)
            assert wide.effect.high - wide.effect.low > 1.1 * (effect.high - effect.low)
            assert wide.effect.low < effect.low < effect.high < wide.effect.high
        if given["by"] == "year":
            alone = level(con, of=one.measure, **rest).finding
        else:
            alone = contrast(con, of=one.measure, by=given["by"], **rest).finding
        match one:
            case Changed(effect=effect, smallest=smallest, verdict=word):
                assert isinstance(alone, LevelFinding)
                main = alone.main
                assert (effect, smallest, word) == (main.change, main.smallest, main.verdict)
                assert (one.first, one.last, one.decade) == (main.first, main.last, main.over == 10)
            case Differing(effect=effect, smallest=smallest, verdict=word):
                assert isinstance(alone, Contrast)
                assert (effect, smallest, word) == (alone.gap, alone.smallest, alone.verdict)
                assert (one.lowest, one.highest) == (alone.lowest, alone.highest)
            case NotJudged():
                assert not isinstance(alone, LevelFinding | Contrast)
        judged += not isinstance(one, NotJudged)
    assert judged


def test_the_planted_season_is_named_and_no_other():
    found = answer(profile, world(sugar=9.0))
    sugar, *others = found.finding.measures
    assert (sugar.measure, sugar.lowest != "autumn", sugar.highest, sugar.verdict) == ("sugar", True, "autumn", "clear")
    assert sugar.effect.low < 9.0 < sugar.effect.high
    assert "clear" not in [one.verdict for one in others]
    assert found.finding.verdict == "clear"
    assert found.sentence().startswith(
        "Between the seasons, 1 of 11 measures clearly differs by enough to matter: the "
    )


def test_the_planted_change_is_named_and_no_other():
    found = found_of(world(steps=0.2, seed=2), by="year")
    steps = found.pop("steps")
    assert steps.effect.low < 2.0 < steps.effect.high
    assert (steps.verdict, steps.first, steps.last) == ("clear", "2002", "2013")
    assert "clear" not in [one.verdict for one in found.values()]


def test_a_measure_whose_values_are_all_the_same_stays_as_a_row():
    con = world(n=6_000, minutes=30)
    for by in ("year", "weekend"):
        found = answer(profile, con, by=by, of="effort")
        assert found.finding.measures[-1] == NotJudged("minutes", "alike")
        assert "1 cannot be judged" in found.sentence()
        assert found.table["measure"].iloc[-1] == "minutes"


def test_ten_reviews_are_too_few_to_tell_whether_they_are_liked():
    found = table(connection(frame()), of="liking")
    assert dict(zip(found["measure"], found["n"], strict=True)) == {"rating": 7, "five": 7, "low": 7, "unrated": 8}
    assert set(found["why"]) == {"few"}
