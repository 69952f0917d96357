"""Typed results: an estimate with its interval, the effect that would matter, and the verdict they give."""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass
from typing import Annotated, Any, ClassVar, Literal, get_origin, get_type_hints

from mangetamain.language import N_, Number, digits_for

Verdict = Literal["clear", "real", "negligible", "undecided"]
# What a reader calls them, the strongest first.
VERDICTS: dict[Verdict, str] = {
    # Translators: a verdict on a change or a difference, in brackets behind its sentence
    "clear": N_("clear"),
    "real": N_("real"),
    "negligible": N_("negligible"),
    "undecided": N_("undecided"),
}


class Record:
    """A typed result that goes to JSON and back: every kind is known by its class name.

    A field whose name is not a parameter's or a table column's says in its annotation what a reader calls it; where
    fields share a name, they share what they are called.
    """

    kinds: ClassVar[dict[str, type[Any]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if Record.kinds.setdefault(cls.__name__, cls).__module__ != cls.__module__:
            raise TypeError(f"two kinds of record are called {cls.__name__}")


def labels() -> dict[str, str]:
    """Give what a reader calls the fields of all records, by annotation; ``name[]`` where it holds several."""
    hints = [get_type_hints(kind, include_extras=True) for kind in Record.kinds.values() if is_dataclass(kind)]
    return {
        f"{name}[]" if get_origin(hint.__origin__) is tuple else name: hint.__metadata__[0]
        for named in hints
        for name, hint in named.items()
        if hasattr(hint, "__metadata__")
    }


@dataclass(frozen=True)
class Estimate(Record):
    """A number and the interval that covers its true value at the stated level of confidence."""

    value: Annotated[float, N_("Value")]
    low: float
    high: float
    confidence: Annotated[float, N_("Level of confidence")] = 0.95

    def times(self, factor: float) -> Estimate:
        """Express the estimate in another unit, as a change a year becomes a change over a period."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Estimate(self.value * factor, low, high, self.confidence)

    def digits(self, least: int) -> int:
        """Return the decimals it takes to see either end; the value between them is known no better than they are."""
        return digits_for((self.low, self.high), least)

    def limits(self, digits: int, *, percent: bool = False, signed: bool = True) -> dict[str, Number]:
        """Give the ends of the interval to a sentence, as its `low` and `high`; a size has no sign."""
        ends = {"low": self.low, "high": self.high}
        return {name: Number(value, digits, signed=signed, percent=percent) for name, value in ends.items()}

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
        any, is too small to matter); ``clear`` when the whole interval lies beyond it; ``real`` when the interval
        excludes zero and no more (whether the effect is large enough to matter is open); else ``undecided``.

    References
    ----------
    Lakens, D. (2017). Equivalence tests. Social Psychological and Personality Science 8(4).
    doi:10.1177/1948550617697177
    """
    if -smallest < estimate.low and estimate.high < smallest:
        return "negligible"
    if estimate.low >= smallest or estimate.high <= -smallest:
        return "clear"
    return "real" if estimate.excludes_zero else "undecided"


def outcome(verdict: Verdict | None, change: Estimate) -> str:
    """Name the case that a sentence speaks of: "clear down" or "real up", and the verdict where no way is sure."""
    return f"{verdict} {'down' if change.value < 0 else 'up'}" if verdict in ("clear", "real") else str(verdict)


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


@dataclass(frozen=True, kw_only=True)
class Alike(Finding):
    """Values that are every one the same, or so many of them that what is told of them never differs."""

    value: float
    every: Annotated[bool, N_("All alike")] = True


@dataclass(frozen=True, kw_only=True)
class Nothing(Finding):
    """Nothing was there to be counted."""

    n: int = 0


@dataclass(frozen=True, kw_only=True)
class TooFew(Finding):
    """Too little, or too much alike, to judge."""


@dataclass(frozen=True, kw_only=True)
class AsPublished(Finding):
    """What the predecessor's own method gives, which nobody judges."""
