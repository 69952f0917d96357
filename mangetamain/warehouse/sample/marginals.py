"""What the synthetic sample follows: published marginals of the full Food.com data."""

from __future__ import annotations

import datetime as dt
from typing import Final

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
# Reviews a month at some months (assumed, with the published peak), straight lines of logarithms between.
VOLUME: Final = (
    ("2000-01", 6), ("2001-07", 20), ("2001-09", 700), ("2002-01", 1900), ("2003-01", 3100), ("2004-01", 3500),
    ("2005-01", 5800), ("2006-01", 7600), ("2007-01", 10300), ("2008-01", 15700), ("2008-07", 13400),
    ("2009-07", 12400), ("2010-07", 8000), ("2011-07", 5800), ("2012-07", 4400), ("2013-07", 3300), ("2014-07", 1800),
    ("2015-07", 1000), ("2016-07", 800), ("2017-07", 650), ("2018-11", 330), ("2018-12", 120),
)  # fmt: skip
