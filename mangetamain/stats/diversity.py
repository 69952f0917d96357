"""How many different terms there are, at equal sample size."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def rarefy(counts: ArrayLike, recipes: int, m: float) -> float:
    """Give the number of terms expected in `m` recipes drawn without replacement.

    Parameters
    ----------
    counts
        For each term, the recipes that hold it.
    recipes
        Recipes there are.
    m
        Recipes drawn, at most `recipes`; between whole numbers one or the other, so many on average.

    Returns
    -------
    float
        Expected terms.

    Raises
    ------
    ValueError
        When more recipes are drawn than there are.

    References
    ----------
    Hurlbert (1971), doi:10.2307/1934145; Colwell et al. (2012), doi:10.1093/jpe/rtr044 (samples instead of single
    finds).
    """
    from scipy.special import gammaln

    if not 0 <= m <= recipes:
        raise ValueError(f"cannot draw {m} of {recipes} recipes")
    whole = int(m)
    if m > whole:
        return (whole + 1 - m) * rarefy(counts, recipes, whole) + (m - whole) * rarefy(counts, recipes, whole + 1)
    held, terms = np.unique(np.asarray(counts, dtype=np.int64), return_counts=True)
    held, terms = held[held > 0], terms[held > 0]
    with np.errstate(invalid="ignore"):
        log = (
            gammaln(recipes - held + 1.0)
            - gammaln(np.maximum(recipes - held - m, 0) + 1.0)
            - gammaln(recipes + 1.0)
            + gammaln(recipes - m + 1.0)
        )
    return float((terms * np.where(recipes - held < m, 1.0, -np.expm1(log))).sum())


def rarefaction_error(
    losses: ArrayLike,
    squares: ArrayLike,
    products: ArrayLike,
    *,
    sizes: ArrayLike,
    cooks: ArrayLike,
    recipes: ArrayLike,
) -> NDArray[np.float64]:
    """Give the standard error of numbers of terms from `rarefy`, where cooks, not recipes, are the sample.

    Parameters
    ----------
    losses, squares, products
        Let a cook's loss be the terms that `rarefy` expects less when the terms of the cook's recipes are taken away:
        the sums over cooks of the losses, of their squares, and of the losses times the cook's recipes. (With the terms
        that a cook's recipes hold in all instead, it is the error of their sum.)
    sizes
        Sum over cooks of the cook's recipes, squared.
    cooks, recipes
        How many there are.

    Returns
    -------
    ndarray
        One error for each entry of the arguments; NaN for a single cook, of whom nobody can tell how far the next
        would be.

    Notes
    -----
    The jackknife that leaves out a cook at a time. A cook of n recipes is held against n times the loss of the average
    recipe, for the number of recipes drawn is fixed. Measured on made-up cooks, in samples of 172: 1.02 times the
    true error among 4,000 recipes whose cooks do not repeat themselves (2.9 times for the binomial error of single
    recipes), 0.99 where 80 % of a cook's terms come from twenty favourites, and 1.1 to 1.2 where all 172 are drawn.

    References
    ----------
    Efron & Stein (1981), doi:10.1214/aos/1176345462 (the jackknife's error is not too small on average).
    """
    total, squared, crossed, own, g, n = (
        np.asarray(values, dtype=np.float64) for values in (losses, squares, products, sizes, cooks, recipes)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        average = total / n
        variance = g / (g - 1) * (squared - 2 * average * crossed + average**2 * own)
        return np.asarray(np.where(g > 1, np.sqrt(np.maximum(variance, 0.0)), np.nan), dtype=np.float64)
