"""The conditions of a selection of recipes, as everybody writes them: text to conditions and back, without data."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import combinations, takewhile
from typing import Literal, assert_never

from mangetamain.language import Value, say
from mangetamain.refusals import JOINED, contradictory, denied, instead, joined, refusal

TermKind = Literal["tag", "ingredient"]
Operator = Literal["<=", ">=", "<", ">", "="]
KINDS: tuple[TermKind, ...] = ("tag", "ingredient")

MOST = 12  # conditions of one selection
LONGEST = 500  # characters of its text, given and canonical
ALL = "all"  # selects every recipe, where an empty text means something else
EXAMPLE = "vegetarian, ingredient:chicken, not desserts, minutes<=30, calories 200-500"
# What says the contrary of a comparison, which takes no "not".
CONTRARY: dict[Operator, Operator | None] = {"<=": ">", ">=": "<", "<": ">=", ">": "<=", "=": None}
# The signs, also as typographers write them, and slips of the hand with the right ones.
SIGNS: dict[str, Operator] = {**{operator: operator for operator in CONTRARY}, "≤": "<=", "≥": ">="}
SLIPS: dict[str, Operator] = {"=<": "<=", "=>": ">=", "==": "=", "<==": "<=", ">==": ">="}

# No pattern repeats a repetition, so that no text takes long; figures are ASCII's, as the engine reads them.
NEGATION = re.compile(r"not\s+(.*)", re.DOTALL)
COMPARED = re.compile(r"([^<>=≤≥!]*)([<>=≤≥!]+)([^<>=≤≥!]*)", re.DOTALL)
BETWEEN = re.compile(r"([a-z][a-z_ ]*) ([0-9][^ \-–—]*) ?[-–—] ?([0-9].*)")
MEASURE = re.compile(r"[a-z][a-z_]{0,39}")
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?")
LIKE_A_NUMBER = re.compile(r"[-+.]?[0-9][0-9. ]*")
# Between a sign and a unit stands the number that was meant.
MARKED = re.compile(rf"[-−+]? ?({NUMBER.pattern}) ?[a-z%]*")
# What follows the comma of a decimal, after a part that ends with a figure.
DECIMALS = re.compile(r"[0-9]+( ?[-–—] ?[0-9].*)?")
# The comma that parts thousands.
THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")


@dataclass(frozen=True)
class Term:
    """A tag or an ingredient that a recipe must hold or, negated, must not; which of the two, the data know.

    Parameters
    ----------
    word
        One of its spellings, in lower case.
    kind
        Tag or ingredient, where that was said.
    negated
        Whether the recipes without it are meant.
    """

    word: str
    kind: TermKind | None = None
    negated: bool = False

    def __str__(self) -> str:
        prefix = ("not " if self.negated else "") + (f"{self.kind}:" if self.kind else "")
        return prefix + (self.word if _plain(self.word) else '"' + self.word.replace('"', '""') + '"')


@dataclass(frozen=True)
class Comparison:
    """A measure of recipes on one side of a number."""

    measure: str
    operator: Operator
    number: float

    def __str__(self) -> str:
        return f"{self.measure}{self.operator}{_digits(self.number)}"


@dataclass(frozen=True)
class Range:
    """A measure of recipes between two numbers, both included."""

    measure: str
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.measure} {_digits(self.low)}-{_digits(self.high)}"


Condition = Term | Comparison | Range
# All of them hold together; none of them selects every recipe.
Conditions = tuple[Condition, ...]


def write(conditions: Conditions) -> str:
    """Write a selection: one text for one selection, whatever order, blanks, case and numbers it was given in.

    Terms come first, those that a recipe must not hold after those that it must, then measures; each in alphabetical
    order and once.
    """
    return ", ".join(dict.fromkeys(str(condition) for condition in sorted(conditions, key=_place)))


def _place(condition: Condition) -> tuple[int, str]:
    match condition:
        case Term():
            return int(condition.negated), str(condition)
        case Comparison() | Range():
            return 2, str(condition)
    assert_never(condition)


def read(name: str, text: str) -> Conditions:
    """Read a selection such as "vegetarian, chicken, not dessert, minutes<=30, calories 200-500".

    Parameters
    ----------
    name
        The parameter that it was given for, named in a refusal.
    text
        Conditions with commas between them. A term may be preceded by "not", by "tag:" or "ingredient:", and stands in
        quotation marks where it holds a comma or a sign: "lemon, juice of"; a quotation mark in it is written twice.

    Returns
    -------
    tuple of Condition
        In the order of `write`, each once; which words and measures exist is not looked at.

    Raises
    ------
    BadInput
        When a condition is none of the grammar, two contradict each other, or the text is too long.
    """
    limits = say("at most {most} conditions in {longest} characters", most=MOST, longest=LONGEST)
    if len(text) > LONGEST:
        raise refusal(name, text, limits)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, which no engine takes
        raise refusal(name, text, say("text")) from None
    parts = [part for part in map(str.strip, _split(name, text)) if part.lower() not in ("", ALL)]
    for i, before in enumerate(parts):
        whole = ",".join([before, *takewhile(DECIMALS.fullmatch, parts[i + 1 :])])
        if before[-1].isdigit() and whole != before:
            near = instead(THOUSANDS.sub("", whole).replace(",", "."))
            raise refusal(name, whole, say("a number without commas, its decimals after a point"), near)
    conditions = tuple(sorted({_condition(name, part) for part in parts}, key=_place))
    if len(parts) > MOST or len(write(conditions)) > LONGEST:
        raise refusal(name, text, limits)
    for one, other in combinations((each for each in conditions if not isinstance(each, Term)), 2):
        least, greatest = zip(_ends(one), _ends(other), strict=True)
        if one.measure == other.measure and max(least) > min(greatest):
            raise contradictory(name, one, other)
    return conditions


def _ends(condition: Comparison | Range) -> tuple[tuple[float, int], tuple[float, int]]:
    """Give the ends of what a measure may be, each with -1 or 1 where what lies just below or above it is meant."""
    if isinstance(condition, Range):
        return (condition.low, 0), (condition.high, 0)
    end = condition.number, {"<": -1, ">": 1}.get(condition.operator, 0)
    return (-math.inf, 0) if "<" in condition.operator else end, (math.inf, 0) if ">" in condition.operator else end


def _split(name: str, text: str) -> list[str]:
    """Cut at the commas that stand in no quotation marks; one written twice opens and closes at once."""
    outside = True
    parts = [""]
    for char in text:
        outside ^= char == '"'
        if char == "," and outside:
            parts.append("")
        else:
            parts[-1] += char
    if not outside:
        raise refusal(name, parts[-1], say("a second quotation mark"))
    return parts


def _condition(name: str, part: str) -> Condition:
    negation = NEGATION.fullmatch(part.lower())
    bare = negation[1] if negation else part.lower()
    # "salt and pepper" is an ingredient's name; a sign behind the joint shows that two conditions were meant.
    if '"' in bare or (":" in bare and (_plain(bare.partition(":")[2].strip()) or not JOINED.search(bare))):
        return _named(name, part, bare, bool(negation))
    bare = " ".join(bare.split())
    if JOINED.search(bare) and not _plain(bare):
        raise joined(name, bare)
    if bare[0] == "!" and _plain(word := bare[1:].strip()):
        raise denied(name, part, Term(word, negated=True))
    measured = _measured(name, part, bare)
    if measured and negation:
        raise refusal(name, part, say("a tag or an ingredient after not"), _contrary(measured))
    return measured or Term(_word(name, part, bare), None, bool(negation))


def _contrary(measured: Comparison | Range) -> Value | None:
    if isinstance(measured, Range) or not (operator := CONTRARY[measured.operator]):
        return None
    return instead(Comparison(measured.measure, operator, measured.number))


def _named(name: str, part: str, bare: str, negated: bool) -> Term:
    """Read a term with its kind, in quotation marks, or both."""
    head, quote, quoted = bare.partition('"')
    kind, colon, word = head.partition(":")
    known = next((one for one in KINDS if colon and one == kind.strip()), None)
    word = " ".join((word if colon else head).split())
    if colon and not known:
        expected = say("tag: or ingredient: before the term, or the term in quotation marks")
        raise refusal(name, part, expected, _meant(kind.strip(), bare.partition(":")[2].strip(), negated))
    if not quote:
        return Term(_word(name, part, word), known, negated)
    inside = quoted.removesuffix('"')
    if word or inside == quoted or '"' in inside.replace('""', "") or not inside.strip():
        raise refusal(name, part, say("the whole term in quotation marks"))
    return Term(inside.replace('""', '"').strip(), known, negated)


def _meant(kind: str, word: str, negated: bool) -> Value | None:
    """Guess what a colon was put behind: a kind in the plural, or a measure before its range."""
    if kind.removesuffix("s") in KINDS:
        return instead(("not " if negated else "") + f"{kind.removesuffix('s')}:{word}")
    measured = BETWEEN.fullmatch(f"{kind} {word}")
    return instead(measured[0]) if measured else None


def _word(name: str, part: str, word: str) -> str:
    """Return a term written without quotation marks, unless it reads like something else."""
    if LIKE_A_NUMBER.fullmatch(word):
        raise refusal(name, part, say("a word, or a measure before the number; decimals are written with a point"))
    if not _plain(word):
        raise refusal(name, part, say("a term, in quotation marks where it holds signs or begins with not"))
    return word


def _plain(word: str) -> bool:
    """Whether a term can be written without quotation marks: nothing in it reads as another part of a selection."""
    return not (
        re.search(r'[",:<>=≤≥!]', word)
        or re.match(r"not( |$)", word)
        or LIKE_A_NUMBER.fullmatch(word)
        or BETWEEN.fullmatch(word)
        or word != " ".join(word.split())
        or word in ("", ALL)
    )


def _measured(name: str, part: str, bare: str) -> Comparison | Range | None:
    if between := BETWEEN.fullmatch(bare):
        low, high = _number(name, part, between[2]), _number(name, part, between[3])
        measure = _measure(name, part, between[1])
        if low > high:
            raise refusal(name, part, say("the lower number first"), instead(Range(measure, high, low)))
        return Range(measure, low, high)
    if not re.search("[<>=≤≥!]", bare):
        return None
    compared = COMPARED.fullmatch(bare)
    if not compared:
        raise refusal(name, part, say("one sign between a measure and a number, or a range such as calories 200-500"))
    measure, sign, text = _measure(name, part, compared[1]), compared[2], compared[3].strip()
    near = MARKED.fullmatch(text)
    meant = f"{measure}{sign}{near[1]}" if near else f"{measure}:{text}" if measure in KINDS and text else None
    number = _number(name, part, text, instead(meant) if meant else None)
    if operator := SIGNS.get(sign):
        return Comparison(measure, operator, number)
    hint = instead(Comparison(measure, SLIPS[sign], number)) if sign in SLIPS else None
    raise refusal(name, part, say("one of the signs {signs}", signs=" ".join(CONTRARY)), hint)


def _measure(name: str, part: str, text: str) -> str:
    measure = "_".join(re.split(r"[\s-]+", text.strip()))
    if not MEASURE.fullmatch(measure):
        raise refusal(name, part, say("a measure before the sign, as in minutes<=30"))
    return measure


def _number(name: str, part: str, text: str, hint: Value | None = None) -> float:
    if not NUMBER.fullmatch(text.strip()):
        raise refusal(
            name,
            part,
            say("a number such as 30 or 2.5, of at most 9 figures and 3 decimals, without a sign or a unit"),
            hint,
        )
    return float(text)


def _digits(number: float) -> str:
    """Write a number without needless zeros; three decimals are all that can be read."""
    return f"{number:.3f}".rstrip("0").rstrip(".")
