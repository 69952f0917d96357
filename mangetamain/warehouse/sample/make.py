"""The deterministic synthetic sample: raw tables after the published marginals of the Food.com data."""

from __future__ import annotations

from contextlib import closing

import duckdb

from mangetamain.warehouse.sample.lists import write_ingredients, write_tags
from mangetamain.warehouse.sample.randomness import create_macros
from mangetamain.warehouse.sample.recipes import write_recipes
from mangetamain.warehouse.sample.reviews import write_reviews


def write_raw(con: duckdb.DuckDBPyConnection, recipes: int, seed: int) -> None:
    """Create the seven tables of schema raw with synthetic rows.

    The rows are a function of the number of recipes and of the seed: neither threads nor DuckDB's version matter.
    No text is taken from a recipe or pretends to be one.

    Parameters
    ----------
    con
        A connection that can write; nothing but the schema ``raw`` is left in it.
    recipes
        How many recipes, at least one; the other tables keep their proportion to it.
    seed
        Another one gives another draw from the same marginals.
    """
    with closing(con.cursor()) as work:  # its temporary tables, types and macros go with it
        create_macros(work, seed)
        work.execute("CREATE SCHEMA IF NOT EXISTS raw")
        write_recipes(work, recipes)
        write_ingredients(work)
        write_tags(work)
        _raw_recipes(work)
        write_reviews(work, recipes)
        _raw_interactions(work)
        _pp_recipes(work)
        _pp_users(work)


def _raw_recipes(con: duckdb.DuckDBPyConnection) -> None:
    """Write the recipes, with placeholder texts; recipes of equally many steps share them."""
    con.execute(
        """
        CREATE TEMP TABLE sample_steps AS
        SELECT n_steps, list_transform(range(3 * n_steps), lambda k: k * 10007 % 40000) AS steps_tokens,
            list_transform(range(1, n_steps + 1), lambda k: 'step ' || k || ' of a synthetic recipe') AS steps
        FROM (SELECT DISTINCT n_steps FROM sample_recipe) AS counts
        """
    )
    con.execute(
        """
        CREATE TABLE raw.RAW_recipes AS
        SELECT CASE WHEN class <> 'nameless' THEN 'synthetic recipe ' || id END AS name, id, minutes,
            1500 + 8 * sample_snap(sample_hash(slot, 'contributor') % 27926, sample_draw(slot, 'active'), 0.8, 9)
                AS contributor_id,
            submitted, CAST(tags AS VARCHAR[]) AS tags, calories, total_fat_pct, sugar_pct, sodium_pct, protein_pct,
            sat_fat_pct, carb_pct, n_steps, steps,
            CASE WHEN sample_draw(slot, 'described') >= 0.019 THEN 'synthetic description' END AS description,
            CAST(ingredients AS VARCHAR[]) AS ingredients, n_ingredients
        FROM sample_recipe JOIN sample_nutrition USING (slot) JOIN sample_tags USING (slot)
        JOIN sample_ingredients USING (slot) JOIN sample_steps USING (n_steps)
        ORDER BY id
        """
    )


def _raw_interactions(con: duckdb.DuckDBPyConnection) -> None:
    """Write the reviews and their splits; the ids of some users are beyond two billion, as in the real set."""
    con.execute(
        """
        CREATE TEMP TABLE sample_interaction AS
        SELECT row, CASE WHEN usr % 16 = 5 THEN 2000000000 ELSE 1500 END + 8 * usr AS user_id,
            38 + recipe * 58 // 25 AS recipe_id, day AS date, rating, u, i, split
        FROM sample_review
        """
    )
    con.execute(
        """
        CREATE TABLE raw.RAW_interactions AS
        SELECT user_id, recipe_id, date, rating,
            CASE WHEN sample_draw(row, 'wordless') >= 0.00015 THEN 'synthetic review' END AS review
        FROM sample_interaction ORDER BY row
        """
    )
    for split in ("train", "validation", "test"):
        con.execute(
            f"CREATE TABLE raw.interactions_{split} AS SELECT user_id, recipe_id, date, rating, u, i "
            "FROM sample_interaction WHERE split = $split ORDER BY row",
            {"split": split},
        )


def _pp_recipes(con: duckdb.DuckDBPyConnection) -> None:
    """Write the recipes of the splits as meaningless tokens of the official form; techniques are 58 flags."""
    con.execute(
        """
        CREATE TEMP TABLE sample_flags AS
        SELECT key, list_transform(range(58), lambda k: CAST(sample_hash(key * 64 + k, 'flag') % 4 = 0 AS TINYINT))
            AS techniques
        FROM range(1024) AS keys(key)
        """
    )
    con.execute(
        """
        CREATE TABLE raw.PP_recipes AS
        SELECT id, i, [40480, CAST(sample_hash(slot, 'name') % 40000 AS BIGINT), 40482] AS name_tokens,
            list_transform(range(n_ingredients), lambda k: [(slot * 31 + k * 7919) % 40000]) AS ingredient_tokens,
            steps_tokens, techniques,
            CAST(CASE WHEN calories < 200 THEN 0 WHEN calories < 450 THEN 1 ELSE 2 END AS TINYINT) AS calorie_level,
            list_transform(ingredients, lambda term: CAST(enum_code(term) AS BIGINT)) AS ingredient_ids
        FROM sample_recipe JOIN sample_pp_recipe ON recipe = slot JOIN sample_nutrition USING (slot)
        JOIN sample_ingredients USING (slot) JOIN sample_steps USING (n_steps)
        JOIN sample_flags ON key = sample_hash(slot, 'flags') % 1024
        ORDER BY i
        """
    )


def _pp_users(con: duckdb.DuckDBPyConnection) -> None:
    """Write the users of the train split: the recipes they rated, in order of time, and how."""
    con.execute(
        """
        CREATE TABLE raw.PP_users AS
        WITH reviews AS (
            SELECT u, list_sort(list({'date': date, 'i': i, 'rating': CAST(rating AS DOUBLE)})) AS rated,
                count(*) AS n_items
            FROM sample_interaction WHERE split = 'train' GROUP BY u
        ), skills AS (
            SELECT n_items, list_transform(range(58), lambda k: CAST(floor(n_items * sample_draw(k, 'skill') / 3)
                AS BIGINT)) AS techniques
            FROM (SELECT DISTINCT n_items FROM reviews) AS counts
        )
        SELECT u, techniques, list_transform(rated, lambda r: r.i) AS items, n_items,
            list_transform(rated, lambda r: r.rating) AS ratings, n_items AS n_ratings
        FROM reviews JOIN skills USING (n_items) ORDER BY u
        """
    )
