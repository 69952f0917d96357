"""Does a measure differ by season, month of the year, weekday, or between weekend and the rest?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.finding import Alike, TooFew
from mangetamain.language import N_, Message, Number, amount, exact, say
from mangetamain.measures import ALL, MEASURES, THIN, Against, Among, By, Measure, Method, Of, Source, Years
from mangetamain.questions import comparison
from mangetamain.questions.aggregates import stars
from mangetamain.questions.aggregates.centres import held, summary
from mangetamain.questions.aggregates.covariances import correlations
from mangetamain.questions.aggregates.stars import COUNTS, STARS
from mangetamain.questions.aggregates.values import say_alike, say_nothing
from mangetamain.questions.calendar_cells import LONE, ROOM, Cells, alike, held_cells, levels, read_cells, say_months
from mangetamain.questions.comparison import Comparison, apart_names, difference
from mangetamain.questions.contrast.published import PublishedContrast, published_contrast, ranked, say_published
from mangetamain.questions.effects import yardstick
from mangetamain.questions.group_levels import COLUMNS, GroupGap, draw_groups, say_gap, widest
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
    look_up = partial(read_groups, con, of=of, by=by, years=years, source=source)
    one, other = comparison.read(con, look_up, among, against)
    if other is None:
        return one.rows(ranked(con, one.cells.values, by) if method == "published" else None)
    (a, values), (b, others) = ((side.cells.columns, side.cells.values) for side in (one, other))
    cells, shared = correlations(con, values, others, MEASURES[of].centre, pooled=True)
    a, b = comparison.alike(a, b, "cut", *(np.isfinite(side["centre"]) for side in (a, b)))
    between = apart(a, b, shared[np.isin(cells, a["cut"])], np.minimum(one.cells.size, other.cells.size))
    if len(a["cut"]):
        one, other = one.of(a), other.of(b)
    return comparison.stacked(one.rows(between), other.rows(between), among, against)


# What is told of each group beside its level.
NAMED = ("n", *COUNTS, "mean", "sd", "median")
# What a level or gap is called for what one selection is above another.
APART = apart_names(COLUMNS)


@dataclass(frozen=True)
class Read:
    """What was read of a selection: its cells, groups in months, and the groups."""

    cells: Cells
    groups: Columns

    def of(self, columns: Columns) -> Read:
        """Keep these of the cells alone."""
        return replace(self, cells=replace(self.cells, columns=columns))

    def rows(self, more: Columns | None = None) -> Columns:
        """Describe each group that has values; `more` are columns of every group of the calendar."""
        by, place = self.cells.by, self.groups["cut"].astype(int)
        return {
            by: np.array(CALENDARS[by].values)[place],
            **{name: self.groups[name] for name in NAMED if name in self.groups},
            **{name: column[place] for name, column in (self.cells.levels() | (more or {})).items()},
        }


def read_groups(
    con: Executes, *, of: str, by: str, years: tuple[int, int], source: str, among: Conditions, name: str = "among"
) -> Read:
    """Describe the cells and the groups of a selection."""
    values = held_cells(con, of=of, by=by, years=years, source=source, among=among, name=name)
    cells = read_cells(con, values, by=by)
    if COUNTS[0] in cells.columns:
        return Read(cells, _of_stars(cells.columns, of))
    groups = held(con, of, CALENDARS[by].place, years=years, source=source, among=among, name=name)
    return Read(cells, summary(con, groups))


def _of_stars(cells: Columns, of: str) -> Columns:
    """Describe each group by how many ratings of one to five stars it has in all its months."""
    groups, place = np.unique(cells["cut"].astype(int) % ROOM, return_inverse=True)
    whole = np.zeros((len(groups), len(STARS)), dtype=np.int64)
    np.add.at(whole, place, np.stack([cells[name] for name in COUNTS], axis=1))
    return stars.described(whole, of) | {"cut": groups} | dict(zip(COUNTS, whole.T, strict=True))


def apart(one: Columns, other: Columns, shared: np.ndarray, size: np.ndarray) -> Columns:
    """Fit what the first selection is above the second in each group, from their differences in the same cells."""
    found = levels(one["cut"], *difference(one, other, shared), size, (-np.inf, np.inf))
    return {APART[name]: column for name, column in found.items()}


def apart_levels(one: Columns) -> Columns:
    """Read what the first selection is above the second as a table of levels of its own."""
    return one | {name: one[column] for name, column in APART.items()}


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
    alone = partial(_judge, of=of, by=by, method=method)
    return comparison.judged(table, among, against, alone, lambda one, _: _widest(apart_levels(one), of, by))


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


def draw(
    table: Columns, finding: Found, *, of: Of = "rating", by: By = "season", among: Among = (), against: Against = None
) -> charts.Figure:
    """Draw each group's level with its interval, and the mean of a group that has none."""
    calendar = CALENDARS[by]
    figure = charts.canvas(say(calendar.label), MEASURES[of].axis)
    alone: comparison.Drawn = table, say("Level"), "centre"
    sides = [alone] if against is None else comparison.drawn(table, among, against)
    measure, slack = MEASURES[of], None
    if isinstance(finding, Contrast):
        slack = finding.bottom, finding.bottom + finding.smallest
    elif len(table[by]):
        yardstick(figure, measure, measure.gap.size)
    draw_groups(figure, calendar, by, sides, slack)
    two = against is not None
    point = "%{customdata[2]}" if two else ""
    tooltips.tell(figure, measure.digits, tooltips.behind(measure.unit), named=two, point=point)
    return figure


GAP = N_("a gap of {gap}"), N_("a real gap of {gap}")
# By how many values each of two groups needs.
TOO_FEW = {
    THIN: N_(
        "{subject}: nothing to compare; that takes two groups of {least} or more, {months}, and values that differ."
    ),
    LONE: N_("{subject}: nothing to compare; that takes two groups of {least} or more, and values that differ."),
}


def sentence(
    finding: Found, *, of: Of = "rating", by: By = "season", among: Among = (), against: Against = None
) -> Message:
    """Say which groups are highest and lowest, and what their gap amounts to."""
    measure = MEASURES[of]
    say_one = partial(_say, measure, by, say(measure.subject), measure.level)
    match finding:
        case Comparison():
            relative = comparison.relative(measure.subject, among, against)
            signed = partial(Number, digits=measure.digits, signed=True)
            say_difference = partial(_say, measure, by, relative, signed)
            return comparison.say_comparison(finding, among, against, say_one, say_difference)
        case Contrast() | TooFewGroups() | Alike() | PublishedContrast():
            return say_one(finding)


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
