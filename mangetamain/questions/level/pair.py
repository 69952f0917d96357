"""The levels of two selections: how far one is above the other at each point, and both in one figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mangetamain import charts
from mangetamain.calendars import Period
from mangetamain.language import say
from mangetamain.questions.comparison import ROLES, Comparison
from mangetamain.questions.level.shape import LevelFinding, draw_line
from mangetamain.questions.shares import LONE
from mangetamain.warehouse import Columns


def differences(one: Columns, other: Columns) -> Columns:
    """Subtract the second level from the first at each point that both have, as a level of its own.

    Returns
    -------
    Columns
        year or month, n (of the first), centre, se (the errors of both, less what they share), partial, thin (either).
    """
    by = "year" if "year" in one else "month"
    points = np.intersect1d(one[by][one["n"] >= LONE], other[by][other["n"] >= LONE])
    a, b = ({name: column[np.isin(side[by], points)] for name, column in side.items()} for side in (one, other))
    variance = a["se"] ** 2 + b["se"] ** 2 - 2 * a["shared"] * a["se"] * b["se"]
    return {
        by: points, "n": a["n"], "centre": a["centre"] - b["centre"], "se": np.sqrt(np.maximum(variance, 0.0)),
        "partial": a["partial"], "thin": a["thin"] | b["thin"],
    }  # fmt: skip


def draw_both(
    figure: charts.Figure,
    period: Period,
    sides: Sequence[Columns],
    kept: Sequence[np.ndarray],
    finding: Comparison[Any, Any],
    labels: Sequence[charts.Text],
) -> None:
    """Draw the points of the fit of either selection and its line; years with their intervals."""
    yearly = period.unit == "Y"
    for side, used, found, name, role in zip(
        sides, kept, (finding.one, finding.other), labels, ROLES, strict=True
    ):  # fmt: skip
        if not used.any():
            continue
        x = period.axis(side["year" if yearly else "month"][used])
        centre, half = side["centre"][used], 1.96 * side["se"][used]
        charts.dots(figure, x, centre, name, role, **({"low": centre - half, "high": centre + half} if yearly else {}))
        if isinstance(found, LevelFinding):
            draw_line(figure, found, period, say("Trend: {selection}", selection=name), role)
            figure.data[-1].showlegend = False
