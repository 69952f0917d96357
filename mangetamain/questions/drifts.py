"""Families of terms: their counts by year, the largest changes among them, and sudden ones."""

from __future__ import annotations

import numpy as np

from mangetamain import stats
from mangetamain.finding import verdict
from mangetamain.questions.shares import LEAST, smallest_change
from mangetamain.warehouse import Columns, Executes, query

FALSE_DISCOVERY_RATE = 0.05
# Each way, as many as the predecessor's figures of rises and of falls show.
SHOWN_TERMS = 10
# Standard errors that a step between two years must exceed: some 40,000 of them are looked at.
STANDARD_ERRORS = 5.0
TERMS = f"""
    SELECT term, year, sum(recipes)::BIGINT AS count
    FROM cube_terms
    WHERE kind = $kind AND year IN (SELECT unnest($years))
    GROUP BY term, year
    QUALIFY sum(sum(recipes)) OVER (PARTITION BY term) >= {LEAST}
    ORDER BY term, year
"""
SPELLINGS = f"""
    SELECT spelling AS term, year, sum(occurrences)::BIGINT AS count
    FROM cube_spellings
    WHERE kind = $kind AND year IN (SELECT unnest($years))
    GROUP BY spelling, year
    QUALIFY sum(sum(occurrences)) OVER (PARTITION BY spelling) >= {LEAST}
    ORDER BY term, year
"""


def family(con: Executes, sql: str, kind: str, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Run a query of term, year and count, ordered by term, and return the terms and their counts by term and year."""
    rows = query(con, sql, {"kind": kind, "years": years.tolist()})
    term = rows["term"]
    new = np.append(True, term[1:] != term[:-1])[: len(term)]
    counts = np.zeros((int(new.sum()), len(years)))
    counts[np.cumsum(new) - 1, np.searchsorted(years, rows["year"])] = rows["count"]
    return term[new], counts


def extremes(change: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Mark the largest real changes each way."""
    shown = np.zeros(len(change), bool)
    for size in (change, -change):
        able = np.flatnonzero(real & (size > 0))
        shown[able[np.argsort(-size[able], kind="stable")][:SHOWN_TERMS]] = True
    return shown


def closely(year: np.ndarray, held: np.ndarray, n: np.ndarray, change: np.ndarray, shown: np.ndarray) -> Columns:
    """Fit the shown terms once more, closely, at a level of confidence that the quick fit does not reach."""
    confidence = 1 - FALSE_DISCOVERY_RATE * shown.sum() / max(len(shown), 1)
    low, high = np.full((2, len(shown)), np.nan)
    change, judged = change.copy(), np.full(len(shown), None, dtype=object)
    for i in np.flatnonzero(shown):
        smallest = smallest_change(held[i].sum() / n.sum())
        drift = stats.trend(year, held[i] / n, stats.share_se(held[i], n), confidence=confidence).slope.times(1000)
        change[i], low[i], high[i], judged[i] = drift.value, drift.low, drift.high, verdict(drift, smallest)
    return {"change": change, "low": low, "high": high, "verdict": judged}


def thirds(held: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares of the first and of the last third of the years, their recipes pooled."""
    third = len(n) // 3
    return held[:, :third].sum(1) / n[:third].sum(), held[:, -third:].sum(1) / n[-third:].sum()


def jumps(held: np.ndarray, n: np.ndarray, year: np.ndarray, change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the terms that made most of their change in one step that lasted.

    The step between two neighbouring years is beyond chance (5 standard errors), more than half of `change`, and at
    least half of it is left between the shares of all years before and of all years after.

    Returns
    -------
    tuple[ndarray, ndarray]
        For each term the step's second year (int, else None) and its size (a share, else NaN).
    """
    share, way = held / n, np.sign(change)[:, None]
    step = way * np.where(np.diff(year) == 1, np.diff(share, axis=1), 0.0)
    pooled = (held[:, 1:] + held[:, :-1]) / (n[1:] + n[:-1])
    chance = np.sqrt(pooled * (1 - pooled) * (1 / n[1:] + 1 / n[:-1]))
    before = held.cumsum(1)[:, :-1] / n.cumsum()[:-1]
    after = held[:, ::-1].cumsum(1)[:, ::-1][:, 1:] / n[::-1].cumsum()[::-1][1:]
    sudden = (
        (step > np.abs(change)[:, None] / 2) & (step > STANDARD_ERRORS * chance) & (way * (after - before) >= step / 2)
    )
    size = np.where(sudden, step, 0.0)
    at = size.argmax(axis=1)
    largest = size.max(axis=1, initial=0.0)
    years = np.array([int(year[i + 1]) if big else None for i, big in zip(at, largest > 0, strict=True)], dtype=object)
    return years, np.where(largest > 0, way[:, 0] * largest, np.nan)


def ordered(columns: Columns, shown: np.ndarray, year: np.ndarray) -> Columns:
    """Put the figure's terms first, each part by change, equal ones by name; the rows come by name."""
    order = np.lexsort((-columns["change"], ~shown))
    ends = {"first": np.full(len(shown), year[0], int), "last": np.full(len(shown), year[-1], int)}
    rounded = {name: c.round(6) if c.dtype.kind == "f" and name != "q" else c for name, c in columns.items()}
    return {name: column[order] for name, column in (rounded | {"shown": shown} | ends).items()}


def published_changes(con: Executes, kind: str, posted: Columns) -> Columns:
    """Subtract the occurrences per recipe of the first year from those of the last, as the predecessor did."""
    year, n = posted["year"], posted["n"]
    if not len(year):
        return {"term": np.empty(0, dtype=object)}
    term, counts = family(con, SPELLINGS, kind, year)
    early, late = counts[:, 0] / n[0], counts[:, -1] / n[-1]
    shares = {"first_share": early, "last_share": late, "change": late - early}
    columns = {"term": term, "occurrences": counts.sum(axis=1).astype(int), **shares}
    return ordered(columns, extremes(late - early, np.ones(len(term), bool)), year)
