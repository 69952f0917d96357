from __future__ import annotations

import itertools
from typing import get_args

import pytest

from mangetamain.finding import Estimate, Verdict, verdict


@pytest.mark.parametrize(
    ("low", "value", "high", "expected"),
    [
        (1.2, 2.0, 2.8, "clear"),
        (-2.8, -2.0, -1.2, "clear"),
        (1.0, 1.5, 2.0, "clear"),  # the whole interval reaches the smallest effect
        (0.2, 1.5, 2.8, "real"),  # an estimate beyond it is not enough
        (0.1, 0.9, 1.7, "real"),
        (-1.7, -0.9, -0.1, "real"),
        (-0.5, 0.1, 0.7, "negligible"),
        (0.1, 0.4, 0.7, "negligible"),  # real, and too small to matter all the same
        (-0.2, 0.9, 2.0, "undecided"),
        (-3.0, 0.0, 3.0, "undecided"),
        (-1.0, 0.0, 1.0, "undecided"),  # touching the smallest effect is not inside it
        (0.0, 1.0, 2.0, "undecided"),  # touching zero does not exclude it
        (0.0, 0.0, 0.0, "negligible"),
    ],
)
def test_verdict(low: float, value: float, high: float, expected: str) -> None:
    assert verdict(Estimate(value, low, high), 1.0) == expected


@pytest.mark.parametrize(
    ("low", "value", "high", "digits"),
    [
        (-0.12, 0.0003, 0.13, 2),  # an estimate next to zero is known no better than its ends
        (-0.12, 0.0, 0.13, 2),
        (0.003, 0.1, 0.2, 3),  # an end that does not touch zero is not written as if it did
        (-0.004, 0.1, 0.2, 3),
        (1.0, 2.0, 3.0, 2),
    ],
)
def test_a_sentence_has_the_decimals_that_the_interval_knows(low, value, high, digits) -> None:
    assert Estimate(value, low, high).digits(2) == digits


def test_every_interval_gets_exactly_one_verdict_and_mirrors_alike() -> None:
    ends = [-2.5, -1.0, -0.5, 0.0, 0.25, 1.0, 1.5]
    seen = set()
    for low, high in itertools.combinations_with_replacement(ends, 2):
        for value in (low, (low + high) / 2, high):
            found = verdict(Estimate(value, low, high), 1.0)
            seen.add(found)
            assert verdict(Estimate(-value, -high, -low), 1.0) == found
            inside, beyond = low > -1 and high < 1, low > 0 or high < 0
            assert found == ("negligible" if inside else found)
            assert (found in {"clear", "real"}) == (beyond and not inside)
            assert (found == "clear") == (low >= 1 or high <= -1)
    assert seen == set(get_args(Verdict))


def test_another_unit_keeps_the_verdict() -> None:
    per_year = Estimate(-0.4, -0.6, -0.2, 0.9)
    over_ten = per_year.times(10)
    assert (over_ten.value, over_ten.low, over_ten.high, over_ten.confidence) == (-4, -6, -2, 0.9)
    turned = per_year.times(-1)
    assert (turned.low, turned.high) == (0.2, 0.6)
    assert verdict(per_year, 0.2) == verdict(over_ten, 2) == verdict(turned, 0.2) == "clear"
