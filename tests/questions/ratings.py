"""Reviews in memory, as the warehouse keeps them: ten by hand, a random set with planted effects, and the real rows."""

import json

import numpy as np
import pandas as pd

from mangetamain.warehouse.tables.clusters import make_cluster_cube
from mangetamain.warehouse.tables.term_ratings import COUNTS
from tests.questions.cubes import empty

SEASONS = {1: "winter", 2: "winter", 12: "winter", 3: "spring", 4: "spring", 5: "spring"}
SEASONS |= {6: "summer", 7: "summer", 8: "summer", 9: "autumn", 10: "autumn", 11: "autumn"}
# source, user, recipe, date, rating; None is a review without one.
HAND = [
    ("full", 0, 0, "2004-01-05", 5),
    ("full", 0, 1, "2004-01-06", 4),
    ("full", 1, 0, "2004-01-31", 5),
    ("full", 1, 2, "2004-02-01", None),
    ("full", 2, 1, "2004-03-06", 1),
    ("full", 2, 2, "2004-12-05", 3),
    ("full", 3, 0, "2005-07-09", 5),
    ("full", 3, 3, "2005-07-10", 2),
    ("train", 0, 0, "2004-01-05", 5),
    ("train", 2, 1, "2004-03-06", 1),
]


def frame(rows=HAND):
    """Rows as a frame with the calendar of `reviews`."""
    found = pd.DataFrame(rows, columns=["source", "user_code", "recipe_code", "date", "rating"])
    return dated(found)


def dated(found):
    day = pd.to_datetime(found["date"])
    return found.assign(
        date=day, year=day.dt.year, month=day.dt.month, weekday=day.dt.isocalendar().day.astype(int),
        season=day.dt.month.map(SEASONS), rating=found["rating"].astype("Int8"),
    )  # fmt: skip


def random_reviews(n=20_000, seed=7):
    """Users with leanings, recipes with qualities, a drop of level in 2006-07 to 2008-02, a better summer."""
    rng = np.random.default_rng(seed)
    user, recipe = (900 * rng.random(n) ** 2).astype(int), (1500 * rng.random(n) ** 2).astype(int)
    day = pd.Timestamp("2002-01-01") + pd.to_timedelta(rng.integers(0, 12 * 365, n), "D")
    found = pd.DataFrame({"source": "full", "user_code": user, "recipe_code": recipe, "date": day})
    found = found.drop_duplicates(["user_code", "recipe_code"])
    user, recipe, day = found["user_code"], found["recipe_code"], found["date"]
    level = 4.9 + rng.normal(0, 0.4, 900)[user] + rng.normal(0, 0.3, 1500)[recipe] + rng.normal(0, 0.6, len(found))
    level = level + 0.25 * day.dt.month.isin([6, 7, 8]) - 0.5 * day.between("2006-07-01", "2008-02-29")
    rating = np.clip(np.round(level), 1, 5)
    return dated(found.assign(rating=np.where(rng.random(len(found)) < 0.05, np.nan, rating)))


def real_reviews(folder):
    """The real rows, user and recipe numbered densely, 0 stars as missing."""
    found = pd.read_csv(folder / "foodcom" / "RAW_interactions.csv", usecols=["user_id", "recipe_id", "date", "rating"])
    codes = {f"{name}_code": pd.factorize(found[f"{name}_id"])[0] for name in ("user", "recipe")}
    return dated(found.assign(source="full", rating=found["rating"].where(found["rating"] > 0), **codes))


def connection(reviews):
    """Put reviews where the questions look for them."""
    con = empty()
    con.register("given", reviews)
    con.execute("""
        CREATE TABLE reviews AS SELECT source, user_code::INTEGER AS user_code, recipe_code::INTEGER AS recipe_code,
            date::DATE AS date, year::SMALLINT AS year, month::TINYINT AS month, weekday::TINYINT AS weekday, season,
            rating::TINYINT AS rating FROM given
    """)
    con.execute("""
        CREATE VIEW cube_ratings AS SELECT source, date AS day, year, month, weekday, season, rating,
            count(*)::INTEGER AS n FROM reviews GROUP BY ALL ORDER BY ALL
    """)
    con.execute("""
        CREATE VIEW repeated_reviews AS SELECT source, user_code, recipe_code, count(*)::INTEGER AS n FROM reviews
        WHERE rating IS NOT NULL GROUP BY ALL HAVING count(*) > 1
    """)
    con.execute(f"""
        CREATE VIEW cube_recipe_ratings AS SELECT source, recipe_code AS recipe, year, {COUNTS}
        FROM reviews GROUP BY ALL
    """)
    con.unregister("given")
    make_cluster_cube(con)
    return con


def answer(question, con, **parameters):
    """Ask past the store, and hold that the answer survives JSON."""
    found = question.answer(con, question.read(parameters), "0" * 16, False)
    text = found.to_json()
    again = question.revive(json.loads(text))
    assert again.to_json() == text
    assert again.finding == found.finding
    assert again.sentence() == found.sentence()
    return found
