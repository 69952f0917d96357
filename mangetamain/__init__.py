"""Twenty years of home cooking on Food.com: did it become simpler, lighter and better liked?"""

from __future__ import annotations

import difflib
import importlib
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mangetamain import measures, questions
    from mangetamain.connection import connect
    from mangetamain.errors import BadInput, NoWarehouse
    from mangetamain.panels.panel import panel
    from mangetamain.questions.contrast import contrast
    from mangetamain.questions.cycle import cycle
    from mangetamain.questions.distribution import distribution
    from mangetamain.questions.diversity import diversity
    from mangetamain.questions.level import level
    from mangetamain.questions.profile import profile
    from mangetamain.questions.relation import relation
    from mangetamain.questions.term_changes import term_changes
    from mangetamain.questions.term_contrast import term_contrast
    from mangetamain.questions.term_curve import term_curve
    from mangetamain.questions.term_levels import term_levels
    from mangetamain.questions.terms import terms
    from mangetamain.questions.volume import volume

# What is logged goes where a program of ours, or of the user's, sends it, and nowhere else.
logging.getLogger(__name__).addHandler(logging.NullHandler())
__version__ = "0.1.0"
__all__ = [
    "BadInput",
    "NoWarehouse",
    "connect",
    "contrast",
    "cycle",
    "distribution",
    "diversity",
    "level",
    "measures",
    "panel",
    "profile",
    "questions",
    "relation",
    "term_changes",
    "term_contrast",
    "term_curve",
    "term_levels",
    "terms",
    "volume",
]
# Where what is no question is found.
HOMES = {"BadInput": "errors", "NoWarehouse": "errors", "connect": "connection", "panel": "panels.panel"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a name of __all__
    """Import what a notebook asks for when it asks: the command line needs none of it to print its help."""
    if name not in __all__:
        near = difflib.get_close_matches(name, __all__, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise AttributeError(f"module 'mangetamain' has no attribute {name!r}{hint}", name=name)
    if name in ("measures", "questions"):  # modules that show what they hold
        return importlib.import_module(f"mangetamain.{name}")
    home = HOMES.get(name, "questions")
    # The questions' files are called as the questions are; the name must stay the question's.
    value = globals()[name] = getattr(importlib.import_module(f"mangetamain.{home}"), name)
    return value


def __dir__() -> list[str]:
    """Offer what a notebook asks for, and nothing of how it comes there."""
    return __all__
