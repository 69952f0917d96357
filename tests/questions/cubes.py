"""Hand-made cubes: what the questions on terms read, without a build."""

from itertools import count

import duckdb
import numpy as np
from scipy.special import gammaln

from tests.stats.planted import remembered

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
YEARS = np.array(list(POSTED))
# Shares like those of real ingredients, from one recipe in two to one in two thousand.
STILL = {f"term {i:03}": share for i, share in enumerate(np.geomspace(0.5, 0.0005, 300))}

# Logarithms of the factorials of whole numbers, as many as a year has recipes.
LOG_FACTORIAL = gammaln(np.arange(1, 100_001))
STORE = duckdb.connect(config={"threads": 1})  # as a reader's, see READER_CONFIG
NUMBERS = count()


def empty():
    """Give a connection to a schema of its own; an engine of its own would take most of a simulation's time."""
    con, name = STORE.cursor(), f"made_{next(NUMBERS)}"
    con.execute(f"CREATE SCHEMA {name}")
    con.execute(f"SET schema = '{name}'")
    return con


def cubes(posted=(), held=(), kind="ingredient", spelled=None, vocabulary=None):
    """Make cubes of recipes by year, and of counts by term and year; spellings are the terms unless given."""
    con, held = empty(), dict(held)
    met = years_of_words(held)
    words = {term: term for term in held} if vocabulary is None else vocabulary
    tables = {
        "cube_recipes": (years(dict(posted)), "1::TINYINT AS month, 'minutes' AS measure, {year}, n::INTEGER AS n"),
        "cube_term_years": (met, "{kind}, word::VARCHAR AS term, {year}, n::INTEGER AS recipes"),
        "cube_spellings": (
            met if spelled is None else years_of_words(spelled),
            "{kind}, word::VARCHAR AS spelling, {year}, n::INTEGER AS occurrences",
        ),
        "cube_variety": (
            variety(dict(posted), held),
            "{kind}, {year}, sample::INTEGER AS sample, losses::DOUBLE AS losses, squares::DOUBLE AS squares, "
            "losses::DOUBLE AS products, named::BIGINT AS named, named_squares::DOUBLE AS named_squares, "
            "named::BIGINT AS named_products, n::BIGINT AS sizes, n::INTEGER AS cooks",
        ),
        "vocabulary": (
            {"spelling": np.array(list(words), object), "term": np.array(list(words.values()), object)},
            "{kind}, spelling::VARCHAR AS spelling, term::VARCHAR AS term",
        ),
    }
    for name, (given, select) in tables.items():
        columns = select.format(kind=f"'{kind}' AS kind", year="year::SMALLINT AS year")
        con.register("given", given)
        con.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM given")
        con.unregister("given")
    return coded(con)


def coded(con):
    """Number the terms that `cube_term_years` has, in their order by name, as the build does."""
    con.execute("""
        CREATE TABLE term_codes AS SELECT kind, term, row_number() OVER (ORDER BY kind, term)::INTEGER AS code
        FROM (SELECT DISTINCT kind, term FROM cube_term_years) AS terms
    """)
    con.execute("""
        CREATE OR REPLACE TABLE cube_term_years AS SELECT * FROM cube_term_years JOIN term_codes USING (kind, term)
    """)
    return con


def years(counts):
    """Turn counts by year into columns."""
    return {"year": np.array(list(counts), int), "n": np.array(list(counts.values()), int)}


def years_of_words(counts):
    """Turn counts by word and year into columns, without the years in which a word is not met."""
    met = [(word, year, n) for word, by_year in counts.items() for year, n in by_year.items() if n]
    return {name: np.array([row[i] for row in met], kind)
            for i, (name, kind) in enumerate({"word": object, "year": int, "n": int}.items())}  # fmt: skip


def variety(posted, held):
    """Make what the errors of variety come from, where every recipe is another cook's and terms do not attract."""
    rows, sizes = [], np.array(sorted(set(posted.values())))
    for year, n in posted.items():
        counts = np.array([by_year.get(year, 0) for by_year in held.values()], int)
        counts = counts[counts > 0]
        if not len(counts):
            continue
        sample = sizes[sizes <= n]
        loss = missed(counts - 1, n, sample[:, None]) - missed(counts, n, sample[:, None])
        named, apart, losses = counts.sum(), counts * (1 - counts / n), loss @ counts
        squares = loss**2 @ apart + losses**2 / n
        each = (year, sample, n, losses, squares, named, apart.sum() + named**2 / n)
        rows.append(np.column_stack(np.broadcast_arrays(*each)))
    columns = ("year", "sample", "n", "losses", "squares", "named", "named_squares")
    return dict(zip(columns, np.vstack([np.empty((0, len(columns))), *rows]).T, strict=True))


def missed(held, n, sample):
    """Give the chance that so many recipes of n hold none of those with a term."""
    left = np.maximum(n - held - sample, 0)
    log = LOG_FACTORIAL[n - held] - LOG_FACTORIAL[left] - LOG_FACTORIAL[n] + LOG_FACTORIAL[n - sample]
    return np.where(n - held < sample, 0.0, np.exp(log))


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
    chances = np.array([np.broadcast_to(share, len(n)) for share in share_by_term.values()])
    counts = rng.binomial(n, chances.reshape(-1, len(n))).tolist()
    return {term: dict(zip(posted, row, strict=True)) for term, row in zip(share_by_term, counts, strict=True)}


def rise(start, decade):
    """A share that moves by so many percentage points per decade."""
    return start + decade / 1000 * (YEARS - 2000)


def jittered(shares, sigma, seed, rho=0.0):
    """Let shares differ between years by a standard deviation of sigma on the log scale, and draw counts."""
    rng, base = np.random.default_rng(seed), np.array([np.broadcast_to(share, 20) for share in shares.values()])
    moved = base * np.exp(sigma * remembered(rng, len(base), 20, rho) - sigma**2 / 2)
    return drawn(dict(zip(shares, np.minimum(moved, 0.98), strict=True)), seed=seed)
