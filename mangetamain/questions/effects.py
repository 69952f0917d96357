"""What an effect is said to be: the same words wherever a change or a gap is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mangetamain import charts
from mangetamain.finding import VERDICTS, Estimate, Verdict
from mangetamain.language import N_, Message, Number, Value, amount, exact, placed, plural, say
from mangetamain.measures import Measure
from mangetamain.warehouse import Columns

DECADE = 10.0
# A change per decade told of fewer years would be what nobody saw.
FEWEST_FOR_DECADE = 8
# Translators: of a change, "by 2.0 minutes per decade", or "by 1.2 minutes in all"
PACES = {True: N_("per decade"), False: N_("in all")}
# What is more than chance is clear; where it may be too small to matter, that is said.
OPEN = N_("{said}; whether that reaches the {smallest} that would matter is open.")


# How many there are, where that is too few.
HERE = plural("here there is {n}", "here there are {n}")


def horizon(years: float) -> float:
    """Give the years over which a change is told: a decade, or a span that is too short to speak of one."""
    return DECADE if years >= FEWEST_FOR_DECADE else years


def pace(first: int, last: int) -> tuple[Message, float]:
    """Say over what a change between two years is told, and give what one a decade is to be multiplied by."""
    over = horizon(last - first)
    return say(PACES[over == DECADE]), over / DECADE


def say_smallest(size: Value, over: float | None = None) -> Message:
    """Say in a figure how large a difference, or a change over so many years, would matter."""
    if over is None:
        return say("What would matter: {size}", size=size)
    return say("What would matter: {size} {pace}", size=size, pace=say(PACES[over == DECADE]))


def yardstick(figure: charts.Figure, measure: Measure, smallest: float, over: float | None = None) -> None:
    """Show beside a measure's axis how large a difference, or a change over so many years, would matter."""
    size = amount(exact(smallest), say(measure.change_unit))
    charts.yardstick(figure, smallest, say_smallest(size, over))


def estimated(table: Columns, i: int, name: str, *ends: str) -> Estimate:
    """Read an estimate off a row; its ends are named after it, as in gap_low, unless they are named."""
    return Estimate(*(float(table[each][i]) for each in (name, *(ends or (f"{name}_low", f"{name}_high")))))


def strongest(verdicts: Iterable[Verdict | None], weakest: Verdict = "undecided") -> Verdict:
    """Give the strongest of the verdicts on a family; where there is none, the one that is left."""
    known = set(verdicts)
    return next((word for word in VERDICTS if word in known), weakest)


def interval(effect: Estimate, least: int) -> dict[str, Value]:
    """Give a sentence an effect with its sign, and its ends, in the decimals that it takes to see these."""
    digits = effect.digits(least)
    return {"change": Number(effect.value, digits, signed=True), **effect.limits(digits)}


def say_outcome(
    texts: Mapping[str, str],
    verdict: Verdict | None,
    effect: Estimate,
    *,
    subject: Message,
    smallest: Number,
    unit: Value = "",
    **words: Value,
) -> Message:
    """Say what an effect amounts to.

    Of the texts, "up" and "down" say which way it goes beyond doubt and end without a full stop, "negligible" and
    "undecided" are whole sentences.
    """
    sure = verdict in ("clear", "real")
    text = texts[("down" if effect.value < 0 else "up") if sure else verdict or "undecided"]
    said = say(text, subject=placed(text, subject), smallest=smallest, unit=unit, **words)
    if verdict == "real":
        return say(OPEN, said=said, smallest=amount(smallest, unit) if unit else smallest)
    return Message("{said}.", {"said": said}) if sure else said


def say_effect(
    texts: Mapping[str, str],
    measure: Measure,
    verdict: Verdict | None,
    effect: Estimate,
    *,
    subject: Message,
    smallest: Number,
    signed: bool = True,
    **words: Value,
) -> Message:
    """Say what an effect in the unit of a measure amounts to, with as many decimals as it takes to see it."""
    digits = effect.digits(measure.digits)
    numbers = {"size": Number(abs(effect.value), digits), "change": Number(effect.value, digits, signed=True)}
    words |= numbers | effect.limits(digits, signed=signed)
    unit = say(measure.change_unit)
    return say_outcome(texts, verdict, effect, subject=subject, smallest=smallest, unit=unit, **words)
