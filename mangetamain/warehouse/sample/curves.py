"""The arithmetic that turns the sample's published marginals into the small tables its SQL draws from."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from mangetamain.warehouse.sample import marginals as published
from mangetamain.warehouse.sample import planted, terms

Floats = NDArray[np.float64]
GOLDEN = (math.sqrt(5) - 1) / 2
FREE_YEAR = 2007


def apportion(total: int, weights: Sequence[float] | Floats) -> list[int]:
    """Share out a whole number in proportion to weights, by largest remainder; ties go to the first."""
    exact = total * np.asarray(weights, dtype=float) / max(float(np.sum(weights)), 1e-300)
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return [int(n) for n in whole]


def tilt(values: Sequence[int], weights: Sequence[float] | Floats, mean: float) -> Floats:
    """Tilt a distribution exponentially until it has the wanted mean."""
    x, log = np.asarray(values, dtype=float), np.log(np.asarray(weights, dtype=float))
    low, high = -1.0, 1.0
    p: Floats = np.exp(log)
    for _ in range(60):
        middle = (low + high) / 2
        p = np.exp(log + middle * x - np.max(log + middle * x))
        p = p / p.sum()
        low, high = (middle, high) if p @ x < mean else (low, middle)
    return p


def shapes() -> dict[str, tuple[list[int], list[float]]]:
    """Give the untilted distributions of the cleaned minutes, steps and ingredients: values and weights."""
    named = published.MINUTES
    rest = (1000 - sum(named.values())) / (180 - len(named))
    minutes = [named.get(m, rest) for m in range(1, 181)]
    shape, scale = (9.2 / published.STEPS_SPREAD) ** 2, published.STEPS_SPREAD**2 / 9.2
    steps = [x ** (shape - 1) * math.exp(-x / scale) for x in range(2, 25)]
    power, centre = published.INGREDIENTS_POWER, 8.8**published.INGREDIENTS_POWER
    ingredients = [math.exp(-(((x**power - centre) / published.INGREDIENTS_SPREAD) ** 2) / 2) for x in range(3, 18)]
    return {
        "minutes": (list(range(1, 181)), minutes),
        "n_steps": (list(range(2, 25)), steps),
        "n_ingredients": (list(range(3, 18)), ingredients),
    }


def season(day: dt.date) -> int:
    """Give the season of a day: 0 winter (December to February), 1 spring, 2 summer, 3 autumn."""
    return day.month % 12 // 3


def days(first: dt.date, last: dt.date) -> list[dt.date]:
    """List every day from first to last."""
    return [first + dt.timedelta(n) for n in range((last - first).days + 1)]


def recipe_days(sizes: dict[str, int]) -> list[tuple[str, dt.date, int]]:
    """Share each class of recipes out over the days: years, seasons and weekdays as published."""
    calendar = days(published.FIRST_RECIPE, published.LAST_RECIPE)
    chance = _raked(calendar)
    years = np.array([d.year for d in calendar])
    rows: list[tuple[str, dt.date, int]] = []
    for name, size in sizes.items():
        for year, n in zip(published.YEARS, apportion(size, published.RECIPES), strict=True):
            here = np.flatnonzero(years == year)
            cumulative = np.cumsum(chance[here]) / chance[here].sum()
            # Stratified, with the golden ratio's low-discrepancy jitter: an even comb would beat against the week.
            at = (np.arange(n) + np.arange(1, n + 1) * GOLDEN % 1) / max(n, 1)
            picked = np.searchsorted(cumulative, at, side="right").clip(max=len(here) - 1)
            if name == "kept" and n > 1:
                picked[0], picked[-1] = 0, len(here) - 1
            rows += [(name, calendar[here[k]], int(c)) for k, c in enumerate(np.bincount(picked)) if c]
    return rows


def _raked(calendar: list[dt.date]) -> Floats:
    """Weigh days so that, with the yearly numbers, the published season and weekday totals come out."""
    year = np.array([d.year - published.YEARS[0] for d in calendar])
    margins = [
        (np.array([season(d) for d in calendar]), np.array(planted.RECIPES_BY_SEASON, dtype=float)),
        (np.array([d.weekday() for d in calendar]), np.array(planted.RECIPES_BY_WEEKDAY, dtype=float)),
        (year, np.array(published.RECIPES, dtype=float)),
    ]
    weight = np.ones(len(calendar))
    for _ in range(25):
        for group, target in margins:
            weight *= (target / np.bincount(group, weights=weight))[group]
    return weight


def review_days(total: int) -> list[tuple[dt.date, int]]:
    """Share reviews out over the days: the assumed monthly volume, the published months and weekdays."""
    calendar = days(published.FIRST_REVIEW, published.LAST_REVIEW)
    knots = [int(m[:4]) * 12 + int(m[5:]) - 0.5 for m, _ in published.VOLUME]
    logs = [math.log(n) for _, n in published.VOLUME]
    at = np.array([d.year * 12 + d.month - 1 + d.day / 31 for d in calendar])
    weight = np.exp(np.interp(at, knots, logs))
    weight *= np.array([planted.REVIEWS_BY_MONTH[d.month - 1] for d in calendar])
    weight *= np.array([planted.REVIEWS_BY_WEEKDAY[d.weekday()] for d in calendar])
    counts = apportion(total, weight)
    if total > 1:
        # The first and the last day of the real set are days of the sample too.
        for end in (0, -1):
            if not counts[end]:
                counts[int(np.argmax(counts))] -= 1
                counts[end] = 1
    return list(zip(calendar, counts, strict=True))


def rating_shifts() -> list[tuple[dt.date, float]]:
    """Give each day's shift of the latent rating: the level of its time, its season and its weekday."""
    shares = np.array(published.TRAIN_RATINGS[1:], dtype=float) / sum(published.TRAIN_RATINGS[1:])
    grid = np.arange(-1.5, 1.5, 0.005)
    tails = [NormalDist().inv_cdf(float(1 - s)) for s in np.cumsum(shares)[:-1]]
    mean = np.array([1 + sum(0.5 * math.erfc((-t - g) / math.sqrt(2)) for t in tails) for g in grid])
    calendar = days(published.FIRST_REVIEW, published.LAST_REVIEW)
    target = [
        next(level for since, level in reversed(planted.LEVELS) if day >= since)
        + planted.RATING_BY_SEASON[season(day)] * planted.TRAIN_PART
        + planted.RATING_BY_WEEKDAY[day.weekday()]
        for day in calendar
    ]
    return list(zip(calendar, np.interp(target, mean, grid).round(6).tolist(), strict=True))


def ingredient_shares() -> dict[str, tuple[Floats, tuple[float, ...]]]:
    """Give each named ingredient's share of a year's recipes, and its factor by season."""
    curves = {name: _through(*v) for name, v in terms.MOVING_INGREDIENTS.items()}
    for name, knots in terms.JUMPING_INGREDIENTS.items():
        curves[name] = np.interp(published.YEARS, [k[0] for k in knots], [k[1] for k in knots])
    shares = _seasoned(curves, terms.STEADY_INGREDIENTS, terms.SEASONAL_INGREDIENTS)
    # The others give way, so that the named ones are the same part of all ingredients every year: diversity at equal
    # size is constant by construction, whatever rises or falls.
    moving = np.sum([shares[name][0] for name in curves], axis=0)
    steady = np.sum([by_year for name, (by_year, _) in shares.items() if name not in curves], axis=0)
    per_recipe = np.array(published.MEANS["n_ingredients"])
    named = float(np.average((moving + steady) / per_recipe, weights=published.RECIPES))
    room = (named * per_recipe - moving) / steady
    return {name: (v if name in curves else v * room, by_season) for name, (v, by_season) in shares.items()}


def tag_shares() -> dict[str, tuple[Floats, tuple[float, ...]]]:
    """Give each tag's share of a year's recipes, and its factor by season."""
    curves = {name: _through(*v) for name, v in terms.MOVING_TAGS.items()}
    known = _seasoned(curves, terms.STEADY_TAGS, terms.SEASONAL_TAGS)
    tail = range(1, terms.TAGS - len(known) + 1)
    rest = {f"tag {n:03}": terms.TAIL_TAG_SHARE * math.exp(-n / terms.TAIL_TAG_DECAY) for n in tail}
    return known | _seasoned({}, rest, {})


def _through(overall: float, first: float, last: float) -> Floats:
    """Draw two straight lines from the first year's share to the last's that meet the overall share."""
    ends = (published.YEARS[0], FREE_YEAR, published.YEARS[-1])
    weights = np.array(published.RECIPES) / sum(published.RECIPES)
    base = np.interp(published.YEARS, ends, (first, 0, last))
    unit = np.interp(published.YEARS, ends, (0, 1, 0))
    return base + unit * (overall - weights @ base) / (weights @ unit)


def _seasoned(
    curves: dict[str, Floats], steady: dict[str, float], seasonal: dict[str, tuple[float, float, float, float]]
) -> dict[str, tuple[Floats, tuple[float, ...]]]:
    """Bring moving, steady and seasonal shares (per cent) into one form: by year (of 1), and a factor by season."""
    weights = np.array(planted.RECIPES_BY_SEASON) / sum(planted.RECIPES_BY_SEASON)
    level = {name: float(weights @ np.array(shares)) for name, shares in seasonal.items()}
    flat = np.ones(len(published.YEARS))
    result = {}
    for name in dict.fromkeys([*curves, *steady, *seasonal]):
        by_year = curves[name] if name in curves else flat * steady.get(name, level.get(name, 0.0))
        factor = tuple(s / level[name] for s in seasonal[name]) if name in seasonal else (1.0,) * 4
        result[name] = by_year / 100, factor
    return result
