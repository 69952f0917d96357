"""Risers and fallers as the predecessor published them: occurrences of spellings, the last year against the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain.conditions import Conditions
from mangetamain.finding import AsPublished, Record
from mangetamain.language import N_, Listing, Message, Number, say
from mangetamain.questions.drifts import extremes, ordered
from mangetamain.questions.shares import COUNTED, LEAST, no_terms, recipes_by_year, spelled
from mangetamain.warehouse import Columns, Executes, query

# In the sentence, each way.
NAMED_TERMS = 3
SPELLINGS = f"""
    SELECT spelling AS term, year, sum(occurrences)::BIGINT AS count
    FROM cube_spellings
    WHERE kind = $kind AND year IN (SELECT unnest($years))
    GROUP BY spelling, year
    QUALIFY sum(sum(occurrences)) OVER (PARTITION BY spelling) >= {LEAST}
"""


@dataclass(frozen=True)
class Delta(Record):
    """A spelling and the change of its occurrences per recipe from the first year to the last."""

    term: str
    delta: Annotated[float, N_("Change of occurrences per recipe")]


@dataclass(frozen=True, kw_only=True)
class PublishedChanges(AsPublished):
    """The predecessor's differences between the first and the last year, the largest ten each way, of `n` spellings."""

    kind: str
    first: int
    last: int
    up: Annotated[tuple[Delta, ...], N_("Rising")]
    down: Annotated[tuple[Delta, ...], N_("Falling")]


def published_changes(con: Executes, kind: str, years: tuple[int, int], among: Conditions) -> Columns:
    """Subtract the occurrences per recipe of the first year from those of the last, as the predecessor did."""
    spelled(among)
    posted = recipes_by_year(con, years)
    year, n = posted["year"], posted["n"]
    if not len(year):
        return no_terms()
    rows = query(con, SPELLINGS, {"kind": kind, "years": year.tolist()})
    term, place = np.unique(rows["term"], return_inverse=True)
    counts = np.zeros((len(term), len(year)))
    counts[place, np.searchsorted(year, rows["year"])] = rows["count"]
    early, late = counts[:, 0] / n[0], counts[:, -1] / n[-1]
    shares = {"first_share": early, "last_share": late, "change": late - early}
    columns = {"term": term, "occurrences": counts.sum(axis=1).astype(int), **shares}
    return ordered(columns, extremes(late - early, np.ones(len(term), bool)), year)


def say_published(finding: PublishedChanges) -> Message:
    """Name the spellings that changed most each way."""
    return say(
        "Occurrences per recipe of {terms} as spelled, {last} against {first}; most up: {up}; "
        "most down: {down}.",
        terms=say(COUNTED[finding.kind], n=finding.n), first=str(finding.first), last=str(finding.last),
        up=_say_deltas(finding.up), down=_say_deltas(finding.down),
    )  # fmt: skip


def _say_deltas(deltas: tuple[Delta, ...]) -> Message | Listing:
    said = (
        say("{term} {change}", term=one.term, change=Number(one.delta, 3, signed=True)) for one in deltas[:NAMED_TERMS]
    )
    # Translators: no terms, in a list of those that rise or fall; no warehouses elsewhere (both feminine)
    return Listing(tuple(said)) if deltas else say("none")
