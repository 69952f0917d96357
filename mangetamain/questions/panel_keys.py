"""The key of a panel, in an address, a report and a comparison: its question's name, numbered where asked again."""

from __future__ import annotations

from collections.abc import Collection


def key_for(question: str, taken: Collection[str]) -> str:
    """Return the key of the next panel of a notebook that asks a question; the second of its like ends in ``-2``."""
    twins = sum(question_of(key) == question for key in taken)
    return f"{question}-{twins + 1}" if twins else question


def question_of(key: str) -> str:
    """Return the name of the question that a panel asks."""
    return key.partition("-")[0]
