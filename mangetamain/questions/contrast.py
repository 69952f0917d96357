"""Does a measure differ by season, month of the year, weekday, or between weekend and the rest?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts
from mangetamain.calendars import CALENDARS, Calendar
from mangetamain.finding import Estimate, Finding, verdict
from mangetamain.language import N_, Message, Number, exact, say
from mangetamain.measures import ALL, MEASURES, THIN, Among, By, Measure, Method, Of, Source, Years
from mangetamain.questions.contrast_published import PublishedContrast, published_contrast, say_published
from mangetamain.questions.group_levels import draw_groups, group_levels
from mangetamain.questions.question import Question
from mangetamain.questions.stars import COUNTS, STARS
from mangetamain.questions.values import counted
from mangetamain.stats.counts import Counts
from mangetamain.warehouse import Columns, Executes

# Months by groups of a calendar are numbered apart: no calendar has as many groups.
ROOM = 16
# A month has a deviation of its own from two values on.
LONE = 2


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
    """Nothing to compare."""


def table(
    con: Executes,
    *,
    of: Of = "rating",
    by: By = "season",
    years: Years = ALL,
    source: Source = "full",
    among: Among = (),
) -> Columns:
    """Describe a measure in each season, weekday or month of the year.

    Reads the view `recipes` or `cube_ratings`, or `reviews` for a selection.

    Returns
    -------
    Columns
        One row a group that has values, in the calendar's order: season, weekday, month or weekend (as asked), n (int,
        recipes or reviews), mean, sd (sample), median (float, in the measure's unit), level, low, high (float, the
        group's level at the middle of the years beside a line, with its 95 % interval; months are the unit, for what
        one shares is a single draw), gap, gap_low, gap_high (float, what the group is above the lowest, with an
        interval that holds for all pairs of groups), p (float, of the clearest difference, on each row). Levels and
        gaps are unknown with fewer than 24 months, and for a group of fewer than 100. Of a measure of stars also one to
        five (int, ratings of so many stars).
    """
    calendar = CALENDARS[by]
    cases = " ".join(f"WHEN {value!r} THEN {place}" for place, value in enumerate(calendar.values))
    cut = f"(year::INT * 12 + month - 1) * {ROOM} + CASE {calendar.sql} {cases} END"
    cells, counts = counted(con, of, cut, years=years, source=source, among=among)
    month, place = np.divmod(cells.astype(int), ROOM)
    whole = _groups(counts, place, len(calendar.values))
    held = whole.size > 0
    columns: Columns = {by: np.array(calendar.values), "n": whole.size}
    if MEASURES[of].starred and of != "unrated":
        columns |= _stars(con, calendar, cases, years, source, among)
    columns |= {"mean": whole.mean, "sd": whole.sd, "median": whole.median()}
    columns |= _levels(counts, month, place, whole.size, MEASURES[of].centre)
    return {name: column[held] for name, column in columns.items()}


def _groups(counts: Counts, place: np.ndarray, groups: int) -> Counts:
    """Add up the months of each group."""
    rows = np.stack([place[counts.group].astype(float), counts.value])
    found, at = np.unique(rows, axis=1, return_inverse=True)
    n = np.bincount(at.ravel(), weights=counts.n, minlength=found.shape[1]).astype(int)
    return Counts(found[0].astype(int), found[1], n, groups)


def _stars(con: Executes, calendar: Calendar, cases: str, years: tuple[int, int], source: str, among: Among) -> Columns:
    """Count the ratings of one to five stars in each group."""
    cut = f"CASE {calendar.sql} {cases} END"
    groups, counts = counted(con, "rating", cut, years=years, source=source, among=among)
    stars = np.zeros((len(calendar.values), len(STARS)), dtype=int)
    stars[groups.astype(int)[counts.group], counts.value.astype(int) - 1] = counts.n
    return dict(zip(COUNTS, stars.T, strict=True))


def _levels(counts: Counts, month: np.ndarray, place: np.ndarray, size: np.ndarray, centre: str) -> Columns:
    """Fit each group's level among the months, and compare the groups."""
    kept = (counts.size >= LONE) & (size[place] >= THIN)
    middle, transform = counts.centre(centre)
    error = counts.error(centre, counts.pooled(transform))
    return group_levels(month[kept], place[kept], middle[kept], error[kept], len(size))


def judge(table: Columns, *, of: Of = "rating", by: By = "season", method: Method = "robust") -> Finding:
    """Compare the groups and judge the widest gap against the smallest that matters."""
    total = int(table["n"].sum())
    if method == "published":
        varied = (table["n"] > 1).sum() > 1 and (table["sd"] > 0).any()
        return published_contrast(table, by, of) if varied else TooFewGroups(n=total)
    known = np.isfinite(table["gap"])
    if not known.any():
        return TooFewGroups(n=total, verdict="undecided" if total else None)
    names, part = table[by].astype(str), {name: column[known] for name, column in table.items()}
    top, bottom = int(np.argmax(part["gap"])), int(np.argmin(part["gap"]))
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


def draw(table: Columns, finding: Finding, *, of: Of = "rating", by: By = "season") -> charts.Figure:
    """Draw each group's level with its interval; seasons have their own colours."""
    calendar, known = CALENDARS[by], np.isfinite(table["level"])
    figure = charts.canvas(say(calendar.label), MEASURES[of].axis)
    level = np.where(known, table["level"], table["mean"])
    low, high = (np.where(known, table[name], level) for name in ("low", "high"))
    draw_groups(figure, calendar, table[by], {"level": level, "low": low, "high": high})
    return figure


# What a verdict says; each names the two groups, their gap and its interval.
GAPS = {
    "clear": N_(
        "{subject} goes from {bottom} ({lowest}) to {top} ({highest}): a gap of {gap} {unit} "
        "(95% interval {low} to {high})."
    ),
    "real": N_(
        "{subject} goes from {bottom} ({lowest}) to {top} ({highest}): a real gap of {gap} {unit} "
        "(95% interval {low} to {high}); whether that is as much as the {smallest} that would matter is open."
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


def sentence(finding: Finding, *, of: Of = "rating", by: By = "season") -> Message:
    """Say which groups are highest and lowest, and what their gap amounts to."""
    measure = MEASURES[of]
    match finding:
        case Contrast():
            return _say_gap(finding, measure, CALENDARS[by])
        case PublishedContrast():
            return say_published(finding, measure)
        case _:
            return say("{subject}: too few values to compare.", subject=say(measure.subject))


def _say_gap(finding: Contrast, measure: Measure, calendar: Calendar) -> Message:
    names, gap = dict(zip(map(str, calendar.values), calendar.names, strict=True)), finding.gap
    return say(
        GAPS[finding.verdict or "undecided"],
        subject=say(measure.subject), unit=say(measure.change_unit),
        lowest=say(names[finding.lowest]), bottom=measure.level(finding.bottom),
        highest=say(names[finding.highest]), top=measure.level(finding.top),
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
        "ratings were independent; by weekday it also sets the weekend against the other days (Mann and Whitney)."
    ),
    table,
    judge,
    draw,
    sentence,
)
