"""The full-size sample is the published set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from mangetamain.warehouse import connect
from mangetamain.warehouse.sample import marginals as published
from mangetamain.warehouse.sample.planted import PLANTED
from mangetamain.warehouse.schema import OFFICIAL_ROWS
from tests.warehouse.sample.asking import KEPT, level, one, rows


@pytest.fixture(scope="module")
def full(sample_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The raw tables of the full-size sample that all tests share: `make sample` writes them as `make` does here."""
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"ATTACH '{connect(sample_home).path}' AS built (READ_ONLY)")
        con.execute("USE built")
        con.execute(KEPT)
        yield con


@pytest.mark.slow
def test_full_size_is_the_published_set(full: duckdb.DuckDBPyConnection) -> None:
    for table, n in OFFICIAL_ROWS.items():
        assert one(full, f"SELECT count(*) FROM raw.{table}") == n, table
    assert (
        one(full, "SELECT count(*) FROM raw.RAW_recipes WHERE minutes NOT BETWEEN 1 AND 180")
        == published.REMOVED_BY_MINUTES
    )
    assert one(full, "SELECT count(*) FROM kept") == 200_066
    assert rows(full, "SELECT year(submitted), count(*) FROM kept GROUP BY 1 ORDER BY 1") == list(
        zip(published.YEARS, published.RECIPES, strict=True)
    )
    ratings = [n for _, n in rows(full, "SELECT rating, count(*) FROM raw.RAW_interactions GROUP BY 1 ORDER BY 1")]
    assert tuple(ratings) == published.RATINGS
    assert one(full, "SELECT count(DISTINCT user_id) FROM raw.RAW_interactions") == pytest.approx(
        published.USERS, rel=0.01
    )


@pytest.mark.slow
def test_full_size_vocabulary(full: duckdb.DuckDBPyConnection) -> None:
    for column, occurrences, distinct, often in [
        ("ingredients", 1_762_665, 14_161, 2_415),
        ("tags", 3_583_281, 510, 429),
    ]:
        found = rows(
            full,
            f"""
            WITH items AS (SELECT unnest({column}) AS term FROM kept),
                counts AS (SELECT count(*) AS n FROM items GROUP BY term)
            SELECT sum(n), count(*), count(*) FILTER (n >= 50) FROM counts
            """,
        )[0]
        assert found == pytest.approx((occurrences, distinct, often), rel=0.02)
    for term, n in {"salt": 72_911, "butter": 49_288, "garlic cloves": 20_467}.items():
        assert one(full, f"SELECT count(*) FROM kept WHERE list_contains(ingredients, '{term}')") == pytest.approx(
            n, rel=0.04
        )


@pytest.mark.slow
def test_full_size_rating_seasons_and_months(full: duckdb.DuckDBPyConnection) -> None:
    seasons = [level(full, f"month(date) % 12 // 3 = {s}", "RAW_interactions") for s in range(4)]
    assert seasons == pytest.approx([4.6479, 4.6683, 4.6763, 4.6543], abs=0.012)
    assert seasons[2] - seasons[0] == pytest.approx(PLANTED["rating, summer less winter"], abs=0.012)
    assert level(full, "isodow(date) = 7") - level(full, "isodow(date) = 3") == pytest.approx(
        PLANTED["rating, Sunday less Wednesday"], abs=0.008
    )
    months = rows(
        full,
        "SELECT date_trunc('month', date), count(*) FROM raw.interactions_train WHERE rating > 0 GROUP BY 1 ORDER BY 1",
    )
    kept = [(str(m)[:7], n) for m, n in months if n >= 100]
    assert (kept[0][0], kept[-1][0], len(kept)) == ("2001-09", "2018-11", 207)
    assert max(kept, key=lambda k: k[1])[0] == "2008-01"
