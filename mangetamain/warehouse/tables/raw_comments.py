"""What the official tables hold, as the data set's authors describe it or its values show.

Majumder, Li, Ni, McAuley: Generating Personalized Recipes from Historical User Preferences, EMNLP 2019,
doi:10.18653/v1/D19-1613.
"""

from __future__ import annotations

from mangetamain.language import N_

RAW_TABLES: dict[str, str] = {
    "RAW_recipes": N_("Recipes as they were posted; the file RAW_recipes"),
    "RAW_interactions": N_("Reviews as they were written; the file RAW_interactions"),
    "PP_recipes": N_("Recipes of the splits as numbers for a model; the file PP_recipes"),
    "PP_users": N_("Reviewers of the training split as numbers for a model; the file PP_users"),
    "interactions_train": N_("Ratings of the training split; the file interactions_train"),
    "interactions_validation": N_("Ratings of the validation split; the file interactions_validation"),
    "interactions_test": N_("Ratings of the test split; the file interactions_test"),
}
_USER, _RECIPE = N_("Number of the reviewer at Food.com; the file"), N_("Number of the recipe at Food.com; the file")
_USER_CODE = N_("Number of the reviewer in PP_users; the file")
_RECIPE_CODE = N_("Number of the recipe in PP_recipes; the file")
_DATE = N_("Day of the review; the file")
_RATING = N_("Rating, 0 where none was given [stars, 0 to 5]; the file")
_SPLIT = {
    "user_id": _USER, "recipe_id": _RECIPE, "date": _DATE, "rating": _RATING, "u": _USER_CODE, "i": _RECIPE_CODE,
}  # fmt: skip

RAW_COLUMNS: dict[str, dict[str, str]] = {
    "RAW_recipes": {
        "name": N_("Name of the recipe; the file"),
        "id": _RECIPE,
        "minutes": N_("Time that it takes, by its cook [minutes]; the file"),
        "contributor_id": N_("Number of the cook who posted it; the file"),
        "submitted": N_("Day on which it was posted; the file"),
        "tags": N_("Tags that Food.com sorts it under; the file"),
        "calories": N_("Energy of a serving [kcal]; the first number of nutrition in the file"),
        "total_fat_pct": N_("Fat in a serving [% of the daily value]; the second number of nutrition in the file"),
        "sugar_pct": N_("Sugar in a serving [% of the daily value]; the third number of nutrition in the file"),
        "sodium_pct": N_("Sodium in a serving [% of the daily value]; the fourth number of nutrition in the file"),
        "protein_pct": N_("Protein in a serving [% of the daily value]; the fifth number of nutrition in the file"),
        "sat_fat_pct": N_("Saturated fat in a serving [% of the daily value]; the sixth number of nutrition in the "
                          "file"),
        "carb_pct": N_("Carbohydrates in a serving [% of the daily value]; the seventh number of nutrition in the "
                       "file"),
        "n_steps": N_("Number of steps [steps]; the file"),
        "steps": N_("Texts of the steps, in their order; the file"),
        "description": N_("What its cook says of it; the file"),
        "ingredients": N_("Names of the ingredients, without quantities; the file"),
        "n_ingredients": N_("Number of ingredients [ingredients]; the file"),
    },
    "RAW_interactions": {
        "user_id": _USER, "recipe_id": _RECIPE, "date": _DATE, "rating": _RATING,
        "review": N_("Text of the review; the file"),
    },
    "PP_recipes": {
        "id": _RECIPE,
        "i": _RECIPE_CODE,
        "name_tokens": N_("Name, as tokens of a language model; the file"),
        "ingredient_tokens": N_("Each ingredient, as tokens of a language model; the file"),
        "steps_tokens": N_("Steps, as tokens of a language model; the file"),
        "techniques": N_("Which of 58 cooking techniques it uses [1 yes, 0 no]; the file"),
        "calorie_level": N_("Level of its calories [0 low to 2 high]; the file"),
        "ingredient_ids": N_("Numbers of its ingredients; the file"),
    },
    "PP_users": {
        "u": _USER_CODE,
        "techniques": N_("How often the reviewer met each of 58 cooking techniques [recipes]; the file"),
        "items": N_("Recipes that the reviewer rated, in their order, as numbered in PP_recipes; the file"),
        "n_items": N_("Number of recipes rated [recipes]; the file"),
        "ratings": N_("Ratings of those recipes, in their order [stars, 0 to 5]; the file"),
        "n_ratings": N_("Number of ratings [ratings]; the file"),
    },
    **{f"interactions_{split}": _SPLIT for split in ("train", "validation", "test")},
}  # fmt: skip
