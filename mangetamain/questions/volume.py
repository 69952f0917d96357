"""How many recipes are posted each year?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts
from mangetamain.finding import Estimate, Finding, verdict
from mangetamain.language import N_, Message, Number, say
from mangetamain.measures import ALL, PARTIAL_YEARS, Method, Years
from mangetamain.questions.question import Question
from mangetamain.warehouse import Columns, Executes, query

# A tenth more or fewer recipes is the smallest change of volume that we would call one.
SMALLEST = 0.10


@dataclass(frozen=True, kw_only=True)
class VolumeFinding(Finding):
    """The peak, and what was left of it in the last whole year; `change` is a share of the peak."""

    first: int
    last: int
    peak_year: Annotated[int, N_("Year of the peak")]
    peak: Annotated[int, N_("Peak")]
    end_year: Annotated[int, N_("Last whole year")]
    end: Annotated[int, N_("At the end")]
    change: Annotated[Estimate | None, N_("Change")] = None


@dataclass(frozen=True, kw_only=True)
class PublishedVolume(Finding):
    """The predecessor's description of the yearly counts and its normal probability plot."""

    years: int
    mean: float
    median: float
    sd: float
    sd_population: Annotated[float, N_("Standard deviation (of a population)")]
    variation: Annotated[float, N_("Coefficient of variation")]
    lower_quartile: Annotated[float, N_("Lower quartile")]
    upper_quartile: Annotated[float, N_("Upper quartile")]
    least: Annotated[int, N_("Least number")]
    most: Annotated[int, N_("Largest number")]
    peak_year: Annotated[int, N_("Year of the peak")]
    probability_plot_r2: Annotated[float, N_("R² of the probability plot")]
    shapiro_w: Annotated[float, N_("Shapiro and Wilk’s W")]
    shapiro_p: Annotated[float, N_("p-value of Shapiro and Wilk’s test")]
    agostino_k2: Annotated[float, N_("D’Agostino’s K²")]
    agostino_p: Annotated[float, N_("p-value of D’Agostino’s test")]


def table(con: Executes, *, years: Years = ALL) -> Columns:
    """Count the recipes of each year, and how much its months differ.

    Reads the view `cube_recipes`.

    Returns
    -------
    Columns
        One row a year, in order: year (int), n (int, recipes), month_sd (float, recipes a month), partial (bool).
    """
    columns = query(
        con,
        """
        WITH months AS (
            SELECT year, month, sum(n)::BIGINT AS n
            FROM cube_recipes
            WHERE measure = 'minutes' AND year BETWEEN $first AND $last
            GROUP BY year, month
        )
        SELECT year, sum(n)::BIGINT AS n, round(coalesce(stddev_samp(n), 0), 6) AS month_sd
        FROM months GROUP BY year ORDER BY year
        """,
        {"first": years[0], "last": years[1]},
    )
    columns = _with_empty_years(columns)
    return columns | {"partial": np.isin(columns["year"], PARTIAL_YEARS)}


def _with_empty_years(columns: Columns) -> Columns:
    """Put in the years between the first and the last in which nobody posted anything."""
    found = columns["year"]
    if not len(found):
        return columns
    year = np.arange(found[0], found[-1] + 1)
    at, n, sd = np.searchsorted(year, found), np.zeros(len(year), dtype=np.int64), np.zeros(len(year))
    n[at], sd[at] = columns["n"], columns["month_sd"]
    return {"year": year.astype(found.dtype), "n": n, "month_sd": sd}


def judge(table: Columns, *, method: Method = "robust") -> Finding:
    """Find the peak and compare the last whole year with it."""
    years, n = table["year"], table["n"]
    if not len(years):
        return Finding(n=0)
    if method == "published":
        return _published(years, n)
    whole = np.flatnonzero(~table["partial"]) if not table["partial"].all() else np.arange(len(years))
    peak, end = whole[np.argmax(n[whole])], whole[-1]
    found = VolumeFinding(
        n=int(n.sum()),
        first=int(years[0]),
        last=int(years[-1]),
        peak_year=int(years[peak]),
        peak=int(n[peak]),
        end_year=int(years[end]),
        end=int(n[end]),
    )
    if peak == end:
        return found
    change = _change(n[[peak, end]], table["month_sd"][[peak, end]])
    return VolumeFinding(**(vars(found) | {"change": change, "verdict": verdict(change, SMALLEST)}))


def _change(n: np.ndarray, month_sd: np.ndarray) -> Estimate:
    """Compare two yearly counts as shares of the first; their months tell the noise, Poisson's at least."""
    variance = np.maximum(12 * month_sd**2, n) / np.maximum(n, 1) ** 2
    n = np.maximum(n, 0.5)  # a year without recipes is still a number to divide by (Haldane and Anscombe's half)
    ratio, half = np.log(n[1] / n[0]), 1.96 * float(np.sqrt(variance.sum()))
    value, low, high = np.expm1([ratio, ratio - half, ratio + half]).tolist()
    return Estimate(value, low, high)


def _published(years: np.ndarray, n: np.ndarray) -> Finding:
    from scipy import stats as scipy_stats

    counts = n.astype(float)
    enough = len(n) >= 8  # the fewest that D'Agostino's test of skewness is made for, and that scipy takes
    fit = scipy_stats.probplot(counts)[1] if len(n) > 2 else (0.0, 0.0, 0.0)
    shapiro = scipy_stats.shapiro(counts) if len(n) > 2 else (0.0, 1.0)
    agostino = scipy_stats.normaltest(counts) if enough else (0.0, 1.0)
    return PublishedVolume(
        n=int(n.sum()),
        years=len(n),
        mean=float(counts.mean()),
        median=float(np.median(counts)),
        sd=float(counts.std(ddof=1)) if len(n) > 1 else 0.0,
        sd_population=float(counts.std()),
        variation=float(counts.std() / counts.mean()),
        lower_quartile=float(np.quantile(counts, 0.25)),
        upper_quartile=float(np.quantile(counts, 0.75)),
        least=int(n.min()),
        most=int(n.max()),
        peak_year=int(years[np.argmax(n)]),
        probability_plot_r2=float(fit[2]) ** 2,
        shapiro_w=float(shapiro[0]),
        shapiro_p=float(shapiro[1]),
        agostino_k2=float(agostino[0]),
        agostino_p=float(agostino[1]),
    )


def draw(table: Columns, finding: Finding) -> charts.Figure:
    """Draw a bar a year; years that are not whole are pale."""
    figure = charts.canvas(say("Year of posting"), say("Recipes posted"))
    kinds: dict[str, charts.Role] = {N_("Whole year"): "count", N_("Partial year"): "mute"}
    for (name, role), rows in zip(kinds.items(), (~table["partial"], table["partial"]), strict=True):
        if rows.any():
            charts.bars(figure, table["year"][rows], table["n"][rows], say(name), role)
    if len(table["year"]):
        # Two partial years are far apart: left to itself, the axis would leave as much room beside them.
        figure.update_xaxes(range=[table["year"][0] - 0.6, table["year"][-1] + 0.6])
    return figure


def sentence(finding: Finding) -> Message:
    """Say the peak and what became of it."""
    match finding:
        case PublishedVolume():
            return say(
                "{n} recipes over {years} years, {mean} a year on average; the peak is {most} in {peak}.",
                n=finding.n, years=finding.years, mean=Number(finding.mean, 1),
                most=finding.most, peak=str(finding.peak_year),
            )  # fmt: skip
        case VolumeFinding(change=None):
            return say(
                "{n} recipes were posted from {first} to {last}; "
                "the busiest whole year is the last one, {peak}, with {most}.",
                n=finding.n, first=str(finding.first), last=str(finding.last),
                peak=str(finding.peak_year), most=finding.peak,
            )  # fmt: skip
        case VolumeFinding(change=Estimate() as change):
            text = N_(
                "The number of recipes posted peaked in {peak} at {most}; {end} had {left}, "
                "a change of {change} (95% interval {low} to {high})."
            )
            return say(
                text,
                peak=str(finding.peak_year), most=finding.peak, end=str(finding.end_year), left=finding.end,
                change=Number(change.value, 1, signed=True, percent=True), **change.limits(1, percent=True),
            )  # fmt: skip
        case _:
            return say("No recipe was posted in these years.")


volume = Question(
    "volume",
    N_("How many recipes are posted each year?"),
    N_(
        "Recipes that passed the cleaning rules, by year of posting. The interval of the change compares the months of "
        "the peak year with those of the last whole year, so it admits that months differ (delta method on the log of "
        "the ratio). 1999 and 2018 are not whole years."
    ),
    table,
    judge,
    draw,
    sentence,
)
