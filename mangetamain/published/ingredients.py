"""Published numbers of the ratings of chosen ingredients: over the years, by season, by weekday."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from mangetamain import stats
from mangetamain.calendars import CALENDARS
from mangetamain.published.ours import DAYS, Entry, Ours
from mangetamain.questions.aggregates.stars import STARS, scores
from mangetamain.questions.term_levels.published import SIGNIFICANT

# Seasons in the order of the published pairs and means.
SEASONS = ("Spring", "Summer", "Autumn", "Winter")
# Of these the means of every day were printed.
DAILY = ("garlic", "olive oil", "chocolate")
SIDES = {"weekday": slice(0, 5), "weekend": slice(5, 7)}
PERIOD = """
    SELECT min(date), max(date) FROM reviews JOIN (
        SELECT id AS recipe_id FROM raw.RAW_recipes WHERE list_has_any(ingredients, $chosen::VARCHAR[])
    ) AS held USING (recipe_id)
    WHERE source = 'full' AND rating IS NOT NULL"""


class Counts:
    """Stars of the ratings of each chosen ingredient in each part of a cut of time."""

    def __init__(self, ours: Ours, cut: str) -> None:
        self.ours = ours
        self.parts = ours.counted(cut)
        self.stars = {term: _in_order(cut, part, counts) for term, (part, counts) in self.parts.items()}

    @property
    def whole(self) -> np.ndarray:
        """Stars in each part, of all ingredients."""
        return np.asarray(np.sum([*self.stars.values()], axis=0))

    @property
    def ratings(self) -> dict[str, int]:
        """Ratings of each ingredient."""
        return {term: int(stars.sum()) for term, stars in self.stars.items()}

    def period(self) -> list[str]:
        """Return the first and the last day of a rating."""
        return [str(day) for day in self.ours.con.execute(PERIOD, {"chosen": [*self.parts]}).fetchall()[0]]


def _in_order(cut: str, part: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Give a row to each part that there is; of years, to those in which an ingredient was rated."""
    if cut == "year":
        return counts
    calendar = CALENDARS[cut].values
    stars = np.zeros((len(calendar), len(STARS)), dtype=np.int64)
    stars[[calendar.index(value) for value in part.tolist()]] = counts
    # The calendar begins with winter, the published lists end with it.
    return np.roll(stars, -1, axis=0) if cut == "season" else stars


def _n(counts: np.ndarray) -> np.ndarray:
    return np.asarray(counts.sum(axis=-1))


def _mean(counts: np.ndarray) -> np.ndarray:
    return np.asarray(counts @ scores("rating") / np.maximum(_n(counts), 1))


def _sd(counts: np.ndarray) -> np.ndarray:
    return np.nan_to_num(stats.mean_se(_n(counts), counts @ scores("rating"), counts @ scores("rating") ** 2)[1])


def _five(counts: np.ndarray) -> np.ndarray:
    return np.asarray(100 * counts[..., -1] / np.maximum(_n(counts), 1))


def _sides(counts: np.ndarray) -> dict[str, np.ndarray]:
    return {side: counts[days].sum(axis=0) for side, days in SIDES.items()}


def _kendall(counts: Counts) -> dict[str, list[Any]]:
    """Say whether each ingredient's yearly means rise, with p, tau, Sen's slope and the number of years."""
    table = counts.ours.columns("term_levels", by="year", method="published")
    found = {}
    for term, slope, p in zip(table["term"].tolist(), table["gap"].tolist(), table["p"].tolist(), strict=True):
        mean = _mean(counts.stars[term])
        signs = np.sign(mean[None] - mean[:, None])[np.triu_indices(len(mean), 1)]
        way = "no trend" if p >= SIGNIFICANT else "increasing" if signs.sum() > 0 else "decreasing"
        found[term] = [way, p, float(signs.mean()), slope, len(mean)]
    return found


def _anova(counts: Counts) -> dict[str, list[Any]]:
    """Give each ingredient's F between seasons, its p, the best season and the range of the seasons' means."""
    found = {}
    for term, stars in counts.stars.items():
        held = stars[_n(stars) > 0]
        if len(held) > 1 and _sd(held).any():
            f, p, _ = stats.anova_from_moments(_n(held), _mean(held), _sd(held) ** 2)
            best = [name for name, n in zip(SEASONS, _n(stars), strict=True) if n][int(_mean(held).argmax())]
            found[term] = [f, p, best, float(np.ptp(_mean(held)))]
    return found


def _pairs(counts: Counts) -> dict[str, list[float]]:
    """Test each pair of an ingredient's seasons, named by which is above the other."""
    found = {}
    for term, stars in counts.stars.items():
        for one, other in combinations([at for at, n in enumerate(_n(stars)) if n], 2):
            gap = float(_mean(stars[one]) - _mean(stars[other]))
            pair = f"{term} {SEASONS[one]}{'>' if gap > 0 else '<'}{SEASONS[other]}"
            found[pair] = [gap, stats.mann_whitney(stars[one], stars[other])[1]]
    return found


def _weekends(counts: Counts) -> dict[str, list[float]]:
    """Give what each ingredient's weekend is above its weekdays, the test, both means and both numbers."""
    found = {}
    for term, stars in counts.stars.items():
        days, end = _sides(stars).values()
        if days.any() and end.any():
            means = float(_mean(end)), float(_mean(days))
            numbers = int(_n(end)), int(_n(days))
            found[term] = [means[0] - means[1], stats.mann_whitney(end, days)[1], *means, *numbers]
    return found


def _amplitude(sizes: list[float], counts: Counts, share: str) -> dict[str, float]:
    """Describe the sizes of what is below .05, in stars, the mean also in % of the mean rating."""
    mean, rating = statistics.fmean(sizes), float(_mean(counts.whole.sum(axis=0)))
    ends = {"median": statistics.median(sizes), "max": max(sizes), "min": min(sizes)}
    return {"mean": mean, **ends, share: 100 * mean / rating}


def _apart_seasons(counts: Counts) -> dict[str, float]:
    return _amplitude([row[3] for row in _anova(counts).values() if row[1] < SIGNIFICANT], counts, "pct_of_mean_rating")


def _apart_weekends(counts: Counts) -> dict[str, float]:
    return _amplitude([abs(row[0]) for row in _weekends(counts).values() if row[1] < SIGNIFICANT], counts, "pct")


def _tested(counts: Counts, *places: int) -> dict[str, list[float]]:
    return {term: [row[place] for place in places] for term, row in _weekends(counts).items()}


def _total(counts: Counts) -> dict[str, Any]:
    return {"rows": sum(counts.ratings.values()), "period": counts.period()}


def _week_total(counts: Counts) -> dict[str, Any]:
    sides = {side: int(_n(stars)) for side, stars in _sides(counts.whole).items()}
    return _total(counts) | sides | {"weekend_pct": 100 * sides["weekend"] / sum(sides.values())}


def _lists(stars: np.ndarray) -> dict[str, list[float]]:
    return {"n": _n(stars).tolist(), "mean": _mean(stars).tolist()}


def _yearly(counts: Counts) -> dict[str, list[float]]:
    """Give each ingredient's ratings, the mean of its yearly means, and its first and last year."""
    return {
        term: [int(stars.sum()), float(_mean(stars).mean()), int(years[0]), int(years[-1])]
        for term, (years, stars) in counts.parts.items()
    }


def _overall(names: tuple[str, ...], stars: np.ndarray, *columns: Callable[[np.ndarray], np.ndarray]) -> dict[str, Any]:
    return {name: [float(column(row)) for column in columns] for name, row in zip(names, stars, strict=True)}


def _read(cut: str, read: Callable[[Counts], object]) -> Entry:
    return lambda ours: read(Counts(ours, cut))


INGREDIENTS: dict[str, Entry] = {
    "ringr.lt.total": _read("year", _total),
    "ringr.lt.table": _read("year", _yearly),
    "ringr.lt.mk": _read("year", _kendall),
    "ringr.season.total": _read("season", lambda c: _total(c) | dict(zip(SEASONS, _n(c.whole).tolist(), strict=True))),
    "ringr.season.counts": _read("season", lambda c: c.ratings),
    "ringr.season.overall": _read("season", lambda c: _overall(SEASONS, c.whole, _n, _mean, _five, _sd)),
    "ringr.season.anova": _read("season", _anova),
    "ringr.season.means": _read("season", lambda c: {term: _lists(stars) for term, stars in c.stars.items()}),
    "ringr.season.pairs": _read("season", _pairs),
    "ringr.season.amplitude": _read("season", _apart_seasons),
    "ringr.week.total": _read("weekday", _week_total),
    "ringr.week.days": _read("weekday", lambda c: dict(zip(DAYS, _n(c.whole).tolist(), strict=True))),
    "ringr.week.counts": _read("weekday", lambda c: c.ratings),
    "ringr.week.overall": _read("weekday", lambda c: _overall(
        tuple(SIDES), np.array([*_sides(c.whole).values()]), _mean, _sd, _five,
    )),
    "ringr.week.mw": _read("weekday", _weekends),
    "ringr.week.ns": _read("weekday", lambda c: _tested(c, 0, 1)),
    "ringr.week.means_extra": _read("weekday", lambda c: _tested(c, 3, 2)),
    "ringr.week.daily": _read("weekday", lambda c: {term: _lists(c.stars[term]) for term in DAILY if term in c.stars}),
    "ringr.week.amplitude": _read("weekday", _apart_weekends),
}  # fmt: skip
