"""What can be measured, by which calendar, and the parameter types made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mangetamain import conditions
from mangetamain.language import N_, Message, Number, say
from mangetamain.parameters import Choice, Selection, Span, Switch, Words

ALL = (1999, 2018)
# The site opened in August 1999 and the collection ends in December 2018: neither is a whole year.
PARTIAL_YEARS = (1999, 2018)
# A year of fewer recipes, or a month of fewer ratings, says little of its level: it is marked and leaves the fit. The
# number is the predecessor's, whose monthly table keeps the months of 100 ratings and more, so that both speak of the
# same months; none of the published years is thin by it, the last has 134 recipes.
THIN = 100


@dataclass(frozen=True)
class Measure:
    """One thing that can be measured of each recipe or rating.

    Parameters
    ----------
    sql
        Column or expression of the row.
    label, subject, unit
        Short label for a control, noun phrase that opens a sentence, unit for an axis.
    smallest
        Smallest change that matters, in the unit: per decade for recipes, between two groups for ratings.
    digits
        Decimals worth showing.
    change
        Unit of a change, where it is not the axis's.
    """

    sql: str
    label: str
    subject: str
    unit: str
    smallest: float
    digits: int = 1
    change: str = ""

    @property
    def change_unit(self) -> str:
        """Unit in which a change is said."""
        return self.change or self.unit

    @property
    def axis(self) -> Message:
        """Title of an axis: what is measured, and its unit."""
        return say("{label} ({unit})", label=say(self.label), unit=say(self.unit))

    def level(self, value: float) -> Number:
        """Write a level, as a percentage where it is one."""
        return Number(value / 100, self.digits, percent=True) if self.unit[0] == "%" else Number(value, self.digits)


def _nutrient(sql: str, label: str, subject: str, smallest: float) -> Measure:
    return Measure(sql, label, subject, N_("% of daily value"), smallest, change=N_("points of % daily value"))


def _share(sql: str, label: str, subject: str, smallest: float, digits: int) -> Measure:
    unit, change = N_("% of ratings"), N_("percentage points")
    return Measure(f"100.0 * ({sql})::INT", label, subject, unit, smallest, digits, change)


RECIPE_MEASURES: dict[str, Measure] = {
    "minutes": Measure("minutes", N_("Preparation time"), N_("The preparation time"), N_("minutes"), 2.0),
    "complexity": Measure("complexity", N_("Complexity"), N_("The complexity score"), N_("points"), 0.5, 2),
    "steps": Measure("n_steps", N_("Number of steps"), N_("The number of steps"), N_("steps"), 0.5, 2),
    "ingredients": Measure(
        "n_ingredients", N_("Number of ingredients"), N_("The number of ingredients"), N_("ingredients"), 0.3, 2
    ),
    "calories": Measure("calories", N_("Calories"), N_("The calorie count"), N_("kcal"), 20.0),
    "fat": _nutrient("total_fat_pct", N_("Fat"), N_("The fat content"), 2.0),
    "saturated_fat": _nutrient("sat_fat_pct", N_("Saturated fat"), N_("The saturated fat content"), 2.0),
    "sugar": _nutrient("sugar_pct", N_("Sugar"), N_("The sugar content"), 3.0),
    "sodium": _nutrient("sodium_pct", N_("Sodium"), N_("The sodium content"), 2.0),
    "protein": _nutrient("protein_pct", N_("Protein"), N_("The protein content"), 2.0),
    "carbohydrates": _nutrient("carb_pct", N_("Carbohydrates"), N_("The carbohydrate content"), 1.0),
}

RATING_MEASURES: dict[str, Measure] = {
    "mean": Measure("rating", N_("Mean rating"), N_("The mean rating"), N_("stars, 1 to 5"), 0.05, 3, N_("stars")),
    "five": _share("rating = 5", N_("Share of 5 stars"), N_("The share of five-star ratings"), 2.0, 1),
    "low": _share(
        "rating <= 2", N_("Share of 2 stars or less"), N_("The share of ratings of two stars or less"), 1.0, 2
    ),
}


@dataclass(frozen=True)
class Calendar:
    """One way to cut time, by the column of its name: the column's values in order, and a label for each."""

    label: str
    values: tuple[int | str, ...]
    names: tuple[str, ...]


CALENDARS: dict[str, Calendar] = {
    "season": Calendar(
        N_("Season"),
        ("winter", "spring", "summer", "autumn"),
        # Translators: names of seasons inside a sentence, in French without capitals
        (N_("Winter"), N_("Spring"), N_("Summer"), N_("Autumn")),
    ),
    "weekday": Calendar(
        N_("Day of the week"),
        (1, 2, 3, 4, 5, 6, 7),
        (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")),
    ),
    "month": Calendar(
        N_("Month of the year"),
        tuple(range(1, 13)),
        (
            N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
            N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
        ),
    ),
}  # fmt: skip


def _labels(rows: dict[str, Measure] | dict[str, Calendar]) -> dict[str, str]:
    return {name: row.label for name, row in rows.items()}


Years = Annotated[tuple[int, int], Span(N_("Years"), *ALL)]
Of = Annotated[str, Choice(N_("Measure"), _labels(RECIPE_MEASURES))]
RatingOf = Annotated[str, Choice(N_("Measure"), _labels(RATING_MEASURES))]
By = Annotated[str, Choice(N_("By"), _labels(CALENDARS))]
Centre = Annotated[
    str, Choice(N_("Centre"), {"trimmed": N_("Trimmed mean (10%)"), "median": N_("Median"), "mean": N_("Mean")})
]
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
RatingSource = Annotated[
    str, Choice(N_("Ratings"), {"full": N_("All ratings"), "train": N_("Training split (as published)")})
]
Method = Annotated[str, Choice(N_("Method"), {"robust": N_("Ours"), "published": N_("As the predecessor published")})]
LANGUAGE = Choice(N_("Language"), {"en": "English", "fr": "Français"})
