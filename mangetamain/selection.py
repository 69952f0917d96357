"""Which recipes a selection selects: conditions to one SQL expression with bound values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Protocol, assert_never

from mangetamain.conditions import KINDS, Comparison, Conditions, Operator, Range, Term, TermKind
from mangetamain.errors import BadInput, suggestion
from mangetamain.language import N_, quoted, say
from mangetamain.measures import RECIPE_MEASURES
from mangetamain.refusals import DENIED, JOINED, contradictory, denied, instead, joined, refusal
from mangetamain.vocabulary import kinds_of, nearest, unknown
from mangetamain.warehouse import Executes

# The one place where a sign becomes SQL: what is not here, is in no statement.
COMPARE: dict[Operator, str] = {"<=": "<=", ">=": ">=", "<": "<", ">": ">", "=": "="}
# From which on a name passes for a slip of the hand, as `suggestion` counts.
LIKENESS = 0.7
BOTH = N_("{word} is both a tag and an ingredient: write {tag} or {ingredient}.")


class Measured(Protocol):
    """A measure, as far as a selection needs it."""

    @property
    def sql(self) -> str:
        """Column or expression of a row of the view `recipes`."""
        ...


@dataclass(frozen=True)
class Where:
    """A selection as a statement takes it.

    Parameters
    ----------
    recipes
        A boolean expression over the view `recipes`.
    values
        What its parameters are bound to; their names begin with that of the selection, so that a statement may hold
        two.
    terms
        The terms that it demands or forbids, each with its kind.
    """

    recipes: str
    values: Mapping[str, str | float]
    terms: tuple[tuple[TermKind, str], ...] = ()

    @property
    def reviews(self) -> str:
        """The same over the view `reviews`: those of the selected recipes, none of which was cleaned away."""
        return f"recipe_id IN (SELECT id FROM recipes WHERE {self.recipes})" if self.values else self.recipes


def where(
    con: Executes,
    among: Conditions,
    *,
    name: str = "among",
    measures: Mapping[str, Measured] = RECIPE_MEASURES,
) -> Where:
    """Write a selection as SQL, once its words and measures are found to be known.

    Reads the view `vocabulary`; the expression reads `recipe_terms` and columns of `recipes`, its `id` among them.

    Parameters
    ----------
    con
        Where words are looked up.
    among
        The conditions; without any, every recipe is selected.
    name
        The parameter that they were given for: it is named in a refusal, and begins the names of the bound values.
    measures
        What can be compared, by name.

    Raises
    ------
    BadInput
        When a word is unknown, or is a tag and an ingredient and which was not said, or a measure is unknown, or a term
        is both demanded and forbidden.
    """
    terms = _resolved(con, among, name, measures)
    expressions: list[str] = []
    values: dict[str, str | float] = {}
    for i, condition in enumerate(among):
        at = f"{name}_{i}"
        match condition:
            case Term():
                kind, term = terms[condition]
                held = f"id IN (SELECT recipe FROM recipe_terms WHERE kind = ${at}_kind AND term = ${at}_term)"
                expressions.append(f"NOT {held}" if condition.negated else held)
                values |= {f"{at}_kind": kind, f"{at}_term": term}
            case Comparison():
                expressions.append(f"({measures[condition.measure].sql}) {COMPARE[condition.operator]} ${at}")
                values[at] = condition.number
            case Range():
                expressions.append(f"({measures[condition.measure].sql}) BETWEEN ${at}_low AND ${at}_high")
                values |= {f"{at}_low": condition.low, f"{at}_high": condition.high}
            case _:
                assert_never(condition)
    return Where(" AND ".join(expressions) or "TRUE", values, tuple(terms.values()))


def _resolved(
    con: Executes, among: Conditions, name: str, measures: Mapping[str, Measured]
) -> dict[Term, tuple[TermKind, str]]:
    """Find each term's kind and spelling, and refuse what is not known, the first in the order of the conditions."""
    words = [condition.word for condition in among if isinstance(condition, Term)]
    known = kinds_of(con, words) if words else {}
    terms: dict[Term, tuple[TermKind, str]] = {}
    for condition in among:
        if isinstance(condition, Term):
            terms[condition] = _term(con, name, condition, known[condition.word], measures)
        elif condition.measure not in measures:
            raise _unmeasured(con, name, condition, measures)
    for one, other in combinations(terms, 2):
        if terms[one] == terms[other] and one.negated != other.negated:
            raise contradictory(name, one, other)
    return terms


def _term(
    con: Executes, name: str, term: Term, known: Mapping[TermKind, str], measures: Mapping[str, Measured]
) -> tuple[TermKind, str]:
    meant = {kind: spelled for kind, spelled in known.items() if term.kind in (None, kind)}
    if len(meant) == 1:
        return meant.popitem()
    if meant:
        tag, ingredient = (str(replace(term, kind=kind)) for kind in KINDS)
        raise _of(name, BadInput(BOTH, word=quoted(term.word), tag=tag, ingredient=ingredient))
    if not term.kind and (measure := _measure_in(term.word, measures)) and not nearest(con, term.word):
        examples = {"one": f"{measure}<=30", "other": f"{measure} 10-20"}
        raise refusal(name, str(term), say("a measure with its bounds, as in {one} or {other}", **examples))
    parts = [part.removeprefix("not ") for part in JOINED.split(term.word)[::2]]
    if len(parts) > 1 and all(kinds_of(con, parts).values()):
        raise joined(name, str(term))
    if not (term.negated or known) and (said := DENIED.fullmatch(term.word)) and kinds_of(con, [said[1]])[said[1]]:
        raise denied(name, term.word, replace(term, word=said[1], negated=True))
    raise _of(name, unknown(con, term.word, term.kind, known))


def _unmeasured(con: Executes, name: str, condition: Comparison | Range, measures: Mapping[str, Measured]) -> BadInput:
    """Refuse what is no measure: a slip of the hand, or one behind a term and a comma that is missing."""
    ends = [measure for measure in measures if condition.measure.endswith(f"_{measure}")]
    if ends and (measure := max(ends, key=len)):
        word = condition.measure.removesuffix(f"_{measure}").replace("_", " ")
        measured = replace(condition, measure=measure)
        if kinds_of(con, [word])[word]:
            expected = say("commas between conditions, all of which hold")
            return refusal(name, f"{word} {measured}", expected, instead(f"{word}, {measured}"))
    expected = say("one of {values}", values=", ".join(measures))
    return refusal(name, str(condition), expected, suggestion(condition.measure, measures, LIKENESS))


def _of(name: str, refusal: BadInput) -> BadInput:
    """Name the parameter that a word was given for, where it is not the selection that every question has."""
    return refusal if name == "among" else BadInput(N_("{name}: {refusal}"), name=name, refusal=refusal.message)


def _measure_in(word: str, measures: Mapping[str, Measured]) -> str | None:
    """Return the measure that a word is, or names beside a number: "minutes below 30", "moins de 30 minutes"."""
    parts = word.split()
    least = 1 if re.search("[0-9]", word) else len(parts)
    named = ("_".join(parts[i : i + n]) for n in range(len(parts), least - 1, -1) for i in range(len(parts) - n + 1))
    return next((measure for measure in named if measure in measures), None)
