"""Where a figure comes from: what stands below it once it leaves the page."""

from __future__ import annotations

from collections.abc import Mapping

from mangetamain.language import Message, plural, say
from mangetamain.measures import MEASURES
from mangetamain.volumes import VOLUMES
from mangetamain.warehouse.info import SYNTHETIC

COUNTS = {
    "recipes": plural("{n} recipe", "{n} recipes"),
    "reviews": plural("{n} review", "{n} reviews"),
}


def source(parameters: Mapping[str, str], n: int, *, synthetic: bool) -> Message:
    """Say whose data a figure shows, of which years and of how many; data that are made up are nobody's."""
    origin = say(SYNTHETIC) if synthetic else "Food.com"
    said = say("{origin}, {years}", origin=origin, years=parameters["years"])
    of = parameters.get("of", "")
    # Two selections may hold the same recipes, and a list of terms counts terms.
    if (counted := MEASURES.get(of) or VOLUMES.get(of)) and not (parameters.get("against") or "kind" in parameters):
        said = say("{source}; {count}", source=said, count=say(COUNTS[counted.view], n=n))
    return said
