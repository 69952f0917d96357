"""Hand-made cubes: what the questions on terms read, without a build."""

import duckdb
import numpy as np

# The published numbers of recipes a year.
POSTED = dict(
    zip(
        range(1999, 2019),
        (1121, 689, 3974, 17523, 15625, 14381, 20909, 23667, 29790, 26763,
         19597, 10308, 6549, 4361, 3181, 853, 241, 172, 228, 134),
        strict=True,
    )
)  # fmt: skip
WHOLE = np.arange(2000, 2018)

WORDS, NUMBERS = "unnest(?::VARCHAR[])", "unnest(?::INT[])"


def cubes(posted=(), held=(), kind="ingredient", spelled=None, vocabulary=None):
    """Make cubes of recipes by year, and of counts by term and year; spellings are the terms unless given."""
    con = duckdb.connect()
    posted, held = dict(posted), dict(held)
    rows = [(kind, term, year, count) for term, years in held.items() for year, count in years.items() if count]
    spellings = rows
    if spelled is not None:
        spellings = [(kind, word, year, count) for word, years in spelled.items() for year, count in years.items()]
    words = {term: term for term in held} if vocabulary is None else vocabulary
    con.execute("CREATE TABLE cube_recipes (year SMALLINT, month TINYINT, measure VARCHAR, n INTEGER)")
    con.execute("CREATE TABLE cube_terms (kind VARCHAR, term VARCHAR, year SMALLINT, month TINYINT, recipes INTEGER)")
    con.execute("CREATE TABLE cube_spellings (kind VARCHAR, spelling VARCHAR, year SMALLINT, occurrences INTEGER)")
    con.execute("CREATE TABLE vocabulary (kind VARCHAR, spelling VARCHAR, term VARCHAR)")
    con.execute(f"INSERT INTO cube_recipes SELECT {NUMBERS}, 1, 'minutes', {NUMBERS}", columns(posted.items(), 2))
    # Half a year each, so that months must be summed.
    for month in (2, 9):
        part = [(*row[:3], row[3] // 2 if month == 2 else row[3] - row[3] // 2) for row in rows]
        con.execute(
            f"INSERT INTO cube_terms SELECT {WORDS}, {WORDS}, {NUMBERS}, ?, {NUMBERS}",
            [*columns(part, 4)[:3], month, columns(part, 4)[3]],
        )
    con.execute(
        f"INSERT INTO cube_spellings SELECT {WORDS}, {WORDS}, {NUMBERS}, {NUMBERS}",
        columns(spellings, 4),
    )
    con.execute(
        f"INSERT INTO vocabulary SELECT ?, {WORDS}, {WORDS}",
        [kind, *columns(words.items(), 2)],
    )
    return con


def columns(rows, width):
    """Turn rows into lists by column."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def shares(share_by_term, posted=None):
    """Make counts of exact shares, the same or an array by year."""
    posted = posted or POSTED
    return {
        term: {
            year: round(float(value) * n)
            for (year, n), value in zip(posted.items(), np.broadcast_to(share, len(posted)), strict=True)
        }
        for term, share in share_by_term.items()
    }


def drawn(share_by_term, posted=None, seed=0):
    """Draw counts by chance from shares, the same or an array by year."""
    rng, posted = np.random.default_rng(seed), posted or POSTED
    n = np.array(list(posted.values()))
    return {
        term: dict(zip(posted, rng.binomial(n, np.broadcast_to(share, len(n))).tolist(), strict=True))
        for term, share in share_by_term.items()
    }
