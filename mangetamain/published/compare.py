"""The comparison itself: number by number, to the digits that were published."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from mangetamain.errors import BadInput
from mangetamain.language import N_, say
from mangetamain.published.entries import ENTRIES, Ours
from mangetamain.warehouse import Warehouse


@dataclass(frozen=True)
class Held:
    """One published number beside ours; `equal` is None where the two may not be judged."""

    id: str
    where: str
    published: object
    ours: object
    equal: bool | None


def held(con: Warehouse, file: Path) -> list[Held]:
    """Hold our numbers by the published method against a file of published ones.

    Parameters
    ----------
    con
        The warehouse; equality is judged only where it holds the full published data set.
    file
        JSON with `entries`, each an `id`, a `value` and perhaps an absolute `tolerance`.

    Returns
    -------
    list of Held
        One for each published number, in the file's order; `ours` is None where no question of ours answers it yet.

    Raises
    ------
    BadInput
        When the file cannot be read as such.
    """
    try:
        entries = json.loads(file.read_text("utf-8"))["entries"]
        pairs = [(entry["id"], entry["value"], entry.get("tolerance")) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            "{file} cannot be read as published figures: expected JSON with entries of id and value ({reason}).",
            file=str(file), reason=type(error).__name__,
        ) from None  # fmt: skip
    ours, full = Ours(con), con.info.recipes_full
    found: list[Held] = []
    for name, value, tolerance in pairs:
        mine = _ours(ours, name)
        for where, theirs in _leaves(value):
            my = _at(mine, where)
            judged = _equal(theirs, my, tolerance) if full and my is not None else None
            found.append(Held(name, ".".join(map(str, where)), theirs, my, judged))
    return found


def _ours(ours: Ours, name: str) -> object:
    try:
        return ENTRIES[name](ours) if name in ENTRIES else None
    except (AttributeError, IndexError, KeyError, ZeroDivisionError, duckdb.CatalogException):
        return None  # too few data for the published definition, or an optional table that is not there


def _leaves(value: object, where: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield where, value
    else:
        for key, item in items:
            yield from _leaves(item, (*where, key))


def _at(value: Any, where: tuple[str | int, ...]) -> Any:  # noqa: ANN401
    for key in where:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _equal(theirs: object, ours: object, tolerance: object) -> bool:
    """Compare to the digits that were published, or within the stated tolerance."""
    if isinstance(theirs, bool) or not isinstance(theirs, int | float) or not isinstance(ours, int | float):
        return theirs == ours
    if isinstance(tolerance, int | float):
        return abs(theirs - ours) <= tolerance + 1e-9
    mantissa, _, exponent = repr(theirs).partition("e")
    digits = len(mantissa.partition(".")[2]) - int(exponent or 0) if isinstance(theirs, float) else 0
    return math.isclose(theirs, ours, abs_tol=0.5000001 * 10.0**-digits, rel_tol=1e-12)


def compare(con: Warehouse, file: Path, *, as_json: bool = False, lang: str = "en") -> str:
    """Write the comparison as a table or as JSON, and say plainly where the data are not those of the publication."""
    rows = held(con, file)
    full = con.info.recipes_full
    if as_json:
        return json.dumps({"full_data_set": full, "numbers": [vars(row) for row in rows]}, ensure_ascii=False, indent=2)
    answered = [row for row in rows if row.ours is not None]
    lines = [f"{_mark(row)}  {row.id} {row.where}: published {row.published}, ours {row.ours}" for row in answered]
    counts = [sum(row.equal is verdict for row in rows) for verdict in (True, False)]
    waiting = sum(row.ours is None for row in rows)
    if full:
        text = N_(
            "{same} published numbers are equal, {other} differ, {waiting} belong to themes that are not here yet."
        )
        last = say(text, same=counts[0], other=counts[1], waiting=waiting)
    else:
        text = N_(
            "The data loaded ({source}) are not the full Food.com set, so the published numbers stand beside ours "
            "without a judgement; {waiting} belong to themes that are not here yet."
        )
        last = say(text, source=con.info.source, waiting=waiting)
    return "\n".join([*lines, "", last.render(lang)])


def _mark(row: Held) -> str:
    return {True: "equal  ", False: "DIFFERS", None: "       "}[row.equal]
