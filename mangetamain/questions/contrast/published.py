"""The contrast as the predecessor published it: tests of any difference, as if values were independent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from mangetamain import stats
from mangetamain.calendars import CALENDARS
from mangetamain.finding import AsPublished, Record
from mangetamain.language import N_, Message, Number, probability, say
from mangetamain.measures import Measure
from mangetamain.questions.aggregates.centres import Held
from mangetamain.questions.aggregates.stars import COUNTS, medians, scores
from mangetamain.warehouse import Columns, Executes, query

# Groups of a lone value have nothing to be tested by.
RANKED = """, tied AS (
        SELECT value, sum(n) AS times, sum(sum(n)) OVER (ORDER BY value ROWS UNBOUNDED PRECEDING) AS upto
        FROM known WHERE size > 1 GROUP BY value
    )
    SELECT cut::INT AS place, sum(n * (2 * tied.upto - times + 1))::DOUBLE / 2 AS ranks,
        (SELECT sum(times::HUGEINT * times * times - times) FROM tied)::DOUBLE AS ties,
        max(value) FILTER (before <= floor(0.25 * (size - 1) + 0.5)) AS lower_quartile,
        max(value) FILTER (before <= floor(0.75 * (size - 1) + 0.5)) AS upper_quartile
    FROM known LEFT JOIN tied USING (value) GROUP BY cut ORDER BY cut"""


@dataclass(frozen=True)
class PublishedGroup(Record):
    """One group as published: sample deviation, quartiles of the nearest rank, shares of 5 and of 2 or less in %."""

    group: Annotated[str, N_("Group")]
    n: int
    mean: float
    sd: float
    median: float
    lower_quartile: Annotated[float | None, N_("Lower quartile")] = None
    upper_quartile: Annotated[float | None, N_("Upper quartile")] = None
    five: float | None = None
    low: float | None = None


@dataclass(frozen=True)
class WeekendSplit(Record):
    """Weekend against weekdays: Mann and Whitney's U of the weekend, and Cohen's d on the mean of the variances."""

    weekday: PublishedGroup
    weekend: Annotated[PublishedGroup, N_("Weekend")]
    u: Annotated[float, N_("Mann and Whitney’s U")]
    p: Annotated[float, N_("p-value")]
    difference: Annotated[float, N_("Difference")]
    d: Annotated[float, N_("Cohen’s d")]


@dataclass(frozen=True, kw_only=True)
class PublishedContrast(AsPublished):
    """The predecessor's tests, which take values as independent; `variation` and `max_min` are of the volumes.

    `t`, of two groups, takes their variances as equal: its square is `f`, and its p-value that of F.
    """

    groups: Annotated[tuple[PublishedGroup, ...], N_("Group")]
    f: Annotated[float, N_("F")]
    f_p: Annotated[float, N_("p-value of F")]
    eta2: Annotated[float, N_("Share of variance explained")]
    t: Annotated[float | None, N_("Student’s t")]
    h: Annotated[float, N_("Kruskal and Wallis’s H")]
    h_p: Annotated[float, N_("p-value of Kruskal and Wallis’s H")]
    range: Annotated[float, N_("Range of the means")]
    variation: Annotated[float, N_("Coefficient of variation")]
    max_min: Annotated[float, N_("Largest over smallest")]
    split: Annotated[WeekendSplit | None, N_("Weekend against weekdays")]


def ranked(con: Executes, values: Held, by: str) -> Columns:
    """Sum the ranks of each group's values among those of all groups.

    Returns
    -------
    Columns
        One row a group of the calendar, NaN where it has no value: ranks, ties (float, the sum of t³ - t over values
        that occur t times, the same in each row), lower_quartile, upper_quartile (float, nearest-rank).
    """
    calendar = CALENDARS[by]
    values = replace(values, cut=calendar.place)
    found = query(con, values.sql(RANKED), values.rows.bound)
    place, columns = found.pop("place"), {name: np.full(len(calendar.values), np.nan) for name in found}
    for name, column in columns.items():
        column[place] = found[name]
    return columns


def published_contrast(table: Columns, by: str, of: str) -> PublishedContrast:
    """Compute the published tests of a table with at least two groups of two values."""
    part = {name: column[table["n"] > 1] for name, column in table.items()}
    n, mean = part["n"], part["mean"]
    anova = stats.anova_from_moments(n, mean, part["sd"] ** 2)
    h, h_p = stats.kruskal(n, part["ranks"], float(part["ties"][0]))
    counts = np.stack([part[name] for name in COUNTS], axis=1) if COUNTS[0] in part else None
    columns = ("n", "mean", "sd", "median", "lower_quartile", "upper_quartile")
    groups = [
        PublishedGroup(str(name), *numbers)
        for name, *numbers in zip(*(part[column].tolist() for column in (by, *columns)), strict=True)
    ]
    if counts is not None:
        groups = [_with_shares(group, row) for group, row in zip(groups, counts, strict=True)]
    return PublishedContrast(
        n=int(table["n"].sum()),
        groups=tuple(groups),
        f=anova.f,
        f_p=anova.p,
        eta2=anova.eta2,
        t=float(np.copysign(np.sqrt(anova.f), mean[0] - mean[1])) if len(n) == 2 else None,
        h=h,
        h_p=h_p,
        range=float(np.ptp(mean)),
        variation=float(n.std() / n.mean()),
        max_min=float(n.max() / n.min()),
        split=_split(part["weekday"] >= 6, counts, of) if by == "weekday" and counts is not None else None,
    )


TESTS = {
    False: N_(
        "{subject}: the published tests give F {f} and H {h} over {groups} groups that span {range} {unit} (η² {eta2})."
    ),
    True: N_(
        "{subject}: the published tests give t {t} (p {p}) and H {h} between two groups that are {range} {unit} apart."
    ),
}


def say_published(finding: PublishedContrast, measure: Measure) -> Message:
    """Say the published tests."""
    return say(
        TESTS[finding.t is not None],
        subject=say(measure.subject), unit=say(measure.change_unit), groups=len(finding.groups),
        f=Number(finding.f, 3), h=Number(finding.h, 3), eta2=Number(finding.eta2, 5), range=Number(finding.range, 4),
        t=Number(finding.t or 0.0, 3, signed=True), p=probability(finding.f_p),
    )  # fmt: skip


def _with_shares(group: PublishedGroup, counts: np.ndarray) -> PublishedGroup:
    five, low = (100 * float(part) / group.n for part in (counts[4], counts[:2].sum()))
    return replace(group, five=five, low=low)


def _group(name: str, counts: np.ndarray, of: str) -> PublishedGroup:
    score = scores(of)
    n = int(counts.sum())
    mean, sd, _ = stats.mean_se(n, counts @ score, counts @ score**2)
    return _with_shares(PublishedGroup(name, n, float(mean), float(sd), float(medians(counts[None])[0])), counts)


def _split(weekend: np.ndarray, counts: np.ndarray, of: str) -> WeekendSplit | None:
    days, ends = counts[~weekend].sum(axis=0), counts[weekend].sum(axis=0)
    if not days.any() or not ends.any():
        return None
    first, second = _group("weekday", days, of), _group("weekend", ends, of)
    u, p = stats.mann_whitney(ends, days)
    spread, difference = np.sqrt((first.sd**2 + second.sd**2) / 2), second.mean - first.mean
    d = float(difference / spread) if spread else 0.0
    return WeekendSplit(first, second, u, p, difference, d)
