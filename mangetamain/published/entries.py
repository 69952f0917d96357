"""What we say, by the published method, for each number that the predecessor published."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import cache
from typing import Any

from mangetamain.measures import MEASURES
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

    def yearly(self, column: str, question: str = "level", **given: str) -> dict[str, Any]:
        """Return one column of a yearly table: of the preparation time, unless something else is asked."""
        table = self.columns(question, **given)
        return dict(zip(map(str, table["year"].tolist()), table[column].tolist(), strict=True))

    def rows(self, table: str) -> int:
        """Count the rows of a table."""
        return int(self.con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def step(self, rule: str, column: str, tbl: str = "recipes") -> Any:  # noqa: ANN401
        """Return what a cleaning rule did."""
        found = self.con.execute(f"SELECT {column} FROM cleaning WHERE tbl = ? AND rule = ?", [tbl, rule]).fetchall()
        return found[0][0] if found else None


Entry = Callable[[Ours], object]


def _of(question: str, **given: str) -> Callable[[Callable[[Any], object]], Entry]:
    """Make entries of what is read off one finding."""
    return lambda read: lambda ours: read(ours.ask(question, **given))


VOLUME, MINUTES, RATED = _of("volume"), _of("level", of="minutes"), _of("distribution")
TRAIN, MONTHS = _of("distribution", source="train"), _of("level", of="rating", by="month", source="train")
SEASONS, WEEK = _of("contrast", by="season"), _of("contrast", by="weekday", source="train")


def _wls(line: Any) -> dict[str, float]:  # noqa: ANN401 - a Regression
    return {"slope": line.slope, "intercept": line.intercept, "r2": line.r2, "p": line.p}


def _means(of: str) -> Entry:
    return lambda ours: ours.yearly("mean", of=of)


def _line(of: str) -> Entry:
    return _of("level", of=of)(lambda found: _wls(found.mean))


def _centre(column: str) -> Entry:
    sql = f"SELECT median({column}), avg({column}), max({column}) FROM recipes"
    return lambda ours: dict(zip(("median", "mean", "max"), ours.con.execute(sql).fetchall()[0], strict=True))


def _ends(found: Any) -> dict[str, float]:  # noqa: ANN401 - a PublishedDiversity
    delta = found.end - found.start
    return {str(found.first): found.start, str(found.last): found.end, "delta": delta, "pct": 100 * delta / found.start}


def _terms(kind: str, short: str) -> dict[str, Entry]:
    terms, changes, diversity = (_of(question, kind=kind) for question in ("terms", "term_changes", "diversity"))
    return {
        f"trend.{short}.exploded": terms(lambda f: f.occurrences),
        f"trend.{short}.n_ge50": terms(lambda f: f.common),
        f"trend.{short}.top10": terms(lambda f: dict(zip(f.top[:10], f.counts[:10], strict=True))),
        f"trend.{short}.top_increase": changes(lambda f: {row.term: row.delta for row in f.up}),
        f"trend.{short}.top_decrease": changes(lambda f: {row.term: row.delta for row in f.down}),
        f"trend.{short}.diversity_ends": diversity(_ends),
        f"trend.{short}.diversity_by_year": lambda o: o.yearly("spellings", "diversity", kind=kind, method="published"),
        f"trend.{short}.diversity_wls": diversity(lambda f: _wls(f) | {"spearman_w": f.spearman}),
    }


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


def _seasonal(kind: str, short: str) -> dict[str, Entry]:
    seasons, weekend = (_of("term_contrast", kind=kind, by=by) for by in ("season", "weekend"))
    table = {"ing": "weekend.ing.table", "tag": "weekend.tag.table20"}[short]
    return {
        f"season.{short}.filtered": seasons(lambda f: f.kept),
        f"season.{short}.top20": seasons(lambda f: {one.term: _gathered(one) for one in f.peaks}),
        f"weekend.{short}.kept": _kept(kind),
        table: weekend(lambda f: {one.term: _gathered(one) for one in f.peaks}),
    }


def _groups(found: Any, *columns: str) -> dict[str, list[float]]:  # noqa: ANN401 - a PublishedContrast
    names = [DAYS[int(group.group) - 1] if found.split else group.group.capitalize() for group in found.groups]
    return {
        name: [getattr(group, column) for column in columns] for name, group in zip(names, found.groups, strict=True)
    }


def _single(found: Any, column: str) -> dict[str, float]:  # noqa: ANN401 - a PublishedContrast
    return {name: values[0] for name, values in _groups(found, column).items()}


def _minutes_range(ours: Ours) -> dict[str, float]:
    means = sorted(ours.yearly("mean", of="minutes").values())
    return {"min": means[0], "max": means[-1], "median": statistics.median(means)}


def _span(found: Any, name: str) -> dict[str, object]:  # noqa: ANN401 - a PublishedContrast
    """Name the groups of the highest and of the lowest mean rating, and how far apart these are."""
    means = _single(found, "mean")
    best, worst = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    return {"best": best, "worst": worst, name: means[best] - means[worst]}


def _weekend(split: Any) -> dict[str, list[float]]:  # noqa: ANN401 - a WeekendSplit
    total = split.weekday.n + split.weekend.n
    sides = {"weekday": split.weekday, "weekend": split.weekend}
    return {name: [side.n, 100 * side.n / total, side.mean, side.sd] for name, side in sides.items()}


def _tables(ours: Ours) -> dict[str, int]:
    found = ours.con.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'").fetchall()
    return {name: ours.rows(f'raw."{name}"') for (name,) in found}


REGRESSED = {"complexity": "complexity", "steps": "steps", "ingredients_n": "ingredients"}


def _falls(ours: Ours) -> dict[str, list[float]]:
    """Give the five tags that are most frequent outside the weekend, which the published figure hides."""
    table = ours.columns("term_contrast", kind="tag", by="weekend", method="published")
    last = [i for i in range(0, len(table["term"]), 2) if table["kept"][i]][-5:]
    shares = {table["term"][i]: [100 * float(table["share"][i + side]) for side in (0, 1)] for i in reversed(last)}
    return {term: [days, end, end - days] for term, (days, end) in shares.items()}


# What we say for each entry of the file that Trends and Ratings answer; the others wait for their theme.
ENTRIES: dict[str, Entry] = {
    "data.duckdb.tables": _tables,
    "data.duckdb.total_rows": lambda o: sum(_tables(o).values()),
    "data.raw_recipes.rows": lambda o: [o.rows("raw.RAW_recipes"), 12],
    "data.train.rows": lambda o: [o.rows("raw.interactions_train"), 6],
    "data.train.clean_rows": TRAIN(lambda f: [sum(f.counts), 13]),
    "data.full.clean_rows": RATED(lambda f: [sum(f.counts), 12]),
    "data.train.five_star": TRAIN(lambda f: f.counts[4]),
    "clean.minutes_removed": lambda o: o.step("duration", "removed"),
    "clean.after_minutes": lambda o: o.step("duration", "remaining"),
    "clean.outliers_removed": lambda o: o.step("size", "removed"),
    "clean.name_null_removed": lambda o: o.step("named and dated", "removed"),
    "clean.final_rows": lambda o: [o.rows("recipes"), 28],
    "clean.total_removed": lambda o: o.rows("raw.RAW_recipes") - o.rows("recipes"),
    "clean.duplicates": lambda o: o.step("one row a recipe", "removed"),
    "clean.minutes_stats": _centre("minutes"),
    "clean.steps_stats": _centre("n_steps"),
    "clean.ingredients_stats": _centre("n_ingredients"),
    "clean.period": lambda o: [str(day) for day in o.con.execute(PERIOD).fetchall()[0]],
    "trend.volume.by_year": lambda o: o.yearly("n"),
    "trend.volume.describe": VOLUME(lambda f: {
        "mean": f.mean, "std_ddof1": f.sd, "cv_pct": 100 * f.sd / f.mean,
        "median": f.median, "min": f.least, "max": f.most,
    }),
    "trend.volume.describe_app": VOLUME(lambda f: {
        "std_ddof0": f.sd_population, "cv_pct": 100 * f.variation, "q1": f.lower_quartile, "q3": f.upper_quartile,
    }),
    "trend.volume.shapiro": VOLUME(lambda f: {"W": f.shapiro_w, "p": f.shapiro_p}),
    "trend.volume.dagostino": VOLUME(lambda f: {"K2": f.agostino_k2, "p": f.agostino_p}),
    "trend.volume.qq_r2": VOLUME(lambda f: f.probability_plot_r2),
    "trend.volume.peak": VOLUME(lambda f: {"year": f.peak_year, "n": f.most}),
    "trend.duration.mean_by_year": lambda o: o.yearly("mean"),
    "trend.duration.median_by_year": lambda o: o.yearly("median"),
    "trend.duration.q25_q75_by_year": lambda o: {"q25": o.yearly("low"), "q75": o.yearly("high")},
    "trend.duration.weighted_mean": MINUTES(lambda f: f.weighted_mean),
    "trend.duration.range": _minutes_range,
    "trend.duration.spearman_w": MINUTES(lambda f: f.spearman),
    "trend.duration.wls_mean": _line("minutes"),
    "trend.duration.wls_median": MINUTES(lambda f: _wls(f.median)),
    "trend.duration.wls_median_p": MINUTES(lambda f: _wls(f.median)),
    **{f"trend.{theirs}.mean_by_year": _means(of) for theirs, of in REGRESSED.items()},
    **{f"trend.{theirs}.wls": _line(of) for theirs, of in REGRESSED.items()},
    **{f"trend.nutrition.{theirs}_by_year": _means(of) for theirs, of in NUTRIENTS.items()},
    "trend.nutrition.wls": lambda o: {MEASURES[of].sql: _line(of)(o) for of in NUTRIENTS.values()},
    **_terms("ingredient", "ing"),
    **_terms("tag", "tag"),
    **_seasonal("ingredient", "ing"),
    **_seasonal("tag", "tag"),
    "weekend.tag.top_negative": _falls,
    "trend.ing.diversity_r2_correct": _of("diversity", kind="ingredient")(lambda f: f.r2),
    "rating.lt.months": MONTHS(lambda f: {
        "kept": f.points, "excluded": f.left_out, "total": f.points + f.left_out,
        "period": [f.first, f.last], "mean_volume": f.mean_volume,
    }),
    "rating.lt.heterogeneity": MONTHS(lambda f: {"cv": f.variation, "max_min_ratio": f.max_min}),
    "rating.lt.kendall": MONTHS(lambda f: {"tau": f.kendall, "p": f.kendall_p}),
    "rating.lt.spearman_w_time": MONTHS(lambda f: f.spearman_time),
    "rating.lt.ols": MONTHS(lambda f: {"slope": f.ols.slope, "r2": f.ols.r2}),
    "rating.lt.wls": MONTHS(lambda f: {
        "slope_per_month": f.wls.slope, "slope_per_year": 12 * f.wls.slope, "r2": f.wls.r2, "p": f.wls.p,
    }),
    "rating.lt.bias": MONTHS(lambda f: {"slope_pct": 100 * f.bias}),
    "rating.lt.volume_quality": MONTHS(lambda f: {
        "unweighted": f.volume_spearman, "p_unweighted": f.volume_spearman_p, "weighted": f.volume_spearman_weighted,
    }),
    "rating.lt.variance": MONTHS(lambda f: {"unweighted": f.sd ** 2, "weighted": f.weighted_sd ** 2}),
    "rating.lt.mean": MONTHS(lambda f: {"weighted": f.weighted_mean, "unweighted": f.mean}),
    "rating.lt.std": MONTHS(lambda f: {"weighted": f.weighted_sd, "unweighted": f.sd}),
    "rating.lt.ci": MONTHS(lambda f: f.margin),
    "rating.dist": RATED(lambda f: {str(i): n for i, n in enumerate(f.counts, 1)} | {"total": sum(f.counts)}),
    "rating.dist.derived": RATED(lambda f: {"mean": f.mean.value, "pct_5": f.five.value, "pct_le2": f.low.value}),
    "rating.season": SEASONS(lambda f: _groups(f, "n", "mean", "sd")),
    "rating.season.pct5": SEASONS(lambda f: _single(f, "five")),
    "rating.season.pctneg": SEASONS(lambda f: _single(f, "low")),
    "rating.season.anova": SEASONS(lambda f: {"F": f.f, "H": f.h}),
    "rating.season.range": SEASONS(lambda f: _span(f, "delta")),
    "rating.season.volume_cv": SEASONS(lambda f: {"cv": f.variation, "max_min": f.max_min}),
    "rating.month": _of("contrast", by="month_of_year")(lambda f: _groups(f, "n", "mean")),
    "rating.week.mean": TRAIN(lambda f: f.mean.value),
    "rating.week.split": WEEK(lambda f: _weekend(f.split)),
    "rating.week.pct5": WEEK(lambda f: {"weekday": f.split.weekday.five, "weekend": f.split.weekend.five}),
    "rating.week.mw": WEEK(lambda f: {
        "U": f.split.u, "p": f.split.p, "diff": f.split.difference, "d": f.split.d,
    }),
    "rating.weekday": WEEK(lambda f: _groups(f, "n", "mean", "sd")),
    "rating.weekday.anova": WEEK(lambda f: {"F": f.f, "p": f.f_p, **_span(f, "range")}),
    "rating.weekday.pct5": WEEK(lambda f: _single(f, "five")),
    "rating.weekday.pctneg": WEEK(lambda f: _single(f, "low")),
}  # fmt: skip
PERIOD = "SELECT min(submitted), max(submitted) FROM recipes"
