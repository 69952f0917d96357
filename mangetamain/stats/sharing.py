"""What two groups have in common where some values belong to both: the correlation of their centres."""

from __future__ import annotations

import numpy as np

from mangetamain.stats._mixed_effects import Floats
from mangetamain.stats.counts import Counts


def shared_correlation(one: Counts, other: Counts, both: Counts, centre: str, *, pooled: bool = False) -> Floats:
    """Give the correlation of two centres of each group, from the values that both were made of.

    Parameters
    ----------
    one, other
        Two selections of values, in the same groups.
    both
        The values that belong to both.
    centre
        `mean`, `trimmed` or `median`.
    pooled
        Whether groups share one deviation, as where values are but a few; see `pooled_se`.

    Returns
    -------
    Floats
        One correlation a group, in [-1, 1]; 0 where nothing is shared or nothing varies.

    Notes
    -----
    A centre is, to first order, a mean of transformed values (see `Transform`). The covariance of two such means is the
    sum, over the values that both hold, of the products of their deviations, divided by both numbers; the correlation
    is that over both standard errors. It holds whatever the errors are scaled by.
    """
    made = [counts.centre(centre)[1] for counts in (one, other)]
    means = [counts.sum(counts.n * counts.made(each)) / np.maximum(counts.size, 1)
             for counts, each in zip((one, other), made, strict=True)]  # fmt: skip
    off = [both.made(each) - mean[both.group] for each, mean in zip(made, means, strict=True)]
    product = both.sum(both.n * off[0] * off[1])
    squares = [counts.sum(counts.n * (counts.made(each) - mean[counts.group]) ** 2)
               for counts, each, mean in zip((one, other), made, means, strict=True)]  # fmt: skip
    if pooled:
        product = both.size * product.sum() / max(int(both.size.sum()), 1)
        squares = [counts.size * square.sum() / max(int(counts.size.sum()), 1)
                   for counts, square in zip((one, other), squares, strict=True)]  # fmt: skip
    scale = np.sqrt(squares[0] * squares[1])
    return np.clip(np.divide(product, scale, out=np.zeros(one.groups), where=scale > 0), -1.0, 1.0)
