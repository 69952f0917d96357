"""What a table's columns are called when a reader sees them."""

from __future__ import annotations

from mangetamain.calendars import CALENDARS
from mangetamain.holidays import HOLIDAYS
from mangetamain.language import N_, Message, say
from mangetamain.measures import MEASURES

COLUMNS: dict[str, str] = {
    "all_occurrences": N_("Occurrences in all"),
    "all_recipes": N_("Recipes in all"),
    # Translators: what one selection's level is above another's; its interval, and the gap between two groups of it
    "apart": N_("Above the other selection"),
    "apart_curve": N_("Curve of the difference"),
    "apart_gap": N_("Gap of the difference"),
    "apart_gap_high": N_("High end of the gap of the difference"),
    "apart_gap_low": N_("Low end of the gap of the difference"),
    "apart_high": N_("Above the other selection, high"),
    "apart_low": N_("Above the other selection, low"),
    "apart_p": N_("p-value of the difference"),
    "apart_peak": N_("Day of the difference’s peak"),
    "apart_peak_high": N_("Day of the difference’s peak, high"),
    "apart_peak_low": N_("Day of the difference’s peak, low"),
    "apart_q": N_("q of the difference"),
    "apart_swing": N_("Swing of the difference"),
    "apart_swing_high": N_("Swing of the difference, high"),
    "apart_swing_low": N_("Swing of the difference, low"),
    "apart_trough": N_("Day of the difference’s trough"),
    "apart_trough_high": N_("Day of the difference’s trough, high"),
    "apart_trough_low": N_("Day of the difference’s trough, low"),
    "apart_under_low": N_("Low end of the difference below its highest"),
    "apart_years": N_("Years fitted to the difference"),
    "at_equal_terms": N_("Expected at equally many terms"),
    "centre": N_("Centre"),
    "change": N_("Change"),
    "chi2": N_("Chi-squared"),
    "change_high": N_("Change, high"),
    "change_low": N_("Change, low"),
    "common": N_("Spellings found 50 times or more"),
    "curve": N_("Curve"),
    "day": N_("Day of the year"),
    "days": N_("Days"),
    "effect": N_("Effect"),
    "expected": N_("Expected terms"),
    # Translators: terms that are tested together
    "family": N_("Terms compared"),
    "first": N_("First year"),
    "first_share": N_("Share in the first year"),
    "first_third": N_("Share in the first third"),
    "five": N_("5 stars"),
    "five_se": N_("Standard error of the share of 5 stars"),
    "four": N_("4 stars"),
    "gap": N_("Gap"),
    "gap_high": N_("High end of the gap"),
    "gap_low": N_("Low end of the gap"),
    "gap_se": N_("Standard error of the gap"),
    # Translators: the upper end of an interval; the lower one is below
    "high": N_("High"),
    # Translators: the group of a calendar in which a measure is highest
    "highest": N_("Highest group"),
    "holiday": N_("Holiday"),
    "lowest": N_("Lowest group"),
    "lower_quartile": N_("Lower quartile"),
    "ninetieth": N_("Highest tenth begins at"),
    "peak": N_("Day of the peak"),
    "peak_high": N_("Day of the peak, high"),
    "peak_low": N_("Day of the peak, low"),
    "swing": N_("Swing"),
    "swing_high": N_("Swing, high"),
    "swing_low": N_("Swing, low"),
    "tenth": N_("Lowest tenth ends at"),
    "trough": N_("Day of the trough"),
    "trough_high": N_("Day of the trough, high"),
    "trough_low": N_("Day of the trough, low"),
    "upper_quartile": N_("Upper quartile"),
    "upto": N_("Up to"),
    "value": N_("Value"),
    "jump": N_("Year of a jump"),
    "jump_size": N_("Size of the jump"),
    "kept": N_("Kept"),
    "last": N_("Last year"),
    "last_share": N_("Share in the last year"),
    "last_third": N_("Share in the last third"),
    "level": N_("Level"),
    "low": N_("Low"),
    "low_se": N_("Standard error of the share of 2 stars or less"),
    "maximum": N_("Largest value"),
    "mean": N_("Mean"),
    # Translators: the place in an order, 1 being the highest; the ends of its interval
    "rank": N_("Rank"),
    "rank_high": N_("Rank, high"),
    "spread_high": N_("Deviation between terms, at most"),
    "rank_low": N_("Rank, low"),
    "rating_se": N_("Standard error of the mean"),
    "measure": N_("Measure"),
    "median": N_("Median"),
    "minimum": N_("Least value"),
    "month": N_("Month"),
    "month_of_year": N_("Month of the year"),
    "month_sd": N_("Standard deviation of its months"),
    # Translators: an effect divided by the smallest that matters; the ends of its interval
    "multiple": N_("Multiple of the smallest"),
    "multiple_high": N_("Multiple, high"),
    "multiple_low": N_("Multiple, low"),
    "n": N_("Count"),
    "occurrences": N_("Occurrences"),
    "one": N_("1 star"),
    "p": N_("p-value"),
    "partial": N_("Partial year"),
    "pearson": N_("Pearson’s correlation"),
    "per_recipe": N_("Terms per recipe"),
    "per_recipe_se": N_("Standard error of the terms per recipe"),
    "q": N_("q"),
    "ranks": N_("Sum of ranks"),
    "rating": N_("Stars"),
    "recipes": N_("Recipes"),
    "sample": N_("Recipes compared"),
    "sd": N_("Standard deviation"),
    "se": N_("Standard error"),
    "season": N_("Season"),
    "selection": N_("Selection"),
    "share": N_("Share"),
    "shared": N_("Correlation with the other selection"),
    "shown": N_("In the figure"),
    "smallest": N_("Smallest effect that matters"),
    "spellings": N_("Different spellings"),
    "term": N_("Term"),
    "terms": N_("Different terms"),
    # Translators: a month or year with too few recipes to be trusted, as a column's heading
    "thin": N_("Thin"),
    "three": N_("3 stars"),
    # Translators: how much values repeat, each counted with its times
    "ties": N_("Ties"),
    # Translators: a share divided by the usual one, or that of the other days; the ends of its interval
    "times": N_("Times as frequent"),
    "times_high": N_("Times as frequent, high"),
    "times_low": N_("Times as frequent, low"),
    "trimmed": N_("Trimmed mean"),
    "two": N_("2 stars"),
    "under_low": N_("Low end below the highest"),
    "users": N_("Users"),
    "usual": N_("Usual share"),
    "verdict": N_("Verdict"),
    "vocabulary": N_("Vocabulary"),
    "weekday": N_("Day of the week"),
    "weekend": N_("Weekend"),
    "why": N_("Not judged"),
    # Translators: how likely a change has the other sign, as a column's heading
    "wrong": N_("Chance of the other sign"),
    "year": N_("Year"),
    "years": N_("Years fitted"),
}
# Why a measure has no verdict.
REASONS = {"few": N_("too few values"), "alike": N_("values too much alike")}
# The names that a calendar gives its groups, and those of holidays and measures, as a table holds them. A month of the
# year is a number, and no text.
GROUPS = (
    {
        str(value): name
        for calendar in (CALENDARS["season"], CALENDARS["weekday"], CALENDARS["weekend"])
        for value, name in zip(calendar.values, calendar.names, strict=True)
    }
    | {name: holiday.label for name, holiday in HOLIDAYS.items()}
    | {name: measure.label for name, measure in MEASURES.items()}
    | REASONS
)


def heading(column: str) -> Message | None:
    """Return what a column is called; None where it has no name of its own."""
    return say(COLUMNS[column]) if column in COLUMNS else None


def group_name(value: str) -> Message:
    """Return the name of a season, a day, a measure or a reason; anything else stands for itself."""
    return say(GROUPS[value]) if value in GROUPS else Message("{value}", {"value": value})
