"""The cleaning rules and their thresholds."""
