"""What is planted in the synthetic sample for questions to find: its Mondays, its summers, its turns of the rating."""

from __future__ import annotations

import datetime as dt
from typing import Final

# By weekday, Monday to Sunday: recipes (Mondays have most), reviews, and what each adds to the mean rating.
RECIPES_BY_WEEKDAY: Final = (41_481, 36_881, 32_383, 31_008, 25_609, 14_443, 18_261)
REVIEWS_BY_WEEKDAY: Final = (111_473, 101_319, 95_173, 91_512, 83_924, 88_494, 110_049)
RATING_BY_WEEKDAY: Final = (-0.0007, -0.0036, -0.0045, 0.0016, -0.0036, 0.0031, 0.0070)

# By month, January to December: reviews.
REVIEWS_BY_MONTH: Final = (
    104_168, 87_156, 92_471, 89_050, 85_088, 92_534, 86_358, 83_932, 84_339, 90_119, 86_549, 89_756,
)  # fmt: skip

# By season: cleaned recipes, their mean measures, and what each adds to the mean rating. All are published but those of
# carb_pct, which no season moves.
SEASONS: Final = ("winter", "spring", "summer", "autumn")
RECIPES_BY_SEASON: Final = (48_540, 54_343, 48_952, 48_231)
BY_SEASON: Final[dict[str, tuple[float, ...]]] = {
    "minutes": (43.1, 41.9, 41.0, 43.9),
    "n_steps": (9.30, 9.18, 8.99, 9.34),
    "n_ingredients": (8.80, 8.77, 8.74, 8.81),
    "calories": (455.46, 446.92, 445.53, 472.11),
    "total_fat_pct": (34.91, 34.43, 34.01, 35.43),
    "sugar_pct": (79.09, 75.54, 79.94, 92.23),
    "sodium_pct": (27.13, 28.04, 27.87, 27.34),
    "protein_pct": (32.8, 32.66, 31.85, 32.65),
    "sat_fat_pct": (44.58, 43.07, 42.61, 45.23),
    "carb_pct": (1.0, 1.0, 1.0, 1.0),
}
RATING_BY_SEASON: Final = (-0.0136, 0.0068, 0.0148, -0.0072)
# The seasons are published for the whole set, the levels for the train split, whose ratings spread less: the part of
# the former that gives them back.
TRAIN_PART: Final = 0.5

# Level of the mean rating from a day on.
LEVELS: Final = (
    (dt.date(1999, 1, 1), 4.45),
    (dt.date(2002, 3, 1), 4.71),
    (dt.date(2006, 8, 1), 4.61),
    (dt.date(2008, 3, 1), 4.66),
    (dt.date(2008, 5, 1), 4.71),
)
# Shares of the latent variance of a rating that lie between users and between recipes.
BETWEEN_USERS, BETWEEN_RECIPES = 0.15, 0.08

# All planted effects, as a reader of the cleaned full-size sample should find them; those by year follow from the means
# in `marginals`, and those of ingredients and tags from the shares in `terms`.
PLANTED: Final[dict[str, float]] = {
    "minutes per year": -0.4641,
    "steps per year": 0.0946,
    "ingredients per year": 0.037,
    "complexity per year": 0.1002,
    "calories per year": -12.66,
    "calories per year until 2010": -17.9,
    "kosher salt, share 2018 less 1999": 0.1672,
    "margarine, share 2018 less 1999": -0.0478,
    "garlic cloves, share 2005 less 2004": 0.07,
    "garlic clove, share 2005 less 2004": -0.038,
    "dietary, share 2018 less 1999": -0.5962,
    "distinct ingredients per year at equal number of items": 0.0,
    "rating level shift at 2006-08": -0.10,
    "rating level shift at 2008-05": 0.10,
    "rating, summer less winter": 0.0284,
    "rating, Sunday less Wednesday": 0.0115,
    "latent rating variance between users": BETWEEN_USERS,
    "latent rating variance between recipes": BETWEEN_RECIPES,
    "rating and any measure of the recipe": 0.0,
    "minutes, weekend less weekday": 0.0,
}
