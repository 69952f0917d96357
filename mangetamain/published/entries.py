"""What we say, by the published method, for each number that the predecessor published."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from mangetamain.measures import RECIPE_MEASURES
from mangetamain.questions import QUESTIONS, Answer
from mangetamain.warehouse import Warehouse

# The measures of nutrition, as the publication names them and as we do.
NUTRIENTS = {"calories": "calories", "carb": "carbohydrates", "fat": "fat", "protein": "protein"}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Ours:
    """What we say for each published entry, by the published method."""

    def __init__(self, con: Warehouse) -> None:
        self.con = con
        self._ask = cache(self._answer)

    def _answer(self, question: str, given: tuple[tuple[str, str], ...]) -> Answer:
        return QUESTIONS[question](self.con, **dict(given))

    def ask(self, question: str, **given: str) -> Any:  # noqa: ANN401 - any question's finding
        """Return a question's finding by the published method, where it has more than one."""
        if "method" in QUESTIONS[question].parameters:
            given |= {"method": "published"}
        return self._ask(question, tuple(sorted(given.items()))).finding

    def columns(self, question: str, **given: str) -> Any:  # noqa: ANN401
        """Return a question's table."""
        return self._ask(question, tuple(sorted(given.items()))).columns

    def yearly(self, of: str, column: str, **given: str) -> dict[str, float]:
        """Return one column of a measure's yearly table."""
        table = self.columns("level", of=of, **given)
        return dict(zip(map(str, table["year"].tolist()), table[column].tolist(), strict=True))

    def rows(self, table: str) -> int:
        """Count the rows of a table."""
        return int(self.con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def step(self, rule: str, column: str, tbl: str = "recipes") -> Any:  # noqa: ANN401
        """Return what a cleaning rule did."""
        found = self.con.execute(f"SELECT {column} FROM cleaning WHERE tbl = ? AND rule = ?", [tbl, rule]).fetchall()
        return found[0][0] if found else None


def _wls(line: Any) -> dict[str, float]:  # noqa: ANN401 - a Regression
    return {"slope": line.slope, "intercept": line.intercept, "r2": line.r2, "p": line.p}


def _means(of: str, ours: Ours) -> dict[str, float]:
    return ours.yearly(of, "mean")


def _line(of: str, ours: Ours) -> dict[str, float]:
    return _wls(ours.ask("level", of=of).mean)


def _centre(ours: Ours, column: str, name: str) -> dict[str, float]:
    centre, mean, most = ours.con.execute(
        f"SELECT median({column}), avg({column}), max({column}) FROM {name}"
    ).fetchall()[0]
    return {"median": centre, "mean": mean, "max": most}


def _deltas(side: Any) -> dict[str, float]:  # noqa: ANN401 - Deltas
    return {row.term: row.delta for row in side}


def _years(ours: Ours, kind: str) -> dict[str, int]:
    table = ours.columns("diversity", kind=kind, method="published")
    return dict(zip(map(str, table["year"].tolist()), table["spellings"].tolist(), strict=True))


def _ends(ours: Ours, kind: str) -> dict[str, float]:
    found = ours.ask("diversity", kind=kind)
    delta = found.end - found.start
    return {str(found.first): found.start, str(found.last): found.end, "delta": delta, "pct": 100 * delta / found.start}


def _terms(kind: str, short: str) -> dict[str, Callable[[Ours], object]]:
    return {
        f"trend.{short}.exploded": lambda o: o.ask("terms", kind=kind).occurrences,
        f"trend.{short}.n_ge50": lambda o: o.ask("terms", kind=kind).common,
        f"trend.{short}.top10": lambda o: _top(o, kind),
        f"trend.{short}.top_increase": lambda o: _deltas(o.ask("term_changes", kind=kind).up),
        f"trend.{short}.top_decrease": lambda o: _deltas(o.ask("term_changes", kind=kind).down),
        f"trend.{short}.diversity_ends": lambda o: _ends(o, kind),
        f"trend.{short}.diversity_by_year": lambda o: _years(o, kind),
        f"trend.{short}.diversity_wls": lambda o: (
            _wls(o.ask("diversity", kind=kind)) | {"spearman_w": o.ask("diversity", kind=kind).spearman}
        ),
    }


def _top(ours: Ours, kind: str) -> dict[str, int]:
    found = ours.ask("terms", kind=kind)
    return dict(zip(found.top[:10], found.counts[:10], strict=True))


def _groups(ours: Ours, *columns: str, **given: str) -> dict[str, list[float]]:
    groups = ours.ask("rating_contrast", **given).groups
    names = DAYS if given["by"] == "weekday" else [group.group.capitalize() for group in groups]
    if given["by"] == "month":
        names = [str(i + 1) for i in range(len(groups))]
    return {name: [getattr(group, column) for column in columns] for name, group in zip(names, groups, strict=True)}


def _single(groups: dict[str, list[float]]) -> dict[str, float]:
    return {name: values[0] for name, values in groups.items()}


def _split(ours: Ours) -> Any:  # noqa: ANN401 - a WeekendSplit
    return ours.ask("rating_contrast", by="weekday", source="train").split


def _monthly(ours: Ours) -> Any:  # noqa: ANN401 - a PublishedRatingLevel
    return ours.ask("rating_level", source="train")


def _ratings(ours: Ours, source: str) -> int:
    return int(sum(ours.ask("rating_distribution", source=source).counts))


def _distribution(ours: Ours) -> dict[str, int]:
    counts = ours.ask("rating_distribution").counts
    return {str(i + 1): n for i, n in enumerate(counts)} | {"total": sum(counts)}


def _mean_of(ours: Ours) -> dict[str, float]:
    found = ours.ask("rating_distribution")
    return {"mean": found.mean.value, "pct_5": found.five.value, "pct_le2": found.low.value}


def _minutes_range(ours: Ours) -> dict[str, float]:
    means = sorted(ours.yearly("minutes", "mean").values())
    return {"min": means[0], "max": means[-1], "median": statistics.median(means)}


def _span(ours: Ours, **given: str) -> tuple[str, str, float]:
    """Name the groups of the highest and of the lowest mean rating, and how far apart these are."""
    means = _single(_groups(ours, "mean", **given))
    best, worst = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    return best, worst, means[best] - means[worst]


def _season_range(ours: Ours) -> dict[str, object]:
    best, worst, delta = _span(ours, by="season")
    return {"delta": delta, "best": best, "worst": worst}


def _weekday_anova(ours: Ours) -> dict[str, object]:
    found = ours.ask("rating_contrast", by="weekday", source="train")
    best, worst, span = _span(ours, by="weekday", source="train")
    return {"F": found.f, "p": found.f_p, "best": best, "worst": worst, "range": span}


def _weekend(ours: Ours) -> dict[str, list[float]]:
    split = _split(ours)
    total = split.weekday.n + split.weekend.n
    sides = {"weekday": split.weekday, "weekend": split.weekend}
    return {name: [side.n, 100 * side.n / total, side.mean, side.sd] for name, side in sides.items()}


def _tables(ours: Ours) -> dict[str, int]:
    found = ours.con.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'").fetchall()
    return {name: ours.rows(f'raw."{name}"') for (name,) in found}


def _volume(ours: Ours) -> dict[str, object]:
    found = ours.ask("volume")
    return {
        "mean": found.mean, "std_ddof1": found.sd, "cv_pct": 100 * found.sd / found.mean,
        "median": found.median, "min": found.least, "max": found.most,
    }  # fmt: skip


def _season_volumes(ours: Ours) -> dict[str, float]:
    found = ours.ask("rating_contrast", by="season")
    return {"cv": found.variation, "max_min": found.max_min}


REGRESSED = {"complexity": "complexity", "steps": "steps", "ingredients_n": "ingredients"}

# What we say for each entry of the file that Trends and Ratings answer; the others wait for their theme.
ENTRIES: dict[str, Callable[[Ours], object]] = {
    "data.duckdb.tables": _tables,
    "data.duckdb.total_rows": lambda o: sum(_tables(o).values()),
    "data.raw_recipes.rows": lambda o: [o.rows("raw.RAW_recipes"), 12],
    "data.train.rows": lambda o: [o.rows("raw.interactions_train"), 6],
    "data.train.clean_rows": lambda o: [_ratings(o, "train"), 13],
    "data.full.clean_rows": lambda o: [_ratings(o, "full"), 12],
    "data.train.five_star": lambda o: o.ask("rating_distribution", source="train").counts[4],
    "clean.minutes_removed": lambda o: o.step("duration", "removed"),
    "clean.after_minutes": lambda o: o.step("duration", "remaining"),
    "clean.outliers_removed": lambda o: o.step("size", "removed"),
    "clean.name_null_removed": lambda o: o.step("named and dated", "removed"),
    "clean.final_rows": lambda o: [o.rows("recipes"), 28],
    "clean.total_removed": lambda o: o.rows("raw.RAW_recipes") - o.rows("recipes"),
    "clean.duplicates": lambda o: o.step("one row a recipe", "removed"),
    "clean.minutes_stats": lambda o: _centre(o, "minutes", "recipes"),
    "clean.steps_stats": lambda o: _centre(o, "n_steps", "recipes"),
    "clean.ingredients_stats": lambda o: _centre(o, "n_ingredients", "recipes"),
    "clean.period": lambda o: [str(day) for day in o.con.execute(PERIOD).fetchall()[0]],
    "trend.volume.by_year": lambda o: o.yearly("minutes", "n"),
    "trend.volume.describe": _volume,
    "trend.volume.describe_app": lambda o: {
        "std_ddof0": o.ask("volume").sd_population, "cv_pct": 100 * o.ask("volume").variation,
        "q1": o.ask("volume").lower_quartile, "q3": o.ask("volume").upper_quartile,
    },
    "trend.volume.shapiro": lambda o: {"W": o.ask("volume").shapiro_w, "p": o.ask("volume").shapiro_p},
    "trend.volume.dagostino": lambda o: {"K2": o.ask("volume").agostino_k2, "p": o.ask("volume").agostino_p},
    "trend.volume.qq_r2": lambda o: o.ask("volume").probability_plot_r2,
    "trend.volume.peak": lambda o: {"year": o.ask("volume").peak_year, "n": o.ask("volume").most},
    "trend.duration.mean_by_year": lambda o: o.yearly("minutes", "mean"),
    "trend.duration.median_by_year": lambda o: o.yearly("minutes", "median"),
    "trend.duration.q25_q75_by_year": lambda o: {"q25": o.yearly("minutes", "low"), "q75": o.yearly("minutes", "high")},
    "trend.duration.weighted_mean": lambda o: o.ask("level", of="minutes").weighted_mean,
    "trend.duration.range": _minutes_range,
    "trend.duration.spearman_w": lambda o: o.ask("level", of="minutes").spearman,
    "trend.duration.wls_mean": lambda o: _wls(o.ask("level", of="minutes").mean),
    "trend.duration.wls_median": lambda o: _wls(o.ask("level", of="minutes").median),
    "trend.duration.wls_median_p": lambda o: _wls(o.ask("level", of="minutes").median),
    **{f"trend.{theirs}.mean_by_year": partial(_means, of) for theirs, of in REGRESSED.items()},
    **{f"trend.{theirs}.wls": partial(_line, of) for theirs, of in REGRESSED.items()},
    **{f"trend.nutrition.{theirs}_by_year": partial(_means, of) for theirs, of in NUTRIENTS.items()},
    "trend.nutrition.wls": lambda o: {RECIPE_MEASURES[of].sql: _line(of, o) for of in NUTRIENTS.values()},
    **_terms("ingredient", "ing"),
    **_terms("tag", "tag"),
    "trend.ing.diversity_r2_correct": lambda o: o.ask("diversity", kind="ingredient").r2,
    "rating.lt.months": lambda o: {
        "kept": _monthly(o).months, "excluded": _monthly(o).left_out,
        "total": _monthly(o).months + _monthly(o).left_out,
        "period": [_monthly(o).first, _monthly(o).last], "mean_volume": _monthly(o).mean_volume,
    },
    "rating.lt.heterogeneity": lambda o: {"cv": _monthly(o).variation, "max_min_ratio": _monthly(o).max_min},
    "rating.lt.kendall": lambda o: {"tau": _monthly(o).kendall, "p": _monthly(o).kendall_p},
    "rating.lt.spearman_w_time": lambda o: _monthly(o).spearman_time,
    "rating.lt.ols": lambda o: {"slope": _monthly(o).ols.slope, "r2": _monthly(o).ols.r2},
    "rating.lt.wls": lambda o: {
        "slope_per_month": _monthly(o).wls.slope, "slope_per_year": 12 * _monthly(o).wls.slope,
        "r2": _monthly(o).wls.r2, "p": _monthly(o).wls.p,
    },
    "rating.lt.bias": lambda o: {"slope_pct": 100 * _monthly(o).bias},
    "rating.lt.volume_quality": lambda o: {
        "unweighted": _monthly(o).volume_spearman, "p_unweighted": _monthly(o).volume_spearman_p,
        "weighted": _monthly(o).volume_spearman_weighted,
    },
    "rating.lt.variance": lambda o: {"unweighted": _monthly(o).sd ** 2, "weighted": _monthly(o).weighted_sd ** 2},
    "rating.lt.mean": lambda o: {"weighted": _monthly(o).weighted_mean, "unweighted": _monthly(o).mean},
    "rating.lt.std": lambda o: {"weighted": _monthly(o).weighted_sd, "unweighted": _monthly(o).sd},
    "rating.lt.ci": lambda o: _monthly(o).margin,
    "rating.dist": _distribution,
    "rating.dist.derived": _mean_of,
    "rating.season": lambda o: _groups(o, "n", "mean", "sd", by="season"),
    "rating.season.pct5": lambda o: _single(_groups(o, "five", by="season")),
    "rating.season.pctneg": lambda o: _single(_groups(o, "low", by="season")),
    "rating.season.anova": lambda o: {
        "F": o.ask("rating_contrast", by="season").f,
        "H": o.ask("rating_contrast", by="season").h,
    },
    "rating.season.range": _season_range,
    "rating.season.volume_cv": _season_volumes,
    "rating.month": lambda o: _groups(o, "n", "mean", by="month"),
    "rating.week.mean": lambda o: o.ask("rating_distribution", source="train").mean.value,
    "rating.week.split": _weekend,
    "rating.week.pct5": lambda o: {"weekday": _split(o).weekday.five, "weekend": _split(o).weekend.five},
    "rating.week.mw": lambda o: {"U": _split(o).u, "p": _split(o).p, "diff": _split(o).difference, "d": _split(o).d},
    "rating.weekday": lambda o: _groups(o, "n", "mean", "sd", by="weekday", source="train"),
    "rating.weekday.anova": _weekday_anova,
    "rating.weekday.pct5": lambda o: _single(_groups(o, "five", by="weekday", source="train")),
    "rating.weekday.pctneg": lambda o: _single(_groups(o, "low", by="weekday", source="train")),
}  # fmt: skip
PERIOD = "SELECT min(submitted), max(submitted) FROM recipes"
