"""Plain words: what becomes of things as a measure rises or falls, parts of time, and what a panel asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.finding import Verdict
from mangetamain.language import N_, Day, Inside, Listing, Message, Number, Value, digits_for, placed, say
from mangetamain.measures import MEASURES, PROFILED, Measure
from mangetamain.questions.comparison import written
from mangetamain.safe_text import shortened
from mangetamain.volumes import DAILY, VOLUMES

# Characters of a selection that a headline repeats, and terms that it names before it counts the rest.
SHOWN, NAMED = 32, 2


@dataclass(frozen=True)
class Course:
    """What is followed through time: a noun phrase, and who does what as it rises and as it falls."""

    subject: Message
    who: Message
    up: Message
    down: Message

    def moved(self, change: float, verdict: Verdict | None) -> Message:
        """Say which way a change goes."""
        return soft(self.down if change < 0 else self.up, verdict)


def course(name: str) -> Course:
    """Give the words for a measure, or for the variety of a kind of terms."""
    return Course(say(VARIETIES[name]) if name in VARIETIES else subject(name), *map(say, MOVES[name]))


SHARE, BUSY = N_("The share of recipes with {terms}"), N_("how busy the month is")
# Where a measure has a longer name than a headline bears.
SHORT = {"reviews": N_("The number of early reviews"), "low": N_("The share of low ratings")}
VARIETIES = {"ingredient": N_("The variety of ingredients"), "tag": N_("The variety of tags")}
# By measure who does what as it rises, and as it falls. Translators: what they did agrees with who did it, in French
# with a feminine plural such as « les recettes »; « les avis » have words of their own, and so have rose and fell.
MOVES: dict[str, tuple[str, str, str]] = {
    "minutes": (N_("New recipes"), N_("got slower"), N_("got quicker")),
    "complexity": (N_("New recipes"), N_("got more complex"), N_("got simpler")),
    "steps": (N_("New recipes"), N_("gained steps"), N_("lost steps")),
    "ingredients": (N_("New recipes"), N_("gained ingredients"), N_("lost ingredients")),
    "calories": (N_("New recipes"), N_("got richer"), N_("got lighter")),
    "fat": (N_("New recipes"), N_("got fattier"), N_("got less fatty")),
    "saturated_fat": (N_("New recipes"), N_("gained saturated fat"), N_("lost saturated fat")),
    "sugar": (N_("New recipes"), N_("got sweeter"), N_("got less sweet")),
    "sodium": (N_("New recipes"), N_("got saltier"), N_("got less salty")),
    "protein": (N_("New recipes"), N_("gained protein"), N_("lost protein")),
    "carbohydrates": (N_("New recipes"), N_("gained carbohydrates"), N_("lost carbohydrates")),
    "description_words": (N_("Descriptions"), N_("got longer"), N_("got shorter")),
    "step_words": (N_("Steps"), N_("got longer"), N_("got shorter")),
    "reviews": (N_("New recipes"), N_("drew more reviews"), N_("drew fewer reviews")),
    "rating": (N_("The ratings"), N_("went up"), N_("went down")),
    "five": (N_("Five-star ratings"), N_("became more common"), N_("became rarer")),
    "low": (N_("Ratings of two stars or less"), N_("became more common"), N_("became rarer")),
    "unrated": (N_("Reviews without stars"), N_("grew more frequent"), N_("grew less frequent")),
    "review_words": (N_("The reviews"), N_("grew longer"), N_("grew shorter")),
    "ingredient": (
        N_("New recipes"),
        N_("became more varied in their ingredients"),
        N_("became less varied in their ingredients"),
    ),
    "tag": (N_("New recipes"), N_("became more varied in their tags"), N_("became less varied in their tags")),
}


def subject(of: str, term: Conditions = ()) -> Message:
    """Name what is measured, counted day by day, or, with a term, the share of recipes that hold it."""
    if of == "term":
        return say(SHARE, terms=named(term))
    return say(SHORT.get(of) or (MEASURES[of].subject if of in MEASURES else VOLUMES[DAILY[of]].subject))


def named(selection: Conditions) -> Message:
    """Name a selection shortly, a long one by its first condition."""
    if not selection:
        return say("all recipes")
    text = written(selection)
    return say("“{selection}”", selection=text if len(text) <= SHOWN else shortened(str(selection[0]), SHOWN) + ", …")


def relative(subject: Message, one: Conditions, other: Conditions) -> Message:
    """Say of which selection a noun phrase is, relative to which other."""
    return say(
        "{subject} among {one} relative to that among {other}", subject=subject, one=named(one), other=named(other)
    )


def few(terms: tuple[Value, ...]) -> Listing:
    """Name terms; of many the first, and how many there are besides."""
    rest = len(terms) - NAMED
    return Listing(terms if rest < 2 else (*terms[:NAMED], say("{n} more", n=rest)))


# What may matter for a measure, by the cut of time.
TIMES = {
    "season": N_("The season"),
    "month_of_year": N_("The month"),
    "weekday": N_("The day of the week"),
    "weekend": N_("The weekend"),
}
# Translators: when in the year; a name of a month or a day follows "in" and "on"
SEASONS = {
    "winter": N_("in winter"), "spring": N_("in spring"), "summer": N_("in summer"), "autumn": N_("in autumn"),
}  # fmt: skip
IN = {"month_of_year": N_("in {group}"), "weekday": N_("on {group}s")}


def at(by: str, group: str | int) -> Message:
    """Say when a season, a month of the year or a day of the week is."""
    return say(SEASONS[str(group)]) if by == "season" else say(IN[by], group=CALENDARS[by].said(group))


def soft(said: Message, verdict: Verdict | None) -> Message:
    """Say of what is there beyond chance that it may be too small to matter, where that is open."""
    return say("{said} (perhaps only slightly)", said=said) if verdict == "real" else said


def judged(texts: Mapping[str, str], verdict: Verdict | None, effect: float, noun: Message, **words: Value) -> Message:
    """Say what an effect amounts to: each verdict has its text, and what is beyond doubt one for each way."""
    text = texts[("down" if effect < 0 else "up") if verdict in ("clear", "real") else verdict or "undecided"]
    return soft(say(text, subject=placed(text, noun), **words), verdict)


def percent(share: float) -> Number:
    """Write a share as one says it, never as nothing or all where it is neither."""
    return Number(share, digits_for((100 * share, 100 * (1 - share)), 0), percent=True)


def day_of_year(number: float, pattern: str = "d MMMM") -> Day:
    """Say a day of a leap year, or of its neighbours, or its month by the pattern MMMM."""
    return Day(date(2000, 1, 1) + timedelta((round(number) - 1) % 366), pattern)


def rounded(value: float) -> Number:
    """Write a value as one says it: a small one with a decimal where it has one."""
    return Number(value, int(value < 3 and not round(value, 1).is_integer()))


def amount(measure: Measure, value: float) -> Value:
    """Write a level as one says it, with its unit."""
    if measure.unit[0] == "%":
        return percent(value / 100)
    return say("{number} {unit}", number=rounded(value), unit=say(measure.change_unit))


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
