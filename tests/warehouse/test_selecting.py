"""What a selection by terms costs at full size: only the rows of the term are read."""

from __future__ import annotations

import time

import pytest

REFERENCE = "SELECT year, count(*), avg(minutes) FROM recipes GROUP BY year"
# As a question asks it: each condition another join, which the engine does by position where ids are below a million.
SELECTED = """
    SELECT year, count(*), avg(minutes) FROM recipes
    JOIN (SELECT recipe FROM recipe_terms WHERE kind = $kind AND term = $term) AS held ON recipe = id GROUP BY year
"""


def least(con, sql: str, parameters: dict[str, str]) -> float:
    """Return the least processor time of some runs: noise only adds."""

    def spent() -> float:
        begun = time.process_time()
        con.execute(sql, parameters).fetchall()
        return time.process_time() - begun

    return min(spent() for _ in range(15))


@pytest.fixture(scope="module")
def commonest(sample_home):
    from mangetamain.warehouse import connect

    counted = "SELECT kind, term, count(*) AS n FROM recipe_terms GROUP BY kind, term ORDER BY n DESC, term LIMIT 1"
    kind, term, n = connect(sample_home).execute(counted).fetchall()[0]
    assert n > 190_000  # nearly every recipe
    return {"kind": kind, "term": term}


def test_the_rows_of_a_term_lie_together(sample):
    runs = sample.execute("""
        SELECT count(*) FILTER (previous IS DISTINCT FROM (kind, term)), count(DISTINCT (kind, term)),
            count(*) FILTER (previous > (kind, term) OR (previous = (kind, term) AND before >= recipe))
        FROM (SELECT *, lag((kind, term)) OVER (ORDER BY rowid) AS previous, lag(recipe) OVER (ORDER BY rowid) AS before
            FROM (SELECT rowid, * FROM recipe_terms WHERE kind = 'tag') AS stored) AS pairs
    """).fetchall()[0]  # fmt: skip
    assert runs[0] == runs[1] > 400
    assert runs[2] == 0


@pytest.mark.slow
def test_a_selection_costs_at_most_a_few_counts(sample, commonest):
    con = sample.refresh()
    reference = least(con, REFERENCE, {})
    # 1.5 ms and 9 ms when alone; unordered rows take forty times the reference to be read.
    assert (
        least(con, "SELECT count(*) FROM recipe_terms WHERE kind = $kind AND term = $term", commonest) < 3 * reference
    )
    assert least(con, SELECTED, commonest) < 10 * reference
    assert least(con, SELECTED, {"kind": "ingredient", "term": "zucchini"}) < 4 * reference
