"""What can be measured, by which calendar, and the parameter types made of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from mangetamain import conditions
from mangetamain.calendars import CALENDARS, PERIODS, Calendar, Period
from mangetamain.language import N_, Message, Number, exact, say
from mangetamain.listing import lists
from mangetamain.parameters import Choice, Selection, Span, Switch, Words

ALL = (1999, 2018)
# The site opened in August 1999 and the collection ends in December 2018: neither is a whole year.
PARTIAL_YEARS = (1999, 2018)
# A year of fewer recipes, or a month of fewer ratings, says little of its level: it is marked and leaves the fit. The
# number is the predecessor's, whose monthly table keeps the months of 100 ratings and more, so that both speak of the
# same months; none of the published years is thin by it, the last has 134 recipes.
THIN = 100
DAILY_VALUE = N_("% of daily value")


@dataclass(frozen=True)
class Effect:
    """The smallest effect that matters, in the unit of its measure, and the reason why less does not."""

    size: float
    reason: str


@dataclass(frozen=True)
class Measure:
    """One thing that can be measured of each recipe or review.

    Parameters
    ----------
    view
        What it is measured on, `recipes` or `reviews`: the view whose rows have it.
    sql
        Column or expression of the row; null where the row has none.
    label, subject, unit
        Short label for a control, noun phrase that opens a sentence, unit for an axis.
    trend, gap
        Smallest effect that matters: of a change per decade, and of a difference between two groups.
    centre
        The centre that stands for its level unless another is chosen: `trimmed` where a few entries are absurd.
    digits
        Decimals worth showing of a mean or a change.
    value_digits
        Decimals of a single value: a count has none.
    change
        Unit of a change, where it is not the axis's.
    """

    view: Literal["recipes", "reviews"]
    sql: str
    label: str
    subject: str
    unit: str
    trend: Effect
    gap: Effect
    centre: Literal["trimmed", "mean"] = "trimmed"
    digits: int = 1
    change: str = ""
    value_digits: int = 0

    @property
    def share(self) -> bool:
        """Whether it is a share: each row has it or has not."""
        return self.sql.startswith("100.0")

    @property
    def starred(self) -> bool:
        """Whether it is a measure of the stars that a review gives, or does not."""
        return "rating" in self.sql

    def middle(self, centre: str) -> str:
        """Name the centre that stands for its level where one is chosen; of a share the mean alone is one."""
        return self.centre if centre == "usual" or self.share else centre

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value that it can have."""
        return {"rating": (1, 5)}.get(self.sql, (0, 100 if self.share else math.inf))

    @property
    def change_unit(self) -> str:
        """Unit in which a change is said."""
        return self.change or self.unit

    @property
    def axis(self) -> Message:
        """Title of an axis: what is measured, and its unit where that is not said yet."""
        if self.unit in self.label.lower():
            return say(self.label)
        return say("{label} ({unit})", label=say(self.label), unit=say(self.unit))

    def amount(self, value: float) -> Message:
        """Write a value with its unit."""
        if self.unit[0] == "%":
            return Message("{value}", {"value": self.level(value)})
        number = exact(round(value, self.digits))
        return Message("{value} {unit}", {"value": number, "unit": say(self.change_unit)})

    def quantile(self, value: float) -> Number:
        """Write a quantile with the decimals that values have."""
        return Number(value, self.value_digits)

    def level(self, value: float) -> Number:
        """Write a level, as a percentage where it is one."""
        return Number(value / 100, self.digits, percent=True) if self.unit[0] == "%" else Number(value, self.digits)


def _recipe(
    sql: str, label: str, subject: str, unit: str, smallest: Effect, digits: int = 1, value_digits: int = 0
) -> Measure:
    return Measure(
        "recipes", sql, label, subject, unit, smallest, smallest, "trimmed", digits, value_digits=value_digits
    )


def _nutrient(sql: str, label: str, subject: str, size: float, reason: str) -> Measure:
    smallest = Effect(size, reason)
    change = N_("points of % daily value")
    return Measure("recipes", sql, label, subject, DAILY_VALUE, smallest, smallest, change=change)


def _share(sql: str, label: str, subject: str, unit: str, size: float, reason: str, digits: int) -> Measure:
    smallest = Effect(size, reason)
    sql, change = f"100.0 * ({sql})::INT", N_("percentage points")
    return Measure("reviews", sql, label, subject, unit, smallest, smallest, "mean", digits, change)


DAY_PART = N_("two hundredths of what a day should bring: less is lost in the rounding of a nutrition label")
REVIEW_PART = Effect(0.3, N_("three recipes in ten get one review more or less"))
FEW_WORDS = Effect(5.0, N_("a short clause more or less"))
STAR_PART = Effect(0.05, N_("one rating in twenty moves by a star"))
MEASURES: dict[str, Measure] = {
    "minutes": _recipe(
        "minutes", N_("Preparation time"), N_("The preparation time"), N_("minutes"),
        Effect(2.0, N_("authors round to five minutes: less than two in five recipes would be written otherwise")),
    ),
    "complexity": _recipe(
        "complexity", N_("Complexity"), N_("The complexity score"), N_("points"),
        Effect(0.5, N_("half a step more or less in every recipe")), 2, 2,
    ),
    "steps": _recipe(
        "n_steps", N_("Number of steps"), N_("The number of steps"), N_("steps"),
        Effect(0.5, N_("every second recipe gains or loses one step")), 2,
    ),
    "ingredients": _recipe(
        "n_ingredients", N_("Number of ingredients"), N_("The number of ingredients"), N_("ingredients"),
        Effect(0.3, N_("three recipes in ten gain or lose one ingredient")), 2,
    ),
    "calories": _recipe(
        "calories", N_("Calories"), N_("The calorie count"), N_("kcal"),
        Effect(20.0, N_("a hundredth of a day’s 2,000 kcal")), value_digits=1,
    ),
    "fat": _nutrient("total_fat_pct", N_("Fat"), N_("The fat content"), 2.0, DAY_PART),
    "saturated_fat": _nutrient("sat_fat_pct", N_("Saturated fat"), N_("The saturated fat content"), 2.0, DAY_PART),
    "sugar": _nutrient(
        "sugar_pct", N_("Sugar"), N_("The sugar content"), 3.0,
        N_("a gram and a half, a third of a sugar cube; sugar differs more between dishes than the rest"),
    ),
    "sodium": _nutrient("sodium_pct", N_("Sodium"), N_("The sodium content"), 2.0, DAY_PART),
    "protein": _nutrient("protein_pct", N_("Protein"), N_("The protein content"), 2.0, DAY_PART),
    "carbohydrates": _nutrient(
        "carb_pct", N_("Carbohydrates"), N_("The carbohydrate content"), 1.0,
        N_("a hundredth of what a day should bring, which is two to three grams: half a bite of bread"),
    ),
    "description_words": _recipe(
        "description_words", N_("Length of the description"), N_("The length of the description"), N_("words"),
        FEW_WORDS,
    ),
    "step_words": _recipe(
        "step_words", N_("Length of a step"), N_("The length of a step"), N_("words"),
        Effect(1.0, N_("one word more or less in every step")), value_digits=1,
    ),
    "reviews": Measure(
        "recipes", "first_year_reviews", N_("Reviews in the first year"),
        N_("The number of reviews in a recipe’s first year"), N_("reviews"), REVIEW_PART, REVIEW_PART, "mean", 2,
    ),
    "rating": Measure(
        "reviews", "rating", N_("Rating"), N_("The rating"), N_("stars, 1 to 5"), STAR_PART, STAR_PART,
        "mean", 3, N_("stars"),
    ),
    "five": _share(
        "rating = 5", N_("Share of 5 stars"), N_("The share of five-star ratings"), N_("% of ratings"), 2.0,
        N_("two ratings in a hundred gain or lose their fifth star"), 1,
    ),
    "low": _share(
        "rating <= 2", N_("Share of 2 stars or less"), N_("The share of ratings of two stars or less"),
        N_("% of ratings"), 1.0, N_("one rating in a hundred becomes bad or ceases to be"), 2,
    ),
    "unrated": _share(
        "rating IS NULL", N_("Share of reviews without stars"), N_("The share of reviews without stars"),
        N_("% of reviews"), 1.0, N_("one review in a hundred gives stars or ceases to"), 2,
    ),
    "review_words": Measure(
        "reviews", "words", N_("Length of a review"), N_("The length of a review"), N_("words"), FEW_WORDS, FEW_WORDS,
    ),
}  # fmt: skip

# What is measured of a recipe alone: what a selection compares, and by what others are looked at.
RECIPE_MEASURES = {name: measure for name, measure in MEASURES.items() if measure.view == "recipes"}


def _row(measure: Measure) -> dict[str, str]:
    """Tell of a measure what a list of them shows: of its smallest effects the size, and why less does not matter."""
    reasons = dict.fromkeys((measure.trend.reason, measure.gap.reason))
    return {
        "label": measure.label, "unit": measure.unit, "of": measure.view,
        "trend per decade": f"{measure.trend.size:g}", "gap": f"{measure.gap.size:g}", "in": measure.change_unit,
        "why not less": "; ".join(reasons),
    }  # fmt: skip


lists(__name__, MEASURES, _row)


def _labels(rows: Mapping[str, Measure | Calendar | Period]) -> dict[str, str]:
    return {name: row.label for name, row in rows.items()}


Years = Annotated[tuple[int, int], Span(N_("Years"), *ALL)]
Of = Annotated[str, Choice(N_("Measure"), _labels(MEASURES))]
To = Annotated[
    str,
    Choice(
        N_("Against"),
        # Translators: how many recipes, or ratings, there are in a month
        {name: row.label for name, row in RECIPE_MEASURES.items()} | {"volume": N_("Number in the month")},
        {
            name: N_("; a measure of reviews is set against one of recipes, as in of=rating to=minutes.")
            for name in MEASURES.keys() - RECIPE_MEASURES.keys()
        },
    ),
]
By = Annotated[str, Choice(N_("By"), _labels(CALENDARS))]
# What is looked at together.
_EFFORT = ("minutes", "steps", "ingredients", "complexity")
_NUTRITION = ("calories", "fat", "saturated_fat", "sugar", "sodium", "protein", "carbohydrates")
PROFILES: dict[str, tuple[str, ...]] = {
    "all": (*_EFFORT, *_NUTRITION),
    "effort": _EFFORT,
    "nutrition": _NUTRITION,
    "liking": ("rating", "five", "low", "unrated"),
}
PROFILED = {
    "all": N_("Effort and nutrition"),
    "effort": N_("Effort"),
    "nutrition": N_("Nutrition"),
    # Translators: measures of how well recipes are liked
    "liking": N_("Liking"),
}
Profiled = Annotated[str, Choice(N_("Measures"), PROFILED)]
ByOrYear = Annotated[str, Choice(N_("By"), {"year": N_("Over the years"), **_labels(CALENDARS)})]
# What is asked of many terms at once: how high each is, or in which way it moves.
Across = Annotated[
    str,
    Choice(
        N_("Compared"),
        {
            "none": N_("With all others"),
            "year": N_("Over the years"),
            "season": N_("Between seasons"),
            "weekend": N_("Weekend and the rest"),
        },
    ),
]
Through = Annotated[str, Choice(N_("Points"), _labels(PERIODS))]
_CENTRES = {
    "usual": N_("Usual for the measure"),
    "trimmed": N_("Trimmed mean (10%)"),
    "median": N_("Median"),
    "mean": N_("Mean"),
}
Centre = Annotated[str, Choice(N_("Centre"), _CENTRES)]
Band = Annotated[
    str,
    Choice(
        N_("Middle of recipes shown"),
        {"25-75": N_("25–75%"), "10-90": N_("10–90%"), "5-95": N_("5–95%"), "33-66": N_("33–66%")},
    ),
]
TermKind = Annotated[conditions.TermKind, Choice(N_("Terms"), {"ingredient": N_("Ingredients"), "tag": N_("Tags")})]
Terms = Annotated[tuple[str, ...], Words(N_("Chosen terms"), 6)]
Among = Annotated[conditions.Conditions, Selection(N_("Among"))]
# No second selection is None; the second selection of every recipe is ().
Against = Annotated[conditions.Conditions | None, Selection(N_("Compared with"), optional=True)]
FitAll = Annotated[bool, Switch(N_("Fit partial and thin years too"))]
Source = Annotated[
    str, Choice(N_("Ratings"), {"full": N_("All ratings"), "train": N_("Training split (as published)")})
]
View = Annotated[str, Choice(N_("View"), {"strips": N_("A strip for each term"), "heatmap": N_("Heatmap")})]
Method = Annotated[str, Choice(N_("Method"), {"robust": N_("Ours"), "published": N_("As the predecessor published")})]
LANGUAGE = Choice(N_("Language"), {"en": "English", "fr": "Français"})
