"""Two selections side by side: the rows of both, and how far the first is from the second."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import numpy as np

from mangetamain import conditions
from mangetamain.charts import Role
from mangetamain.conditions import Conditions
from mangetamain.errors import BadInput
from mangetamain.finding import Finding
from mangetamain.language import N_, Inside, Listing, Message, say
from mangetamain.selection import where
from mangetamain.warehouse import Columns, Executes, query

# Orange is what was asked for, yellow what it is compared with.
ROLES: tuple[Role, Role] = ("centre", "other")


Side = TypeVar("Side", bound=Finding)
Difference = TypeVar("Difference", bound=Finding)


@dataclass(frozen=True, kw_only=True)
class Comparison(Finding, Generic[Side, Difference]):
    """What was found of each selection, and of the first less the second, which the verdict is on.

    `n` adds up both selections, so that what belongs to both counts twice.
    """

    one: Annotated[Side, N_("First selection")]
    other: Annotated[Side, N_("Second selection")]
    difference: Annotated[Difference, N_("Difference")]


def check(values: Mapping[str, Any]) -> None:
    """Refuse a comparison that there is not: of a selection with itself, or by the published method.

    Raises
    ------
    BadInput
        When the values of a question's parameters ask for one.
    """
    if (against := values.get("against")) is None:
        return
    if against == values["among"]:
        text = N_("against cannot be {value}: that is what among selects already; expected another selection.")
        raise BadInput(text, value=repr(written(against)))
    if values.get("method") == "published":
        text = N_(
            "against cannot be {value} where method is published: the published method compares no selections; "
            "expected method=robust, or no against."
        )
        raise BadInput(text, value=repr(written(against)))


def written(selection: Conditions) -> str:
    """Write a selection as a parameter is; every recipe is "all"."""
    return conditions.write(selection) or conditions.ALL


ALIKE = N_("against cannot be {value}: it selects the very recipes that among does; expected another selection.")


def check_apart(con: Executes, among: Conditions, against: Conditions) -> None:
    """Look up whether two selections tell any recipe from another.

    Raises
    ------
    BadInput
        When both hold the same recipes, in other words, or a word of one is unknown.
    """
    one, other = where(con, among), where(con, against, name="against")
    sql = f"""
        SELECT coalesce(bool_or(one), FALSE) AS held, coalesce(bool_or(one <> other), FALSE) AS apart
        FROM (SELECT coalesce({one.recipes}, FALSE) AS one, coalesce({other.recipes}, FALSE) AS other FROM recipes)
        """
    found = query(con, sql, {**one.values, **other.values})
    if found["held"][0] and not found["apart"][0]:
        raise BadInput(ALIKE, value=repr(written(against)))


def stacked(one: Columns, other: Columns, among: Conditions, against: Conditions) -> Columns:
    """Put the rows of the second selection under those of the first, and say first which is which."""
    sizes = [len(next(iter(side.values()))) for side in (one, other)]
    selection = np.repeat(np.array([written(among), written(against)], dtype=object), sizes)
    return {"selection": selection, **{name: np.concatenate([column, other[name]]) for name, column in one.items()}}


def sides(table: Columns, among: Conditions, against: Conditions) -> tuple[Columns, Columns]:
    """Take the rows of the first and of the second selection out of a table."""
    first, second = (
        {name: column[table["selection"] == written(each)] for name, column in table.items()}
        for each in (among, against)
    )
    return first, second


def compared(
    judge: Callable[[Columns], Side], one: Columns, other: Columns, difference: Difference
) -> Comparison[Side, Difference]:  # fmt: skip
    """Judge either selection by itself; the verdict is that of the difference, where there is something of both."""
    first, second = judge(one), judge(other)
    judged = difference.verdict if first.n and second.n else None
    return Comparison(n=first.n + second.n, verdict=judged, one=first, other=second, difference=difference)


def label(selection: Conditions) -> Message | str:
    """Name a selection in a figure."""
    return written(selection) if selection else say("All recipes")


def named(selection: Conditions) -> Message:
    """Name a selection in a sentence; its text is data."""
    if not selection:
        return say("all recipes")
    return say("the recipes “{selection}”", selection=written(selection))


def relative(subject: str, among: Conditions, against: Conditions) -> Message:
    """Say of which selection a measure is looked at, relative to which other, as the subject of a sentence."""
    words = {"subject": say(subject), "one": named(among)}
    if not against:
        return say("{subject} for {one} relative to all recipes", **words)
    return say("{subject} for {one} relative to the recipes “{other}”", other=written(against), **words)


def said_among(said: Message, selection: Conditions) -> Message:
    """Say of which recipes a sentence speaks."""
    return say("Among {selection}, {sentence}", selection=named(selection), sentence=Inside(said))


def say_comparison(
    found: Comparison[Any, Any],
    among: Conditions,
    against: Conditions,
    difference: Message,
    one: Message,
    other: Message,
) -> Message:
    """Say the difference first, then either selection by itself; or which of them holds nothing."""
    empty = [named(each) for side, each in ((found.one, among), (found.other, against)) if not side.n]
    if empty:
        text = N_("There is nothing to compare: the data hold no value for {selections} in these years.")
        return say(text, selections=Listing(tuple(empty)))
    parts = {"difference": difference, "one": said_among(one, among), "other": said_among(other, against)}
    return Message("{difference} {one} {other}", parts)
