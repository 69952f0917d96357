"""Measures of speed, memory and page cost, as ratios to a reference in the same run."""
