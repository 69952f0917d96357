"""Published numbers of recipes by season, and of weekdays against the weekend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mangetamain.calendars import CALENDARS
from mangetamain.measures import MEASURES
from mangetamain.published.ours import SEASONS, Entry, Ours, T, asked, each

NUTRIENTS = ("calories", "fat", "sugar", "sodium", "protein", "saturated_fat")
SIZES = ("complexity", "steps", "ingredients")
# What the published tables call them.
PUBLISHED = {of: MEASURES[of].sql for of in (*NUTRIENTS, "steps", "ingredients")} | {"complexity": "complexity_score"}


def _of(of: str, by: str) -> Callable[[Callable[[Any], T]], Callable[[Ours], T]]:
    return asked("contrast", of=of, by=by)


def _table(by: str, measures: tuple[str, ...], read: Callable[[Any], T]) -> Callable[[Ours], dict[str, T]]:
    """Read the same of several measures, by what the publication calls them."""
    return lambda ours: {PUBLISHED[of]: _of(of, by)(read)(ours) for of in measures}


def _means(found: Any) -> np.ndarray:  # noqa: ANN401 - a PublishedContrast
    return np.array([group.mean for group in found.groups])


def _scores(found: Any) -> list[float]:  # noqa: ANN401 - a PublishedContrast
    means = _means(found)
    return list((means - means.mean()) / means.std())


def _weighted(found: Any) -> tuple[np.ndarray, float, np.ndarray]:  # noqa: ANN401 - a PublishedContrast
    """Give the means' deviations from that of all recipes, that one, and the recipes of each group."""
    means, n = _means(found), np.array([group.n for group in found.groups])
    middle = float(np.average(means, weights=n))
    return means - middle, middle, n


def _weighted_scores(found: Any) -> list[float]:  # noqa: ANN401 - a PublishedContrast
    off, _, n = _weighted(found)
    return list(off / np.sqrt(np.average(off**2, weights=n)))


def _no_chi2(found: Any) -> list[float]:  # noqa: ANN401 - a PublishedContrast
    """Sum squares of relative deviations, which has no distribution of chi-squared, and give their root in %."""
    off, middle, n = _weighted(found)
    total = float((n * (off / middle) ** 2).sum())
    return [total, 100 * float(np.sqrt(total / n.sum()))]


def _joined(by: str, *parts: tuple[str, tuple[str, ...]]) -> Callable[[Ours], dict[str, list[float]]]:
    """Put columns of several measures side by side in each group's list."""

    def read(ours: Ours) -> dict[str, list[float]]:
        found = [_of(of, by)(each(by, "mean", *columns))(ours) for of, columns in parts]
        lists = [{name: row if isinstance(row, list) else [row] for name, row in one.items()} for one in found]
        return {name: [number for one in lists for number in one[name]] for name in lists[0]}

    return read


def _season_sizes(ours: Ours) -> dict[str, list[float]]:
    counts = _of("complexity", "season")(each("season", "n"))(ours)
    rows = _joined("season", ("complexity", ("median", "sd")), ("steps", ()), ("ingredients", ()))(ours)
    return {season: [*row, counts[season]] for season, row in rows.items()}


def _four_means(found: Any) -> dict[str, float]:  # noqa: ANN401 - a PublishedContrast
    means = _means(found)
    middle, sd = float(means.mean()), float(means.std(ddof=1))
    return each("season", "mean")(found) | {"mean_of_4": middle, "std_ddof1": sd, "cv_pct": 100 * sd / middle}


def _durations(found: Any) -> dict[str, list[float]]:  # noqa: ANN401 - a PublishedContrast
    rows = each("season", "mean", "median", "lower_quartile", "upper_quartile", "n")(found)
    return {season: [*row[:4], row[3] - row[2], row[4]] for season, row in rows.items()}


def _percent(found: Any) -> float:  # noqa: ANN401 - a PublishedContrast
    """Give what the weekend is above the weekdays, in %."""
    days, end = _means(found)
    return float(100 * (end - days) / days)


def _both_sides(of: str, read: Callable[[Ours], dict[str, Any]]) -> Entry:
    return lambda ours: {**read(ours), "diff_pct": _of(of, "weekend")(_percent)(ours)}


def _student(found: Any) -> dict[str, float]:  # noqa: ANN401 - a PublishedContrast
    return {"t": found.t, "p": found.f_p}


def _implied(found: Any) -> float:  # noqa: ANN401 - a PublishedContrast
    """Give the deviation of a value that the difference and its t imply."""
    return float(found.range / abs(found.t) / np.sqrt(sum(1 / group.n for group in found.groups)))


def _deviations(found: Any) -> dict[str, object]:  # noqa: ANN401 - a PublishedVolumes
    rows = each("season", "n", "deviation")(found)
    return {season: [n - found.mean, 100 * off] for season, (n, off) in rows.items()} | {
        "mean": found.mean, "std_ddof1": found.sd, "cv_pct": 100 * found.variation,
    }  # fmt: skip


def _week(found: Any) -> dict[str, float]:  # noqa: ANN401 - a PublishedVolumes
    days, end = found.groups
    return {
        "weekday": days.n, "weekend": end.n, "weekday_div5": days.each, "weekend_div2": end.each,
        "weekend_share_pct": 100 * end.n / found.n, "weekday_over_weekend_pct": 100 * (days.each / end.each - 1),
        "weekend_below_weekday_pct": 100 * (end.each / days.each - 1),
    }  # fmt: skip


def _shares(by: str) -> Callable[[Any], dict[str, float]]:
    return lambda found: {name: 100 * n / found.n for name, n in each(by, "n")(found).items()}


def _gathered(one: Any) -> list[float]:  # noqa: ANN401 - a PublishedGathering
    """Give the shares of a spelling in %, of two groups their difference, and the test."""
    shares = [100 * share for share in one.shares]
    return [*shares, *([shares[1] - shares[0]] if len(shares) == 2 else []), one.chi2, one.p]


def _kept(kind: str) -> Entry:
    def count(ours: Ours) -> dict[str, int]:
        table = ours.columns("term_contrast", kind=kind, by="weekend", method="published")
        kept = table["kept"] & (table["weekend"] == "weekend")
        up = int((kept & (table["times"] > 1)).sum())
        return {"kept": int(kept.sum()), "total": int(table["family"][0]),
                "weekend_up": up, "weekday_up": int(kept.sum()) - up}  # fmt: skip

    return count


def _falls(ours: Ours) -> dict[str, list[float]]:
    """Give the five tags that are most frequent outside the weekend, which the published figure hides."""
    table = ours.columns("term_contrast", kind="tag", by="weekend", method="published")
    last = [i for i in range(0, len(table["term"]), 2) if table["kept"][i]][-5:]
    shares = {table["term"][i]: [100 * float(table["share"][i + side]) for side in (0, 1)] for i in reversed(last)}
    return {term: [days, end, end - days] for term, (days, end) in shares.items()}


def _unique(kind: str) -> Entry:
    """Count the spellings of each season; small letters or not, the real set's are as many."""
    seasons = CALENDARS["season"].values
    filled = ", ".join(f"count(DISTINCT spelling) FILTER ({season} > 0)" for season in seasons)
    sql = f"SELECT {filled}, count(DISTINCT spelling) FROM cube_spellings WHERE kind = $kind"
    names = (*SEASONS, "all")
    return lambda ours: dict(zip(names, ours.con.execute(sql, {"kind": kind}).fetchall()[0], strict=True))


def _terms(kind: str, short: str, table: str) -> dict[str, Entry]:
    seasons, weekend = (asked("term_contrast", kind=kind, by=by) for by in ("season", "weekend"))
    return {
        f"season.{short}.unique": _unique(kind),
        f"season.{short}.filtered": seasons(lambda f: f.kept),
        f"season.{short}.top20": seasons(lambda f: {one.term: _gathered(one) for one in f.peaks}),
        f"weekend.{short}.kept": _kept(kind),
        f"weekend.{short}.{table}": weekend(lambda f: {one.term: _gathered(one) for one in f.peaks}),
    }


SEASONAL, DAILY, WEEKLY = (asked("volume", by=by) for by in ("season", "weekday", "weekend"))
ORDER = {"order": [*SEASONS]}

CUTS: dict[str, Entry] = {
    "season.volume": SEASONAL(each("season", "n")),
    "season.share": SEASONAL(_shares("season")),
    "season.volume.deviation": SEASONAL(_deviations),
    "season.volume.chi2": SEASONAL(lambda f: {"chi2": f.chi2, "p": f.p, "p_printed": round(f.p, 6)}),
    "season.duration": _of("minutes", "season")(_durations),
    "season.duration.kw": _of("minutes", "season")(lambda f: {"H": f.h, "p_printed": round(f.h_p, 6)}),
    "season.complexity": _season_sizes,
    "season.complexity.means4": _of("complexity", "season")(_four_means),
    "season.complexity.medians": _table("season", ("steps", "ingredients"), each("season", "median")),
    "season.complexity.kw": _table("season", SIZES, lambda f: [f.h, f.h_p]),
    "season.nutrition": lambda o: {
        season: {PUBLISHED[of]: _of(of, "season")(each("season", "mean"))(o)[season] for of in NUTRIENTS}
        for season in SEASONS
    },
    "season.nutrition.kw": _table("season", NUTRIENTS, lambda f: [f.h, f.h_p]),
    "season.nutrition.chi2w": _table("season", NUTRIENTS, _no_chi2),
    "season.nutrition.z_unweighted": lambda o: {**ORDER, **_table("season", NUTRIENTS, _scores)(o)},
    "season.nutrition.z_weighted": lambda o: {**ORDER, **_table("season", NUTRIENTS, _weighted_scores)(o)},
    **_terms("ingredient", "ing", "table"),
    **_terms("tag", "tag", "table20"),
    "weekend.tag.top_negative": _falls,
    "weekend.volume.by_weekday": DAILY(each("weekday", "n")),
    "weekend.volume.deviation": DAILY(lambda f: {
        **{day: 100 * off for day, off in each("weekday", "deviation")(f).items()}, "mean_of_7": f.mean,
    }),
    "weekend.volume.totals": WEEKLY(_week),
    "weekend.volume.ratio": WEEKLY(_week),
    "weekend.volume.cv": DAILY(lambda f: 100 * f.variation),
    "weekend.volume.chi2": lambda o: {
        "seven_days": DAILY(lambda f: f.chi2)(o), "weekday_weekend": WEEKLY(lambda f: f.chi2)(o),
    },
    "weekend.volume.per_calendar_day": WEEKLY(each("weekend", "a_day")),
    "weekend.duration": _both_sides(
        "minutes", _of("minutes", "weekend")(each("weekend", "mean", "median", "lower_quartile", "upper_quartile"))
    ),
    "weekend.duration.ttest": _of("minutes", "weekend")(_student),
    "weekend.complexity": _both_sides("complexity", _joined("weekend", *((of, ()) for of in SIZES))),
    "weekend.complexity.ttest": _of("complexity", "weekend")(_student),
    "weekend.nutrition": _table("weekend", NUTRIENTS, lambda f: [*map(float, _means(f)), _percent(f), f.f_p]),
    "weekend.nutrition.sd_implied": _table("weekend", NUTRIENTS, _implied),
}  # fmt: skip
