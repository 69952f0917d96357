"""Published numbers of ratings: month by month, by season, weekday and weekend."""

from __future__ import annotations

from typing import Any

import numpy as np

from mangetamain.calendars import PERIODS
from mangetamain.published.ours import Entry, Ours, asked, each

RATED, TRAIN = asked("distribution"), asked("distribution", source="train")
MONTHS = asked("level", of="rating", by="month", source="train")
BY_SEASON, WEEK = asked("contrast", by="season"), asked("contrast", by="weekday", source="train")
DROP = ("2006-08", "2008-02")


def _span(by: str, found: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - a PublishedContrast
    """Name the groups of the highest and of the lowest mean rating, and how far apart these are."""
    means = each(by, "mean")(found)
    best, worst = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    return {"best": best, "worst": worst, name: means[best] - means[worst]}


def _seasons_apart(found: Any) -> dict[str, Any]:  # noqa: ANN401 - a PublishedContrast
    span = _span("season", found, "delta")
    return span | {"pct_of_scale": 100 * span["delta"] / 5}


def _weekend(split: Any) -> dict[str, list[float]]:  # noqa: ANN401 - a WeekendSplit
    total = split.weekday.n + split.weekend.n
    sides = {"weekday": split.weekday, "weekend": split.weekend}
    return {name: [side.n, 100 * side.n / total, side.mean, side.sd] for name, side in sides.items()}


def _fives(split: Any) -> dict[str, float]:  # noqa: ANN401 - a WeekendSplit
    days, end = split.weekday.five, split.weekend.five
    return {"weekday": days, "weekend": end, "delta": end - days}


def _shape(ours: Ours) -> dict[str, Any]:
    """Give the extremes of the monthly means, and those of the months in which they were low."""
    table = ours.columns("level", of="rating", by="month", source="train")
    kept = ~table["thin"]
    month, mean = PERIODS["month"].names(table["month"][kept]), table["mean"][kept]
    low = mean[(month >= DROP[0]) & (month <= DROP[1])]
    ends = [float(np.min(low)), float(np.max(low))] if len(low) else []
    return {"min": float(mean.min()), "max": float(mean.max()), "drop_2006_08_to_2008_02": ends}


def _busiest(ours: Ours) -> int:
    return int(ours.columns("level", of="rating", by="month", source="train")["n"].max())


RATINGS: dict[str, Entry] = {
    "rating.lt.months": MONTHS(lambda f: {
        "kept": f.points, "excluded": f.left_out, "total": f.points + f.left_out,
        "excluded_pct": 100 * f.left_out / (f.points + f.left_out),
        "period": [f.first, f.last], "mean_volume": f.mean_volume,
    }),
    "rating.lt.heterogeneity": MONTHS(lambda f: {"cv": f.variation, "max_min_ratio": f.max_min}),
    "rating.lt.kendall": MONTHS(lambda f: {"tau": f.kendall, "p": f.kendall_p}),
    "rating.lt.spearman_w_time": MONTHS(lambda f: f.spearman_time),
    "rating.lt.ols": MONTHS(lambda f: {"slope": f.ols.slope, "r2": f.ols.r2}),
    "rating.lt.wls": MONTHS(lambda f: {
        "slope_per_month": f.wls.slope, "slope_per_year": 12 * f.wls.slope, "r2": f.wls.r2, "p": f.wls.p,
    }),
    "rating.lt.bias": MONTHS(lambda f: {
        "slope_pct": 100 * f.bias, "corr_pct": 100 * abs((f.spearman_time - f.kendall) / f.kendall),
    }),
    "rating.lt.volume_quality": MONTHS(lambda f: {
        "unweighted": f.volume_spearman, "p_unweighted": f.volume_spearman_p, "weighted": f.volume_spearman_weighted,
    }),
    "rating.lt.variance": MONTHS(lambda f: {"unweighted": f.sd ** 2, "weighted": f.weighted_sd ** 2}),
    "rating.lt.mean": MONTHS(lambda f: {"weighted": f.weighted_mean, "unweighted": f.mean}),
    "rating.lt.std": MONTHS(lambda f: {"weighted": f.weighted_sd, "unweighted": f.sd}),
    "rating.lt.ci": MONTHS(lambda f: f.margin),
    "rating.lt.shape": _shape,
    "rating.lt.volume_peak": _busiest,
    "rating.dist": RATED(lambda f: {str(i): n for i, n in enumerate(f.counts, 1)} | {"total": sum(f.counts)}),
    "rating.dist.derived": RATED(lambda f: {"mean": f.mean.value, "pct_5": f.five.value, "pct_le2": f.low.value}),
    "rating.season": BY_SEASON(each("season", "n", "mean", "sd")),
    "rating.season.pct5": BY_SEASON(each("season", "five")),
    "rating.season.pctneg": BY_SEASON(each("season", "low")),
    "rating.season.anova": BY_SEASON(lambda f: {
        "F": f.f, "H": f.h, "p": "<0.0001" if max(f.f_p, f.h_p) < 0.0001 else max(f.f_p, f.h_p),
    }),
    "rating.season.range": BY_SEASON(_seasons_apart),
    "rating.season.volume_cv": BY_SEASON(lambda f: {"cv": f.variation, "max_min": f.max_min}),
    "rating.month": asked("contrast", by="month_of_year")(each("month_of_year", "n", "mean")),
    "rating.week.mean": TRAIN(lambda f: f.mean.value),
    "rating.week.split": WEEK(lambda f: _weekend(f.split)),
    "rating.week.per_day": WEEK(lambda f: {"weekday": f.split.weekday.n / 5, "weekend": f.split.weekend.n / 2}),
    "rating.week.pct5": WEEK(lambda f: _fives(f.split)),
    "rating.week.mw": WEEK(lambda f: {
        "U": f.split.u, "p": f.split.p, "diff": f.split.difference, "d": f.split.d,
    }),
    "rating.weekday": WEEK(each("weekday", "n", "mean", "sd")),
    "rating.weekday.anova": WEEK(lambda f: {"F": f.f, "p": f.f_p, **_span("weekday", f, "range")}),
    "rating.weekday.pct5": WEEK(each("weekday", "five")),
    "rating.weekday.pctneg": WEEK(each("weekday", "low")),
}  # fmt: skip
