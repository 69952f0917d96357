"""Selections of recipes, each written as a reader writes it and recomputed with pandas."""

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


def chosen(con, text):
    """Give the recipes of a selection, and the terms that they hold, as frames."""
    recipes, terms = (con.execute(f"SELECT * FROM {table}").df() for table in ("recipes", "recipe_terms"))
    held = {key: set(rows["recipe"]) for key, rows in terms.groupby(["kind", "term"])}
    kept = recipes[KEEPS[text](recipes, lambda kind, term: recipes["id"].isin(held[kind, term]))]
    return kept, terms.merge(kept[["id", "year", "contributor_id"]], left_on="recipe", right_on="id")
