from __future__ import annotations

from datetime import date
from itertools import combinations
from math import prod

import duckdb
import pytest

from mangetamain.warehouse.cleaning.rules import Cleaning, clean
from mangetamain.warehouse.tables import cubes, enrich, terms
from tests.warehouse.rows import raw, write_raw

EVERYTHING = Cleaning(steps=(0, 1000), ingredients=(0, 1000))


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def made(con, recipes=None, reviews=None, **tables):
    raw(con, RAW_recipes=recipes or [{}], RAW_interactions=reviews or [{}], **tables)
    finish(con)


def finish(con, cleaning=EVERYTHING):
    clean(con, cleaning)
    terms.make_terms(con)
    enrich.make_recipes(con)
    enrich.make_reviews(con)
    cubes.make_cubes(con)


def test_sums_and_counts_of_a_day(con):
    made(
        con,
        [
            {"minutes": 10},
            {"minutes": 20, "sugar_pct": None},
            {"minutes": 5, "sugar_pct": None, "submitted": date(2004, 5, 7)},
        ],
    )
    rows = con.execute("""
        SELECT day, year, month, weekday, season, measure, n, total, squares FROM cube_recipes
        WHERE measure IN ('minutes', 'sugar_pct') ORDER BY measure, day
    """).fetchall()
    assert rows == [
        (date(2004, 5, 6), 2004, 5, 4, "spring", "minutes", 2, 30.0, 500.0),
        (date(2004, 5, 7), 2004, 5, 5, "spring", "minutes", 1, 5.0, 25.0),
        (date(2004, 5, 6), 2004, 5, 4, "spring", "sugar_pct", 1, 2.0, 4.0),
    ]


def test_ratings_of_a_day_with_those_not_given(con):
    reviews = [{"user_id": n, "rating": rating} for n, rating in enumerate([5, 5, 0, 1])]
    made(con, reviews=reviews, interactions_train=[{}])
    assert con.execute("SELECT source, day, season, rating, n FROM cube_ratings").fetchall() == [
        ("full", date(2005, 1, 2), "winter", None, 1),
        ("full", date(2005, 1, 2), "winter", 1, 1),
        ("full", date(2005, 1, 2), "winter", 5, 2),
        ("train", date(2005, 1, 2), "winter", 5, 1),
    ]


def test_terms_count_recipes_and_merge_singular_with_plural(con):
    made(
        con,
        [
            {"ingredients": ["Eggs", "egg ", "salt"], "tags": ["easy", "easy"]},
            {"ingredients": ["eggs", ""], "tags": [""]},
            {"ingredients": ["egg"], "tags": [], "submitted": date(2004, 7, 1)},
            {"ingredients": ["egg"], "tags": [], "submitted": date(2006, 7, 1)},
        ],
    )
    assert con.execute("FROM cube_terms").fetchall() == [
        ("ingredient", "egg", 2004, 5, 2),
        ("ingredient", "egg", 2004, 7, 1),
        ("ingredient", "egg", 2006, 7, 1),
        ("ingredient", "salt", 2004, 5, 1),
        ("tag", "easy", 2004, 5, 1),
    ]
    # The days of 2004 are Thursdays; two years later the first of July is a Saturday.
    assert con.execute("FROM cube_term_years").fetchall() == [
        ("ingredient", "egg", 1, 2004, 3, in_months(may=2, july=1), (0, 0, 0, 3, 0, 0, 0)),
        ("ingredient", "egg", 1, 2006, 1, in_months(july=1), (0, 0, 0, 0, 0, 1, 0)),
        ("ingredient", "salt", 2, 2004, 1, in_months(may=1), (0, 0, 0, 1, 0, 0, 0)),
        ("tag", "easy", 3, 2004, 1, in_months(may=1), (0, 0, 0, 1, 0, 0, 0)),
    ]
    assert con.execute("FROM vocabulary").fetchall() == [
        ("ingredient", "egg", "egg"),
        ("ingredient", "eggs", "egg"),
        ("ingredient", "salt", "salt"),
        ("tag", "easy", "easy"),
    ]


def in_months(*, may=0, july=0):
    return (0, 0, 0, 0, may, 0, july, 0, 0, 0, 0, 0)


def test_a_recipe_holds_a_term_once_whatever_its_spellings(con):
    recipes = [
        {"id": 4, "ingredients": ["Eggs", "egg ", "salt"], "tags": ["easy", "easy"]},
        {"id": 30, "ingredients": ["eggs", "", None], "tags": [""]},
        {"id": 8, "ingredients": ["egg"], "tags": ["egg"], "minutes": 10**6},
        {"id": 9, "ingredients": ["egg"], "tags": [], "submitted": date(2006, 7, 1)},
    ]
    raw(con, RAW_recipes=recipes, RAW_interactions=[{}])
    finish(con, Cleaning(minutes=(1, 180), steps=(0, 99), ingredients=(0, 99)))
    assert con.execute("FROM recipe_terms").fetchall() == [
        (4, "ingredient", "egg"),
        (9, "ingredient", "egg"),
        (30, "ingredient", "egg"),
        (4, "ingredient", "salt"),
        (4, "tag", "easy"),
    ]
    assert con.execute("FROM term_codes").fetchall() == [
        ("ingredient", "egg", 1),
        ("ingredient", "salt", 2),
        ("tag", "easy", 3),
    ]
    assert con.execute("SELECT id, ingredient_codes, tag_codes FROM recipes ORDER BY id").fetchall() == [
        (4, [1, 2], [3]),
        (9, [1], None),
        (30, [1], None),
    ]


def test_spellings_are_cut_and_counted_as_published(con):
    made(
        con,
        [
            {"ingredients": ["lemon, juice of", "'Salt'", "salt"], "tags": ["easy", "easy"]},
            {"ingredients": ["salt"], "tags": [], "submitted": date(2004, 12, 5)},
            {"ingredients": ["egg"], "tags": [], "minutes": 500},
        ],
    )
    assert con.execute("FROM cube_spellings").fetchall() == [
        ("ingredient", "juice of", 2004, 1, 0, 1, 0, 0, 0),
        ("ingredient", "lemon", 2004, 1, 0, 1, 0, 0, 0),
        ("ingredient", "salt", 2004, 3, 1, 2, 0, 0, 1),  # in all, in the seasons, at the weekend
        ("tag", "easy", 2004, 2, 0, 2, 0, 0, 0),
    ]


def test_terms_of_recipes_add_up_to_their_cube(con):
    write_raw(con, 700, 1)
    finish(con)
    assert con.execute("""
        (SELECT kind, term, year, month, count(*) FROM recipe_terms JOIN recipes ON recipe = id GROUP BY ALL
         EXCEPT SELECT kind, term, year, month, recipes FROM cube_terms)
    """).fetchall() == []  # fmt: skip
    assert con.execute("SELECT sum(recipes) FROM cube_terms").fetchall() == [(2100 + 700,)] == con.execute(
        "SELECT count(*) FROM recipe_terms").fetchall()  # fmt: skip


def test_cubes_equal_the_rows_they_were_made_of(con):
    write_raw(con, 700, 1)
    finish(con)
    for measure in cubes.MEASURES:
        rows = con.execute(f"""
            SELECT year, count({measure}), sum({measure}), sum(CAST({measure} AS DOUBLE) * {measure})
            FROM recipes GROUP BY year ORDER BY year
        """).fetchall()
        cube = con.execute("""
            SELECT year, sum(n), sum(total), sum(squares) FROM cube_recipes
            WHERE measure = ? GROUP BY year ORDER BY year
        """, [measure]).fetchall()  # fmt: skip
        assert len(rows) == len(cube) > 10
        for mine, theirs in zip(cube, rows, strict=True):
            assert mine == pytest.approx(theirs, rel=1e-9)
    assert con.execute("""
        (SELECT source, year, weekday, rating, count(*) FROM reviews GROUP BY ALL
         EXCEPT SELECT source, year, weekday, rating, sum(n) FROM cube_ratings GROUP BY ALL)
    """).fetchall() == []  # fmt: skip
    assert con.execute("SELECT sum(n) FROM cube_ratings").fetchall() == [(2100,)]


def test_stars_of_recipes_and_of_terms_add_up_the_reviews(con):
    write_raw(con, 700, 1)
    finish(con)
    # Each number of stars weighs otherwise, so that no two of them can be mistaken for each other.
    stars = "one + 10 * two + 100 * three + 1000 * four + 10000 * five + 100000 * unrated"
    review = "CASE WHEN rating IS NULL THEN 100000 ELSE 10 ** (rating - 1) END"
    assert con.execute(f"""
        (SELECT source, recipe_id, year, sum({review}) FROM reviews GROUP BY ALL
         EXCEPT SELECT source, recipe, year, {stars} FROM cube_recipe_ratings)
    """).fetchall() == []  # fmt: skip
    assert con.execute(f"""
        SELECT kind, term, year, {stars} FROM cube_term_year_ratings ORDER BY ALL
    """).fetchall() == con.execute(f"""
        SELECT kind, term, reviews.year, sum({review}) FROM reviews JOIN recipe_terms ON recipe = recipe_id
        WHERE source = 'full' AND (kind, term) IN (
            SELECT (kind, term) FROM recipe_terms GROUP BY kind, term HAVING count(*) >= 50)
        GROUP BY ALL ORDER BY ALL
    """).fetchall()  # fmt: skip
    for table in ("cube_recipe_ratings", "cube_term_year_ratings"):
        assert con.execute(f"SELECT count(*) > 100 FROM {table}").fetchall() == [(True,)]


def test_the_same_rows_give_the_same_cubes_to_the_last_bit():
    def content() -> list[list[tuple[object, ...]]]:
        con = duckdb.connect()
        write_raw(con, 3000, 1)
        finish(con)
        tables = (
            "recipes",
            "reviews",
            "vocabulary",
            "term_codes",
            "recipe_terms",
            "cube_recipes",
            "cube_ratings",
            "cube_centres",
            "cube_clusters",
            "cube_terms",
            "cube_term_years",
            "cube_spellings",
            "cube_variety",
        )
        return [con.execute(f"FROM {table}").fetchall() for table in tables]

    assert content() == content()


def test_sums_do_not_depend_on_how_many_threads_there_are(con):
    con.execute("SET threads = 6")
    columns = ", ".join(f"sin(range) * 1e6 AS {measure}" for measure in cubes.MEASURES)
    con.execute(f"""
        CREATE TABLE recipes AS SELECT DATE '2001-01-01' + CAST(range % 3 AS INTEGER) AS submitted, {columns}
        FROM range(500000)
    """)
    results = []
    for _ in range(5):
        cubes.make_recipe_cube(con)
        results.append(con.execute("FROM cube_recipes").fetchall())
    assert all(result == results[0] for result in results)
    assert con.execute("SELECT current_setting('threads')").fetchall() == [(6,)]


def test_what_hangs_on_each_cook_equals_leaving_the_cook_out(con):
    """Three cooks, one of them unknown in both of his recipes, in two years of five and three recipes."""
    lists = [
        ["salt", "egg"],
        ["salt", "rice"],
        ["salt"],
        ["egg", "milk"],
        ["rice", "oat"],
        ["salt"],
        ["kale"],
        ["kale"],
    ]
    cooks = [1, 1, 2, None, None, 1, 1, 2]
    days = [date(2004, 5, 6)] * 5 + [date(2005, 5, 6)] * 3
    made(con, [
        {"id": i + 1, "ingredients": names, "contributor_id": cook, "submitted": day}
        for i, (names, cook, day) in enumerate(zip(lists, cooks, days, strict=True))
    ])  # fmt: skip
    rows = con.execute("SELECT * EXCLUDE kind FROM cube_variety WHERE kind = 'ingredient' ORDER BY ALL").fetchall()
    assert [row[:2] for row in rows] == [(2004, 3), (2004, 5), (2005, 3)]
    for year, sample, *found in rows:
        of_year = [i for i, day in enumerate(days) if day.year == year]
        loss, own, named = [], [], []
        for cook in dict.fromkeys(cooks[i] or -i for i in of_year):
            mine = [i for i in of_year if (cooks[i] or -i) == cook]
            without = [[] if i in mine else lists[i] for i in of_year]
            loss.append(expected([lists[i] for i in of_year], sample) - expected(without, sample))
            own.append(len(mine))
            named.append(sum(len(lists[i]) for i in mine))
        sums = [products(loss), products(loss, loss), products(loss, own)]
        assert found == pytest.approx(
            [*sums, products(named), products(named, named), products(named, own), products(own, own), len(own)]
        )


def expected(lists, sample):
    """Average the different terms over every draw of so many recipes."""
    draws = [len({name for names in draw for name in names}) for draw in combinations(lists, sample)]
    return sum(draws) / len(draws)


def products(*columns):
    return sum(prod(row) for row in zip(*columns, strict=True))
