"""What a level did: one line, a bend, or steps; each part with its change, and what hangs on a single year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.calendars import PERIODS, Period
from mangetamain.finding import Estimate, Finding, Record, Verdict, verdict
from mangetamain.language import N_, Inside, Listing, Message, Number, Value, digits_for, exact, say
from mangetamain.measures import Measure
from mangetamain.questions.effects import DECADE, PACES, horizon, say_effect
from mangetamain.warehouse import Columns

MONTHS = "datetime64[M]"


@dataclass(frozen=True)
class Step(Record):
    """A lasting change of level: `at` ("2006-07") is the first of the new level; `p` admits every place searched."""

    at: Annotated[str, N_("First of the new level")]
    before: Annotated[float, N_("Level before")]
    after: Annotated[float, N_("Level after")]
    size: Annotated[Estimate, N_("Size")]
    p: Annotated[float, N_("p-value")]


@dataclass(frozen=True)
class Stretch(Record):
    """A straight part between two points: `change` is over `over` years; `part` of all values lies along it."""

    first: str
    last: str
    over: Annotated[float, N_("Years of the change")]
    change: Annotated[Estimate, N_("Change")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    verdict: Verdict
    part: Annotated[float, N_("Part of the values")]


@dataclass(frozen=True, kw_only=True)
class LevelFinding(Finding):
    """A level through time: a line has one of `stretches`, a bend two; steps have none but the line they break.

    `corners` are the fitted levels where stretches begin and end. Once points differ beyond chance they count about
    equally; `by_size` is the change of the line where each counts by its recipes or reviews. Between `steps` the level
    goes on by `drift` a point. `hangs_on` names the points without which a stretch's verdict would be another. The
    verdict is that of the stretch along which most values lie.
    """

    first: str
    last: str
    points: Annotated[int, N_("Points")]
    left_out: Annotated[int, N_("Left out of the fit")]
    stretches: Annotated[tuple[Stretch, ...], N_("Stretch")]
    corners: Annotated[tuple[float, ...], N_("Corners")]
    steps: Annotated[tuple[Step, ...], N_("Step")]
    drift: Annotated[float, N_("Slope between steps")]
    by_size: Annotated[float, N_("Change where each point counts by its size")]
    hangs_on: Annotated[tuple[str, ...], N_("Hangs on")]
    tau: Annotated[float, N_("Spread beyond chance (tau)")]
    rho: Annotated[float, N_("Correlation of neighbours (rho)")]

    @property
    def main(self) -> Stretch:
        """The stretch along which most values lie."""
        return max(self.stretches, key=lambda stretch: stretch.part)

    @property
    def change(self) -> Estimate:
        """What changed along the main stretch."""
        return self.main.change


def judged(period: Period, points: np.ndarray, part: Columns, measure: Measure, left_out: int, n: int) -> LevelFinding:
    """Tell the shape of a level through points that are whole, and judge each stretch."""
    place, names, told = period.places(points).astype(float), period.names(points), partial(_told, period, measure)
    series, yearly = (place, part["centre"], part["se"]), period.unit == "Y"
    kinds: tuple[stats.Kind, ...] = ("bend",) if yearly else ("bend", "steps")
    found = stats.shape(*series, kinds=kinds)
    pieces, fitted, steps = found.pieces, found.fitted, found.shifts
    if steps:  # what is judged is the line that they break
        pieces = (stats.Piece(place[0], place[-1], found.trend.slope.times(float(np.ptp(place)))),)
        fitted = found.trend.line
    stretches = tuple(_stretch(piece, *told(piece, piece.change), names, place, part["n"]) for piece in pieces)
    main = max(stretches, key=lambda stretch: stretch.part)
    line = stats.wls(place, part["centre"], part["n"]).slope
    return LevelFinding(
        n=n,
        verdict=main.verdict,
        first=str(names[0]),
        last=str(names[-1]),
        points=len(names),
        left_out=left_out,
        stretches=stretches,
        corners=tuple(np.interp([place[0], *(piece.last for piece in pieces)], place, fitted).tolist()),
        steps=tuple(Step(str(names[one.index]), one.before, one.after, one.size, one.p) for one in steps),
        drift=found.pieces[0].slope.value if steps else 0.0,
        by_size=line * period.decade * main.over / DECADE,
        hangs_on=tuple(
            str(names[np.searchsorted(place, at)])
            for at, changes in (stats.without_each(*series, found) if yearly else [])
            if any(
                verdict(*told(piece, change)[:2]) != one.verdict
                for piece, change, one in zip(pieces, changes, stretches, strict=True)
            )
        ),
        tau=found.trend.tau,
        rho=found.trend.rho,
    )


def _told(period: Period, measure: Measure, piece: stats.Piece, change: Estimate) -> tuple[Estimate, float, float]:
    """Tell a change along a piece over a decade, where that is no more than was seen, with what would matter."""
    years = (piece.last - piece.first) * DECADE / period.decade
    over = horizon(years)
    return change.times(over / years), measure.trend.size * over / DECADE, over


def _stretch(
    piece: stats.Piece, told: Estimate, smallest: float, over: float,
    names: np.ndarray, place: np.ndarray, n: np.ndarray,
) -> Stretch:  # fmt: skip
    first, last = piece.first, piece.last
    held = (place >= first) & (place <= last if last == place[-1] else place < last)
    start, end = names[np.searchsorted(place, [first, last])].tolist()
    return Stretch(start, end, over, told, smallest, verdict(told, smallest), float(n[held].sum() / n.sum()))


def draw_line(
    figure: charts.Figure, finding: LevelFinding, period: Period, name: charts.Text, role: charts.Role
) -> None:
    """Draw the line, bent or not."""
    names = np.array([finding.first, *(stretch.last for stretch in finding.stretches)])
    at = names.astype(int) if period.unit == "Y" else period.axis(names.astype(MONTHS))
    charts.line(figure, at, np.array(finding.corners), name, role, dash="dash")


def draw_steps(figure: charts.Figure, finding: LevelFinding) -> None:
    """Draw the levels between the steps, which are of months."""
    starts = np.array([finding.first, *(step.at for step in finding.steps)], dtype=MONTHS)
    stops = np.append(starts[1:] - 1, np.array(finding.last, dtype=MONTHS))
    lead = int((starts[1] - starts[0]).astype(int))
    levels = np.array([finding.steps[0].before - finding.drift * lead, *(step.after for step in finding.steps)])
    ends = levels + finding.drift * (stops - starts).astype(int)
    at, level = (np.stack(pair, axis=1).ravel() for pair in ((starts, stops), (levels, ends)))
    charts.line(figure, PERIODS["month"].axis(at), level, say("Level between steps"), "other")


TRENDS = {
    "down": N_("{subject} fell by {size} {unit} {pace} between {first} and {last} (95% interval {low} to {high})"),
    "up": N_("{subject} rose by {size} {unit} {pace} between {first} and {last} (95% interval {low} to {high})"),
    "negligible": N_(
        "{subject} hardly moved between {first} and {last}: {change} {unit} {pace} "
        "(95% interval {low} to {high}), within the ±{smallest} that would not matter."
    ),
    "undecided": N_(
        "The data do not settle whether {subject} changed between {first} and {last}; "
        "{change} {unit} {pace} (95% interval {low} to {high})."
    ),
}
BY_SIZE = N_(
    "{trend} These points do not follow one line: where each counts by its {rows}, the change is {by_size} {unit} "
    "{pace}."
)
LATER = N_("{before} There the line bends: {after} {share} of the {rows} are from after the bend.")
# Translators: in the middle of a sentence, of what a measure is measured on
ROWS = {"recipes": N_("recipes"), "reviews": N_("reviews")}
# Points that are named one by one, when a verdict hangs on each.
MOST_NAMED = 3


def say_shape(finding: LevelFinding, measure: Measure, subject: Message) -> Message:
    """Say what each stretch or step amounts to, and what hangs on a single point."""
    said, points = say_stretches(finding, measure, subject), tuple(map(_said, finding.hangs_on))
    if not points:
        return said
    if len(points) == 1:
        return say("{said} Without {point} alone, a verdict would be another.", said=said, point=points[0])
    if len(points) > MOST_NAMED:
        text = N_("{said} Leaving out any one of {count} of its points would change a verdict.")
        return say(text, said=said, count=len(points))
    text = N_("{said} Leaving out a single one of these points would change a verdict: {points}.")
    return say(text, said=said, points=Listing(points))


def say_stretches(finding: LevelFinding, measure: Measure, subject: Message) -> Message:
    """Say what each stretch or step amounts to."""
    first, *later = (_say_one(stretch, measure, subject) for stretch in finding.stretches)
    main, rows = finding.main, say(ROWS[measure.view])
    if later:
        share = Number(finding.stretches[1].part, 1, percent=True)
        return say(LATER, before=first, after=Inside(later[0]), share=share, rows=rows)
    if finding.steps:
        steps = tuple(
            say("{at} ({size})", at=_said(step.at), size=Number(step.size.value, measure.digits, signed=True))
            for step in finding.steps
        )
        return say(
            "{trend} This straight line hides steps: the level shifts in {steps}.", trend=first, steps=Listing(steps)
        )
    if main.change.low <= finding.by_size <= main.change.high:
        return first
    by_size = Number(finding.by_size, measure.digits, signed=True)
    words = {"unit": say(measure.change_unit), "pace": say(PACES[main.over == DECADE])}
    return say(BY_SIZE, trend=first, rows=rows, by_size=by_size, **words)


def _say_one(stretch: Stretch, measure: Measure, subject: Message) -> Message:
    decade, smallest = stretch.over == DECADE, stretch.smallest
    return say_effect(
        TRENDS, measure, stretch.verdict, stretch.change,
        subject=subject, first=_said(stretch.first), last=_said(stretch.last), pace=say(PACES[decade]),
        smallest=exact(smallest) if decade else Number(smallest, digits_for((smallest,), measure.digits)),
    )  # fmt: skip


def _said(name: str) -> Value:
    return PERIODS["year" if len(name) == len("2000") else "month"].said(name)
