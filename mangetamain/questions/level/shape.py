"""What a level did: one line, a bend, or steps; each part with its change, and what hangs on a single year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.calendars import PERIODS, Period
from mangetamain.finding import Estimate, Finding, Record, Verdict, verdict
from mangetamain.language import N_, Inside, Listing, Message, Number, Value, say
from mangetamain.measures import Measure
from mangetamain.questions.trends import DECADE, PACES, horizon, say_trend
from mangetamain.warehouse import Columns


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
    place, names = period.places(points).astype(float), period.names(points)
    years = period.unit == "Y"
    kinds: tuple[stats.Kind, ...] = ("bend",) if years else ("bend", "steps")
    found = stats.shape(place, part["centre"], part["se"], kinds=kinds)
    bent = found.kind == "bend"
    ends = [(piece.first, piece.last) for piece in found.pieces] if bent else [(place[0], place[-1])]
    changes = [piece.change for piece in found.pieces] if bent else [found.trend.slope.times(float(np.ptp(place)))]
    stretches = tuple(
        _stretch(period, names, place, part["n"], measure, *span, change)
        for span, change in zip(ends, changes, strict=True)
    )
    fitted = found.fitted if bent else found.trend.line
    corners = [place[0], *(last for _, last in ends)]
    line = stats.wls(place, part["centre"], part["n"]).slope
    steps = found.shifts if found.kind == "steps" else ()
    main = max(stretches, key=lambda stretch: stretch.part)
    return LevelFinding(
        n=n,
        verdict=main.verdict,
        first=str(names[0]),
        last=str(names[-1]),
        points=len(names),
        left_out=left_out,
        stretches=stretches,
        corners=tuple(float(np.interp(corner, place, fitted)) for corner in corners),
        steps=tuple(Step(str(names[one.index]), one.before, one.after, one.size, one.p) for one in steps),
        drift=found.pieces[0].slope.value if steps else 0.0,
        by_size=line * period.decade * main.over / DECADE,
        hangs_on=_hangs_on(found, stretches, place, names, part, measure, period) if years and not steps else (),
        tau=found.trend.tau,
        rho=found.trend.rho,
    )


def _stretch(
    period: Period, names: np.ndarray, place: np.ndarray, n: np.ndarray, measure: Measure,
    first: float, last: float, change: Estimate,
) -> Stretch:  # fmt: skip
    told, smallest, over = _told(period, measure, first, last, change)
    held = (place >= first) & (place <= last if last == place[-1] else place < last)
    start, end = (str(names[np.searchsorted(place, at)]) for at in (first, last))
    return Stretch(start, end, over, told, smallest, verdict(told, smallest), float(n[held].sum() / n.sum()))


def _told(
    period: Period, measure: Measure, first: float, last: float, change: Estimate
) -> tuple[Estimate, float, float]:
    """Tell a change along a stretch over a decade, where that is no more than was seen, with what would matter."""
    years = (last - first) * DECADE / period.decade
    over = horizon(years)
    return change.times(over / years), measure.trend.size * over / DECADE, over


def _hangs_on(
    found: stats.Shape, stretches: tuple[Stretch, ...], place: np.ndarray, names: np.ndarray, part: Columns,
    measure: Measure, period: Period,
) -> tuple[str, ...]:  # fmt: skip
    """Name the points without which a verdict would be another."""
    spans = [(piece.first, piece.last) for piece in found.pieces]
    hanging = []
    for at, changes in stats.without_each(place, part["centre"], part["se"], found):
        without = [_told(period, measure, *span, change) for span, change in zip(spans, changes, strict=True)]
        if any(
            verdict(told, smallest) != one.verdict for (told, smallest, _), one in zip(without, stretches, strict=True)
        ):
            hanging.append(str(names[np.searchsorted(place, at)]))
    return tuple(hanging)


def draw_line(
    figure: charts.Figure, finding: LevelFinding, period: Period, name: charts.Text, role: charts.Role
) -> None:
    """Draw the line, bent or not."""
    at = np.array([finding.first, *(stretch.last for stretch in finding.stretches)], dtype=f"datetime64[{period.unit}]")
    charts.line(figure, _axis(period, at), np.array(finding.corners), name, role, dash="dash")


def draw_shape(figure: charts.Figure, finding: LevelFinding, period: Period) -> None:
    """Draw the line and the levels between steps."""
    draw_line(figure, finding, period, say("Trend"), "trend")
    if finding.steps:
        charts.line(figure, *_stairs(period, finding), say("Level between steps"), "other")


def _axis(period: Period, moments: np.ndarray) -> np.ndarray:
    return moments.astype(str).astype(int) if period.unit == "Y" else period.axis(moments)


def _stairs(period: Period, finding: LevelFinding) -> tuple[np.ndarray, np.ndarray]:
    unit = f"datetime64[{period.unit}]"
    starts = np.array([finding.first, *(step.at for step in finding.steps)], dtype=unit)
    stops = np.append(starts[1:] - 1, np.array(finding.last, dtype=unit))
    lead = int(np.diff(starts[:2]).astype(int)[0])
    levels = np.array([finding.steps[0].before - finding.drift * lead, *(step.after for step in finding.steps)])
    ends = levels + finding.drift * (stops - starts).astype(int)
    return _axis(period, np.stack([starts, stops], axis=1).ravel()), np.stack([levels, ends], axis=1).ravel()


BY_SIZE = {
    "recipes": N_(
        "{trend} These points do not follow one line: where each counts by its recipes, the change is {by_size} {unit} "
        "{pace}."
    ),
    "reviews": N_(
        "{trend} These points do not follow one line: where each counts by its reviews, the change is {by_size} {unit} "
        "{pace}."
    ),
}
# Points that are named one by one, when a verdict hangs on each.
MOST_NAMED = 3
LATER = {
    "recipes": N_("{before} There the line bends: {after} {share} of the recipes are from after the bend."),
    "reviews": N_("{before} There the line bends: {after} {share} of the reviews are from after the bend."),
}


def say_shape(finding: LevelFinding, measure: Measure, subject: Message) -> Message:
    """Say what each stretch or step amounts to, and what hangs on a single point."""
    said = say_stretches(finding, measure, subject)
    if len(finding.hangs_on) == 1:
        return say(
            "{said} Without {point} alone, a verdict would be another.", said=said, point=_said(finding.hangs_on[0])
        )
    if len(finding.hangs_on) > MOST_NAMED:
        return say(
            "{said} Leaving out any one of {count} of its points would change a verdict.",
            said=said, count=len(finding.hangs_on),
        )  # fmt: skip
    if finding.hangs_on:
        points = Listing(tuple(map(_said, finding.hangs_on)))
        return say(
            "{said} Leaving out a single one of these points would change a verdict: {points}.",
            said=said,
            points=points,
        )
    return said


def say_stretches(finding: LevelFinding, measure: Measure, subject: Message) -> Message:
    """Say what each stretch or step amounts to."""
    first, *later = (_say_one(stretch, measure, subject) for stretch in finding.stretches)
    main = finding.main
    if later:
        share = Number(finding.stretches[1].part, 1, percent=True)
        return say(LATER[measure.view], before=first, after=Inside(later[0]), share=share)
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
    return say(
        BY_SIZE[measure.view],
        trend=first, by_size=Number(finding.by_size, measure.digits, signed=True), unit=say(measure.change_unit),
        pace=say(PACES[main.over == DECADE]),
    )  # fmt: skip


def _say_one(stretch: Stretch, measure: Measure, subject: Message) -> Message:
    ends = _said(stretch.first), _said(stretch.last)
    return say_trend(measure, subject, stretch.verdict, stretch.change, stretch.over, stretch.smallest, *ends)


def _said(name: str) -> Value:
    return PERIODS["year" if len(name) == len("2000") else "month"].said(name)
