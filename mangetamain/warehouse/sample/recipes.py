"""The synthetic recipes without their lists: dates, sizes and nutrition."""

from __future__ import annotations

import math
from typing import Any

import duckdb
import numpy as np

from mangetamain.warehouse import sql
from mangetamain.warehouse.sample import marginals as published
from mangetamain.warehouse.sample import planted
from mangetamain.warehouse.sample.curves import Floats, recipe_days, shapes, tilt
from mangetamain.warehouse.schema import OFFICIAL_ROWS

NAMELESS_FROM = 100  # recipes: smaller samples have no recipe without a name
SCALE = {"minutes": 28.0, "n_steps": 4.6, "n_ingredients": 3.2}  # of a measure, per unit of its normal score


def write_recipes(con: duckdb.DuckDBPyConnection, recipes: int) -> None:
    """Make the temporary table sample_recipe, one row a recipe, in the order of submission."""
    _slots(con, recipes)
    _ranks(con)
    _cuts(con)
    _nutrition(con)
    _recipe(con)


def _slots(con: duckdb.DuckDBPyConnection, recipes: int) -> None:
    """Count the recipes out by day; those that cleaning will remove are classes of their own."""
    full = OFFICIAL_ROWS["RAW_recipes"]
    slow, odd = (round(recipes * n / full) for n in (published.REMOVED_BY_MINUTES, sum(published.REMOVED_BY_SIZE)))
    nameless = int(recipes >= NAMELESS_FROM)
    sizes = {"kept": recipes - slow - odd - nameless, "slow": slow, "odd": odd, "nameless": nameless}
    rows = recipe_days(sizes)
    con.execute(
        """
        CREATE TEMP TABLE sample_slot AS
        WITH plan AS (SELECT unnest($class) AS class, unnest($day) AS submitted, unnest($n) AS n),
            singles AS (SELECT class, submitted, unnest(range(n)) AS k FROM plan)
        SELECT row_number() OVER (ORDER BY submitted, class, k) - 1 AS slot, class, submitted,
            CAST(year(submitted) AS INTEGER) AS year, CAST(month(submitted) % 12 // 3 AS INTEGER) AS season
        FROM singles
        """,
        {"class": [r[0] for r in rows], "day": [r[1] for r in rows], "n": [r[2] for r in rows]},
    )


def _ranks(con: duckdb.DuckDBPyConnection) -> None:
    """Rank the recipes of a year by three correlated normal scores, so that each measure's distribution is exact."""
    r12, r13, r23 = published.LATENT.values()
    chol = np.linalg.cholesky(np.array([[1, r12, r13], [r12, 1, r23], [r13, r23, 1]]))
    shifts = {m: [(s - float(np.mean(planted.BY_SEASON[m]))) / SCALE[m] for s in planted.BY_SEASON[m]] for m in SCALE}
    within = {"minutes": "class, year", "steps": "class, year", "ingredients": "class, year", "kind": "class"}
    ranks = ", ".join(
        f"(row_number() OVER (PARTITION BY {group} ORDER BY {score}, slot) - 0.5)"
        f" / count(*) OVER (PARTITION BY {group}) AS {score}_at"
        for score, group in within.items()
    )
    con.execute(
        f"""
        CREATE TEMP TABLE sample_rank AS
        WITH draws AS (
            SELECT *, sample_normal(slot, 'minutes') AS a, sample_normal(slot, 'steps') AS b,
                sample_normal(slot, 'ingredients') AS c, sample_draw(slot, 'kind') AS kind
            FROM sample_slot
        ),
        scores AS (
            SELECT slot, class, year, season, kind, a + list_extract($minutes, season + 1) AS minutes,
                $l10 * a + $l11 * b + list_extract($steps, season + 1) AS steps,
                $l20 * a + $l21 * b + $l22 * c + list_extract($ingredients, season + 1) AS ingredients
            FROM draws
        )
        SELECT slot, class, year, season,
            {ranks}
        FROM scores
        """,
        {
            "minutes": shifts["minutes"], "steps": shifts["n_steps"], "ingredients": shifts["n_ingredients"],
            "l10": chol[1, 0], "l11": chol[1, 1], "l20": chol[2, 0], "l21": chol[2, 1], "l22": chol[2, 2],
        },
    )  # fmt: skip


def _cuts(con: duckdb.DuckDBPyConnection) -> None:
    """Say where in a year's ranking each number of minutes, steps and ingredients ends."""
    columns: dict[str, list[Any]] = {"measure": [], "year": [], "value": [], "below": []}
    for measure, (values, weights) in shapes().items():
        for year, mean in zip(published.YEARS, published.MEANS[measure], strict=True):
            ends = np.cumsum(tilt(values, weights, mean)).round(9)
            ends[-1] = 1.0
            columns["measure"] += [measure] * len(values)
            columns["year"] += [year] * len(values)
            columns["value"] += values
            columns["below"] += ends.tolist()
    sql.make_temporary(con, "sample_cut", columns)


def _nutrition(con: duckdb.DuckDBPyConnection) -> None:
    """Draw calories and the six % daily values: quantile functions of correlated scores, scaled by year and season."""
    logs = {name: np.log1p(np.array(q)) for name, q in published.QUANTILES.items()}
    factors = {name: _factors(name, log) for name, log in logs.items()}
    seasons = range(len(planted.SEASONS))
    rows = {
        "year": [year for year in published.YEARS for _ in seasons],
        "season": [season for _ in published.YEARS for season in seasons],
    }
    sql.make_temporary(con, "sample_scale", rows | {name: f.ravel().tolist() for name, f in factors.items()})
    # Scores first: a macro writes its argument out wherever it stands, and these would stand five times each.
    scores = ", ".join(
        f"{r} * sample_normal(slot, 'calories') + {math.sqrt(1 - r * r)} * sample_normal(slot, '{name}') AS {name}"
        for name, r in published.WITH_CALORIES.items()
    )
    columns = ", ".join(
        f"round(scale.{name} * sample_quantile(score.{name}, ${name}), {int(name == 'calories')}) AS {name}"
        for name in published.WITH_CALORIES
    )
    con.execute(
        f"""
        CREATE TEMP TABLE sample_nutrition AS
        WITH score AS (SELECT slot, year, season, {scores} FROM sample_slot)
        SELECT slot, {columns} FROM score JOIN sample_scale AS scale USING (year, season)
        """,
        {name: log.tolist() for name, log in logs.items()},
    )


def _factors(name: str, logs: Floats) -> Floats:
    """Scale a nutrient so that its expected yearly means (overall, where none are published) and seasons are right."""
    z = np.arange(-4.5, 4.5, 0.001)
    density = np.exp(-z * z / 2)
    knots = np.linspace(-4.5, 4.5, len(logs))
    expected = float(np.expm1(np.interp(z, knots, logs)) @ density / density.sum())
    seasons = np.array(planted.BY_SEASON[name])
    overall = float(seasons @ np.array(planted.RECIPES_BY_SEASON) / sum(planted.RECIPES_BY_SEASON))
    years = np.array(published.MEANS.get(name, [overall] * len(published.YEARS)))
    return np.outer(years / expected, seasons / overall).round(6)


def _recipe(con: duckdb.DuckDBPyConnection) -> None:
    """Look the sizes up by rank, and put the columns together; what cleaning removes has sizes out of bounds."""
    one, many, few, _ = np.cumsum(published.REMOVED_BY_SIZE) / sum(published.REMOVED_BY_SIZE)
    sizes = " ".join(
        f"ASOF JOIN (FROM sample_cut WHERE measure = '{measure}') AS {size}"
        f" ON sample_rank.year = {size}.year AND {size}_at < {size}.below"
        for size, measure in (("minutes", "minutes"), ("steps", "n_steps"), ("ingredients", "n_ingredients"))
    )
    con.execute(
        f"""
        CREATE TEMP TABLE sample_recipe AS
        SELECT sample_rank.slot, 38 + sample_rank.slot * 58 // 25 AS id, class, submitted, sample_rank.year, season,
            CASE WHEN class <> 'slow' THEN CAST(minutes.value AS BIGINT)
                WHEN slowest THEN 2147483647
                WHEN kind_at < 0.06 THEN 0
                ELSE 181 + CAST(floor(exp(4.9 + sample_normal(sample_rank.slot, 'slow'))) AS BIGINT) END AS minutes,
            CASE WHEN class = 'odd' AND kind_at < $one THEN 1
                WHEN class = 'odd' AND kind_at < $many
                    THEN 25 + CAST(floor(-7 * ln(sample_draw(sample_rank.slot, 'many'))) AS BIGINT)
                ELSE CAST(steps.value AS BIGINT) END AS n_steps,
            CASE WHEN class = 'odd' AND kind_at >= $few
                    THEN 18 + CAST(least(floor(-2 * ln(sample_draw(sample_rank.slot, 'lots'))), 5) AS BIGINT)
                WHEN class = 'odd' AND kind_at >= $many
                    THEN 1 + CAST(sample_draw(sample_rank.slot, 'few') < 0.8 AS BIGINT)
                ELSE CAST(ingredients.value AS BIGINT) END AS n_ingredients
        FROM (SELECT *, kind_at = max(kind_at) OVER (PARTITION BY class) AS slowest FROM sample_rank) AS sample_rank
        JOIN sample_slot USING (slot, class, season)
        {sizes}
        """,
        {"one": float(one), "many": float(many), "few": float(few)},
    )
