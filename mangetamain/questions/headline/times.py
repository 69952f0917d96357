"""The headlines of times of the year and of the week: highest and lowest ones, and feasts that stand out."""

from __future__ import annotations

from mangetamain.holidays import HOLIDAYS
from mangetamain.language import N_, Inside, Message, say
from mangetamain.questions import plain_words
from mangetamain.questions.cycle import YearCycle
from mangetamain.questions.cycle.days import SEASON_DAYS
from mangetamain.questions.drifts import FALSE_DISCOVERY_RATE
from mangetamain.questions.group_levels import GroupGap
from mangetamain.questions.plain_words import TIMES, few, judged, soft

MATTERS = {
    "negligible": N_("{subject} hardly matters for {other}"),
    "undecided": N_("It is unclear whether {subject} matters for {other}"),
}
# By whether the highest and the lowest group are told apart from all others, or only from one another.
EXTREMES = {
    (True, True): N_("{subject} is highest {highest} and lowest {lowest}"),
    (True, False): N_("{subject} is highest {highest}"),
    (False, True): N_("{subject} is lowest {lowest}"),
    (False, False): N_("{subject} is higher {highest} than {lowest}"),
}
WEEKEND = {"up": N_("{subject} goes up at weekends"), "down": N_("{subject} goes down at weekends")}


def say_gap(finding: GroupGap, by: str, noun: Message) -> Message:
    """Say when it is highest and lowest, if that matters."""
    if finding.verdict not in ("clear", "real"):
        return judged(MATTERS, finding.verdict, 0, say(TIMES[by]), other=Inside(noun))
    if by == "weekend":
        return judged(WEEKEND, finding.verdict, 1 if finding.highest == by else -1, noun)
    ends = {"highest": plain_words.at(by, finding.highest), "lowest": plain_words.at(by, finding.lowest)}
    text = EXTREMES[finding.highest_apart, finding.lowest_apart]
    return soft(say(text, subject=noun, **ends), finding.verdict)


# By whether the dates of the highest and of the lowest point are known so well.
SWINGS = {
    (True, True): N_("{subject} is highest around {peak} and lowest around {trough}"),
    (True, False): N_("{subject} is highest around {peak}"),
    (False, True): N_("{subject} is lowest around {trough}"),
    (False, False): N_("{subject} goes up and down with the year"),
}
YEAR, BESIDE = N_("The time of year"), N_("{said}, holidays apart ({holidays})")


def say_cycle(finding: YearCycle, noun: Message) -> Message:
    """Say when in the year it is highest and lowest, if that matters, and which feasts stand out of that."""
    if finding.verdict in ("clear", "real"):
        dates = {"peak": finding.peak, "trough": finding.trough}
        near = {name: day.value for name, day in dates.items() if day and day.high - day.low < SEASON_DAYS}
        months = {name: plain_words.day_of_year(day, "MMMM") for name, day in near.items()}
        text = SWINGS["peak" in near, "trough" in near]
        said = soft(say(text, subject=noun, **months), finding.verdict)
    else:
        said = judged(MATTERS, finding.verdict, 0, say(YEAR), other=Inside(noun))
    feasts = [one for one in finding.holidays if one.q < FALSE_DISCOVERY_RATE and one.verdict in ("clear", "real")]
    named = few(tuple(say(HOLIDAYS[one.holiday].label) for one in feasts))
    return say(BESIDE, said=said, holidays=named) if feasts else said
