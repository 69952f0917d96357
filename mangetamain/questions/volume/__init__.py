"""How many recipes, reviews, cooks or reviewers are there, year by year, month by month, or by season and weekday?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.calendars import CALENDARS, PERIODS
from mangetamain.finding import Estimate, Finding, Nothing, verdict
from mangetamain.language import N_, Inside, Message, Number, say
from mangetamain.measures import ALL, PARTIAL_YEARS, Among, Method, Source, Years
from mangetamain.questions import published_only
from mangetamain.questions.aggregates.values import rows_of
from mangetamain.questions.question import Question
from mangetamain.questions.volume import groups, published
from mangetamain.volumes import SMALLEST, VOLUMES, Counted, Cut, Volume
from mangetamain.warehouse import Columns, Executes

# The latest months that are set beside the busiest one: a whole year, so that seasons do not matter.
LATEST = 12


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
class MonthlyVolume(Finding):
    """How many there are a month; nothing is tested, for a month picked as the busiest is so by chance, too."""

    points: Annotated[int, N_("Points")]
    start_month: Annotated[str, N_("First month")]
    end_month: Annotated[str, N_("Last month")]
    mean: float
    busiest: Annotated[str, N_("Busiest month")]
    most: Annotated[int, N_("Largest number")]
    latest: Annotated[float | None, N_("Mean of the last twelve months")]


Found = VolumeFinding | MonthlyVolume | groups.Found | published.Found | Nothing


def table(
    con: Executes,
    *,
    of: Counted = "recipes",
    by: Cut = "year",
    years: Years = ALL,
    source: Source = "full",
    among: Among = (),
    method: Method = "robust",
) -> Columns:
    """Count the recipes, reviews, cooks or reviewers of each year, month, or group of a calendar.

    Reads the views `recipes`, `reviews`, `cube_ratings` and `days`. Days from the first to the last one of all recipes,
    or reviews of the source, count as days without any where there is none of the selection.

    Returns
    -------
    Columns
        By year, in order: year (int), n (int; people count once a year), month_sd (float, standard deviation of its
        months), partial (bool). By month of history: month (date, its first day), n (int). By season, month_of_year,
        weekday or weekend, in the calendar's order: the group, n (int; people count once a day), days (int, of
        exposure), mean (float, a day), level (float, a day, were the groups' months alike), gap, gap_low, gap_high
        (float, how much more than in the lowest group, as a share, with a 95 % interval that holds for all pairs of
        groups), under_low (float, the low end of how much less than in the highest one), low, high (float, a day: the
        lowest group's level with the gap's ends), p (float, of the clearest difference, on each row); levels and gaps
        are NaN where too little is there to compare.

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown, or the published method is given a cut by
        which nothing was published.
    """
    if method == "published":
        published_only.only("by", by, *published.CUTS)
    volume = VOLUMES[of]
    rows = rows_of(con, volume.view, years=years, source=source, among=among, counts=not volume.person)
    return (groups.by_group if by in CALENDARS else groups.by_period)(con, by, volume, rows)


def judge(table: Columns, *, by: Cut = "year", method: Method = "robust") -> Found:
    """Compare the last whole year with the peak, or the groups of a calendar with one another; describe months."""
    if not table["n"].any():
        return Nothing()
    if method == "published":
        return (
            published.published_volumes(table, by)
            if by in CALENDARS
            else published.published_volume(table["year"], table["n"])
        )
    if by in CALENDARS:
        return groups.judge_volumes(table, by)
    return _months(table) if by == "month" else _years(table)


def _months(table: Columns) -> MonthlyVolume:
    months, n = PERIODS["month"].names(table["month"]), table["n"]
    peak = int(np.argmax(n))
    return MonthlyVolume(
        n=int(n.sum()),
        points=len(n),
        start_month=str(months[0]),
        end_month=str(months[-1]),
        mean=float(n.mean()),
        busiest=str(months[peak]),
        most=int(n[peak]),
        latest=float(n[-LATEST:].mean()) if len(n) > LATEST else None,
    )


def _years(table: Columns) -> VolumeFinding:
    years, n = table["year"], table["n"]
    whole = np.flatnonzero(~table["partial"]) if not table["partial"].all() else np.arange(len(years))
    peak, end = whole[np.argmax(n[whole])], whole[-1]
    compared = peak != end and n[peak] > n[end]
    change = _change(n[[peak, end]], table["month_sd"][[peak, end]]) if compared else None
    return VolumeFinding(
        n=int(n.sum()),
        verdict=verdict(change, SMALLEST.size) if change else None,
        first=int(years[0]),
        last=int(years[-1]),
        peak_year=int(years[peak]),
        peak=int(n[peak]),
        end_year=int(years[end]),
        end=int(n[end]),
        change=change,
    )


# A year without recipes is still a number to divide by (Haldane and Anscombe's half).
GONE = 0.5


def _change(n: np.ndarray, month_sd: np.ndarray) -> Estimate:
    """Compare two yearly counts as shares of the first; their months tell the noise, Poisson's at least."""
    variance = np.maximum(12 * month_sd**2, n) / np.maximum(n, 1) ** 2
    n = np.maximum(n, GONE)
    ratio, half = np.log(n[1] / n[0]), 1.96 * float(np.sqrt(variance.sum()))
    value, low, high = np.expm1([ratio, ratio - half, ratio + half]).tolist()
    return Estimate(value, low, high) if n[1] > GONE else Estimate(-1.0, -1.0, high)


def draw(table: Columns, finding: Found, *, of: Counted = "recipes", by: Cut = "year") -> charts.Figure:
    """Draw a bar a year, years that are not whole pale; a line through months; each group's level, or as published."""
    volume = VOLUMES[of]
    if isinstance(finding, published.PublishedVolumes):
        return published.draw_published(table, by, volume)
    if by in CALENDARS:
        return groups.draw_volumes(table, finding, by, volume)
    period = PERIODS[by]
    figure = charts.canvas(say(period.axes[volume.view]), say(volume.axis), time=period.unit)
    if isinstance(finding, Nothing):
        return figure
    most, unit = int(table["n"].argmax()), Inside(say(volume.label))
    points = period.axis(table[by])
    peak = say("{at}: {n}", at=period.said(str(period.names(table[by])[most])), n=int(table["n"][most]))
    if by == "month":
        charts.line(figure, points, table["n"], say("Month"), "count", named=False)
        charts.write(figure, points[[most]], table["n"][[most]], [peak])
        figure.update_yaxes(rangemode="tozero")
        tooltips.tell(figure, 0, unit, named=False)
        return figure
    kinds: dict[str, charts.Role] = {N_("Whole year"): "count", N_("Partial year"): "mute"}
    for (name, role), rows in zip(kinds.items(), (~table["partial"], table["partial"]), strict=True):
        if rows.any():
            charts.bars(figure, points[rows], table["n"][rows], say(name), role, named=role == "mute")
    charts.write(figure, points[[most]], table["n"][[most]], [peak])
    tooltips.tell(figure, 0, unit, point="%{x}")
    figure.layout.hovermode = "closest"
    # Two partial years are far apart: left to itself, the axis would leave as much room beside them.
    figure.update_xaxes(range=[table["year"][0] - 0.6, table["year"][-1] + 0.6])
    return figure


# Nothing of a view.
NOTHING = {
    "recipes": N_("No recipe was posted in these years."),
    "reviews": N_("No review was written in these years."),
}


def sentence(finding: Found, *, of: Counted = "recipes", by: Cut = "year") -> Message:
    """Say the peak and what became of it, how many there are a month, or which groups are highest and lowest."""
    volume = VOLUMES[of]
    match finding:
        case published.PublishedVolume():
            return published.say_published(finding, volume)
        case published.PublishedVolumes():
            return published.say_published_groups(finding, CALENDARS[by], volume)
        case groups.VolumeGap() | groups.VolumesTooSmall():
            return groups.say_volumes(finding, CALENDARS[by], volume)
        case MonthlyVolume():
            return _say_months(finding, volume)
        case VolumeFinding():
            return _say_years(finding, volume)
        case Nothing():
            return say(NOTHING[volume.view])


def _say_months(finding: MonthlyVolume, volume: Volume) -> Message:
    said, latest = PERIODS["month"].said, finding.latest
    return say(
        "{subject} from {first} to {last} is {mean} a month on average{latest}; the busiest month is {busiest}, with "
        "{most}.",
        subject=say(volume.subject), first=said(finding.start_month), last=said(finding.end_month),
        latest="" if latest is None else say(", and {mean} over the last twelve months", mean=Number(latest, 1)),
        mean=Number(finding.mean, 1), busiest=said(finding.busiest), most=finding.most,
    )  # fmt: skip


# Without a later whole year than the peak.
GROWING = N_("{subject}: the busiest whole year is the last one, {peak}, with {most}.")
ONLY = N_("{subject} was {most} in {peak}, the only whole year.")
ALONE = N_("{subject} was {most} in {peak}.")
LEVEL = N_("{subject} was never more than {most}, as in {peak} and in {end}.")
NO_WHOLE = N_("{subject} was {n} in all, and none of them in a whole year.")
PARTIAL = N_("{subject} was {most} in {peak}, which is not a whole year.")


def _say_years(finding: VolumeFinding, volume: Volume) -> Message:
    change = finding.change
    if change is None:
        partial, alone = finding.peak_year in PARTIAL_YEARS, finding.first == finding.last
        level = finding.peak_year != finding.end_year
        whole = {*range(finding.first, finding.last + 1)} - {*PARTIAL_YEARS}
        last = ALONE if alone else ONLY if len(whole) == 1 else GROWING
        text = NO_WHOLE if not finding.peak else LEVEL if level else PARTIAL if partial else last
        years = {"peak": str(finding.peak_year), "end": str(finding.end_year)}
        return say(text, subject=say(volume.subject), most=finding.peak, n=finding.n, **years)
    return say(
        "{subject} peaked in {peak} at {most}; {end} had {left}, a change of {change} (95% interval {low} to {high}).",
        subject=say(volume.subject), peak=str(finding.peak_year), most=finding.peak, end=str(finding.end_year),
        left=finding.end, change=Number(change.value, 1, signed=True, percent=True),
        **change.limits(1, percent=True),
    )  # fmt: skip


METHOD = N_(
    "Recipes that passed the cleaning rules, by the day of posting; reviews by their own day. People count once a "
    "year or month of history. The interval of the change compares the months of the peak year with those of the "
    "last whole year, so it admits that months differ (delta method on the log of the ratio); 1999 and 2018 are "
    "not whole years. The busiest month of history is named and not tested: it was picked for its number. "
    "Seasons, months of the year and weekdays differ in length, so there the number is per day that they last, "
    "people counting once a day. They are compared as ratios: seasons and months of the year among months of "
    "history, each against the two years around it, with a deviation between months and resemblance of "
    "neighbours; weekdays within each month. The error of a month comes from how much its days differ, pooled "
    "within the year. Every pair of groups is compared, with intervals that hold for all pairs together, and the "
    "widest gap is judged against 10%: a tenth more or less is one day’s worth in ten."
)
volume = Question(
    "volume", N_("How many recipes, reviews, cooks or reviewers are there?"), METHOD, table, judge, draw, sentence
)
