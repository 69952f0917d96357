"""Terms of a season or of the weekend as the predecessor published them: chosen by thresholds, then tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.finding import AsPublished, Record
from mangetamain.language import N_, Listing, Message, Number, plural, say
from mangetamain.questions import published_only
from mangetamain.questions.shares import COUNTED, no_terms, spelled
from mangetamain.questions.term_contrast.cells import posted_by_year
from mangetamain.warehouse import Columns, Executes, query

# As many as the predecessor drew.
SHOWN_TERMS = 20
# In the sentence.
NAMED_TERMS = 3
# The thresholds, as shares: the mean of the groups, and how far the highest is above the lowest; for the weekend the
# test's p-value as well.
LEAST_MEAN = 0.01
LEAST_RANGE = {"season": 0.005, "weekend": 0.002}
LEVEL = 0.05
GROUPS = {
    "season": CALENDARS["season"].values,
    "weekend": ("occurrences - weekend", "weekend"),
}


@dataclass(frozen=True)
class PublishedGathering(Record):
    """A spelling, its occurrences per recipe in each group, in the calendar's order, and the test of any difference."""

    term: str
    shares: Annotated[tuple[float, ...], N_("Share")]
    chi2: Annotated[float, N_("Chi-squared")]
    p: Annotated[float, N_("p-value")]


@dataclass(frozen=True, kw_only=True)
class PublishedGatherings(AsPublished):
    """The predecessor's choice: of `n` spellings, `kept` pass its thresholds; the first twenty."""

    kind: str
    kept: Annotated[int, N_("Kept")]
    peaks: Annotated[tuple[PublishedGathering, ...], N_("Most concentrated")]


def published_table(con: Executes, kind: str, by: str, years: tuple[int, int], among: Conditions) -> Columns:
    """Choose spellings by the published thresholds, rank and test them; see `term_contrast`."""
    published_only.only("by", by, *GROUPS)
    spelled(among)
    posted = posted_by_year(con, by, years, ()).posted.sum(axis=0)
    if not posted.all():
        return no_terms()
    groups, parts = range(len(posted)), GROUPS[by]
    mean = " + ".join(f"n{i} / $posted[{i + 1}]" for i in groups)
    sql = SPELLINGS.format(
        sums=", ".join(f"sum({parts[i]})::DOUBLE AS n{i}" for i in groups), mean=mean, groups=len(posted)
    )
    bound = {"kind": kind, "first": years[0], "last": years[1], "posted": posted.tolist()}
    rows = query(con, sql, bound)
    held = np.stack([rows[f"n{i}"] for i in groups], axis=1)
    share = held / posted
    chi2, p = _tests(held, posted)
    apart = share[:, -1] - share[:, 0] if by == "weekend" else share.std(axis=1, ddof=1) / share.mean(axis=1)
    kept = np.ptp(share, axis=1) >= LEAST_RANGE[by]
    kept &= (p < LEVEL) | (by == "season")
    order = np.lexsort((-apart, ~kept))
    row, group = np.repeat(order, len(posted)), np.tile(groups, len(order))
    usual = share.mean(axis=1)
    return {
        "term": rows["term"][row],
        by: np.array(CALENDARS[by].values)[group],
        "occurrences": held[row, group].astype(int),
        "share": share[row, group],
        "usual": usual[row],
        "times": (share / usual[:, None])[row, group],
        "chi2": chi2[row],
        "p": p[row],
        "kept": kept[row],
        "shown": kept[row] & (np.arange(len(row)) < SHOWN_TERMS * len(posted)),
        "family": rows["family"][row],
    }


SPELLINGS = f"""
    WITH spelled AS (
        SELECT spelling AS term, {{sums}} FROM cube_spellings
        WHERE kind = $kind AND year BETWEEN $first AND $last GROUP BY spelling
    )
    SELECT *, (SELECT count(*) FROM spelled) AS family
    FROM spelled WHERE ({{mean}}) / {{groups}} >= {LEAST_MEAN} ORDER BY term
"""


def _tests(held: np.ndarray, posted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Test each row of counts against the recipes of the groups by chi-squared, of two with Yates's correction."""
    from scipy.stats import chi2

    expected = held.sum(axis=1, keepdims=True) * posted / posted.sum()
    off = np.abs(held - expected)
    off -= np.minimum(off, 0.5) if len(posted) == 2 else 0
    # What all recipes hold differs nowhere.
    found = (off**2 / expected + off**2 / np.maximum(posted - expected, 1e-9)).sum(axis=1)
    return found, chi2.sf(found, len(posted) - 1)


def published_gatherings(table: Columns, kind: str, by: str) -> PublishedGatherings:
    """Name the shown spellings with their shares and tests."""
    groups = len(CALENDARS[by].values)
    peaks = tuple(
        PublishedGathering(term, tuple(table["share"][i : i + groups].tolist()), chi2, p)
        for i in range(0, int(table["shown"].sum()), groups)
        for term, chi2, p in [(table["term"][i], float(table["chi2"][i]), float(table["p"][i]))]
    )
    return PublishedGatherings(
        n=int(table["family"][0]), kind=kind, kept=int(table["kept"].sum()) // groups, peaks=peaks
    )


NONE = N_("Of {spellings} as spelled, none passes the published thresholds.")
KEPT = plural(
    "Of {spellings} as spelled, {n} passes the published thresholds: {top}.",
    "Of {spellings} as spelled, {n} pass the published thresholds; the first: {top}.",
)


def say_published(finding: PublishedGatherings, by: str) -> Message:
    """Name the first spellings, each with its lowest and its highest share."""
    spellings = say(COUNTED[finding.kind], n=finding.n)
    if not finding.peaks:
        return say(NONE, spellings=spellings)
    top = Listing(tuple(_say_one(one, by) for one in finding.peaks[:NAMED_TERMS]))
    return say(KEPT, n=finding.kept, spellings=spellings, top=top)


def _say_one(one: PublishedGathering, by: str) -> Message:
    calendar = CALENDARS[by]
    ends = {"lowest": int(np.argmin(one.shares)), "highest": int(np.argmax(one.shares))}
    return say(
        "{term} (from {bottom}, {lowest}, to {top}, {highest})",
        term=one.term,
        bottom=Number(min(one.shares), 2, percent=True), top=Number(max(one.shares), 2, percent=True),
        **{name: calendar.said(str(calendar.values[at])) for name, at in ends.items()},
    )  # fmt: skip
