"""Published numbers of the data themselves: the files, and what cleaning took off."""

from __future__ import annotations

import re

from mangetamain.published.ours import Entry, Ours, asked
from mangetamain.warehouse.schema import TABLES

RATED, TRAIN = asked("distribution"), asked("distribution", source="train")
# Columns of the files; those of a recipe and a rating as the predecessor went on with them.
COLUMNS = ("RAW_recipes", "RAW_interactions", "PP_recipes", "PP_users", "interactions_train")
PERIOD = "SELECT min(submitted), max(submitted) FROM recipes"
BEFORE = """
    SELECT median(n_steps), avg(n_steps), median(n_ingredients), avg(n_ingredients)
    FROM raw.RAW_recipes WHERE minutes BETWEEN 1 AND 180"""
UNDESCRIBED = """
    SELECT count(*) FILTER (description IS NULL), 100 * count(*) FILTER (description IS NULL) / count(*)
    FROM raw.RAW_recipes JOIN recipes USING (id)"""


def _row(ours: Ours, sql: str) -> tuple[float, ...]:
    found: tuple[float, ...] = ours.con.execute(sql).fetchall()[0]
    return found


def _tables(ours: Ours) -> dict[str, int]:
    found = ours.con.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'").fetchall()
    return {name: ours.rows(f'raw."{name}"') for (name,) in found}


def _thresholds(ours: Ours) -> dict[str, list[int]]:
    steps, ingredients = re.findall(r"(\d+) to (\d+)", ours.step("size", "threshold"))
    return {"n_steps": [*map(int, steps)], "n_ingredients": [*map(int, ingredients)]}


def _before(ours: Ours) -> dict[str, dict[str, float]]:
    numbers = _row(ours, BEFORE)
    return {
        name: dict(zip(("median", "mean"), numbers[at : at + 2], strict=True))
        for at, name in ((0, "n_steps"), (2, "n_ingredients"))
    }


def _centre(column: str) -> Entry:
    sql = f"SELECT median({column}), avg({column}), max({column}) FROM recipes"
    return lambda ours: dict(zip(("median", "mean", "max"), _row(ours, sql), strict=True))


def _unrated(source: str, table: str) -> Entry:
    """Count the rows of a file that are no rating of their own: without stars or a day, or there before."""
    rated = asked("distribution", source=source)
    return lambda ours: ours.rows(f"raw.{table}") - rated(lambda found: sum(found.counts))(ours)


DATA: dict[str, Entry] = {
    "data.duckdb.tables": _tables,
    "data.duckdb.columns": lambda _: {name: len(TABLES[name].columns) for name in COLUMNS},
    "data.duckdb.total_rows": lambda o: sum(_tables(o).values()),
    "data.raw_recipes.rows": lambda o: [o.rows("raw.RAW_recipes"), len(TABLES["RAW_recipes"].columns)],
    "data.train.rows": lambda o: [o.rows("raw.interactions_train"), len(TABLES["interactions_train"].columns)],
    "data.train.clean_rows": TRAIN(lambda f: [sum(f.counts), 13]),
    "data.full.clean_rows": RATED(lambda f: [sum(f.counts), 12]),
    "data.train.zero_ratings": _unrated("train", "interactions_train"),
    "data.full.zero_ratings": _unrated("full", "RAW_interactions"),
    "data.train.five_star": TRAIN(lambda f: f.counts[4]),
    "clean.minutes_removed": lambda o: o.step("duration", "removed"),
    "clean.after_minutes": lambda o: o.step("duration", "remaining"),
    "clean.thresholds": _thresholds,
    "clean.stats_before_outlier": _before,
    "clean.outliers_removed": lambda o: o.step("size", "removed"),
    "clean.name_null_removed": lambda o: o.step("named and dated", "removed"),
    "clean.final_rows": lambda o: [o.rows("recipes"), 28],
    "clean.total_removed": lambda o: o.rows("raw.RAW_recipes") - o.rows("recipes"),
    "clean.duplicates": lambda o: o.step("one row a recipe", "removed"),
    "clean.null_description": lambda o: dict(zip(("count", "pct"), _row(o, UNDESCRIBED), strict=True)),
    "clean.minutes_stats": _centre("minutes"),
    "clean.steps_stats": _centre("n_steps"),
    "clean.ingredients_stats": _centre("n_ingredients"),
    "clean.period": lambda o: [str(day) for day in _row(o, PERIOD)],
}
