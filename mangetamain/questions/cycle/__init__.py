"""How does a measure, a volume or the share of a term run through the year?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np

from mangetamain import charts
from mangetamain.conditions import Conditions, write
from mangetamain.errors import BadInput
from mangetamain.finding import Alike, Estimate, Finding, Record, TooFew, Verdict, verdict
from mangetamain.holidays import HOLIDAYS
from mangetamain.language import N_, Listing, Message, Number, exact, say
from mangetamain.measures import ALL, THIN, Against, Among, Measure, Source, Years
from mangetamain.parameters import Choice
from mangetamain.questions.aggregates.values import say_alike, say_nothing
from mangetamain.questions.comparison import WHOLE, Comparison, Pair, named
from mangetamain.questions.cycle import days
from mangetamain.questions.cycle.figure import draw_clock, draw_ends, draw_year
from mangetamain.questions.drifts import FALSE_DISCOVERY_RATE
from mangetamain.questions.effects import estimated, say_effect
from mangetamain.questions.plain_words import day_of_year
from mangetamain.questions.question import Question
from mangetamain.questions.shares import FEWEST_YEARS, smallest_change
from mangetamain.warehouse import Columns, Executes

Form = Annotated[str, Choice(N_("Drawn as"), {"curve": N_("Curve"), "clock": N_("Clock of the year")})]


@dataclass(frozen=True)
class AtHoliday(Record):
    """What the week around a holiday is above the curve; `q` is among all holidays."""

    holiday: str
    above: Annotated[Estimate, N_("Above the curve")]
    verdict: Verdict
    q: float


@dataclass(frozen=True, kw_only=True)
class YearCycle(Finding):
    """The swing of the curve that years share; dates are days of a leap year, below 1 and above 366 of its neighbours.

    Dates are those of a cycle beyond doubt, and known where their interval is shorter than half a year.
    """

    years: int
    swing: Annotated[Estimate, N_("Swing")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    p: float
    peak: Annotated[Estimate | None, N_("Peak")]
    trough: Annotated[Estimate | None, N_("Trough")]
    holidays: Annotated[tuple[AtHoliday, ...], N_("Holiday")]


@dataclass(frozen=True, kw_only=True)
class TooFewCycles(TooFew):
    """Too few whole years of `least` values to tell a cycle from what a year happens to be."""

    least: Annotated[int, N_("Least number")]


NO_TERM = N_("of=term asks how the share of some recipes runs through the year: say of which, as in term=salt.")
TERM_ALONE = N_("term={term} goes with of=term, not with of={of}: for the {of} of those recipes say among={term}.")
Side = YearCycle | TooFewCycles | Alike
Found = Side | Comparison[Side, Side]


def table(
    con: Executes,
    *,
    of: days.Thing = "calories",
    term: days.Held = (),
    years: Years = ALL,
    source: Source = "full",
    among: Among = (),
    against: Against = None,
) -> Columns:
    """Describe the weeks of the year and the weeks around holidays, and fit what years have in common.

    Reads the view `recipes`, `reviews` or `cube_ratings`; `days` for a volume, `recipe_terms` for a share.

    Returns
    -------
    Columns
        One row a fifty-second part of the year, then one a holiday: day (int, of a leap year: the middle), holiday
        (str, else None), n (int, recipes or reviews), level (float, the mean beside the levels and trends of the years;
        of a holiday, that of the seven days around it), curve (float, what years share, at that day), low, high (float,
        the 95 % interval of the curve; of a holiday, of its level above the curve), q (float, of a holiday); and the
        same on each row: swing, peak, trough (float, greatest less least value of the curve, and the days of these),
        each with _low and _high, p (float, that there is no cycle), years (float, fitted). All in the measure's unit; a
        volume's is the percentage of what its year and the trend through it lead to expect. Unknown with fewer than
        four whole years of 100 values. Against a second selection, its rows follow those of the first; `selection`
        (str) stands before all columns and behind them, the same for both, apart and apart_...: as level and so on, of
        what the first selection is above the second.

    Raises
    ------
    BadInput
        When a selection holds a word or a measure that is unknown, or a share is asked without what it is of.
    """
    if bool(term) != (of == "term"):
        raise BadInput(TERM_ALONE if term else NO_TERM, of=of, term=write(term))

    def look_up(*, among: Conditions, name: str = "among") -> days.Weeks:
        return days.weeks(days.read_days(con, of, term, years, source, among, name))

    pair = Pair(among, against)
    one, other = pair.read(con, look_up)
    if other is None:
        return days.columns(one)
    between = days.apart(one, other)
    return pair.stacked(days.columns(one, between), days.columns(other, between))


def judge(table: Columns, *, of: days.Thing = "calories", pair: Pair = WHOLE) -> Found:
    """Judge the swing against the smallest gap that matters; against a second selection, that of the difference."""
    alone = partial(_judge, of=of)
    return pair.judged(table, alone, lambda one, _: alone(one | {name: one[to] for name, to in days.APART.items()}))


def _judge(table: Columns, *, of: str) -> Side:
    if not len(table["n"]):
        return TooFewCycles(n=0, least=THIN)
    week = np.array([holiday is None for holiday in table["holiday"]])
    known = week & (table["n"] > 0)
    total, level = int(table["n"][week].sum()), table["level"][known]
    # A number of recipes is a part of what its year leads to expect: a single week of it says nothing of the others.
    if total > 1 and of not in days.COUNTED and not np.ptp(level):
        return Alike(n=total, value=float(level[0]), every=days.THINGS[of].centre == "mean")
    if np.isnan(table["swing"][0]):
        return TooFewCycles(n=total, least=THIN, verdict="undecided")
    smallest = days.THINGS[of].gap.size
    if of == "term":
        smallest = float(f"{smallest_change(abs(float(table['curve'][week].mean())) / 100):.2g}")
    swing, peak, trough = (estimated(table, 0, name) for name in days.ENDS)
    judged = verdict(swing, smallest)
    dated = [
        day if judged in ("clear", "real") and day.high - day.low < days.DAYS / 2 else None for day in (peak, trough)
    ]
    above = table | {name: table[name] - table["curve"] for name in ("level", "low", "high")}
    held = [(i, estimated(above, i, "level", "low", "high")) for i in np.flatnonzero(np.isfinite(table["q"])).tolist()]
    holidays = tuple(
        AtHoliday(table["holiday"][i], size, verdict(size, smallest), float(table["q"][i])) for i, size in held
    )
    return YearCycle(
        n=total, verdict=judged, years=int(table["years"][0]), swing=swing, smallest=smallest, p=float(table["p"][0]),
        peak=dated[0], trough=dated[1],
        holidays=holidays,
    )  # fmt: skip


def draw(
    table: Columns, finding: Found, *, of: days.Thing = "calories", pair: Pair = WHOLE, form: Form = "curve"
) -> charts.Figure:
    """Draw the weeks in the colours of their seasons, the curve with its interval, and the holidays."""
    alone, sides = pair.against is None, [side for side in pair.drawn(table, say("Curve")) if len(side[0]["n"])]
    if form == "clock":
        return draw_clock(days.THINGS[of], sides, alone=alone)
    figure = draw_year(days.THINGS[of], sides, alone=alone)
    if isinstance(finding, YearCycle):
        draw_ends(figure, finding.peak, finding.trough)
        charts.yardstick(figure, finding.smallest)
    return figure


CYCLES = {
    "up": N_(
        "{subject} goes up and down with the year, by {size} {unit} from its lowest to its highest point "
        "(95% interval {low} to {high})"
    ),
    "negligible": N_(
        "{subject} hardly depends on the day of the year: the swing of {size} {unit} (95% interval {low} to {high}) is "
        "within the {smallest} that would not matter."
    ),
    "undecided": N_(
        "The data do not settle whether {subject} goes up and down with the year; the swing is {size} {unit} "
        "(95% interval {low} to {high})."
    ),
}
DATES = {
    "peak": N_("The highest point is around {day} (95% interval {low} to {high})."),
    "trough": N_("The lowest point is around {day} (95% interval {low} to {high})."),
}
HELD = N_("Out of this smooth curve, in {unit}: {holidays}; a sudden change of season near a holiday passes for it.")
NOT_COOKING = N_("{said} A day of posting is not a day of cooking.")


def sentence(finding: Found, *, of: days.Thing = "calories", term: days.Held = (), pair: Pair = WHOLE) -> Message:
    """Say what the swing amounts to, when the peak and the trough are, and which holidays stand out."""
    thing = days.THINGS[of]
    subject = say("The share of {recipes}", recipes=named(term)) if of == "term" else say(thing.subject)
    said = pair.said(finding, partial(_say, thing, subject), partial(_say, thing, pair.relative(subject)))
    return say(NOT_COOKING, said=said) if of in days.COUNTED and finding.n else said


def _say(thing: Measure, subject: Message, finding: Side) -> Message:
    match finding:
        case YearCycle():
            return _say_cycle(thing, subject, finding)
        case Alike():
            return say_alike(subject, thing, finding)
        case TooFewCycles(n=0):
            return say_nothing(thing)
        case TooFewCycles():
            return say(
                "{subject}: too few values to follow through the year; that takes {fewest} whole years of {least} or "
                "more, and values that differ.",
                subject=subject, fewest=FEWEST_YEARS, least=finding.least,
            )  # fmt: skip


def _say_cycle(thing: Measure, subject: Message, finding: YearCycle) -> Message:
    parts = {
        "cycle": say_effect(
            CYCLES, thing, finding.verdict, finding.swing, subject=subject, smallest=exact(finding.smallest),
            signed=False,
        )
    }  # fmt: skip
    for name, day in (("peak", finding.peak), ("trough", finding.trough)):
        if day:
            ends = {"day": day.value, "low": day.low, "high": day.high}
            parts[name] = say(DATES[name], **{place: day_of_year(value) for place, value in ends.items()})
    held = [one for one in finding.holidays if one.q < FALSE_DISCOVERY_RATE]
    parts["holidays"] = say("No holiday stands out of this curve.")
    if held:
        signed = partial(Number, digits=thing.digits, signed=True)
        listed = tuple(
            say("{holiday} ({change})", holiday=say(HOLIDAYS[one.holiday].label), change=signed(one.above.value))
            for one in held
        )
        parts["holidays"] = say(HELD, unit=say(thing.change_unit), holidays=Listing(listed))
    return Message(" ".join(f"{{{name}}}" for name in parts), parts)


METHOD = N_(
    "Each whole year of at least 100 values is fitted by itself, with two harmonics (a wave of a year and one of half "
    "a year) and a level of its own for the seven days around each holiday, beside the trend from the year before "
    "to the year after, as far as all years together show that it runs within them and does not jump each January. "
    "Each year is one draw, however much it holds: what years have in common is judged by how "
    "much they differ. The swing is the highest point of that curve less the lowest; chance alone swings, so its "
    "interval holds the swings that would lead to such an estimate, and reaches to zero unless chance alone hardly "
    "ever goes as far. The dates of the highest and lowest points have intervals around the year, and are named for a "
    "cycle beyond doubt alone. Holidays are held against the curve, each day of the week once; those named keep a "
    "false discovery rate of 5%. The curve is as smooth as two waves are: a season that changes suddenly leaves it, "
    "too, and passes for a holiday near by. Where the centre is a mean of the middle 80%, values are held within their "
    "year’s tenths. Numbers of recipes or reviews are set against what their year and the trend through it lead to "
    "expect. Against a second selection, each year’s difference is judged: what a year does to both cancels."
)
cycle = Question("cycle", N_("How does it run through the year?"), METHOD, table, judge, draw, sentence)
