"""Series and samples with a known truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Recipes a year, 2000 to 2017 and the thinnest year of all in the place of 2016.
RECIPES = np.array(
    [689, 3974, 17523, 15625, 14381, 20909, 23667, 29790, 26763, 19597, 10308, 6549, 4361, 3181, 853, 241, 134, 228.0]
)


def remembered(rng: np.random.Generator, reps: int, k: int, rho: float) -> Floats:
    """Stationary AR(1) series of variance one."""
    u = rng.normal(size=(reps, k))
    for t in range(1, k):
        u[:, t] = rho * u[:, t - 1] + np.sqrt(1 - rho**2) * u[:, t]
    return u
