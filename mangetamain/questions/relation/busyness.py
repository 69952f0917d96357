"""Does a busier month rate, or cook, otherwise? The number in a month against the level of a measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.calendars import PERIODS
from mangetamain.finding import Estimate, Finding, TooFew, verdict
from mangetamain.language import N_, Message, Number, Value, exact, say
from mangetamain.measures import THIN, Measure
from mangetamain.questions.aggregates.values import say_nothing
from mangetamain.questions.effects import HERE, say_outcome
from mangetamain.stats.ranks import rank_correlation
from mangetamain.warehouse import Columns

# Below 0.3 volume would go with less than a tenth of the variation of the months' ranks (0.3 squared is 0.09).
SMALLEST = 0.3
MONTH = PERIODS["month"]


@dataclass(frozen=True, kw_only=True)
class Busyness(Finding):
    """A rank correlation over months, and how many independent months they are worth (`effective`)."""

    points: Annotated[int, N_("Points")]
    left_out: Annotated[int, N_("Left out of the fit")]
    correlation: Annotated[Estimate, N_("Correlation")]
    effective: Annotated[float, N_("Effective months")]
    smallest: Annotated[float, N_("Smallest effect that matters")]


@dataclass(frozen=True, kw_only=True)
class TooFewMonths(TooFew):
    """Months that are too few to compare, or all alike."""

    points: Annotated[int, N_("Points")]
    alike: Annotated[bool, N_("All alike")] = False


def judge_busyness(table: Columns) -> Busyness | TooFewMonths:
    """Correlate the number in a month with the level, over the months of at least 100."""
    kept = ~table["thin"]
    total, months, n, level = int(table["n"].sum()), int(kept.sum()), table["n"][kept], table["mean"][kept]
    if months < MONTH.fewest or not np.ptp(n) or not np.ptp(level):
        return TooFewMonths(
            n=total, points=months, alike=months >= MONTH.fewest, verdict="undecided" if total else None
        )
    correlation, effective = rank_correlation(MONTH.places(table["month"][kept]), n, level)
    return Busyness(
        n=total,
        verdict=verdict(correlation, SMALLEST),
        points=months,
        left_out=int((~kept).sum()),
        correlation=correlation,
        effective=effective,
        smallest=SMALLEST,
    )


NUMBERS = {"recipes": N_("Recipes in the month"), "reviews": N_("Ratings in the month")}


def draw_busyness(table: Columns, measure: Measure) -> charts.Figure:
    """Draw a dot a month: how many, and how high the level."""
    figure = charts.canvas(say(NUMBERS[measure.view]), measure.axis)
    kept = ~table["thin"]
    if kept.any():
        charts.dots(figure, table["n"][kept], table["mean"][kept], say("Month"), "centre")
        # plotly writes the month, and in the reader's language.
        number = say("{mark}: {value}", mark=say(NUMBERS[measure.view]), value="%{x:,}")
        told: dict[str, Value] = {
            "month": "%{customdata|%B %Y}<br>",
            "number": number,
            "below": "<br>",
            "level": say(measure.label),
        }
        point = Message("{month}{number}{below}{level}", told)
        figure.data[-1].customdata = table["month"][kept].astype(str)
        tooltips.tell(figure, measure.digits, tooltips.behind(measure.unit), named=False, point=point)
        figure.update_layout(hovermode="closest", xaxis_type="log")
    return figure


# Below this share of independent months, their likeness is worth a word.
INDEPENDENT_SHARE = 0.9
BASIS = N_("{months} months"), N_("{months} months, worth {effective} independent ones")
# What a verdict says; each names the correlation, its interval and how many independent months it rests on.
FOLLOWS = {
    "up": N_(
        "{subject} rises as the month gets busier: rank correlation {rho} (95% interval {low} to {high}; {basis})"
    ),
    "down": N_(
        "{subject} falls as the month gets busier: rank correlation {rho} (95% interval {low} to {high}; {basis})"
    ),
    "negligible": N_(
        "{subject} hardly follows how busy the month is: rank correlation {rho} (95% interval {low} to "
        "{high}; {basis}), within the ±{smallest} that would not matter."
    ),
    "undecided": N_(
        "The data do not settle whether {subject} follows how busy the month is; rank correlation "
        "{rho} (95% interval {low} to {high}; {basis})."
    ),
}
RESEMBLING = N_(
    "The data do not settle whether {subject} follows how busy the month is; rank correlation "
    "{rho} (95% interval {low} to {high}), for the {months} months resemble their neighbours and are worth only "
    "{effective} independent ones."
)
EITHER = N_("{said} An event that moved both would look the same.")
FEW_MONTHS = N_("{subject}: busy months and quiet ones take {fewest} of {least} or more to compare; {here}.")


def say_busyness(finding: Busyness | TooFewMonths, measure: Measure) -> Message:
    """Say whether the level follows the number, and on how much that rests."""
    subject = say(measure.subject)
    match finding:
        case Busyness():
            return _say_correlation(finding, subject)
        case TooFewMonths(n=0):
            return say_nothing(measure)
        case TooFewMonths(alike=True):
            return say("{subject}, or the number in the month, is the same in all months.", subject=subject)
        case TooFewMonths():
            here = say(HERE, n=finding.points)
            return say(FEW_MONTHS, subject=subject, fewest=MONTH.fewest, least=THIN, here=here)


def _say_correlation(finding: Busyness, subject: Message) -> Message:
    rho, alike = finding.correlation, finding.effective < INDEPENDENT_SHARE * finding.points
    counts: dict[str, Value] = {"months": finding.points, "effective": Number(finding.effective)}
    said = say_outcome(
        FOLLOWS | ({"undecided": RESEMBLING} if alike else {}), finding.verdict, rho,
        subject=subject, smallest=exact(finding.smallest), rho=Number(rho.value, 2, signed=True),
        basis=say(BASIS[alike], **counts), **rho.limits(2), **counts,
    )  # fmt: skip
    return say(EITHER, said=said) if finding.verdict == "clear" else said
