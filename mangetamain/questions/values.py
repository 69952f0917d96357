"""How often each value of a measure occurs, group by group: what every question about a measure starts from."""

from __future__ import annotations

import numpy as np

from mangetamain.language import N_
from mangetamain.measures import MEASURES
from mangetamain.stats.counts import Counts
from mangetamain.warehouse import Columns, Executes, query

# Where the rows of a view are counted already, and how they are: ratings a day are few.
COUNTED = {"recipes": ("recipes", "count(*)"), "reviews": ("cube_ratings", "sum(n)")}

NOTHING = {
    "recipes": N_("There is no recipe in this selection."),
    "reviews": N_("There is no rating in this selection."),
}


def counted(
    con: Executes, of: str, cut: str, *, years: tuple[int, int], source: str = "full"
) -> tuple[np.ndarray, Counts]:
    """Count the values of a measure in each group of a cut of time.

    Reads the view `recipes` or `cube_ratings`; rows without a value are left out.

    Parameters
    ----------
    con
        Where to ask.
    of
        The measure.
    cut
        SQL of a row's group, one of a calendar's or a period's.
    years, source
        First and last year; which reviews.

    Returns
    -------
    tuple[numpy.ndarray, Counts]
        The groups that have values, in order, and the counts of these.
    """
    measure = MEASURES[of]
    view, number = COUNTED[measure.view]
    given = {"first": years[0], "last": years[1], **({"source": source} if measure.view == "reviews" else {})}
    rows = query(
        con,
        f"""
        SELECT {cut} AS cut, ({measure.sql})::DOUBLE AS value, ({number})::BIGINT AS n
        FROM {view}
        WHERE year BETWEEN $first AND $last AND ({measure.sql}) IS NOT NULL
            {"AND source = $source" if "source" in given else ""}
        GROUP BY ALL ORDER BY ALL
        """,
        given,
    )
    return _grouped(rows)


def _grouped(rows: Columns) -> tuple[np.ndarray, Counts]:
    groups, place = np.unique(rows["cut"], return_inverse=True)
    return groups, Counts(place, rows["value"], rows["n"], len(groups))
