"""The predecessor's analyses: what each claimed, its published number, and what of ours answers the same question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mangetamain.language import N_


@dataclass(frozen=True)
class Peak:
    """A claim on a number through the years: it is greatest in one of them, and falls after it."""

    year: int


@dataclass(frozen=True)
class Order:
    """A claim on the groups of a calendar: which are the highest, and which the lowest."""

    highest: tuple[str, ...]
    lowest: tuple[str, ...] = ()


Claimed = str | Peak | Order | Mapping[str, str]


@dataclass(frozen=True)
class Analysis:
    """One published analysis.

    Parameters
    ----------
    id
        As the predecessor's pages are numbered; N for those of its notebooks alone.
    claim
        What it claimed.
    where, published
        The entry of its number, and the keys down to it; the number.
    unit, digits
        What the number is of, and the decimals that were published.
    question, given
        The question of ours that answers the same, and its parameters.
    claimed
        What the claim says of that answer: it goes "up" or "down", there is "none" or a "trace" of an effect, a peak,
        an order of groups; or of several terms, which way each goes, or the group it belongs to. "method" where the
        claim is on a test, which no finding can bear out: its number is an artefact.
    artefact
        What the number is an artefact of, where it is one.
    """

    id: str
    claim: str
    where: tuple[str | int, ...]
    published: float
    unit: str
    digits: int
    question: str
    claimed: Claimed
    given: Mapping[str, str] = field(default_factory=dict)
    artefact: str | None = None


RISES = dict.fromkeys(("kosher salt", "garlic cloves", "olive oil", "unsalted butter"), "up")
FALLS = dict.fromkeys(("sugar", "butter", "eggs", "vanilla"), "down")
TAGS = dict.fromkeys(("60-minutes-or-less", "for-1-or-2", "main-dish"), "up")
TAGS |= dict.fromkeys(("dietary", "equipment", "oven", "occasion"), "down")
SUMMERY = dict.fromkeys(("zucchini", "tomatoes", "fresh basil"), "summer")
AUTUMNAL = dict.fromkeys(("ground nutmeg", "cinnamon", "pecans"), "autumn")
SEASONAL_TAGS = dict.fromkeys(("summer", "barbecue"), "summer") | dict.fromkeys(("thanksgiving", "christmas"), "autumn")
WEEKEND = dict.fromkeys(("ground cinnamon", "canola oil"), "weekend")
WEEKDAYS = dict.fromkeys(("mozzarella cheese", "boneless skinless chicken breasts", "honey"), "weekdays")
WEEKEND_TAGS = dict.fromkeys(("vegetarian", "christmas", "from-scratch", "breakfast", "eggs"), "weekend")
WEEKDAY_TAGS = dict.fromkeys(("one-dish-meal", "beginner-cook", "mexican"), "weekdays")
AUTUMN, WEEK = Order(("autumn",)), Order(("weekdays",))
SEASON, WEEKENDS, WEEKDAY = {"by": "season"}, {"by": "weekend"}, {"by": "weekday"}
ENDS = N_("two thin years, the first and the last, of 1,121 and 134 recipes")
FEWER = N_("fewer recipes name fewer different things")
UNCORRECTED = N_("hundreds or thousands of tests without a correction")
YEARLY_RATING = {"of": "rating", "by": "month"}

ANALYSES = (
    Analysis("T1", N_("Recipes rise to a peak in 2007 and fall sharply after it"), ("trend.volume.peak", "n"), 29_790,
             N_("recipes in the peak year"), 0, "volume", Peak(2007)),
    Analysis("T1", N_("The numbers of the years are not normally distributed"), ("trend.volume.shapiro", "W"), 0.861946,
             N_("Shapiro and Wilk’s W"), 4, "volume", "method",
             artefact=N_("a test of twenty yearly totals, which are no draws of one kind; its twin said the opposite")),
    Analysis("T2", N_("Recipes get quicker"), ("trend.duration.wls_mean", "slope"), -0.4641, N_("minutes a year"), 4,
             "level", "down", {"of": "minutes"}),
    Analysis("T3", N_("Recipes get more complex"), ("trend.complexity.wls", "slope"), 0.100208, N_("points a year"), 4,
             "level", "up", {"of": "complexity"}),
    Analysis("T4", N_("Recipes get lighter"), ("trend.nutrition.wls", "calories", "slope"), -12.659994,
             N_("kcal a year"), 2, "level", "down", {"of": "calories"}),
    Analysis("T5", N_("Kosher salt, garlic cloves, olive oil and unsalted butter rise; sugar, butter, eggs and "
                      "vanilla fall"), ("trend.ing.top_increase", "kosher salt"), 0.1672,
             N_("kosher salt per recipe, last year less first"), 4, "term_changes", RISES | FALLS, artefact=ENDS),
    Analysis("T5", N_("The variety of ingredients collapses"), ("trend.ing.diversity_ends", "delta"), -1324,
             N_("different ingredients, last year less first"), 0, "diversity", "down", artefact=FEWER),
    Analysis("T6", N_("Themes come and go: dietary, equipment, oven and occasion fall, quick and small dishes rise"),
             ("trend.tag.top_decrease", "dietary"), -0.5962, N_("the tag dietary per recipe, last year less first"), 4,
             "term_changes", TAGS, {"kind": "tag"}, N_("the site changed its own tags")),
    Analysis("T6", N_("The variety of tags declines"), ("trend.tag.diversity_ends", "delta"), -153,
             N_("different tags, last year less first"), 0, "diversity", "down", {"kind": "tag"}, FEWER),
    Analysis("S1", N_("Spring has most recipes"), ("season.volume.deviation", "Spring", 1), 8.7,
             N_("per cent above the mean of the seasons"), 1, "volume", Order(("spring",)), SEASON),
    Analysis("S2", N_("Autumn’s recipes take longest"), ("season.duration", "Autumn", 0), 43.9,
             N_("minutes in autumn"), 1, "contrast", AUTUMN, {"of": "minutes", **SEASON}),
    Analysis("S3", N_("Autumn’s and winter’s recipes are more elaborate"), ("season.complexity", "Autumn", 0), 17.283,
             N_("points in autumn"), 3, "contrast", Order(("autumn", "winter")),
             {"of": "complexity", **SEASON}),
    Analysis("S4", N_("Autumn’s recipes have most calories"), ("season.nutrition", "Autumn", "calories"), 492,
             N_("kcal in autumn"), 0, "contrast", AUTUMN, {"of": "calories", **SEASON},
             N_("a text older than its own figure, which says 472; and a few absurd entries in a mean")),
    Analysis("S5", N_("Vegetables and herbs belong to summer, baking to autumn"),
             ("season.ing.top20", "zucchini", 2), 2.8, N_("per cent of summer’s recipes with zucchini"), 1,
             "term_contrast", SUMMERY | AUTUMNAL, SEASON),
    Analysis("S6", N_("Barbecue belongs to summer, Thanksgiving and Christmas to autumn"),
             ("season.tag.top20", "thanksgiving", 3), 3.9, N_("per cent of autumn’s recipes for Thanksgiving"), 1,
             "term_contrast", SEASONAL_TAGS, {"kind": "tag", **SEASON}),
    Analysis("W1", N_("More recipes are posted on weekdays"), ("weekend.volume.ratio", "weekday_over_weekend_pct"), 51,
             N_("per cent more on a weekday"), 0, "volume", WEEK, WEEKENDS,
             N_("so far the weekend is below; weekdays are about twice as far above")),
    Analysis("W1", N_("Most recipes are posted on Mondays, fewest on Saturdays"), ("weekend.volume.deviation", "Mon"),
             45.1, N_("per cent above the mean of the days, on Mondays"), 1, "volume", Order(("1",), ("6",)), WEEKDAY),
    Analysis("W2", N_("The preparation time is the same at weekends"), ("weekend.duration", "diff_pct"), 0.07,
             N_("per cent more at weekends"), 2, "contrast", "none", {"of": "minutes", **WEEKENDS}),
    Analysis("W3", N_("The complexity is the same at weekends"), ("weekend.complexity", "diff_pct"), -0.31,
             N_("per cent more at weekends"), 2, "contrast", "none", {"of": "complexity", **WEEKENDS}),
    Analysis("W4", N_("Weekend recipes have less protein"), ("weekend.nutrition", "protein_pct", 2), -3.01,
             N_("per cent more at weekends"), 2, "contrast", WEEK, {"of": "protein", **WEEKENDS}),
    Analysis("W5", N_("Five ingredients differ between weekend and weekdays"), ("weekend.ing.kept", "kept"), 5,
             N_("ingredients kept of those tested"), 0, "term_contrast", WEEKEND | WEEKDAYS, WEEKENDS, UNCORRECTED),
    Analysis("W6", N_("Eight tags differ between weekend and weekdays"), ("weekend.tag.kept", "kept"), 32,
             N_("tags kept of those tested"), 0, "term_contrast", WEEKEND_TAGS | WEEKDAY_TAGS,
             {"kind": "tag", **WEEKENDS}, UNCORRECTED),
    Analysis("R1", N_("Busy months weigh too little: unweighted tests are strongly biased"),
             ("rating.lt.bias", "slope_pct"), 10.6, N_("per cent between both slopes"), 1, "relation", "method",
             {"of": "rating", "to": "volume"},
             N_("an argument turned round: small months weighed too much, and neither slope differs from zero")),
    Analysis("R2", N_("Ratings have been remarkably stable since 2005"), ("rating.lt.wls", "slope_per_year"), 0.0017,
             N_("stars a year"), 4, "level", "none", {**YEARLY_RATING, "years": "2005-2018"},
             N_("a straight line through a shift of the site’s level from 2006 to 2008")),
    Analysis("R3", N_("Ratings lie in an extremely tight band without any trend"), ("rating.lt.ci",), 0.001,
             N_("stars on either side of the mean"), 4, "level", "none", YEARLY_RATING,
             N_("a formula that is no interval, and Kaggle’s training split")),
    Analysis("R4", N_("The seasons have about as many ratings"), ("rating.season.volume_cv", "max_min"), 1.077,
             N_("times as many in the fullest season"), 3, "volume", "none", {"of": "reviews", **SEASON}),
    Analysis("R5", N_("Ratings differ by season, but by practically nothing"), ("rating.season.range", "delta"),
             0.0283, N_("stars from the worst to the best season"), 4, "contrast", "trace", {"of": "rating", **SEASON}),
    Analysis("N1", N_("Longer recipes have more steps"), ("trend.complexity.pearson", "minutes~n_steps"), 0.346,
             N_("Pearson’s correlation"), 3, "relation", "up", {"of": "minutes", "to": "steps"}),
    Analysis("N2", N_("Calories differ by season: a weighted chi-squared of the means says so"),
             ("season.nutrition.chi2w", "calories", 0), 106.6316, N_("what was called chi-squared"), 4, "contrast",
             "method", {"of": "calories", **SEASON}, N_("a sum that has no distribution of chi-squared")),
    Analysis("N3", N_("June has the best ratings, January the worst"), ("rating.month", "6", 1), 4.688471,
             N_("stars in June"), 4, "contrast", Order(("6",), ("1",)),
             {"of": "rating", "by": "month_of_year"}),
    Analysis("N4", N_("Ratings are higher at weekends"), ("rating.week.mw", "diff"), 0.0074,
             N_("stars more, in Kaggle’s training split"), 4,
             "contrast", Order(("weekend",)), {"of": "rating", **WEEKENDS}),
    Analysis("N5", N_("Sunday has the best ratings, Wednesday the worst"), ("rating.weekday.anova", "range"), 0.0115,
             N_("stars from the worst to the best day, in the training split"), 4, "contrast", Order(("7",), ("3",)),
             {"of": "rating", **WEEKDAY}),
    Analysis("N6", N_("The rating of tofu rises"), ("ringr.lt.mk", "tofu", 3), 0.023776, N_("stars a year"), 4,
             "term_levels", {"tofu": "up"}, {"by": "year"}),
    Analysis("N7", N_("Tomatoes, lemon and corn are best liked in summer, Brussels sprouts in winter"),
             ("ringr.season.anova", "tomatoes", 3), 0.031037, N_("stars between tomatoes’ seasons"), 4, "term_levels",
             dict.fromkeys(("tomatoes", "lemon", "corn"), "summer") | {"brussels sprouts": "winter"}, SEASON),
    Analysis("N8", N_("Garlic and olive oil are better liked at weekends, chocolate and bacon less"),
             ("ringr.week.mw", "garlic", 0), 0.0161, N_("stars more for garlic"), 4, "term_levels",
             dict.fromkeys(("garlic", "olive oil"), "up") | dict.fromkeys(("chocolate", "bacon"), "down"), WEEKENDS),
    Analysis("N9", N_("Most ratings are given on Saturdays and Sundays"), ("rating.weekday", "Sun", 0), 110_049,
             N_("ratings on Sundays, in the training split"), 0, "volume", Order(("6", "7")),
             {"of": "reviews", **WEEKDAY}),
)  # fmt: skip
