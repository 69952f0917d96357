"""Hand-written raw tables, and a stand-in for the synthetic sample."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

RECIPE = {
    "name": "soup", "id": 1, "minutes": 30, "contributor_id": 7, "submitted": date(2004, 5, 6),
    "tags": ["easy", "soups"], "calories": 120.5, "total_fat_pct": 1.0, "sugar_pct": 2.0, "sodium_pct": 3.0,
    "protein_pct": 4.0, "sat_fat_pct": 5.0, "carb_pct": 6.0, "n_steps": 5, "steps": ["boil"],
    "description": "a soup", "ingredients": ["egg", "salt"], "n_ingredients": 2,
}  # fmt: skip
REVIEW = {"user_id": 70, "recipe_id": 1, "date": date(2005, 1, 2), "rating": 5, "review": "good"}
TRAIN = {"user_id": 70, "recipe_id": 1, "date": date(2005, 1, 2), "rating": 5, "u": 0, "i": 0}

TYPES = {
    "RAW_recipes": "name VARCHAR, id BIGINT, minutes BIGINT, contributor_id BIGINT, submitted DATE, tags VARCHAR[], "
    "calories DOUBLE, total_fat_pct DOUBLE, sugar_pct DOUBLE, sodium_pct DOUBLE, protein_pct DOUBLE, "
    "sat_fat_pct DOUBLE, carb_pct DOUBLE, n_steps BIGINT, steps VARCHAR[], description VARCHAR, "
    "ingredients VARCHAR[], n_ingredients BIGINT",
    "RAW_interactions": "user_id BIGINT, recipe_id BIGINT, date DATE, rating TINYINT, review VARCHAR",
    "interactions_train": "user_id BIGINT, recipe_id BIGINT, date DATE, rating TINYINT, u BIGINT, i BIGINT",
}
DEFAULTS: dict[str, dict[str, Any]] = {"RAW_recipes": RECIPE, "RAW_interactions": REVIEW, "interactions_train": TRAIN}


def raw(con: duckdb.DuckDBPyConnection, **tables: list[dict[str, Any]]) -> None:
    """Make raw tables of rows that say only how they differ from the default row; recipes are numbered from 1."""
    con.execute("CREATE SCHEMA IF NOT EXISTS raw")
    for table, rows in tables.items():
        con.execute(f"CREATE TABLE raw.{table} ({TYPES[table]})")
        for number, row in enumerate(rows, 1):
            full = {**DEFAULTS[table], **({"id": number} if table == "RAW_recipes" else {}), **row}
            con.execute(f"INSERT INTO raw.{table} VALUES ({', '.join('?' * len(full))})", list(full.values()))


def write_raw(con: duckdb.DuckDBPyConnection, recipes: int, _seed: int) -> None:
    """Stand in for the sample: so many recipes and reviews, nothing else."""
    con.execute("CREATE SCHEMA raw")
    con.execute(f"CREATE TABLE raw.RAW_recipes ({TYPES['RAW_recipes']})")
    con.execute(f"CREATE TABLE raw.RAW_interactions ({TYPES['RAW_interactions']})")
    con.execute(
        """
        INSERT INTO raw.RAW_recipes
        SELECT 'recipe ' || range, range, 1 + range % 100, 1, DATE '2001-01-01' + CAST(range * 17 % 6000 AS INTEGER),
            ['easy', 'tag ' || range % 7], range % 50, 1, 2, 3, 4, 5, 6, 5, ['boil'], NULL,
            ['salt', 'egg ' || range % 5], 2
        FROM range(1, ? + 1)
        """,
        [recipes],
    )
    con.execute(
        """
        INSERT INTO raw.RAW_interactions
        SELECT range % 91, 1 + range % ?, DATE '2001-01-01' + CAST(range * 17 % 6000 AS INTEGER), range % 6,
            'review ' || range
        FROM range(? * 3)
        """,
        [recipes, recipes],
    )


COLUMNS = ("name", "id", "minutes", "contributor_id", "submitted", "tags", "nutrition", "n_steps", "steps",
           "description", "ingredients", "n_ingredients")  # fmt: skip
NUTRITION = ("calories", "total_fat_pct", "sugar_pct", "sodium_pct", "protein_pct", "sat_fat_pct", "carb_pct")


def write_files(folder: Path, recipes: list[dict[str, Any]], reviews: list[dict[str, Any]]) -> Path:
    """Write the two required files in the official format."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "RAW_recipes.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for number, row in enumerate(recipes, 1):
            full = {**RECIPE, "id": number, **row}
            writer.writerow({**full, "nutrition": [full[name] for name in NUTRITION]})
    with (folder / "RAW_interactions.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, REVIEW)
        writer.writeheader()
        writer.writerows({**REVIEW, **row} for row in reviews)
    return folder
