"""Does a busier month get better or worse ratings? The number of a month's ratings against their level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.finding import Estimate, Finding, outcome, verdict
from mangetamain.language import N_, Message, Number, Value, exact, say
from mangetamain.measures import RATING_MEASURES, RatingOf
from mangetamain.questions.question import Question
from mangetamain.questions.rating_level import FEWEST_MONTHS, TooFewMonths, places, table
from mangetamain.warehouse import Columns

# Below 0.3 volume would go with less than a tenth of the variation of the months' ranks (0.3 squared is 0.09).
SMALLEST = 0.3


@dataclass(frozen=True, kw_only=True)
class RatingVolumeFinding(Finding):
    """A rank correlation over months, and how many independent months they are worth (`effective`)."""

    of: str
    months: Annotated[int, N_("Months")]
    left_out: Annotated[int, N_("Left out of the fit")]
    correlation: Annotated[Estimate, N_("Correlation")]
    effective: Annotated[float, N_("Effective months")]
    smallest: Annotated[float, N_("Smallest effect that matters")]


def judge(table: Columns, *, of: RatingOf = "mean") -> Finding:
    """Correlate the number of ratings with their level over the months of at least 100."""
    kept = ~table["thin"]
    total, months = int(table["n"].sum()), int(kept.sum())
    if not total:
        return Finding(n=0)
    n, level = table["n"][kept], table["mean"][kept]
    if months < FEWEST_MONTHS or not np.ptp(n) or not np.ptp(level):
        return TooFewMonths(n=total, of=of, months=months, verdict="undecided")
    correlation, effective = rank_correlation(places(table["month"][kept]), n, level)
    return RatingVolumeFinding(
        n=total,
        verdict=verdict(correlation, SMALLEST),
        of=of,
        months=months,
        left_out=int((~kept).sum()),
        correlation=correlation,
        effective=effective,
        smallest=SMALLEST,
    )


def rank_correlation(place: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[Estimate, float]:
    """Correlate the ranks of two autocorrelated series.

    Parameters
    ----------
    place
        Where each value stands in time, increasing whole numbers; gaps are allowed.
    x, y
        The series.

    Returns
    -------
    tuple[Estimate, float]
        Spearman's rho with its 95 % interval, and the number of independent points that the series are worth.

    References
    ----------
    Pyper & Peterman (1998), doi:10.1139/f98-104: effective number of points, from lags up to a fifth of the length.
    Fieller, Hartley & Pearson (1957), doi:10.1093/biomet/44.3-4.470: variance 1.06 / (n - 3) of Fisher's z of rho.
    """
    from scipy.special import stdtrit
    from scipy.stats import rankdata

    a, b = rankdata(x), rankdata(y)
    rho = stats.weighted_spearman(x, y, np.ones(len(x)))
    lags, size = np.arange(1, len(a) // 5 + 1), len(a)
    product = _autocorrelation(place, a, lags) * _autocorrelation(place, b, lags)
    # Shares below 1 / n would say that a point is worth more than itself.
    share = max(1 / size + 2 / size * float(((1 - lags / size) * product).sum()), 1 / size)
    effective = max(1 / share, 4.0)  # Fisher's z has no variance from three points on down
    half = float(stdtrit(effective - 2, 0.975)) * float(np.sqrt(1.06 / (effective - 3)))
    z = np.arctanh(np.clip(rho, -1 + 1e-12, 1 - 1e-12))
    return Estimate(rho, float(np.tanh(z - half)), float(np.tanh(z + half))), effective


def _autocorrelation(place: np.ndarray, values: np.ndarray, lags: np.ndarray) -> np.ndarray:
    """Correlate a series with itself at each lag, over the pairs of points that are there."""
    line, there = np.zeros(place[-1] + 1), np.zeros(place[-1] + 1)
    line[place], there[place] = values - values.mean(), 1.0
    variance = line @ line / there.sum()
    pairs = [max(there[lag:] @ there[:-lag], 1.0) for lag in lags]
    return np.asarray([line[lag:] @ line[:-lag] for lag in lags] / (np.array(pairs) * variance))


def draw(table: Columns, finding: Finding) -> charts.Figure:
    """Draw a dot a month: how many ratings, and how good."""
    figure = charts.canvas(say("Ratings in the month"), RATING_MEASURES[getattr(finding, "of", "mean")].axis)
    kept = ~table["thin"]
    if kept.any():
        charts.dots(figure, table["n"][kept], table["mean"][kept], say("Month"), "centre")
        # plotly writes the month, and in the reader's language.
        hover = "%{customdata|%B %Y}<br>%{x:,} · %{y:.3f}<extra></extra>"
        figure.update_traces(customdata=table["month"][kept].astype(str), hovertemplate=hover)
        figure.update_layout(hovermode="closest", xaxis_type="log")
    return figure


# Below this share of independent months, their likeness is worth a word.
INDEPENDENT_SHARE = 0.9
BASIS = N_("{months} months"), N_("{months} months, worth {effective} independent ones")
# What a verdict says; each names the correlation, its interval and how many independent months it rests on.
FOLLOWS = {
    "clear up": N_(
        "{subject} rises with the number of ratings of the month: rank correlation {rho} (95% interval {low} to "
        "{high}; {basis}). An event that moved both would look the same."
    ),
    "clear down": N_(
        "{subject} falls as the month gets busier: rank correlation {rho} (95% interval {low} to {high}; {basis}). An "
        "event that moved both would look the same."
    ),
    "small up": N_(
        "{subject} rises a little with the number of ratings of the month: rank correlation {rho} (95% interval {low} "
        "to {high}; {basis}), less than the {smallest} that would matter."
    ),
    "small down": N_(
        "{subject} falls a little as the month gets busier: rank correlation {rho} (95% interval {low} to {high}; "
        "{basis}), less than the {smallest} that would matter."
    ),
    "negligible": N_(
        "{subject} hardly follows the number of ratings of the month: rank correlation {rho} (95% interval {low} to "
        "{high}; {basis}), within the ±{smallest} that would not matter."
    ),
    "undecided": N_(
        "{subject}: the data do not settle whether it follows the number of ratings of the month; rank correlation "
        "{rho} (95% interval {low} to {high}; {basis})."
    ),
    "undecided alike": N_(
        "{subject}: the data do not settle whether it follows the number of ratings of the month; rank correlation "
        "{rho} (95% interval {low} to {high}), for the {months} months resemble their neighbours and are worth only "
        "{effective} independent ones."
    ),
}


def sentence(finding: Finding) -> Message:
    """Say whether the level follows the volume, and on how much that rests."""
    match finding:
        case RatingVolumeFinding():
            return _say_correlation(finding)
        case TooFewMonths():
            return say(
                "{subject}: {months} months with enough ratings are too few to compare busy ones with quiet ones.",
                subject=say(RATING_MEASURES[finding.of].subject), months=finding.months,
            )  # fmt: skip
    return say("There is no rating in this selection.")


def _say_correlation(finding: RatingVolumeFinding) -> Message:
    rho, alike = finding.correlation, finding.effective < INDEPENDENT_SHARE * finding.months
    case = "undecided alike" if alike and finding.verdict == "undecided" else outcome(finding.verdict, rho)
    counts: dict[str, Value] = {"months": finding.months, "effective": Number(finding.effective)}
    return say(
        FOLLOWS[case],
        subject=say(RATING_MEASURES[finding.of].subject), rho=Number(rho.value, 2, signed=True),
        basis=say(BASIS[alike], **counts), smallest=exact(finding.smallest), **rho.limits(2), **counts,
    )  # fmt: skip


rating_volume = Question(
    "rating_volume",
    N_("Does a busier month get better or worse ratings?"),
    N_(
        "Each calendar month of at least 100 ratings: their number against their level, by rank (Spearman). Both "
        "series resemble their own past, so that many months say little more than a few: the interval rests on the "
        "effective number of months (Pyper and Peterman 1998). A correlation of two series in time is no cause: a "
        "change of the site or of its users can move both."
    ),
    table,
    judge,
    draw,
    sentence,
)
