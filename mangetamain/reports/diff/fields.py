"""What a comparison calls a fact, a parameter or a finding's field, and which of its numbers are percentages."""

from __future__ import annotations

from functools import cache

from mangetamain.finding import labels
from mangetamain.language import N_
from mangetamain.questions import QUESTIONS
from mangetamain.questions.panel_keys import question_of

# What is said of a run and of a figure's axes.
FACTS: dict[str, str] = {
    "cleaning": N_("Cleaning"),
    "fingerprint": N_("Fingerprint"),
    "lang": N_("Language"),
    "outcome": N_("Outcome"),
    "source": N_("Source"),
    "synthetic": N_("Synthetic data"),
    "x": N_("Horizontal axis"),
    "x.ticks": N_("Names on the horizontal axis"),
    "y": N_("Vertical axis"),
    "y.ticks": N_("Names on the vertical axis"),
}
# By question, the numbers that are shares of one, and those that are percentages already: both have a percent sign.
SHARES: dict[str, tuple[str, ...]] = {
    "diversity": ("relative", "smallest"),
    "distribution": ("share",),
    "term_changes": ("first_share", "first_third", "last_share", "last_third"),
    "term_curve": ("end", "high", "low", "share", "start"),
    "terms": ("high", "low", "share"),
    "volume": ("change", "gap", "gap_high", "gap_low", "smallest"),
}
PERCENTAGES: dict[str, tuple[str, ...]] = {"distribution": ("five", "five_se", "low", "low_se")}


@cache
def known() -> dict[str, str]:
    """Return the labels of facts, questions' parameters and findings' fields; a table's columns have headings."""
    parameters = [asked for question in QUESTIONS.values() for asked in question.parameters.items()]
    return labels() | {name: kind.label for name, (kind, _) in parameters} | FACTS


def percent(panel: str, name: str) -> float:
    """Return what makes a panel's number a percentage: 100, or 1 where it is one; 0 where it is none."""
    question, leaf = question_of(panel), name.rpartition(".")[2]
    return 100.0 if leaf in SHARES.get(question, ()) else float(leaf in PERCENTAGES.get(question, ()))
