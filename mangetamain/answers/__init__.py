"""Answers: what they hold, how they are kept, and how their values are written."""
