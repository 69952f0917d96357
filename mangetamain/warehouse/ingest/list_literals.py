"""Python list literals: which ones DuckDB reads exactly, and Python's own reading of the others."""

from __future__ import annotations

import ast
import json
import math
import re
import warnings
from collections.abc import Iterator

from mangetamain.language import N_
from mangetamain.warehouse.ingest.byte_count import MOST_RECORD_BYTES
from mangetamain.warehouse.schema import NUTRITION, SQL_TYPES, Column, Kind

# What DuckDB's cast and ast.literal_eval read alike. Without escapes other than \\ \' \" and without bare words, items
# side by side, or line ends, which Python refuses or joins. `tests/warehouse/test_lists.py` holds the two together.
_SINGLE = r"""'(?:[^'\\\n\r\x00]|\\['"\\])*'"""
_DOUBLE = r'''"(?:[^"\\\n\r\x00]|\\['"\\])*"'''
_INTEGER = r"-?(?:0|[1-9][0-9]{0,17})"
_SMALL = r"-?(?:0|[1-9][0-9]?)"
_NUMBER = r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?"


def _list(item: str) -> str:
    return rf"\[ *(?:{item}(?: *, *{item})*)? *\]"


PLAIN: dict[Kind, str] = {
    "words": _list(f"(?:{_SINGLE}|{_DOUBLE})"),
    "codes": _list(_INTEGER),
    "nested": _list(_list(_INTEGER)),
    "numbers": _list(_NUMBER),
    "nutrition": rf"\[ *{_NUMBER}(?: *, *{_NUMBER}){{6}} *\]",
}
# try_cast turns a number too large for its list into NULL instead of giving the list up.
PLAIN_SMALL = _list(_SMALL)
_ONE_LITERAL = re.compile(r"""[uU]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_REASONS: dict[Kind, str] = {
    "words": N_("not a list of quoted texts"),
    "codes": N_("not a list of whole numbers"),
    "nested": N_("not a list of lists of whole numbers"),
    "numbers": N_("not a list of numbers"),
    "nutrition": N_("not a list of seven numbers"),
}
JOINED = N_("two quoted texts without a comma between them")


def json_type(kind: Kind) -> str:
    """Name the type of a mended list as DuckDB's from_json wants it, such as [["BIGINT"]]."""
    item, *lists = SQL_TYPES[kind].split("[]")
    return "[" * len(lists) + f'"{item}"' + "]" * len(lists)


class Unreadable(ValueError):
    """A text that is not the list its column holds; the reason is its argument."""


def mend(text: str, column: Column) -> str:
    """Read a list literal as Python does and write it as JSON.

    Texts side by side without a comma are refused: Python would join them, which no writer of lists means.

    Raises
    ------
    Unreadable
        The text is not a literal of this kind of list.
    """
    kind = column.kind
    if len(text) > MOST_RECORD_BYTES:
        raise Unreadable(_REASONS[kind])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text.strip(" \t"), mode="eval").body
            value = ast.literal_eval(tree)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise Unreadable(_REASONS[kind]) from None
    if not _fits(value, kind, 7 if column.sql_type == "TINYINT[]" else 63):
        raise Unreadable(_REASONS[kind])
    pieces = _pieces(text.strip(" \t"), tree) if kind == "words" and isinstance(tree, ast.List) else iter(())
    if not all(_ONE_LITERAL.fullmatch(piece) for piece in pieces):
        raise Unreadable(JOINED)
    return json.dumps(value)


def _pieces(text: str, tree: ast.List) -> Iterator[str]:
    """Yield each item as it is written; ast's own way divides the whole text into lines for every item."""
    lines = _LINE_END.split(text.encode())
    for item in tree.elts:
        first, last = item.lineno - 1, (item.end_lineno or item.lineno) - 1
        within = lines[first : last + 1]
        within[-1] = within[-1][: item.end_col_offset]
        within[0] = within[0][item.col_offset :]
        yield b"\n".join(within).decode()


def _fits(value: object, kind: Kind, bits: int) -> bool:
    if not isinstance(value, list):
        return False
    if kind == "nested":
        return all(_fits(item, "codes", bits) for item in value)
    if kind == "words":
        # Half of a surrogate pair is a Python text that no UTF-8 file can hold.
        return all(isinstance(item, str) and not re.search("[\ud800-\udfff]", item) for item in value)
    if kind == "codes":
        return all(type(item) is int and -(2**bits) <= item < 2**bits for item in value)
    numbers = all(type(item) in (int, float) and abs(item) < 1e308 and math.isfinite(item) for item in value)
    return numbers and (kind != "nutrition" or len(value) == len(NUTRITION))
