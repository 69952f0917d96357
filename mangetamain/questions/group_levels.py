"""Levels of the groups of a calendar and the widest gap: what comparisons of measures and of volumes share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from mangetamain import charts, stats
from mangetamain.calendars import CALENDARS, PERIODS, Calendar
from mangetamain.finding import Estimate, Finding, verdict
from mangetamain.language import N_, Message, say
from mangetamain.questions.comparison import Drawn
from mangetamain.questions.effects import estimated, say_outcome
from mangetamain.warehouse import Columns

# How far the levels of two sides stand beside their group's place, of which there is one a unit.
BESIDE = 0.12
SEASONS: tuple[charts.Role, ...] = ("winter", "spring", "summer", "autumn")
# Two years of months: with fewer, a season has come once, and could be anything.
FEWEST = PERIODS["month"].fewest
NO_GAP = Estimate(0.0, 0.0, 0.0)
COLUMNS = ("level", "low", "high", "gap", "gap_low", "gap_high", "under_low", "p")


@dataclass(frozen=True)
class Series:
    """Levels through months of history, whose groups are compared.

    Parameters
    ----------
    month, place
        The number of each cell's month, and its group, from 0; a cell is a group in a month.
    middle, error
        The cell's level and its sampling error.
    ends
        The least and the greatest value that there are, between which levels lie: beside a line that rises, the lowest
        season of a rare thing could fall below nothing.
    """

    month: np.ndarray
    place: np.ndarray
    middle: np.ndarray
    error: np.ndarray
    ends: tuple[float, float] = (-np.inf, np.inf)

    @property
    def alone(self) -> bool:
        """Whether each month holds a single group."""
        return len(np.unique(self.month)) == len(self.month)


def group_levels(series: Series, groups: int) -> Columns:
    """Fit each group's level among the months of history, and compare the groups.

    Returns
    -------
    Columns
        One row a group, of `groups`: level, low, high, gap, gap_low, gap_high (float, what the group is above the
        lowest, with an interval that holds for all pairs of groups), under_low (float, the low end of what it is below
        the highest), p (float, of the clearest difference, in each
        row); all NaN where the months are under 24, a group is alone or all cells are the same; level and gap NaN for a
        group without cells.
    """
    return levels_together([series], groups)[0]


def levels_together(series: Sequence[Series], groups: int, confidence: float = 0.95) -> list[Columns]:
    """Fit the levels of several series; those that have the same cells take little longer than one.

    The gaps' intervals hold for all pairs of groups of one series at the level of confidence.
    """
    means: dict[int, stats.SeriesMeans] = {}
    alike: dict[tuple[bytes, bytes], list[int]] = {}
    for i, one in enumerate(series):
        if len(np.unique(one.month)) < FEWEST or len(np.unique(one.place)) < 2:
            continue
        if not (np.ptp(one.middle) or one.error.any()):
            continue
        if one.alone:
            alike.setdefault((one.month.tobytes(), one.place.tobytes()), []).append(i)
        elif (paired := _paired(one)) is not None:
            means[i] = paired
    for places in alike.values():
        middle, error = (np.stack([getattr(series[i], name) for i in places]) for name in ("middle", "error"))
        first, code = series[places[0]], np.unique(series[places[0]].place, return_inverse=True)[1]
        fits = stats.calendar_means_together(first.month, code, middle, error, groups=int(code.max()) + 1)
        means |= dict(zip(places, fits, strict=True))
    return [_compared(one, means.get(i), groups, confidence) for i, one in enumerate(series)]


def _paired(series: Series) -> stats.SeriesMeans | None:
    """Compare the groups within months, where each month holds several."""
    months, used = np.unique(series.month), np.unique(series.place)
    grid = np.full((2, len(used), len(months)), np.nan)
    at = np.searchsorted(used, series.place), np.searchsorted(months, series.month)
    grid[0][at], grid[1][at] = series.middle, series.error
    whole = np.isfinite(grid).all(axis=(0, 1))
    return stats.paired_means(months[whole], *grid[:, :, whole]) if whole.sum() >= FEWEST else None


def _compared(series: Series, means: stats.SeriesMeans | None, groups: int, confidence: float) -> Columns:
    """Tell each group's level, and what it is above the lowest."""
    found = {name: np.full(groups, np.nan) for name in COLUMNS}
    if means is None:
        return found
    own, pairs = means.estimates(), stats.pairwise(means, confidence=confidence)
    # The lower of the pair that is widest apart: days within months have differences from series of their own, which
    # may turn the order of their levels round.
    highest, lowest = pairs[0].a, pairs[0].b
    above, below = _beside(pairs, lowest), _beside(pairs, highest)
    bottom = float(np.clip(means.mean[lowest], *series.ends))
    found["p"][:] = means.p
    for i, group in enumerate(np.unique(series.place)):
        gap = above.get(i, NO_GAP)
        level = bottom + gap.value  # what is shown agrees with the gap
        off = level - float(means.mean[i])
        interval = np.clip([level, own[i].low + off, own[i].high + off], *series.ends)
        numbers = (*interval, gap.value, gap.low, gap.high, 0 - below.get(i, NO_GAP).high)
        for name, number in zip(COLUMNS, numbers, strict=False):
            found[name][group] = number
    return found


def _beside(pairs: Sequence[stats.Pair], group: int) -> dict[int, Estimate]:
    """Tell what the other groups are above one."""
    above = {pair.a: pair.difference for pair in pairs if pair.b == group}
    return above | {pair.b: pair.difference.times(-1) for pair in pairs if pair.a == group}


@dataclass(frozen=True, kw_only=True)
class GroupGap(Finding):
    """The highest group of a calendar against the lowest.

    `gap` holds for all `pairs` together (Šidák), `p` is that of the clearest difference. The highest and the lowest are
    told apart where every other group is below, or above, beyond doubt.
    """

    highest: Annotated[str | int, N_("Highest group")]
    lowest: Annotated[str | int, N_("Lowest group")]
    top: Annotated[float, N_("Top")]
    bottom: Annotated[float, N_("Bottom")]
    gap: Annotated[Estimate, N_("Gap")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    p: Annotated[float, N_("p-value")]
    pairs: Annotated[int, N_("Pairs of groups")]
    highest_apart: Annotated[bool, N_("Highest told apart")]
    lowest_apart: Annotated[bool, N_("Lowest told apart")]


def widest(table: Columns, by: str, smallest: float) -> dict[str, Any]:
    """Judge the widest gap of a table in which there is one: what a `GroupGap` holds."""
    known = np.isfinite(table["gap"])
    part = {name: column[known] for name, column in table.items()}
    # The lowest is no way above itself; where differences have series of their own, another may lie a trace below it.
    width = part["gap_high"] - part["gap_low"]
    top = int(np.lexsort((width, part["gap"]))[-1])
    bottom = int(np.lexsort((width, np.abs(part["gap"])))[0])
    gap = estimated(part, top, "gap")
    groups = len(part["n"])
    return {
        "n": int(table["n"].sum()),
        "verdict": verdict(gap, smallest),
        "highest": CALENDARS[by].kept(part[by][top]),
        "lowest": CALENDARS[by].kept(part[by][bottom]),
        "top": float(part["level"][top]),
        "bottom": float(part["level"][bottom]),
        "gap": gap,
        "smallest": smallest,
        "p": float(part["p"][0]),
        "pairs": groups * (groups - 1) // 2,
        "highest_apart": bool((np.delete(part["under_low"], top) > 0).all()),
        "lowest_apart": bool((np.delete(part["gap_low"], bottom) > 0).all()),
    }


def draw_groups(
    figure: charts.Figure, calendar: Calendar, by: str, sides: Sequence[Drawn], slack: tuple[float, float] | None = None
) -> None:
    """Draw each group's level with its interval, and the mean of one that has none.

    Seasons have their own colours, and so have two sides, which stand beside one another. Between the ends of the
    `slack` a level is above the lowest by too little to matter: a small gap is seen to be small.
    """
    if slack:
        edges, (low, high) = np.array([-0.5, len(calendar.values) - 0.5]), np.repeat(slack, 2).reshape(2, 2)
        charts.band(figure, edges, low, high, say("Too little to matter"), "mute", place=np.arange(2))
    charts.ticks(figure, range(len(calendar.values)), map(say, calendar.names))
    if sides[1:]:
        figure.layout.hovermode = "closest"
    # A place of its own for each name, as bars have: a long one beside the edge would be left out.
    figure.update_xaxes(range=[-0.5, len(calendar.values) - 0.5])
    for (table, name, role), beside in zip(sides, (-BESIDE, BESIDE) if sides[1:] else (0,), strict=True):
        place = np.array([calendar.values.index(value) for value in table[by].tolist()], dtype=int)
        known = np.isfinite(table["level"])
        level = np.where(known, table["level"], table["mean"])
        low, high = (np.where(known, table[end], level) for end in ("low", "high"))
        marks = [(name, role, place >= 0)]
        if calendar.sql == "season" and not sides[1:]:
            seasons = enumerate(zip(map(say, calendar.names), SEASONS, strict=True))
            marks = [(season, colour, place == i) for i, (season, colour) in seasons]
        for label, colour, at in marks:
            if at.any():
                look: charts.Spec = {"low": low[at], "high": high[at], "named": bool(sides[1:])}
                if sides[1:]:
                    groups = [charts.words(say(calendar.names[i])) for i in place[at].tolist()]
                    look["customdata"] = list(zip(low[at].tolist(), high[at].tolist(), groups, strict=True))
                charts.dots(figure, place[at] + beside, level[at], label, colour, **look)


# What a verdict says; each names the two groups, their gap, or how much more that is, and its interval.
GAPS = {
    "up": N_("{subject} goes from {bottom} ({lowest}) to {top} ({highest}): {more} (95% interval {low} to {high})"),
    "negligible": N_(
        "{subject} hardly differs: from {bottom} ({lowest}) to {top} ({highest}), the gap of {gap} "
        "(95% interval {low} to {high}) is within the {smallest} that would not matter."
    ),
    "undecided": N_(
        "{subject} goes from {bottom} ({lowest}) to {top} ({highest}); the data do not settle whether that gap of "
        "{gap} (95% interval {low} to {high}) is more than chance."
    ),
}


def say_gap(finding: GroupGap, calendar: Calendar, **words: Any) -> Message:  # noqa: ANN401 - of `say_outcome`
    """Say which groups are highest and lowest, and what their gap amounts to."""
    words |= {"lowest": calendar.said(finding.lowest), "highest": calendar.said(finding.highest)}
    return say_outcome(GAPS, finding.verdict, finding.gap, **words)
