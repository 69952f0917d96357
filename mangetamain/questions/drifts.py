"""Families of terms: their counts by year, the largest changes among them, and sudden ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangetamain import stats
from mangetamain.finding import Estimate, verdict
from mangetamain.questions.shares import LEAST, NAMED, Held, placed, rounded, smallest_change
from mangetamain.warehouse import Columns, Executes, query

FALSE_DISCOVERY_RATE = 0.05
# Where a change is less likely to have gone the other way, its 95 % interval excludes zero.
MOST_WRONG = 0.025
EVERY_TERM = 1_000_000_000
# Each way, as many as the predecessor's figures of rises and of falls show.
SHOWN_TERMS = 10
# Sampling errors that a step between two years must exceed before it is looked at closely.
STANDARD_ERRORS = 5.0
# All terms, or at most so many of them, every second, third, ... by name, as `stats.family_trends` learns from; in no
# order, for places tell it.
TERMS = f"""
    WITH held AS MATERIALIZED (
        SELECT code, year, recipes FROM {{held}} AS counted WHERE year IN (SELECT unnest($years))
    ), frequent AS (
        SELECT code, row_number() OVER (ORDER BY code) - 1 AS place, ceil(count(*) OVER () / $most)::BIGINT AS step,
            min(year) AS first
        FROM held GROUP BY code HAVING sum(recipes) >= {LEAST}
    )
    SELECT {NAMED}, first, place // step AS place, year, recipes
    FROM held JOIN frequent USING (code) JOIN term_codes USING (code) WHERE place % step = 0
"""


@dataclass(frozen=True)
class Family:
    """The terms that at least 50 recipes of the fit hold, by name, their counts by term and year, and their scatter."""

    year: np.ndarray
    n: np.ndarray
    term: np.ndarray
    held: np.ndarray
    scatter: stats.Scatter


def family(con: Executes, held: Held, year: np.ndarray, n: np.ndarray) -> tuple[Family, stats.Mixture]:
    """Count the terms of a kind in the years of a fit, learn together how much they scatter, and fit their slopes."""
    given = {"years": year.tolist(), "most": EVERY_TERM}
    term, found = counts(query(con, TERMS.format(held=held.sql), {**held.bound, **given}), year)
    scatter, slopes = stats.family_trends(year, found, n)
    return Family(year, n, term, found, scatter), slopes


def counts(rows: Columns, year: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the terms of such rows as `TERMS` gives, and their counts by term and year."""
    term, at = placed(rows, year)
    found = np.zeros((len(term), len(year)))
    found[at] = rows["recipes"]
    return term, found


def changes(slopes: stats.Mixture) -> list[Estimate]:
    """Give terms' changes in percentage points per decade, with the one interval that every question shows."""
    return slopes.times(1000).estimates()


def extremes(change: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Mark the largest real changes each way."""
    shown = np.zeros(len(change), bool)
    for size in (change, -change):
        able = np.flatnonzero(real & (size > 0))
        shown[able[np.argsort(-size[able], kind="stable")][:SHOWN_TERMS]] = True
    return shown


def intervals(terms: Family, slopes: stats.Mixture, shown: np.ndarray) -> Columns:
    """Give the interval and the verdict of the shown terms."""
    low, high = np.full((2, len(shown)), np.nan)
    judged = np.full(len(shown), None, dtype=object)
    places = np.flatnonzero(shown).tolist()
    for i, change in zip(places, changes(slopes.part(places)), strict=True):
        smallest = smallest_change(terms.held[i].sum() / terms.n.sum())
        low[i], high[i], judged[i] = change.low, change.high, verdict(change, smallest)
    return {"low": low, "high": high, "verdict": judged}


def thirds(held: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares of the first and of the last third of the years, their recipes pooled."""
    third = len(n) // 3
    return held[:, :third].sum(1) / n[:third].sum(), held[:, -third:].sum(1) / n[-third:].sum()


def jumps(terms: Family) -> tuple[np.ndarray, np.ndarray]:
    """Find the terms that made most of their change in one step that lasted.

    The step between two neighbouring years is more than half of the change from the first third of the years to the
    last, and at least half of it is left between the shares of all years before and of all years after. Fitted on the
    term's line, it is beyond the term's own scatter between years at a false discovery rate of 5 % over the family, its
    year having been chosen among all.

    Returns
    -------
    tuple[ndarray, ndarray]
        For each term the step's second year (int, else None) and its size as fitted (a share, else NaN).
    """
    from scipy.stats import false_discovery_control

    years, size = np.full(len(terms.term), None, dtype=object), np.full(len(terms.term), np.nan)
    at = _candidates(terms)
    able = np.flatnonzero(at)
    if not len(able):
        return years, size
    fit = stats.family_steps(terms.year, terms.held[able], terms.n, at[able], terms.scatter)
    p = np.ones(len(at))
    p[able] = np.minimum(1.0, fit.p() * (len(terms.year) - 1))
    way, fitted = np.sign(_step(terms)[able, at[able] - 1]), fit.mean()
    real = (false_discovery_control(p)[able] < FALSE_DISCOVERY_RATE) & (way * fitted > 0)
    years[able[real]] = [int(terms.year[i]) for i in at[able[real]]]
    size[able[real]] = fitted[real]
    return years, size


def _step(terms: Family) -> np.ndarray:
    """Subtract each year's share from the next year's; over a missing year there is no step."""
    return np.where(np.diff(terms.year) == 1, np.diff(terms.held / terms.n, axis=1), 0.0)


def _candidates(terms: Family) -> np.ndarray:
    """Give the index of the year of each term's largest step that lasted and is most of its change, 0 where none is."""
    held, n = terms.held, terms.n
    early, late = thirds(held, n)
    change = (late - early)[:, None]
    step = np.sign(change) * _step(terms)
    pooled = (held[:, 1:] + held[:, :-1]) / (n[1:] + n[:-1])
    chance = np.sqrt(pooled * (1 - pooled) * (1 / n[1:] + 1 / n[:-1]))
    before = held.cumsum(1)[:, :-1] / n.cumsum()[:-1]
    after = held[:, ::-1].cumsum(1)[:, ::-1][:, 1:] / n[::-1].cumsum()[::-1][1:]
    lasting = np.sign(change) * (after - before) >= step / 2
    size = np.where((step > np.abs(change) / 2) & (step > STANDARD_ERRORS * chance) & lasting, step, 0.0)
    return np.where(size.max(axis=1, initial=0.0) > 0, size.argmax(axis=1) + 1, 0)


def ordered(columns: Columns, shown: np.ndarray, year: np.ndarray) -> Columns:
    """Put the figure's terms first, each part by change, equal ones by name; the rows come by name."""
    order = np.lexsort((-columns["change"], ~shown))
    ends = {"first": np.full(len(shown), year[0], int), "last": np.full(len(shown), year[-1], int)}
    return {name: column[order] for name, column in (rounded(columns) | {"shown": shown} | ends).items()}
