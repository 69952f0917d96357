"""What a table's columns are called when a reader sees them."""

from __future__ import annotations

from mangetamain.language import N_

COLUMNS: dict[str, str] = {
    "year": N_("Year"),
    "n": N_("Count"),
    "month_sd": N_("Standard deviation of its months"),
    "partial": N_("Partial year"),
    "thin": N_("Thin"),
    "mean": N_("Mean"),
    "sd": N_("Standard deviation"),
    "median": N_("Median"),
    "trimmed": N_("Trimmed mean"),
    "centre": N_("Centre"),
    "se": N_("Standard error"),
    "low": N_("Low"),
    "high": N_("High"),
}
