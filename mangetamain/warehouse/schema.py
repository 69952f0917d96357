"""The seven official tables: their files, columns and types."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["text", "integer", "date", "words", "numbers", "codes", "nested", "nutrition"]

SQL_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "date": "DATE",
    "words": "VARCHAR[]",
    "numbers": "DOUBLE[]",
    "codes": "BIGINT[]",
    "nested": "BIGINT[][]",
    "nutrition": "DOUBLE[]",
}
NUTRITION = ("calories", "total_fat_pct", "sugar_pct", "sodium_pct", "protein_pct", "sat_fat_pct", "carb_pct")
# Rows of each file as Majumder et al. (EMNLP 2019, doi:10.18653/v1/D19-1613) published them on Kaggle.
OFFICIAL_ROWS = {
    "RAW_recipes": 231_637,
    "RAW_interactions": 1_132_367,
    "PP_recipes": 178_265,
    "PP_users": 25_076,
    "interactions_train": 698_901,
    "interactions_validation": 7_023,
    "interactions_test": 12_455,
}


@dataclass(frozen=True)
class Column:
    """One column of an official file.

    Parameters
    ----------
    name
        Its official name.
    kind
        How its text is read.
    required
        Whether a record without it is rejected.
    bounds
        The least and the greatest integer accepted.
    type_name
        The SQL type where it is narrower than that of its kind.
    absent
        The integer that says "there is none", for which an empty text then stands.
    decimals
        Whether the official file writes its whole numbers as 5.0.
    """

    name: str
    kind: Kind
    required: bool = False
    bounds: tuple[int, int] | None = None
    type_name: str | None = None
    absent: int | None = None
    decimals: bool = False

    @property
    def sql_type(self) -> str:
        """Return the type of the column in the warehouse."""
        return self.type_name or SQL_TYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One official table.

    Parameters
    ----------
    name
        Its official name, which is also that of its file without the suffix.
    columns
        Its columns, in the official order.
    required
        Whether a source without it is refused.
    opening
        A regular expression of how each record's line begins; it betrays a record that an unclosed quote swallowed.
    """

    name: str
    columns: tuple[Column, ...]
    required: bool
    opening: bytes

    @property
    def header(self) -> list[str]:
        """List the official column names."""
        return [column.name for column in self.columns]


def _key(name: str) -> Column:
    return Column(name, "integer", required=True)


# pandas leaves out what it takes for missing: so every class notebook saves the reviews without a rating.
_RATING = Column("rating", "integer", required=True, bounds=(0, 5), type_name="TINYINT", absent=0)
_DATE = rb"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[ T0-9:.]*"
_SPLIT = (
    _key("user_id"),
    _key("recipe_id"),
    Column("date", "date"),
    replace(_RATING, decimals=True),
    _key("u"),
    _key("i"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "RAW_recipes",
            (
                Column("name", "text"),
                _key("id"),
                Column("minutes", "integer"),
                Column("contributor_id", "integer"),
                Column("submitted", "date"),
                Column("tags", "words"),
                Column("nutrition", "nutrition"),
                Column("n_steps", "integer"),
                Column("steps", "words"),
                Column("description", "text"),
                Column("ingredients", "words"),
                Column("n_ingredients", "integer"),
            ),
            required=True,
            opening=rb'(?:"[^"\n]{0,500}"|[^",\n]{0,500}),[0-9]+,[0-9]+,[0-9]+,' + _DATE + rb",",
        ),
        Table(
            "RAW_interactions",
            (_key("user_id"), _key("recipe_id"), Column("date", "date"), _RATING, Column("review", "text")),
            required=True,
            opening=rb"[0-9]+,[0-9]+," + _DATE + rb",[0-9]+(?:\.0+)?,",
        ),
        Table(
            "PP_recipes",
            (
                _key("id"),
                _key("i"),
                Column("name_tokens", "codes"),
                Column("ingredient_tokens", "nested"),
                Column("steps_tokens", "codes"),
                Column("techniques", "codes", type_name="TINYINT[]"),
                Column("calorie_level", "integer", bounds=(0, 2), type_name="TINYINT"),
                Column("ingredient_ids", "codes"),
            ),
            required=False,
            opening=rb'[0-9]+,[0-9]+,"?\[',
        ),
        Table(
            "PP_users",
            (
                _key("u"),
                Column("techniques", "codes"),
                Column("items", "codes"),
                Column("n_items", "integer"),
                Column("ratings", "numbers"),
                Column("n_ratings", "integer"),
            ),
            required=False,
            opening=rb'[0-9]+,"?\[',
        ),
        *(
            Table(f"interactions_{part}", _SPLIT, required=False, opening=rb"[0-9]+,[0-9]+," + _DATE + rb",")
            for part in ("train", "validation", "test")
        ),
    )
}


def nearest(value: str, choices: Iterable[str]) -> str:
    """Return the choice spelled most like a value, whatever the case; the first one if none is alike."""
    known = {choice.lower(): choice for choice in reversed(list(choices))}
    alike = difflib.get_close_matches(value.lower(), known, n=1, cutoff=0.0)
    return known[alike[0]]
