"""What is planted in the sample is found in it."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from mangetamain.warehouse.sample.planted import PLANTED
from tests.warehouse.sample.asking import REGULAR_YEARS, level, one, rows, share


def slope(con: duckdb.DuckDBPyConnection, measure: str, where: str = "true") -> float:
    sql = f"SELECT year(submitted), avg({measure}), count(*) FROM kept WHERE {where} GROUP BY 1 ORDER BY 1"
    year, mean, n = np.array(rows(con, sql), dtype=float).T
    return float(np.polyfit(year, mean, 1, w=np.sqrt(n))[0])


def test_planted_trends(sample: duckdb.DuckDBPyConnection) -> None:
    assert slope(sample, "minutes") == pytest.approx(PLANTED["minutes per year"], abs=0.06)
    assert slope(sample, "n_steps") == pytest.approx(PLANTED["steps per year"], abs=0.02)
    assert slope(sample, "n_ingredients") == pytest.approx(PLANTED["ingredients per year"], abs=0.015)
    score = "ln(1 + minutes) + n_steps + 0.5 * n_ingredients"
    assert slope(sample, score) == pytest.approx(PLANTED["complexity per year"], abs=0.02)
    weekend = one(
        sample,
        "SELECT avg(minutes) FILTER (isodow(submitted) > 5) - avg(minutes) FILTER (isodow(submitted) < 6) FROM kept",
    )
    assert weekend == pytest.approx(PLANTED["minutes, weekend less weekday"], abs=2.5)


def test_planted_calories_fall_until_2010(sample: duckdb.DuckDBPyConnection) -> None:
    """By a winsorised mean: a single recipe can move a plain one."""
    assert slope(sample, "least(calories, 3000)", "year(submitted) BETWEEN 2002 AND 2010") < -8
    late = slope(sample, "least(calories, 3000)", "year(submitted) BETWEEN 2008 AND 2013")
    assert late > -6


def test_planted_changes_of_vocabulary(sample: duckdb.DuckDBPyConnection) -> None:
    early, late = "year(submitted) <= 2002", "year(submitted) >= 2011"
    assert share(sample, "kosher salt", late) - share(sample, "kosher salt", early) > 0.04
    assert share(sample, "margarine", late) - share(sample, "margarine", early) < -0.01
    assert share(sample, "dietary", late, "tags") - share(sample, "dietary", early, "tags") < -0.15
    before, after = "year(submitted) IN (2003, 2004)", "year(submitted) IN (2005, 2006)"
    for term in ("garlic cloves", "garlic clove"):
        jump = share(sample, term, after) - share(sample, term, before)
        assert jump == pytest.approx(PLANTED[f"{term}, share 2005 less 2004"], abs=0.025), term
    cold, warm = "month(submitted) IN (11, 12)", "month(submitted) IN (6, 7)"
    assert share(sample, "christmas", cold, "tags") > 2 * share(sample, "christmas", warm, "tags")


def test_planted_diversity_is_constant_at_equal_size(sample: duckdb.DuckDBPyConnection) -> None:
    distinct = [
        n for _, n in rows(sample, f"""
            WITH items AS (SELECT year(submitted) AS year, unnest(ingredients) AS t FROM kept WHERE {REGULAR_YEARS}),
                shuffled AS (SELECT *, row_number() OVER (PARTITION BY year ORDER BY md5(t || rowid)) AS place
                    FROM (SELECT *, row_number() OVER (ORDER BY year, t) AS rowid FROM items))
            SELECT year, count(DISTINCT t) FROM shuffled WHERE place <= 2000 GROUP BY 1 ORDER BY 1
        """)
    ]  # fmt: skip
    assert max(distinct) / min(distinct) < 1.12


def test_planted_rating_levels(sample: duckdb.DuckDBPyConnection) -> None:
    first = level(sample, "date < '2002-03-01'")
    high = level(sample, "date BETWEEN '2002-03-01' AND '2006-07-31'")
    low = level(sample, "date BETWEEN '2006-08-01' AND '2008-02-28'")
    again = level(sample, "date BETWEEN '2008-05-01' AND '2013-12-31'")
    assert first < low < again
    assert low - high == pytest.approx(PLANTED["rating level shift at 2006-08"], abs=0.04)
    assert again - low == pytest.approx(PLANTED["rating level shift at 2008-05"], abs=0.04)
