from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from mangetamain.warehouse import connect
from mangetamain.warehouse.sample import curves as sample_curves
from mangetamain.warehouse.sample import marginals as published
from mangetamain.warehouse.sample import planted
from mangetamain.warehouse.sample import terms as sample_terms
from mangetamain.warehouse.sample.make import write_raw
from mangetamain.warehouse.sample.planted import PLANTED
from mangetamain.warehouse.schema import OFFICIAL_ROWS

SIZE, FULL = 20_000, OFFICIAL_ROWS["RAW_recipes"]
LISTS = {"tags", "steps", "ingredients"}
SCHEMA = {
    "RAW_recipes": "name VARCHAR, id BIGINT, minutes BIGINT, contributor_id BIGINT, submitted DATE, tags VARCHAR[], "
    "calories DOUBLE, total_fat_pct DOUBLE, sugar_pct DOUBLE, sodium_pct DOUBLE, protein_pct DOUBLE, "
    "sat_fat_pct DOUBLE, carb_pct DOUBLE, n_steps BIGINT, steps VARCHAR[], description VARCHAR, "
    "ingredients VARCHAR[], n_ingredients BIGINT",
    "RAW_interactions": "user_id BIGINT, recipe_id BIGINT, date DATE, rating TINYINT, review VARCHAR",
    "PP_recipes": "id BIGINT, i BIGINT, name_tokens BIGINT[], ingredient_tokens BIGINT[][], steps_tokens BIGINT[], "
    "techniques TINYINT[], calorie_level TINYINT, ingredient_ids BIGINT[]",
    "PP_users": "u BIGINT, techniques BIGINT[], items BIGINT[], n_items BIGINT, ratings DOUBLE[], n_ratings BIGINT",
    **dict.fromkeys(
        ("interactions_train", "interactions_validation", "interactions_test"),
        "user_id BIGINT, recipe_id BIGINT, date DATE, rating TINYINT, u BIGINT, i BIGINT",
    ),
}
# The published cleaning, written anew: polars' quantile takes the nearest of the sorted values.
KEPT = """
    CREATE TEMP TABLE kept AS
    WITH timed AS (FROM raw.RAW_recipes WHERE minutes BETWEEN 1 AND 180),
        bounds AS (
            SELECT list_sort(list(n_steps)) AS s, list_sort(list(n_ingredients)) AS i,
                CAST(round((count(*) - 1) * 0.025) AS BIGINT) + 1 AS low,
                CAST(round((count(*) - 1) * 0.975) AS BIGINT) + 1 AS high
            FROM timed
        )
    SELECT timed.* FROM timed, bounds
    WHERE n_steps BETWEEN s[low] AND s[high] AND n_ingredients BETWEEN i[low] AND i[high] AND name IS NOT NULL
"""
REGULAR_YEARS = "year(submitted) BETWEEN 2001 AND 2013"


def make(recipes: int, seed: int = 1999, threads: int = 2) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": threads})
    con.execute("SET enable_progress_bar = false")
    write_raw(con, recipes, seed)
    return con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return con.execute(sql).fetchall()


def one(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    return rows(con, sql)[0][0]


def digest(con: duckdb.DuckDBPyConnection) -> dict[str, tuple]:
    return {
        name: rows(con, f"SELECT count(*), bit_xor(md5_number_lower(CAST(t AS VARCHAR))) FROM raw.{name} AS t")[0]
        for name in SCHEMA
    }


def slope(con: duckdb.DuckDBPyConnection, measure: str, where: str = "true") -> float:
    sql = f"SELECT year(submitted), avg({measure}), count(*) FROM kept WHERE {where} GROUP BY 1 ORDER BY 1"
    year, mean, n = np.array(rows(con, sql), dtype=float).T
    return float(np.polyfit(year, mean, 1, w=np.sqrt(n))[0])


def share(con: duckdb.DuckDBPyConnection, term: str, years: str, of: str = "ingredients") -> float:
    return one(con, f"SELECT avg(CAST(list_contains({of}, '{term}') AS INTEGER)) FROM kept WHERE {years}")


def level(con: duckdb.DuckDBPyConnection, where: str, table: str = "interactions_train") -> float:
    return one(con, f"SELECT avg(rating) FROM raw.{table} WHERE rating > 0 AND {where}")


@pytest.fixture(scope="module")
def sample() -> Iterator[duckdb.DuckDBPyConnection]:
    with make(SIZE) as con:
        con.execute(KEPT)
        yield con


@pytest.fixture(scope="module")
def full(sample_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The raw tables of the full-size sample that all tests share: `make sample` writes them as `make` does here."""
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"ATTACH '{connect(sample_home).path}' AS built (READ_ONLY)")
        con.execute("USE built")
        con.execute(KEPT)
        yield con


# A sample of any size takes a second and a half: what can be seen in one is seen in one.
def test_the_rows_are_these_whatever_the_threads_and_the_version_of_duckdb_and_others_by_seed() -> None:
    with make(500, threads=1) as first, make(500, threads=2) as second, make(500, seed=7) as other:
        assert digest(first)["RAW_recipes"] == (500, 6089250826427210237)
        assert digest(first)["RAW_interactions"] == (2444, 4457637818829554329)
        assert digest(first) == digest(second)
        assert all(a != b for a, b in zip(digest(first).values(), digest(other).values(), strict=True))


def test_any_number_of_recipes_in_one_connection_leaves_nothing_but_them() -> None:
    with duckdb.connect() as con:
        for recipes in (100, 99, 17, 3, 2, 1):
            write_raw(con, recipes, 1999)
            assert one(con, "SELECT count(*) FROM raw.RAW_recipes") == recipes
            expected = round(recipes * published.SIZES["RAW_interactions"] / FULL)
            assert one(con, "SELECT count(*) FROM raw.RAW_interactions") == expected
            assert one(con, "SELECT count(*) - count(name) FROM raw.RAW_recipes") == (recipes >= 100)
            assert rows(con, "SELECT DISTINCT schema_name FROM duckdb_tables()") == [("raw",)]
            assert rows(con, "FROM duckdb_functions() WHERE starts_with(function_name, 'sample_')") == []
            assert rows(con, "FROM duckdb_types() WHERE starts_with(type_name, 'sample_')") == []
            con.execute("DROP SCHEMA raw CASCADE")


@pytest.mark.parametrize("table", SCHEMA)
def test_columns_and_types(sample: duckdb.DuckDBPyConnection, table: str) -> None:
    found = [f"{name} {kind}" for name, kind, *_ in rows(sample, f"DESCRIBE raw.{table}")]
    assert ", ".join(found) == SCHEMA[table]


def test_sizes_are_in_proportion(sample: duckdb.DuckDBPyConnection) -> None:
    for table, n in OFFICIAL_ROWS.items():
        assert one(sample, f"SELECT count(*) FROM raw.{table}") == round(n * SIZE / FULL), table


def test_keys(sample: duckdb.DuckDBPyConnection) -> None:
    assert one(sample, "SELECT count(DISTINCT id) FROM raw.RAW_recipes") == SIZE
    assert one(sample, "SELECT count(*) - count(DISTINCT (user_id, recipe_id)) FROM raw.RAW_interactions") == 0
    early = """
        FROM raw.RAW_interactions LEFT JOIN raw.RAW_recipes ON id = recipe_id
        WHERE submitted IS NULL OR date < submitted
    """
    assert rows(sample, early) == []
    for split in ("train", "validation", "test"):
        table = f"raw.interactions_{split}"
        assert (
            rows(
                sample,
                f"FROM {table} ANTI JOIN raw.RAW_interactions USING (user_id, recipe_id, date, rating)",
            )
            == []
        )
        assert (
            rows(sample, f"FROM {table} AS t ANTI JOIN raw.PP_recipes AS p ON t.i = p.i AND t.recipe_id = p.id") == []
        )
        assert rows(sample, f"SELECT u FROM {table} GROUP BY u HAVING count(DISTINCT user_id) > 1") == []


def test_users_of_the_train_split(sample: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        SELECT u FROM raw.PP_users FULL JOIN
            (SELECT u, count(*) AS n, sum(rating) AS total, sum(i) AS codes FROM raw.interactions_train GROUP BY u)
            USING (u)
        WHERE n_items IS DISTINCT FROM n OR len(ratings) <> n OR list_sum(ratings) <> total OR list_sum(items) <> codes
    """
    assert rows(sample, wrong) == []


def test_lists_are_well_formed(sample: duckdb.DuckDBPyConnection) -> None:
    wrong = " OR ".join(
        f"len({c}) IS NULL OR len({c}) = 0 OR list_contains({c}, '') OR len(list_distinct({c})) < len({c})"
        for c in LISTS
    )
    assert rows(sample, f"SELECT id FROM raw.RAW_recipes WHERE {wrong}") == []
    assert (
        rows(sample, "SELECT id FROM raw.RAW_recipes WHERE len(steps) <> n_steps OR len(ingredients) <> n_ingredients")
        == []
    )
    assert rows(sample, "SELECT id FROM raw.PP_recipes WHERE len(techniques) <> 58 OR list_max(techniques) > 1") == []


def test_no_text_pretends_to_be_a_recipe(sample: duckdb.DuckDBPyConnection) -> None:
    assert (
        rows(sample, "FROM raw.RAW_recipes WHERE name <> 'synthetic recipe ' || id OR steps[1] <> 'step 1 of ' || name")
        == []
    )
    assert rows(sample, "SELECT DISTINCT description FROM raw.RAW_recipes ORDER BY ALL") == [
        ("synthetic description",),
        (None,),
    ]
    assert set(rows(sample, "SELECT DISTINCT review FROM raw.RAW_interactions")) == {("synthetic review",), (None,)}


def test_the_constants_are_the_published_ones(shared_data: Path) -> None:
    entries = json.loads((shared_data.parent / "reference" / "published_figures.json").read_text())["entries"]
    value = {e["id"]: e["value"] for e in entries}
    for measure, name in [("minutes", "trend.duration.mean"), ("n_steps", "trend.steps.mean"),
                          ("n_ingredients", "trend.ingredients_n.mean"), ("calories", "trend.nutrition.calories"),
                          ("carb_pct", "trend.nutrition.carb"), ("total_fat_pct", "trend.nutrition.fat"),
                          ("protein_pct", "trend.nutrition.protein")]:  # fmt: skip
        assert list(published.MEANS[measure]) == list(value[f"{name}_by_year"].values())
    assert list(published.RECIPES) == list(value["trend.volume.by_year"].values())
    assert list(planted.RECIPES_BY_SEASON) == list(value["season.volume"].values())
    assert list(planted.RECIPES_BY_WEEKDAY) == list(value["weekend.volume.by_weekday"].values())
    assert published.RATINGS[1:] == tuple(value["rating.dist"][str(r)] for r in range(1, 6))
    assert value["data.duckdb.tables"] == OFFICIAL_ROWS
    for term, delta in (value["trend.ing.top_increase"] | value["trend.ing.top_decrease"]).items():
        curve = sample_curves.ingredient_shares()[term][0]
        assert curve[-1] - curve[0] == pytest.approx(delta, abs=0.001), term
    for term, delta in (value["trend.tag.top_increase"] | value["trend.tag.top_decrease"]).items():
        curve = sample_curves.tag_shares()[term][0]
        assert curve[-1] - curve[0] == pytest.approx(delta, abs=0.001), term


def test_shares_stay_shares() -> None:
    most = max(v for v in sample_curves.shapes()["n_ingredients"][0]) + 6
    for by_year, by_season in sample_curves.ingredient_shares().values():
        assert by_year.min() >= 0
        # A longer stretch than one n-th of the line would put the same ingredient into a recipe twice.
        assert np.max(by_year / published.MEANS["n_ingredients"]) * max(by_season) * most <= 1
    assert len(sample_curves.tag_shares()) == sample_terms.TAGS
    # What is planted holds nothing back: a year's share times a season's factor is a share as well.
    for by_year, by_season in sample_curves.tag_shares().values():
        assert by_year.min() >= 0
        assert by_year.max() * max(by_season) <= 1


def test_apportioning_keeps_the_total() -> None:
    assert sample_curves.apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert sample_curves.apportion(0, [5, 1]) == [0, 0]
    assert sample_curves.apportion(7, [0, 2, 5]) == [0, 2, 5]


def test_cleaning_removes_in_proportion(sample: duckdb.DuckDBPyConnection) -> None:
    slow = one(sample, "SELECT count(*) FROM raw.RAW_recipes WHERE minutes NOT BETWEEN 1 AND 180")
    assert slow == round(SIZE * published.REMOVED_BY_MINUTES / FULL)
    assert rows(sample, "SELECT min(n_steps), max(n_steps), min(n_ingredients), max(n_ingredients) FROM kept") == [
        (2, 24, 3, 17)
    ]
    assert one(sample, "SELECT count(*) FROM kept") == pytest.approx(200_066 * SIZE / FULL, abs=2)
    assert rows(sample, "SELECT min(minutes), max(minutes) FROM raw.RAW_recipes") == [(0, 2_147_483_647)]
    assert one(sample, "SELECT avg(CAST(description IS NULL AS INTEGER)) FROM kept") == pytest.approx(0.019, abs=0.004)


def test_recipes_by_year_season_and_weekday(sample: duckdb.DuckDBPyConnection) -> None:
    scale = SIZE / FULL
    for by, target in [("year(submitted)", published.RECIPES),
                       ("month(submitted) % 12 // 3", planted.RECIPES_BY_SEASON),
                       ("isodow(submitted)", planted.RECIPES_BY_WEEKDAY)]:  # fmt: skip
        found = [n for _, n in rows(sample, f"SELECT {by}, count(*) FROM kept GROUP BY 1 ORDER BY 1")]
        assert found == pytest.approx([n * scale for n in target], rel=0.02, abs=2), by
    ends = rows(sample, "SELECT min(submitted), max(submitted) FROM kept")[0]
    assert ends == (published.FIRST_RECIPE, published.LAST_RECIPE)


@pytest.mark.parametrize(
    ("measure", "mean", "median"), [("minutes", 42.4, 35), ("n_steps", 9.2, 8), ("n_ingredients", 8.8, 9)]
)
def test_sizes_of_recipes(sample: duckdb.DuckDBPyConnection, measure: str, mean: float, median: int) -> None:
    assert rows(sample, f"SELECT round(avg({measure}), 1), median({measure}) FROM kept")[0] == pytest.approx(
        (mean, median), abs=0.11
    )
    for year, found in rows(
        sample, f"SELECT year(submitted), avg({measure}) FROM kept WHERE {REGULAR_YEARS} GROUP BY 1"
    ):
        assert found == pytest.approx(published.MEANS[measure][year - 1999], rel=0.01)


def test_correlations(sample: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        sample, "SELECT corr(minutes, n_steps), corr(minutes, n_ingredients), corr(n_steps, n_ingredients) FROM kept"
    )[0]
    assert found == pytest.approx((0.346, 0.292, 0.406), abs=0.025)


@pytest.mark.parametrize("measure", [m for m in published.QUANTILES if m in published.MEANS])
def test_nutrition_is_heavy_tailed_about_the_published_means(sample: duckdb.DuckDBPyConnection, measure: str) -> None:
    target = float(np.average(published.MEANS[measure], weights=published.RECIPES))
    mean, median, top = rows(sample, f"SELECT avg({measure}), median({measure}), max({measure}) FROM kept")[0]
    assert mean == pytest.approx(target, rel=0.1)
    assert median < 0.8 * mean
    assert top > 15 * mean


def test_ingredients_and_tags_are_the_published_ones(sample: duckdb.DuckDBPyConnection) -> None:
    for column, top in [("ingredients", ["salt", "butter", "sugar", "onion", "eggs", "olive oil", "water"]),
                        ("tags", ["preparation", "time-to-make", "course", "main-ingredient", "dietary"])]:  # fmt: skip
        found = rows(
            sample,
            f"SELECT t, count(*) AS n FROM (SELECT unnest({column}) AS t FROM kept) GROUP BY t "
            f"ORDER BY n DESC, t LIMIT {len(top)}",
        )
        assert {t for t, _ in found} == set(top)
    assert share(sample, "salt", "true") == pytest.approx(0.36443, abs=0.012)
    assert share(sample, "course", "true", "tags") == pytest.approx(0.94374, abs=0.01)
    assert one(sample, "SELECT avg(len(tags)) FROM kept") == pytest.approx(17.91, abs=0.2)
    assert one(sample, "SELECT avg(len(ingredients)) FROM kept") == pytest.approx(8.81, abs=0.1)


def test_ratings_follow_their_distribution(sample: duckdb.DuckDBPyConnection) -> None:
    for table, target in [("RAW_interactions", published.RATINGS), ("interactions_train", published.TRAIN_RATINGS)]:
        found = [n for _, n in rows(sample, f"SELECT rating, count(*) FROM raw.{table} GROUP BY 1 ORDER BY 1")]
        assert found == pytest.approx([n * SIZE / FULL for n in target], abs=3), table
    assert level(sample, "true") == pytest.approx(4.6878, abs=0.001)
    assert level(sample, "true", "RAW_interactions") == pytest.approx(4.6615, abs=0.001)
    ends = rows(sample, "SELECT min(date), max(date) FROM raw.RAW_interactions")[0]
    assert ends == (published.FIRST_REVIEW, published.LAST_REVIEW)


def test_users_and_recipes_have_heavy_tails(sample: duckdb.DuckDBPyConnection) -> None:
    for key in ("user_id", "recipe_id"):
        n = np.sort([r[0] for r in rows(sample, f"SELECT count(*) FROM raw.RAW_interactions GROUP BY {key}")])[::-1]
        assert n[: len(n) // 100].sum() > 0.09 * n.sum()
        assert np.median(n) <= 3
    assert one(sample, "SELECT count(DISTINCT user_id) FROM raw.RAW_interactions") == pytest.approx(
        published.USERS * SIZE / FULL, rel=0.08
    )


def test_ratings_of_one_user_and_of_one_recipe_are_alike(sample: duckdb.DuckDBPyConnection) -> None:
    for key in ("user_id", "recipe_id"):
        within, overall = rows(sample, f"""
            WITH rated AS (SELECT *, count(*) OVER (PARTITION BY {key}) AS n FROM raw.RAW_interactions WHERE rating > 0)
            SELECT (SELECT avg(v) FROM (SELECT var_samp(rating) AS v FROM rated WHERE n > 5 GROUP BY {key})),
                (SELECT var_samp(rating) FROM rated WHERE n > 5)
        """)[0]  # fmt: skip
        assert within < 0.985 * overall


def test_planted_trends(sample: duckdb.DuckDBPyConnection) -> None:
    assert slope(sample, "minutes") == pytest.approx(PLANTED["minutes per year"], abs=0.06)
    assert slope(sample, "n_steps") == pytest.approx(PLANTED["steps per year"], abs=0.02)
    assert slope(sample, "n_ingredients") == pytest.approx(PLANTED["ingredients per year"], abs=0.015)
    score = "ln(1 + minutes) + n_steps + 0.5 * n_ingredients"
    assert slope(sample, score) == pytest.approx(PLANTED["complexity per year"], abs=0.02)
    weekend = one(
        sample,
        "SELECT avg(minutes) FILTER (isodow(submitted) > 5) - avg(minutes) FILTER (isodow(submitted) < 6) FROM kept",
    )
    assert weekend == pytest.approx(PLANTED["minutes, weekend less weekday"], abs=2.5)


def test_planted_calories_fall_until_2010(sample: duckdb.DuckDBPyConnection) -> None:
    """By a winsorised mean: a single recipe can move a plain one."""
    assert slope(sample, "least(calories, 3000)", "year(submitted) BETWEEN 2002 AND 2010") < -8
    late = slope(sample, "least(calories, 3000)", "year(submitted) BETWEEN 2008 AND 2013")
    assert late > -6


def test_planted_changes_of_vocabulary(sample: duckdb.DuckDBPyConnection) -> None:
    early, late = "year(submitted) <= 2002", "year(submitted) >= 2011"
    assert share(sample, "kosher salt", late) - share(sample, "kosher salt", early) > 0.04
    assert share(sample, "margarine", late) - share(sample, "margarine", early) < -0.01
    assert share(sample, "dietary", late, "tags") - share(sample, "dietary", early, "tags") < -0.15
    before, after = "year(submitted) IN (2003, 2004)", "year(submitted) IN (2005, 2006)"
    for term in ("garlic cloves", "garlic clove"):
        jump = share(sample, term, after) - share(sample, term, before)
        assert jump == pytest.approx(PLANTED[f"{term}, share 2005 less 2004"], abs=0.025), term
    cold, warm = "month(submitted) IN (11, 12)", "month(submitted) IN (6, 7)"
    assert share(sample, "christmas", cold, "tags") > 2 * share(sample, "christmas", warm, "tags")


def test_planted_diversity_is_constant_at_equal_size(sample: duckdb.DuckDBPyConnection) -> None:
    distinct = [
        n for _, n in rows(sample, f"""
            WITH items AS (SELECT year(submitted) AS year, unnest(ingredients) AS t FROM kept WHERE {REGULAR_YEARS}),
                shuffled AS (SELECT *, row_number() OVER (PARTITION BY year ORDER BY md5(t || rowid)) AS place
                    FROM (SELECT *, row_number() OVER (ORDER BY year, t) AS rowid FROM items))
            SELECT year, count(DISTINCT t) FROM shuffled WHERE place <= 2000 GROUP BY 1 ORDER BY 1
        """)
    ]  # fmt: skip
    assert max(distinct) / min(distinct) < 1.12


def test_planted_rating_levels(sample: duckdb.DuckDBPyConnection) -> None:
    first = level(sample, "date < '2002-03-01'")
    high = level(sample, "date BETWEEN '2002-03-01' AND '2006-07-31'")
    low = level(sample, "date BETWEEN '2006-08-01' AND '2008-02-28'")
    again = level(sample, "date BETWEEN '2008-05-01' AND '2013-12-31'")
    assert first < low < again
    assert low - high == pytest.approx(PLANTED["rating level shift at 2006-08"], abs=0.04)
    assert again - low == pytest.approx(PLANTED["rating level shift at 2008-05"], abs=0.04)


@pytest.mark.slow
def test_full_size_is_the_published_set(full: duckdb.DuckDBPyConnection) -> None:
    for table, n in OFFICIAL_ROWS.items():
        assert one(full, f"SELECT count(*) FROM raw.{table}") == n, table
    assert (
        one(full, "SELECT count(*) FROM raw.RAW_recipes WHERE minutes NOT BETWEEN 1 AND 180")
        == published.REMOVED_BY_MINUTES
    )
    assert one(full, "SELECT count(*) FROM kept") == 200_066
    assert rows(full, "SELECT year(submitted), count(*) FROM kept GROUP BY 1 ORDER BY 1") == list(
        zip(published.YEARS, published.RECIPES, strict=True)
    )
    ratings = [n for _, n in rows(full, "SELECT rating, count(*) FROM raw.RAW_interactions GROUP BY 1 ORDER BY 1")]
    assert tuple(ratings) == published.RATINGS
    assert one(full, "SELECT count(DISTINCT user_id) FROM raw.RAW_interactions") == pytest.approx(
        published.USERS, rel=0.01
    )


@pytest.mark.slow
def test_full_size_vocabulary(full: duckdb.DuckDBPyConnection) -> None:
    for column, occurrences, distinct, often in [
        ("ingredients", 1_762_665, 14_161, 2_415),
        ("tags", 3_583_281, 510, 429),
    ]:
        found = rows(
            full,
            f"""
            WITH items AS (SELECT unnest({column}) AS term FROM kept),
                counts AS (SELECT count(*) AS n FROM items GROUP BY term)
            SELECT sum(n), count(*), count(*) FILTER (n >= 50) FROM counts
            """,
        )[0]
        assert found == pytest.approx((occurrences, distinct, often), rel=0.02)
    for term, n in {"salt": 72_911, "butter": 49_288, "garlic cloves": 20_467}.items():
        assert one(full, f"SELECT count(*) FROM kept WHERE list_contains(ingredients, '{term}')") == pytest.approx(
            n, rel=0.04
        )


@pytest.mark.slow
def test_full_size_rating_seasons_and_months(full: duckdb.DuckDBPyConnection) -> None:
    seasons = [level(full, f"month(date) % 12 // 3 = {s}", "RAW_interactions") for s in range(4)]
    assert seasons == pytest.approx([4.6479, 4.6683, 4.6763, 4.6543], abs=0.012)
    assert seasons[2] - seasons[0] == pytest.approx(PLANTED["rating, summer less winter"], abs=0.012)
    assert level(full, "isodow(date) = 7") - level(full, "isodow(date) = 3") == pytest.approx(
        PLANTED["rating, Sunday less Wednesday"], abs=0.008
    )
    months = rows(
        full,
        "SELECT date_trunc('month', date), count(*) FROM raw.interactions_train WHERE rating > 0 GROUP BY 1 ORDER BY 1",
    )
    kept = [(str(m)[:7], n) for m, n in months if n >= 100]
    assert (kept[0][0], kept[-1][0], len(kept)) == ("2001-09", "2018-11", 207)
    assert max(kept, key=lambda k: k[1])[0] == "2008-01"
