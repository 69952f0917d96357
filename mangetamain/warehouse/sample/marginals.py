"""What the synthetic sample follows: published marginals of the full Food.com data, and the planted effects."""

from __future__ import annotations

import datetime as dt
from typing import Final

SIZES: Final = {
    "RAW_recipes": 231_637,
    "RAW_interactions": 1_132_367,
    "PP_recipes": 178_265,
    "PP_users": 25_076,
    "interactions_train": 698_901,
    "interactions_validation": 7_023,
    "interactions_test": 12_455,
}
USERS: Final = 226_570

# What cleaning removes from the full set: minutes outside 1-180, then steps outside 2-24 or ingredients outside 3-17.
REMOVED_BY_MINUTES: Final = 18_482
# Those with (one step, more than 24 steps, one or two ingredients, more than 17), 13,088 in all. The split between the
# four is ours; each is below 2.5 % of 213,155, so that the quantiles fall on 2, 24, 3 and 17.
REMOVED_BY_SIZE: Final = (1_500, 4_900, 1_788, 4_900)

FIRST_RECIPE, LAST_RECIPE = dt.date(1999, 8, 6), dt.date(2018, 12, 4)
FIRST_REVIEW, LAST_REVIEW = dt.date(2000, 1, 25), dt.date(2018, 12, 20)

YEARS: Final = tuple(range(1999, 2019))
# By year, 1999 to 2018, of the cleaned recipes: their number, and the mean of each measure.
RECIPES: Final = (
    1121, 689, 3974, 17523, 15625, 14381, 20909, 23667, 29790, 26763,
    19597, 10308, 6549, 4361, 3181, 853, 241, 172, 228, 134,
)  # fmt: skip
MEANS: Final[dict[str, tuple[float, ...]]] = {
    "minutes": (49.71, 47.0, 45.04, 43.94, 44.83, 44.25, 43.61, 42.82, 41.55, 40.81,
                41.02, 40.7, 40.22, 41.34, 40.91, 42.45, 41.49, 38.11, 46.68, 49.49),
    "n_steps": (9.49, 9.56, 8.64, 8.52, 8.92, 8.94, 9.34, 9.39, 9.17, 9.22,
                9.47, 9.42, 9.4, 9.84, 10.07, 10.19, 10.79, 10.69, 11.34, 13.3),
    "n_ingredients": (8.68, 9.17, 8.47, 8.63, 8.77, 8.75, 8.78, 8.74, 8.69, 8.74,
                      8.93, 8.96, 8.97, 9.18, 9.21, 9.11, 9.48, 9.22, 9.4, 10.62),
    "calories": (596.5, 461, 465, 515, 549.5, 533, 471, 455.5, 417.3, 403.2,
                 416, 406.7, 437.8, 411.7, 435.7, 455.5, 423.5, 527.5, 548, 809),
    "carb_pct": (22.1, 14.05, 16.53, 17.55, 18.77, 17.87, 15.8, 15.7, 13.03, 12.93,
                 13.5, 13.33, 14.43, 13.07, 13.37, 14.07, 12.45, 18.65, 15.55, 32.4),
    "total_fat_pct": (43.65, 37.64, 34.24, 39.31, 42.62, 41.58, 36.14, 33.42, 32.2, 30.43,
                      31.43, 30.66, 33.2, 31.88, 34.96, 37.14, 34.1, 37.3, 45.2, 55.5),
    "protein_pct": (37.2, 32.22, 30.52, 34.58, 35.25, 35.45, 32.7, 32.42, 31.9, 30.64,
                    31.55, 30.23, 32.39, 30.77, 31.8, 31.68, 33.3, 37.65, 44.4, 43.3),
}  # fmt: skip

# Of the cleaned recipes: winter, spring, summer, autumn; Monday to Sunday.
SEASONS: Final = ("winter", "spring", "summer", "autumn")
RECIPES_BY_SEASON: Final = (48_540, 54_343, 48_952, 48_231)
RECIPES_BY_WEEKDAY: Final = (41_481, 36_881, 32_383, 31_008, 25_609, 14_443, 18_261)
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

# Share in thousandths of each number of minutes that has at least 1.5; the other numbers up to 180 share what is left.
MINUTES: Final = {
    1: 2.5, 2: 8.8, 3: 5.3, 4: 2.8, 5: 44.1, 6: 3.6, 7: 4.4, 8: 4.4, 10: 52.7, 11: 2.7, 12: 4.8, 13: 4.3, 14: 1.6,
    15: 57.0, 16: 2.9, 17: 5.3, 18: 4.9, 20: 69.2, 21: 2.3, 22: 6.6, 23: 4.1, 25: 61.7, 26: 1.9, 27: 5.2, 28: 3.7,
    30: 85.8, 32: 3.8, 33: 2.5, 35: 57.8, 37: 2.0, 38: 2.0, 40: 64.3, 42: 2.1, 45: 53.8, 50: 46.3, 55: 33.5, 60: 48.1,
    65: 25.6, 70: 28.7, 75: 29.2, 80: 20.5, 85: 8.4, 90: 18.4, 95: 5.6, 100: 6.7, 105: 7.6, 110: 4.9, 115: 1.8,
    120: 7.5, 125: 3.1, 130: 5.7, 135: 6.6, 140: 5.4, 145: 1.7, 150: 5.9, 165: 2.0, 180: 3.3,
}  # fmt: skip
# Steps are cut from a gamma shape, ingredients from a normal one of their number ** 0.7, of these spreads (assumed;
# published are means and medians, and the standard deviation 5.93 of the complexity).
STEPS_SPREAD, INGREDIENTS_SPREAD, INGREDIENTS_POWER = 5.0, 1.3, 0.7

# Latent correlations which, once cut into whole numbers, give the published .346, .292 and .406.
LATENT: Final = {"minutes~n_steps": 0.371, "minutes~n_ingredients": 0.316, "n_steps~n_ingredients": 0.415}

# Nutrition: values at the normal scores -4.5, -4, ..., 4.5 (the last ones are the published extremes, or ours in their
# manner), and the share of the calories' score in that of the nutrient.
QUANTILES: Final[dict[str, tuple[float, ...]]] = {
    "calories": (0, 0, 0, 2, 12, 35, 71, 125, 202, 308, 449, 650, 1008, 2123, 4168, 6833, 10000, 16000, 434360),
    "total_fat_pct": (0, 0, 0, 0, 0, 0, 0.4, 4, 11, 20, 34, 54, 91, 181, 358, 613, 897, 3600, 17183),
    "sugar_pct": (0, 0, 0, 0, 0, 0, 1, 5, 12, 24, 51, 108, 211, 601, 1440, 2591, 5300, 22000, 362729),
    "sodium_pct": (0, 0, 0, 0, 0, 0, 0.3, 2, 6, 14, 26, 44, 73, 131, 260, 772, 2630, 7088, 29338),
    "protein_pct": (0, 0, 0, 0, 0, 0, 1, 4, 8, 17, 39, 64, 92, 133, 205, 354, 686, 1740, 6552),
    "sat_fat_pct": (0, 0, 0, 0, 0, 0, 0.4, 3, 10, 22, 42, 73, 121, 230, 509, 924, 1415, 3300, 10395),
    "carb_pct": (0, 0, 0, 0, 0, 0.3, 1, 2, 5, 9, 14, 21, 34, 86, 185, 303, 560, 1900, 36098),
}
WITH_CALORIES: Final = {
    "calories": 1.0, "total_fat_pct": 0.83, "sugar_pct": 0.34, "sodium_pct": 0.58, "protein_pct": 0.72,
    "sat_fat_pct": 0.76, "carb_pct": 0.66,
}  # fmt: skip

# Rows rated 0 (no rating given) to 5 in the whole set and in the train split. Published: the whole set, and of the
# train split its zeros, its fives and its mean 4.6878; its ones to fours are those that fit.
RATINGS: Final = (60_847, 12_818, 14_123, 40_855, 187_360, 816_364)
TRAIN_RATINGS: Final = (16_957, 5_237, 5_042, 23_732, 129_365, 518_568)
# Level of the mean rating from a day on.
LEVELS: Final = (
    (dt.date(1999, 1, 1), 4.45),
    (dt.date(2002, 3, 1), 4.71),
    (dt.date(2006, 8, 1), 4.61),
    (dt.date(2008, 3, 1), 4.66),
    (dt.date(2008, 5, 1), 4.71),
)
RATING_BY_SEASON: Final = (-0.0136, 0.0068, 0.0148, -0.0072)
# The seasons are published for the whole set, the levels for the train split, whose ratings spread less: the part of
# the former that gives them back.
TRAIN_PART: Final = 0.5
RATING_BY_WEEKDAY: Final = (-0.0007, -0.0036, -0.0045, 0.0016, -0.0036, 0.0031, 0.0070)
# Shares of the latent variance of a rating that lie between users and between recipes.
BETWEEN_USERS, BETWEEN_RECIPES = 0.15, 0.08

# Reviews a month at some months (assumed, with the published peak), straight lines of logarithms between.
VOLUME: Final = (
    ("2000-01", 6), ("2001-07", 20), ("2001-09", 700), ("2002-01", 1900), ("2003-01", 3100), ("2004-01", 3500),
    ("2005-01", 5800), ("2006-01", 7600), ("2007-01", 10300), ("2008-01", 15700), ("2008-07", 13400),
    ("2009-07", 12400), ("2010-07", 8000), ("2011-07", 5800), ("2012-07", 4400), ("2013-07", 3300), ("2014-07", 1800),
    ("2015-07", 1000), ("2016-07", 800), ("2017-07", 650), ("2018-11", 330), ("2018-12", 120),
)  # fmt: skip
REVIEWS_BY_MONTH: Final = (
    104_168, 87_156, 92_471, 89_050, 85_088, 92_534, 86_358, 83_932, 84_339, 90_119, 86_549, 89_756,
)  # fmt: skip
REVIEWS_BY_WEEKDAY: Final = (111_473, 101_319, 95_173, 91_512, 83_924, 88_494, 110_049)

# The planted effects, as a reader of the cleaned full-size sample should find them.
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
