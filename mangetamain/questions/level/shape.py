"""How a level's shape is drawn and said: one line, a bend, or steps, and what hangs on a single year."""

from __future__ import annotations

import numpy as np

from mangetamain import charts
from mangetamain.calendars import PERIODS, Period
from mangetamain.language import N_, Inside, Listing, Message, Number, Value, digits_for, exact, say
from mangetamain.measures import Measure
from mangetamain.questions.courses import LevelFinding, Stretch
from mangetamain.questions.effects import DECADE, PACES, say_effect

MONTHS = "datetime64[M]"


def draw_line(
    figure: charts.Figure, finding: LevelFinding, period: Period, name: charts.Text, role: charts.Role,
    *, named: bool = True,
) -> None:  # fmt: skip
    """Draw the line; where it bends it says when."""
    names = np.array([finding.first, *(stretch.last for stretch in finding.stretches)])
    at = names.astype(int) if period.unit == "Y" else period.axis(names.astype(MONTHS))
    corners = np.array(finding.corners)
    charts.line(figure, at, corners, name, role, dash="dash", named=named)
    if len(at) > 2:
        bends = slice(1, -1)
        look: charts.Spec = {"marker": {"symbol": "diamond", "size": 9}, "hoverinfo": "skip"}
        charts.dots(figure, at[bends], corners[bends], name, role, **look)
        charts.dated(figure, at[bends].tolist(), [_dated(period, name) for name in names[bends]], role)


def draw_band(
    figure: charts.Figure, finding: LevelFinding, period: Period, points: np.ndarray, error: np.ndarray
) -> None:
    """Draw the 95 % band of a line that neither bends nor steps: its slope's interval, about its middle."""
    variance = error**2 + finding.tau**2
    if len(finding.stretches) > 1 or finding.steps or not variance.all():
        return
    place, change = period.places(points), finding.change
    middle = np.average(place, weights=1 / variance)
    slope = (change.high - change.low) / 2 / (finding.main.over * period.decade / DECADE)
    half = np.hypot(1.96 / np.sqrt((1 / variance).sum()), slope * (place - middle))
    line = np.interp(place, place[[0, -1]], finding.corners)
    every = np.arange(len(place))  # a line goes on where a point is missing
    charts.band(figure, period.axis(points), line - half, line + half, charts.TREND, "trend", place=every, named=False)


def draw_steps(figure: charts.Figure, finding: LevelFinding) -> None:
    """Draw the levels between the steps, which are of months, and say when each is."""
    if not finding.steps:
        return
    starts = np.array([finding.first, *(step.at for step in finding.steps)], dtype=MONTHS)
    stops = np.append(starts[1:] - 1, np.array(finding.last, dtype=MONTHS))
    lead = int((starts[1] - starts[0]).astype(int))
    levels = np.array([finding.steps[0].before - finding.drift * lead, *(step.after for step in finding.steps)])
    ends = levels + finding.drift * (stops - starts).astype(int)
    at, level = (np.stack(pair, axis=1).ravel() for pair in ((starts, stops), (levels, ends)))
    month = PERIODS["month"]
    charts.line(figure, month.axis(at), level, say("Level between steps"), "trend")
    charts.dated(figure, month.axis(starts[1:]).tolist(), [_dated(month, step.at) for step in finding.steps], "trend")


def _dated(period: Period, name: str) -> Message:
    return Message("{at}", {"at": period.said(name)})


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
