"""Which ingredients, or tags, go with high or low values of a measure, and of which does it move?"""

from __future__ import annotations

import numpy as np

from mangetamain import charts, stats, tooltips
from mangetamain.calendars import CALENDARS
from mangetamain.finding import Estimate, Nothing, Verdict, verdict
from mangetamain.language import N_, Message, say
from mangetamain.measures import ALL, MEASURES, Across, Among, Measure, Method, Of, TermKind, Years
from mangetamain.questions.drifts import FALSE_DISCOVERY_RATE, extremes
from mangetamain.questions.effects import estimated, strongest
from mangetamain.questions.group_levels import SEASONS as SEASON_ROLES
from mangetamain.questions.question import Question
from mangetamain.questions.shares import LEAST, Side, draw_sides, no_terms, rounded
from mangetamain.questions.term_levels.cells import cells
from mangetamain.questions.term_levels.family import Effects, contrasts, levels, lines
from mangetamain.questions.term_levels.published import PublishedMoves, published_moves, read_published, say_published
from mangetamain.questions.term_levels.sentences import Standing, TermLevels, say_levels, smallest_of
from mangetamain.warehouse import Columns, Executes

# In the sentence, each way.
NAMED_TERMS = 3
Found = TermLevels | PublishedMoves | Nothing


def table(
    con: Executes,
    *,
    kind: TermKind = "ingredient",
    of: Of = "rating",
    by: Across = "none",
    years: Years = ALL,
    among: Among = (),
    method: Method = "robust",
) -> Columns:
    """Set a measure of each term's recipes, or of their reviews, beside that of all others of the same time.

    Reads the views `cube_term_ratings`, `cube_ratings` and `cube_term_clusters`, and `recipe_terms`, `recipes` and
    `reviews` for a measure of recipes, a selection, and to learn how alike those of one cook, user and recipe are.

    Returns
    -------
    Columns
        One row a term that 50 recipes hold, those of the figure first, from the highest to the lowest: term (str), n
        (int, recipes or reviews), gap (float, in the measure's unit: what the term is above the others; by year what
        it rises per decade beside them; by season or weekend what it is above the rest of its year), se (float, its
        standard error), low, high (float, its 95 % interval, where q is below .05), q (float), verdict (str, None
        outside the figure), shown (bool), rank, rank_low, rank_high (int, 1 the highest, with a 95 % interval, 0
        outside the figure), spread_high (float, the same on each row: the upper 95 % limit of the deviation between
        the terms' true values); by season also season (str, the one that is furthest apart). Gaps and intervals are
        drawn towards those of the other terms. By the published method one row an ingredient, the smallest p first:
        term, n, mean (float, stars), season (str, the best one, by season), gap (float, Sen's slope a year, range of
        the seasons' means, or what the weekend is above other days), p (float), shown.

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown, or the published method is asked for what nobody
        published.
    """
    if method == "published":
        return read_published(con, kind, of, by, years, among)
    asked, parts = cells(con, kind, of, by, years, among), len(CALENDARS[by].values) if by in CALENDARS else 0
    found = levels(con, asked) if by == "none" else contrasts(con, asked, parts) if parts else lines(con, asked)
    known = np.isfinite(found.value) & (found.error > 0)
    if known.any(axis=1).sum() < 2:  # a single one tells nothing of how far apart terms are
        return no_terms()
    return _columns(found, known, by, MEASURES[of])


def _columns(found: Effects, known: np.ndarray, by: str, measure: Measure) -> Columns:
    """Draw the effects towards one another, choose of each term the clearest, and judge those that are furthest."""
    from scipy.special import ndtr
    from scipy.stats import false_discovery_control

    z = np.abs(np.divide(found.value, found.error, out=np.zeros(known.shape), where=known))
    part, rows = z.argmax(axis=1), np.arange(len(z))
    place = np.cumsum(known.ravel()).reshape(known.shape)[rows, part] - 1
    family = stats.shrunk(found.value[known], found.error[known]).part(place.tolist())
    p = 2 * ndtr(-z[rows, part])
    q = false_discovery_control(np.minimum(1.0, p * known.sum(axis=1)))
    gap, (low, high) = family.mean(), np.full((2, len(rows)), np.nan)
    clear = np.flatnonzero(q < FALSE_DISCOVERY_RATE)
    low[clear], high[clear] = family.part(clear.tolist()).quantile([0.025, 0.975])
    shown = extremes(gap, sure(q, low, high))
    judged = np.full(len(rows), None, dtype=object)
    places = np.zeros((3, len(rows)), dtype=int)
    smallest = smallest_of(measure, by)
    which = np.flatnonzero(shown).tolist()
    for i in which:
        judged[i] = verdict(Estimate(gap[i], low[i], high[i]), smallest)
    if which:
        places[:, which] = stats.family_ranks(family, which)
    columns = {
        "term": found.term,
        **({"season": np.array(CALENDARS[by].values, dtype=object)[part]} if by == "season" else {}),
        "n": found.n.astype(int),
        "gap": gap, "se": family.deviations(), "low": low, "high": high, "q": q,
        "verdict": judged,
        "shown": shown,
        "spread_high": np.full(len(rows), stats.greatest_deviation(found.value[known], found.error[known])),
        **dict(zip(("rank", "rank_low", "rank_high"), places, strict=True)),
    }  # fmt: skip
    order = np.lexsort((found.term.astype(str), -columns["gap"].round(6), ~shown))
    return {name: column[order] for name, column in rounded(columns).items()}


def sure(q: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Tell which effects are beyond doubt: by their own data, and once drawn towards the others."""
    return np.asarray((q < FALSE_DISCOVERY_RATE) & (low * high > 0))


def judge(
    table: Columns,
    *,
    kind: TermKind = "ingredient",
    of: Of = "rating",
    by: Across = "none",
    method: Method = "robust",
) -> Found:
    """Count the terms that are apart, and name those that are furthest."""
    if not len(table["term"]):
        return Nothing()
    if method == "published":
        return published_moves(table, by)
    gap, real = table["gap"], sure(table["q"], table["low"], table["high"])
    up, down = np.flatnonzero(table["shown"] & (gap > 0)), np.flatnonzero(table["shown"] & (gap < 0))[::-1]
    # Of what is believed of the terms, the deviation between them and that of each.
    spread = float(np.sqrt(gap.var() + np.mean(table["se"] ** 2)))
    most = max(spread, float(table["spread_high"][0]))
    alike: Verdict = "negligible" if 2 * most < smallest_of(MEASURES[of], by) else "undecided"
    return TermLevels(
        n=len(gap),
        verdict=strongest(table["verdict"], alike),
        kind=kind,
        higher=int((real & (gap > 0)).sum()),
        lower=int((real & (gap < 0)).sum()),
        upmost=tuple(_apart(table, i) for i in up[:NAMED_TERMS]),
        downmost=tuple(_apart(table, i) for i in down[:NAMED_TERMS]),
        middle=float(np.median(gap)),
        spread=spread,
        spread_high=most,
    )


def _apart(table: Columns, i: int) -> Standing:
    gap = estimated(table, i, "gap", "low", "high")
    season = str(table["season"][i]) if "season" in table else None
    return Standing(table["term"][i], season, gap, *(int(table[name][i]) for name in ("rank", "rank_low", "rank_high")))


AXES = {
    "none": N_("Above all others of the same years ({unit})"),
    "year": N_("Change per decade beside all others ({unit})"),
    "season": N_("Above the rest of the year, beside all others ({unit})"),
    "weekend": N_("Weekend above the other days, beside all others ({unit})"),
}


def draw(table: Columns, finding: Found, *, of: Of = "rating", by: Across = "none") -> charts.Figure:
    """Draw a lying bar a shown term, the highest on top; by season in the season's colour."""
    measure = MEASURES[of]
    figure = charts.canvas(say(AXES[by], unit=say(measure.change_unit)))
    if not finding.n:
        return figure
    sides: list[Side] = [(say("Higher"), "rise", table["gap"] > 0), (say("Lower"), "fall", table["gap"] < 0)]
    if "season" in table:
        named = zip(CALENDARS["season"].values, CALENDARS["season"].names, SEASON_ROLES, strict=True)
        sides = [(say(name), role, table["season"] == season) for season, name, role in named]
    draw_sides(figure, table, "gap", sides)
    tooltips.tell(figure, measure.digits, say(measure.change_unit), axis="x", signed=True, named="season" in table)
    return figure


def sentence(finding: Found, *, of: Of = "rating", by: Across = "none", years: Years = ALL) -> Message:
    """Say how many terms are found to be apart, how far they usually are, and name those that are furthest."""
    match finding:
        case TermLevels():
            return say_levels(finding, of, by, years)
        case PublishedMoves():
            return say_published(finding, by)
        case Nothing():
            text = N_(
                "There is nothing to compare: that takes two terms, in at least {least} recipes whose values differ."
            )
            return say(text, least=LEAST)


METHOD = N_(
    "Each term’s recipes, or the reviews of these, against all others of the same year: what their values are above "
    "the level of that year, over the share that the others have in it. Of a trimmed mean, a value beyond the middle "
    "four fifths of its year counts as the nearest one within. Recipes of one cook are alike, and so are ratings of "
    "one user and of one recipe; how much is learned from part of the terms, and how often two of a term’s values "
    "are such is kept in the warehouse, of users taken as the same for all terms. Values of which a share is taken "
    "vary no less in a term than in all: one without any low rating is so by luck as well. By season or weekend each "
    "part of a year is set against the rest of that year, over the years a line is drawn through the years, always "
    "beside all others of that time; how much more such parts scatter than their values is learned from all terms. "
    "Gaps are drawn towards one another by how far apart terms truly are (empirical Bayes), so that those picked as "
    "the furthest are not so by luck; intervals and ranks are of what is left. A term counts where its "
    "Benjamini-Hochberg q, of its own data alone, is below 0.05 and its interval excludes zero; by season it is of "
    "the clearest of four, at four times its p. A term that goes with a value is no cause of it. A longer list is the "
    "likelier to hold any given ingredient: of ingredients, steps, complexity and the minutes that go with them, "
    "nearly every term lies higher for that alone, so that terms are to be compared with one another and not with "
    "zero. The published method follows the ingredients that the predecessor chose, as spelled: Mann-Kendall and Sen "
    "by year, analysis of variance by season, Mann and Whitney by weekend."
)
term_levels = Question(
    "term_levels", N_("Which ingredients and tags go with high or low values?"), METHOD, table, judge, draw, sentence
)
