"""Numbers on the days of a period, and of seasons, months of the year and weekdays: these are compared by ratios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats, tooltips
from mangetamain.calendars import CALENDARS, Calendar
from mangetamain.finding import Finding, TooFew
from mangetamain.language import N_, Inside, Message, Number, say
from mangetamain.measures import PARTIAL_YEARS
from mangetamain.questions.aggregates.values import Rows
from mangetamain.questions.group_levels import FEWEST, GroupGap, Series, draw_groups, group_levels, say_gap, widest
from mangetamain.volumes import SMALLEST, Volume
from mangetamain.warehouse import Columns, Executes, query

# Where a group has fewer in a month, the logarithm of its number says little: the year is left out.
LEAST = 5
# Months at the ends of a series that have not two years around them.
ENDS = 24


@dataclass(frozen=True, kw_only=True)
class VolumeGap(GroupGap):
    """The gap of a number a day, as a share of the lowest group's."""


@dataclass(frozen=True, kw_only=True)
class VolumesTooSmall(TooFew):
    """Numbers that are too small, or of too few months, to compare; `fewest` months are needed."""

    fewest: Annotated[int, N_("Fewest months")]


Found = VolumeGap | VolumesTooSmall
# The first and the last day of a view, whatever the selection: none of it was there on the others.
SPANS = {
    "recipes": "SELECT min(submitted) AS opened, max(submitted) AS ended FROM recipes",
    "reviews": "SELECT min(day) AS opened, max(day) AS ended FROM cube_ratings WHERE source = $source",
}
COVERED = """
    SELECT day, year, month, weekday, season
    FROM days JOIN ({span}) AS span ON day BETWEEN opened AND ended
    WHERE year BETWEEN $first AND $last
"""


def _number(volume: Volume, rows: Rows) -> str:
    return f"count(DISTINCT {volume.person})" if volume.person else rows.number


def by_period(con: Executes, by: str, volume: Volume, rows: Rows) -> Columns:
    """Count in each year or in each month of history; see `volume`."""
    sql = f"""
        WITH moments AS (
            SELECT year, coalesce(month, 0) AS month
            FROM ({COVERED.format(span=SPANS[volume.view])}) AS covered GROUP BY GROUPING SETS ((year), (year, month))
        ), counted AS (
            SELECT year, coalesce(month, 0) AS month, ({_number(volume, rows)})::BIGINT AS n
            FROM {rows.sql} GROUP BY GROUPING SETS ((year), (year, month))
        )
        SELECT year, month, coalesce(n, 0) AS n
        FROM moments LEFT JOIN counted USING (year, month) ORDER BY year, month
        """
    found = query(con, sql, rows.bound)
    year, month, n = found["year"].astype(int), found["month"].astype(int), found["n"]
    whole = month == 0
    if by == "month":
        days = (12 * (year[~whole] - 1970) + month[~whole] - 1).astype("datetime64[M]").astype("datetime64[D]")
        return {"month": days, "n": n[~whole]}
    # In parts of what the months add up to and of the year: people who come in several months count once a year.
    months = [n[(year == one) & ~whole & (n > 0)] for one in year[whole]]
    parts = [each.std(ddof=1) / each.sum() if len(each) > 1 else 0.0 for each in months]
    spread = (np.array(parts) * n[whole]).round(6)
    return {"year": year[whole], "n": n[whole], "month_sd": spread, "partial": np.isin(year[whole], PARTIAL_YEARS)}


def by_group(con: Executes, by: str, volume: Volume, rows: Rows) -> Columns:
    """Count on the days of each group, and compare the groups; see `volume`."""
    calendar = CALENDARS[by]
    # By weekday and month of history, whatever the groups: the sums over days of their number, and of it squared.
    sql = f"""
        WITH counted AS (
            SELECT {rows.day} AS day, ({_number(volume, rows)})::BIGINT AS n FROM {rows.sql} GROUP BY {rows.day}
        )
        SELECT year::INT * 12 + month - 1 AS month, {calendar.place} AS place, count(*) AS days,
            sum(coalesce(n, 0))::BIGINT AS n, sum(coalesce(n * n, 0))::BIGINT AS squares
        FROM ({COVERED.format(span=SPANS[volume.view])}) AS covered LEFT JOIN counted USING (day)
        GROUP BY year, covered.month, weekday, place ORDER BY year, covered.month, weekday
        """
    found = query(con, sql, rows.bound)
    groups = len(calendar.values)
    n, days = (np.bincount(found["place"], found[name], groups).astype(int) for name in ("n", "days"))
    held = days > 0
    with np.errstate(invalid="ignore"):
        columns: Columns = {by: np.array(calendar.values), "n": n, "days": days, "mean": n / days}
    columns |= _compared(found, groups)
    return {name: column[held] for name, column in columns.items()}


def _compared(found: Columns, groups: int) -> Columns:
    """Compare the logarithms of the numbers a day, and turn levels and gaps back into numbers and ratios."""
    (month, place), at = np.unique(np.stack([found["month"], found["place"]]), axis=1, return_inverse=True)
    n, days = (np.bincount(at.ravel(), found[name], len(month)) for name in ("n", "days"))
    year = month // 12
    cells = np.bincount(year)[year]
    kept = np.bincount(year, n)[year] >= LEAST * cells
    middle = np.log((n + 0.5) / np.maximum(days, 1))
    if len(np.unique(month)) == len(month):  # weekdays share a month and its course, seasons do not
        middle = stats.within_years(month, np.where(kept, middle, np.nan))
        kept &= np.isfinite(middle)
    errors = _errors(found)[year] / np.sqrt(days)
    numbers = group_levels(Series(month[kept], place[kept], middle[kept], errors[kept]), groups)
    # The logarithms know the groups' ratios; in all, the numbers a day add up to what was counted, in all months, so
    # that Saturdays and Sundays lie around the weekend.
    known = np.isfinite(numbers["level"])[place]
    scale = n[known].sum() / max((np.exp(numbers["level"])[place] * days)[known].sum(), 1e-300)
    level, least = scale * np.exp(numbers["level"]), scale * np.exp(np.fmin.reduce(numbers["level"]))
    gap, low, high = (np.expm1(numbers[name]) for name in ("gap", "gap_low", "gap_high"))
    # How many there are in all is known: what is open is how far the groups lie apart.
    levels = {"level": level, "low": least * (1 + low), "high": least * (1 + high)}
    gaps = {"gap": gap, "gap_low": low, "gap_high": high, "under_low": -np.expm1(-numbers["under_low"])}
    return {**{name: column.round(9) for name, column in {**levels, **gaps}.items()}, "p": numbers["p"]}


def _errors(found: Columns) -> np.ndarray:
    """Give the error of the logarithm of a number a day, were it of one day, by year from 0 on.

    A year's days differ within the weekdays of its months as much as they do, and at least as Poisson's do.
    """
    year, n, days = found["month"] // 12, found["n"], found["days"]
    totals = (np.bincount(year, weights) for weights in (n, days, found["squares"] - n**2 / days, days - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        n, days, within, freedom = totals
        mean = n / days
        return np.asarray(np.sqrt(np.maximum(within / freedom, mean)) / mean)


def judge_volumes(table: Columns, by: str) -> Found:
    """Judge the widest gap against the smallest that matters."""
    if np.isfinite(table["gap"]).any():
        return VolumeGap(**widest(table, by, SMALLEST.size))
    fewest = FEWEST if by in ("weekday", "weekend") else FEWEST + ENDS
    return VolumesTooSmall(n=int(table["n"].sum()), verdict="undecided", fewest=fewest)


def draw_volumes(table: Columns, finding: Finding, by: str, volume: Volume) -> charts.Figure:
    """Draw each group's level a day, with the interval of its gap to the lowest; as counted, where there is none."""
    label, slack = say(CALENDARS[by].label), None
    if isinstance(finding, VolumeGap):
        slack = finding.bottom, finding.bottom * (1 + finding.smallest)
        label = say("{calendar} (interval: gap to the lowest)", calendar=label)
    figure = charts.canvas(label, say(volume.daily))
    figure.update_yaxes(rangemode="tozero")
    draw_groups(figure, CALENDARS[by], by, [(table, say("Level"), "centre")], slack)
    tooltips.tell(figure, 1, Inside(say(volume.daily)), named=False)
    return figure


def say_volumes(finding: Found, calendar: Calendar, volume: Volume) -> Message:
    """Say which groups are highest and lowest, and what their gap amounts to."""
    match finding:
        case VolumeGap(gap=gap):
            digits, more = 1 if finding.bottom >= 10 else 2, Number(gap.value, 1, percent=True)
            return say_gap(
                finding, calendar,
                subject=say(volume.subject), bottom=say("{number} a day", number=Number(finding.bottom, digits)),
                top=Number(finding.top, digits), gap=more, more=say("{gap} more", gap=more),
                smallest=Number(finding.smallest, 0, percent=True), **gap.limits(1, percent=True),
            )  # fmt: skip
        case VolumesTooSmall():
            return say(
                "Too little to compare {subject} between times: that takes {fewest} months, of years in which a group "
                "has {least} or more in the average month.",
                subject=Inside(say(volume.subject)), fewest=finding.fewest, least=LEAST,
            )  # fmt: skip
