"""Did recipes become quicker, simpler, lighter? The level of a measure, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.finding import Estimate, Finding, outcome, verdict
from mangetamain.language import N_, Message, Number, digits_for, exact, say
from mangetamain.measures import ALL, PARTIAL_YEARS, RECIPE_MEASURES, THIN, Band, Centre, FitAll, Method, Of, Years
from mangetamain.questions.level_published import PublishedLevel, TooFewYears, draw_published, published_level
from mangetamain.questions.question import Question
from mangetamain.questions.shares import FEWEST_YEARS, fitted
from mangetamain.warehouse import Columns, Executes, query

# The share left out at each end of a trimmed mean: a few entries of hundreds of thousands of kcal move a plain one.
CUT = 0.10


@dataclass(frozen=True, kw_only=True)
class LevelFinding(Finding):
    """A trend: `change` is per decade, `slope` and `intercept` draw the line, `left_out` are years outside the fit.

    Once years differ beyond chance they count about equally; `by_recipe` is the change where each counts by its
    recipes. Where the two part, the years do not follow one line.
    """

    of: str
    centre: str
    first: int
    last: int
    left_out: Annotated[tuple[int, ...], N_("Left out of the fit")]
    slope: Annotated[Estimate, N_("Slope")]
    intercept: Annotated[float, N_("Intercept")]
    change: Annotated[Estimate, N_("Change")]
    by_recipe: Annotated[float, N_("Change where each year counts by its recipes")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    tau: Annotated[float, N_("Spread beyond chance (tau)")]
    rho: Annotated[float, N_("Correlation of neighbours (rho)")]


def table(
    con: Executes, *, years: Years = ALL, of: Of = "minutes", centre: Centre = "trimmed", band: Band = "25-75"
) -> Columns:
    """Describe a measure's distribution in each year.

    Reads the view `recipes`.

    Returns
    -------
    Columns
        One row a year, in order: year (int), n (int, recipes), mean, sd (sample), median, trimmed (mean of the
        middle 80 %), centre (the one chosen), se (its standard error), low, high (the chosen band's nearest-rank
        quantiles; all float, in the measure's unit), partial (bool), thin (bool, under 100 recipes).
    """
    column = RECIPE_MEASURES[of].sql
    rows = query(
        con,
        f"""
        SELECT year, {column}::DOUBLE AS value
        FROM recipes
        WHERE year BETWEEN $first AND $last AND {column} IS NOT NULL
        ORDER BY year, value
        """,
        {"first": years[0], "last": years[1]},
    )
    found, starts = np.unique(rows["year"], return_index=True)
    low, high = (int(part) / 100 for part in band.split("-"))
    described = [_describe(values, centre, low, high) for values in np.split(rows["value"], starts[1:]) if len(values)]
    names = ("n", "mean", "sd", "median", "trimmed", "centre", "se", "low", "high")
    columns = {name: np.array([row[i] for row in described], dtype=float).round(6) for i, name in enumerate(names)}
    n = columns["n"].astype(int)
    return {"year": found, **columns, "n": n, "partial": np.isin(found, PARTIAL_YEARS), "thin": n < THIN}


def _describe(values: np.ndarray, centre: str, low: float, high: float) -> tuple[float, ...]:
    n = len(values)
    mean, sd = float(values.mean()), float(values.std(ddof=1)) if n > 1 else 0.0
    median = float(np.median(values))
    trimmed, trimmed_se = stats.trimmed_mean(values, CUT)
    chosen, se = {
        "mean": (mean, sd / np.sqrt(n)),
        "median": (median, stats.mid_quantile(values, 0.5)[1]),
        "trimmed": (trimmed, trimmed_se),
    }[centre]
    return n, mean, sd, median, trimmed, chosen, float(se), *(_nearest(values, q) for q in (low, high))


def _nearest(values: np.ndarray, q: float) -> float:
    """Return the nearest-rank quantile of ordered values, halves away from zero, as the predecessor's polars did."""
    return float(values[int(np.floor(q * (len(values) - 1) + 0.5))])


def judge(
    table: Columns,
    *,
    of: Of = "minutes",
    centre: Centre = "trimmed",
    fit_all: FitAll = False,
    method: Method = "robust",
) -> Finding:
    """Fit a trend through the years and judge its change per decade against the smallest that matters."""
    if method == "published":
        return published_level(table, of)
    kept = fitted(table, fit_all)
    years = table["year"][kept].astype(float)
    total = int(table["n"].sum())
    if len(years) < FEWEST_YEARS:
        return TooFewYears(n=total, of=of, years=len(years), verdict="undecided")
    fit = stats.trend(years, table["centre"][kept], table["se"][kept])
    smallest, change = RECIPE_MEASURES[of].smallest, fit.slope.times(10)
    return LevelFinding(
        n=total,
        verdict=verdict(change, smallest),
        of=of,
        centre=centre,
        first=int(years[0]),
        last=int(years[-1]),
        left_out=tuple(int(year) for year in table["year"][~kept]),
        slope=fit.slope,
        intercept=fit.intercept,
        change=change,
        by_recipe=10 * stats.wls(years, table["centre"][kept], table["n"][kept].astype(float)).slope,
        smallest=smallest,
        tau=fit.tau,
        rho=fit.rho,
    )


def draw(table: Columns, finding: Finding) -> charts.Figure:
    """Draw band, centre, the years outside the fit as pale points, and the fitted line."""
    measure = RECIPE_MEASURES[getattr(finding, "of", "minutes")]
    figure = charts.canvas(say("Year of posting"), measure.axis)
    year, centre = table["year"], table["centre"]
    charts.band(figure, year, table["low"], table["high"], say("Middle of recipes"))
    match finding:
        case PublishedLevel():
            draw_published(figure, table, finding)
        case LevelFinding():
            out, half = np.isin(year, finding.left_out), 1.96 * table["se"]
            low, high = centre - half, centre + half
            charts.yearly(figure, year, centre, say("Centre"), "centre")
            charts.dots(figure, year[~out], centre[~out], say("Year"), "centre", low=low[~out], high=high[~out])
            if out.any():
                charts.dots(figure, year[out], centre[out], say("Year outside the fit"), "mute")
            charts.trend(figure, (finding.first, finding.last), finding.intercept, finding.slope.value)
        case _:
            charts.dots(figure, year, centre, say("Year"), "mute")
    return figure


def sentence(finding: Finding) -> Message:
    """Say the change per decade and what it amounts to."""
    match finding:
        case PublishedLevel():
            measure = RECIPE_MEASURES[finding.of]
            return say(
                "{subject}, {first} to {last}: the published regressions give {mean} {unit} a year for the mean "
                "(R² {r2}) and {median} for the median.",
                subject=say(measure.subject), first=str(finding.first), last=str(finding.last),
                unit=say(measure.change_unit), r2=Number(finding.mean.r2, 4),
                mean=Number(finding.mean.slope, 4, signed=True), median=Number(finding.median.slope, 4, signed=True),
            )  # fmt: skip
        case LevelFinding(change=change) if not change.low <= finding.by_recipe <= change.high:
            return _say_bend(finding)
        case LevelFinding():
            return _say_trend(finding)
        case TooFewYears():
            return say(
                "{subject}: too few whole years with enough recipes ({years}) to speak of a trend.",
                subject=say(RECIPE_MEASURES[finding.of].subject), years=finding.years,
            )  # fmt: skip
    raise TypeError(finding)


# What a verdict says; each names the change per decade, its interval and what would matter.
TRENDS = {
    "clear down": N_(
        "{subject} fell by {size} {unit} per decade between {first} and {last} (95% interval {low} to {high})."
    ),
    "clear up": N_(
        "{subject} rose by {size} {unit} per decade between {first} and {last} (95% interval {low} to {high})."
    ),
    "small down": N_(
        "{subject} fell a little between {first} and {last}: {size} {unit} per decade "
        "(95% interval {low} to {high}), less than the {smallest} that would matter."
    ),
    "small up": N_(
        "{subject} rose a little between {first} and {last}: {size} {unit} per decade "
        "(95% interval {low} to {high}), less than the {smallest} that would matter."
    ),
    "negligible": N_(
        "{subject} hardly moved between {first} and {last}: {change} {unit} per decade "
        "(95% interval {low} to {high}), within the ±{smallest} that would not matter."
    ),
    "undecided": N_(
        "{subject}: the data do not settle whether it changed between {first} and {last}; "
        "{change} {unit} per decade (95% interval {low} to {high})."
    ),
}


def _say_bend(finding: LevelFinding) -> Message:
    measure = RECIPE_MEASURES[finding.of]
    return say(
        "{trend} These years do not follow one line: where each counts by its recipes, the change is {by_recipe} "
        "{unit} per decade.",
        trend=_say_trend(finding), by_recipe=Number(finding.by_recipe, measure.digits, signed=True),
        unit=say(measure.change_unit),
    )  # fmt: skip


def _say_trend(finding: LevelFinding) -> Message:
    measure, change = RECIPE_MEASURES[finding.of], finding.change
    digits = digits_for((change.value, change.low, change.high), measure.digits)
    return say(
        TRENDS[outcome(finding.verdict, change)],
        subject=say(measure.subject), unit=say(measure.change_unit),
        first=str(finding.first), last=str(finding.last),
        size=Number(abs(change.value), digits), change=Number(change.value, digits, signed=True),
        smallest=exact(finding.smallest), **change.limits(digits),
    )  # fmt: skip


level = Question(
    "level",
    N_("How did recipes change from year to year?"),
    N_(
        "The centre of each year with its standard error; a line through the whole years of at least 100 recipes, "
        "weighted by precision, with an interval that admits differences between years beyond chance and resemblance "
        "of neighbouring years. Means of nutrition are fragile (a few entries of hundreds of thousands of kcal), so "
        "the default centre is the mean of the middle 80% of recipes. The published method regresses yearly means and "
        "medians on all years, weighted by the number of recipes."
    ),
    table,
    judge,
    draw,
    sentence,
)
