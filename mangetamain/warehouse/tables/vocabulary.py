"""The vocabulary of ingredients and tags: how each is spelled, and which spellings are one term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

QUOTES = "'\""
ES_ENDINGS = ("s", "x", "z", "ch", "sh", "o")
VOWELS = "aeiou"


def spell(item: str) -> str:
    """Write an item as it is counted: lower case, no white space around it."""
    return item.strip().lower()


def published_parts(item: str) -> list[str]:
    """Cut an item as the published analysis did: at each comma and space, quotes stripped, then spelled.

    It read the list's text rather than the list, so "lemon, juice of" counted as "lemon" and "juice of".
    """
    return [spell(part.strip(QUOTES)) for part in item.split(", ")]


def plurals(spelling: str) -> Iterator[str]:
    """Give the plural forms that English would write for a spelling, whether or not they exist.

    The word that takes the plural is the last one before the first comma: "lemon, juice of" gives "lemons, juice of".
    Forms: ``-s`` always; ``-es`` after s, x, z, ch, sh and o; ``-ies`` for a consonant and y; ``-ves`` for f and fe.
    """
    head, comma, rest = spelling.partition(",")
    if len(head) < 3 or not head[-1].isalpha():
        return
    tail = comma + rest
    yield head + "s" + tail
    if head.endswith(ES_ENDINGS):
        yield head + "es" + tail
    if head[-1] == "y" and head[-2] not in VOWELS:
        yield head[:-1] + "ies" + tail
    if head.endswith("fe"):
        yield head[:-2] + "ves" + tail
    elif head.endswith("f"):
        yield head[:-1] + "ves" + tail


def merge(occurrences: Mapping[str, int]) -> dict[str, str]:
    """Give each spelling its term: a singular and its plural are one, under the more frequent of the two.

    Two spellings are merged only when both occur and one is among the `plurals` of the other; merging is transitive
    ("egg", "eggs"). The term is the spelling that occurs most, on a tie the first in alphabetical order.
    """
    root = {spelling: spelling for spelling in occurrences}

    def find(spelling: str) -> str:
        while root[spelling] != spelling:
            root[spelling] = spelling = root[root[spelling]]
        return spelling

    for spelling in sorted(occurrences):
        for plural in plurals(spelling):
            if plural in root:
                root[find(plural)] = find(spelling)
    families = defaultdict(list)
    for spelling in occurrences:
        families[find(spelling)].append(spelling)
    terms = {family: min(members, key=lambda s: (-occurrences[s], s)) for family, members in families.items()}
    return {spelling: terms[find(spelling)] for spelling in sorted(occurrences)}


def make_vocabulary(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``vocabulary`` (kind, spelling, term) of the kept recipes, and two temporary tables beside it.

    Reads the temporary table ``item_counts`` (kind, item, occurrences). ``item_terms`` (kind, item, term) gives the
    term of each item as it was written, and ``item_parts`` (kind, item, spelling) its parts as published. An empty
    item is no term.
    """
    rows = con.execute("SELECT kind, item, occurrences FROM item_counts ORDER BY kind, item").fetchall()
    counted: dict[str, dict[str, int]] = {"ingredient": defaultdict(int), "tag": defaultdict(int)}
    for kind, item, occurrences in rows:
        if spell(item):
            counted[kind][spell(item)] += occurrences
    terms = {"ingredient": merge(counted["ingredient"]), "tag": {tag: tag for tag in sorted(counted["tag"])}}
    vocabulary = ((kind, spelling, term) for kind in terms for spelling, term in terms[kind].items())
    item_terms = ((kind, item, terms[kind][spell(item)]) for kind, item, _ in rows if spell(item))
    item_parts = ((kind, item, part) for kind, item, _ in rows for part in published_parts(item))
    _store(con, "TABLE vocabulary", ("kind", "spelling", "term"), vocabulary)
    _store(con, "TEMP TABLE item_terms", ("kind", "item", "term"), item_terms)
    _store(con, "TEMP TABLE item_parts", ("kind", "item", "spelling"), item_parts)


def _store(
    con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> None:
    by_column = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in columns]
    lists = ", ".join(f"unnest(CAST(? AS VARCHAR[])) AS {column}" for column in columns)
    con.execute(f"CREATE OR REPLACE {table} AS SELECT {lists}", by_column)
