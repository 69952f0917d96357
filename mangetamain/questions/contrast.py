"""Does a measure differ by season, month of the year, weekday, or between weekend and the rest?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.calendars import CALENDARS, PERIODS, Calendar
from mangetamain.finding import Estimate, Finding, verdict
from mangetamain.language import N_, Message, Number, exact, say
from mangetamain.measures import ALL, MEASURES, THIN, Among, By, Measure, Method, Of, Source, Years
from mangetamain.questions import stars
from mangetamain.questions.centres import described, held
from mangetamain.questions.contrast_published import PublishedContrast, published_contrast, say_published
from mangetamain.questions.question import Question
from mangetamain.questions.stars import COUNTS, STARS
from mangetamain.questions.values import rows_of
from mangetamain.warehouse import Columns, Executes

SEASONS: tuple[charts.Role, ...] = ("winter", "spring", "summer", "autumn")
# Months by groups of a calendar are numbered apart: no calendar has as many groups.
ROOM = 16
# Two years of months: with fewer, a season has come once, and could be anything.
FEWEST = PERIODS["month"].fewest
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
    group = f"CASE {calendar.sql} {cases} END"
    month = f"(year::INT * 12 + month - 1) * {ROOM} + {group}"
    if MEASURES[of].starred and of != "unrated":
        rows = rows_of(con, "reviews", years=years, source=source, among=among)
        cells, found = _of_stars(*stars.counted(con, rows, month), of)
    else:
        values = partial(held, con, of, years=years, source=source, among=among)
        cells = described(con, values(month), centre=MEASURES[of].centre, small=True)
        found = described(con, values(group))
    groups, n = found.pop("cut").astype(int), np.zeros(len(calendar.values), dtype=np.int64)
    n[groups] = found["n"]
    levels = _levels(cells, n)
    named = ("n", *COUNTS, "mean", "sd", "median")
    columns = {name: found[name] for name in named if name in found}
    return {by: np.array(calendar.values)[groups]} | columns | {name: column[groups] for name, column in levels.items()}


def _of_stars(cut: np.ndarray, counts: np.ndarray, of: str) -> tuple[Columns, Columns]:
    """Describe each group of each month, and each group, by how many ratings of one to five stars they have."""
    groups, place = np.unique(cut.astype(int) % ROOM, return_inverse=True)
    whole = np.zeros((len(groups), len(STARS)), dtype=np.int64)
    np.add.at(whole, place, counts)
    cells, found = stars.described(counts, of), stars.described(whole, of)
    return cells | {"cut": cut}, found | {"cut": groups} | dict(zip(COUNTS, whole.T, strict=True))


def _levels(cells: Columns, size: np.ndarray) -> Columns:
    """Fit each group's level among the months, and compare the groups."""
    month, place = np.divmod(cells["cut"].astype(int), ROOM)
    unknown = {name: np.full(len(size), np.nan) for name in ("level", "low", "high", "gap", "gap_low", "gap_high", "p")}
    kept = (cells["n"] >= LONE) & (size[place] >= THIN) & np.isfinite(cells["se"])
    months = np.unique(month[kept])
    used = np.flatnonzero(np.bincount(place[kept], minlength=len(size)))
    if len(months) < FEWEST or len(used) < LONE:
        return unknown
    means = _series(month, place, cells["centre"], cells["se"], kept, used)
    if means is None:
        return unknown
    own, pairs = means.estimates(), stats.pairwise(means)
    lowest = int(np.nanargmin(means.mean))
    above = {pair.a: pair.difference for pair in pairs if pair.b == lowest}
    found = dict(unknown) | {"p": np.full(len(size), means.p)}
    for i, group in enumerate(used):
        gap = above.get(i, Estimate(0.0, 0.0, 0.0))
        # Days within months have levels and differences from series of their own: what is shown agrees with the gap.
        level = float(means.mean[lowest]) + gap.value
        off = level - float(means.mean[i])
        numbers = (level, own[i].low + off, own[i].high + off, gap.value, gap.low, gap.high)
        for name, number in zip(unknown, numbers, strict=False):
            found[name][group] = number
    return found


def _series(
    month: np.ndarray, place: np.ndarray, middle: np.ndarray, error: np.ndarray, kept: np.ndarray, used: np.ndarray
) -> stats.SeriesMeans | None:
    """Compare the groups: within months where each month holds several, else among months."""
    code = np.searchsorted(used, place)
    if len(np.unique(month[kept])) == kept.sum():
        return stats.calendar_means(month[kept], code[kept], middle[kept], error[kept], groups=len(used))
    months = np.unique(month[kept])
    grid = np.full((2, len(used), len(months)), np.nan)
    at = code[kept], np.searchsorted(months, month[kept])
    grid[0][at], grid[1][at] = middle[kept], error[kept]
    whole = np.isfinite(grid).all(axis=(0, 1))
    return stats.paired_means(months[whole], *grid[:, :, whole]) if whole.sum() >= FEWEST else None


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
    charts.ticks(figure, range(len(calendar.values)), map(say, calendar.names))
    place = np.array([calendar.values.index(value) for value in table[by].tolist()], dtype=int)
    level = np.where(known, table["level"], table["mean"])
    low, high = (np.where(known, table[name], level) for name in ("low", "high"))
    marks: list[tuple[str, charts.Role, np.ndarray]] = [(N_("Level"), "centre", place >= 0)]
    if by == "season":
        marks = [(name, role, place == i) for i, (name, role) in enumerate(zip(calendar.names, SEASONS, strict=True))]
    for name, role, rows in marks:
        if rows.any():
            charts.dots(figure, place[rows], level[rows], say(name), role, low=low[rows], high=high[rows])
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
