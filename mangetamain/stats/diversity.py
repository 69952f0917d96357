"""How many different terms there are, at equal sample size."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def rarefy(counts: ArrayLike, recipes: int, m: int) -> tuple[float, float]:
    """Give the number of terms expected in `m` recipes drawn without replacement, and its standard error.

    Parameters
    ----------
    counts
        For each term, the recipes that hold it.
    recipes
        Recipes there are.
    m
        Recipes drawn, at most `recipes`.

    Returns
    -------
    tuple[float, float]
        Expected terms, and the error for the recipes being themselves a sample of what could have been posted.

    Raises
    ------
    ValueError
        When more recipes are drawn than there are.

    References
    ----------
    Colwell et al. (2012), doi:10.1093/jpe/rtr044 (the sample-based model); Chao (1987),
    doi:10.2307/2531532 (terms not seen).
    """
    from scipy.special import gammaln

    if not 0 <= m <= recipes:
        raise ValueError(f"cannot draw {m} of {recipes} recipes")
    held, terms = np.unique(np.asarray(counts, dtype=np.int64), return_counts=True)
    held, terms = held[held > 0], terms[held > 0]
    with np.errstate(invalid="ignore"):
        log = (
            gammaln(recipes - held + 1.0)
            - gammaln(np.maximum(recipes - held - m, 0) + 1.0)
            - gammaln(recipes + 1.0)
            + gammaln(recipes - m + 1.0)
        )
    found = np.where(recipes - held < m, 1.0, -np.expm1(log))
    expected = float((terms * found).sum())
    if not expected:
        return 0.0, 0.0
    # All terms there are, by Chao: those never met are told from those met once and twice.
    once, twice = (int(terms[held == times].sum()) for times in (1, 2))
    unseen = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    every = int(terms.sum()) + (recipes - 1) / recipes * unseen
    variance = float((terms * found**2).sum()) - expected**2 / every
    return expected, float(np.sqrt(max(variance, 0.0)))
