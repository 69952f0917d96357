"""How are the stars given out? Ratings by their value, and reviews that give none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
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
    """Give the standard error of each measure's mean over all ratings."""
    if not len(rating) or any(np.ptp(code) == 0 for code in clusters):
        return dict.fromkeys(RATING_MEASURES, np.nan)
    one = np.zeros(len(rating), dtype=np.int8)  # all are of one group
    means = {of: stats.cluster_contrasts(scores(of)[rating - 1], one, clusters, groups=1) for of in RATING_MEASURES}
    return {of: float(np.sqrt(found.variance(np.ones(1)))) for of, found in means.items()}


def judge(table: Columns) -> Finding:
    """Sum the distribution up: mean, share of five stars, share of two or less, each with its interval."""
    *counts, unrated = table["n"].tolist()
    if not sum(counts):
        return Finding(n=0)
    return RatingDistribution(
        n=sum(counts),
        counts=tuple(counts),
        unrated=unrated,
        mean=_estimate(table, "mean"),
        five=_estimate(table, "five"),
        low=_estimate(table, "low"),
    )


def _estimate(table: Columns, of: str) -> Estimate:
    """Put an interval around a mean; where its error is unknown, all that the scale allows."""
    score, error = scores(of), float(table[f"{of}_se"][0])
    value, half = float(table["share"][:5] @ score), np.inf if np.isnan(error) else 1.96 * error
    return Estimate(value, max(value - half, float(score.min())), min(value + half, float(score.max())))


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
