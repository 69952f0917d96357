"""The synthetic recipes' ingredients and tags."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np

from mangetamain.warehouse import sql
from mangetamain.warehouse.sample import marginals as published
from mangetamain.warehouse.sample import terms
from mangetamain.warehouse.sample.curves import Floats, ingredient_shares, tag_shares

MIXES = 16  # orders of the named ingredients: who sits beside whom differs from recipe to recipe
CELLS = 256  # pieces of the line on which a recipe's ingredients lie: a hash join instead of a range join


def write_ingredients(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table sample_ingredients: slot, and its ingredients, all different.

    A recipe with n ingredients takes n points 1/n apart on a line of length 1 where each named ingredient owns a
    stretch as long as its share of all ingredients (below 1/n, so none is met twice); what lies beyond the named ones
    is the tail, where each point draws from a group of its own.
    """
    tail = range(1, terms.TAIL_CLASSES * terms.TAIL_LEVELS + 1)
    _enum(con, "sample_ingredient", [*ingredient_shares(), *(f"ingredient {n:05}" for n in tail)])
    _stretches(con)
    con.execute(
        """
        CREATE TEMP TABLE sample_ingredients AS
        WITH recipes AS (
            SELECT slot, n_ingredients AS n, (year - 1999) * 4 + season AS grp,
                sample_hash(slot, 'mix') % $mixes AS mix, sample_draw(slot, 'offset') AS start,
                sample_hash(slot, 'tail') % $classes AS turn
            FROM sample_recipe
        ),
        singles AS (SELECT *, unnest(range(n)) AS j FROM recipes),
        points AS (SELECT *, (j + start) / n AS place FROM singles),
        named AS (
            SELECT slot, code FROM points JOIN sample_stretch AS s
                ON points.grp = s.grp AND points.mix = s.mix AND CAST(floor(place * $cells) AS INTEGER) = s.cell
                AND place >= s.start AND place < s.stop
        ),
        rest AS (
            SELECT slot, turn, j, sample_draw(slot * 32 + j, 'level') AS u FROM points
            JOIN sample_named AS s ON points.grp = s.grp AND place >= s.share
        ),
        levels AS (
            SELECT slot, (j + turn) % $classes + $classes * least($levels - 1,
                CAST(floor(pow($near - u * ($near - $far), 1 / (1 - $power)) - $shift) AS BIGINT)) AS number FROM rest
        ),
        codes AS (SELECT slot, code FROM named UNION ALL SELECT slot, $first + number FROM levels),
        words AS (SELECT slot, term FROM codes JOIN sample_ingredient USING (code))
        SELECT slot, list_sort(list(term)) AS ingredients FROM words GROUP BY slot
        """,
        {
            "mixes": MIXES, "cells": CELLS, "classes": terms.TAIL_CLASSES, "levels": terms.TAIL_LEVELS,
            "power": terms.TAIL_POWER, "shift": terms.TAIL_SHIFT, "first": len(ingredient_shares()),
            "near": terms.TAIL_SHIFT ** (1 - terms.TAIL_POWER),
            "far": (terms.TAIL_LEVELS + terms.TAIL_SHIFT) ** (1 - terms.TAIL_POWER),
        },
    )  # fmt: skip


def _enum(con: duckdb.DuckDBPyConnection, table: str, names: list[str]) -> None:
    """Make the type table_type of the names, for lists of numbers sort fast, and the table of their codes from 0."""
    sql.make_temporary(con, f"{table}_name", {"name": names})
    con.execute(f"CREATE TEMP TYPE {table}_type AS ENUM (SELECT name FROM {table}_name)")
    con.execute(
        f"CREATE TEMP TABLE {table} AS SELECT unnest(range($n)) AS code, CAST(unnest($names) AS {table}_type) AS term",
        {"n": len(names), "names": names},
    )


def _stretches(con: duckdb.DuckDBPyConnection) -> None:
    """Lay the named ingredients on the line, by year, season and mix, cut where cells end."""
    shares = np.array([np.outer(by_year, by_season) for by_year, by_season in ingredient_shares().values()])
    shares /= np.array(published.MEANS["n_ingredients"])[None, :, None]
    sql.make_temporary(con, "sample_share", _cube(shares))
    con.execute(
        """
        CREATE TEMP TABLE sample_stretch AS
        WITH mixed AS (SELECT *, unnest(range($mixes)) AS mix FROM sample_share),
            laid AS (
                SELECT *, CAST(round(share * 1e9) AS BIGINT) AS width,
                    CAST(sum(width) OVER (PARTITION BY grp, mix ORDER BY sample_hash(code * 64 + mix, 'order'), code
                        ROWS UNBOUNDED PRECEDING) AS BIGINT) AS stop
                FROM mixed
            )
        SELECT code, grp, mix, (stop - width) / 1e9 AS start, stop / 1e9 AS stop,
            unnest(range(CAST(floor((stop - width) / 1e9 * $cells) AS INTEGER),
                CAST(floor(stop / 1e9 * $cells) AS INTEGER) + 1)) AS cell
        FROM laid
        """,
        {"mixes": MIXES, "cells": CELLS},
    )
    con.execute(
        "CREATE TEMP TABLE sample_named AS "
        "SELECT grp, max(stop) AS share FROM sample_stretch WHERE mix = 0 GROUP BY grp"
    )


def write_tags(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table sample_tags: slot, and its tags.

    Each tag goes to a fixed number of a year's and season's recipes: every p-th of them in a shuffled order, p being a
    prime of the tag's own, above any number of recipes, so that no recipe is met twice.
    """
    shares = tag_shares()
    _enum(con, "sample_tag", list(shares))
    cube = np.array([np.outer(by_year, by_season) for by_year, by_season in shares.values()]).clip(0, 1)
    primes = list(itertools.islice(_primes(max(sql.count(con, "sample_recipe"), 10_000)), len(shares)))
    columns = _cube(cube)
    sql.make_temporary(con, "sample_tag_share", columns | {"prime": [primes[code] for code in columns["code"]]})
    con.execute(
        """
        CREATE TEMP TABLE sample_shuffle AS
        SELECT slot, (year - 1999) * 4 + season AS grp,
            row_number() OVER (ORDER BY (year - 1999) * 4 + season, sample_hash(slot, 'shuffle'), slot) - 1 AS place
        FROM sample_recipe
        """
    )
    con.execute(
        """
        CREATE TEMP TABLE sample_tags AS
        WITH groups AS (SELECT grp, min(place) AS first, count(*) AS size FROM sample_shuffle GROUP BY grp),
            counts AS (
                SELECT code, prime, grp, first, size,
                    least(size, CAST(floor(share * size + sample_draw(code * 128 + grp, 'tag')) AS BIGINT)) AS n
                FROM sample_tag_share JOIN groups USING (grp)
            ),
            tagged AS (
                SELECT term, first, size, prime, sample_hash(code * 128 + grp, 'turn') AS turn, unnest(range(n)) AS k
                FROM counts JOIN sample_tag USING (code)
            ),
            places AS (SELECT first + (prime * k + turn) % size AS place, term FROM tagged),
            lists AS (SELECT place, list_sort(list(term)) AS tags FROM places GROUP BY place)
        SELECT slot, tags FROM sample_shuffle LEFT JOIN lists USING (place)
        """
    )


def _cube(shares: Floats) -> dict[str, list[Any]]:
    """Lay shares by code, year and season out as the columns of a table, year and season in one number."""
    codes, years, seasons = (axis.ravel() for axis in np.indices(shares.shape))
    return {"code": codes.tolist(), "grp": (years * 4 + seasons).tolist(), "share": shares.ravel().round(9).tolist()}


def _primes(above: int) -> Iterator[int]:
    """Count up the primes above a number."""
    return (n for n in itertools.count(above + 1) if all(n % d for d in range(2, int(n**0.5) + 1)))
