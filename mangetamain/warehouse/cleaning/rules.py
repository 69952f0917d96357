"""The cleaning rules: each with its reason, run in order, and what each removed is written down."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mangetamain.language import N_
from mangetamain.warehouse import sql
from mangetamain.warehouse.cleaning.thresholds import Cleaning, Range

if TYPE_CHECKING:
    import duckdb

Values = dict[str, int]


@dataclass(frozen=True)
class Rule:
    """One reason to leave rows out.

    Parameters
    ----------
    table
        ``recipes`` or ``reviews``.
    name
        How the audit calls it.
    reason
        Why, in one English sentence that the catalogues translate.
    keep
        SQL condition of the rows that stay; unknown counts as false. ``{work}`` is the table being cleaned,
        ``{raw}`` its raw table and ``{columns}`` the raw table's columns.
    values
        What the condition's parameters are, given what the earlier rules left.
    threshold
        The parameters as the audit shows them.
    """

    table: str
    name: str
    reason: str
    keep: str
    values: Callable[[duckdb.DuckDBPyConnection, Cleaning], Values] | None = None
    threshold: str = ""


@dataclass(frozen=True)
class Step:
    """A rule that ran: how many rows it removed and how many it left."""

    step: int
    tbl: str
    rule: str
    reason: str
    threshold: str
    removed: int
    remaining: int


def nearest_quantile(con: duckdb.DuckDBPyConnection, column: str, share: float) -> int:
    """Find a quantile of a whole-number column of the recipes still kept.

    The published thresholds come from polars' default interpolation, "nearest": the value at position
    ``round(share * (n - 1))`` of the sorted values that are not null, halves rounded up. It is 0 when no value is left.
    """
    known = f"{column} IS NOT NULL"
    position = share * (sql.count(con, "kept_recipes", known) - 1)
    position = math.floor(position) + (position % 1 >= 0.5)
    query = f"SELECT {column} FROM kept_recipes WHERE {known} ORDER BY {column} LIMIT 1 OFFSET {max(position, 0)}"
    found = con.execute(query).fetchone()
    return int(found[0]) if found else 0


def _size(con: duckdb.DuckDBPyConnection, cleaning: Cleaning) -> Values:
    def bounds(column: str) -> Range:
        low, high = (nearest_quantile(con, column, share) for share in cleaning.quantiles)
        return low, high

    steps = cleaning.steps or bounds("n_steps")
    ingredients = cleaning.ingredients or bounds("n_ingredients")
    return {"steps_low": steps[0], "steps_high": steps[1], "low": ingredients[0], "high": ingredients[1]}


RULES: tuple[Rule, ...] = (
    Rule(
        "recipes",
        "one row a recipe",
        N_("A recipe counts once, and one without a number cannot be told from the others."),
        "id IS NOT NULL AND line IN (SELECT min(line) AS line FROM {work} GROUP BY id)",
    ),
    Rule(
        "recipes",
        "duration",
        N_("Zero minutes is a blank form; very long times are resting times and typing errors."),
        "minutes BETWEEN $low AND $high",
        lambda _con, cleaning: {"low": cleaning.minutes[0], "high": cleaning.minutes[1]},
        "{low} to {high}",
    ),
    Rule(
        "recipes",
        "size",
        N_("The shortest and the longest recipes are stubs and collections rather than one dish."),
        "n_steps BETWEEN $steps_low AND $steps_high AND n_ingredients BETWEEN $low AND $high",
        _size,
        "steps {steps_low} to {steps_high}, ingredients {low} to {high}",
    ),
    Rule(
        "recipes",
        "named and dated",
        N_("A recipe without a name or a day cannot be shown or placed in time."),
        "name IS NOT NULL AND submitted IS NOT NULL",
    ),
    Rule(
        "recipes",
        "calories known",
        N_("A recipe without calories, or with negative ones, has no nutrition to speak of."),
        "calories BETWEEN 0e0 AND 1e12",  # also refuses NaN and infinity
    ),
    Rule(
        "recipes",
        "ingredients known",
        N_("A recipe without ingredients is no recipe."),
        "n_ingredients > 0",
    ),
    Rule(
        "reviews",
        "dated and signed",
        N_("A review without its day, its author or its recipe cannot be placed."),
        "date IS NOT NULL AND user_id IS NOT NULL AND recipe_id IS NOT NULL",
    ),
    Rule(
        "reviews",
        "stars",
        N_("A rating is one to five stars; 0 means that none was given, and the review is kept without one."),
        "coalesce(rating, 0) BETWEEN 0 AND 5",
        None,
        "0 to 5",
    ),
    Rule(
        "reviews",
        "distinct rows",
        N_("The same row twice is one review that was recorded twice."),
        # Texts are long: only the reviews that share author, recipe and day are compared in full.
        """line NOT IN (
            SELECT line FROM (
                SELECT rowid AS line, row_number() OVER (PARTITION BY {columns} ORDER BY rowid) AS copy
                FROM {raw} WHERE rowid IN (
                    SELECT line FROM {work} JOIN (
                        SELECT user_id, recipe_id, date FROM {work}
                        GROUP BY user_id, recipe_id, date HAVING count(*) > 1) AS twins
                    USING (user_id, recipe_id, date))) AS copies
            WHERE copy > 1)""",
    ),
)


def clean(con: duckdb.DuckDBPyConnection, cleaning: Cleaning) -> list[Step]:
    """Select the rows that are kept, and write the audit into the table ``cleaning``.

    Reads ``raw.RAW_recipes``, ``raw.RAW_interactions`` and, if it is there, ``raw.interactions_train``; makes the
    temporary tables ``kept_recipes``, ``kept_full`` and ``kept_train``, whose ``line`` is the raw table's rowid.

    Returns
    -------
    list of Step
        What each rule removed and left, in the order they ran.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE kept_recipes AS
        SELECT rowid AS line, id, name, submitted, minutes, n_steps,
            coalesce(n_ingredients, len(ingredients)) AS n_ingredients,
            calories, total_fat_pct, sugar_pct, sodium_pct, protein_pct, sat_fat_pct, carb_pct
        FROM raw.RAW_recipes
    """)
    steps = _run(con, cleaning, "recipes", "kept_recipes", "raw.RAW_recipes", 1)
    for source, raw in review_tables(con).items():
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE kept_{source} AS
            SELECT rowid AS line, user_id, recipe_id, date, rating FROM {raw}
        """)
        steps += _run(con, cleaning, f"reviews {source}", f"kept_{source}", raw, len(steps) + 1)
    con.execute("""
        CREATE OR REPLACE TABLE cleaning (step INTEGER, tbl VARCHAR, rule VARCHAR, reason VARCHAR, threshold VARCHAR,
            removed BIGINT, remaining BIGINT)
    """)
    sql.insert(con, "cleaning", steps)
    return steps


def review_tables(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Name the raw tables that hold reviews, by the source that ``reviews`` knows them under."""
    known = {"full": "RAW_interactions", "train": "interactions_train"}
    found = sql.counts(con, "raw")
    return {source: f"raw.{table}" for source, table in known.items() if table in found}


def _run(con: duckdb.DuckDBPyConnection, cleaning: Cleaning, label: str, work: str, raw: str, first: int) -> list[Step]:
    described = con.execute(f"SELECT * FROM {raw} LIMIT 0").description
    columns = ", ".join(f'"{column[0]}"' for column in described)
    remaining = sql.count(con, work)
    steps: list[Step] = []
    for rule in (rule for rule in RULES if rule.table == label.split()[0]):
        values = rule.values(con, cleaning) if rule.values else {}
        keep = rule.keep.format(work=work, raw=raw, columns=columns)
        con.execute(f"DELETE FROM {work} WHERE ({keep}) IS NOT TRUE", values)
        before, remaining = remaining, sql.count(con, work)
        threshold = rule.threshold.format(**values)
        steps.append(Step(first + len(steps), label, rule.name, rule.reason, threshold, before - remaining, remaining))
    return steps
