"""The headline of a finding: one plain sentence without statistics, true of what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mangetamain.calendars import PERIODS
from mangetamain.finding import Alike, AsPublished, Nothing, TooFew, Verdict
from mangetamain.language import N_, Inside, Message, placed, plural, say
from mangetamain.measures import MEASURES
from mangetamain.questions import plain_words
from mangetamain.questions.comparison import Comparison
from mangetamain.questions.contrast import Found as FoundContrast
from mangetamain.questions.courses import LevelFinding
from mangetamain.questions.cycle import Found as FoundCycle
from mangetamain.questions.cycle import YearCycle
from mangetamain.questions.cycle.days import THINGS
from mangetamain.questions.distribution import FEWEST_FOR_SHARES, Spread, Stars, Unrated, with_unit
from mangetamain.questions.distribution import Found as FoundDistribution
from mangetamain.questions.distribution.bars import Apart
from mangetamain.questions.diversity import DiversityFinding
from mangetamain.questions.diversity import Found as FoundDiversity
from mangetamain.questions.group_levels import GroupGap
from mangetamain.questions.headline.terms import say_terms
from mangetamain.questions.headline.times import say_cycle, say_gap
from mangetamain.questions.level import Found as FoundLevel
from mangetamain.questions.plain_words import TIMES, Course, few, judged, percent, soft, subject
from mangetamain.questions.profile.sentences import WHEN, NotJudged, Profile, span
from mangetamain.questions.relation import Found as FoundRelation
from mangetamain.questions.relation import Relation
from mangetamain.questions.relation.busyness import Busyness
from mangetamain.questions.term_changes import Found as FoundChanges
from mangetamain.questions.term_changes import TermChanges
from mangetamain.questions.term_contrast import Found as FoundGatherings
from mangetamain.questions.term_contrast import TermContrast
from mangetamain.questions.term_curve import CurvesFinding
from mangetamain.questions.term_curve import Found as FoundCurves
from mangetamain.questions.term_levels import Found as FoundTermLevels
from mangetamain.questions.term_levels.sentences import TermLevels
from mangetamain.questions.terms import Found as FoundTerms
from mangetamain.questions.terms import TermsFinding
from mangetamain.questions.volume import Found as FoundVolume
from mangetamain.questions.volume import MonthlyVolume, VolumeFinding
from mangetamain.questions.volume.groups import VolumeGap
from mangetamain.volumes import VOLUMES

LITTLE = N_("There is too little here, or all of it is too much alike, to tell")
# By whether every value is the same one.
SAME = {True: N_("{subject} is always the same: {value}"), False: N_("{subject} stays at {value}")}
Found = (
    Profile | FoundVolume | FoundLevel | FoundTerms | FoundChanges | FoundCurves | FoundGatherings | FoundTermLevels
    | FoundDiversity | FoundDistribution | Apart | TooFew | FoundContrast | FoundCycle | FoundRelation
)  # fmt: skip


def headline(finding: Found, values: Mapping[str, Any]) -> Message:
    """Say a finding plainly.

    Parameters
    ----------
    finding
        What any of the questions found.
    values
        What it was asked with, as `Question.read` returns it.
    """
    among = values.get("among")
    said = Message("{said}.", {"said": _say(finding, values)})
    if among and values.get("against") is None:
        return say("Among {selection}, {sentence}", selection=plain_words.named(among), sentence=Inside(said))
    return said


def _say(finding: Found, values: Mapping[str, Any], side: Message | None = None) -> Message:
    """Say a finding, or what one selection is relative to the other, of which `side` is the noun phrase."""
    of, by = values.get("of", ""), values.get("by", "")
    match finding:
        case AsPublished():
            return say("The predecessor’s own method gives these numbers; they are not judged here")
        case TooFew(n=0) | Nothing() | Profile(n=0):
            return say("There is nothing here that could be compared")
        case TooFew():
            return say(LITTLE)
        case Stars(n=n) | Unrated(n=n) if n < FEWEST_FOR_SHARES:
            return say(LITTLE)
        case TermsFinding() | TermChanges() | TermContrast() | CurvesFinding() | TermLevels():
            return say_terms(finding, values)
        case Apart(verdict=verdict, gap=gap):
            pair = {"one": plain_words.named(values["among"]), "other": plain_words.named(values["against"])}
            return judged(APART, verdict, gap.value, subject(of), **pair)
        case Comparison(one=one, other=other, difference=difference):
            if not (one.n and other.n):
                return say("One of the two selections holds nothing to compare")
            if isinstance(difference, Alike):
                return say("The values of either selection are alike")
            whole = subject(of, values.get("term", ()))
            return _say(difference, values, plain_words.relative(whole, values["among"], values["against"]))
        case LevelFinding():
            return _level(finding, Course(side, side, say("rose"), say("fell")) if side else plain_words.course(of))
        case DiversityFinding(verdict=verdict, change=change, first=first, last=last):
            return _line(plain_words.course(finding.kind), verdict, change.value, str(first), str(last))
        case VolumeFinding() | MonthlyVolume():
            return _volume(finding, say(VOLUMES[of].subject))
        case VolumeGap():
            return say_gap(finding, by, say("{subject} a day", subject=say(VOLUMES[of].subject)))
        case GroupGap():
            return say_gap(finding, by, side or subject(of))
        case YearCycle():
            return say_cycle(finding, side or subject(of, values["term"]))
        case Relation(verdict=verdict, gap=gap):
            return judged(RELATION, verdict, gap.value, subject(of), other=Inside(subject(values["to"])))
        case Busyness(verdict=verdict, correlation=rho):
            return judged(RELATION, verdict, rho.value, subject(of), other=say(plain_words.BUSY))
        case Profile():
            return _profile(finding, by)
        case Alike(value=value, every=every):
            return say(
                SAME[every], subject=subject(of, values.get("term", ())), value=plain_words.amount(THINGS[of], value)
            )
        case Stars(five=five, low=low):
            shares = {"five": percent(five.value / 100), "low": percent(low.value / 100)}
            return say("{five} of ratings have five stars; {low} have two or fewer", **shares)
        case Unrated(n=n, unrated=unrated):
            return say("{share} of reviews give no stars", share=percent(unrated / n))
        case Spread():
            return _spread(finding, of)


APART = {
    "up": N_("{subject} is higher for {one} than for {other}"),
    "down": N_("{subject} is lower for {one} than for {other}"),
    "negligible": N_("{subject} hardly differs between {one} and {other}"),
    "undecided": N_("It is unclear whether {subject} differs between {one} and {other}"),
}
RELATION = {
    "up": N_("{subject} rises with {other}"),
    "down": N_("{subject} falls with {other}"),
    "negligible": N_("{subject} hardly depends on {other}"),
    "undecided": N_("It is unclear whether {subject} depends on {other}"),
}
MOVED = N_("{subject} {moved} between {first} and {last}")
HARDLY = N_("{subject} hardly changed between {first} and {last}")
UNCLEAR = N_("It is unclear whether {subject} {moved} between {first} and {last}")


def _line(words: Course, verdict: Verdict | None, change: float, first: str, last: str) -> Message:
    """Say which way a line goes, if any."""
    years = {"first": first, "last": last}
    if verdict == "negligible":
        return say(HARDLY, subject=words.subject, **years)
    text = MOVED if verdict in ("clear", "real") else UNCLEAR
    return say(text, subject=placed(text, words.who), moved=words.moved(change, verdict), **years)


# Before and after a bend, by what it is beyond doubt, if anything.
TURNED = N_("{subject} {before} until {year}, then {after}")
ONWARD = N_("{subject} {before} throughout, at another pace from {year} on")
BENDS = {
    ("moved", "negligible"): N_("{subject} {before} until {year} and hardly changed after that"),
    ("moved", "undecided"): N_("{subject} {before} until {year}; what followed is unclear"),
    ("negligible", "moved"): N_("{subject} {after} from {year} on and hardly changed before"),
    ("undecided", "moved"): N_("{subject} {after} from {year} on; what came before is unclear"),
}
OPEN = N_("It is unclear whether {subject} changed between {first} and {last}")
STEPS = plural("{said}; {n} sudden step, in {at}", "{said}; {n} sudden steps, the largest in {at}")
ALONE, SEVERAL = N_("{said}; {point} alone decides that"), N_("{said}; a single year decides that")


def _level(finding: LevelFinding, words: Course) -> Message:
    """Say which way a level went, when it turned, where it stepped and whether that hangs on a single year."""
    verdicts = [stretch.verdict for stretch in finding.stretches]
    first, last = finding.first[:4], finding.last[:4]
    if verdicts[1:] and {"clear", "real"} & {*verdicts}:
        said = _bend(finding, words)
    elif len({*verdicts}) == 1:
        said = _line(words, verdicts[0], finding.change.value, first, last)
    else:
        said = say(OPEN, subject=Inside(words.subject), first=first, last=last)
    if steps := finding.steps:
        largest = max(steps, key=lambda step: abs(step.size.value))
        said = say(STEPS, said=said, n=len(steps), at=PERIODS["month"].said(largest.at))
    if points := finding.hangs_on:
        return say(SEVERAL if points[1:] else ALONE, said=said, point=points[0])
    return said


def _bend(finding: LevelFinding, words: Course) -> Message:
    """Say what changed before and after a bend, of which one side at least moved."""
    before, after = finding.stretches
    sides = ["moved" if one.verdict in ("clear", "real") else one.verdict for one in (before, after)]
    ways = [words.moved(one.change.value, one.verdict) for one in (before, after)]
    onward = (before.change.value < 0) == (after.change.value < 0)
    text = BENDS.get((sides[0], sides[1])) or (ONWARD if onward else TURNED)
    return say(text, subject=words.who, before=ways[0], after=ways[1], year=after.first[:4])


PEAKED = {
    "down": N_("{subject} peaked in {peak}; {end} had {left} of that"),
    "negligible": N_("{subject} was highest in {peak} and hardly lower in {end}"),
    "undecided": N_("{subject} was highest in {peak}; whether {end} was really lower is unclear"),
}
HIGHEST, SINGLE = N_("{subject} was highest in {peak}, with {most}"), N_("{subject} was {most} in {peak}")


def _volume(finding: VolumeFinding | MonthlyVolume, noun: Message) -> Message:
    """Say when there were most, and what was left of it."""
    if isinstance(finding, MonthlyVolume):
        return say(HIGHEST, subject=noun, peak=PERIODS["month"].said(finding.busiest), most=finding.most)
    years = {"peak": str(finding.peak_year), "end": str(finding.end_year)}
    if finding.change:
        left = percent(1 + finding.change.value)
        return judged(PEAKED, finding.verdict, -1, noun, left=left, **years)
    if not finding.peak:
        return say("There is no whole year here that could be compared")
    return say(SINGLE if finding.first == finding.last else HIGHEST, subject=noun, most=finding.peak, **years)


CHANGED, MATTERED = N_("{when}, what changed: {listed}"), N_("{time} matters for {listed}")
NONE = {
    ("negligible", True): N_("{when}, none of {total} measures changed by enough to matter"),
    ("negligible", False): N_("{time} hardly matters for any of {total} measures"),
    ("undecided", True): N_("{when}, none of {total} measures clearly changed"),
    ("undecided", False): N_("{time} clearly matters for none of {total} measures"),
}


def _profile(finding: Profile, by: str) -> Message:
    """Name what changed or differs, the largest first."""
    judged, years = [one for one in finding.measures if not isinstance(one, NotJudged)], by == "year"
    if not judged:
        return say(LITTLE)
    when = {"when": say(WHEN[by], **span(judged))} if years else {"time": say(TIMES[by])}
    for verdict in ("clear", "real"):
        if found := tuple(Inside(subject(one.measure)) for one in judged if one.verdict == verdict):
            return soft(say(CHANGED if years else MATTERED, listed=few(found), **when), verdict)
    hardly = len(judged) == len(finding.measures) and all(one.verdict == "negligible" for one in judged)
    text = NONE["negligible" if hardly else "undecided", years]
    return say(text, total=len(finding.measures), **when)


# Of a count, more values than half may be from one quartile to the other: most recipes have one review or two.
HALF = {
    "recipes": N_("For about half of the recipes or more, {subject} is between {low} and {high}"),
    "reviews": N_("For about half of the reviews or more, {subject} is between {low} and {high}"),
}


def _spread(finding: Spread, of: str) -> Message:
    """Say between which values half of all lie."""
    measure = MEASURES[of]
    if finding.n < FEWEST_FOR_SHARES:
        return say(LITTLE)
    write = plain_words.rounded if measure.value_digits else measure.quantile
    low, high = write(finding.lower_quartile), with_unit(measure, write(finding.upper_quartile))
    return say(HALF[measure.view], subject=Inside(subject(of)), low=low, high=high)
