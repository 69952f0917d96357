"""Which ingredients, or tags, belong to a season, a month of the year, a weekday or the weekend?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain import charts, stats
from mangetamain.calendars import CALENDARS, Calendar
from mangetamain.finding import Estimate, Finding, Nothing, Record
from mangetamain.language import N_, Listing, Message, Number, Value, plural, say
from mangetamain.measures import ALL, THIN, Among, By, Method, TermKind, View, Years
from mangetamain.questions import shares
from mangetamain.questions.drifts import FALSE_DISCOVERY_RATE
from mangetamain.questions.effects import estimated, strongest
from mangetamain.questions.question import Question
from mangetamain.questions.term_contrast import published
from mangetamain.questions.term_contrast.cells import concentrated, intervals, part_of, read_cells, times_of
from mangetamain.questions.term_contrast.figures import heatmap, strips
from mangetamain.warehouse import Columns, Executes

# In the sentence.
NAMED_TERMS = 3


@dataclass(frozen=True)
class Belonging(Record):
    """How many terms belong to a group."""

    group: Annotated[str | int, N_("Group")]
    terms: int


@dataclass(frozen=True)
class Gathered(Record):
    """A term, the group it belongs to most, its share there and how many times its usual share that is.

    Of two groups, it is how many times its share in the other one.
    """

    term: str
    group: Annotated[str | int, N_("Group")]
    share: Annotated[float, N_("Share")]
    times: Annotated[Estimate, N_("Times as frequent")]


@dataclass(frozen=True, kw_only=True)
class TermContrast(Finding):
    """How many of `n` terms belong to some group at a false discovery rate of 5%, to which, and the clearest ones."""

    kind: str
    first: int
    last: int
    belonging: Annotated[int, N_("Terms that belong to a group")]
    groups: Annotated[tuple[Belonging, ...], N_("Group")]
    peaks: Annotated[tuple[Gathered, ...], N_("Most concentrated")]


Found = TermContrast | published.PublishedGatherings | Nothing


def table(
    con: Executes,
    *,
    kind: TermKind = "ingredient",
    by: By = "season",
    years: Years = ALL,
    among: Among = (),
    method: Method = "robust",
) -> Columns:
    """Compare the share of every term that at least 50 recipes hold between the groups of a calendar.

    Reads the views `cube_recipes` and `cube_term_years`, or `cube_spellings` for the published method; `recipes` and
    `recipe_terms` for a selection, whose own terms are left out: nothing is found of them.

    Returns
    -------
    Columns
        One row a term and group: every group of the terms in the figure, the most concentrated term first, groups in
        the calendar's order; then of each other term, by name, the groups that it belongs to, or the one that it is
        nearest to belonging to: term (str), season, month_of_year, weekday or weekend (as asked), recipes (int, of the
        group, that hold the term), share (float, of the group's recipes, were the group's years as all years are), low,
        high (float, its 95 % interval, for the figure's terms alone), usual (float, share of all recipes), times,
        times_low, times_high (float, share and its interval over the usual one; of two groups, over that of the other,
        so that both are judged alike), q (float, of a higher share than usual, over all terms and groups), verdict
        (str, None outside the figure), shown (bool), family (int, terms compared), first, last (int, years). By the
        published method one row a spelling and group, of those frequent enough: term, the group, occurrences (int),
        share (float, occurrences per recipe), usual (float, mean of the shares), times, chi2, p (float, of any
        difference), kept (bool, pass all thresholds), shown, family (int, all spellings).

    Raises
    ------
    BadInput
        When the selection holds a word or a measure that is unknown, or the published method is given one or a cut of
        time by which nothing was published.
    """
    from scipy.stats import false_discovery_control

    if method == "published":
        return published.published_table(con, kind, by, years, among)
    every, terms, cells = read_cells(con, kind, by, years, among)
    if len(every.year) < shares.FEWEST_YEARS or not len(terms):
        return shares.no_terms()
    found = stats.family_gatherings(cells, every.posted, every.moment)
    p, part, ratio = found.p(), part_of(found.expected), np.nan_to_num(found.ratio(), nan=1.0)
    times = times_of(ratio, part)
    q = false_discovery_control(p.ravel()).reshape(p.shape)
    belongs = (q < FALSE_DISCOVERY_RATE) & (times > 1)
    nearest = np.where(belongs, times, np.where(times > 1, -p, -2.0)).argmax(axis=1)
    order, shown = concentrated(found, part, belongs, nearest)
    kept = belongs | (np.arange(p.shape[1]) == nearest[:, None])
    kept[order[:shown]] = True
    place, group = np.nonzero(kept[order])
    row = order[place], group
    usual = (cells.sum(axis=(1, 2)) / every.posted.sum())[row[0]]
    columns: Columns = {
        "term": terms[row[0]],
        by: np.array(CALENDARS[by].values)[group],
        "recipes": found.observed[row].astype(int),
        "share": usual * ratio[row],
        "usual": usual,
        "times": times[row],
        **intervals(found, part, row, usual, place < shown),
        "q": q[row],
        "shown": place < shown,
    }
    ends = {"family": len(p), "first": int(every.year[0]), "last": int(every.year[-1])}
    return shares.rounded(columns) | {name: np.full(len(group), value) for name, value in ends.items()}


def judge(table: Columns, *, kind: TermKind = "ingredient", by: By = "season", method: Method = "robust") -> Found:
    """Count the terms that belong to each group, and name the most concentrated ones."""
    if not len(table["term"]):
        return Nothing()
    if method == "published":
        return published.published_gatherings(table, kind, by)
    belongs = real(table)
    calendar = CALENDARS[by]
    of_group = [(calendar.kept(value), int((belongs & (table[by] == value)).sum())) for value in calendar.values]
    peaks = _peaks(table, belongs & table["shown"])
    return TermContrast(
        n=int(table["family"][0]),
        verdict=strongest(table["verdict"][i] for i in peaks),
        kind=kind,
        first=int(table["first"][0]),
        last=int(table["last"][0]),
        belonging=len(set(table["term"][belongs])),
        groups=tuple(Belonging(group, terms) for group, terms in of_group if terms),
        peaks=tuple(
            Gathered(
                table["term"][i], calendar.kept(table[by][i]), float(table["share"][i]), estimated(table, i, "times")
            )
            for i in peaks[:NAMED_TERMS]
        ),
    )


def real(table: Columns) -> np.ndarray:
    """Mark the groups that terms belong to, at a false discovery rate of 5 %; as published, by the test of each."""
    return np.asarray((table["p" if "p" in table else "q"] < FALSE_DISCOVERY_RATE) & (table["times"] > 1))


def _peaks(table: Columns, among: np.ndarray) -> list[int]:
    """Give the row of the group that each term belongs to most, in the table's order of terms."""
    best: dict[str, int] = {}
    for i in np.flatnonzero(among).tolist():
        best[table["term"][i]] = max(best.get(table["term"][i], i), i, key=lambda row: float(table["times"][row]))
    return list(best.values())


def draw(table: Columns, finding: Found, *, by: By = "season", view: View = "strips") -> charts.Figure:
    """Draw the shares of the shown terms: a strip of bars each, or a row of shaded fields."""
    if not finding.n or not table["shown"].any():
        figure = charts.canvas()
        return charts.note(figure, shares.NONE_STANDS_OUT) if finding.n else figure
    rows = {name: column[table["shown"]] for name, column in {**table, "real": real(table)}.items()}
    return (heatmap if view == "heatmap" else strips)(rows, CALENDARS[by], by)


# In which part of time terms are looked for.
WHEN = {
    "season": N_("in some season"),
    "month_of_year": N_("in some month of the year"),
    "weekday": N_("on some day of the week"),
    "weekend": N_("at the weekend, or outside it"),
}
BELONG = plural(
    "Of {terms} in at least {least} recipes, {n} is more frequent than usual {when} (false discovery rate 5%): "
    "{groups}. Most concentrated, with 95% intervals: {top}.",
    "Of {terms} in at least {least} recipes, {n} are more frequent than usual {when} (false discovery rate 5%): "
    "{groups}. Most concentrated, with 95% intervals: {top}.",
)
NO_FAMILY = N_(
    "There is nothing to compare: that takes {years} whole years of at least {thin} recipes, and terms in at least "
    "{least} recipes."
)
NONE = N_(
    "Of {terms} in at least {least} recipes, none is found to be more frequent than usual {when} "
    "(false discovery rate 5%)."
)


def sentence(finding: Found, *, by: By = "season") -> Message:
    """Say how many terms belong to each group, and which are the most concentrated."""
    match finding:
        case TermContrast():
            calendar, terms = CALENDARS[by], say(shares.COUNTED[finding.kind], n=finding.n)
            words: dict[str, Value] = {"terms": terms, "least": shares.LEAST, "when": say(WHEN[by])}
            if not finding.belonging:
                return say(NONE, **words)
            groups = (say("{group} ({number})", group=calendar.said(one.group), number=one.terms)
                      for one in finding.groups)  # fmt: skip
            top = Listing(tuple(_say_gathered(one, calendar) for one in finding.peaks))
            listed: Value = Listing(tuple(groups))
            if sum(one.terms for one in finding.groups) > finding.belonging:
                listed = say("{groups}, some of them counted twice or more", groups=listed)
            return say(BELONG, n=finding.belonging, groups=listed, top=top, **words)
        case published.PublishedGatherings():
            return published.say_published(finding, by)
        case Nothing():
            return say(NO_FAMILY, years=shares.FEWEST_YEARS, thin=THIN, least=shares.LEAST)


USUALLY = N_("{term} ({group}: {value} times its usual share, {low} to {high})")
OTHERWISE = N_("{term} ({group}: {value} times its share on the other days, {low} to {high})")


def _say_gathered(one: Gathered, calendar: Calendar) -> Message:
    value, low, high = (Number(each, 2) for each in (one.times.value, one.times.low, one.times.high))
    return say(
        OTHERWISE if len(calendar.values) == 2 else USUALLY,
        term=one.term, group=calendar.said(one.group), value=value, low=low, high=high,
    )  # fmt: skip


METHOD = N_(
    "The share of recipes that hold a term in each group, for every term in at least 50 recipes of the whole years "
    "of at least 100. Years differ in how many of their recipes fall into a group and in what is in fashion: each "
    "group is compared with what it would hold if each year's recipes with the term were spread as all recipes of "
    "the year are, the line of the term's yearly share taken off. How much the groups of a term differ between "
    "years beyond chance is learned from all terms together (empirical Bayes), so that neither a rare term nor a "
    "single odd year passes for a season. Every term is tested in every group for being more frequent than usual, "
    "and all tests are one family: it belongs to the group where its Benjamini-Hochberg q is below 0.05. Weekends and "
    "other days are set against each other, so that what belongs to either is judged alike. The "
    "figure shows the sixteen terms of these that are most times as frequent as usual in one group, by the lower "
    "end of the 95% interval; of terms chosen for their size, more than one interval in twenty misses. The "
    "smallest difference that matters is 1 percentage point, one recipe in a hundred, or a quarter of a rarer "
    "term's share. Of a selection, the share is of its recipes; what it demands or forbids itself is left out. The "
    "published method keeps the spellings that pass its thresholds, ranks them by what they differ and tests those "
    "it has chosen."
)
term_contrast = Question(
    "term_contrast",
    N_("Which ingredients and tags belong to a season, a month or a day?"),
    METHOD,
    table,
    judge,
    draw,
    sentence,
)
