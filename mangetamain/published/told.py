"""The short form of a finding of ours: its effect with the interval, and the verdict."""

from __future__ import annotations

from mangetamain.calendars import CALENDARS, PERIODS
from mangetamain.finding import VERDICTS, Estimate, Finding
from mangetamain.language import N_, Listing, Message, Number, Value, say
from mangetamain.measures import MEASURES, Measure
from mangetamain.questions import Answer
from mangetamain.questions.contrast import Contrast
from mangetamain.questions.courses import LevelFinding
from mangetamain.questions.diversity import DiversityFinding
from mangetamain.questions.effects import DECADE, PACES
from mangetamain.questions.group_levels import GroupGap
from mangetamain.questions.relation import Relation
from mangetamain.questions.relation.busyness import Busyness
from mangetamain.questions.term_changes import TermChanges
from mangetamain.questions.term_contrast import TermContrast
from mangetamain.questions.term_levels.sentences import TermLevels
from mangetamain.questions.volume import VolumeFinding
from mangetamain.questions.volume.groups import VolumeGap


def effect(finding: Finding) -> Estimate | None:
    """Give the effect that a finding's verdict is of; None where there is none, or too little for one."""
    match finding:
        case LevelFinding(change=found) | VolumeFinding(change=found) | DiversityFinding(relative=found):
            return found
        case GroupGap(gap=found) | Relation(gap=found) | Busyness(correlation=found):
            return found
        case _:
            return None


# In what each kind of effect is told.
MOVES = N_("{value} {unit} {pace} ({low} to {high})")
SHIFTS = N_("{said}, with shifts in {steps}")
SINCE = N_("{value} since the peak of {peak} ({low} to {high})")
VARIETY = N_("{value} {pace} at equally many recipes ({low} to {high})")
GAP = N_("{lowest} → {highest} {value} {unit} ({low} to {high})")
SHARE = N_("{lowest} → {highest} {value} ({low} to {high})")
RISE = N_("{value} {unit} from the lowest tenth to the highest ({low} to {high})")
RANKS = N_("rank correlation {value} ({low} to {high})")
TERMS = N_("{sure} of {n} beyond doubt")
JUDGED = N_("{said}: {verdict}")


def told(answer: Answer) -> Message:
    """Tell the effect of an answer and its verdict; of one that has none, the sentence."""
    finding, said = answer.finding, _told(answer)
    return (
        say(JUDGED, said=said, verdict=say(VERDICTS[finding.verdict])) if said and finding.verdict else answer.message
    )


def _told(answer: Answer) -> Message | None:
    finding, asked = answer.finding, answer.parameters
    measure = MEASURES.get(asked.get("of", ""))
    match finding:
        case TermChanges(rising=up, falling=down) | TermLevels(higher=up, lower=down):
            return say(TERMS, sure=up + down, n=finding.n)
        case TermContrast(belonging=sure):
            return say(TERMS, sure=sure, n=finding.n)
        case LevelFinding():
            moved = _say(finding, MOVES, measure, pace=say(PACES[finding.main.over == DECADE]))
            steps = Listing(tuple(PERIODS["month"].said(step.at) for step in finding.steps))
            return say(SHIFTS, said=moved, steps=steps) if finding.steps and moved else moved
        case VolumeFinding():
            return _say(finding, SINCE, peak=str(finding.peak_year))
        case DiversityFinding():
            return _say(finding, VARIETY, pace=say(PACES[True]))
        case VolumeGap():
            return _say(finding, SHARE, None, **_groups(finding, asked["by"]))
        case Contrast():
            return _say(finding, GAP, measure, **_groups(finding, asked["by"]))
        case Relation():
            return _say(finding, RISE, measure)
        case Busyness():
            return _say(finding, RANKS)
        case _:
            return None


def _groups(finding: GroupGap, by: str) -> dict[str, Value]:
    said = CALENDARS[by].said
    return {"highest": said(finding.highest), "lowest": said(finding.lowest)}


def _say(finding: Finding, text: str, measure: Measure | None = None, **words: Value) -> Message | None:
    """Write an effect with as many decimals as it takes to see it; one without a measure's unit is a share."""
    found = effect(finding)
    if found is None:
        return None
    percent = measure is None and not isinstance(finding, Busyness)
    least = measure.digits if measure else 1 if percent else 2
    digits = least if percent else found.digits(least)
    words |= {"unit": say(measure.change_unit)} if measure else {}
    value = Number(found.value, digits, signed=True, percent=percent)
    return say(text, value=value, **found.limits(digits, percent=percent), **words)
