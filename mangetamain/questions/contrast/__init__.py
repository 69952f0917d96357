"""Does a measure differ by season, month of the year, weekday, or between weekend and the rest?"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, assert_never

import numpy as np

from mangetamain import charts
from mangetamain.calendars import CALENDARS, Calendar
from mangetamain.finding import Alike, Estimate, Finding, verdict
from mangetamain.language import N_, Message, Number, exact, say
from mangetamain.measures import ALL, MEASURES, THIN, Against, Among, By, Measure, Method, Of, Source, Years
from mangetamain.questions import comparison
from mangetamain.questions.aggregates.covariances import correlations
from mangetamain.questions.aggregates.values import say_alike, say_nothing
from mangetamain.questions.comparison import Comparison
from mangetamain.questions.contrast.levels import LONE, alike, apart, apart_levels
from mangetamain.questions.contrast.published import PublishedContrast, published_contrast, say_published
from mangetamain.questions.contrast.reading import read_groups
from mangetamain.questions.group_levels import FEWEST, Drawn, draw_groups
from mangetamain.questions.question import Question
from mangetamain.warehouse import Columns, Executes


@dataclass(frozen=True, kw_only=True)
class Contrast(Finding):
    """The highest group against the lowest.

    `gap` holds for all `pairs` together (Šidák), `effect` is the gap in standard deviations of a value, `p` is that of
    the clearest difference, `distinct` counts the groups that are above the lowest beyond doubt, `left_out` are groups
    of too few values.
    """

    highest: Annotated[str, N_("Highest group")]
    lowest: Annotated[str, N_("Lowest group")]
    top: Annotated[float, N_("Top")]
    bottom: Annotated[float, N_("Bottom")]
    gap: Annotated[Estimate, N_("Gap")]
    effect: Annotated[float, N_("Effect")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    p: Annotated[float, N_("p-value")]
    pairs: Annotated[int, N_("Pairs of groups")]
    distinct: Annotated[int, N_("Distinct pairs")]
    left_out: Annotated[tuple[str, ...], N_("Left out of the fit")]


@dataclass(frozen=True, kw_only=True)
class TooFewGroups(Finding):
    """Nothing to compare: not two groups of `least` values."""

    least: Annotated[int, N_("Least number")]


Side = Contrast | TooFewGroups | Alike | PublishedContrast
Found = Side | Comparison[Side, Side]


def table(
    con: Executes,
    *,
    of: Of = "rating",
    by: By = "season",
    years: Years = ALL,
    source: Source = "full",
    among: Among = (),
    against: Against = None,
) -> Columns:
    """Describe a measure in each season, weekday or month of the year.

    Reads the view `recipes` or `cube_ratings`, or `reviews` for a selection.

    Returns
    -------
    Columns
        One row a group that has values, in the calendar's order: season, month_of_year, weekday or weekend (as asked),
        n (int, recipes or reviews), mean, sd (sample), median (float, in the measure's unit), level, low, high (float,
        the group's level at the middle of the years beside a line, with its 95 % interval; months are the unit, for
        what one shares is a single draw), gap, gap_low, gap_high (float, what the group is above the lowest, with an
        interval that holds for all pairs of groups), p (float, of the clearest difference, on each row). Levels and
        gaps are unknown with fewer than 24 months, and for a group of fewer than 100. Of a measure of stars also one to
        five (int, ratings of so many stars). Against a second selection, its rows follow those of the first; levels and
        gaps are those of the months that both have; `selection` (str) stands before all columns and behind them, the
        same for both, apart, apart_low, apart_high, apart_gap, apart_gap_low, apart_gap_high and apart_p: as level, gap
        and p, of what the first selection is above the second.
    """
    read = functools.partial(read_groups, con, of=of, by=by, years=years, source=source)
    one = read(among=among)
    if against is None:
        return one.rows()
    comparison.check_apart(con, among, against)
    other = read(among=against, name="against")
    cells, shared = correlations(con, one.values, other.values, MEASURES[of].centre, pooled=True)
    a, b = alike(one.cells, other.cells)
    between = apart(a, b, shared[np.isin(cells, a["cut"])], np.minimum(one.size, other.size))
    if len(a["cut"]):
        one, other = replace(one, cells=a), replace(other, cells=b)
    first, second = one.rows(between), other.rows(between)
    return comparison.stacked(first, second, among, against)


def judge(
    table: Columns,
    *,
    of: Of = "rating",
    by: By = "season",
    among: Among = (),
    against: Against = None,
    method: Method = "robust",
) -> Found:
    """Compare the groups and judge the widest gap against the smallest that matters.

    Against a second selection the same is done to what the first is above it.
    """
    alone = functools.partial(_judge, of=of, by=by, method=method)
    if against is None:
        return alone(table)
    one, other = comparison.sides(table, among, against)
    return comparison.compared(alone, one, other, _widest(apart_levels(one), of, by))


def _judge(table: Columns, *, of: str, by: str, method: str) -> Side:
    total = int(table["n"].sum())
    if total > 1 and not np.nan_to_num(table["sd"]).any() and not np.ptp(table["mean"]):
        return Alike(n=total, value=float(table["mean"][0]))
    if method == "published":
        varied = (table["n"] > 1).sum() > 1 and (table["sd"] > 0).any()
        return published_contrast(table, by, of) if varied else TooFewGroups(n=total, least=LONE)
    return _widest(table, of, by)


def _widest(table: Columns, of: str, by: str) -> Contrast | TooFewGroups:
    """Judge the widest gap of levels, or of differences."""
    total = int(table["n"].sum())
    known = np.isfinite(table["gap"])
    if not known.any():
        return TooFewGroups(n=total, least=THIN, verdict="undecided" if total else None)
    names, part = table[by].astype(str), {name: column[known] for name, column in table.items()}
    # The lowest is no way above itself; where differences have series of their own, another may lie a trace below it.
    top = int(np.argmax(part["gap"]))
    bottom = int(np.lexsort((part["gap_high"] - part["gap_low"], np.abs(part["gap"])))[0])
    gap = Estimate(*(float(part[name][top]) for name in ("gap", "gap_low", "gap_high")))
    within = float(np.sqrt(np.average(part["sd"] ** 2, weights=part["n"] - 1)))
    groups = len(part["n"])
    return Contrast(
        n=total,
        verdict=verdict(gap, MEASURES[of].gap.size),
        highest=str(names[known][top]),
        lowest=str(names[known][bottom]),
        top=float(part["level"][top]),
        bottom=float(part["level"][bottom]),
        gap=gap,
        effect=gap.value / within if within else 0.0,
        smallest=MEASURES[of].gap.size,
        p=float(part["p"][0]),
        pairs=groups * (groups - 1) // 2,
        distinct=int((part["gap_low"] > 0).sum()),
        left_out=tuple(names[~known].tolist()),
    )


def draw(
    table: Columns,
    finding: Found,
    *,
    of: Of = "rating",
    by: By = "season",
    among: Among = (),
    against: Against = None,
) -> charts.Figure:
    """Draw each group's level with its interval, and the mean of a group that has none."""
    calendar = CALENDARS[by]
    figure = charts.canvas(say(calendar.label), MEASURES[of].axis)
    known = np.isfinite(table["level"])
    level = np.where(known, table["level"], table["mean"])
    low, high = (np.where(known, table[name], level) for name in ("low", "high"))
    sides: list[Drawn] = []
    if against is not None:
        first = table["selection"] == comparison.written(among)
        labels = map(comparison.label, (among, against))
        sides = list(zip(labels, comparison.ROLES, (first, ~first), strict=True))
    draw_groups(figure, calendar, table[by], {"level": level, "low": low, "high": high}, sides)
    return figure


# What a verdict says; each names the two groups, their gap and its interval.
GAPS = {
    "clear": N_(
        "{subject} goes from {bottom} ({lowest}) to {top} ({highest}): a gap of {gap} {unit} "
        "(95% interval {low} to {high})."
    ),
    "real": N_(
        "{subject} goes from {bottom} ({lowest}) to {top} ({highest}): a real gap of {gap} {unit} "
        "(95% interval {low} to {high}); whether that reaches the {smallest} {unit} that would matter is open."
    ),
    "negligible": N_(
        "{subject} hardly depends on the time: from {bottom} ({lowest}) to {top} ({highest}), the gap of {gap} {unit} "
        "(95% interval {low} to {high}) is within the {smallest} that would not matter."
    ),
    "undecided": N_(
        "{subject} goes from {bottom} ({lowest}) to {top} ({highest}); the data do not settle whether that gap of "
        "{gap} {unit} (95% interval {low} to {high}) is more than chance."
    ),
}


# By how many values each of two groups needs.
TOO_FEW = {
    THIN: N_("{subject}: too few values to compare; that takes two groups of {least} or more, and {fewest} months."),
    LONE: N_("{subject}: too few values to compare; that takes two groups of {least} or more."),
}


def sentence(
    finding: Found, *, of: Of = "rating", by: By = "season", among: Among = (), against: Against = None
) -> Message:
    """Say which groups are highest and lowest, and what their gap amounts to."""
    measure, calendar = MEASURES[of], CALENDARS[by]
    subject = say(measure.subject)
    match finding:
        case Comparison():
            against = against or ()
            relative = comparison.relative(measure.subject, among, against)
            difference = _say(
                finding.difference,
                measure,
                calendar,
                relative,
                functools.partial(Number, digits=measure.digits, signed=True),
            )
            sides = (_say(side, measure, calendar, subject, measure.level) for side in (finding.one, finding.other))
            return comparison.say_comparison(finding, among, against, difference, *sides)
        case Contrast() | TooFewGroups() | Alike() | PublishedContrast():
            return _say(finding, measure, calendar, subject, measure.level)
        case _:
            assert_never(finding)


def _say(
    finding: Side, measure: Measure, calendar: Calendar, subject: Message, level: Callable[[float], Number]
) -> Message:
    """Say the widest gap between levels, which are written as `level` does."""
    match finding:
        case Alike():
            return say_alike(subject, measure, finding.n, finding.value)
        case TooFewGroups(n=0):
            return say_nothing(measure)
        case TooFewGroups():
            return say(TOO_FEW[finding.least], subject=subject, least=finding.least, fewest=FEWEST)
        case PublishedContrast():
            return say_published(finding, measure)
    gap = finding.gap
    return say(
        GAPS[finding.verdict or "undecided"],
        subject=subject, unit=say(measure.change_unit),
        lowest=calendar.said(finding.lowest), bottom=level(finding.bottom),
        highest=calendar.said(finding.highest), top=level(finding.top),
        gap=Number(gap.value, measure.digits), smallest=exact(finding.smallest), **gap.limits(measure.digits),
    )  # fmt: skip


contrast = Question(
    "contrast",
    N_("Does a measure differ between times?"),
    N_(
        "The level of each season, month of the year, weekday or weekend. What a month shares - who happened to post "
        "or rate, what was in fashion, how the site stood - is one draw for all it holds, however much: seasons and "
        "months of the year are compared among months of history, beside a line, with a deviation between months and "
        "resemblance of neighbours; days of the week within each month, where what it shares cancels. Every pair of "
        "groups of at least 100 is compared, with intervals that hold for all pairs together; the widest gap is "
        "judged. The published method tests for any difference at all (analysis of variance, Kruskal and Wallis) as if "
        "ratings were independent; by weekday it also sets the weekend against the other days (Mann and Whitney). "
        "Against a second selection, what the first is above it in each month takes the place of the level: the widest "
        "gap of these differences is judged. Their errors take off what both have in common through recipes that "
        "belong to both; levels are those of the months that both have."
    ),
    table,
    judge,
    draw,
    sentence,
)
