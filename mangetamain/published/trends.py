"""Published numbers of recipes year by year."""

from __future__ import annotations

import statistics
from itertools import combinations
from typing import Any

import numpy as np

from mangetamain.measures import MEASURES
from mangetamain.published.ours import Entry, Ours, asked

# The measures of nutrition, as the publication names them and as we do.
NUTRIENTS = {"calories": "calories", "carb": "carbohydrates", "fat": "fat", "protein": "protein"}
REGRESSED = {"complexity": "complexity", "steps": "steps", "ingredients_n": "ingredients"}
SIZES = ("minutes", "steps", "ingredients")
VOLUME, MINUTES = asked("volume"), asked("level", of="minutes")
# A test that is below it was printed as "not normal".
SIGNIFICANT = 0.05


def _wls(line: Any) -> dict[str, float]:  # noqa: ANN401 - a Regression
    return {"slope": line.slope, "intercept": line.intercept, "r2": line.r2, "p": line.p}


def _means(of: str) -> Entry:
    return lambda ours: ours.yearly("mean", of=of)


def _line(of: str) -> Entry:
    return asked("level", of=of)(lambda found: _wls(found.mean))


def _minutes_range(ours: Ours) -> dict[str, float]:
    means = sorted(ours.yearly("mean", of="minutes").values())
    return {"min": means[0], "max": means[-1], "median": statistics.median(means)}


def _correlations(ours: Ours) -> dict[str, float]:
    pairs = [(of, to, asked("relation", of=of, to=to)(lambda f: f.pearson)) for of, to in combinations(SIZES, 2)]
    return {f"{MEASURES[of].sql}~{MEASURES[to].sql}": found(ours) for of, to, found in pairs}


def _ends(found: Any) -> dict[str, float]:  # noqa: ANN401 - a PublishedDiversity
    delta = found.end - found.start
    return {str(found.first): found.start, str(found.last): found.end, "delta": delta, "pct": 100 * delta / found.start}


def _diversity(kind: str) -> Entry:
    """Give the line, and the share of variance as the notebook printed it: of squares around the unweighted mean."""

    def read(ours: Ours) -> dict[str, float]:
        table = ours.columns("diversity", kind=kind, method="published")
        found = ours.ask("diversity", kind=kind)
        y, n = table["spellings"], table["n"]
        rest = np.average((y - found.intercept - found.slope * table["year"]) ** 2, weights=n)
        printed = 1 - rest / np.average((y - y.mean()) ** 2, weights=n)
        return _wls(found) | {"spearman_w": found.spearman, "r2_printed": float(printed)}

    return read


def _terms(kind: str, short: str) -> dict[str, Entry]:
    terms, changes, diversity = (asked(question, kind=kind) for question in ("terms", "term_changes", "diversity"))
    return {
        f"trend.{short}.exploded": terms(lambda f: f.occurrences),
        f"trend.{short}.n_ge50": terms(lambda f: f.common),
        f"trend.{short}.top10": terms(lambda f: dict(zip(f.top[:10], f.counts[:10], strict=True))),
        f"trend.{short}.top_increase": changes(lambda f: {row.term: row.delta for row in f.up}),
        f"trend.{short}.top_decrease": changes(lambda f: {row.term: row.delta for row in f.down}),
        f"trend.{short}.diversity_ends": diversity(_ends),
        f"trend.{short}.diversity_by_year": lambda o: o.yearly("spellings", "diversity", kind=kind, method="published"),
        f"trend.{short}.diversity_wls": _diversity(kind),
    }


TRENDS: dict[str, Entry] = {
    "trend.volume.by_year": lambda o: o.yearly("n"),
    "trend.volume.describe": VOLUME(lambda f: {
        "mean": f.mean, "std_ddof1": f.sd, "cv_pct": 100 * f.sd / f.mean,
        "median": f.median, "min": f.least, "max": f.most,
    }),
    "trend.volume.describe_app": VOLUME(lambda f: {
        "std_ddof0": f.sd_population, "cv_pct": 100 * f.variation, "q1": f.lower_quartile, "q3": f.upper_quartile,
    }),
    "trend.volume.shapiro": VOLUME(lambda f: {
        "W": f.shapiro_w, "p": f.shapiro_p, "normal": f.shapiro_p >= SIGNIFICANT,
    }),
    "trend.volume.dagostino": VOLUME(lambda f: {
        "K2": f.agostino_k2, "p": f.agostino_p, "normal": f.agostino_p >= SIGNIFICANT,
    }),
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
    "trend.complexity.pearson": _correlations,
    **{f"trend.{theirs}.mean_by_year": _means(of) for theirs, of in REGRESSED.items()},
    **{f"trend.{theirs}.wls": _line(of) for theirs, of in REGRESSED.items()},
    **{f"trend.nutrition.{theirs}_by_year": _means(of) for theirs, of in NUTRIENTS.items()},
    "trend.nutrition.wls": lambda o: {MEASURES[of].sql: _line(of)(o) for of in NUTRIENTS.values()},
    **_terms("ingredient", "ing"),
    **_terms("tag", "tag"),
    "trend.ing.diversity_r2_correct": asked("diversity", kind="ingredient")(lambda f: f.r2),
}  # fmt: skip
