"""What is found of the levels of terms, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mangetamain.calendars import CALENDARS
from mangetamain.finding import Estimate, Finding, Record
from mangetamain.language import N_, Listing, Message, Number, Value, digits_for, exact, say
from mangetamain.measures import MEASURES, Measure
from mangetamain.questions.effects import interval, pace
from mangetamain.questions.shares import COUNTED, LEAST


@dataclass(frozen=True)
class Standing(Record):
    """A term, how far it is from the others or from itself, in which season, and its rank with an interval."""

    term: str
    season: str | None
    gap: Annotated[Estimate, N_("Gap")]
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True, kw_only=True)
class TermLevels(Finding):
    """How many of `n` terms are apart at a false discovery rate of 5%, which most, and how far they usually are."""

    kind: str
    higher: Annotated[int, N_("Terms that lie higher")]
    lower: Annotated[int, N_("Terms that lie lower")]
    upmost: Annotated[tuple[Standing, ...], N_("Highest")]
    downmost: Annotated[tuple[Standing, ...], N_("Lowest")]
    middle: Annotated[float, N_("Middle term")]
    spread: Annotated[float, N_("Deviation between terms")]
    spread_high: Annotated[float, N_("Deviation between terms, at most")]


# Beside what each term is set, {subject} being the measure.
BESIDE = {
    "none": N_("{subject}, for {terms} in at least {least} recipes: {found} (false discovery rate 5%)"),
    "year": N_(
        "{subject}, for {terms} in at least {least} recipes, beside that of all others of each year: {found} (false "
        "discovery rate 5%)"
    ),
    "season": N_(
        "{subject}, for {terms} in at least {least} recipes, beside that of all others of each season: {found} (false "
        "discovery rate 5%)"
    ),
    "weekend": N_(
        "{subject}, for {terms} in at least {least} recipes, beside that of all others of those days: {found} (false "
        "discovery rate 5%)"
    ),
}
APART = {
    "none": N_("higher than that of all other recipes of the same years for {rising}, lower for {falling}"),
    "year": N_("rising for {rising}, falling for {falling}"),
    "season": N_("higher in one of them than in the rest of the year for {rising}, lower for {falling}"),
    "weekend": N_("higher at weekends for {rising}, lower for {falling}"),
}
STILL = {
    "none": N_("none is found to be apart from all others of the same years"),
    "year": N_("none is found to rise or fall"),
    "season": N_("none is found to differ by season"),
    "weekend": N_("none is found to differ at weekends"),
}
# How far apart they are: twice the deviation, within which nearly all of them lie.
USUAL = {
    "none": N_("{said}; nearly all are within {spread} {unit} of the middle one (at {middle})"),
    "year": N_("{said}; nearly all move by less than {spread} {unit} {pace}"),
    "season": N_("{said}; nearly all seasons are within {spread} {unit} of the rest of the year"),
    "weekend": N_("{said}; nearly all weekends are within {spread} {unit} of the other days"),
}
SMALL = N_("{said}, less than the {smallest} that would matter")
# What is estimated to be small may be large all the same.
OPEN = N_("{said}, as far as can be told: it may be {most}")
# The ends of an order, by measure; how it is called where none is liked or light.
LIKED = N_("Best liked"), N_("Least liked")
SLOW, RICH, ENDS = (N_("Slowest"), N_("Quickest")), (N_("Richest"), N_("Lightest")), (N_("Highest"), N_("Lowest"))
CALLED = {"rating": LIKED, "five": LIKED, "minutes": SLOW, "calories": RICH}
MOVED = {"year": (N_("Most up"), N_("Most down"))}


def smallest_of(measure: Measure, by: str) -> float:
    """Give the smallest effect that matters: a change per decade, or a gap."""
    return (measure.trend if by == "year" else measure.gap).size


def say_levels(finding: TermLevels, of: str, by: str, years: tuple[int, int]) -> Message:
    """Say how many terms are found to be apart, how far they usually are, and name those that are furthest."""
    measure, (told, per_decade) = MEASURES[of], pace(*years)
    factor = per_decade if by == "year" else 1.0
    apart = finding.upmost or finding.downmost
    # What would not matter, were it as large as it can be, is said to be as large.
    small = finding.verdict == "negligible" and not apart
    distance = 2 * factor * (finding.spread_high if small else finding.spread)
    found = say((APART if apart else STILL)[by], rising=finding.higher, falling=finding.lower)
    terms = say(COUNTED[finding.kind], n=finding.n)
    said = say(BESIDE[by], subject=say(measure.subject), terms=terms, least=LEAST, found=found)
    digits = digits_for((distance,), measure.digits)
    middle = Number(finding.middle, digits, signed=True)
    words: dict[str, Value] = {"spread": Number(distance, digits), "unit": say(measure.change_unit), "pace": told}
    said = say(USUAL[by], said=said, middle=middle, **words)
    if small:
        said = say(SMALL, said=said, smallest=exact(factor * smallest_of(measure, by)))
    elif finding.verdict == "undecided" and finding.spread_high > finding.spread:
        said = say(OPEN, said=said, most=Number(2 * factor * finding.spread_high, digits))
    said = Message("{said}.", {"said": said})
    names = MOVED.get(by) or (CALLED.get(of, ENDS) if by == "none" else ENDS)
    for name, side in zip(names, (finding.upmost, finding.downmost), strict=True):
        if side:
            listed = Listing(tuple(_say_apart(one, measure, by, factor) for one in side))
            said = say("{said} {name}: {listed}.", said=said, name=say(name), listed=listed)
    return said


def _say_apart(one: Standing, measure: Measure, by: str, factor: float) -> Message:
    words = {"term": one.term, **interval(one.gap.times(factor), measure.digits)}
    if one.season:
        season = CALENDARS["season"].said(one.season)
        return say("{term} ({season}) {change} ({low} to {high})", season=season, **words)
    if by == "none":
        text = N_("{term} {change} ({low} to {high}; rank {first} to {last})")
        return say(text, first=one.rank_low, last=one.rank_high, **words)
    return say("{term} {change} ({low} to {high})", **words)
