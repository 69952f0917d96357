"""The thresholds of the cleaning rules, and how the command line writes them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from mangetamain.errors import BadInput

Range = tuple[int, int]
LARGEST_BOUND = 2**31 - 1  # what the INTEGER columns of the clean table hold


@dataclass(frozen=True)
class Cleaning:
    """The thresholds of the cleaning rules; the defaults are those of the published analysis.

    Parameters
    ----------
    minutes
        Shortest and longest recipe kept, in minutes.
    quantiles
        The two quantiles of n_steps and of n_ingredients, among recipes of accepted duration, that bound what is kept.
    steps, ingredients
        Bounds that replace those of the quantiles.

    Raises
    ------
    BadInput
        When a bound is not a number that can be meant.
    """

    minutes: Range = (1, 180)
    quantiles: tuple[float, float] = (0.025, 0.975)
    steps: Range | None = None
    ingredients: Range | None = None

    def __post_init__(self) -> None:
        for name, bounds in (("minutes", self.minutes), ("steps", self.steps), ("ingredients", self.ingredients)):
            if bounds is not None:
                _check_range(name, *bounds)
        low, high = self.quantiles
        if not 0 <= low < high <= 1:
            raise BadInput(
                "The quantiles {low} and {high} cannot be used: two shares between 0 and 1 are expected, "
                "the lower one first, as in 0.025-0.975.", low=str(low), high=str(high))  # fmt: skip

    @classmethod
    def parse(
        cls,
        *,
        minutes: str | None = None,
        quantiles: str | None = None,
        steps: str | None = None,
        ingredients: str | None = None,
    ) -> Cleaning:
        """Read the thresholds as they are written on the command line; one not given keeps its default.

        Parameters
        ----------
        minutes, steps, ingredients
            Lowest and highest number kept, as in ``1-180``.
        quantiles
            The share cut off at each end, as in ``0.025``, or both quantiles, as in ``0.025-0.975``.

        Raises
        ------
        BadInput
            When a text is not such a range or share.
        """
        given: dict[str, Any] = {
            name: _parse_range(name, text)
            for name, text in (("minutes", minutes), ("steps", steps), ("ingredients", ingredients))
            if text is not None
        }
        if quantiles is not None:
            given["quantiles"] = _parse_quantiles(quantiles)
        return cls(**given)

    def as_dict(self) -> dict[str, Any]:
        """Give the thresholds as JSON can hold them."""
        return {name: list(value) if value else None for name, value in asdict(self).items()}


def _check_range(name: str, low: int, high: int) -> None:
    if low > high:
        raise BadInput(
            "{name}: {low} is above {high}; {high}-{low} was perhaps meant.", name=name, low=str(low), high=str(high)
        )
    if not 0 <= low <= high <= LARGEST_BOUND:
        raise BadInput(
            "{name}: {low}-{high} cannot be used; whole numbers from 0 to {largest} are expected.",
            name=name, low=str(low), high=str(high), largest=str(LARGEST_BOUND))  # fmt: skip


def _parse_range(name: str, text: str) -> Range:
    found = re.fullmatch(r"\s*(\d{1,4000})\s*-\s*(\d{1,4000})\s*", text)  # Python reads no longer numbers
    if not found:
        raise BadInput(
            "{name}: {value} is not understood; the lowest and the highest number kept are expected, as in {example}.",
            name=name, value=f"“{text}”", example={"minutes": "1-180", "steps": "2-24"}.get(name, "3-17"))  # fmt: skip
    return int(found[1]), int(found[2])


def _parse_quantiles(text: str) -> tuple[float, float]:
    found = re.fullmatch(r"\s*(\d*\.?\d+)\s*(?:-\s*(\d*\.?\d+)\s*)?", text)
    if not found:
        raise BadInput(
            "quantiles: {value} is not understood; the share cut off at each end is expected, as in 0.025.",
            value=f"“{text}”")  # fmt: skip
    low = float(found[1])
    return low, float(found[2]) if found[2] else 1 - low
