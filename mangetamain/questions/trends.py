"""What a change through time is said to be: the same words wherever a line is judged."""

from __future__ import annotations

from mangetamain.finding import Estimate, Verdict, outcome
from mangetamain.language import N_, Message, Number, Value, digits_for, exact, say
from mangetamain.measures import Measure

TRENDS = {
    "clear down": N_(
        "{subject} fell by {size} {unit} per decade between {first} and {last} (95% interval {low} to {high})."
    ),
    "clear up": N_(
        "{subject} rose by {size} {unit} per decade between {first} and {last} (95% interval {low} to {high})."
    ),
    "small down": N_(
        "{subject} fell a little between {first} and {last}: {size} {unit} per decade "
        "(95% interval {low} to {high}), less than the {smallest} that would matter."
    ),
    "small up": N_(
        "{subject} rose a little between {first} and {last}: {size} {unit} per decade "
        "(95% interval {low} to {high}), less than the {smallest} that would matter."
    ),
    "negligible": N_(
        "{subject} hardly moved between {first} and {last}: {change} {unit} per decade "
        "(95% interval {low} to {high}), within the ±{smallest} that would not matter."
    ),
    "undecided": N_(
        "{subject}: the data do not settle whether it changed between {first} and {last}; "
        "{change} {unit} per decade (95% interval {low} to {high})."
    ),
}


def say_trend(measure: Measure, verdict: Verdict | None, change: Estimate, first: Value, last: Value) -> Message:
    """Say what a measure's change per decade amounts to."""
    digits = digits_for((change.value, change.low, change.high), measure.digits)
    return say(
        TRENDS[outcome(verdict, change)],
        subject=say(measure.subject), unit=say(measure.change_unit), first=first, last=last,
        size=Number(abs(change.value), digits), change=Number(change.value, digits, signed=True),
        smallest=exact(measure.trend.size), **change.limits(digits),
    )  # fmt: skip
