"""How are the stars given out? Ratings by their value, and reviews that give none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts
from mangetamain.finding import Estimate, Finding
from mangetamain.language import N_, Message, Number, say
from mangetamain.measures import ALL, RATING_MEASURES, RatingSource, Years
from mangetamain.questions.question import Question
from mangetamain.warehouse import Columns, Executes, query

STARS = (1, 2, 3, 4, 5)
NAMES: tuple[charts.Text, ...] = (*map(str, STARS), say("none given"))


@dataclass(frozen=True, kw_only=True)
class RatingDistribution(Finding):
    """Ratings of 1 to 5 in `counts`, reviews without one in `unrated`; `five` and `low` (2 or less) are percentages."""

    counts: Annotated[tuple[int, ...], N_("Counts")]
    unrated: Annotated[int, N_("Without a rating")]
    mean: Estimate
    five: Estimate
    low: Estimate


def table(con: Executes, *, years: Years = ALL, source: RatingSource = "full") -> Columns:
    """Count the ratings of each value, and the reviews that give none.

    Reads the views `cube_ratings` and `reviews`.

    Returns
    -------
    Columns
        Six rows, ratings 1 to 5 and then 0, which stands for "none given": rating (int), n (int, reviews), share
        (float, of all ratings in [0, 1], unknown for 0), mean_se, five_se, low_se (float, the same on each row:
        standard errors of the mean in stars, of the share of 5 and of that of 2 or less in %, clustered by users and by
        recipes; unknown with fewer than two of either).
    """
    given = {"source": source, "first": years[0], "last": years[1]}
    counted = query(
        con,
        """
        SELECT coalesce(rating, 0)::TINYINT AS rating, sum(n)::BIGINT AS n
        FROM cube_ratings
        WHERE source = $source AND year BETWEEN $first AND $last
        GROUP BY rating ORDER BY rating
        """,
        given,
    )
    rows = query(
        con,
        """
        SELECT rating, user_code, recipe_code
        FROM reviews
        WHERE source = $source AND rating IS NOT NULL AND year BETWEEN $first AND $last
        """,
        given,
    )
    n = np.bincount(counted["rating"].astype(int), weights=counted["n"], minlength=6).astype(int)
    n = np.roll(n, -1)
    share = np.append(n[:5] / max(int(n[:5].sum()), 1), np.nan)
    errors = _errors(rows["rating"].astype(int), (rows["user_code"], rows["recipe_code"]))
    repeated = {f"{of}_se": np.full(6, error) for of, error in errors.items()}
    return {"rating": np.array([*STARS, 0]), "n": n, "share": share, **repeated}


def scores(of: str) -> np.ndarray:
    """Give what each of the five ratings counts for in a measure."""
    rating = np.array(STARS, dtype=float)
    values: dict[str, np.ndarray] = {"mean": rating, "five": 100.0 * (rating == 5), "low": 100.0 * (rating <= 2)}
    return values[of]


def _errors(rating: np.ndarray, clusters: tuple[np.ndarray, np.ndarray]) -> dict[str, float]:
    """Give the standard errors of the measures from the shares' covariances, as `stats.cluster_contrasts` does."""
    if not len(rating) or any(np.ptp(code) == 0 for code in clusters):
        return dict.fromkeys(RATING_MEASURES, np.nan)
    first, second = (_covariance(rating, code) for code in clusters)
    both = clusters[0].astype(np.int64) * (int(clusters[1].max()) + 1) + clusters[1]
    ordered = np.sort(both)
    # Users rate a recipe once as a rule, and then no rows need be joined.
    repeated = bool((ordered[1:] == ordered[:-1]).any())
    joined = _covariance(rating, np.unique(both, return_inverse=True)[1] if repeated else None)
    found = (first + second - joined, first, second)
    return {of: float(np.sqrt(max(scores(of) @ v @ scores(of) for v in found))) for of in RATING_MEASURES}


def _covariance(rating: np.ndarray, code: np.ndarray | None) -> np.ndarray:
    """Estimate the covariance of the five shares; ratings of one code go together, without codes each stands alone."""
    n = len(rating)
    share = np.bincount(rating - 1, minlength=5) / n
    if code is None:
        return np.asarray((np.diag(share) - np.outer(share, share)) / (n - 1))
    cells = np.bincount(code.astype(np.int64) * 5 + rating - 1, minlength=5 * (int(code.max()) + 1)).reshape(-1, 5)
    size = cells.sum(axis=1, keepdims=True)
    pull, count = (cells - size * share) / n, int(np.count_nonzero(size))
    return np.asarray(pull.T @ pull * (count / (count - 1)))


def judge(table: Columns) -> Finding:
    """Sum the distribution up: mean, share of five stars, share of two or less, each with its interval."""
    counts = table["n"][:5]
    total = int(counts.sum())
    if not total:
        return Finding(n=0)
    return RatingDistribution(
        n=total,
        counts=tuple(int(n) for n in counts),
        unrated=int(table["n"][5]),
        mean=_estimate(table, "mean"),
        five=_estimate(table, "five"),
        low=_estimate(table, "low"),
    )


def _estimate(table: Columns, of: str) -> Estimate:
    """Put an interval around a mean; where its error is unknown, all that the scale allows."""
    value, error = float(table["share"][:5] @ scores(of)), float(table[f"{of}_se"][0])
    lowest, highest = float(scores(of).min()), float(scores(of).max())
    if np.isnan(error):
        return Estimate(value, lowest, highest)
    return Estimate(value, max(value - 1.96 * error, lowest), min(value + 1.96 * error, highest))


def draw(table: Columns, finding: Finding) -> charts.Figure:
    """Draw a bar a rating, with its share of all ratings; reviews without one stand apart."""
    figure = charts.canvas(say("Rating (stars)"), say("Reviews"))
    if not table["n"].any():
        return figure
    charts.bars(figure, np.array(STARS), table["n"][:5], say("Rating"), "count")
    figure.update_traces(customdata=table["share"][:5], texttemplate="%{customdata:.1%}", textposition="outside")
    charts.bars(figure, np.array([6]), table["n"][5:], say("No rating given"), "mute")
    charts.ticks(figure, range(1, 7), NAMES)
    return figure


def sentence(finding: Finding) -> Message:
    """Say the mean, the share of five stars and of two or less, and how many reviews give none."""
    match finding:
        case RatingDistribution(mean=mean, five=five, low=low):
            return say(
                "Of {n} ratings, {five} have five stars and {low} two or less; the mean is {mean} stars "
                "(95% interval {least} to {most}). {unrated} more reviews give no rating.",
                n=finding.n, unrated=finding.unrated,
                five=Number(five.value / 100, 1, percent=True), low=Number(low.value / 100, 1, percent=True),
                mean=Number(mean.value, 3), least=Number(mean.low, 3), most=Number(mean.high, 3),
            )  # fmt: skip
    return say("There is no rating in this selection.")


rating_distribution = Question(
    "rating_distribution",
    N_("How are the stars given out?"),
    N_(
        "Every rating of 1 to 5, as given. A review stored with rating 0 gives none: it is kept as a review and "
        "missing as a rating. The same users rate many recipes and the same recipes are rated by many, so the "
        "intervals admit both (two-way cluster-robust; Cameron, Gelbach and Miller 2011)."
    ),
    table,
    judge,
    draw,
    sentence,
)
