"""Typed results: an estimate with its interval, the effect that would matter, and the verdict they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Verdict = Literal["clear", "small", "negligible", "undecided"]


class Record:
    """A typed result that goes to JSON and back: every kind is known by its class name."""

    kinds: ClassVar[dict[str, type[Any]]] = {}

    def __init_subclass__(cls) -> None:
        if Record.kinds.setdefault(cls.__name__, cls).__module__ != cls.__module__:
            raise TypeError(f"two kinds of record are called {cls.__name__}")


@dataclass(frozen=True)
class Estimate(Record):
    """A number and the interval that covers its true value at the stated level."""

    value: float
    low: float
    high: float
    level: float = 0.95

    def times(self, factor: float) -> Estimate:
        """Express the estimate in another unit, as a change a year becomes a change over a period."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Estimate(self.value * factor, low, high, self.level)

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def verdict(estimate: Estimate, smallest: float) -> Verdict:
    """Judge an estimate against the smallest effect that matters.

    Parameters
    ----------
    estimate
        The effect and its interval, in the unit of `smallest`.
    smallest
        Smallest effect of interest, positive; below it nobody would cook differently.

    Returns
    -------
    Verdict
        ``negligible`` when the whole interval lies inside ±`smallest` (an equivalence result: the effect, if
        any, is too small to matter); else ``clear`` when the interval excludes zero and the estimate reaches
        `smallest`; else ``small`` when the interval excludes zero (real, but smaller than what matters, as far
        as one can tell); else ``undecided``.

    References
    ----------
    Lakens, D. (2017). Equivalence tests. Social Psychological and Personality Science 8(4).
    doi:10.1177/1948550617697177
    """
    if -smallest < estimate.low and estimate.high < smallest:
        return "negligible"
    if not estimate.excludes_zero:
        return "undecided"
    return "clear" if abs(estimate.value) >= smallest else "small"


@dataclass(frozen=True, kw_only=True)
class Finding(Record):
    """What a question found; numbers and names only: each field is another record, a tuple, or what JSON can hold.

    Parameters
    ----------
    n
        Rows that were counted.
    verdict
        How the effect was judged; None where the question has no effect to judge.
    """

    n: int
    verdict: Verdict | None = None
