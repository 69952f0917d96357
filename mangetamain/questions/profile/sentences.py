"""What a profile finds of each measure, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from typing import Annotated

from mangetamain.calendars import CALENDARS, PERIODS
from mangetamain.finding import VERDICTS, Estimate, Finding, Record, Verdict
from mangetamain.language import N_, Inside, Listing, Message, Number, Value, amount, digits_for, plural, say
from mangetamain.measures import MEASURES, THIN
from mangetamain.questions.aggregates.values import say_nothing
from mangetamain.questions.calendar_cells import say_months
from mangetamain.questions.effects import DECADE, PACES, horizon

# In the sentence, of each verdict.
NAMED_MEASURES = 3


@dataclass(frozen=True)
class Judged(Record):
    """A measure and its effect, in its unit."""

    measure: Annotated[str, N_("Measure")]
    effect: Annotated[Estimate, N_("Effect")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    verdict: Verdict


@dataclass(frozen=True)
class Changed(Judged):
    """A measure that is followed between two years."""

    first: str
    last: str

    @property
    def decade(self) -> bool:
        """Whether the change is told per decade."""
        return horizon(int(self.last) - int(self.first)) == DECADE


@dataclass(frozen=True)
class Differing(Judged):
    """A measure that is compared between the groups where it is lowest and highest."""

    lowest: Annotated[str | int, N_("Lowest group")]
    highest: Annotated[str | int, N_("Highest group")]


@dataclass(frozen=True)
class NotJudged(Record):
    """A measure of which nothing can be said: `few` values, or `alike` ones."""

    measure: Annotated[str, N_("Measure")]
    why: Annotated[str, N_("Not judged")]


Effect = Changed | Differing
MeasureEffect = Effect | NotJudged


@dataclass(frozen=True, kw_only=True)
class Profile(Finding):
    """What several measures changed or differ by, the largest effect first."""

    measures: Annotated[tuple[MeasureEffect, ...], N_("Measures")]


# Between what measures differ, as a sentence opens.
WHEN = {
    "year": N_("Between {first} and {last}"),
    "season": N_("Between the seasons"),
    "month_of_year": N_("Between the months of the year"),
    "weekday": N_("Between the days of the week"),
    "weekend": N_("Between weekends and the other days"),
}
# Of changes, and of differences.
CLEAR = {
    True: plural(
        "{when}, {n} of {total} measures clearly changed by enough to matter: {listed}.",
        "{when}, {n} of {total} measures clearly changed by enough to matter: {listed}.",
    ),
    False: plural(
        "{when}, {n} of {total} measures clearly differs by enough to matter: {listed}.",
        "{when}, {n} of {total} measures clearly differ by enough to matter: {listed}.",
    ),
}
NONE = {
    True: N_("{when}, none of {total} measures clearly changed by enough to matter."),
    False: N_("{when}, none of {total} measures clearly differs by enough to matter."),
}
NEGLIGIBLE = {
    True: N_(
        "{when}, none of {total} measures changed by enough to matter: the whole interval of each lies within what "
        "would not matter."
    ),
    False: N_(
        "{when}, none of {total} measures differs by enough to matter: the whole interval of each lies within what "
        "would not matter."
    ),
}
REAL = {
    True: plural(
        "{n} changed, but whether by enough to matter is open: {listed}",
        "{n} changed, but whether by enough to matter is open: {listed}",
    ),
    False: plural(
        "{n} differs, but whether by enough to matter is open: {listed}",
        "{n} differ, but whether by enough to matter is open: {listed}",
    ),
}
HARDLY = {
    True: plural("{n} hardly changed", "{n} hardly changed"),
    False: plural("{n} hardly differs", "{n} hardly differ"),
}
UNDECIDED = plural("{n} is left open by the data", "{n} are left open by the data")
# On a panel of its own a measure's interval is narrower, and may settle what is open here.
TOGETHER = N_("{said} {rest} (judged together, more strictly than each by itself).")
NOT_JUDGED = plural("{n} cannot be judged", "{n} cannot be judged")
TOO_FEW = {
    True: N_(
        "None of {total} measures can be judged: that takes values that differ, in {fewest} whole years of {least} or "
        "more."
    ),
    False: N_(
        "None of {total} measures can be judged: that takes values that differ, in two groups of {least} or more and "
        "in {months}."
    ),
}


def say_profile(finding: Profile, first: str, by: str) -> Message:
    """Say how many measures changed or differ by enough to matter, which, and how many do not."""
    through, total = by == "year", len(finding.measures)
    judged = [one for one in finding.measures if not isinstance(one, NotJudged)]
    clear, real, negligible, undecided = ([one for one in judged if one.verdict == each] for each in VERDICTS)
    if not finding.n:
        return say_nothing(MEASURES[first])
    if not judged:
        history = {"fewest": PERIODS["year"].fewest} if through else {"months": say_months(MEASURES[first], by)}
        return say(TOO_FEW[through], total=total, least=THIN, **history)
    years = span(judged)
    opened: dict[str, Value] = {"when": say(WHEN[by], **years), "total": total}
    if len(negligible) == total:
        return say(NEGLIGIBLE[through], **opened)
    say_one = partial(_say_one, by=by, span=years)
    said = say(NONE[through], **opened)
    if clear:
        said = say(CLEAR[through], n=len(clear), listed=_listed(clear, say_one), **opened)
    rest = [say(REAL[through], n=len(real), listed=_listed(real, _name if clear else say_one))] if real else []
    counts = len(negligible), len(undecided), total - len(judged)
    rest += [say(text, n=n) for text, n in zip((HARDLY[through], UNDECIDED, NOT_JUDGED), counts, strict=True) if n]
    if not rest:
        return said
    words = {"said": said, "rest": reduce(_joined, rest)}
    return say(TOGETHER, **words) if real or undecided else Message("{said} {rest}.", words)


def span(judged: list[Effect]) -> dict[str, str]:
    """Give the years between which changes are told, of all measures together."""
    years = [year for one in judged if isinstance(one, Changed) for year in (one.first, one.last)]
    return {"first": min(years), "last": max(years)} if years else {}


def _joined(one: Message, other: Message) -> Message:
    return say("{one}; {other}", one=one, other=other)


def _listed(some: list[Effect], say_one: Callable[[Effect], Value]) -> Message | Listing:
    """Name measures; of many the first, which are the largest."""
    listed = Listing(tuple(map(say_one, some[:NAMED_MEASURES])))
    return say("above all {listed}", listed=listed) if some[NAMED_MEASURES:] else listed


def _name(one: Effect) -> Inside:
    return Inside(say(MEASURES[one.measure].subject))


def _say_one(one: Effect, *, by: str, span: Mapping[str, str]) -> Message:
    """Name a measure with its effect, and with what that is of: its own years, where its line bends, or two groups."""
    words: dict[str, Value] = {"measure": _name(one), "effect": say_paced(one)}
    match one:
        case Changed(first=first, last=last) if span != (own := {"first": first, "last": last}):
            return say("{measure} ({effect}, {first} to {last})", **words, **own)
        case Changed():
            return say("{measure} ({effect})", **words)
        case Differing(lowest=lowest, highest=highest):
            text = N_("{measure} ({effect}; highest: {highest}, lowest: {lowest})")
            groups = {"lowest": CALENDARS[by].said(lowest), "highest": CALENDARS[by].said(highest)}
            return say(text, **groups, **words)


def say_paced(one: Effect) -> Message:
    """Say an effect, and of a change over how long it is."""
    match one:
        case Changed(decade=decade):
            return say("{change} {pace}", change=say_amount(one), pace=say(PACES[decade]))
        case Differing():
            return say_amount(one)


def say_amount(one: Effect) -> Message:
    """Say an effect in the measure's unit; a change has a sign, a gap none."""
    measure = MEASURES[one.measure]
    digits = digits_for((one.effect.value,), measure.digits)
    return amount(Number(one.effect.value, digits, signed=isinstance(one, Changed)), say(measure.change_unit))
