"""The correlation of two measures of a recipe, as the predecessor published it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain.finding import AsPublished
from mangetamain.language import N_, Inside, Message, Number, say
from mangetamain.measures import MEASURES, RECIPE_MEASURES, Measure
from mangetamain.questions.aggregates.values import Rows
from mangetamain.questions.published_only import only
from mangetamain.warehouse import Executes, query


@dataclass(frozen=True, kw_only=True)
class PublishedRelation(AsPublished):
    """Pearson's correlation over recipes, as if each were of a cook of its own."""

    pearson: Annotated[float, N_("Pearson’s correlation")]


def published(of: str, to: str) -> None:
    """Refuse what is no measure of a recipe.

    Raises
    ------
    BadInput
        When either is none: nothing was published of it.
    """
    for name, value in (("of", of), ("to", to)):
        only(name, value, *RECIPE_MEASURES)


# Around the means, for of large values the difference of large sums would know little.
SUMS = """
    WITH held AS (
        SELECT ({x})::DOUBLE AS x, ({y})::DOUBLE AS y FROM {rows} AND ({x}) IS NOT NULL AND ({y}) IS NOT NULL
    ), middle AS (SELECT avg(x) AS mx, avg(y) AS my FROM held)
    SELECT sum((x - mx) * (x - mx)) AS xx, sum((y - my) * (y - my)) AS yy, sum((x - mx) * (y - my)) AS xy
    FROM held, middle"""


def pearson(con: Executes, of: str, to: str, rows: Rows) -> float:
    """Correlate two measures of the recipes; NaN where one of them does not vary."""
    sums = query(con, SUMS.format(x=MEASURES[to].sql, y=MEASURES[of].sql, rows=rows.sql), rows.bound)
    xx, yy, xy = (float(sums[name][0] or 0.0) for name in ("xx", "yy", "xy"))
    return round(xy / np.sqrt(xx * yy), 9) if xx * yy > 0 else float("nan")


def say_published(finding: PublishedRelation, measure: Measure, other: Measure) -> Message:
    """Say the correlation."""
    return say(
        "{subject} and {other}: the published correlation over {n} recipes is {r}.",
        subject=say(measure.subject), other=Inside(say(other.subject)), n=finding.n, r=Number(finding.pearson, 3),
    )  # fmt: skip
