"""The centre of a measure in each group of rows, with its error, and quantiles: all of it reckoned in the engine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mangetamain.conditions import Conditions
from mangetamain.measures import MEASURES
from mangetamain.questions.aggregates.values import Rows, rows_of
from mangetamain.stats.clusters import ClusterSums
from mangetamain.warehouse import Columns, Executes, query
from mangetamain.warehouse.tables.centres import CLUSTERS, DESCRIBED, SPREAD, SUMS, names, statement, sums_of

KEPT = """
    SELECT measure, {cut} AS cut, {names} FROM cube_centres
    WHERE measure IN (SELECT unnest($measures)) AND period = $period AND year BETWEEN $first AND $last
    ORDER BY measure, cut"""
# Groups of several measures are numbered apart: recipes are selected once, and each of their values is a row. Most
# cooks post once in a group: each value is a cluster first, and those of other cooks are taken back and put together.
ROOM = 16
SEVERAL = """
    WITH wide AS MATERIALIZED (
        SELECT {cut} AS cut, coalesce(contributor_id, -id) AS cook, {values} FROM {rows}
    ), often AS MATERIALIZED (
        SELECT wide.* FROM wide
        JOIN (SELECT cut, cook FROM wide GROUP BY cut, cook HAVING count(*) > 1) AS cooks USING (cut, cook)
    ), several AS ({several}), few AS MATERIALIZED ({few})
    SELECT * FROM ({described}) AS described ORDER BY cut"""
EACH = "SELECT cut::BIGINT * {room} + {i} AS cut, value_{i} AS value, cook FROM {some} WHERE value_{i} IS NOT NULL"
REGROUPED = """, clusters AS (
        SELECT cut, n AS times, 1 AS n{made} FROM counts JOIN ends USING (cut)
        UNION ALL SELECT cut, -1 AS times, 1 AS n{made} FROM few JOIN ends USING (cut)
        UNION ALL SELECT cut, 1 AS times, count(*) AS n{summed} FROM few JOIN ends USING (cut) GROUP BY cut, cook
    )"""


@dataclass(frozen=True)
class Held:
    """The values of a measure in each group of a cut of time: what statements on them are written from.

    Parameters
    ----------
    of
        The measure.
    cut
        SQL of a row's group, one of a calendar's or a period's.
    rows
        The rows that are looked at.
    period
        The period of `cube_centres` that has these groups; none of a selection, nor of stars.
    found
        What is told of each group, where it was looked up already.
    """

    of: str
    cut: str
    rows: Rows
    period: str = ""
    found: Columns | None = None

    def sql(self, *parts: str, centres: Collection[str] = (), percent: Collection[int] = ()) -> str:
        """Write a statement: what `known` tells of each value, and the parts that go on from it."""
        measure = MEASURES[self.of]
        return statement(
            parts, measure.view, cut=self.cut, value=measure.sql, rows=self.rows.sql, number=self.rows.number,
            centres=centres, percent=percent,
        )  # fmt: skip

    def points(self, con: Executes, centre: str, percent: Collection[int]) -> Columns:
        """Look up what is told of each group."""
        if self.found is not None:
            return self.found
        if self.period:
            return _kept(con, self, [self.of], centre, percent)[0]
        parts = DESCRIBED, CLUSTERS[MEASURES[self.of].view], SUMS
        return query(con, self.sql(*parts, centres=[centre], percent=percent), self.rows.bound)


def held(
    con: Executes, of: str, cut: str, *, years: tuple[int, int], source: str = "full", among: Conditions = (),
    name: str = "among", period: str = "",
) -> Held:  # fmt: skip
    """Choose the values of a measure, in groups of a cut of time; rows without a value are left out.

    `name` is the parameter that the selection was given for, `period` that of `cube_centres` whose groups these are.
    """
    view, counts = MEASURES[of].view, MEASURES[of].starred
    rows = rows_of(con, view, years=years, source=source, among=among, name=name, counts=counts)
    whole = not (among or counts) and rows.bound.get("source", "full") == "full"
    return Held(of, cut, rows, period if whole else "")


def together(con: Executes, values: Held, measures: Sequence[str], centre: str, percent: Collection[int]) -> list[Held]:
    """Choose several measures of the same recipes, and look up what is told of their groups in one statement.

    The cut of a selection is a whole number.
    """
    found = (_kept if values.period else _selected)(con, values, measures, centre, percent)
    return [replace(values, of=of, found=each) for of, each in zip(measures, found, strict=True)]


def _kept(con: Executes, values: Held, measures: Sequence[str], centre: str, percent: Collection[int]) -> list[Columns]:
    sql = KEPT.format(cut=values.cut, names=", ".join(names([centre], percent)))
    columns, bound = [MEASURES[of].sql for of in measures], {end: values.rows.bound[end] for end in ("first", "last")}
    found = query(con, sql, {**bound, "measures": columns, "period": values.period})
    return [{name: each[found["measure"] == column] for name, each in found.items()} for column in columns]


def _selected(
    con: Executes, values: Held, measures: Sequence[str], centre: str, percent: Collection[int]
) -> list[Columns]:
    parts, rows = (DESCRIBED, REGROUPED, SUMS), "several WHERE TRUE"
    sql = SEVERAL.format(
        cut=values.cut, rows=values.rows.sql, several=_each("wide", measures), few=_each("often", measures),
        values=", ".join(f"({MEASURES[of].sql})::DOUBLE AS value_{i}" for i, of in enumerate(measures)),
        described=statement(parts, "reviews", cut="cut", value="value", rows=rows, centres=[centre], percent=percent),
    )  # fmt: skip
    found = query(con, sql, values.rows.bound)
    cut, place = np.divmod(found["cut"], ROOM)
    return [{name: column[place == i] for name, column in (found | {"cut": cut}).items()} for i in range(len(measures))]


def _each(some: str, measures: Sequence[str]) -> str:
    return " UNION ALL ".join(EACH.format(room=ROOM, i=i, some=some) for i in range(len(measures)))


def described(
    con: Executes, values: Held, *, centre: str = "mean", band: tuple[int, int] = (25, 75), small: bool = False
) -> Columns:
    """Describe the values of each group: their centres, the chosen one's standard error, two quantiles.

    Reads the view `cube_centres`, or `cube_ratings` for stars; `recipes` or `reviews` for a selection, and for groups
    of no period of that cube.

    Parameters
    ----------
    con
        Where to ask.
    values
        The values, by group.
    centre
        `mean`, `trimmed` or `median`.
    band
        The quantiles, in percent.
    small
        Whether the groups are too small to know deviations of their own: then they share one. Those of stars always
        do.

    Returns
    -------
    Columns
        One row a group that has values, in order: cut (as its SQL gives it), n (int, values), mean, sd (sample), median
        (the plain one), trimmed (mean of the middle 80 %), centre (the chosen one), se (its standard error, for recipes
        clustered by cook; NaN where it cannot be known), low, high (nearest-rank quantiles; all float, in the measure's
        unit).
    """
    measure = MEASURES[values.of]
    found = values.points(con, centre, band)
    n, (total, rows_2, n_total, total_2) = found["n"], sums_of(centre)
    sums = ClusterSums(
        n, *(found[name] for name in ("clusters", "n_2", total, n_total, total_2, "n_3", rows_2))
    )  # fmt: skip
    spread = sums.shared() if small or measure.starred else sums.errors()
    numbers = _summary(found) | {"trimmed": found["trimmed"]}
    middle, error = _centre(con, values, centre, numbers, found["cut"], n, spread)
    return {
        "cut": found["cut"],
        "n": n,
        **numbers,
        "centre": middle,
        "se": error,
        "low": found[f"q{band[0]}"],
        "high": found[f"q{band[1]}"],
    }


def _summary(found: Columns) -> Columns:
    n = found["n"]
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.where(n > 1, np.sqrt(found["squares"] / (n - 1)), np.nan)
    return {"mean": found["mean"], "sd": sd, "median": (found["lower"] + found["upper"]) / 2}


def summary(con: Executes, values: Held) -> Columns:
    """Give number, mean, deviation and median of each group, as `described` does: cut, n, mean, sd, median."""
    found = query(con, values.sql(f" SELECT cut, {SPREAD} FROM known GROUP BY cut ORDER BY cut"), values.rows.bound)
    return {"cut": found["cut"], "n": found["n"], **_summary(found)}


def _centre(
    con: Executes, values: Held, kind: str, numbers: Columns, cut: np.ndarray, n: np.ndarray, spread: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give the chosen centre, and its error from that of the mean of what was made of the values."""
    if kind == "median":
        steps = np.multiply.outer((-1, 0, 1), np.nan_to_num(spread))
        low, middle, high = mid_quantiles(con, values, np.tile(cut, 3), 0.5 + steps.ravel()).reshape(steps.shape)
        return middle, np.where(np.isfinite(spread), (high - low) / 2, np.nan)
    return numbers[kind], spread * (n / (n - 2 * (n // 10)) if kind == "trimmed" else 1.0)


# What `MADE` takes for a centre, of each group; of a mean nothing need be ranked.
ENDS = {
    "mean": ("cut", "mean", "made"),
    "trimmed": ("cut", "lowest", "highest", "made"),
    "median": ("cut", "below", "above", "weight", "made"),
}
MEANS = """
    SELECT cut, sum(n)::BIGINT AS n, sum(n * value) / sum(n) AS mean, 0e0 AS made
    FROM counts GROUP BY cut ORDER BY cut"""
MOVED = """
    SELECT cut, sum(times * n)::BIGINT AS n, any_value(mean) AS mean, any_value(lowest) AS lowest,
        any_value(highest) AS highest, any_value(below) AS below, any_value(above) AS above,
        any_value(weight) AS weight,
        sum(times * {centre}_sum) / sum(times * n) AS made
    FROM ends JOIN clusters USING (cut) GROUP BY cut ORDER BY cut"""


def moved(con: Executes, values: Held, centre: str) -> Columns:
    """Give what `MADE` makes of the values of each group from, and the mean of what is made of them.

    Returns
    -------
    Columns
        One row a group that has values, in order: n (int), and what `ENDS` names of the centre.
    """
    if centre == "mean":
        return query(con, values.sql(MEANS), values.rows.bound)
    clusters = CLUSTERS[MEASURES[values.of].view]
    parts = DESCRIBED, clusters, MOVED.format(centre=centre)
    return query(con, values.sql(*parts, centres=[centre]), values.rows.bound)


BETWEEN = """, asked AS (SELECT unnest($cuts) AS cut, unnest($q) AS q, unnest(range($number)) AS i),
    neighbours AS (
        SELECT i, any_value(2 * q * size) AS twice, max(value) FILTER (twice_middle <= 2 * q * size) AS left_value,
            min(value) FILTER (twice_middle > 2 * q * size) AS right_value,
            max(twice_middle) FILTER (twice_middle <= 2 * q * size) AS left_middle,
            min(twice_middle) FILTER (twice_middle > 2 * q * size) AS right_middle
        FROM known JOIN asked USING (cut) GROUP BY i
    )
    SELECT coalesce(left_value + (right_value - left_value) * (twice - left_middle) / (right_middle - left_middle),
        left_value, right_value) AS value
    FROM neighbours ORDER BY i"""


def mid_quantiles(con: Executes, values: Held, cuts: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Give a quantile of each group asked for, by the mid-distribution function.

    Minutes heap on multiples of five, so the plain median sits still while the distribution moves. The mid-distribution
    P(X < v) + P(X = v) / 2, joined by straight lines between the values that occur, moves smoothly and has a normal
    limit.

    Parameters
    ----------
    con
        Where to ask.
    values
        The values, by group.
    cuts, q
        Groups that have values, and a probability for each.

    References
    ----------
    Ma, Genton & Parzen (2011), doi:10.1007/s10463-009-0215-z
    """
    bound = {"cuts": cuts.tolist(), "q": q.tolist(), "number": len(q)}
    return query(con, values.sql(BETWEEN), {**values.rows.bound, **bound})["value"]
