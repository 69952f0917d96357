"""What changed through the years, or differs between seasons or days: several measures at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.answers.headings import group_name
from mangetamain.calendars import CALENDARS, PERIODS
from mangetamain.finding import Alike, Estimate, Verdict
from mangetamain.language import N_, Inside, Message, say
from mangetamain.measures import ALL, MEASURES, PROFILES, Among, ByOrYear, Profiled, Source, Years
from mangetamain.questions.aggregates.centres import Held, held, together
from mangetamain.questions.calendar_cells import EXTREMES, Cells, alike, held_cells, read_cells
from mangetamain.questions.courses import Fit, fit_course, read_points
from mangetamain.questions.effects import estimated, strongest
from mangetamain.questions.group_levels import levels_together, widest
from mangetamain.questions.profile import sentences
from mangetamain.questions.question import Question
from mangetamain.warehouse import Columns, Executes

Row = dict[str, Any]
# What an effect is of: its years, or the two groups.
ENDS = {True: ("first", "last"), False: ("lowest", "highest")}
# With which all intervals of a profile hold at once; each its own share of it, after Šidák (1967,
# doi:10.1080/01621459.1967.10482935), whatever the correlation between measures.
CONFIDENCE = 0.95
NUMBERS = ("effect", "low", "high", "smallest", "multiple", "multiple_low", "multiple_high")


def table(
    con: Executes,
    *,
    of: Profiled = "all",
    by: ByOrYear = "season",
    years: Years = ALL,
    source: Source = "full",
    among: Among = (),
) -> Columns:
    """Judge each measure's change through the years as `level` does, or its widest gap as `contrast` does, together.

    Reads the view `cube_centres` or `cube_ratings`; `recipes` or `reviews` for a selection.

    Returns
    -------
    Columns
        One row a measure, the largest effect in multiples of the smallest that matters first, those that cannot be
        judged last: measure (str), n (int, recipes or reviews), effect, low, high (float, its change over a decade, or
        over the years where they are few, or its widest gap, with an interval; all intervals hold together at 95 %),
        smallest (float, the smallest effect that matters; all in the measure's unit), multiple, multiple_low,
        multiple_high (float, effect and interval in multiples of it), verdict (str), why (str, "few" or "alike" values
        where there is no verdict, else None); by year first, last (str, years of the change, of the longer stretch
        where the line bends), else lowest, highest (str, groups; int, months).

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown.
    """
    values = _held(con, of, by, years, source, among)
    each_of = CONFIDENCE ** (1 / len(values))
    judged = [_changed(con, each, each_of) for each in values] if by == "year" else _differing(con, values, by, each_of)
    rows = [{"measure": each.of, **row} for each, row in zip(values, judged, strict=True)]
    kinds = {
        "measure": object, "n": int, **dict.fromkeys(ENDS[by == "year"], object), **dict.fromkeys(NUMBERS, float),
        "verdict": object, "why": object,
    }  # fmt: skip
    columns: Columns = {name: np.array([row.get(name) for row in rows], dtype=kind) for name, kind in kinds.items()}
    order = np.argsort(-np.abs(columns["multiple"]), kind="stable")
    return {name: column[order] for name, column in columns.items()}


def _held(con: Executes, of: str, by: str, years: tuple[int, int], source: str, among: Among) -> list[Held]:
    """Choose the values of measures, all of one view; those of recipes are looked up together."""
    measures = PROFILES[of]
    first = MEASURES[measures[0]]
    hold = partial(held, cut=PERIODS["year"].sql, period="year") if by == "year" else partial(held_cells, by=by)
    values = hold(con, of=measures[0], years=years, source=source, among=among)
    if first.view == "reviews":
        return [replace(values, of=name) for name in measures]
    return together(con, values, measures, first.centre, (25, 75) if by == "year" else EXTREMES)


def _changed(con: Executes, values: Held, confidence: float) -> Row:
    """Judge a measure's change as `level` does by default, with an interval for one of several."""
    points = read_points(con, values, by="year", kind=MEASURES[values.of].middle("usual"))
    found, n = fit_course(points, of=values.of, confidence=confidence), int(points["n"].sum())
    if not isinstance(found, Fit):
        return {"n": n, "why": "alike" if isinstance(found, Alike) else "few"}
    main = found.main
    return {"n": n, **_told(main.change, main.smallest, main.verdict), "first": main.first, "last": main.last}


def _differing(con: Executes, values: Sequence[Held], by: str, confidence: float) -> list[Row]:
    """Judge the widest gap of each measure as `contrast` does, with an interval for one of several."""
    cells = [read_cells(con, each, by=by) for each in values]
    levels = levels_together([each.series for each in cells], len(CALENDARS[by].values), confidence)
    return [_gap(each, found) for each, found in zip(cells, levels, strict=True)]


def _gap(cells: Cells, levels: Columns) -> Row:
    """Judge a measure's widest gap."""
    by, of, n = cells.by, cells.values.of, int(cells.size.sum())
    if alike(cells.columns):
        return {"n": n, "why": "alike"}
    if not np.isfinite(levels["gap"]).any():
        return {"n": n, "why": "few"}
    groups = {by: np.array(CALENDARS[by].values), "n": cells.size, **levels}
    found = widest(groups, by, MEASURES[of].gap.size)
    ends = {end: found[end] for end in ENDS[False]}
    return {"n": n, **_told(found["gap"], found["smallest"], found["verdict"]), **ends}


def _told(effect: Estimate, smallest: float, verdict: Verdict) -> Row:
    """Tell an effect in the measure's unit and in multiples of the smallest that matters."""
    multiple = effect.times(1 / smallest)
    numbers = (effect.value, effect.low, effect.high, smallest, multiple.value, multiple.low, multiple.high)
    return {**dict(zip(NUMBERS, numbers, strict=True)), "verdict": verdict}


def judge(table: Columns, *, by: ByOrYear = "season") -> sentences.Profile:
    """Record what was found of each measure, and the strongest verdict; negligible is one of all of them alone."""
    measures = tuple(_record(table, i) for i in range(len(table["measure"])))
    n, verdicts = int(table["n"].max(initial=0)), set(table["verdict"])
    verdict = strongest(verdicts & {"clear", "real"}, "negligible" if verdicts == {"negligible"} else "undecided")
    return sentences.Profile(n=n, verdict=verdict if n else None, measures=measures)


def _record(table: Columns, i: int) -> sentences.MeasureEffect:
    row = {name: column[i] for name, column in table.items()}
    if row["why"]:
        return sentences.NotJudged(row["measure"], row["why"])
    effect = estimated(table, i, "effect", "low", "high")
    kind, ends = (sentences.Changed, ENDS[True]) if "first" in row else (sentences.Differing, ENDS[False])
    return kind(row["measure"], effect, float(row["smallest"]), row["verdict"], *(row[end] for end in ends))


ROW_PIXELS = 38
# Above the rows, so many of them are left for the name of the band.
NAME_ROWS = 0.8
# What is measured beyond doubt has the colour of what is measured; whether it is large enough, the band shows.
MARKS: tuple[tuple[str, charts.Role, tuple[Verdict, ...]], ...] = (
    (N_("Clear"), "centre", ("clear",)),
    (N_("Real, perhaps too little to matter"), "centre", ("real",)),
    (N_("Negligible or undecided"), "mute", ("negligible", "undecided")),
)
# Groups whose names would be too long for a phone, where an effect stands beside its measure.
# Translators: the days from Monday to Friday, and the other two
SHORT = {"weekdays": N_("weekdays"), "weekend": N_("weekend")}
# By whether all changes are told per decade; where they differ, or are none, by neither.
AXES: dict[bool | None, str] = {
    True: N_("Per decade, in multiples of the smallest change that matters"),
    False: N_("In all, in multiples of the smallest change that matters"),
    None: N_("In multiples of the smallest effect that matters"),
}


def draw(table: Columns, finding: sentences.Profile, *, by: ByOrYear = "season") -> charts.Figure:
    """Draw a row a measure, in multiples of the smallest effect that matters: its interval, its name and its amount."""
    if not finding.n:
        return charts.canvas(say(AXES[None]))
    measures = finding.measures
    decades = {one.decade for one in measures if isinstance(one, sentences.Changed)}
    axis = say(AXES[next(iter(decades)) if len(decades) == 1 else None])
    figure = charts.canvas(axis, height=110 + ROW_PIXELS * (len(measures) + 1))
    place, edges = np.arange(len(measures)), np.array([-0.5, len(measures) - 0.5])
    area: dict[str, Any] = {"base": -1, "width": len(measures), "opacity": 0.2, "hoverinfo": "skip"}
    charts.bars(figure, [2], [edges.mean()], say("Too little to matter"), "mute", flat=True, **area)
    unnamed: dict[str, Any] = {"hoverinfo": "skip", "named": False}
    charts.line(figure, [0, 0], edges, "", "mute", line={"dash": "dot", "width": 1}, **unnamed)
    charts.write(figure, [0], [edges[0] - NAME_ROWS / 2], [say("Too little to matter")], "middle center", "mute")
    for name, role, verdicts in MARKS:
        part = np.isin(table["verdict"].astype(str), verdicts)
        if part.any():
            x, low, high = (table[name][part] for name in ("multiple", "multiple_low", "multiple_high"))
            error = {"type": "data", "symmetric": False, "array": high - x, "arrayminus": x - low}
            ends = np.stack([low, high], axis=1)
            charts.dots(figure, x, place[part], say(name), role, error_x=error, customdata=ends)
    tooltips.tell(figure, 2, Inside(say("Times the smallest effect that matters")), axis="x", signed=True)
    ends = np.array([-1.0, 1.0, *table["multiple_low"], *table["multiple_high"]])
    low, high = np.nanmin(ends), np.nanmax(ends)
    margin = 0.04 * (high - low)
    rows = {
        "tickmode": "array",
        "tickvals": place.tolist(),
        "autorange": False,
        "range": [edges[1], edges[0] - NAME_ROWS],
        "showgrid": False,
    }
    names = [charts.words(group_name(one.measure)) for one in measures]
    amounts = [charts.words(_amount(one, by, paced=len(decades) > 1)) for one in measures]
    # An axis at the right needs a trace of its own.
    charts.dots(figure, [0], [edges[0] - 2], "", "mute", yaxis="y2", **unnamed)
    right = {"overlaying": "y", "side": "right", "ticktext": amounts}
    axes = {"yaxis": {**rows, "ticktext": names}, "yaxis2": {**rows, **right}}
    return figure.update_layout(xaxis={"range": [low - margin, high + margin]}, **axes, hovermode="closest")


def _amount(one: sentences.MeasureEffect, by: str, *, paced: bool) -> Message:
    """Write a change, with its pace where the axis cannot say it, a gap with its upper end, or why there is none."""
    match one:
        case sentences.NotJudged(why=why):
            return group_name(why)
        case sentences.Differing(highest=highest):
            group = say(SHORT[str(highest)]) if highest in SHORT else CALENDARS[by].said(highest)
            return Message("{gap} ↑ {group}", {"gap": sentences.say_amount(one), "group": group})
        case sentences.Changed():
            return sentences.say_paced(one) if paced else sentences.say_amount(one)


def sentence(finding: sentences.Profile, *, of: Profiled = "all", by: ByOrYear = "season") -> Message:
    """Say how many measures changed or differ by enough to matter, which, and how many do not."""
    return sentences.say_profile(finding, PROFILES[of][0], by)


METHOD = N_(
    "Each measure is estimated as by itself: its change through the years as by the question on its level, over a "
    "decade or, of fewer than eight years, over all of them; where its line bends, along the stretch that most values "
    "lie on. Between seasons, months of the year or days it is the widest gap, as by the question on differences "
    "between times. What hangs on a single year is said there. Verdicts are given together: of so many measures that "
    "nothing touches some would seem to move by luck, so each interval is wider than on the measure’s own page, of "
    "eleven a 99.5% one, and all of them hold at once at 95% (Šidák). Where nothing changes or differs, luck names a "
    "measure in at most one profile of twenty; what is real by itself alone may be left open here. To stand in one "
    "figure, effects are divided by the smallest that matters for the measure: between −1 and 1 lies what would not "
    "matter."
)
profile = Question("profile", N_("Which measures changed, or differ?"), METHOD, table, judge, draw, sentence)
