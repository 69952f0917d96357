"""Selections of recipes, each written as a reader writes it and recomputed with pandas."""

from functools import cache

import numpy as np

# What each keeps of a frame of recipes; `holds` tells which of them hold a term.
KEEPS = {
    "": lambda recipes, holds: np.ones(len(recipes), bool),
    "easy": lambda recipes, holds: holds("tag", "easy"),
    "not easy, minutes 10-60": lambda recipes, holds: ~holds("tag", "easy") & recipes["minutes"].between(10, 60),
    "ingredient:salt, not desserts, calories<=500": lambda recipes, holds: (
        holds("ingredient", "salt") & ~holds("tag", "desserts") & (recipes["calories"] <= 500)
    ),
    "minutes>=0": lambda recipes, holds: recipes["minutes"] >= 0,
}
SELECTIONS = [text for text in KEEPS if text]
# The tags and ingredients that they demand or forbid.
GIVEN = {"easy", "salt", "desserts"}
NOTHING = "minutes>=5000"


@cache
def frame(con, table):
    """Give a table as a frame, which nobody may change: it is read once."""
    return con.execute(f"SELECT * FROM {table}").df()


def chosen(con, text):
    """Give the recipes of a selection, and the terms that they hold, as frames."""
    recipes, terms = frame(con, "recipes"), frame(con, "recipe_terms")

    def holds(kind, term):
        return recipes["id"].isin(terms.loc[(terms["kind"] == kind) & (terms["term"] == term), "recipe"])

    kept = recipes[KEEPS[text](recipes, holds)]
    return kept, terms.merge(kept[["id", "year", "contributor_id"]], left_on="recipe", right_on="id")
