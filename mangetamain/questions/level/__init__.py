"""How did a measure move? Its level through the years, or the months."""

from __future__ import annotations

from functools import partial

import numpy as np

from mangetamain import charts, tooltips
from mangetamain.calendars import PERIODS
from mangetamain.finding import Alike
from mangetamain.language import N_, Message, say
from mangetamain.measures import (
    ALL,
    MEASURES,
    THIN,
    Against,
    Among,
    Band,
    Centre,
    FitAll,
    Measure,
    Method,
    Of,
    Source,
    Through,
    Years,
)
from mangetamain.questions import comparison, courses, published_only
from mangetamain.questions.aggregates.centres import held
from mangetamain.questions.aggregates.covariances import correlations
from mangetamain.questions.aggregates.values import say_alike, say_nothing
from mangetamain.questions.comparison import WHOLE, Comparison, Pair
from mangetamain.questions.effects import HERE, yardstick
from mangetamain.questions.level import published
from mangetamain.questions.level.shape import draw_band, draw_line, draw_steps, say_shape, say_stretches
from mangetamain.questions.question import Question
from mangetamain.questions.shares import LONE
from mangetamain.warehouse import Columns, Executes

Side = courses.Course | published.Published
Found = Side | Comparison[Side, Side]


def table(
    con: Executes,
    *,
    of: Of = "minutes",
    by: Through = "year",
    years: Years = ALL,
    centre: Centre = "usual",
    band: Band = "25-75",
    source: Source = "full",
    among: Among = (),
    against: Against = None,
    method: Method = "robust",
) -> Columns:
    """Describe a measure's distribution in each year, or month.

    Reads the view `cube_centres`, or `cube_ratings` for stars; `recipes` or `reviews` for a selection. The published
    method has points of its own: years of recipes, months of reviews.

    Returns
    -------
    Columns
        One row a point that has values, in order: year (int) or month (date, its first day), n (int, recipes or
        reviews), mean, sd (sample), median, trimmed (mean of the middle 80 %), centre (the one chosen), se (its
        standard error, of recipes clustered by cook; unknown where no point has two cooks), low, high (the chosen
        band's nearest-rank quantiles; all float, in the measure's unit), partial (bool, a year that is not whole), thin
        (bool, fewer than 100 of n). Against a second selection, its rows follow those of the first; then `selection`
        (str) comes first and `shared` (float, the correlation of the point's two centres from what belongs to both, and
        to cooks of both) last.
    """
    measure = MEASURES[of]
    if method == "published":
        published_only.only("by", by, published.PUBLISHED_PERIODS[measure.view])
    kind = measure.middle(centre)
    look_up = partial(held, con, of, PERIODS[by].sql, years=years, source=source, period=by)
    describe = partial(courses.read_points, con, by=by, kind=kind, band=band)
    pair = Pair(among, against)
    one, other = pair.read(con, look_up)
    if other is None:
        return describe(one)
    rows = describe(one), describe(other)
    points, shared = correlations(con, one, other, kind, pooled=measure.starred)
    for side in rows:
        side["shared"] = np.zeros(len(side["n"]))
        side["shared"][np.isin(side[by], points.astype(side[by].dtype))] = shared.round(9)
    return pair.stacked(*rows)


def differences(one: Columns, other: Columns) -> Columns:
    """Subtract the second level from the first at each point that both have, as a level of its own.

    Returns
    -------
    Columns
        year or month, n (of the first), centre, se (the errors of both, less what they share), partial, thin (either).
    """
    by = courses.by_of(one)
    a, b = comparison.alike(one, other, by, *(side["n"] >= LONE for side in (one, other)))
    centre, se = comparison.difference(a, b, a["shared"])
    kept = {name: a[name] for name in (by, "n", "partial")}
    return kept | {"centre": centre, "se": se, "thin": a["thin"] | b["thin"]}


def judge(
    table: Columns, *, of: Of = "minutes", pair: Pair = WHOLE, fit_all: FitAll = False, method: Method = "robust"
) -> Found:
    """Fit a trend through the points and judge its change per decade; find the months where the level steps.

    Against a second selection the same is done to what the first is above it, point by point.
    """
    if method == "published":
        return published.published_level(table, MEASURES[of])
    alone = partial(courses.judge_course, of=of, fit_all=fit_all)
    return pair.judged(table, alone, lambda one, other: alone(differences(one, other)))


def draw(
    table: Columns, finding: Found, *, of: Of = "minutes", pair: Pair = WHOLE, fit_all: FitAll = False
) -> charts.Figure:
    """Draw what lies around the centre, the centre, the points outside the fit pale, the line and its steps.

    Of two selections, draw the points of either and its line.
    """
    measure, period = MEASURES[of], PERIODS[courses.by_of(table)]
    figure = charts.canvas(say(period.axes[measure.view]), measure.axis, time=period.unit)
    if isinstance(finding, published.Published):
        published.draw_published(figure, table, finding)
    elif isinstance(finding, Comparison):
        sides = pair.drawn(table, say("Trend"))
        for (rows, name, role), found in zip(sides, (finding.one, finding.other), strict=True):
            _draw_points(figure, rows, measure, courses.fitted_points(rows, fit_all), name, role)
            if isinstance(found, courses.LevelFinding):
                draw_line(figure, found, period, say("Trend: {selection}", selection=name), role, named=False)
        if isinstance(finding.difference, courses.LevelFinding):
            yardstick(figure, measure, finding.difference.main.smallest, finding.difference.main.over)
    else:
        kept = courses.fitted_points(table, fit_all)
        _draw_middle(figure, table, measure, kept)
        if isinstance(finding, courses.LevelFinding):
            draw_band(figure, finding, period, table[courses.by_of(table)][kept], table["se"][kept])
            draw_line(figure, finding, period, say("Trend"), "trend")
            draw_steps(figure, finding)
            yardstick(figure, measure, finding.main.smallest, finding.main.over)
    tooltips.tell(figure, measure.digits, tooltips.behind(measure.unit))
    return figure


def _interval(table: Columns, measure: Measure, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the 95 % intervals of points, as far as the measure has values."""
    centre, half = table["centre"][kept], 1.96 * table["se"][kept]
    return np.clip(centre - half, *measure.ends), np.clip(centre + half, *measure.ends)


def _draw_points(
    figure: charts.Figure, table: Columns, measure: Measure, kept: np.ndarray, name: charts.Text, role: charts.Role,
    *, named: bool = True,
) -> None:  # fmt: skip
    """Draw the points of a fit; years with their intervals."""
    if not kept.any():
        return
    by = courses.by_of(table)
    low, high = _interval(table, measure, kept) if by == "year" else (None, None)
    points = PERIODS[by].axis(table[by][kept])
    charts.dots(figure, points, table["centre"][kept], name, role, low=low, high=high, named=named)


INTERVALS = {
    "recipes": N_("95% interval, clustered by cook"),
    "reviews": N_("95% interval, were all independent"),
}


def _draw_middle(figure: charts.Figure, table: Columns, measure: Measure, kept: np.ndarray) -> None:
    """Draw each point's centre, with the middle of its values, or its interval where the values are but a few.

    A point outside the fit is one of few recipes: it is pale, and no line leads the eye to it.
    """
    by, centre = courses.by_of(table), table["centre"]
    points, place = PERIODS[by].axis(table[by]), PERIODS[by].places(table[by])
    if measure.centre == "trimmed" and by == "year" and kept.any():
        charts.band(figure, points[kept], table["low"][kept], table["high"][kept], say("Middle of recipes"))
        charts.yearly(figure, points[kept], centre[kept], say("Centre"), "centre", hoverinfo="skip")
    elif kept.any():
        interval = _interval(table, measure, kept)
        charts.band(figure, points[kept], *interval, say(INTERVALS[measure.view]), place=place[kept])
    _draw_points(figure, table, measure, kept, say("In the trend"), "centre", named=False)
    if not kept.all():
        # A month of a handful swings from end to end and would flatten all the rest.
        name, outside = say("Left out of the trend"), by == "month"
        charts.dots(figure, points[~kept], centre[~kept], name, "mute", named=True, outside=outside)


# Named where it is another than the measure's own.
CENTRED = {
    "trimmed": N_("{subject} (mean of the middle 80%)"),
    "median": N_("{subject} (median)"),
    "mean": N_("{subject} (mean)"),
}


def sentence(finding: Found, *, of: Of = "minutes", centre: Centre = "usual", pair: Pair = WHOLE) -> Message:
    """Say the change per decade and what it amounts to, and where one line is not the shape of it."""
    measure = MEASURES[of]
    subject, middle = say(measure.subject), measure.middle(centre)
    if middle != measure.centre:
        subject = say(CENTRED[middle], subject=subject)
    say_one = partial(_say, measure=measure, subject=subject, brief=isinstance(finding, Comparison))
    return pair.said(finding, say_one, partial(_say, measure=measure, subject=pair.relative(subject)))


TOO_FEW = N_("{subject}: a trend needs at least {fewest} {points} of {least} values or more; {here}.")
# By period, and whether they must be whole and of enough values.
POINTS = {
    # Translators: what a trend needs so many of
    ("year", True): N_("whole years"), ("year", False): N_("years"),
    ("month", True): N_("months"), ("month", False): N_("months"),
}  # fmt: skip


def _say(finding: Side, measure: Measure, subject: Message, *, brief: bool = False) -> Message:
    match finding:
        case courses.TooFewPoints(n=0):
            return say_nothing(measure)
        case published.PublishedLevel() | published.PublishedMonths() | published.TooFewPublished():
            return published.say_published(finding, measure)
        case courses.LevelFinding():
            return (say_stretches if brief else say_shape)(finding, measure, subject)
        case Alike():
            return say_alike(subject, measure, finding)
        case courses.TooFewPoints():
            return say(
                TOO_FEW, subject=subject, fewest=PERIODS[finding.by].fewest, least=finding.least,
                here=say(HERE, n=finding.points), points=say(POINTS[finding.by, finding.least == THIN]),
            )  # fmt: skip


METHOD = N_(
    "The centre of each point, a year or a month, with its standard error, which takes cooks for the sample where "
    "recipes are measured, since one cook's recipes are alike; a line through the whole points of at least 100 "
    "recipes or ratings, weighted by precision, with an interval that admits differences between "
    "points beyond chance and resemblance of neighbours. Means of nutrition are fragile (a few entries of "
    "hundreds of thousands of kcal), so the usual centre of a measure of recipes is the mean of the middle 80% "
    "of them. A median is that of the mid-distribution, which moves smoothly where values heap on round numbers and "
    "may lie between them (Ma, Genton and Parzen 2011). "
    "A bend, and through months lasting steps, are looked for at every point and told where they pass "
    "a test that pays for the search; the changes before and after a bend are averaged over where it may lie "
    "(Muggeo 2003). A review without a rating (stored as 0) counts as missing. The published method regresses "
    "yearly means and medians of recipes on all years, weighted by their number, and monthly means of ratings "
    "on the number of the month, weighted by the square root of the number of ratings. Against a second selection, "
    "the difference of the two centres at each point is judged like a level: what a point shares cancels. Its "
    "error takes off what the two centres have in common through recipes that belong to both, or cooks of both; "
    "what they share through users is not taken off, so that intervals are wider than they need be, if anything."
)
level = Question("level", N_("How did a measure change?"), METHOD, table, judge, draw, sentence)
