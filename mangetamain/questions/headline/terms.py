"""The headlines of ingredients and tags: the first few of each kind that was found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from mangetamain.calendars import CALENDARS
from mangetamain.finding import Verdict
from mangetamain.language import N_, Inside, Message, Value, plural, say
from mangetamain.questions.plain_words import NAMED, TIMES, few, percent, soft, subject
from mangetamain.questions.shares import COUNTED
from mangetamain.questions.term_changes import Drift, TermChanges
from mangetamain.questions.term_contrast import TermContrast
from mangetamain.questions.term_curve import Curve, CurvesFinding
from mangetamain.questions.term_levels.sentences import Standing, TermLevels
from mangetamain.questions.terms import TermsFinding

Found = TermsFinding | TermChanges | TermContrast | CurvesFinding | TermLevels
OF, FREQUENT = N_("{term} ({number})"), N_("Most frequent: {terms}")
GIVEN = N_("The selection itself settles the share of {terms}")
# What changed; the same words as ups and downs of chosen terms.
RISING, FALLING = N_("Rising most: {terms}"), N_("Falling most: {terms}")
STILL = {
    "negligible": N_("Of {terms}, none rose or fell by enough to matter"),
    "undecided": N_("Of {terms}, none clearly rose or fell"),
}
CURVES = {
    ("clear", False): N_("Rising: {terms}"),
    ("clear", True): N_("Falling: {terms}"),
    ("real", False): N_("Rising, perhaps only slightly: {terms}"),
    ("real", True): N_("Falling, perhaps only slightly: {terms}"),
    ("negligible", False): N_("Hardly changing: {terms}"),
    ("undecided", False): N_("Unclear: {terms}"),
}
MATTERS = plural("{time} matters for {n} of {terms}: {top}", "{time} matters for {n} of {terms}, above all {top}")
APART = {
    "negligible": N_("Of {terms}, none varies with {time} by enough to matter"),
    "undecided": N_("Of {terms}, none clearly varies with {time}"),
}
# With which terms a measure lies or moves which way.
WITH = {
    "none": (N_("highest with {terms}"), N_("lowest with {terms}")),
    "year": (N_("rising most with {terms}"), N_("falling most with {terms}")),
    "season": (N_("up most with {terms}"), N_("down most with {terms}")),
    "weekend": (N_("higher at weekends with {terms}"), N_("lower at weekends with {terms}")),
}
ALIKE = {
    "negligible": N_("Of {terms}, none stands out by enough to matter for {subject}"),
    "undecided": N_("Of {terms}, none clearly stands out for {subject}"),
}


def say_terms(finding: Found, values: Mapping[str, Any]) -> Message:
    """Name the first few terms of a finding."""
    kind, by = values["kind"], values.get("by", "")
    terms = say(COUNTED[kind], n=finding.n)
    match finding:
        case TermsFinding(top=top):
            shares = (say(OF, term=one.term, number=percent(one.share.value)) for one in top)
            return say(FREQUENT, terms=few(tuple(shares)))
        case TermChanges(verdict=verdict, up=up, down=down):
            return _sure(verdict, _sides((RISING, FALLING), up, down), STILL, terms=terms)
        case TermContrast(verdict=verdict, belonging=belonging, peaks=peaks):
            named = (say(OF, term=one.term, number=CALENDARS[by].said(one.group)) for one in peaks)
            time = say(TIMES[by])
            said = [say(MATTERS, n=belonging, top=few(tuple(named)), time=time, terms=terms)] if peaks else []
            return _sure(verdict, said, APART, time=Inside(time), terms=terms)
        case CurvesFinding(curves=curves, given=given):
            return _joined([*_curves(curves), *([say(GIVEN, terms=few(given))] if given else [])])
        case TermLevels(verdict=verdict, upmost=up, downmost=down):
            noun, sides = subject(values["of"]), _sides(WITH[by], up, down)
            said = [say("{subject}: {sides}", subject=noun, sides=_joined(sides))] if sides else []
            return _sure(verdict, said, ALIKE, terms=terms, subject=Inside(noun))


def _sure(verdict: Verdict | None, parts: list[Message], texts: Mapping[str, str], **words: Value) -> Message:
    """Say what was found, or that nothing is there, beyond doubt or at all."""
    if parts and verdict in ("clear", "real"):
        return soft(_joined(parts), verdict)
    text = texts["negligible" if verdict == "negligible" else "undecided"]
    return say(text, **words)


def _sides(texts: tuple[str, str], *sides: tuple[Drift | Standing, ...]) -> list[Message]:
    """Name the first terms of either side that has some."""
    named = ((text, few(tuple(map(_named, side[:NAMED])))) for text, side in zip(texts, sides, strict=True) if side)
    return [say(text, terms=terms) for text, terms in named]


def _joined(parts: list[Message]) -> Message:
    return reduce(lambda one, other: say("{one}; {other}", one=one, other=Inside(other)), parts)


def _named(one: Drift | Standing) -> Message | str:
    if isinstance(one, Standing) and one.season:
        return say(OF, term=one.term, number=CALENDARS["season"].said(one.season))
    return one.term


def _curves(curves: tuple[Curve, ...]) -> list[Message]:
    """Name the terms that did the same together."""
    did: dict[str, list[str]] = {text: [] for text in CURVES.values()}
    for one in curves:
        fell = one.verdict in ("clear", "real") and one.change.value < 0
        did[CURVES[one.verdict, fell]].append(one.term)
    return [say(text, terms=few(tuple(terms))) for text, terms in did.items() if terms]
