"""Are ratings better at some times than at others? Ratings by season, weekday or month of the year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.calendars import CALENDARS
from mangetamain.finding import Estimate, Finding, verdict
from mangetamain.language import N_, Message, Number, exact, say
from mangetamain.measures import ALL, MEASURES, THIN, By, Method, Of, Source, Years
from mangetamain.questions.contrast_published import PublishedContrast, published_contrast
from mangetamain.questions.question import Question
from mangetamain.questions.stars import COUNTS, medians, scores
from mangetamain.warehouse import Columns, Executes, query

SEASONS: tuple[charts.Role, ...] = ("winter", "spring", "summer", "autumn")


@dataclass(frozen=True, kw_only=True)
class RatingContrast(Finding):
    """The highest group against the lowest.

    `gap` holds for all `pairs` together (Šidák), `effect` is the gap in standard deviations of a rating, `p` tests that
    all groups are equal (Wald), `q` is the gap's false discovery rate among the pairs, `distinct` counts the pairs
    whose interval excludes zero, `left_out` are groups of too few ratings.
    """

    by: str
    of: str
    highest: Annotated[str, N_("Highest group")]
    lowest: Annotated[str, N_("Lowest group")]
    top: Annotated[float, N_("Top")]
    bottom: Annotated[float, N_("Bottom")]
    gap: Annotated[Estimate, N_("Gap")]
    effect: Annotated[float, N_("Effect")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    p: Annotated[float, N_("p-value")]
    q: float
    pairs: Annotated[int, N_("Pairs of groups")]
    distinct: Annotated[int, N_("Distinct pairs")]
    left_out: Annotated[tuple[str, ...], N_("Left out of the fit")]


@dataclass(frozen=True, kw_only=True)
class TooFewGroups(Finding):
    """Nothing to compare."""

    by: str
    of: str


def table(
    con: Executes, *, by: By = "season", years: Years = ALL, of: Of = "rating", source: Source = "full"
) -> Columns:
    """Describe the ratings of each season, weekday or month of the year.

    Reads the view `reviews`; reviews without a rating are left out.

    Returns
    -------
    Columns
        One row a group that has ratings, in the calendar's order: season, weekday or month (as asked), n (int,
        ratings), one to five (int, ratings of so many stars), mean, sd (sample; float, in the measure's unit), median
        (float, stars), users, recipes (int, distinct), se (float, of the mean, clustered by users and by recipes), low,
        high (float, its 95 % interval), and for each group se_from_GROUP (float, standard error of the difference of
        the means). Errors are unknown with fewer than two users or recipes.
    """
    rows = query(
        con,
        f"""
        SELECT {_code(by)} AS place, rating, user_code, recipe_code
        FROM reviews
        WHERE source = $source AND rating IS NOT NULL AND year BETWEEN $first AND $last
        """,
        {"source": source, "first": years[0], "last": years[1]},
    )
    values, place, rating = np.array(CALENDARS[by].values), rows["place"].astype(int), rows["rating"].astype(int) - 1
    clusters = rows["user_code"], rows["recipe_code"]
    counts = np.bincount(place * 5 + rating, minlength=len(values) * 5).reshape(-1, 5)
    score, n = scores(of), counts.sum(axis=1)
    mean, sd, _ = stats.mean_se(n, counts @ score, counts @ score**2)
    users, recipes = (_distinct(code, place, len(values)) for code in clusters)
    columns = {
        by: values, "n": n, **dict(zip(COUNTS, counts.T, strict=True)), "mean": mean, "sd": sd,
        "median": medians(counts), "users": users, "recipes": recipes,
        **_errors(score[rating], place, clusters, values),
    }  # fmt: skip
    return {name: column[n > 0] for name, column in columns.items()}


def _code(by: str) -> str:
    """Write the SQL that numbers the groups of a calendar, whose values are our own constants."""
    cases = " ".join(f"WHEN {value!r} THEN {place}" for place, value in enumerate(CALENDARS[by].values))
    return f"(CASE {CALENDARS[by].sql} {cases} END)::TINYINT"


def _distinct(code: np.ndarray, place: np.ndarray, groups: int) -> np.ndarray:
    seen = np.zeros((groups, int(code.max(initial=-1)) + 1), dtype=bool)
    seen[place, code] = True
    return np.asarray(seen.sum(axis=1))


def _errors(
    score: np.ndarray, place: np.ndarray, clusters: tuple[np.ndarray, np.ndarray], values: np.ndarray
) -> Columns:
    """Give each group's standard error and interval, and the standard error of each difference."""
    k, names = len(values), [f"se_from_{value}" for value in values]
    if not len(place) or any(np.ptp(code) == 0 for code in clusters):
        return {name: np.full(k, np.nan) for name in ("se", "low", "high", *names)}
    means, units = stats.cluster_contrasts(score, place, clusters, groups=k), np.eye(k)
    own = means.estimates()
    apart = np.sqrt([[means.variance(a - b) for a in units] for b in units])
    return {
        "se": np.sqrt([means.variance(unit) for unit in units]),
        "low": np.array([estimate.low for estimate in own]),
        "high": np.array([estimate.high for estimate in own]),
        **dict(zip(names, apart, strict=True)),
    }


def judge(table: Columns, *, by: By = "season", of: Of = "rating", method: Method = "robust") -> Finding:
    """Compare the groups and judge the widest gap against the smallest that matters."""
    from scipy.stats import false_discovery_control

    total = int(table["n"].sum())
    if not total:
        return Finding(n=0)
    if method == "published":
        varied = (table["n"] > 1).sum() > 1 and (table["sd"] > 0).any()
        return published_contrast(table, by, of) if varied else TooFewGroups(n=total, by=by, of=of)
    kept = (table["n"] >= THIN) & (np.minimum(table["users"], table["recipes"]) > 1)
    if kept.sum() < 2:
        return TooFewGroups(n=total, by=by, of=of, verdict="undecided")
    names, smallest = table[by].astype(str), MEASURES[of].gap.size
    part = {name: column[kept] for name, column in table.items()}
    means = _means(part, by)
    pairs = stats.pairwise(means)
    widest = pairs[0]
    # The pairs' p-values hold for the whole family; a false discovery rate wants each one's own.
    alone = -np.expm1(np.log1p(-np.array([min(pair.p, 1 - 1e-15) for pair in pairs])) / len(pairs))
    within = np.average(part["sd"] ** 2, weights=part["n"] - 1)
    return RatingContrast(
        n=total,
        verdict=verdict(widest.difference, smallest),
        by=by,
        of=of,
        highest=str(names[kept][widest.a]),
        lowest=str(names[kept][widest.b]),
        top=float(part["mean"][widest.a]),
        bottom=float(part["mean"][widest.b]),
        gap=widest.difference,
        effect=widest.difference.value / float(np.sqrt(within)) if within else 0.0,
        smallest=smallest,
        p=_equal(means, part["se"]),
        q=float(false_discovery_control(alone)[0]),
        pairs=len(pairs),
        distinct=sum(pair.difference.excludes_zero for pair in pairs),
        left_out=tuple(names[~kept].tolist()),
    )


def _means(part: Columns, by: str) -> stats.GroupMeans:
    """Make of the errors of differences a covariance that gives them back: -D / 2 does, for contrasts."""
    apart = np.array([part[f"se_from_{value}"] for value in part[by]])
    clusters = int(min(part["users"].min(), part["recipes"].min()))
    return stats.GroupMeans(part["mean"], part["n"], -(apart**2) / 2, (), clusters - 1)


def _equal(means: stats.GroupMeans, se: np.ndarray) -> float:
    """Test that all means are equal; groups taken as independent stand in where differences have no covariance."""
    return float(stats.equal_means(replace(means, one_way=(np.diag(se**2),)))[1]) if se.all() else 1.0


def draw(table: Columns, finding: Finding) -> charts.Figure:
    """Draw each group's level with its interval; seasons have their own colours."""
    by = next(name for name in CALENDARS if name in table)
    calendar = CALENDARS[by]
    figure = charts.canvas(say(calendar.label), MEASURES[getattr(finding, "of", "rating")].axis)
    charts.ticks(figure, range(len(calendar.values)), map(say, calendar.names))
    place = np.array([calendar.values.index(value) for value in table[by].tolist()], dtype=int)
    marks: list[tuple[str, charts.Role, np.ndarray]] = [(N_("Level"), "centre", place >= 0)]
    if by == "season":
        marks = [(name, role, place == i) for i, (name, role) in enumerate(zip(calendar.names, SEASONS, strict=True))]
    for name, role, rows in marks:
        if rows.any():
            low, high = table["low"][rows], table["high"][rows]
            charts.dots(figure, place[rows], table["mean"][rows], say(name), role, low=low, high=high)
    return figure


# What a verdict says; each names the two groups, their gap and its interval.
GAPS = {
    "clear": N_(
        "{subject} goes from {bottom} ({lowest}) to {top} ({highest}): a gap of {gap} {unit} "
        "(95% interval {low} to {high})."
    ),
    "real": N_(
        "{subject} goes from {bottom} ({lowest}) to {top} ({highest}): a real gap of {gap} {unit} "
        "(95% interval {low} to {high}); whether that is as much as the {smallest} that would matter is open."
    ),
    "negligible": N_(
        "{subject} hardly depends on the time: from {bottom} ({lowest}) to {top} ({highest}), the gap of {gap} {unit} "
        "(95% interval {low} to {high}) is within the {smallest} that would not matter."
    ),
    "undecided": N_(
        "{subject} goes from {bottom} ({lowest}) to {top} ({highest}); the data do not settle whether that gap of "
        "{gap} {unit} (95% interval {low} to {high}) is more than chance."
    ),
}


def sentence(finding: Finding) -> Message:
    """Say which groups are highest and lowest, and what their gap amounts to."""
    match finding:
        case RatingContrast():
            return _say_gap(finding)
        case PublishedContrast():
            measure = MEASURES[finding.of]
            return say(
                "{subject}: the published tests give F {f} and H {h} over {groups} groups that span {range} {unit} "
                "(η² {eta2}).",
                subject=say(measure.subject), unit=say(measure.change_unit), groups=len(finding.groups),
                f=Number(finding.f, 3), h=Number(finding.h, 3), eta2=Number(finding.eta2, 5),
                range=Number(finding.range, 4),
            )  # fmt: skip
        case TooFewGroups():
            return say("{subject}: too few ratings to compare.", subject=say(MEASURES[finding.of].subject))
    return say("There is no rating in this selection.")


def _say_gap(finding: RatingContrast) -> Message:
    measure, calendar, gap = MEASURES[finding.of], CALENDARS[finding.by], finding.gap
    names = dict(zip(map(str, calendar.values), calendar.names, strict=True))
    digits = measure.digits
    return say(
        GAPS[finding.verdict or "undecided"],
        subject=say(measure.subject), unit=say(measure.change_unit),
        lowest=say(names[finding.lowest]), bottom=measure.level(finding.bottom),
        highest=say(names[finding.highest]), top=measure.level(finding.top),
        gap=Number(gap.value, digits), smallest=exact(finding.smallest), **gap.limits(digits),
    )  # fmt: skip


rating_contrast = Question(
    "rating_contrast",
    N_("Are ratings better at some times than at others?"),
    N_(
        "The level of each season, weekday or month of the year, by the date of the rating. The same users rate many "
        "recipes and the same recipes are rated by many, so errors admit both (two-way cluster-robust; Cameron, "
        "Gelbach and Miller 2011). Every pair of groups of at least 100 ratings is compared, with intervals that hold "
        "for all pairs together; the widest gap is judged. The published method tests for any difference at all "
        "(analysis of variance, Kruskal and Wallis) as if ratings were independent; by weekday it also sets the "
        "weekend against the other days (Mann and Whitney)."
    ),
    table,
    judge,
    draw,
    sentence,
)
