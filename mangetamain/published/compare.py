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
from mangetamain.published.entries import ENTRIES, REMARKS, UNANSWERED
from mangetamain.published.ours import Ours
from mangetamain.warehouse import Warehouse

# What the comparison amounts to, by whether the data are those of the publication.
FULL = N_("Published numbers: {same} equal, {other} different, {without} without one of ours.")
OTHER = N_(
    "The data loaded ({source}) are not the full Food.com set, so the published numbers stand beside ours "
    "without a judgement: {answered} of them; {without} have none of ours."
)
# Why a published number has none of ours beside it, where the entry has no reason of its own.
UNKNOWN = N_("nothing of ours is called so")
ELSEWHERE = N_("not in the data loaded: a list, year or table that has something else there")
KNOWN = {*ENTRIES, *UNANSWERED}


@dataclass(frozen=True)
class Held:
    """One published number beside ours; `equal` is None where the two may not be judged.

    `remark` says why there is none of ours, or what keeps an answered number from meaning much.
    """

    id: str
    where: str
    published: object
    ours: object
    equal: bool | None
    remark: str | None = None


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
        One for each published number, in the file's order; `ours` is None where `remark` says why.

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
        for where, theirs, mine in _leaves(value, _ours(ours, name)):
            judged = _equal(theirs, mine, tolerance) if full and mine is not None else None
            remark = REMARKS.get(name) if mine is not None else UNANSWERED.get(name, ELSEWHERE)
            found.append(Held(name, where, theirs, mine, judged, remark if name in KNOWN else UNKNOWN))
    return found


def _ours(ours: Ours, name: str) -> object:
    try:
        return ENTRIES[name](ours) if name in ENTRIES else None
    except (AttributeError, IndexError, KeyError, ValueError, ZeroDivisionError, duckdb.CatalogException):
        return None  # too few data for the published definition, or an optional table that is not there


def number(ours: Ours, where: tuple[str | int, ...]) -> float | None:
    """Return our number for one of an entry's: its name, and the keys down to it; None where there is none."""
    found: Any = _ours(ours, str(where[0]))
    try:
        for key in where[1:]:
            found = found[key]
    except (IndexError, KeyError, TypeError):
        return None
    return None if found is None else float(found)


def _leaves(theirs: object, mine: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[str, object, object]]:  # noqa: ANN401
    """Walk a published value and ours side by side; what we do not have is None."""
    items = theirs.items() if isinstance(theirs, dict) else enumerate(theirs) if isinstance(theirs, list) else None
    if items is None:
        yield ".".join(where), theirs, mine
        return
    for key, item in items:
        try:
            part = mine[key]
        except (KeyError, IndexError, TypeError):
            part = None
        yield from _leaves(item, part, (*where, str(key)))


def _equal(theirs: object, ours: object, tolerance: object) -> bool:
    """Compare to the digits that were published, or within the stated tolerance."""
    if isinstance(theirs, bool) or not isinstance(theirs, int | float) or not isinstance(ours, int | float):
        return theirs == ours
    if isinstance(tolerance, str):  # as in "about 5 %"
        tolerance = abs(theirs) * float("".join(filter(str.isdigit, tolerance))) / 100
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
    marks = {True: "equal  ", False: "DIFFERS", None: "       "}
    answered = [row for row in rows if row.ours is not None]
    lines = [f"{marks[row.equal]}  {row.id} {row.where}: published {row.published}, ours {row.ours}{_remark(row, lang)}"
             for row in answered]  # fmt: skip
    rest = [f"{marks[None]}  {row.id} {row.where}: published {row.published}{_remark(row, lang)}"
            for row in rows if row.ours is None]  # fmt: skip
    counts = {"same": sum(row.equal is True for row in rows), "other": sum(row.equal is False for row in rows)}
    counts |= {"answered": len(answered), "without": len(rest)}
    last = say(FULL if full else OTHER, source=con.info.source, **counts)
    return "\n".join([*lines, *rest, "", last.render(lang)])


def _remark(row: Held, lang: str) -> str:
    return f" ({say(row.remark).render(lang)})" if row.remark else ""
