"""Where the raw data come from: files, or the synthetic sample; nothing of them may be lost silently."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from mangetamain import stopping
from mangetamain.errors import BadInput, BadSource
from mangetamain.language import plural, say
from mangetamain.warehouse import sql
from mangetamain.warehouse.info import read_counts
from mangetamain.warehouse.ingest import rejects
from mangetamain.warehouse.ingest.rejects import RowCount, check_sum
from mangetamain.warehouse.schema import OFFICIAL_ROWS

SAMPLE = "sample"
MOST_RECIPES = 1_000_000_000  # of a sample; more is a slip of the hand
SEED = 1999


def sample_size(source: str) -> int | None:
    """Read how many recipes a sample is to have; None when the source is no sample.

    Raises
    ------
    BadInput
        When it looks like a sample but is none.
    """
    word, colon, number = source.partition(":")
    if word != SAMPLE:
        near = difflib.get_close_matches(word.lower(), [SAMPLE], cutoff=0.7)
        if near and not number.startswith("//") and not Path(source).exists():
            raise BadInput("There is no source {source}; {nearest} was perhaps meant.",
                           source=f"“{source}”", nearest=SAMPLE + colon + number)  # fmt: skip
        return None
    if not colon:
        return OFFICIAL_ROWS["RAW_recipes"]
    if not (number.isascii() and number.isdigit() and len(number) <= 10 and 0 < int(number) <= MOST_RECIPES):
        raise BadInput(
            "{source} does not say how many recipes to make; a whole number above 0 and up to {most} is expected, "
            "as in {example}.",
            source=f"“{source}”", most=MOST_RECIPES, example=f"{SAMPLE}:2000")  # fmt: skip
    return int(number)


def load(con: duckdb.DuckDBPyConnection, source: str, home: Path, tell: Callable[[str], None]) -> Origin:
    """Fill the schema ``raw`` and the tables ``rejects`` and ``row_counts`` from a source, and check the sums.

    Raises
    ------
    BadInput, BadSource
        When the source is not one, or its data cannot be trusted.
    """
    recipes = sample_size(source)
    origin = _files(con, source, home, tell) if recipes is None else _sample(con, recipes, tell)
    check_counts(con)
    return origin


@dataclass(frozen=True)
class Origin:
    """Where the raw data came from, and what tells their content from any other."""

    synthetic: bool
    label: str
    content: str


def _files(con: duckdb.DuckDBPyConnection, source: str, home: Path, tell: Callable[[str], None]) -> Origin:
    from mangetamain.warehouse import sources
    from mangetamain.warehouse.ingest import load as ingest

    with sources.resolve(source, home, tell) as found, stopping.removing(found.close):
        ingest.load(con, found, tell)
        return Origin(False, found.label, found.fingerprint)


def _sample(con: duckdb.DuckDBPyConnection, recipes: int, tell: Callable[[str], None]) -> Origin:
    from mangetamain.warehouse.sample import make as sample

    tell(str(say(plural("Making {n} synthetic recipe", "Making {n} synthetic recipes"), n=recipes)))
    sample.write_raw(con, recipes, SEED)
    rejects.create(con)
    made = [RowCount(table, SAMPLE, rows, rows, 0) for table, rows in sql.counts(con, "raw").items()]
    sql.insert(con, "row_counts", made)
    return Origin(True, f"{SAMPLE}:{recipes}", f"{SAMPLE}:{recipes}:{SEED}")


def check_counts(con: duckdb.DuckDBPyConnection) -> None:
    """Check that each record of each file is loaded or rejected, and that each table holds what was loaded.

    Raises
    ------
    BadSource
        When a record is missing or counted twice.
    """
    files = read_counts(con)
    for file in files:
        check_sum(file)
    for table, rows in sql.counts(con, "raw").items():
        loaded = sum(file.loaded for file in files if file.tbl == table)
        if rows != loaded:
            text = plural(
                "The table {table} holds {n} row where {loaded} were loaded.",
                "The table {table} holds {n} rows where {loaded} were loaded.",
            )
            raise BadSource(text, table=table, n=rows, loaded=loaded)
