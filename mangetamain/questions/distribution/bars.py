"""The values of a measure in bars of equal width, and their middle and ends."""

from __future__ import annotations

import numpy as np

from mangetamain.questions.aggregates.centres import Held, mid_quantiles
from mangetamain.warehouse import Columns, Executes, query

# Bars of a figure: more would be thinner than the gaps between them on a phone.
MOST_BARS = 40
# Beyond this share of the values a long tail would flatten all the rest; it is counted in the last bar.
SHOWN_SHARE = 0.99
# Columns, and fields of the finding, that sum a distribution up; the quantiles among them.
QUANTILES = 0.5, 0.25, 0.75, 0.1, 0.9
MIDDLE = ("mean", "median", "lower_quartile", "upper_quartile", "tenth", "ninetieth", "minimum", "maximum")


def bars(con: Executes, values: Held, beside: Held | None = None) -> Columns:
    """Count the values in bars of equal width, which hold all of them, and those that they are drawn beside."""
    whole, other = (_ends(con, each) if each else None for each in (values, beside))
    if whole is None:
        return {name: np.array([]) for name in ("value", "upto", "n", "share", *MIDDLE)}
    edges = _edges(whole, other or whole)
    bound = {"begins": edges[:-1].tolist(), "ends": [*edges[1:-1].tolist(), np.inf]}
    n = query(con, values.sql(BARS), {**values.rows.bound, **bound})["n"]
    quartiles = mid_quantiles(con, values, np.zeros(len(QUANTILES), dtype=int), np.array(QUANTILES))
    numbers = (whole["mean"], *quartiles.tolist(), whole["least"], whole["most"])
    same = {name: np.full(len(n), number).round(6) for name, number in zip(MIDDLE, numbers, strict=True)}
    return {"value": edges[:-1], "upto": edges[1:], "n": n, "share": n / n.sum(), **same}


# What bars are laid out by: the ends, what nearly all lies below, and whether all are whole numbers.
ENDS = """
    SELECT any_value(mean) AS mean, min(value) AS least, max(value) AS most,
        max(value) FILTER (before <= floor($shown * (size - 1) + 0.5)) AS last, bool_and(value = round(value)) AS whole
    FROM known GROUP BY cut"""
BARS = """, bars AS (SELECT unnest($begins) AS begins, unnest($ends) AS ends)
    SELECT coalesce(sum(n), 0)::BIGINT AS n
    FROM bars LEFT JOIN counts ON value >= begins AND value < ends
    GROUP BY begins ORDER BY begins"""


def _ends(con: Executes, values: Held) -> dict[str, float] | None:
    found = query(con, values.sql(ENDS), {**values.rows.bound, "shown": SHOWN_SHARE})
    return {name: float(column[0]) for name, column in found.items()} if len(found["mean"]) else None


def _edges(*ends: dict[str, float]) -> np.ndarray:
    """Lay out bars of equal and round width from the least value to the last one shown."""
    least, last = min(end["least"] for end in ends), max(end["last"] for end in ends)
    whole, thin = all(end["whole"] for end in ends), (last - least) / MOST_BARS
    steps = np.array([1, 2, 2.5, 5, 10]) * 10.0 ** np.floor(np.log10(thin)) if thin > 0 else np.array([1.0])
    step = max(float(steps[np.searchsorted(steps, thin)]), 1.0 if whole else 0.0)
    if whole:
        step = float(np.ceil(step))
    first = np.floor(least / step) * step
    return np.asarray(first + step * np.arange(int((last - first) // step) + 2))
