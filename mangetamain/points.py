"""Which rows lie behind one point of an answer: the point's cut as SQL with bound values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mangetamain.calendars import CALENDARS, PERIODS
from mangetamain.errors import BadInput, suggestion
from mangetamain.language import N_, say
from mangetamain.measures import ALL, MEASURES, Measure, Years
from mangetamain.parameters import kind_of
from mangetamain.volumes import VOLUMES

if TYPE_CHECKING:
    import numpy as np

    from mangetamain.warehouse import Columns

UNKNOWN = N_("No point of this answer stands for rows of its own; those of time, of values, ratings and terms do.")
OTHER = N_("Name one point by its column, as in {example}; given: {given}.")
OUTSIDE = N_("{name} cannot be {value}: the points of this answer go from {first} to {last}{hint}")


@dataclass(frozen=True)
class Rows:
    """Rows of a view: the condition that they meet, and what it binds."""

    view: Literal["recipes", "reviews"]
    condition: str
    values: Mapping[str, object]


def rows_behind(question: str, parameters: Mapping[str, str], columns: Columns, point: Mapping[str, object]) -> Rows:
    """Find the rows of a point, apart from the selection of recipes that the answer may be of.

    Parameters
    ----------
    question, parameters, columns
        The answer's.
    point
        The name of a column that tells the answer's points apart, and the value there.

    Raises
    ------
    BadInput
        When no point of the answer stands for rows, or the answer has no such point.
    """
    column = _column(parameters, columns)
    measure = _measure(question, parameters) if column != "term" else None
    view = measure.view if measure else VOLUMES[parameters["of"]].view if question == "volume" else "recipes"
    place = _place(column, columns[column], point)
    span = kind_of(Years)
    first, last = span.parse("years", parameters["years"]) if span else ALL
    conditions, values = ["year BETWEEN $first AND $last"], dict[str, object](first=first, last=last)
    if view == "reviews":
        conditions.append("source = $source")
        values["source"] = parameters.get("source", "full")
    if measure and column != "rating":  # among the ratings stand the reviews without one
        conditions.append(f"({measure.sql}) IS NOT NULL")
    if column == "term":
        conditions.append("id IN (SELECT recipe FROM recipe_terms WHERE kind = $kind AND term = $point)")
        values |= {"kind": parameters["kind"], "point": columns["term"][place]}
    elif column == "low":
        other = MEASURES[parameters["to"]]
        within = f"({other.sql})::DOUBLE BETWEEN $low AND $high"
        alike = other.view == view
        conditions.append(within if alike else f"recipe_id IN (SELECT id FROM recipes WHERE {within})")
        values |= {"low": float(columns["low"][place]), "high": float(columns["high"][place])}
    elif measure and column == "value":
        conditions.append(f"({measure.sql}) >= $low")
        values["low"] = float(columns["value"][place])
        if place < len(columns["value"]) - 1:  # the last bar holds all that comes after, too
            conditions.append(f"({measure.sql}) < $high")
            values["high"] = float(columns["upto"][place])
    else:
        conditions.append(f"CAST({_cut(column)} AS VARCHAR) = $point")
        values["point"] = str(columns[column][place])
    return Rows(view, " AND ".join(conditions), values)


def _measure(question: str, parameters: Mapping[str, str]) -> Measure | None:
    """Return what is measured; None where rows themselves are counted."""
    return MEASURES.get(parameters.get("of", "")) if question != "volume" else None


def _column(parameters: Mapping[str, str], columns: Columns) -> str:
    """Return the column that tells points apart: a term, a time, a rating, a bar of values, or where a part begins."""
    if "term" in columns:
        known: tuple[str, ...] = () if parameters.get("method") == "published" else ("term",)  # spellings are no terms
    else:
        bars, parts = "upto" in columns, parameters.get("to") in MEASURES
        known = (*PERIODS, *CALENDARS, "rating", *(["value"] if bars else []), *(["low"] if parts else []))
    column = next((name for name in columns if name in known), None)
    if column is None:
        raise BadInput(UNKNOWN)
    return column


def _place(column: str, held: np.ndarray, point: Mapping[str, object]) -> int:
    """Return the row of a point."""
    names = [_name(value, held.dtype.kind) for value in held]
    if list(point) != [column]:
        given = ", ".join(f"{name}={value}" for name, value in point.items())
        raise BadInput(OTHER, example=f"{column}={names[0] if names else ''}", given=given or say("nothing"))
    name = _name(point[column], held.dtype.kind)
    if name not in names:
        ends = {"first": names[0], "last": names[-1]} if names else {"first": "-", "last": "-"}
        raise BadInput(OUTSIDE, name=column, value=name, **ends, hint=suggestion(name, names))
    return names.index(name)


def _name(value: object, kind: str) -> str:
    """Write a point as a caller does: a month of history with or without its first day, a bar by where it begins."""
    if kind == "f" and str(value).replace(".", "", 1).removeprefix("-").isdigit():
        return f"{float(str(value)):g}"
    return str(value)[:7] if kind == "M" else str(value)


def _cut(column: str) -> str:
    """Return the SQL of a row's group."""
    if column == "rating":
        return "coalesce(rating, 0)"
    return PERIODS[column].sql if column in PERIODS else CALENDARS[column].sql
