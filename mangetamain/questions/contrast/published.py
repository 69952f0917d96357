"""The contrast of ratings as the predecessor published it: tests of any difference, as if ratings were independent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import stats
from mangetamain.finding import Finding, Record
from mangetamain.language import N_, Message, Number, say
from mangetamain.measures import Measure
from mangetamain.questions.aggregates.stars import COUNTS, medians, scores
from mangetamain.warehouse import Columns


@dataclass(frozen=True)
class PublishedGroup(Record):
    """One group as published: sample deviation, shares of 5 and of 2 or less in %."""

    group: Annotated[str, N_("Group")]
    n: int
    mean: float
    sd: float
    median: float
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
class PublishedContrast(Finding):
    """The predecessor's tests, which take ratings as independent; `variation` and `max_min` are of the volumes."""

    groups: Annotated[tuple[PublishedGroup, ...], N_("Group")]
    f: Annotated[float, N_("F")]
    f_p: Annotated[float, N_("p-value of F")]
    eta2: Annotated[float, N_("Share of variance explained")]
    h: Annotated[float | None, N_("Kruskal and Wallis’s H")]
    h_p: Annotated[float | None, N_("p-value of Kruskal and Wallis’s H")]
    range: Annotated[float, N_("Range of the means")]
    variation: Annotated[float, N_("Coefficient of variation")]
    max_min: Annotated[float, N_("Largest over smallest")]
    split: Annotated[WeekendSplit | None, N_("Weekend against weekdays")]


def published_contrast(table: Columns, by: str, of: str) -> PublishedContrast:
    """Compute the published tests of a table with at least two groups of two values; H wants counts of stars."""
    part = {name: column[table["n"] > 1] for name, column in table.items()}
    n = part["n"]
    counts = np.stack([part[name] for name in COUNTS], axis=1) if COUNTS[0] in part else None
    anova = stats.anova_from_moments(n, part["mean"], part["sd"] ** 2)
    h, h_p = stats.kruskal_from_counts(counts) if counts is not None else (None, None)
    groups = (
        [_group(str(name), row, of) for name, row in zip(part[by], counts, strict=True)]
        if counts is not None
        else [
            PublishedGroup(str(name), *numbers)
            for name, *numbers in zip(*(part[name].tolist() for name in (by, "n", "mean", "sd", "median")), strict=True)
        ]
    )
    return PublishedContrast(
        n=int(table["n"].sum()),
        groups=tuple(groups),
        f=anova.f,
        f_p=anova.p,
        eta2=anova.eta2,
        h=h,
        h_p=h_p,
        range=float(np.ptp(part["mean"])),
        variation=float(n.std() / n.mean()),
        max_min=float(n.max() / n.min()),
        split=_split(part["weekday"] >= 6, counts, of) if by == "weekday" and counts is not None else None,
    )


def say_published(finding: PublishedContrast, measure: Measure) -> Message:
    """Say the published tests."""
    text = N_(
        "{subject}: the published tests give F {f} and H {h} over {groups} groups that span {range} {unit} (η² {eta2})."
    )
    if finding.h is None:
        text = N_(
            "{subject}: the published test gives F {f} over {groups} groups that span {range} {unit} (η² {eta2})."
        )
    return say(
        text,
        subject=say(measure.subject), unit=say(measure.change_unit), groups=len(finding.groups),
        f=Number(finding.f, 3), h=Number(finding.h or 0.0, 3), eta2=Number(finding.eta2, 5),
        range=Number(finding.range, 4),
    )  # fmt: skip


def _group(name: str, counts: np.ndarray, of: str) -> PublishedGroup:
    score = scores(of)
    n = int(counts.sum())
    mean, sd, _ = stats.mean_se(n, counts @ score, counts @ score**2)
    five, low = (100 * float(part) / n for part in (counts[4], counts[:2].sum()))
    return PublishedGroup(name, n, float(mean), float(sd), float(medians(counts[None])[0]), five, low)


def _split(weekend: np.ndarray, counts: np.ndarray, of: str) -> WeekendSplit | None:
    from scipy.stats import mannwhitneyu

    days, ends = counts[~weekend].sum(axis=0), counts[weekend].sum(axis=0)
    if not days.any() or not ends.any():
        return None
    first, second = _group("weekday", days, of), _group("weekend", ends, of)
    stars = np.arange(len(COUNTS))
    test = mannwhitneyu(np.repeat(stars, ends), np.repeat(stars, days), method="asymptotic")
    spread, difference = np.sqrt((first.sd**2 + second.sd**2) / 2), second.mean - first.mean
    d = float(difference / spread) if spread else 0.0
    return WeekendSplit(first, second, float(test.statistic), float(test.pvalue), difference, d)
