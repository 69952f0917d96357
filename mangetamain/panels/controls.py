"""A control for each kind of parameter."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from mangetamain.language import say
from mangetamain.parameters import Choice, Kind, Selection, Span, Switch, Words


def control(kind: Kind, value: Any) -> widgets.ValueWidget:  # noqa: ANN401 - each kind has its own type
    """Make the control of a parameter; a value comes when the reader lets go, not at each step."""
    # ipywidgets (8.1) has no throttle: each step of a slider would be answered, one after the other.
    match kind:
        case Span():
            return widgets.IntRangeSlider(value=value, min=kind.first, max=kind.last, continuous_update=False)
        case Switch():
            return widgets.Checkbox(value=value, indent=False)
        case Words() | Selection():
            return widgets.Text(value=kind.text(value), continuous_update=False)
        case Choice():
            return widgets.Dropdown(options=list(kind.values), value=value)
    raise TypeError(kind)


def relabel(widget: widgets.ValueWidget, kind: Kind, lang: str) -> None:
    """Write a control's texts in a language; its value stays."""
    widget.description = say(kind.label).render(lang)
    if isinstance(kind, Choice):
        options = [(say(label).render(lang), name) for name, label in kind.values.items()]
        if list(widget.options) != options:
            # New options put the first one's value in place of the old.
            value, widget.options = widget.value, options
            widget.value = value
