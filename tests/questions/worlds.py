"""Recipes in memory, as the view `recipes` has them, of which some are quick: what selections by minutes tell apart."""

import numpy as np
import pandas as pd

from mangetamain.conditions import read
from mangetamain.questions.comparison import Pair
from mangetamain.warehouse.tables.centres import MEASURES, make_centre_cube
from tests.questions.cubes import empty
from tests.questions.ratings import SEASONS

QUICK, SLOW = read("among", "minutes<=30"), read("among", "minutes>30")


def recipes(n=40_000, *, slope=0.0, level=0.0, summer=0.0, seed=1):
    """Make recipes of 2002 to 2013 whose months share what they share.

    The calories of the quick ones are higher by `level`, by `slope` more each year, and by `summer` in summer.
    """
    rng = np.random.default_rng(seed)
    day = pd.Timestamp("2002-01-01") + pd.to_timedelta(rng.integers(0, 12 * 365, n), "D")
    found = pd.DataFrame(
        {"id": np.arange(n), "submitted": day, "year": day.year, "month": day.month, "weekday": day.day_of_week + 1}
    )
    found["season"] = found["month"].map(SEASONS)
    found["contributor_id"] = (300 * rng.random(n) ** 2).astype(int)
    found["minutes"] = rng.integers(1, 61, n)
    quick, number = found["minutes"] <= 30, found["year"] * 12 + found["month"] - 2002 * 12 - 1
    shared = rng.normal(0, 15, 144)[number] + rng.normal(0, 20, 300)[found["contributor_id"]]
    own = level + slope * (found["year"] - 2007.5) + summer * (found["season"] == "summer")
    found["calories"] = np.round(300 + shared + own * quick + rng.gamma(4, 30, n), 1)
    return found


def pantry(found):
    """Put recipes where selections of them are looked for."""
    con = empty()
    con.register("given", found)
    con.execute("CREATE TABLE recipes AS SELECT * FROM given")
    con.unregister("given")
    return con


def kitchen(found):
    """Put recipes where the questions look for them, and for what is told of all of them."""
    con = pantry(found)
    make_centre_cube(con, {"recipes": [name for name in MEASURES["recipes"] if name in found]})
    return con


def paired(asked):
    """Give what was asked as the question hands it to its other three functions: two selections as a pair."""
    pair = Pair(asked["among"], asked["against"])
    return {name: value for name, value in asked.items() if name not in ("among", "against")} | {"pair": pair}
