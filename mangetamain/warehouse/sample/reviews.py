"""The synthetic reviews, and who of them is in the train, validation and test splits."""

from __future__ import annotations

import math

import duckdb

from mangetamain.warehouse.sample import marginals as published
from mangetamain.warehouse.sample import planted
from mangetamain.warehouse.sample.curves import rating_shifts, review_days
from mangetamain.warehouse.schema import OFFICIAL_ROWS

# How skewed the popularity of users and of recipes is: the share that goes on to each doubling, and how many (about)
# share the topmost place.
USER_SHARE, TOP_USERS = 0.9, 100
RECIPE_SHARE, TOP_RECIPES = 0.72, 14
# Part of the users who are drawn as such; the others come from pairs of user and recipe met again: see _draws.
ONCE = 0.893


def scaled(name: str, recipes: int) -> int:
    """Scale the size of a table of the full set to a number of recipes."""
    return round(recipes * OFFICIAL_ROWS[name] / OFFICIAL_ROWS["RAW_recipes"])


def write_reviews(con: duckdb.DuckDBPyConnection, recipes: int) -> None:
    """Make the temporary table sample_review, one row a review, with user and recipe as codes counted from 0."""
    total = scaled("RAW_interactions", recipes)
    users = max(1, round(ONCE * published.USERS * recipes / OFFICIAL_ROWS["RAW_recipes"]))
    _days(con, total - recipes)
    _draws(con, recipes, total - recipes, users)
    _splits(con, recipes)
    _ratings(con)


def _days(con: duckdb.DuckDBPyConnection, total: int) -> None:
    """Plan the days: how many reviews, how many recipes so far, the shift of the ratings."""
    plan = review_days(total)
    con.execute(
        """
        CREATE TEMP TABLE sample_day AS
        WITH plan AS (SELECT unnest($day) AS day, unnest($n) AS n, unnest($shift) AS shift)
        SELECT day, n, shift, CAST(sum(n) OVER (ORDER BY day ROWS UNBOUNDED PRECEDING) - n AS BIGINT) AS before,
            1 + coalesce(recipe, 0) AS recipes
        FROM plan ASOF LEFT JOIN (SELECT submitted, max(slot) AS recipe FROM sample_recipe GROUP BY submitted) AS known
            ON day >= submitted
        """,
        {
            "day": [d for d, _ in plan],
            "n": [n for _, n in plan],
            "shift": [shift for _, shift in rating_shifts()],
        },
    )


def _draws(con: duckdb.DuckDBPyConnection, recipes: int, total: int, users: int) -> None:
    """Draw who reviews what and when: each recipe once, soon after it appears; the others day by day.

    Of the daily ones, so many are the first of a new user; the other reviews are by the users so far, popular ones and
    recent ones first, and of the recipes so far. A pair of user and recipe that is met again becomes a user's only one.
    """
    con.execute(
        """
        CREATE TEMP TABLE sample_pair AS
        WITH firsts AS (
            SELECT slot AS row, slot AS recipe, greatest(submitted, CASE WHEN sample_draw(slot, 'early') < 0.95
                THEN DATE '2001-09-01' ELSE DATE '2000-01-25' END) AS since FROM sample_recipe
        ),
        first_days AS (
            SELECT row, recipe, since + CAST(floor(least(-180 * ln(sample_draw(row, 'delay')),
                (DATE '2018-12-20' - since) * sample_draw(row, 'late'))) AS INTEGER) AS day FROM firsts
        ),
        known AS (
            SELECT row, recipe, day, shift, before AS k, false AS fresh FROM first_days JOIN sample_day USING (day)
        ),
        daily AS (
            SELECT $recipes + k AS row, day, shift, recipes, k,
                (k + 1) * $users // $total > k * $users // $total AS fresh
            FROM (SELECT day, shift, recipes, unnest(range(before, before + n)) AS k FROM sample_day)
        ),
        chosen AS (
            SELECT row, sample_snap(CAST(floor(recipes * pow(sample_draw(row, 'recipe'), 0.7)) AS BIGINT),
                sample_draw(row, 'popular recipe'), $recipe_share, $recipe_doublings) AS recipe, day, shift, k, fresh
            FROM daily
        ),
        reviews AS (FROM known UNION ALL FROM chosen),
        people AS (
            SELECT *, CASE WHEN fresh THEN k * $users // $total ELSE sample_snap(
                CAST(floor(greatest(k * $users // $total, 1) * pow(sample_draw(row, 'user'), 0.8)) AS BIGINT),
                sample_draw(row, 'popular user'), $user_share, $user_doublings) END AS usr
            FROM reviews
        )
        SELECT row, recipe, day, shift,
            CASE WHEN row_number() OVER (PARTITION BY usr, recipe ORDER BY row) = 1 THEN usr
                ELSE $users + row END AS usr
        FROM people
        """,
        {
            "recipes": recipes, "total": total, "users": users,
            "user_share": USER_SHARE, "user_doublings": max(0, round(math.log2(users / TOP_USERS))),
            "recipe_share": RECIPE_SHARE, "recipe_doublings": max(0, round(math.log2(recipes / TOP_RECIPES))),
        },
    )  # fmt: skip


def _splits(con: duckdb.DuckDBPyConnection, recipes: int) -> None:
    """Share the reviews of the busiest users, and of the recipes they review most, out to the splits."""
    con.execute(
        """
        CREATE TEMP TABLE sample_user AS
        SELECT usr, row_number() OVER (ORDER BY count(*) DESC, usr) - 1 AS u FROM sample_pair GROUP BY usr
        QUALIFY u < $users
        """,
        {"users": scaled("PP_users", recipes)},
    )
    con.execute(
        """
        CREATE TEMP TABLE sample_pp_recipe AS
        WITH counts AS (SELECT recipe, count(*) AS n FROM sample_pair JOIN sample_user USING (usr) GROUP BY recipe),
            most AS (FROM counts ORDER BY n DESC, recipe LIMIT $recipes)
        SELECT recipe, row_number() OVER (ORDER BY sample_hash(recipe, 'code'), recipe) - 1 AS i FROM most
        """,
        {"recipes": scaled("PP_recipes", recipes)},
    )
    con.execute(
        """
        CREATE TEMP TABLE sample_split AS
        WITH pool AS (
            SELECT row, u, i, row_number() OVER (ORDER BY sample_hash(row, 'split'), row) - 1 AS place
            FROM sample_pair JOIN sample_user USING (usr) JOIN sample_pp_recipe USING (recipe)
        )
        SELECT row, u, i, CASE WHEN place < $validation THEN 'validation' WHEN place < $validation + $test THEN 'test'
            ELSE 'train' END AS split
        FROM pool WHERE place < $validation + $test + $train
        """,
        {split: scaled(f"interactions_{split}", recipes) for split in ("validation", "test", "train")},
    )


def _ratings(con: duckdb.DuckDBPyConnection) -> None:
    """Rate: rank the train reviews, and the others, by a latent score, and cut the ranks as published."""
    train = published.TRAIN_RATINGS
    others = tuple(a - b for a, b in zip(published.RATINGS, train, strict=True))
    cuts = [[sum(counts[1 : r + 1]) / sum(counts[1:]) for r in range(1, 5)] for counts in (others, train)]
    con.execute(
        """
        CREATE TEMP TABLE sample_review AS
        WITH scores AS (
            SELECT row, usr, recipe, day, u, i, split, coalesce(split = 'train', false) AS train,
                shift + $a * sample_normal(usr, 'user mood') + $b * sample_normal(recipe, 'recipe quality')
                    + $c * sample_normal(row, 'rating') AS score
            FROM sample_pair LEFT JOIN sample_split USING (row)
        ),
        ranks AS (
            SELECT *, row_number() OVER (PARTITION BY train ORDER BY score, row) AS place,
                count(*) OVER (PARTITION BY train) AS n, CASE WHEN train THEN $train_none ELSE $other_none END AS none
            FROM scores
        ),
        blanks AS (SELECT *, CAST(floor(place * none) AS BIGINT) AS blank FROM ranks),
        places AS (
            SELECT *, blank > floor((place - 1) * none) AS unrated,
                (place - blank - 0.5) / greatest(n - floor(n * none), 1) AS part,
                CASE WHEN train THEN $train ELSE $others END AS cuts
            FROM blanks
        )
        SELECT row, usr, recipe, day, u, i, split, CAST(CASE WHEN unrated THEN 0 WHEN part < cuts[1] THEN 1
            WHEN part < cuts[2] THEN 2 WHEN part < cuts[3] THEN 3 WHEN part < cuts[4] THEN 4 ELSE 5 END AS TINYINT
            ) AS rating
        FROM places
        """,
        {
            "a": math.sqrt(planted.BETWEEN_USERS),
            "b": math.sqrt(planted.BETWEEN_RECIPES),
            "c": math.sqrt(1 - planted.BETWEEN_USERS - planted.BETWEEN_RECIPES),
            "train": cuts[1],
            "others": cuts[0],
            "train_none": train[0] / sum(train),
            "other_none": others[0] / sum(others),
        },
    )
