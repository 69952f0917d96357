"""Ratings of chosen ingredients as the predecessor published them: over the years, by season and by weekend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import stats
from mangetamain.conditions import Conditions
from mangetamain.finding import AsPublished, Record
from mangetamain.language import N_, Listing, Message, Number, plural, probability, say
from mangetamain.questions.aggregates.stars import STARS, scores
from mangetamain.questions.published_only import only
from mangetamain.questions.shares import spelled
from mangetamain.warehouse import Columns, Executes, query

SIGNIFICANT = 0.05
# The ingredients that the predecessor chose; of two of them there is no rating.
CHOSEN = {
    "year": ("sriracha", "bacon", "avocado", "butternut squash", "kale", "quinoa", "tofu"),
    "season": (
        "asparagus", "strawberries", "peas", "rhubarb", "tomatoes", "zucchini", "corn", "basil",
        "pumpkin", "sweet potato", "brussels sprouts", "cranberries", "butternut squash", "kale", "cabbage", "lemon",
    ),
    "weekend": (
        "chocolate", "pancakes", "bacon", "butter", "cheese", "kale", "quinoa", "spinach", "avocado", "greek yogurt",
        "chicken breast", "olive oil", "garlic", "onions", "tomatoes",
    ),
}  # fmt: skip
GROUPS = {"year": "year", "season": "season", "weekend": "weekday >= 6"}
COUNTS = """
    SELECT term, {group} AS part, rating, count(*) AS n
    FROM (
        SELECT id AS recipe_id, unnest(ingredients) AS term FROM raw.RAW_recipes
        WHERE list_has_any(ingredients, $chosen::VARCHAR[])
    ) AS held JOIN reviews USING (recipe_id)
    WHERE term IN (SELECT unnest($chosen)) AND source = 'full' AND rating IS NOT NULL
        AND year BETWEEN $first AND $last
    GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True)
class Move(Record):
    """An ingredient: its slope a year, the range of its seasons' means, or what its weekend is above other days."""

    term: str
    season: str | None
    size: Annotated[float, N_("Size")]
    p: Annotated[float, N_("p-value")]


@dataclass(frozen=True, kw_only=True)
class PublishedMoves(AsPublished):
    """The predecessor's tests of `n` ingredients, none of them corrected, and those below .05."""

    moves: Annotated[tuple[Move, ...], N_("Below 0.05")]
    ratings: Annotated[int, N_("Ratings")]


def read_published(
    con: Executes, kind: str, of: str, by: str, years: tuple[int, int], among: Conditions
) -> Columns:  # fmt: skip
    """Test the ratings of the chosen ingredients, by their exact spelling in all recipes, as the predecessor did.

    Raises
    ------
    BadInput
        Where nothing was published.
    """
    spelled(among)
    only("kind", kind, "ingredient")
    only("of", of, "rating")
    by = cut(by)
    found = counted(con, CHOSEN[by], GROUPS[by], years)
    enough = {term: parts for term, parts in found.items() if len(parts[0]) >= FEWEST[by]}
    tested = [(term, int(counts.sum()), *TESTS[by](part, counts)) for term, (part, counts) in enough.items()]
    tested.sort(key=lambda row: (row[-1], row[0]))
    columns = list(zip(*tested, strict=True)) or [()] * 6
    names = ("term", "n", "mean", "season", "gap", "p")
    kept = [name for name in names if name != "season" or by == "season"]
    table = {name: np.array(column, dtype=object if name in ("term", "season") else None)
             for name, column in zip(names, columns, strict=True) if name in kept}  # fmt: skip
    return table | {"shown": np.ones(len(tested), dtype=bool)}


def counted(
    con: Executes, chosen: Sequence[str], group: str, years: tuple[int, int]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Count the ratings of ingredients by their exact spelling: for each its parts of time, and stars in each of them.

    `group` is the SQL of a rating's part.
    """
    bound = {"chosen": list(chosen), "first": years[0], "last": years[1]}
    rows, found = query(con, COUNTS.format(group=group), bound), {}
    for term in dict.fromkeys(rows["term"].tolist()):
        of_term = rows["term"] == term
        part, place = np.unique(rows["part"][of_term], return_inverse=True)
        counts = np.zeros((len(part), len(STARS)), dtype=np.int64)
        counts[place, rows["rating"][of_term].astype(int) - 1] = rows["n"][of_term]
        found[term] = part, counts
    return found


def cut(by: str) -> str:
    """Give the cut of time that was published: where none is asked for, the years, whose means are averaged."""
    return "year" if by == "none" else by


def _means(counts: np.ndarray) -> np.ndarray:
    return np.asarray(counts @ scores("rating") / counts.sum(axis=1))


def _over_years(year: np.ndarray, counts: np.ndarray) -> tuple[float, None, float, float]:
    """Give the mean of the yearly means, Sen's slope of them, and Mann and Kendall's p without a correction for ties.

    References
    ----------
    Mann (1945), doi:10.2307/1907187; Sen (1968), doi:10.1080/01621459.1968.10480934.
    """
    from scipy.special import ndtr
    from scipy.stats import theilslopes

    mean, k = _means(counts), len(year)
    s = float(np.sign(mean[None] - mean[:, None])[np.triu_indices(k, 1)].sum())
    z = (s - np.sign(s)) / np.sqrt(k * (k - 1) * (2 * k + 5) / 18)
    return float(mean.mean()), None, float(theilslopes(mean, np.arange(k)).slope), float(2 * ndtr(-abs(z)))


def _by_season(season: np.ndarray, counts: np.ndarray) -> tuple[float, str, float, float]:
    """Give the mean, the season of the highest one, the range of the seasons and the p of an analysis of variance."""
    mean, n = _means(counts), counts.sum(axis=1)
    within = np.nan_to_num(stats.mean_se(n, counts @ scores("rating"), counts @ scores("rating") ** 2)[1])
    p = stats.anova_from_moments(n, mean, within**2).p if within.any() else 1.0
    return float(mean @ n / n.sum()), str(season[mean.argmax()]), float(np.ptp(mean)), p


def _by_weekend(_: np.ndarray, counts: np.ndarray) -> tuple[float, None, float, float]:
    """Give the mean, what the weekend's is above that of the other days, and Mann and Whitney's p."""
    days, weekend = counts
    gap = np.diff(_means(counts))
    return float(_means(counts.sum(axis=0)[None])[0]), None, float(gap[0]), stats.mann_whitney(weekend, days)[1]


TESTS: dict[str, Callable[[np.ndarray, np.ndarray], tuple[float, str | None, float, float]]] = {
    "year": _over_years, "season": _by_season, "weekend": _by_weekend,
}  # fmt: skip
# Parts without which there is nothing to test: two years have a slope and no test.
FEWEST = {"year": 3, "season": 2, "weekend": 2}


def published_moves(table: Columns, by: str) -> PublishedMoves:
    """Name the ingredients whose p, of many, is below .05."""
    seasons = table.get("season", np.full(len(table["term"]), None))
    moves = tuple(
        Move(term, season, float(size), float(p))
        for term, season, size, p in zip(table["term"], seasons, table["gap"], table["p"], strict=True)
        if p < SIGNIFICANT
    )
    return PublishedMoves(n=len(table["term"]), moves=moves, ratings=int(table["n"].sum()))


TESTED = plural("Of {n} chosen ingredient as spelled,", "Of {n} chosen ingredients as spelled,")
MOVES = {
    "year": N_("{tested} the published tests find a trend of the rating in {moves}, in stars a year."),
    "season": N_("{tested} the published tests find seasons to differ in {moves}, in stars from worst to best season."),
    "weekend": N_("{tested} the published tests find the weekend to differ in {moves}, in stars above other days."),
}
NONE = N_("{tested} the published tests find none whose rating moves.")


def say_published(finding: PublishedMoves, by: str) -> Message:
    """Name what the published tests find, each by itself at .05."""
    moves = Listing(tuple(
        say("{term} {change} (p {p})", term=move.term, change=Number(move.size, 4, signed=True), p=probability(move.p))
        for move in finding.moves
    ))  # fmt: skip
    return say(MOVES[cut(by)] if finding.moves else NONE, tested=say(TESTED, n=finding.n), moves=moves)
