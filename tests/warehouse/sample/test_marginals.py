"""The sample's distributions are the published ones."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from mangetamain.warehouse.sample import marginals as published
from mangetamain.warehouse.sample import planted
from tests.warehouse.sample.asking import FULL, REGULAR_YEARS, SIZE, level, one, rows, share


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
