"""The sample's rows: the same ones always, of the official columns and keys, well-formed, in proportion."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

from mangetamain.warehouse.sample import curves as sample_curves
from mangetamain.warehouse.sample import marginals as published
from mangetamain.warehouse.sample import planted
from mangetamain.warehouse.sample import terms as sample_terms
from mangetamain.warehouse.sample.make import write_raw
from mangetamain.warehouse.schema import OFFICIAL_ROWS
from tests.warehouse.sample.asking import FULL, SIZE, make, one, rows

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


def digest(con: duckdb.DuckDBPyConnection) -> dict[str, tuple]:
    return {
        name: rows(con, f"SELECT count(*), bit_xor(md5_number_lower(CAST(t AS VARCHAR))) FROM raw.{name} AS t")[0]
        for name in SCHEMA
    }


# A sample of any size takes a second and a half: what can be seen in one is seen in one.
def test_the_rows_are_these_whatever_the_threads_and_the_version_of_duckdb_and_others_by_seed() -> None:
    with make(500, threads=1) as first, make(500, threads=2) as second, make(500, seed=7) as other:
        assert digest(first)["RAW_recipes"] == (500, 7002531692360499367)
        assert digest(first)["RAW_interactions"] == (2444, 4457637818829554329)
        assert digest(first) == digest(second)
        assert all(a != b for a, b in zip(digest(first).values(), digest(other).values(), strict=True))


def test_any_number_of_recipes_in_one_connection_leaves_nothing_but_them() -> None:
    with duckdb.connect() as con:
        for recipes in (100, 99, 17, 3, 2, 1):
            write_raw(con, recipes, 1999)
            assert one(con, "SELECT count(*) FROM raw.RAW_recipes") == recipes
            expected = round(recipes * OFFICIAL_ROWS["RAW_interactions"] / FULL)
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
    assert rows(sample, "FROM raw.RAW_recipes WHERE name <> 'synthetic recipe ' || id") == []
    steps = "SELECT DISTINCT regexp_replace(unnest(steps), '[0-9]+', 'N') FROM raw.RAW_recipes"
    assert rows(sample, steps) == [("step N of a synthetic recipe",)]
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
