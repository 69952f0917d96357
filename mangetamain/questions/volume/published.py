"""The predecessor's description of yearly counts and of those by season and weekday, and its tests of their shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.calendars import CALENDARS, Calendar
from mangetamain.finding import AsPublished, Record
from mangetamain.language import N_, Inside, Message, Number, plural, probability, say
from mangetamain.volumes import Volume
from mangetamain.warehouse import Columns

# The cuts of time that were published: days of the week that each group has, of which the number is compared.
CUTS = {"year": (), "season": (1, 1, 1, 1), "weekday": (1,) * 7, "weekend": (5, 2)}


@dataclass(frozen=True, kw_only=True)
class PublishedVolume(AsPublished):
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


@dataclass(frozen=True)
class PublishedCount(Record):
    """A group's number: in all, for each weekday that it has, and a day of exposure; `deviation` is from even ones."""

    group: Annotated[str, N_("Group")]
    n: int
    each: Annotated[float, N_("For each weekday")]
    a_day: Annotated[float, N_("A day")]
    deviation: Annotated[float, N_("Deviation from even numbers")]


@dataclass(frozen=True, kw_only=True)
class PublishedVolumes(AsPublished):
    """The predecessor's numbers by season or weekday, and their chi-squared against even ones; `mean` is even."""

    groups: Annotated[tuple[PublishedCount, ...], N_("Group")]
    mean: float
    sd: float
    variation: Annotated[float, N_("Coefficient of variation")]
    chi2: Annotated[float, N_("Chi-squared")]
    p: Annotated[float, N_("p-value")]


Found = PublishedVolume | PublishedVolumes


def published_volume(years: np.ndarray, n: np.ndarray) -> PublishedVolume:
    """Describe the yearly counts."""
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


def published_volumes(table: Columns, by: str) -> PublishedVolumes:
    """Compare the numbers of the groups as if each recipe fell on a day of its own, whatever else was posted then."""
    from scipy.stats import chisquare

    n = table["n"].astype(float)
    days = np.array(CUTS[by])[[CALENDARS[by].values.index(group) for group in table[by].tolist()]]
    each, varied = n / days, len(n) > 1
    even = float(n.sum() / days.sum())
    sd = float(each.std(ddof=1)) if varied else 0.0
    test = chisquare(n, n.sum() * days / days.sum()) if varied else None
    columns = (n.astype(int), each, table["mean"], each / even - 1)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return PublishedVolumes(
        n=int(n.sum()),
        groups=tuple(PublishedCount(str(group), *row) for group, row in zip(table[by], rows, strict=True)),
        mean=even,
        sd=sd,
        variation=sd / even,
        chi2=float(test.statistic) if test else 0.0,
        p=float(test.pvalue) if test else 1.0,
    )


def draw_published(table: Columns, by: str, volume: Volume) -> charts.Figure:
    """Draw a bar a group."""
    calendar = CALENDARS[by]
    figure = charts.canvas(say(calendar.label), say(volume.axis))
    charts.ticks(figure, range(len(calendar.values)), map(say, calendar.names))
    place = np.array([calendar.values.index(value) for value in table[by].tolist()])
    charts.bars(figure, place, table["n"], say(volume.label), "count")
    tooltips.tell(figure, 0, Inside(say(volume.label)), named=False)
    return figure


def say_published_groups(finding: PublishedVolumes, calendar: Calendar, volume: Volume) -> Message:
    """Say which groups have most and least, and the test."""
    top, bottom = (pick(finding.groups, key=lambda group: group.each) for pick in (max, min))
    return say(
        "{subject}: the published test gives χ² {chi2} (p {p}) against even numbers: {lowest} {low}, {highest} {high}.",
        subject=say(volume.subject), chi2=Number(finding.chi2, 1), p=probability(finding.p),
        low=Number(bottom.deviation, 1, signed=True, percent=True), lowest=calendar.said(bottom.group),
        high=Number(top.deviation, 1, signed=True, percent=True), highest=calendar.said(top.group),
    )  # fmt: skip


def say_published(finding: PublishedVolume, volume: Volume) -> Message:
    """Say the yearly mean and the peak."""
    return say(
        plural(
            "{subject} over {n} year is {mean} a year on average; the peak is {most} in {peak}.",
            "{subject} over {n} years is {mean} a year on average; the peak is {most} in {peak}.",
        ),
        subject=say(volume.subject), n=finding.years, mean=Number(finding.mean, 1),
        most=finding.most, peak=str(finding.peak_year),
    )  # fmt: skip
