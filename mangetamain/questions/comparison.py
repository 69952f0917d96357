"""Two selections side by side: the rows of both, and how far the first is from the second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Generic, TypeVar

import numpy as np

from mangetamain import conditions
from mangetamain.charts import Role, Text
from mangetamain.conditions import Conditions
from mangetamain.errors import BadInput
from mangetamain.finding import Alike, Finding
from mangetamain.language import N_, Inside, Listing, Message, quoted, say
from mangetamain.selection import where
from mangetamain.warehouse import Columns, Executes, query

# Orange is what was asked for, yellow what it is compared with.
ROLES: tuple[Role, Role] = ("centre", "other")
# The rows, the name and the role of a side of a figure.
Drawn = tuple[Columns, Text, Role]

Looked = TypeVar("Looked")
Side = TypeVar("Side", bound=Finding)
Difference = TypeVar("Difference", bound=Finding)


@dataclass(frozen=True, kw_only=True)
class Comparison(Finding, Generic[Side, Difference]):
    """What was found of each selection, and of the first less the second, which the verdict is on.

    `n` adds up both selections, so that what belongs to both counts twice.
    """

    one: Annotated[Side, N_("First selection")]
    other: Annotated[Side, N_("Second selection")]
    difference: Annotated[Difference | Alike, N_("Difference")]


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
        raise BadInput(text, value=quoted(written(against)))
    if values.get("method") == "published":
        text = N_(
            "against cannot be {value} where method is published: the published method compares no selections; "
            "expected method=robust, or no against."
        )
        raise BadInput(text, value=quoted(written(against)))


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
        raise BadInput(ALIKE, value=quoted(written(against)))


BOTH_ALIKE = N_("There is no difference to judge: the values of either selection are alike.")


@dataclass(frozen=True)
class Pair:
    """The selection that is looked at, and the one that it is set against, if any."""

    among: Conditions = ()
    against: Conditions | None = None

    @property
    def both(self) -> tuple[Conditions, Conditions]:
        """The two selections, the second being all recipes where there is none."""
        return self.among, self.against or ()

    def read(self, con: Executes, look_up: Callable[..., Looked]) -> tuple[Looked, Looked | None]:
        """Look up what is of the first and, where there is one, of the second, once they are known to differ."""
        if self.against is None:
            return look_up(among=self.among), None
        check_apart(con, self.among, self.against)
        return look_up(among=self.among), look_up(among=self.against, name="against")

    def stacked(self, one: Columns, other: Columns) -> Columns:
        """Put the rows of the second selection under those of the first, and say first which is which."""
        sizes = [len(next(iter(side.values()))) for side in (one, other)]
        selection = np.repeat(np.array(list(map(written, self.both)), dtype=object), sizes)
        return {"selection": selection, **{name: np.concatenate([column, other[name]]) for name, column in one.items()}}

    def sides(self, table: Columns) -> tuple[Columns, Columns]:
        """Take the rows of the first and of the second selection out of a table."""
        first, second = (
            {name: column[table["selection"] == written(each)] for name, column in table.items()} for each in self.both
        )
        return first, second

    def judged(
        self, table: Columns, judge: Callable[[Columns], Side], difference: Callable[[Columns, Columns], Difference]
    ) -> Side | Comparison[Side, Difference]:
        """Judge a table; of two selections either by itself, and the difference that the verdict is on.

        Where one of them holds nothing, or the values of either are alike, there is no verdict; where there is too
        little to compare, it is undecided.
        """
        if self.against is None:
            return judge(table)
        one, other = self.sides(table)
        first, second = judge(one), judge(other)
        n, both = first.n + second.n, bool(first.n and second.n)
        apart: Difference | Alike
        if isinstance(first, Alike) and isinstance(second, Alike):  # what does not vary has no error to judge it by
            apart = Alike(n=n, value=first.value - second.value)
        else:
            apart = difference(one, other)
        if both and not apart.n:  # of no point of time that both have
            apart = replace(apart, n=n, verdict="undecided")
        return Comparison(n=n, verdict=apart.verdict if both else None, one=first, other=second, difference=apart)

    def drawn(self, table: Columns, alone: Text) -> list[Drawn]:
        """Give the rows, the name and the role of either selection, or of a table without a second one."""
        if self.against is None:
            return [(table, alone, ROLES[0])]
        names = [written(each) if each else say("All recipes") for each in self.both]
        return list(zip(self.sides(table), names, ROLES, strict=True))

    def relative(self, subject: Message) -> Message:
        """Say of which selection a measure is looked at, relative to which other, as the subject of a sentence."""
        text = N_("{subject} among {one} relative to that among {other}")
        one, other = map(named, self.both)
        return say(text, subject=subject, one=one, other=other)

    def said(
        self,
        found: Side | Comparison[Side, Difference],
        say_one: Callable[[Side], Message],
        say_difference: Callable[[Difference], Message],
    ) -> Message:
        """Say a finding; of two selections the difference first, then either by itself, or which holds nothing."""
        if not isinstance(found, Comparison):
            return say_one(found)
        pairs = list(zip((found.one, found.other), self.both, strict=True))
        if empty := tuple(named(selection) for side, selection in pairs if not side.n):
            text = N_("There is nothing to compare: the data hold no value for {selections} in these years.")
            return say(text, selections=Listing(empty))
        one, other = (said_among(say_one(side), selection) for side, selection in pairs)
        apart = found.difference
        said = say(BOTH_ALIKE) if isinstance(apart, Alike) else say_difference(apart)
        return Message("{difference} {one} {other}", {"difference": said, "one": one, "other": other})


# Every recipe, set against nothing.
WHOLE = Pair()


def alike(one: Columns, other: Columns, by: str, *known: np.ndarray) -> tuple[Columns, Columns]:
    """Take the points of time that both selections know: one of either alone would move its level alone."""
    points = np.intersect1d(*(side[by][each] for side, each in zip((one, other), known, strict=True)))
    first, second = ({name: c[np.isin(side[by], points)] for name, c in side.items()} for side in (one, other))
    return first, second


def apart_names(columns: Iterable[str]) -> dict[str, str]:
    """Name the columns that hold what one selection is above another; its level is called apart."""
    return {name: "apart" if name == "level" else f"apart_{name}" for name in columns}


def difference(one: Columns, other: Columns, shared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Subtract the second centres from the first, with the errors of both less what they share, a correlation."""
    variance = one["se"] ** 2 + other["se"] ** 2 - 2 * shared * one["se"] * other["se"]
    return one["centre"] - other["centre"], np.sqrt(np.maximum(variance, 0.0))


def named(selection: Conditions) -> Message:
    """Name a selection in a sentence; its text is data."""
    if not selection:
        return say("all recipes")
    return say("the recipes “{selection}”", selection=written(selection))


def said_among(said: Message, selection: Conditions) -> Message:
    """Say of which recipes a sentence speaks."""
    return say("Among {selection}, {sentence}", selection=named(selection), sentence=Inside(said))
