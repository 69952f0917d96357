"""The heading of a panel: what is asked, of this measure and by this cut of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mangetamain.language import N_, Inside, Message, Value, placed, say
from mangetamain.measures import MEASURES, PROFILED
from mangetamain.questions.plain_words import BUSY, SHARE, TIMES, VARIETIES, few, subject
from mangetamain.volumes import VOLUMES

WHICH = {"ingredient": N_("Which ingredients"), "tag": N_("Which tags")}
CHANGED = N_("How did {subject} change?")
# By each cut of time: whether it matters for a thing, and which terms belong there.
MATTERS = {
    "year": CHANGED,
    "month": CHANGED,
    "season": N_("Does the season matter for {subject}?"),
    "month_of_year": N_("Does the month matter for {subject}?"),
    "weekday": N_("Does the day of the week matter for {subject}?"),
    "weekend": N_("Does the weekend matter for {subject}?"),
}
BELONG = {
    "season": N_("{subject} belong to a season?"),
    "month_of_year": N_("{subject} belong to a month of the year?"),
    "weekday": N_("{subject} belong to a day of the week?"),
    "weekend": N_("{subject} belong to the weekend, or to the other days?"),
}
# With which terms a measure is highest, or changes most.
WITH = {"none": N_("With {which} is {subject} highest?"), "year": N_("With {which} did {subject} change most?")}
MATTER_MOST = N_("With {which} does {time} matter most for {subject}?")
PROFILE, PROFILE_CHANGED = N_("{subject}: does {time} matter?"), N_("{subject}: what changed over the years?")
MOST, RISE = N_("{subject} are the most frequent?"), N_("{subject} rise or fall most?")
FREQUENT = {
    "ingredient": N_("How did the shares of the most frequent ingredients change?"),
    "tag": N_("How did the shares of the most frequent tags change?"),
}
CYCLE, SPREAD = N_("How does {subject} run through the year?"), N_("How is {subject} spread?")
LINK = N_("Is there a link between {subject} and {other}?")


def heading(question: str, values: Mapping[str, Any]) -> Message:
    """Ask a question of the values of its parameters, as `Question.read` returns them."""
    of, by, kind = (values.get(name, "") for name in ("of", "by", "kind"))
    time = {"time": Inside(say(TIMES[by]))} if by in TIMES else {}
    match question:
        case "profile":
            return _ask(PROFILE if time else PROFILE_CHANGED, say(PROFILED[of]), **time)
        case "volume":
            return _ask(MATTERS[by], say(VOLUMES[of].subject))
        case "level" | "contrast":
            return _ask(MATTERS[by], subject(of))
        case "cycle":
            return _ask(CYCLE, subject(of, values["term"]))
        case "distribution":  # of any share of stars the stars are shown
            return _ask(SPREAD, subject("rating" if MEASURES[of].starred and of != "unrated" else of))
        case "relation":
            other = say(BUSY) if values["to"] == "volume" else Inside(subject(values["to"]))
            return _ask(LINK, subject(of), other=other)
        case "terms" | "term_changes":
            return _ask(MOST if question == "terms" else RISE, say(WHICH[kind]))
        case "term_contrast":
            return _ask(BELONG[by], say(WHICH[kind]))
        case "term_levels":
            return _ask(WITH.get(by, MATTER_MOST), subject(of), which=Inside(say(WHICH[kind])), **time)
        case "term_curve":
            chosen = values["chosen"]
            return _ask(CHANGED, say(SHARE, terms=few(chosen))) if chosen else say(FREQUENT[kind])
        case "diversity":
            return _ask(CHANGED, say(VARIETIES[kind]))
    raise KeyError(question)


def _ask(text: str, noun: Message, **words: Value) -> Message:
    return say(text, subject=placed(text, noun), **words)
