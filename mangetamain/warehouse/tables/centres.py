"""The centre of a measure in each group of rows, with what its error is made of: as SQL, and kept by period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING

from mangetamain.warehouse.schema import NUTRITION
from mangetamain.warehouse.sql import count, side_by_side
from mangetamain.warehouse.tables.enrich import SEASON

if TYPE_CHECKING:
    import duckdb

# How often each value occurs in each group. Recipes are looked up once, for their cooks are asked for again.
COUNTS = {
    "recipes": """
    WITH chosen AS MATERIALIZED (
        SELECT {cut} AS cut, ({value})::DOUBLE AS value, coalesce(contributor_id, -id) AS cook
        FROM {rows} AND ({value}) IS NOT NULL
    ), counts AS (
        SELECT cut, value, count(*) AS n FROM chosen GROUP BY cut, value
    )""",
    "reviews": """
    WITH counts AS (
        SELECT {cut} AS cut, ({value})::DOUBLE AS value, ({number})::BIGINT AS n
        FROM {rows} AND ({value}) IS NOT NULL
        GROUP BY ALL
    )""",
}
# The running number over all groups gives every rank of each.
PLACED = """, placed AS (
        SELECT *, (sum(n) OVER (ORDER BY cut, value ROWS UNBOUNDED PRECEDING))::BIGINT AS place FROM counts
    ), sizes AS (
        SELECT cut, sum(n)::BIGINT AS size, max(place) - sum(n)::BIGINT AS start, sum(n * value) / sum(n) AS mean,
            sum(n)::BIGINT // 10 AS cut_off
        FROM placed GROUP BY cut
    ), known AS (
        SELECT cut, value, n, size, mean, cut_off, place - start - n AS before, place - start AS upto,
            2 * (place - start) - n AS twice_middle
        FROM placed JOIN sizes USING (cut)
    )"""
# A value holds the rank r, from 0, where r lies between the number before it and that up to it. Trimmed means leave out
# the lowest and highest tenth; the mid-median lies between the neighbours whose mid-distribution encloses a half.
SPREAD = """any_value(size) AS n, any_value(mean) AS mean, sum(n * (value - mean) * (value - mean)) AS squares,
            max(value) FILTER (2 * before <= size - 1) AS lower,
            max(value) FILTER (2 * before <= size) AS upper"""
DESCRIBED = f""", points AS (
        SELECT cut, {SPREAD},
            sum(value * greatest(least(upto, size - cut_off) - greatest(before, cut_off), 0))
                / any_value(size - 2 * cut_off) AS trimmed,
            max(value) FILTER (before <= cut_off) AS lowest,
            max(value) FILTER (before < size - cut_off) AS highest,
            max(value) FILTER (twice_middle <= size) AS left_value,
            min(value) FILTER (twice_middle > size) AS right_value,
            max(twice_middle) FILTER (twice_middle <= size) AS left_middle,
            min(twice_middle) FILTER (twice_middle > size) AS right_middle{{quantiles}}
        FROM known GROUP BY cut
    ), ends AS (
        SELECT cut, mean, lowest, highest, coalesce(left_value, right_value) AS below,
            coalesce(right_value, left_value) AS above,
            coalesce((n - left_middle) / (right_middle - left_middle), 0) AS weight
        FROM points
    )"""
# What to make of a value so that the mean of these has the error of a centre (Yuen 1974; Ma, Genton and Parzen 2011).
MADE = {
    "mean": "value - mean",
    "trimmed": "least(greatest(value, lowest), highest) - lowest",
    "median": (
        "CASE WHEN value < below THEN 1 WHEN value = below THEN (1 + weight) / 2 WHEN value = above THEN weight / 2 "
        "ELSE 0 END"
    ),
}
# Recipes hang together by their cook, each without one by itself; reviews are taken one by one.
CLUSTERS = {
    "recipes": """, clusters AS (
        SELECT cut, 1 AS times, count(*) AS n{summed} FROM chosen JOIN ends USING (cut) GROUP BY cut, cook
    )""",
    "reviews": """, clusters AS (
        SELECT cut, n AS times, 1 AS n{made} FROM counts JOIN ends USING (cut)
    )""",
}
OF_VALUE = ", {made} AS {centre}_sum, ({made}) * ({made}) AS {centre}_squares"
OF_CLUSTER = ", sum({made}) AS {centre}_sum, sum(({made}) * ({made})) AS {centre}_squares"
SUMS = """, sums AS (
        SELECT cut, sum(times)::DOUBLE AS clusters, sum(times * n * n)::DOUBLE AS n_2,
            sum((times * n * n)::DOUBLE * n) AS n_3{sums}
        FROM clusters GROUP BY cut
    )
    SELECT cut, {names} FROM points JOIN sums USING (cut) ORDER BY cut"""
OF_GROUP = """,
            sum(times * {centre}_sum) AS {centre}_total, sum(times * {centre}_squares) AS {centre}_rows_2,
            sum(times * n * {centre}_sum) AS {centre}_n_total,
            sum(times * {centre}_sum * {centre}_sum) AS {centre}_total_2"""
QUANTILE = """,
            max(value) FILTER (before <= floor(CAST({q} AS DOUBLE) / 100 * (size - 1) + 0.5)) AS q{q}"""


def names(centres: Collection[str], percent: Collection[int]) -> list[str]:
    """Name what is told of each group."""
    sums = (name for centre in centres for name in sums_of(centre))
    told = "n", "mean", "squares", "lower", "upper", "trimmed", "clusters", "n_2", "n_3"
    return [*told, *sums, *(f"q{q}" for q in percent)]


def sums_of(centre: str) -> list[str]:
    """Name the sums that a centre's error is made of: see `stats.ClusterSums`."""
    return [f"{centre}_{kind}" for kind in ("total", "rows_2", "n_total", "total_2")]


def statement(
    parts: Iterable[str], view: str, *, cut: str, value: str, rows: str, number: str = "count(*)",
    centres: Collection[str] = (), percent: Collection[int] = (),
) -> str:  # fmt: skip
    """Write a statement on the values of each group of rows: what `known` tells of each, and the parts that go on."""
    return "".join((COUNTS[view], PLACED, *parts)).format(
        cut=cut, value=value, rows=rows, number=number,
        names=", ".join(names(centres, percent)),
        quantiles="".join(QUANTILE.format(q=q) for q in percent),
        made="".join(OF_VALUE.format(made=MADE[centre], centre=centre) for centre in centres),
        summed="".join(OF_CLUSTER.format(made=MADE[centre], centre=centre) for centre in centres),
        sums="".join(OF_GROUP.format(centre=centre) for centre in centres),
    )  # fmt: skip


MEASURES = {
    "recipes": (
        "minutes", "n_steps", "n_ingredients", "complexity", *NUTRITION, "description_words", "step_words",
        "first_year_reviews",
    ),
    "reviews": ("words",),
}  # fmt: skip
COLUMNS = {"recipes": "year, month, weekday, contributor_id, id", "reviews": "year, month, weekday"}
ROWS = {"recipes": "recipes", "reviews": "reviews WHERE source = 'full'"}
# Years and months are looked at with any centre and the ends of any middle, what is within a month with neither choice.
Told = tuple[tuple[str, ...], tuple[int, ...]]
ANY: Told = tuple(MADE), (0, 5, 10, 25, 33, 66, 75, 90, 95, 100)
USUAL: Told = ("mean", "trimmed"), (0, 100)
YEAR = "10000 * CAST(year AS INTEGER)"
MONTH = f"{YEAR} + 100 * CAST(month AS INTEGER)"
PERIODS = {
    "year": (YEAR, ANY),
    "month": (MONTH, ANY),
    "weekday": (f"{MONTH} + weekday", USUAL),
    "weekend": (f"{MONTH} + CASE WHEN weekday >= 6 THEN 6 ELSE 1 END", USUAL),
}

# To plan a statement takes as long as ten thousand values, so that measures of few are taken together; of the full set
# each by itself, for the memory. A measure's periods have numbers of their own.
VALUES_AT_ONCE = 300_000
MEASURE = 100_000_000


def make_centre_cube(
    con: duckdb.DuckDBPyConnection, measures: Mapping[str, Sequence[str]] = MEASURES
) -> None:  # fmt: skip
    """Make ``cube_centres`` from ``recipes`` and ``reviews``.

    For each measure that is no number of stars, and each year, month, weekday of a month and weekend of a month: what
    `statement` tells of its values, and no other year changes. A weekend is its Saturday, the other days are Monday.
    """
    some = [(view, chosen) for view, listed in measures.items() for chosen in _together(con, view, listed)]
    told = [_of_period(*one, *period) for one, period in product(some, PERIODS.items())]
    con.execute(f"CREATE OR REPLACE TABLE cube_centres AS {told[0]} WITH NO DATA")
    side_by_side(con, [f"INSERT INTO cube_centres BY NAME {each}" for each in told])
    con.execute("""
        CREATE OR REPLACE TABLE cube_centres AS
        FROM cube_centres ORDER BY measure, period, year, month, weekday
    """)


def _of_period(view: str, measures: Sequence[str], period: str, told: tuple[str, Told]) -> str:
    """Write what is told of the values of some measures in each group of a period."""
    cut, (centres, percent) = told
    sql = statement(
        (DESCRIBED, CLUSTERS[view], SUMS), view, cut=f"{MEASURE} * measure + {cut}", value="value",
        rows=_rows(view, measures), centres=centres, percent=percent,
    )  # fmt: skip
    return f"""
        SELECT {list(measures)}[1 + measure] AS measure, '{period}' AS period, CAST(year AS SMALLINT) AS year,
            CAST(nullif(month, 0) AS TINYINT) AS month, CAST(nullif(weekday, 0) AS TINYINT) AS weekday,
            {SEASON.format(month="month")} AS season, {", ".join(names(centres, percent))}
        FROM (
            SELECT *, cut // {MEASURE} AS measure, cut // 10000 % 10000 AS year, cut // 100 % 100 AS month,
                cut % 100 AS weekday
            FROM ({sql}) AS described) AS dated"""


def _together(con: duckdb.DuckDBPyConnection, view: str, measures: Sequence[str]) -> list[Sequence[str]]:
    """Group measures that are taken at once."""
    size = max(1, VALUES_AT_ONCE // max(1, count(con, view)))
    return [measures[place : place + size] for place in range(0, len(measures), size)]


def _rows(view: str, measures: Sequence[str]) -> str:
    """Write the values of some measures one below the other, each with its measure's place."""
    parts = (
        f"SELECT {COLUMNS[view]}, {place} AS measure, CAST({measure} AS DOUBLE) AS value FROM {ROWS[view]}"
        for place, measure in enumerate(measures)
    )
    return f"({' UNION ALL '.join(parts)}) WHERE TRUE"
