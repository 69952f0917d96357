"""What a change through time is said to be: the same words wherever a line is judged."""

from __future__ import annotations

from mangetamain.finding import Estimate, Verdict, outcome
from mangetamain.language import N_, Message, Number, Value, digits_for, exact, placed, say
from mangetamain.measures import Measure

DECADE = 10.0
# A change per decade told of fewer years would be what nobody saw.
FEWEST_FOR_DECADE = 8
TRENDS = {
    "clear down": N_(
        "{subject} fell by {size} {unit} {pace} between {first} and {last} (95% interval {low} to {high})."
    ),
    "clear up": N_("{subject} rose by {size} {unit} {pace} between {first} and {last} (95% interval {low} to {high})."),
    "real down": N_(
        "{subject} fell by {size} {unit} {pace} between {first} and {last} (95% interval {low} to {high}); "
        "whether that reaches the {smallest} {unit} that would matter is open."
    ),
    "real up": N_(
        "{subject} rose by {size} {unit} {pace} between {first} and {last} (95% interval {low} to {high}); "
        "whether that reaches the {smallest} {unit} that would matter is open."
    ),
    "negligible": N_(
        "{subject} hardly moved between {first} and {last}: {change} {unit} {pace} "
        "(95% interval {low} to {high}), within the ±{smallest} that would not matter."
    ),
    "undecided": N_(
        "The data do not settle whether {subject} changed between {first} and {last}; "
        "{change} {unit} {pace} (95% interval {low} to {high})."
    ),
}
# Translators: of a change, "by 2.0 minutes per decade", or "by 1.2 minutes in all"
PACES = {True: N_("per decade"), False: N_("in all")}


def horizon(years: float) -> float:
    """Give the years over which a change is told: a decade, or a span that is too short to speak of one."""
    return DECADE if years >= FEWEST_FOR_DECADE else years


def pace(first: int, last: int) -> tuple[Message, float]:
    """Say over what a change between two years is told, and give what one a decade is to be multiplied by."""
    over = horizon(last - first)
    return say(PACES[over == DECADE]), over / DECADE


def say_trend(
    measure: Measure,
    subject: Message,
    verdict: Verdict | None,
    change: Estimate,
    over: float,
    smallest: float,
    first: Value,
    last: Value,
) -> Message:
    """Say what a measure's change over so many years amounts to, against the smallest that matters over as many."""
    digits = digits_for((change.value, change.low, change.high), measure.digits)
    text = TRENDS[outcome(verdict, change)]
    return say(
        text,
        subject=placed(text, subject), unit=say(measure.change_unit), first=first, last=last,
        pace=say(PACES[over == DECADE]),
        size=Number(abs(change.value), digits), change=Number(change.value, digits, signed=True),
        smallest=exact(smallest) if over == DECADE else Number(smallest, digits_for((smallest,), measure.digits)),
        **change.limits(digits),
    )  # fmt: skip
