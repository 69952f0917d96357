"""The real rows, where they are at hand, against an independent computation in pandas."""

from __future__ import annotations

import ast
import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from mangetamain.warehouse import Cleaning, build, connect, query, status


@pytest.fixture(scope="module")
def home(shared_data, tmp_path_factory):
    home = tmp_path_factory.mktemp("real")
    build(str(shared_data / "foodcom"), home=home)
    return home


@pytest.fixture(scope="module")
def raw(shared_data):
    return pd.read_csv(shared_data / "foodcom" / "RAW_recipes.csv")


def nearest(values: pd.Series, share: float) -> int:
    ordered = np.sort(values.to_numpy())
    return int(ordered[math.floor(share * (len(ordered) - 1) + 0.5)])


@pytest.fixture(scope="module")
def cleaned(raw):
    """The rules of the published analysis, written with pandas."""
    removed = []

    def keep(frame: pd.DataFrame, mask: pd.Series) -> pd.DataFrame:
        removed.append(int((~mask).sum()))
        return frame[mask]

    frame = keep(raw, ~raw["id"].duplicated())
    frame = keep(frame, frame["minutes"].between(1, 180))
    steps = [nearest(frame["n_steps"], share) for share in (0.025, 0.975)]
    ingredients = [nearest(frame["n_ingredients"], share) for share in (0.025, 0.975)]
    frame = keep(frame, frame["n_steps"].between(*steps) & frame["n_ingredients"].between(*ingredients))
    frame = frame.assign(submitted=pd.to_datetime(frame["submitted"], format="%Y-%m-%d", errors="coerce"))
    frame = keep(frame, frame["name"].notna() & frame["submitted"].notna())
    nutrition = pd.DataFrame(frame["nutrition"].map(ast.literal_eval).tolist(), index=frame.index)
    nutrition.columns = pd.Index(
        ["calories", "total_fat_pct", "sugar_pct", "sodium_pct", "protein_pct", "sat_fat_pct", "carb_pct"]
    )
    frame = frame.drop(columns="nutrition").join(nutrition)
    frame = keep(frame, frame["calories"] >= 0)
    frame = keep(frame, frame["n_ingredients"] > 0)
    bounds = f"steps {steps[0]} to {steps[1]}, ingredients {ingredients[0]} to {ingredients[1]}"
    return frame.sort_values(["submitted", "id"]), removed, bounds


def test_every_record_is_loaded_and_none_rejected(home):
    state = status(home)
    rows = {name.removeprefix("raw."): n for name, n in state.tables.items() if name.startswith("raw.")}
    assert rows == {
        "RAW_recipes": 381,
        "RAW_interactions": 10_077,
        "interactions_validation": 7_023,
        "interactions_test": 12_455,
        "PP_users": 25_076,
    }
    assert state.rejects == 0
    assert all(count.records == count.loaded for count in state.info.row_counts)
    assert (state.info.kind, state.info.synthetic, state.info.recipes_full) == ("foodcom", False, False)


def test_the_cleaning_removes_what_pandas_removes(home, cleaned):
    _, removed, bounds = cleaned
    steps = [step for step in status(home).cleaning if step.tbl == "recipes"]
    assert [step.removed for step in steps] == removed
    assert steps[2].threshold == bounds
    assert sum(removed) > 0


def test_the_recipes_are_those_of_pandas(home, cleaned):
    frame, _, _ = cleaned
    mine = query(connect(home), "FROM recipes")
    for column in ("id", "minutes", "n_steps", "n_ingredients", "calories", "sugar_pct", "carb_pct", "sat_fat_pct"):
        assert mine[column].tolist() == frame[column].tolist(), column
    assert mine["name"].tolist() == frame["name"].tolist()
    complexity = np.log(1 + frame["minutes"]) + frame["n_steps"] + 0.5 * frame["n_ingredients"]
    assert np.allclose(mine["complexity"], complexity, rtol=1e-14)
    days = frame["submitted"].dt
    assert mine["year"].tolist() == days.year.tolist()
    assert mine["weekday"].tolist() == (days.day_of_week + 1).tolist()
    seasons = np.array(["winter", "spring", "summer", "autumn"])[days.month % 12 // 3]
    assert mine["season"].tolist() == seasons.tolist()


@pytest.mark.parametrize(("kind", "column"), [("ingredient", "ingredients"), ("tag", "tags")])
def test_the_spellings_are_those_of_the_published_split(home, cleaned, kind, column):
    frame, _, _ = cleaned
    counted = Counter(
        (part.strip().strip("'\"").lower().strip(), year)
        for text, year in zip(frame[column], frame["submitted"].dt.year, strict=True)
        for part in text.strip().strip("[]").split(", ")
    )
    mine = query(connect(home), "SELECT * FROM cube_spellings WHERE kind = $kind", {"kind": kind})
    stored = {(s, int(y)): int(n) for s, y, n in zip(mine["spelling"], mine["year"], mine["occurrences"], strict=True)}
    assert stored == counted


def test_the_terms_count_recipes(home, cleaned):
    frame, _, _ = cleaned
    terms = dict(connect(home).execute("SELECT spelling, term FROM vocabulary WHERE kind = 'ingredient'").fetchall())
    counted = Counter(
        (term, day.year, day.month)
        for text, day in zip(frame["ingredients"], frame["submitted"], strict=True)
        for term in {terms[item.strip().lower()] for item in ast.literal_eval(text)}
    )
    rows = (
        connect(home).execute("SELECT term, year, month, recipes FROM cube_terms WHERE kind = 'ingredient'").fetchall()
    )
    assert {row[:3]: row[3] for row in rows} == counted
    assert terms["eggs"] == terms["egg"]


@pytest.mark.parametrize("kind", ["ingredient", "tag"])
def test_a_term_selects_the_recipes_that_pandas_selects(home, cleaned, kind):
    frame, _, _ = cleaned
    con = connect(home)
    terms = dict(con.execute("SELECT spelling, term FROM vocabulary WHERE kind = $kind", {"kind": kind}).fetchall())
    held = {
        (int(number), terms[item.strip().lower()])
        for number, text in zip(frame["id"], frame[f"{kind}s"], strict=True)
        for item in ast.literal_eval(text)
        if item.strip()
    }
    rows = con.execute("SELECT recipe, term FROM recipe_terms WHERE kind = $kind", {"kind": kind}).fetchall()
    assert len(rows) == len(held) > 2000
    assert set(rows) == held
    assert rows == sorted(rows, key=lambda row: (row[1], row[0]))


def worded(text: object) -> float:
    """Count the words of a text as Python does."""
    found = sum(any(letter.isalnum() for letter in word) for word in text.split()) if isinstance(text, str) else 0
    return found or math.nan


def test_texts_have_the_words_that_python_counts(home, cleaned, shared_data):
    frame, _, _ = cleaned
    mine = query(connect(home), "SELECT contributor_id, description_words, step_words FROM recipes")
    assert mine["contributor_id"].tolist() == frame["contributor_id"].tolist()
    np.testing.assert_array_equal(mine["description_words"], frame["description"].map(worded))
    steps = frame["steps"].map(lambda text: np.nanmean([worded(step) for step in ast.literal_eval(text)]))
    np.testing.assert_allclose(mine["step_words"], steps, rtol=1e-14)
    reviews = pd.read_csv(shared_data / "foodcom" / "RAW_interactions.csv").drop_duplicates()
    columns = query(connect(home), "SELECT user_id, recipe_id, date, words FROM reviews WHERE source = 'full'")
    days = columns["date"].astype("datetime64[D]").astype(str)
    told = Counter(zip(columns["user_id"], columns["recipe_id"], days, columns["words"], strict=True))
    words = reviews["review"].map(worded)
    assert told == Counter(zip(reviews["user_id"], reviews["recipe_id"], reviews["date"], words, strict=True))


def test_first_years_are_those_of_pandas(home, cleaned, shared_data):
    frame, _, _ = cleaned
    reviews = pd.read_csv(shared_data / "foodcom" / "RAW_interactions.csv", parse_dates=["date"]).drop_duplicates()
    joined = reviews.merge(frame[["id", "submitted"]], left_on="recipe_id", right_on="id")
    age = (joined["date"] - joined["submitted"]).dt.days
    counts = joined[(age >= 0) & (age < 365)].groupby("id").size().reindex(frame["id"], fill_value=0).astype(float)
    over = (reviews["date"].max() - frame["submitted"]).dt.days >= 364
    mine = query(connect(home), "SELECT first_year_reviews FROM recipes")["first_year_reviews"]
    np.testing.assert_array_equal(mine, counts.where(over.to_numpy()))
    assert (age < 0).any()  # some are dated before their recipe


def test_a_review_leads_to_its_recipe(home, shared_data):
    frame = pd.read_csv(shared_data / "foodcom" / "RAW_interactions.csv").drop_duplicates()
    con = connect(home)
    kept = {number for (number,) in con.execute("SELECT id FROM recipes").fetchall()}
    joined = con.execute("""
        SELECT count(*) FROM reviews JOIN recipes ON recipe_id = id WHERE source = 'full'
    """).fetchall()
    assert joined == [(int(frame["recipe_id"].isin(kept).sum()),)]
    codes = con.execute("""
        SELECT count(DISTINCT recipe_code), count(DISTINCT recipe_id), count(DISTINCT (recipe_code, recipe_id)),
            count(DISTINCT user_code), count(DISTINCT user_id), count(DISTINCT (user_code, user_id)) FROM reviews
    """).fetchall()[0]
    assert len(set(codes[:3])) == len(set(codes[3:])) == 1


def test_days_cover_the_span_of_the_data(home, cleaned, shared_data):
    frame, _, _ = cleaned
    dates = pd.read_csv(shared_data / "foodcom" / "RAW_interactions.csv", parse_dates=["date"])["date"]
    span = pd.date_range(min(frame["submitted"].min(), dates.min()), max(frame["submitted"].max(), dates.max()))
    exposed = Counter(zip(span.year, span.month, span.day_of_week + 1, strict=True))
    rows = connect(home).execute("SELECT year, month, weekday, count(*) FROM days GROUP BY ALL").fetchall()
    assert {row[:3]: row[3] for row in rows} == exposed


def test_the_reviews_are_distinct_rows_with_zero_as_none_given(home, shared_data):
    frame = pd.read_csv(shared_data / "foodcom" / "RAW_interactions.csv").drop_duplicates()
    cube = query(connect(home), "SELECT day, rating, n FROM cube_ratings WHERE source = 'full'")
    mine = Counter()
    for day, rating, n in zip(cube["day"].astype("datetime64[D]").astype(str), cube["rating"], cube["n"], strict=True):
        mine[day, 0 if np.isnan(rating) else int(rating)] += int(n)
    assert mine == Counter(zip(frame["date"], frame["rating"].astype(int), strict=True))


def test_a_second_build_with_other_thresholds_differs_only_by_them(home, shared_data, tmp_path):
    info = build(str(shared_data / "foodcom"), home=tmp_path, cleaning=Cleaning.parse(minutes="1-60"))
    assert info.fingerprint != connect(home).fingerprint
    assert connect(tmp_path).execute("SELECT max(minutes) FROM recipes").fetchall()[0][0] <= 60
    again = build(str(shared_data / "foodcom"), home=tmp_path)
    assert again.fingerprint == connect(home).fingerprint
