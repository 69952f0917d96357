"""Does a measure differ by season, month of the year, weekday, or between weekend and the rest?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.calendars import CALENDARS
from mangetamain.finding import Alike, TooFew
from mangetamain.language import N_, Message, Number, amount, exact, say
from mangetamain.measures import ALL, MEASURES, THIN, Against, Among, By, Measure, Method, Of, Source, Years
from mangetamain.questions import comparison
from mangetamain.questions.aggregates import stars
from mangetamain.questions.aggregates.centres import Held, summary
from mangetamain.questions.aggregates.covariances import correlations
from mangetamain.questions.aggregates.stars import COUNTS
from mangetamain.questions.aggregates.values import say_alike, say_nothing
from mangetamain.questions.calendar_cells import LONE, ROOM, Cells, alike, held_cells, read_cells, say_months, series
from mangetamain.questions.comparison import WHOLE, Comparison, Pair, apart_names, difference
from mangetamain.questions.contrast.published import PublishedContrast, published_contrast, ranked, say_published
from mangetamain.questions.effects import yardstick
from mangetamain.questions.group_levels import COLUMNS, GroupGap, draw_groups, group_levels, say_gap, widest
from mangetamain.questions.question import Question
from mangetamain.warehouse import Columns, Executes


@dataclass(frozen=True, kw_only=True)
class Contrast(GroupGap):
    """The gap of a measure; `effect` is in standard deviations of a value, `left_out` are groups of too few values."""

    effect: Annotated[float, N_("Effect")]
    left_out: Annotated[tuple[str | int, ...], N_("Left out of the fit")]


@dataclass(frozen=True, kw_only=True)
class TooFewGroups(TooFew):
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
    method: Method = "robust",
) -> Columns:
    """Describe a measure in each season, weekday or month of the year.

    Reads the view `cube_centres` or `cube_ratings`; `recipes` or `reviews` for a selection, and for a group's median.

    Returns
    -------
    Columns
        One row a group that has values, in the calendar's order: season, month_of_year, weekday or weekend (as asked),
        n (int, recipes or reviews), mean, sd (sample), median (float, in the measure's unit), level, low, high (float,
        the group's level at the middle of the years beside a line, with its 95 % interval; months are the unit, for
        what one shares is a single draw), gap, gap_low, gap_high (float, what the group is above the lowest, with an
        interval that holds for all pairs of groups), under_low (float, the low end of what it is below the highest), p
        (float, of the clearest difference, on each row). Levels and gaps are unknown for a group of fewer than 100, and
        with fewer than 24 months that hold two values (ten of a trimmed mean), by weekday or weekend of each such
        group. Of a measure of stars also one to five (int, ratings of so many stars). By the published method also
        ranks (float, the sum of its values' ranks), ties (float, of t³ - t over values that occur t times, on each
        row), lower_quartile, upper_quartile. Against a second selection, its rows follow those of the first; levels and
        gaps are those of the months that both have; `selection` (str) stands before all columns and behind them, the
        same for both, apart, apart_low, apart_high, apart_gap, apart_gap_low, apart_gap_high, apart_under_low and
        apart_p: as level, gap and p, of what the first selection is above the second.
    """
    pair = Pair(among, against)
    one, other = pair.read(con, partial(held_cells, con, of=of, by=by, years=years, source=source))
    cells, groups = read_groups(con, one, by)
    if other is None:
        return _rows(cells, groups, ranked(con, one, by) if method == "published" else {})
    others, other_groups = read_groups(con, other, by)
    found, shared = correlations(con, one, other, MEASURES[of].centre, pooled=True)
    known = (np.isfinite(side.columns["centre"]) for side in (cells, others))
    a, b = comparison.alike(cells.columns, others.columns, "cut", *known)
    sides = replace(cells, columns=a), replace(others, columns=b)
    between = _apart(*sides, shared[np.isin(found, a["cut"])])
    # Of no month that both have, the levels are those of either by itself.
    one_side, other_side = sides if len(a["cut"]) else (cells, others)
    rows = _rows(one_side, groups, between), _rows(other_side, other_groups, between)
    return pair.stacked(*rows)


# What is told of each group beside its level.
NAMED = ("n", *COUNTS, "mean", "sd", "median")
# What a level or gap is called for what one selection is above another.
APART = apart_names(COLUMNS)


def read_groups(con: Executes, values: Held, by: str) -> tuple[Cells, Columns]:
    """Describe the cells of a selection, groups in months, and its groups."""
    cells = read_cells(con, values, by=by)
    if COUNTS[0] not in cells.columns:
        return cells, summary(con, replace(values, cut=CALENDARS[by].place))
    # Of stars, a group has as many of each as all of its months.
    groups, place = np.unique(cells.columns["cut"].astype(int) % ROOM, return_inverse=True)
    whole = np.zeros((len(groups), len(COUNTS)), dtype=np.int64)
    np.add.at(whole, place, np.stack([cells.columns[name] for name in COUNTS], axis=1))
    return cells, stars.described(whole, values.of) | {"cut": groups} | dict(zip(COUNTS, whole.T, strict=True))


def _rows(cells: Cells, groups: Columns, more: Columns) -> Columns:
    """Describe each group that has values, with its level; `more` are columns of every group of the calendar."""
    place, levels = groups["cut"].astype(int), group_levels(cells.series, len(cells.size))
    return {
        cells.by: np.array(CALENDARS[cells.by].values)[place],
        **{name: groups[name] for name in NAMED if name in groups},
        **{name: column[place] for name, column in (levels | more).items()},
    }


def _apart(one: Cells, other: Cells, shared: np.ndarray) -> Columns:
    """Fit what the first selection is above the second in each group, from their differences in the same cells."""
    a, b = one.columns, other.columns
    differences = series(a["cut"], *difference(a, b, shared), np.minimum(one.size, other.size), (-np.inf, np.inf))
    return {APART[name]: column for name, column in group_levels(differences, len(one.size)).items()}


def judge(
    table: Columns, *, of: Of = "rating", by: By = "season", pair: Pair = WHOLE, method: Method = "robust"
) -> Found:
    """Compare the groups and judge the widest gap against the smallest that matters.

    Against a second selection the same is done to what the first is above it.
    """
    alone = partial(_judge, of=of, by=by, method=method)
    return pair.judged(
        table, alone, lambda one, _: _widest(one | {name: one[column] for name, column in APART.items()}, of, by)
    )


def _judge(table: Columns, *, of: str, by: str, method: str) -> Side:
    total = int(table["n"].sum())
    if alike(table):
        return Alike(n=total, value=float(table["mean"][0]))
    if method == "published":
        varied = (table["n"] > 1).sum() > 1 and (table["sd"] > 0).any()
        return published_contrast(table, by, of) if varied else TooFewGroups(n=total, least=LONE)
    return _widest(table, of, by)


def _widest(table: Columns, of: str, by: str) -> Contrast | TooFewGroups:
    """Judge the widest gap of levels, or of differences."""
    known, total = np.isfinite(table["gap"]), int(table["n"].sum())
    if not known.any():
        return TooFewGroups(n=total, least=THIN, verdict="undecided" if total else None)
    found = widest(table, by, MEASURES[of].gap.size)
    within = float(np.sqrt(np.average(table["sd"][known] ** 2, weights=table["n"][known] - 1)))
    effect = found["gap"].value / within if within else 0.0
    return Contrast(**found, effect=effect, left_out=tuple(map(CALENDARS[by].kept, table[by][~known])))


def draw(table: Columns, finding: Found, *, of: Of = "rating", by: By = "season", pair: Pair = WHOLE) -> charts.Figure:
    """Draw each group's level with its interval, and the mean of a group that has none."""
    calendar = CALENDARS[by]
    figure = charts.canvas(say(calendar.label), MEASURES[of].axis)
    measure, slack = MEASURES[of], None
    if isinstance(finding, Contrast):
        slack = finding.bottom, finding.bottom + finding.smallest
    elif len(table[by]):
        yardstick(figure, measure, measure.gap.size)
    sides = pair.drawn(table, say("Level"))
    draw_groups(figure, calendar, by, sides, slack)
    point = "%{customdata[2]}" if sides[1:] else ""
    tooltips.tell(figure, measure.digits, tooltips.behind(measure.unit), named=bool(point), point=point)
    return figure


GAP = N_("a gap of {gap}"), N_("a real gap of {gap}")
# By how many values each of two groups needs.
TOO_FEW = {
    THIN: N_(
        "{subject}: nothing to compare; that takes two groups of {least} or more, {months}, and values that differ."
    ),
    LONE: N_("{subject}: nothing to compare; that takes two groups of {least} or more, and values that differ."),
}


def sentence(finding: Found, *, of: Of = "rating", by: By = "season", pair: Pair = WHOLE) -> Message:
    """Say which groups are highest and lowest, and what their gap amounts to."""
    measure = MEASURES[of]
    say_one = partial(_say, measure, by, say(measure.subject), measure.level)
    signed = partial(Number, digits=measure.digits, signed=True)
    return pair.said(finding, say_one, partial(_say, measure, by, pair.relative(say(measure.subject)), signed))


def _say(measure: Measure, by: str, subject: Message, level: Callable[[float], Number], finding: Side) -> Message:
    """Say the widest gap between levels, which are written as `level` does."""
    match finding:
        case Contrast(gap=gap):
            unit, digits = say(measure.change_unit), gap.digits(measure.digits)
            written = amount(Number(gap.value, digits), unit)
            return say_gap(
                finding, CALENDARS[by],
                subject=subject, bottom=level(finding.bottom), top=level(finding.top), gap=written,
                more=say(GAP[finding.verdict == "real"], gap=written), smallest=exact(finding.smallest), unit=unit,
                **gap.limits(digits),
            )  # fmt: skip
        case Alike():
            return say_alike(subject, measure, finding)
        case TooFewGroups(n=0):
            return say_nothing(measure)
        case TooFewGroups():
            return say(TOO_FEW[finding.least], subject=subject, least=finding.least, months=say_months(measure, by))
        case PublishedContrast():
            return say_published(finding, measure)


METHOD = N_(
    "The level of each season, month of the year, weekday or weekend. What a month shares - who happened to post "
    "or rate, what was in fashion, how the site stood - is one draw for all it holds, however much: seasons and "
    "months of the year are compared among months of history, beside a line, with a deviation between months and "
    "resemblance of neighbours; days of the week within each month, where what it shares cancels. Every pair of "
    "groups of at least 100 is compared, with intervals that hold for all pairs together; the widest gap is "
    "judged. The published method tests for any difference at all (analysis of variance, Student for two groups, "
    "Kruskal and Wallis) as if values were independent; of ratings by weekday it also sets the weekend against the "
    "other days (Mann and Whitney). Against a second selection, what the first is above it in each month takes the "
    "place of the level: the widest gap of these differences is judged. Their errors take off what both have in common "
    "through recipes that belong to both; levels are those of the months that both have."
)
contrast = Question("contrast", N_("Does a measure differ between times?"), METHOD, table, judge, draw, sentence)
