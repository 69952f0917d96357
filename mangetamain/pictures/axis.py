"""One axis of a picture: from data to pixels, and the places that are named on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log10
from typing import Any

import numpy as np

from mangetamain.charts import decimals, steps
from mangetamain.language import Number

DATE = re.compile(r"\d{4}-\d\d(-\d\d)?(T.*)?$")
# Of a logarithmic axis, as plotly is told: 1, 2, 5, 10, 20, 50 and so on.
ROUND = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
DAYS_A_YEAR = 365.25


def days(text: str) -> float:
    """Count the days from 1970 to a date, "2006-07" being the first of that month."""
    given = datetime.fromisoformat(text if len(text) > 7 else f"{text}-01").replace(tzinfo=UTC)
    return given.timestamp() / 86400


@dataclass
class Axis:
    """Where a value lies on an axis, in pixels.

    Parameters
    ----------
    low, high
        Ends of what is shown, on the axis's own scale: logarithms, days since 1970 or places of names.
    start, end
        The pixels of these ends.
    kind
        ``linear``, ``log``, ``date`` or ``category``.
    names
        Of a category axis, in order.
    whole
        Whether it names whole numbers alone, as of years.
    """

    low: float
    high: float
    start: float = 0
    end: float = 1
    kind: str = "linear"
    names: Sequence[str] = ()
    whole: bool = False

    def scaled(self, values: Iterable[Any]) -> np.ndarray:
        """Put values on the axis's own scale; what is missing is NaN."""
        if self.kind == "category":
            place = {name: i for i, name in enumerate(self.names)}
            return np.array([place.get(value, value) for value in values], dtype=float)
        if self.kind == "date":
            return np.array([days(value) if isinstance(value, str) else np.nan for value in values])
        numbers = np.array([np.nan if value is None else value for value in values], dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log10(numbers) if self.kind == "log" else numbers

    def placed(self, scaled: np.ndarray) -> np.ndarray:
        """Return the pixels of places on the axis's own scale."""
        return self.start + (scaled - self.low) / (self.high - self.low) * (self.end - self.start)

    def pixels(self, values: Iterable[Any]) -> np.ndarray:
        """Return where values lie."""
        return self.placed(self.scaled(values))

    def ticks(self, most: float, lang: str, *, few: bool = False) -> list[tuple[float, str]]:
        """Return the places that are named, in pixels, with their names: round numbers, whole years, categories.

        Of a logarithmic axis only the powers of ten are named where there is room for `few`.
        """
        low, high = sorted((self.low, self.high))
        if self.kind == "category":
            return list(zip(self.pixels(self.names).tolist(), self.names, strict=True))
        if self.kind == "date":
            years = [1970 + each / DAYS_A_YEAR for each in (low, high)]
            found = [int(year) for year in steps(years[0], years[1], most) if year == int(year)]
            places = [f"{year}-01-01" for year in found if low <= days(f"{year}-01-01") <= high]
            return list(zip(self.pixels(places).tolist(), [place[:4] for place in places], strict=True))
        if self.kind == "log":
            values: list[float] = [each for each in ROUND[:: 3 if few else 1] if low <= log10(each) <= high]
        else:
            values = [each for each in steps(low, high, most) if not self.whole or each == int(each)]
        return list(zip(self.pixels(values).tolist(), written(values, lang), strict=True))


def written(values: Sequence[float], lang: str) -> list[str]:
    """Write the numbers of an axis alike, with as many decimals as tell neighbours apart; years without separators."""
    if values and all(1900 <= value <= 2100 and value == int(value) for value in values):
        return [str(int(value)) for value in values]
    return [Number(value, decimals(values)).render(lang) for value in values]
