"""Figures as they are handed to plotly, which makes links, bold type, formulas and templates of what texts hold."""

from __future__ import annotations

from collections import Counter
from typing import Any

from mangetamain.charts import MOST_CHARACTERS, Spec, changed
from mangetamain.safe_text import shortened, visible

# Whose values are plotly's own language or packed numbers; a question puts no text of the data there.
SYNTAX = ("hovertemplate", "texttemplate", "bdata")
# Whose lines stay lines; other texts name places, and are told apart.
LINES = ("ticktext", "text")
# What plotly makes markup, a template or a formula of; as an entity it is drawn as it is.
ENTITIES = str.maketrans({char: f"&#{ord(char)};" for char in "&<>{}$"})


def drawn(spec: Spec) -> Spec:
    """Return a figure as it is handed to plotly: whatever a text holds, it is drawn and never obeyed.

    Here is the one place where each text of a figure, whatever question drew it, is cut where it is too long, made
    visible and escaped. Lines of a text stay lines.
    """
    labels = Labels()

    def harmless(value: Any, key: str) -> Any:  # noqa: ANN401 - JSON
        if not isinstance(value, str) or key in SYNTAX:
            return value
        return "<br>".join(map(escaped, value.split("\n"))) if key in LINES else labels[value]

    safe: Spec = changed(spec, harmless)
    return safe


class Labels(dict[str, str]):
    """The texts of a figure as they are drawn; two that are cut to the same are told apart, as they name places."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def __missing__(self, text: str) -> str:
        label = escaped(text)
        self.counts[label] += 1
        self[text] = label if self.counts[label] == 1 else f"{label} ({self.counts[label]})"
        return self[text]


def escaped(text: str) -> str:
    """Return a text that plotly draws letter by letter, cut where it is too long."""
    return shortened(visible(text), MOST_CHARACTERS).translate(ENTITIES)
