"""What can be counted, by which cut of time, and the parameter types made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from mangetamain.calendars import CALENDARS, PERIODS
from mangetamain.language import N_
from mangetamain.measures import Effect
from mangetamain.parameters import Choice


@dataclass(frozen=True)
class Volume:
    """One thing that can be counted.

    Parameters
    ----------
    view
        Whose rows it is counted on.
    label, subject, axis
        Label for a control, noun phrase that opens a sentence, title of an axis.
    daily
        Title of the axis of a number a day.
    person
        The column of the people that are counted, each once in a year or month, and once a day where days are counted;
        without it, the rows are.
    """

    view: Literal["recipes", "reviews"]
    label: str
    subject: str
    axis: str
    daily: str
    person: str = ""


VOLUMES: dict[str, Volume] = {
    "recipes": Volume(
        "recipes", N_("Recipes"), N_("The number of recipes posted"), N_("Recipes posted"), N_("Recipes posted a day"),
    ),
    "reviews": Volume(
        "reviews", N_("Reviews"), N_("The number of reviews written"), N_("Reviews written"),
        N_("Reviews written a day"),
    ),
    "cooks": Volume(
        "recipes", N_("Cooks"), N_("The number of cooks who posted"), N_("Cooks who posted"),
        N_("Cooks who post a day"), "contributor_id",
    ),
    "reviewers": Volume(
        "reviews", N_("Reviewers"), N_("The number of reviewers"), N_("People who reviewed"),
        N_("People who review a day"), "user_code",
    ),
}  # fmt: skip
# What is counted day by day through the year, by a name that no measure has.
DAILY = {"recipes_posted": "recipes", "reviews_written": "reviews"}
SMALLEST = Effect(0.10, N_("one day’s worth in ten more or less"))

Counted = Annotated[str, Choice(N_("Count"), {name: row.label for name, row in VOLUMES.items()})]
Cut = Annotated[str, Choice(N_("By"), {name: row.label for name, row in {**PERIODS, **CALENDARS}.items()})]
